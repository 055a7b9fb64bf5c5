"""Looking inside data and models: what samplers add, how training goes, what predictions rest on."""

from ._gradient_flow import gradient_flow
from ._gradient_flow_display import GradientFlowDisplay
from ._network_summary import network_summary
from ._resampling_display import ResamplingDisplay
from ._step_importance import step_importance
from ._step_importance_display import StepImportanceDisplay
from ._training_history_display import TrainingHistoryDisplay

__all__ = [
    "GradientFlowDisplay",
    "ResamplingDisplay",
    "StepImportanceDisplay",
    "TrainingHistoryDisplay",
    "gradient_flow",
    "network_summary",
    "step_importance",
]
