"""Validation data: those given to fit, or a part of the training data that early stopping holds out."""

import copy
from contextlib import contextmanager

import numpy as np
from sklearn.metrics import check_scoring

from skseq._hold_out import hold_out, warn_of_uneven
from skseq._row_selection import take_rows
from skseq.training import HOLD_OUT_ROWS, Validation, all_places


def validation_data(estimator, data, prepared, given, continued):
    """Return the rows to train on, None for all, and the :class:`Validation` data, None for none.

    Parameters
    ----------
    estimator : BaseSequenceEstimator
        In a fit, its network built.
    data : tuple of (X, y, sample_weight)
        As given to fit.
    prepared : tuple of (Sequences, targets, weights)
        The same, as the network is trained on them.
    given : tuple of (X_val, y_val, sample_weight_val)
        All None if the data are to be held out.
    continued : bool
        Whether the network has been trained before. With ``early_stopping="auto"`` nothing is held out then, since it
        may have been trained on it.
    """
    X_val, y_val, sample_weight_val = given
    if X_val is not None:
        with _naming_validation_data():
            read = estimator._read_validation(X_val, y_val, sample_weight_val)
        return None, Validation(*read, _score_of(estimator, *given), steers=estimator._validates() is not None)
    for name, value in (("y_val", y_val), ("sample_weight_val", sample_weight_val)):
        if value is not None:
            raise ValueError(f"{name} was given without X_val. Give X_val as well, or neither of them.")
    purpose, n = estimator._validates(), len(prepared[0])
    if purpose is None or (purpose == "choose" and (continued or n < HOLD_OUT_ROWS)):
        return None, None
    return _held_out(estimator, data, *prepared)


def _held_out(estimator, data, sequences, targets, weights):
    network, n = estimator._trainer.network, len(sequences)
    codes = estimator._strata(targets)
    rows, held, uneven = hold_out(n, estimator.validation_fraction, codes, estimator._trainer.random_state)
    if uneven:
        warn_of_uneven(n, held, codes, estimator.validation_fraction)
    if not len(held):
        return None, None
    places = all_places(network, sequences, held)
    raw = [None] * 3
    if estimator.scoring != "loss":
        used = held if len(sequences) == _length(data) else np.flatnonzero(data[2])[held]  # others weigh nothing
        raw = [take_rows(part, used) for part in data]
    return rows, Validation(sequences.take(held), targets[places], weights[places], _score_of(estimator, *raw))


def _length(data):
    X = data[0]
    return X.shape[0] if hasattr(X, "shape") else len(X)


def _score_of(estimator, X, y, sample_weight):
    """Return a function of the number of epochs that scores the network as it is, None for ``scoring="loss"``."""
    if isinstance(estimator.scoring, str) and estimator.scoring == "loss":
        return None
    scorer = estimator._scorer(check_scoring(estimator, estimator.scoring))
    weights = {} if sample_weight is None else {"sample_weight": sample_weight}
    trainer = estimator._trainer

    def score(epoch):
        now = copy.copy(estimator)
        now._publish(trainer, epoch)
        value = float(scorer(now, X, y, **weights))
        if not np.isfinite(value):
            raise ValueError(
                f"scoring={estimator.scoring!r} gave {value} for the {_length((X,))} validation sequences after epoch "
                f"{epoch}. Give validation data with every class, or another scoring."
            )
        return value

    return score


@contextmanager
def _naming_validation_data():
    """Let errors of reading X, y and ``sample_weight`` name X_val, y_val and ``sample_weight_val``."""
    try:
        yield
    except (TypeError, ValueError) as error:
        kind = TypeError if isinstance(error, TypeError) else ValueError
        raise kind(
            f"The validation data (X_val as X, y_val as y, sample_weight_val as sample_weight) are not valid: {error}"
        ) from error
