"""Looking inside data and models: what samplers add, how training goes, what predictions rest on."""

from ._gradient_flow import gradient_flow
from ._gradient_flow_display import GradientFlowDisplay
from ._resampling_display import ResamplingDisplay
from ._step_importance import step_importance
from ._step_importance_display import StepImportanceDisplay

__all__ = [
    "GradientFlowDisplay",
    "ResamplingDisplay",
    "StepImportanceDisplay",
    "gradient_flow",
    "step_importance",
]
