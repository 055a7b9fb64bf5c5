"""The objective of the class-weighted logistic regression."""

import numpy as np

from ._losses import binary_loss, softmax_loss
from ._rows import block_logits, row_blocks


class WeightedLogLoss:
    """Mean weighted log loss plus the penalty: sum_i s_i l_i / S + l2 / 2 ||coef||^2, with S = sum_i s_i.

    Divided by S C it is the objective of scikit-learn's LogisticRegression for l2 = 1 / (C S). The intercept
    is not penalised.

    Parameters
    ----------
    X : ndarray or CSR of shape (n, d)
    codes : ndarray of shape (n,), integers
        Each row's class, 0 to K - 1.
    weights : ndarray of shape (n,), float64
        s_i, the sample weight times the class weight, with a positive sum for each class.
    n_classes : int
        K. Two classes share one row of coefficients.
    C : float
        Inverse strength of the penalty; inf for none.
    """

    def __init__(self, X, codes, weights, n_classes, C):
        total = weights.sum()
        self.X, self.codes, self.weights = X, codes, weights / total
        self.n_classes = n_classes
        self.n_rows_coef = 1 if n_classes == 2 else n_classes
        # Beyond 1e290 the coefficients are zero whatever the penalty, and its square root must stay finite.
        with np.errstate(over="ignore"):
            self.l2 = min(1.0 / C / total, 1e290)

    def class_priors(self):
        """Return each class's part of the weights, shape (K,)."""
        return np.bincount(self.codes, weights=self.weights, minlength=self.n_classes)

    def __call__(self, coef, intercept):
        """Return the value and its gradients.

        Parameters
        ----------
        coef : ndarray of shape (1 or K, d)
        intercept : ndarray of shape (1 or K,)

        Returns
        -------
        value : float
        coef_gradient : ndarray of shape (1 or K, d)
        intercept_gradient : ndarray of shape (1 or K,)
        """
        value, coef_gradient, intercept_gradient = 0.0, np.zeros_like(coef), np.zeros_like(intercept)
        for rows, block in row_blocks(self.X):
            logits = block_logits(block, coef, intercept)
            if self.n_classes == 2:
                value += binary_loss(logits[0], self.codes[rows], self.weights[rows])
            else:
                value += softmax_loss(logits, self.codes[rows], self.weights[rows])
            coef_gradient += logits @ block
            intercept_gradient += logits.sum(axis=1)
        if self.l2:
            value += 0.5 * self.l2 * float(np.vdot(coef, coef))
            coef_gradient += self.l2 * coef
        return value, coef_gradient, intercept_gradient
