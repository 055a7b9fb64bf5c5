"""How a training went: what the curves and the first layer show, as figures."""

from typing import NamedTuple

import numpy as np

#: Epochs below which a training is taken for short by intention, and nothing is concluded from its curves.
SHORT = 5

#: The loss still falls if its last tenth falls by more than this part of the mean fall, epoch by epoch,
FALLING = 0.5
#: by more than this part of the loss of the best constant outputs.
VISIBLE = 0.002

#: A training ended above a guess if its loss is this many times that of the best constant outputs.
ABOVE = 1.1

#: Losses that differ by less than this part of the loss of the best constant outputs have not moved.
UNMOVED = 0.02

#: A network has learnt nothing if its lowest loss in this number of epochs or more is this part of that loss.
STUCK_EPOCHS, NOTHING = 10, 0.98

#: Size of what a gate receives from X at the start above which it is saturated; the slope of tanh is 1e-17 there.
LARGE = 20.0
#: Size of its mean above which its variation is lost, if the mean is also this many times as large as the deviation.
FAR, FAR_RATIO = 4.0, 5.0

#: Steps that are looked at for that.
LOOKED_AT = 4096


#: Part of the loss of an untrained network below which that of constant outputs leaves nothing to learn.
SAME = 1e-3


class Fall(NamedTuple):
    """Mean losses of two successive parts of a training, the last ``epochs`` and as many before."""

    before: float
    after: float
    epochs: int


def still_falls(losses, unit):
    """Return the :class:`Fall` of a curve if it still falls at the end, else None.

    It does if over the last tenth of the epochs it fell by more than half of its mean fall per epoch, and by more than
    0.2 % of ``unit``. An exponential decay is at rest in this sense after 1.3 time constants, and a cosine schedule is
    at its end.

    Parameters
    ----------
    losses : list of float
        One per epoch.
    unit : float
        The loss of the best constant outputs, for example.
    """
    losses = np.array(losses)
    if len(losses) < SHORT:
        return None
    part = max(1, len(losses) // 10)
    fall = Fall(losses[-2 * part : -part].mean(), losses[-part:].mean(), part)
    late = fall.before - fall.after
    mean = (losses[0] - losses[-1]) / (len(losses) - 1)
    return fall if late / part > FALLING * mean and late > VISIBLE * unit else None


def is_above(records, best, loss):
    """Whether the weights after epoch ``best`` have a training loss clearly above ``loss``.

    The loss of an epoch is a mean over its course; the loss of the next epoch covers its end.
    """
    return min(record.loss for record in records[best - 1 : best + 1]) > ABOVE * loss


def has_learnt_nothing(records, constant):
    """Whether the training loss has never been below that of constant outputs by more than two percent."""
    return len(records) >= STUCK_EPOCHS and min(record.loss for record in records) > NOTHING * constant


def has_not_moved(records, constant):
    """Whether the training loss of all epochs is the same within two percent of that of constant outputs."""
    losses = [record.loss for record in records]
    return max(losses) - min(losses) < UNMOVED * constant


def guess_losses(trainer, targets, weights):
    """Return the mean loss of the best outputs that are the same for all, and that of an untrained network.

    None for both if the targets are (nearly) all the same, so that there is nothing to learn beyond them.
    """
    losses = [of(targets, weights, trainer.network.n_outputs) for of in (trainer.loss.constant, trainer.loss.guess)]
    constant, untrained = (loss / len(targets) for loss in losses)
    return (constant, max(constant, untrained)) if constant > SAME * untrained else (None, None)


class FirstInputs(NamedTuple):
    """What a unit of the first layer receives from X: root mean squares over the units.

    Attributes
    ----------
    mean, deviation : float
        Sizes of the mean over the steps and of the deviation from it.
    feature : int
        The feature that contributes most.
    feature_mean, feature_deviation : float
    """

    mean: float
    deviation: float
    feature: int
    feature_mean: float
    feature_deviation: float

    @property
    def saturated(self):
        """Whether the inputs are too large for gates, or their mean too large beside their deviation."""
        far = self.mean > FAR and self.mean > FAR_RATIO * self.deviation
        return far or np.hypot(self.mean, self.deviation) > LARGE


def first_inputs(trainer, sequences):
    """Return the :class:`FirstInputs` of a network, None if it reads tokens alone."""
    values, weights = _numbers_and_weights(trainer, sequences)
    if values is None or values.dtype.kind != "f":
        return None
    values = values[:: max(1, len(values) // LOOKED_AT)].astype(np.float64)
    largest = np.abs(values).max() or 1.0
    values /= largest  # so that nothing overflows
    means, deviations = values.mean(axis=0), values.std(axis=0)
    # Weights are independent at the start, so over many units correlations of the features do not matter.
    received = means @ weights, np.sqrt(deviations**2 @ weights**2)
    feature = int(np.argmax(np.hypot(means, deviations) * np.abs(weights).mean(axis=1)))
    sizes = [np.sqrt(np.mean(part**2)) for part in received]
    with np.errstate(over="ignore"):
        mean, deviation, of_feature, from_it = largest * np.array([*sizes, means[feature], deviations[feature]])
    return FirstInputs(float(mean), float(deviation), feature, float(of_feature), float(from_it))


def _numbers_and_weights(trainer, sequences):
    """Return what a network reads as numbers, and its weights (features, units)."""
    named = trainer.network.named_weights(trainer.parameters)
    if sequences.values.ndim == 1:
        return sequences.context, named.get("initial_0.weights")
    if "projection.weights" in named:
        return sequences.values, named["projection.weights"]
    layers = [name for name in named if name.startswith("layer_0.") and name.endswith(".input_weights")]
    return sequences.values, np.concatenate([named[name] for name in layers], axis=1)
