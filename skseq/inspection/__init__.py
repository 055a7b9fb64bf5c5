"""Pictures of what happens to data and models on the way."""

from ._gradient_flow import gradient_flow
from ._gradient_flow_display import GradientFlowDisplay
from ._resampling_display import ResamplingDisplay

__all__ = ["GradientFlowDisplay", "ResamplingDisplay", "gradient_flow"]
