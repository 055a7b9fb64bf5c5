"""Newton's method with conjugate gradients in a trust region, SciPy's."""

from scipy.optimize import minimize

from ._minimum import ROUNDING_GRADIENT, Minimum, largest

#: The first region in which conjugate gradients may go to the minimum of the quadratic model. In whitened coordinates
#: that model is a good one, so the region is wide.
TRUST_RADIUS = 100.0


def minimize_newton_cg(objective, start, tol, max_iter, report=None, curvature=None):
    """Minimise by truncated Newton steps.

    Parameters and result are those of :func:`~skseq.linear_model._quasi_newton.minimize_lbfgs`; what is known of the
    curvature does not matter here.
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
