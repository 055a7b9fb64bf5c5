"""The coordinates that the objective is minimised in, where it curves alike in every direction."""

import copy

import numpy as np
from scipy.linalg import LinAlgError, cholesky, solve_triangular

from ._moments import column_moments, weighted_gram

#: Up to this many columns one pass for their covariances costs less than the iterations that it saves.
MAX_WHITENED = 1000

#: What is added to the curvature, in columns scaled to a curvature of one, so that columns that repeat each other do not
#: make it singular, and rounding does not decide which way to go along them.
REPEATED = 1e-12


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
    sample : WeightedLogLoss, optional
        The objective of a part of the rows, whose curvature serves in place of that of all.

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

    def __init__(self, objective, fit_intercept, sample=None):
        self.objective, self.fit_intercept, self.sample = objective, fit_intercept, sample
        mean, deviation, largest = column_moments(objective.rows, objective.weights)
        if not fit_intercept:
            deviation, mean = np.hypot(deviation, mean), np.zeros_like(mean)
        # A spread within rounding of the values themselves is none.
        deviation[deviation <= 8 * np.finfo(np.float64).eps * largest] = 0.0
        parts = objective.class_priors
        curvature = (parts * (1.0 - parts)).max()
        root = np.hypot(np.sqrt(curvature) * deviation, np.sqrt(objective.l2))
        self.mean, self.curvature = mean, curvature
        # One over a smaller number would overflow.
        self.unit = np.divide(1.0, root, out=np.zeros_like(root), where=root > 1e-305)
        self.intercept_unit = 1.0 / np.sqrt(curvature)
        self.mix = self._mix() if len(mean) <= MAX_WHITENED else None
        self.shape = (objective.n_rows_coef, len(mean))

    def of_sample(self):
        """Return the same coordinates for the objective of the sample."""
        coordinates = copy.copy(self)
        coordinates.objective, coordinates.sample = self.sample, None
        return coordinates

    def _mix(self):
        objective = self.sample or self.objective
        gram = weighted_gram(objective.rows, lambda rows: objective.weights[None, rows], self.mean, self.unit)
        matrix = self.curvature * gram[0, :-1, :-1]
        matrix[np.diag_indices_from(matrix)] += (np.sqrt(self.objective.l2) * self.unit) ** 2 + REPEATED
        matrix[self.unit == 0.0, self.unit == 0.0] = 1.0
        try:
            factor = cholesky(matrix, lower=True)
        except LinAlgError:
            return None
        return solve_triangular(factor, np.eye(len(factor)), lower=True)

    def start(self):
        """Return the point of coefficients zero and the intercept that fits the classes' parts."""
        logs = np.log(self.objective.class_priors)
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
        value, *gradients = self.objective(*self.parameters(point))
        return value, self._back(*gradients)

    def _back(self, coef_gradient, intercept_gradient):
        """Return the gradient by the flat vector, given those by coefficients and intercept."""
        if self.fit_intercept:
            coef_gradient = coef_gradient - np.outer(intercept_gradient, self.mean)
        coef_gradient = coef_gradient * self.unit
        if self.mix is not None:
            coef_gradient = coef_gradient @ self.mix.T
        if not self.fit_intercept:
            return coef_gradient.ravel()
        return np.concatenate([coef_gradient.ravel(), intercept_gradient * self.intercept_unit])

    def hessian(self, point):
        """Return the matrix of second derivatives, made definite.

        Adding the same to the logits of all classes of a softmax changes nothing. In these directions the matrix is
        set to one: no gradient has a part in them, and no step that follows from one.
        """
        objective, (K, d) = self.objective, self.shape
        p = objective.probabilities(*self.parameters(point))
        hessian = objective.hessian(p, self.mean, self.unit)
        change = np.eye(d + 1)
        change[:d, :d] = np.eye(d) if self.mix is None else self.mix
        change[d, d] = self.intercept_unit
        hessian = np.einsum("ai,kilj,bj->kalb", change, hessian, change, optimize=True)
        mix = change[:d, :d]
        penalty = (mix * ((np.sqrt(objective.l2) * self.unit) ** 2 + REPEATED)) @ mix.T
        for k in range(K):
            hessian[k, :d, k, :d] += penalty
        if K > 1:
            hessian += np.eye(d + 1)[:, None] / K
        n_coef = K * d
        order = np.r_[np.arange(K * (d + 1)).reshape(K, d + 1)[:, :d].ravel(), np.arange(K) * (d + 1) + d]
        order = order if self.fit_intercept else order[:n_coef]
        return hessian.reshape(K * (d + 1), -1)[np.ix_(order, order)]

    def hessian_product(self, point):
        """Return a function that multiplies a flat vector by the Hessian at ``point``."""
        p = self.objective.probabilities(*self.parameters(point))

        def product(direction):
            return self._back(*self.objective.hessian_product(p, *self.parameters(direction)))

        return product
