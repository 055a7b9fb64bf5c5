"""Training: parameters, losses, optimizers, schedules, batches and the loop. Nothing here knows of scikit-learn."""

from ._batches import all_places, draw_batch, epoch_batches, prediction_batches, target_places, windows_of
from ._calibration import calibrate
from ._callbacks import Progress, progress
from ._cross_validation import cross_validate
from ._decoding import attend, decode
from ._diagnosis import diagnose
from ._epoch_choice import EpochChoice
from ._gradient_flow import gradient_norms
from ._integrated_gradients import integrated_gradients
from ._loop import (
    DivergenceError,
    Trainer,
    Validation,
    held_out_outputs,
    new_trainer,
    predict_outputs,
    predict_states,
)
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
from ._plan import (
    BATCHES,
    FOLDS,
    HOLD_OUT_ROWS,
    LEAST_BATCH,
    LEAST_ROWS,
    auto_batch_size,
    auto_epochs,
    stratified_folds,
)
from ._progress_bar import ProgressBar
from ._records import EpochRecord, History
from ._regression_losses import REGRESSION_LOSSES
from ._schedules import SCHEDULES
from ._stopping import EarlyStopping

__all__ = [
    "BATCHES",
    "FOLDS",
    "HOLD_OUT_ROWS",
    "LEAST_BATCH",
    "LEAST_ROWS",
    "OPTIMIZERS",
    "REGRESSION_LOSSES",
    "SCHEDULES",
    "SHORT",
    "STUCK_EPOCHS",
    "DivergenceError",
    "EarlyStopping",
    "EpochChoice",
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
    "auto_batch_size",
    "auto_epochs",
    "calibrate",
    "cross_validate",
    "decode",
    "diagnose",
    "draw_batch",
    "epoch_batches",
    "first_inputs",
    "gradient_norms",
    "guess_losses",
    "has_learnt_nothing",
    "has_not_moved",
    "held_out_outputs",
    "integrated_gradients",
    "is_above",
    "new_trainer",
    "predict_outputs",
    "predict_states",
    "prediction_batches",
    "progress",
    "still_falls",
    "stratified_folds",
    "target_places",
    "windows_of",
]
