"""Validation data that samplers leave alone: held out before the rows are resampled.

An estimator that stops early holds out a part of the rows it is given. If these were resampled, that part contains
copies and interpolations of training rows, so its loss falls as long as the training loss does.
Therefore the part is held out before the sampler and passed to the estimator as ``X_val`` and ``y_val``.
"""

from inspect import signature

import numpy as np
from sklearn import get_config
from sklearn.base import is_regressor
from sklearn.pipeline import Pipeline
from sklearn.utils import check_random_state

from skseq._hold_out import hold_out, warn_of_uneven
from skseq._resampling import is_absent, is_sampler
from skseq._row_selection import take_rows
from skseq._user_warnings import warn_user
from skseq._validation import check_labels
from skseq.sequences import holds_steps

#: Rows above which HistGradientBoosting with ``early_stopping="auto"`` stops early.
AUTO_ROWS = 10_000


def resampled_apart(estimator, X, y, params, resample_rows):
    """Resample all rows but those held out for ``estimator``.

    Parameters
    ----------
    estimator : estimator
        Fitted after the sampler.
    X, y
        As given to fit.
    params : dict
        Parameters of fit; entries of one value per row are cut to the rows that are resampled.
    resample_rows : callable
        Takes X, y and ``params`` and returns a tuple that begins with the resampled X and y.

    Returns
    -------
    resampled : tuple
        Of ``resample_rows``.
    validation : tuple of (X_val, y_val) or None
        None if the estimator holds out nothing, or takes no validation data, of which a warning informs.
    """
    if y is None or not hasattr(y, "__len__"):
        return resample_rows(X, y, params), None
    rows = _split(estimator, y, len(y))
    resampled = resample_rows(*_part(X, y, params, rows))
    if rows is None and (rows := _split(estimator, y, len(resampled[1]))):
        resampled = resample_rows(*_part(X, y, params, rows))  # only now are they enough for early_stopping="auto"
    if rows is None:
        return resampled, None
    return resampled, (take_rows(X, rows[1]), take_rows(y, rows[1]))


def fit_validated(estimator, X, y, params, validation):
    """Fit ``estimator``, with validation data (X_val, y_val) unless they are None."""
    if validation is None:
        return estimator.fit(X, y, **params)
    if not isinstance(estimator, Pipeline):
        return estimator.fit(X, y, **params, X_val=validation[0], y_val=validation[1])
    X_val, y_val = validation
    if len(estimator.steps) > 1:
        before = estimator[:-1]
        X, X_val = before.fit_transform(X, y), before.transform(X_val)
        estimator.steps[:-1] = before.steps  # clones, where they are cached
    fit_validated(estimator[-1], X, y, params, (X_val, y_val))
    return estimator


def _split(estimator, y, n_resampled):
    """Return (rows to train on, rows held out) where ``estimator`` would hold out a part of ``n_resampled`` rows."""
    stopping = [inner for inner in _estimators_in(estimator) if _holds_out(inner, n_resampled)]
    if not stopping:
        return None
    stopper = _receiver(estimator)
    if stopper is not stopping[0]:
        _warn(stopping[0])
        return None
    classless = is_regressor(stopper) or holds_steps(y)
    codes = None if classless else np.unique(check_labels(y, len(y)), return_inverse=True)[1]
    fraction = stopper.validation_fraction
    rows, held, uneven = hold_out(len(y), fraction, codes, check_random_state(stopper.random_state))
    if uneven:
        warn_of_uneven(len(y), held, codes, fraction)
    return (rows, held) if len(held) else None


def _part(X, y, params, rows):
    """Return X, y and ``params`` of the rows to train on."""
    if rows is None:
        return X, y, params
    n, rows = len(y), rows[0]
    cut = {name: take_rows(value, rows) if _is_by_row(value, n) else value for name, value in params.items()}
    return take_rows(X, rows), take_rows(y, rows), cut


def _is_by_row(value, n):
    shape = getattr(value, "shape", None)
    if shape is not None:
        return len(shape) > 0 and shape[0] == n
    return isinstance(value, (list, tuple)) and len(value) == n


def _estimators_in(estimator):
    if isinstance(estimator, type) or not hasattr(estimator, "get_params"):
        return []
    inner = estimator.get_params(deep=True).values()
    return [estimator, *(value for value in inner if hasattr(value, "fit") and not isinstance(value, type))]


def _holds_out(estimator, n):
    """Whether ``estimator`` holds out a part of the ``n`` rows given to its fit."""
    if getattr(estimator, "validation_fraction", None) is None:
        return False
    if not hasattr(estimator, "early_stopping"):  # GradientBoosting
        return getattr(estimator, "n_iter_no_change", None) is not None
    if hasattr(estimator, "_validates"):
        return estimator._validates() is not None
    if isinstance(estimator.early_stopping, str):
        return estimator.early_stopping == "auto" and n > AUTO_ROWS
    return bool(estimator.early_stopping)


def _receiver(estimator):
    """Return the estimator in ``estimator`` that :func:`fit_validated` gives the validation data to, None for none."""
    if isinstance(estimator, Pipeline):
        absent = any(is_absent(step) or is_sampler(step) for _, step in estimator.steps[-1:])
        if absent or any(is_sampler(step) for _, step in estimator.steps):
            return None
        return _receiver(estimator.steps[-1][1])
    if getattr(estimator, "_hands_on_fit_params", False):  # of skseq.compose
        inner = estimator.estimator
        return None if get_config()["enable_metadata_routing"] or isinstance(inner, Pipeline) else _receiver(inner)
    return estimator if hasattr(estimator, "fit") and "X_val" in signature(estimator.fit).parameters else None


def _warn(estimator):
    name = type(estimator).__name__
    switch = "early_stopping=False" if hasattr(estimator, "early_stopping") else "n_iter_no_change=None"
    warn_user(
        f"{name} holds out its validation data for early stopping after the sampler, so these are copies and neighbors "
        "of its training rows, and it stops far too late. An estimator whose fit takes X_val, as the networks of skseq "
        "and, from scikit-learn 1.7 on, HistGradientBoostingClassifier, gets rows that were held out before the "
        f"sampler. Use one of these as the last step, or set {switch} of {name}."
    )
