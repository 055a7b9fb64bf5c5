"""From a sample of the rows in single precision to all of them in double: where a solver begins, and where it ends."""

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from ._coordinates import WhitenedCoordinates, curvature_of
from ._moments import column_moments, scaled_block
from ._quasi_newton import Curvature
from ._rows import PAYS, Rows

#: One row in so many is enough to come near the optimum, if each class has so many of them for each column; and more
#: than so many would come no nearer than the first step over all rows.
SAMPLE_SHARE, FEWEST, MOST = 16, 10, 1000
#: A mean is far from zero if it is more deviations away than this.
FAR = 1e3
#: The gradient to which the sample is minimised: its own optimum is no nearer to that of all rows.
SAMPLE_TOL = 1e-3


class Solver(NamedTuple):
    """A way to minimise.

    Attributes
    ----------
    minimize : callable
        Takes (objective, start, tol, max_iter, report, curvature) and returns a Minimum.
    single_tol : float
        The gradient that it reaches in single precision without being led astray by rounding.
    """

    minimize: Callable
    single_tol: float


def minimize_in_stages(objective, fit_intercept, solver, previous, *, tol, max_iter, report=None):
    """Minimise an objective stage by stage, each beginning where the one before has ended.

    Parameters
    ----------
    objective : WeightedLogLoss
        In float64.
    fit_intercept : bool
    solver : Solver
    previous : tuple of (coef, intercept) or None
        Where to begin, at once with all rows in float64; None begins with the coarsest stage.
    tol, max_iter, report
        As the solver takes them.

    Returns
    -------
    coef : ndarray of shape (1 or K, d)
    intercept : ndarray of shape (1 or K,)
    minimum : Minimum
        Its iterations are those over all rows.
    """
    moments = column_moments(objective.rows, objective.weights)
    shift = far_from_zero(objective, *moments) if fit_intercept else None
    if shift is not None:
        objective = objective.over(objective.rows.shifted(shift), objective.penalty)
        moments = column_moments(objective.rows, objective.weights)
    *coarse, (coordinates, _) = plan_stages(objective, fit_intercept, solver.single_tol, moments)
    point, n_iter = coordinates.start(), 0
    if previous is not None:
        coef, intercept = previous
        point, coarse = coordinates.point(coef, intercept if shift is None else intercept + coef @ shift), []
    curvature = Curvature()
    for stage, own_tol in coarse:
        minimum = solver.minimize(stage, point, max(tol / 2, own_tol), max_iter, None, curvature)
        point = minimum.point
        if stage.objective.rows.shape == objective.rows.shape:
            n_iter += minimum.n_iter
        else:
            curvature = Curvature()  # a sample teaches by its Hessian at its optimum, not by its steps
    minimum = solver.minimize(coordinates, point, tol, max(1, max_iter - n_iter), report, curvature)
    coef, intercept = coordinates.parameters(minimum.point)
    if shift is not None:
        intercept = intercept - coef @ shift
    return coef, intercept, replace(minimum, n_iter=n_iter + minimum.n_iter)


def far_from_zero(objective, mean, deviation):
    """Return what to subtract from the columns whose spread is small beside their mean; None if there are none.

    Of such columns sums lose the digits that tell the rows apart. The subtraction itself loses none, since a value
    and the mean differ by less than a factor of two.

    Parameters
    ----------
    objective : WeightedLogLoss
    mean, deviation : ndarray of shape (d,)
        Of the columns.

    Returns
    -------
    ndarray of shape (d,), or None
        The mean of each such column, and zero for all others.
    """
    far = (deviation > 0.0) & (np.abs(mean) > FAR * deviation)
    if not far.any():
        return None
    # Unstored values are zeros: a column that has them, in rows with weight, is not that far from zero.
    far &= objective.rows.stored_everywhere(objective.weights > 0.0)
    return np.where(far, mean, 0.0) if far.any() else None


def plan_stages(objective, fit_intercept, single_tol, moments=None):
    """Return [(coordinates, tol)] from coarse to fine, all of them with the same flat vector.

    The last one is the objective that was given, to be minimised to the end; those before it cost less and lead there.

    Parameters
    ----------
    objective : WeightedLogLoss
        In float64.
    fit_intercept : bool
    single_tol : float
        The gradient that the solver reaches in single precision.
    moments : tuple of (mean, deviation), optional
        Of the columns, if they have been computed.
    """
    mean, deviation = moments or column_moments(objective.rows, objective.weights)
    if not fit_intercept:
        deviation, mean = np.hypot(deviation, mean), np.zeros_like(mean)
    root = np.hypot(np.sqrt(curvature_of(objective)) * deviation, np.sqrt(objective.penalty))
    # One over a smaller number would overflow.
    unit = np.divide(1.0, root, out=np.zeros_like(root), where=root > 1e-305)
    stages = [(WhitenedCoordinates(objective, fit_intercept, mean, unit), 0.0)]
    n, d = objective.rows.shape
    if not objective.rows.is_sparse and n * d >= PAYS:
        stages.insert(0, (in_single_precision(objective, fit_intercept, mean, unit), single_tol))
    if n >= SAMPLE_SHARE * FEWEST * (d + 1):
        coarsest = stages[0][0]
        size = np.clip(n // (SAMPLE_SHARE * objective.n_classes), FEWEST * (d + 1), MOST * (d + 1))
        sample = coarsest.objective.sample(int(size))
        stages.insert(0, (WhitenedCoordinates(sample, fit_intercept, coarsest.mean, coarsest.unit), SAMPLE_TOL))
    rough = stages[0][0]
    mix = rough.whiten()
    # Coefficients of columns that nearly repeat each other are large, and so is what rounding does to them.
    spread = 1.0 if mix is None else np.linalg.norm(mix, axis=1).max()
    for coordinates, _ in stages:
        coordinates.mix, coordinates.rough, coordinates.is_coarse = mix, rough, True
    stages[-1][0].is_coarse = False
    return [(stage, tol and max(tol, np.finfo(np.float32).eps * spread)) for stage, tol in stages]


def in_single_precision(objective, fit_intercept, mean, unit):
    """Return the coordinates of the same objective in float32, on a copy of the rows that is centred and scaled.

    Scaled, since single precision leaves no digits to a spread that is small beside the mean.
    """
    scaled = np.empty(objective.rows.shape, dtype=np.float32)
    inverse = np.divide(1.0, unit, out=np.full_like(unit, np.inf), where=unit > 0.0)

    def write(rows, block):
        scaled[rows] = scaled_block(block, mean * unit, inverse)

    objective.rows.each(write)
    rows = Rows(scaled, objective.rows.crew, np.float32)
    single = objective.over(rows, (np.sqrt(objective.penalty) * unit) ** 2)
    return WhitenedCoordinates(single, fit_intercept, np.zeros_like(mean), np.ones_like(unit))
