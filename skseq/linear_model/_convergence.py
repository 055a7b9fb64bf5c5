"""Saying that a fit has no optimum, or did not reach it, and what to do."""

import numpy as np
from sklearn.exceptions import ConvergenceWarning

from skseq._user_warnings import warn_user


def warn_unless_optimal(objective, coef, intercept, minimum, *, C, tol, max_iter):
    """Issue a ConvergenceWarning if the objective has no minimum, or the solver stopped before it.

    Parameters
    ----------
    objective : WeightedLogLoss
    coef : ndarray of shape (1 or K, d)
    intercept : ndarray of shape (1 or K,)
    minimum : Minimum
    C, tol, max_iter
        As the estimator has them.
    """
    account = (
        f"a gradient of {minimum.gradient_norm:.1e} after {minimum.n_iter} iterations "
        f"(tol={tol:g}, max_iter={max_iter})"
    )
    if np.isinf(C) and separates(objective, coef, intercept):
        message = (
            "A linear function separates the classes, so without a penalty (C=inf) there is no optimum: the "
            f"coefficients grow without end and stand where the solver stopped, at {account}. Set a finite C."
        )
    elif minimum.converged:
        return
    elif np.isinf(C):
        message = (
            f"The solver did not converge: it stopped at {account}. Set a finite C, since without a "
            "penalty (C=inf) the coefficients of separable classes grow without end. If the classes overlap, "
            "raise max_iter."
        )
    else:
        message = (
            f"The solver did not converge: it stopped at {account}. Raise max_iter; if that takes long, "
            "scale the data, drop columns that nearly repeat others, or lower C."
        )
    warn_user(message, ConvergenceWarning)


def separates(objective, coef, intercept):
    """Return whether each row of positive weight has its largest logit, alone, at its own class."""
    kept = objective.weights > 0
    codes = objective.codes[kept]
    logits = objective.rows.linear(coef, intercept)[:, kept]
    if len(coef) == 1:
        return bool((np.where(codes == 1, logits[0], -logits[0]) > 0).all())
    rows = np.arange(len(codes))
    own = logits[codes, rows]
    logits[codes, rows] = -np.inf
    return bool((own > logits.max(axis=0)).all())
