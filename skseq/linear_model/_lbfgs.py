"""L-BFGS, SciPy's, with a plain account of how it ended."""

from scipy.optimize import minimize

from ._minimum import ROUNDING_GRADIENT, Minimum, largest

#: Pairs of steps and gradient changes that stand in for the Hessian. More pairs save iterations; each costs
#: two products with a vector of all parameters an iteration.
MEMORY, MEMORY_OF_MANY = 30, 10
MANY_PARAMETERS = 10_000


def minimize_lbfgs(objective, start, tol, max_iter, report=None):
    """Minimise ``objective(point) -> value, gradient`` from ``start``.

    Parameters
    ----------
    objective : callable
    start : ndarray
    tol : float
        Stop when no entry of the gradient is larger.
    max_iter : int
    report : callable, default=None
        Called with the objective's value after each iteration.

    Returns
    -------
    Minimum
    """
    result = minimize(
        objective,
        start,
        jac=True,
        method="L-BFGS-B",
        callback=None if report is None else lambda intermediate_result: report(intermediate_result.fun),
        options={
            "gtol": tol,
            "ftol": 0.0,  # go on until the gradient is small, or the objective falls no more at all
            "maxiter": max_iter,
            "maxfun": 50 * max_iter,
            "maxls": 10,
            "maxcor": MEMORY if len(start) <= MANY_PARAMETERS else MEMORY_OF_MANY,
        },
    )
    norm = largest(result.jac)
    out_of_iterations = result.status == 1
    converged = norm <= tol or (not out_of_iterations and norm <= ROUNDING_GRADIENT)
    return Minimum(result.x, result.nit, norm, converged)
