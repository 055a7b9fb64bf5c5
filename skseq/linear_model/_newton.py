"""Newton's method, for few parameters with a Cholesky factor, for many with conjugate gradients."""

import numpy as np
from scipy.linalg import LinAlgError, cho_factor, cho_solve
from scipy.optimize import minimize

from ._minimum import ROUNDING_GRADIENT, Minimum, largest

#: A Hessian is used again as long as each step with it makes the gradient smaller by this factor.
CONTRACTION = 0.5
#: The share of the slope that a step must gain (Armijo), and how often a step that does not is halved.
SUFFICIENT, HALVINGS = 1e-4, 40
#: What is added to the diagonal of a Hessian, relative to its mean, so that rounding does not make it singular.
RIDGE = 1e-14
#: Where the objective stands still within rounding, the gradient must fall below this part of itself.
STILL = 0.9
#: The first region in which conjugate gradients may go to the minimum of the quadratic model. In whitened coordinates
#: that model is a good one, so the region is wide.
TRUST_RADIUS = 100.0


def minimize_newton_cholesky(objective, start, tol, max_iter, report=None):
    """Minimise by Newton's method with a Cholesky factor, whose Hessian is used again as long as it serves.

    The first Hessian is a rough one, if the objective has that: one of all rows is taken only where it does not serve.

    Parameters
    ----------
    objective : WhitenedCoordinates
    start, tol, max_iter, report
        See :func:`~skseq.linear_model._lbfgs.minimize_lbfgs`.

    Returns
    -------
    Minimum
    """
    point = start
    value, gradient = objective(point)
    factor, fresh = _factor(objective.rough.hessian(point)), objective.rough is objective
    for n_iter in range(max_iter + 1):
        norm = largest(gradient)
        if norm <= tol or n_iter == max_iter:
            return Minimum(point, n_iter, norm, norm <= tol)
        found = _search(objective, point, value, gradient, -cho_solve(factor, gradient))
        if found is None and not fresh:
            factor, fresh = _factor(objective.hessian(point)), True
            found = _search(objective, point, value, gradient, -cho_solve(factor, gradient))
        if found is None:
            return Minimum(point, n_iter, norm, norm <= ROUNDING_GRADIENT)
        point, value, gradient = found
        fresh = False
        if report is not None:
            report(value)
        if tol < largest(gradient) > CONTRACTION * norm:
            factor, fresh = _factor(objective.hessian(point)), True
    raise AssertionError("unreachable")


def _search(objective, point, value, gradient, direction):
    """Return (point, value, gradient) of a step that lowers the objective enough, None if there is none."""
    slope = float(gradient @ direction)
    if not slope < 0.0:
        return None
    step = 1.0
    for _ in range(HALVINGS):
        candidate = point + step * direction
        new_value, new_gradient = objective(candidate)
        # Near the minimum the objective stands still within rounding, while the gradient still tells.
        resolved = abs(new_value - value) > objective.resolution * abs(value)
        lower = resolved and new_value <= value + SUFFICIENT * step * slope
        if lower or (not resolved and largest(new_gradient) < STILL * largest(gradient)):
            return candidate, new_value, new_gradient
        if not resolved:
            return None
        step /= 2
    return None


def _factor(hessian):
    """Return a Cholesky factor of a Hessian that is definite, or becomes so by what is added."""
    ridge = RIDGE * np.trace(hessian) / len(hessian)
    while True:
        try:
            return cho_factor(hessian + ridge * np.eye(len(hessian)), lower=True)
        except LinAlgError:
            ridge *= 100


def minimize_newton_cg(objective, start, tol, max_iter, report=None):
    """Minimise by Newton's method with conjugate gradients in a trust region, SciPy's.

    Parameters and result are those of :func:`minimize_newton_cholesky`.
    """
    products = {}

    def hessian_product(point, direction):
        key = point.tobytes()
        if key not in products:
            products.clear()
            products[key] = objective.hessian_product(point)
        return products[key](direction)

    result = minimize(
        objective,
        start,
        jac=True,
        hessp=hessian_product,
        method="trust-ncg",
        callback=None if report is None else lambda intermediate_result: report(intermediate_result.fun),
        # SciPy compares the gradient's length, here its largest entry counts.
        options={"gtol": tol, "maxiter": max_iter, "initial_trust_radius": TRUST_RADIUS, "max_trust_radius": 1e6},
    )
    norm = largest(result.jac)
    return Minimum(result.x, result.nit, norm, norm <= tol or (result.status != 1 and norm <= ROUNDING_GRADIENT))
