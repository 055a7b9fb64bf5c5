"""The objective of the class-weighted logistic regression."""

from copy import copy

import numpy as np

from ._losses import binary_loss, softmax_loss
from ._moments import weighted_gram
from ._rows import block_logits, columns_of


class WeightedLogLoss:
    """Mean weighted log loss plus the penalty: sum_i s_i l_i / S + penalty / 2 ||coef||^2, with S = sum_i s_i.

    Times S C it is the objective of scikit-learn's LogisticRegression for a penalty of 1 / (C S). The intercept is
    not penalised.

    Parameters
    ----------
    rows : Rows
        X of shape (n, d).
    codes : ndarray of shape (n,), integers
        Each row's class, 0 to K - 1.
    weights : ndarray of shape (n,), float64
        s_i, the sample weight times the class weight, with a positive sum for each class.
    n_classes : int
        K. Two classes share one row of coefficients.
    penalty : float or ndarray of shape (d,), default=0.0
        Of all coefficients, or of those of each column.
    """

    def __init__(self, rows, codes, weights, n_classes, penalty=0.0):
        self.codes, self.weights = codes, weights / weights.sum()
        self.n_classes = n_classes
        self.n_rows_coef = 1 if n_classes == 2 else n_classes
        #: Each class's part of the weights, shape (K,).
        self.class_priors = np.bincount(codes, weights=self.weights, minlength=n_classes)
        self._read(rows, penalty)

    def _read(self, rows, penalty):
        self.rows, self.penalty = rows, penalty
        self._weights = self.weights.astype(rows.dtype, copy=False)
        self._signs = self.codes.astype(rows.dtype)
        self._signs *= 2.0
        self._signs -= 1.0

    def over(self, rows, penalty):
        """Return the objective over other values of the same rows, with another penalty."""
        other = copy(self)
        other._read(rows, penalty)
        return other

    def sample(self, size):
        """Return the objective over some rows, with the same penalty and parts of the classes.

        Parameters
        ----------
        size : int
            About so many rows of each class are taken, at equal distances; all of a class that has fewer.
        """
        weights = self.sampled_weights(size)
        taken = np.flatnonzero(weights)
        return WeightedLogLoss(self.rows.take(taken), self.codes[taken], weights[taken], self.n_classes, self.penalty)

    def sampled_weights(self, size):
        """Return the weights (n,) of the rows in a sample, zero for the others; each class keeps its sum."""
        weights = np.zeros(len(self.codes))
        for code in range(self.n_classes):
            members = np.flatnonzero((self.codes == code) & (self.weights > 0.0))
            own = members[:: max(1, len(members) // size)]
            weights[own] = self.weights[own] * (self.class_priors[code] / self.weights[own].sum())
        return weights

    def __call__(self, coef, intercept, derivatives=None):
        """Return the value and its gradients.

        Parameters
        ----------
        coef : ndarray of shape (1 or K, d)
        intercept : ndarray of shape (1 or K,)
        derivatives : ndarray of shape (1 or K, n), optional
            Where to write the derivative of the loss by each logit.

        Returns
        -------
        value : float
        coef_gradient : ndarray of shape (1 or K, d)
        intercept_gradient : ndarray of shape (1 or K,)
        """

        def term(rows, block):
            logits = block_logits(block, coef, intercept)
            if self.n_classes == 2:
                value = binary_loss(logits[0], self._signs[rows], self._weights[rows])
            else:
                value = softmax_loss(logits, self.codes[rows], self._weights[rows])
            if derivatives is not None:
                derivatives[:, rows] = logits
            return [value, *columns_of(logits, block)]

        value, coef_gradient, intercept_gradient = self.rows.reduce(term, np.add, np.add, np.add)
        pull = self.penalty * coef
        return value + 0.5 * float(np.vdot(pull, coef)), coef_gradient + pull, intercept_gradient

    def probabilities(self, coef, intercept):
        """Return p (1 or K, n) of each row: that of class 1 for two classes, else one a class."""
        p = np.empty((self.n_rows_coef, len(self.codes)), dtype=self.rows.dtype)
        self(coef, intercept, p)
        # The derivative by a logit is w (p - [this is the class of the row]).
        np.divide(p, self._weights, out=p, where=self._weights > 0.0)
        if self.n_classes == 2:
            p[0] += self.codes == 1
        else:
            p[self.codes, np.arange(len(self.codes))] += 1.0
        return np.clip(p, 0.0, 1.0, out=p)

    def hessian(self, p, mean, unit):
        """Return the second derivatives by the coefficients of the columns (x - mean) * unit and the intercepts.

        Of two classes the sum of w p (1 - p) z z^T, of more that of w (p_k [k = l] - p_k p_l) z z^T; without the
        penalty.

        Parameters
        ----------
        p : ndarray of shape (1 or K, n)
            From :meth:`probabilities`.
        mean, unit : ndarray of shape (d,)

        Returns
        -------
        ndarray of shape (1 or K, d + 1, 1 or K, d + 1)
        """
        K, d = self.n_rows_coef, len(unit)
        first, second = np.triu_indices(K)

        def weights(rows):
            others = np.where((first == second)[:, None], 1.0 - p[second, rows], p[second, rows])
            return self._weights[rows] * p[first, rows] * others

        hessian = np.empty((K, d + 1, K, d + 1))
        for k, j, gram in zip(first, second, weighted_gram(self.rows, weights, mean, unit)):
            hessian[k, :, j] = hessian[j, :, k] = gram if k == j else -gram
        return hessian

    def hessian_product(self, p, coef, intercept):
        """Return the product of the Hessian, penalty included, with a direction (coef, intercept).

        Parameters
        ----------
        p : ndarray of shape (1 or K, n)
            From :meth:`probabilities`.
        coef : ndarray of shape (1 or K, d)
        intercept : ndarray of shape (1 or K,)

        Returns
        -------
        of_coef : ndarray of shape (1 or K, d)
        of_intercept : ndarray of shape (1 or K,)
        """

        def term(rows, block):
            logits, own = block_logits(block, coef, intercept), p[:, rows]
            if len(own) == 1:
                logits *= 1.0 - own
            else:
                logits -= np.einsum("ki,ki->i", own, logits)
            logits *= own
            logits *= self._weights[rows]
            return columns_of(logits, block)

        of_coef, of_intercept = self.rows.reduce(term, np.add, np.add)
        return of_coef + self.penalty * coef, of_intercept


def penalty_of(C, total_weight):
    """Return the penalty that stands beside the mean loss for scikit-learn's C, which stands beside the sum."""
    # Beyond 1e290 the coefficients are zero whatever the penalty, and its square root must stay finite.
    with np.errstate(over="ignore"):
        return min(1.0 / C / total_weight, 1e290)
