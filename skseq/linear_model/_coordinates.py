"""The coordinates that the objective is minimised in, where it curves alike in every direction."""

import numpy as np
from scipy.linalg import LinAlgError, cholesky, solve_triangular

from ._moments import weighted_gram

#: Up to this many columns one pass for their covariances costs less than the iterations that it saves.
MAX_WHITENED = 1000

#: So many rows of each class for each column tell enough of the covariances.
ROWS_OF_A_CLASS = 3

#: A column that has less than this part of its curvature in those rows is taken to go along with no other.
SEEN = 0.25

#: What is added to the curvature, in columns scaled to a curvature of one, so that columns that repeat each other do
#: not make it singular, and rounding does not decide which way to go along them.
REPEATED = 1e-12


def curvature_of(objective):
    """Return the largest p (1 - p) of the classes' parts p of the weights."""
    parts = objective.class_priors
    return (parts * (1.0 - parts)).max()


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
    mean : ndarray of shape (d,)
        Of the columns; zero without an intercept.
    unit : ndarray of shape (d,)
        One over the square root of the diagonal; 0 for columns whose coefficient has no effect on the
        objective.
    mix : ndarray of shape (d, d) or None
        Inverse of the Cholesky factor of the matrix in these units.

    Attributes
    ----------
    rough : WhitenedCoordinates
        Those of an objective whose curvature is near and costs less; itself if there is none.
    is_coarse : bool
        The minimum of the objective is not the one that is looked for, only near it.
    """

    def __init__(self, objective, fit_intercept, mean, unit, mix=None):
        self.objective, self.fit_intercept = objective, fit_intercept
        self.mean, self.unit, self.mix = mean, unit, mix
        self.intercept_unit = 1.0 / np.sqrt(curvature_of(objective))
        self.shape = (objective.n_rows_coef, len(mean))
        self.rough, self.is_coarse = self, False
        K, d = self.shape
        #: What a Hessian and its factor cost in passes for the gradient, as measured for 2 to 20 classes, d up to 400.
        self.hessian_passes = (K + 1) * (1.25 + d / 80) + (K * d) ** 2 / (5 * len(objective.codes))
        #: How much a value of the objective may be wrong, relative to itself.
        self.resolution = 50 * np.finfo(objective.rows.dtype).eps

    def whiten(self):
        """Set ``mix``, and return it; None if there are too many columns."""
        d = self.shape[1]
        if d > MAX_WHITENED:
            return None
        objective = self.objective
        weights = objective.sampled_weights(ROWS_OF_A_CLASS * (d + 1))
        gram = weighted_gram(objective.rows, lambda rows: weights[None, rows], self.mean, self.unit)
        matrix = curvature_of(objective) * gram[0, :-1, :-1] + np.diag(self._penalties())
        diagonal = np.einsum("ii->i", matrix)
        diagonal[diagonal < SEEN] = 1.0
        try:
            self.mix = solve_triangular(cholesky(matrix, lower=True), np.eye(d), lower=True)
        except LinAlgError:
            self.mix = None
        return self.mix

    def _penalties(self):
        """Return the penalty of each scaled column, with what is added for those that repeat each other."""
        return (np.sqrt(self.objective.penalty) * self.unit) ** 2 + REPEATED

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

    def is_near(self, point, distance, tol):
        """Return whether a point is near enough to one at a distance, a flat vector.

        No coefficient, times the spread of its column, may differ by more than ``tol`` times the largest. A point of a
        coarse objective is always near enough.
        """
        return self.is_coarse or self._largest_coef(distance) <= tol * self._largest_coef(point)

    def _largest_coef(self, point):
        coef = point[: self.shape[0] * self.shape[1]].reshape(self.shape)
        return np.abs(coef if self.mix is None else coef @ self.mix).max()

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
        for k in range(K):
            hessian[k, :, k][np.arange(d), np.arange(d)] += self._penalties()
        hessian = np.einsum("ai,kilj,bj->kalb", change, hessian, change, optimize=True)
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
