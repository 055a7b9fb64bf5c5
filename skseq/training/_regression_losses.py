"""Losses of numbers: value and gradient for a batch of outputs (outputs, batch).

The loss of a sequence is the mean over its outputs of a function of the residual, output minus target.
"""

import numpy as np

#: Where Huber's loss turns from a square into a line, in the units of the targets.
HUBER = 1.0


class _RegressionLoss:
    """What all share. A subclass says in ``_values_and_slopes`` what a residual costs."""

    #: As for classes. What is memorized beyond the best epoch is an error of every prediction.
    refit_errors = 1.0

    def dispersion(self, loss):
        """Return by what twice a sum of l_i must be divided to be a deviance: for l = r^2 / 2, the variance of r."""
        return 2 * loss

    def value_and_gradient(self, outputs, targets, weights):
        """Return (sum_i w_i l_i, its gradient (outputs, batch)).

        Parameters
        ----------
        outputs : ndarray of shape (outputs, batch)
            Overwritten.
        targets : ndarray of shape (batch, outputs)
        weights : ndarray of shape (batch,)
        """
        outputs -= targets.T
        values, slopes = self._values_and_slopes(outputs)
        slopes *= weights / len(slopes)
        return float(np.dot(values.mean(axis=0, dtype=np.float64), weights)), slopes

    def losses(self, outputs, targets):
        """Return l_i of each column, (batch,); ``outputs`` stay as they are."""
        return self._values_and_slopes(outputs - targets.T)[0].mean(axis=0)

    def guess(self, targets, weights, n_outputs):
        """Return sum_i w_i l_i of zeros for all outputs, or of that on targets of a variance of one if it is more."""
        return max(self.constant(targets, weights, n_outputs), 0.5 * float(weights.sum(dtype=np.float64)))

    def constant(self, targets, weights, n_outputs):
        """Return sum_i w_i l_i of zeros for all outputs, the mean of the targets."""
        zeros = np.zeros((n_outputs, len(targets)), dtype=targets.dtype)
        return self.value_and_gradient(zeros, targets, weights)[0]

    def answers(self, outputs):
        """Return what a score needs of outputs: all of them, (outputs, batch)."""
        return outputs.copy()

    def score(self, outputs, targets, weights):
        """Return R^2, the part of the weighted variance of the targets that is explained, averaged over the outputs.

        Without any variance, it is one if all is right, else zero.
        """
        outputs, targets = outputs.T.astype(np.float64), targets.astype(np.float64)
        mean = np.average(targets, axis=0, weights=weights)
        unexplained, total = weights @ (outputs - targets) ** 2, weights @ (targets - mean) ** 2
        varies = total > 0
        parts = np.divide(unexplained, total, out=(unexplained > 0).astype(np.float64), where=varies)
        return float(np.mean(1 - parts))


class SquaredError(_RegressionLoss):
    """l = r^2 / 2."""

    def _values_and_slopes(self, residuals):
        return residuals**2 / 2, residuals


class AbsoluteError(_RegressionLoss):
    """l = |r|; its slope at zero is zero."""

    def _values_and_slopes(self, residuals):
        return np.abs(residuals), np.sign(residuals)


class HuberLoss(_RegressionLoss):
    """l = r^2 / 2 up to |r| = 1, and |r| - 1/2 beyond (Huber 1964)."""

    def _values_and_slopes(self, residuals):
        slopes = np.clip(residuals, -HUBER, HUBER)
        return slopes * (residuals - slopes / 2), slopes


#: The losses of a regressor by name.
REGRESSION_LOSSES = {"squared_error": SquaredError, "absolute_error": AbsoluteError, "huber": HuberLoss}
