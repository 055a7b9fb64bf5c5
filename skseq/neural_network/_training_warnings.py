"""Warnings of a training that went wrong or ended too early: figure and cure."""

from contextlib import closing

from sklearn.exceptions import ConvergenceWarning

from skseq._user_warnings import warn_user
from skseq.exceptions import GradientWarning
from skseq.training import (
    SHORT,
    STUCK_EPOCHS,
    diagnose,
    first_inputs,
    guess_losses,
    has_learnt_nothing,
    has_not_moved,
    is_above,
    predict_outputs,
    still_falls,
)

SCALE = "scale the features of X, for example with EachStep(StandardScaler())"


def warn_of_saturation(estimator, trainer, sequences):
    """Warn if the features of X saturate a new network; return whether they do."""
    found = first_inputs(trainer, sequences)
    if found is None or not found.saturated:
        return False
    names = getattr(estimator, "feature_names_in_", ())
    feature = repr(names[found.feature]) if found.feature < len(names) else found.feature
    warn_user(
        "The features of X saturate the network from the start: its units receive inputs of mean size "
        f"{found.mean:.3g} and deviation {found.deviation:.3g}, where a mean near 0 and a deviation near 1 are usual. "
        f"Most of it comes from feature {feature}, whose mean is {found.feature_mean:.3g} and whose deviation is "
        f"{found.feature_deviation:.3g}. Scale the features, for example with EachStep(StandardScaler()).",
        ConvergenceWarning,
    )
    return True


def warn_of_outcome(estimator, trainer, data, first, best, planned, stopping):
    """Issue a warning if a fit has gone wrong or has ended too early: the first that applies.

    Parameters
    ----------
    estimator : BaseSequenceEstimator
    trainer : Trainer
        With the weights that are kept.
    data : tuple of (Sequences, targets, weights)
    first : int
        Number of epochs of earlier fits.
    best : int
        Epoch whose weights are kept.
    planned : int
        Largest number of epochs of this fit.
    stopping : EarlyStopping or None
    """
    message = diagnose(trainer, *data, first)
    if message is not None:
        warn_user(message, GradientWarning)
        return
    records = trainer.history.records[first:]
    constant, untrained = guess_losses(trainer, *data[1:])
    if len(records) < SHORT or constant is None:
        return
    only = _only_class(estimator, trainer, *data)
    also = "" if only is None else f" It predicts the class {only!r} for all training data."
    ended = len(records) == planned
    fall = still_falls([record.loss for record in records], constant) if ended and stopping is None else None
    # A training that is young or still falls may not have come to the loss of a guess yet.
    young = fall is not None or len(records) < STUCK_EPOCHS
    message = (
        _failure(trainer, records, best - first, constant, untrained, young, also)
        or (fall and _falling(fall, trainer, planned, also))
        or (ended and stopping is not None and _improving(stopping, records, constant, also))
        or (only is not None and _one_class(estimator, only))
    )
    if message:
        warn_user(message, ConvergenceWarning)


def _failure(trainer, records, best, constant, untrained, young, also):
    """Return how a training failed whose loss is not below that of constant outputs, or None."""
    bound = 2 * untrained if young else constant
    loss, rate = records[best - 1].loss, f"learning_rate_init={trainer.schedule.initial:.3g}"
    unmoved = has_not_moved(records, constant)
    above = is_above(records, best, bound)
    lowest = min(record.loss for record in records)
    if above and not unmoved and not is_above(records, best, min(1.1 * lowest, untrained)):  # on its way, but slow
        return (
            f"After {len(records)} epochs the loss is {loss:.3g}, still above the {constant:.3g} of a constant "
            f"prediction.{also} Raise max_iter, or {rate}."
        )
    if above and not unmoved:
        clip = "" if trainer.max_grad_norm is not None else "set max_grad_norm=1.0, "
        return (
            f"Training ended with a loss of {loss:.3g}, above the {constant:.3g} of a constant prediction.{also} Lower "
            f"{rate}, {clip}and {SCALE}."
        )
    if above or (not young and has_learnt_nothing(records, constant)):
        return (
            f"The network has learnt nothing in {len(records)} epochs: its loss is {loss:.3g}, that of a "
            f"constant prediction {constant:.3g}.{also} Raise {rate} or max_iter, and {SCALE}. If that does not help, "
            "X may hold no information about y."
        )
    return None


def _falling(fall, trainer, planned, also):
    return (
        f"The training loss still falls after max_iter={planned} epochs: from {fall.before:.3g} to {fall.after:.3g} in "
        f"the last {fall.epochs}.{also} Raise max_iter, or learning_rate_init={trainer.schedule.initial:.3g}."
    )


def _improving(stopping, records, constant, also):
    costs, what = [record.validation_loss for record in records], "loss was lowest"
    if stopping.by_score:
        costs, what = [-record.validation_score for record in records], "score was highest"
        constant = max(costs) - min(costs)
    if stopping.best_epoch != records[-1].epoch or not still_falls(costs, constant):
        return None
    return f"The validation {what} in the last of max_iter={len(records)} epochs.{also} Raise max_iter."


def _one_class(estimator, only):
    return (
        f"The network predicts the class {only!r} for all training data, though there are {len(estimator.classes_)} "
        "classes. If the others are rare, decide by costs with MinimumCostClassifier, or set class_weight='balanced'; "
        f"else raise max_iter or learning_rate_init, or {SCALE}."
    )


def _only_class(estimator, trainer, sequences, targets, weights):
    """Return the class that a classifier predicts for all training data, None if it predicts two or one is right."""
    if not hasattr(estimator, "classes_") or len(set(targets[weights > 0].tolist())) < 2:
        return None
    only = None
    with closing(predict_outputs(trainer.network, trainer.parameters, sequences)) as predicted:
        for places, outputs in predicted:
            logits = outputs.T[weights[places] > 0]
            codes = (estimator._correct(logits) if estimator.prior_correction else logits).argmax(axis=1)
            if len(codes) and only is None:
                only = codes[0]
            if (codes != only).any():
                return None  # as a rule after the first batch
    return estimator.classes_.tolist()[only]
