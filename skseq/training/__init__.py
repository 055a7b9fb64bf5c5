"""Training: parameters, losses, optimizers, schedules, batches and the loop. Nothing here knows of scikit-learn."""

from ._batches import all_places, draw_batch, epoch_batches, prediction_batches, target_places, windows_of
from ._callbacks import Progress, progress
from ._decoding import attend, decode
from ._diagnosis import diagnose
from ._gradient_flow import gradient_norms
from ._integrated_gradients import integrated_gradients
from ._loop import DivergenceError, Trainer, Validation, new_trainer, predict_outputs, predict_states
from ._losses import SequenceCrossEntropy, SoftmaxCrossEntropy
from ._optimizers import OPTIMIZERS
from ._outcome import (
    SHORT,
    STUCK_EPOCHS,
    first_inputs,
    guess_losses,
    has_learnt_nothing,
    has_not_moved,
    is_above,
    still_falls,
)
from ._parameters import Parameters
from ._progress_bar import ProgressBar
from ._records import EpochRecord, History
from ._regression_losses import REGRESSION_LOSSES
from ._schedules import SCHEDULES
from ._stopping import EarlyStopping

__all__ = [
    "OPTIMIZERS",
    "REGRESSION_LOSSES",
    "SCHEDULES",
    "SHORT",
    "STUCK_EPOCHS",
    "DivergenceError",
    "EarlyStopping",
    "EpochRecord",
    "History",
    "Parameters",
    "Progress",
    "ProgressBar",
    "SequenceCrossEntropy",
    "SoftmaxCrossEntropy",
    "Trainer",
    "Validation",
    "all_places",
    "attend",
    "decode",
    "diagnose",
    "draw_batch",
    "epoch_batches",
    "first_inputs",
    "gradient_norms",
    "guess_losses",
    "has_learnt_nothing",
    "has_not_moved",
    "integrated_gradients",
    "is_above",
    "new_trainer",
    "predict_outputs",
    "predict_states",
    "prediction_batches",
    "progress",
    "still_falls",
    "target_places",
    "windows_of",
]
