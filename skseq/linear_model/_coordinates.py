"""The coordinates that the objective is minimised in, where it curves alike in every direction."""

import numpy as np
from scipy.linalg import LinAlgError, cholesky, solve_triangular

from ._rows import column_moments, weighted_gram

#: Up to this many columns one pass for their covariances costs less than the iterations that it saves.
MAX_WHITENED = 1000


class WhitenedCoordinates:
    """Maps one flat vector to coefficients and intercept, and gradients back.

    The Hessian of the log loss is near c Cov(X) + l2 I, with c = p (1 - p) at the classes' parts p of the
    weights; for p = 1/2 it is bounded by that (Boehning & Lindsay 1988, "Monotonicity of
    quadratic-approximation algorithms", Annals of the Institute of Statistical Mathematics 40, pages
    641-663). The coordinates make this matrix the identity, or its diagonal one if X has more than
    ``MAX_WHITENED`` columns. X is centred and scaled in the algebra alone; the penalty stays on the original
    coefficients, so the minimum is where it was.

    Parameters
    ----------
    objective : WeightedLogLoss
    fit_intercept : bool

    Attributes
    ----------
    mean : ndarray of shape (d,)
        Of the columns; zero without an intercept.
    unit : ndarray of shape (d,)
        One over the square root of the diagonal; 0 for columns whose coefficient has no effect on the
        objective.
    mix : ndarray of shape (d, d) or None
        Inverse of the Cholesky factor of the matrix in these units.
    """

    def __init__(self, objective, fit_intercept):
        self.objective, self.fit_intercept = objective, fit_intercept
        mean, deviation, largest = column_moments(objective.X, objective.weights)
        if not fit_intercept:
            deviation, mean = np.hypot(deviation, mean), np.zeros_like(mean)
        # A spread within rounding of the values themselves is none.
        deviation[deviation <= 8 * np.finfo(np.float64).eps * largest] = 0.0
        parts = objective.class_priors()
        curvature = (parts * (1.0 - parts)).max()
        root = np.hypot(np.sqrt(curvature) * deviation, np.sqrt(objective.l2))
        self.mean = mean
        # One over a smaller number would overflow.
        self.unit = np.divide(1.0, root, out=np.zeros_like(root), where=root > 1e-305)
        self.intercept_unit = 1.0 / np.sqrt(curvature)
        self.mix = self._mix(curvature) if len(mean) <= MAX_WHITENED else None
        self.shape = (objective.n_rows_coef, len(mean))

    def _mix(self, curvature):
        matrix = curvature * weighted_gram(self.objective.X, self.objective.weights, self.mean, self.unit)
        # The diagonal is one; what is added keeps columns that repeat each other from making it singular.
        matrix[np.diag_indices_from(matrix)] += (np.sqrt(self.objective.l2) * self.unit) ** 2 + 1e-12
        matrix[self.unit == 0.0, self.unit == 0.0] = 1.0
        try:
            factor = cholesky(matrix, lower=True)
        except LinAlgError:
            return None
        return solve_triangular(factor, np.eye(len(factor)), lower=True)

    def start(self):
        """Return the point of coefficients zero and the intercept that fits the classes' parts."""
        logs = np.log(self.objective.class_priors())
        intercept = logs[1:] - logs[0] if self.shape[0] == 1 else logs - logs.mean()
        return self._flat(np.zeros(self.shape), intercept)

    def point(self, coef, intercept):
        """Return the flat vector of given coefficients and intercept."""
        scaled = np.divide(coef, self.unit, out=np.zeros(self.shape), where=self.unit > 0.0)
        if self.mix is not None:
            scaled = solve_triangular(self.mix, scaled.T, lower=True, trans="T").T
        return self._flat(scaled, intercept + coef @ self.mean)

    def _flat(self, scaled, centred):
        if not self.fit_intercept:
            return scaled.ravel()
        return np.concatenate([scaled.ravel(), centred / self.intercept_unit])

    def parameters(self, point):
        """Return the coefficients and the intercept of a flat vector."""
        n_rows, d = self.shape
        coef = point[: n_rows * d].reshape(self.shape)
        coef = (coef if self.mix is None else coef @ self.mix) * self.unit
        if not self.fit_intercept:
            return coef, np.zeros(n_rows)
        return coef, point[n_rows * d :] * self.intercept_unit - coef @ self.mean

    def __call__(self, point):
        """Return the objective and its gradient with respect to the flat vector."""
        value, coef_gradient, intercept_gradient = self.objective(*self.parameters(point))
        if self.fit_intercept:
            coef_gradient -= np.outer(intercept_gradient, self.mean)
        coef_gradient *= self.unit
        if self.mix is not None:
            coef_gradient = coef_gradient @ self.mix.T
        if not self.fit_intercept:
            return value, coef_gradient.ravel()
        return value, np.concatenate([coef_gradient.ravel(), intercept_gradient * self.intercept_unit])
