"""L-BFGS, and Newton's method with a Hessian that serves for many steps, since L-BFGS corrects it."""

from collections import deque

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from ._minimum import ROUNDING_GRADIENT, Minimum, largest

#: Pairs of steps and gradient changes that L-BFGS remembers. More pairs save iterations; each costs four passes over a
#: vector of all parameters an iteration.
MEMORY, MEMORY_OF_MANY = 30, 10
MANY_PARAMETERS = 10_000
#: The share of the slope that a step must gain (Armijo), and how often a step that does not is halved.
SUFFICIENT, HALVINGS = 1e-4, 40
#: Where the objective stands still within rounding, the slope must fall below this part of itself, and the gradient
#: below this part of the least one so far in so many steps.
STILL, PATIENCE = 0.9, 5
#: The way that is left at the end, relative to the tolerance; and the part of the tolerance below which the gradient is
#: small enough however long that way is.
NEAR, SURE = 2.0, 1e-3
#: What is added to the diagonal of a Hessian, relative to its mean, so that rounding does not make it singular.
RIDGE = 1e-14


class Curvature:
    """What a solver knows of the Hessian: the Cholesky factor of one, if any, and the pairs of L-BFGS since.

    Attributes
    ----------
    factor : tuple or None
        From :func:`scipy.linalg.cho_factor`. None stands for a multiple of the identity.
    pairs : deque of (step, change of the gradient, 1 / step @ change)
    """

    def __init__(self):
        self.factor, self.pairs = None, deque(maxlen=MEMORY)

    def is_unknown(self):
        """Return whether there is nothing but the identity."""
        return self.factor is None and not self.pairs

    def forget(self):
        """Begin anew with the identity."""
        self.factor = None
        self.pairs.clear()

    def take(self, hessian):
        """Begin anew with a Hessian, made definite if it is not."""
        self.factor = _factor(hessian)
        self.pairs.clear()

    def learn(self, step, change):
        """Remember how the gradient changed along a step."""
        if len(step) > MANY_PARAMETERS and len(self.pairs) == MEMORY_OF_MANY:
            self.pairs.popleft()
        product = float(step @ change)
        if product > 0.0:
            self.pairs.append((step, change, 1.0 / product))

    def solve(self, gradient):
        """Return the inverse of the Hessian times the gradient (Liu & Nocedal's two loops)."""
        result, parts = gradient.copy(), []
        for step, change, inverse in reversed(self.pairs):
            parts.append(inverse * (step @ result))
            result -= parts[-1] * change
        if self.factor is not None:
            result = cho_solve(self.factor, result, check_finite=False)
        elif self.pairs:
            step, change, inverse = self.pairs[-1]
            result /= inverse * (change @ change)
        for (step, change, inverse), part in zip(self.pairs, reversed(parts)):
            result += (part - inverse * (change @ result)) * step
        return result


def _factor(hessian):
    """Return a Cholesky factor of a Hessian that is definite, or becomes so by what is added."""
    # Where columns of huge means cancel, even the diagonal may be negative, or zero.
    ridge = RIDGE * (np.abs(np.diag(hessian)).mean() or 1.0)
    while True:
        try:
            return cho_factor(hessian + ridge * np.eye(len(hessian)), lower=True)
        except LinAlgError:
            ridge *= 100


def minimize_lbfgs(objective, start, tol, max_iter, report=None, curvature=None):
    """Minimise by L-BFGS.

    Parameters
    ----------
    objective : WhitenedCoordinates
    start : ndarray
    tol : float
        Stop when no entry of the gradient is larger.
    max_iter : int
    report : callable, default=None
        Called with the objective's value after each iteration.
    curvature : Curvature, default=None
        What is known already. The solver adds what it finds.

    Returns
    -------
    Minimum
    """
    return _minimize(objective, start, tol, max_iter, report, curvature or Curvature(), takes_hessians=False)


def minimize_newton_cholesky(objective, start, tol, max_iter, report=None, curvature=None):
    """Minimise by Newton's method, with a Hessian that serves, corrected by L-BFGS, as long as the gradient falls fast.

    A Hessian is taken when the steps since the last one, and those to come, cost more than it does. If nothing is known
    and the objective has a rough one, that comes first.

    Parameters and result are those of :func:`minimize_lbfgs`, but for the end: where the gradient is no larger than
    ``tol``, the minimum must be near as well, unless the gradient is far smaller.
    """
    curvature = curvature or Curvature()
    if objective.rough is not objective and curvature.is_unknown():
        curvature.take(objective.rough.hessian(start))
    return _minimize(objective, start, tol, max_iter, report, curvature, takes_hessians=True)


def _minimize(objective, point, tol, max_iter, report, curvature, takes_hessians):
    value, gradient = objective(point)
    norm = norm_then = largest(gradient)
    least_value, least_norm = value, norm
    passes = in_vain = 0  # passes since the last Hessian, steps without a gain that rounding does not explain
    for n_iter in range(max_iter + 1):
        done = _is_there(objective, point, gradient, norm, tol, curvature) if takes_hessians else norm <= tol
        if done or n_iter == max_iter:
            return Minimum(point, n_iter, norm, norm <= tol)
        found = None
        if not (takes_hessians and _is_slow(norm_then, norm, tol, passes, objective.hessian_passes)):
            found = _search(objective, point, value, gradient, curvature)
        if found is None and takes_hessians and (passes or curvature.is_unknown()):
            curvature.take(objective.hessian(point))
            norm_then, passes = norm, 0
            found = _search(objective, point, value, gradient, curvature)
        if found is None and not curvature.is_unknown():
            curvature.forget()
            found = _search(objective, point, value, gradient, curvature)
        if found is None or in_vain == PATIENCE:
            return Minimum(point, n_iter, norm, norm <= ROUNDING_GRADIENT)
        *found, tried = found
        curvature.learn(found[0] - point, found[2] - gradient)
        point, value, gradient = found
        norm, passes, in_vain = largest(gradient), passes + tried, in_vain + 1
        if norm < STILL * least_norm or value < least_value - objective.resolution * abs(least_value):
            least_value, least_norm, in_vain = value, min(norm, least_norm), 0
        if report is not None:
            report(value)
    raise AssertionError("unreachable")


def _is_there(objective, point, gradient, norm, tol, curvature):
    """Return whether the gradient is small and, by what is known of the curvature, the minimum near."""
    if norm > tol or norm <= SURE * tol:
        return norm <= tol
    return objective.is_near(point, curvature.solve(gradient), NEAR * tol)


def _is_slow(norm_then, norm, tol, passes, price):
    """Return whether the passes since the last Hessian, and those to come at their pace, cost more than a new one."""
    if passes < price:
        return False
    pace = np.log(norm_then / norm) / passes
    return pace <= 0.0 or np.log(norm / tol) / pace > price


def _search(objective, point, value, gradient, curvature):
    """Return (point, value, gradient, passes) of a step that lowers the objective enough, None if there is none."""
    direction = -curvature.solve(gradient)
    slope = float(gradient @ direction)
    if not slope < 0.0:
        return None
    step = 1.0
    for passes in range(1, HALVINGS + 1):
        candidate = point + step * direction
        new_value, new_gradient = objective(candidate)
        found = candidate, new_value, new_gradient, passes
        # Near the minimum the objective stands still within rounding, while the gradient still tells.
        if abs(new_value - value) <= objective.resolution * abs(value):
            return found if abs(new_gradient @ direction) < STILL * abs(slope) else None
        if new_value <= value + SUFFICIENT * step * slope:
            return found
        step /= 2.0
    return None
