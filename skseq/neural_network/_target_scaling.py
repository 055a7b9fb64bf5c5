"""The scale of numeric targets: what a network learns has a mean of zero and a deviation of one."""

import numpy as np


class TargetScaling:
    """Learns the weighted mean and standard deviation of each target.

    Parameters
    ----------
    y : ndarray of shape (n,) or (n, n_outputs), float64
    weights : ndarray of shape (n,)

    Attributes
    ----------
    shape : tuple
        Of one row of y: () or (n_outputs,).
    """

    def __init__(self, y, weights):
        self.shape = y.shape[1:]
        y = y.reshape(len(y), -1)
        # Huge and tiny targets neither overflow nor vanish when squared.
        largest = np.abs(y).max(axis=0)
        self.unit = np.where(largest > 0, largest, 1.0)
        y = y / self.unit
        self.mean = np.average(y, axis=0, weights=weights)
        deviation = np.sqrt(np.average((y - self.mean) ** 2, axis=0, weights=weights))
        # A spread within rounding of the values themselves is none.
        self.deviation = np.where(deviation > 8 * np.finfo(np.float64).eps, deviation, 0.0)

    def scale(self, y):
        """Return what the network is to learn, shape (n, n_outputs)."""
        divisor = np.where(self.deviation > 0, self.deviation, 1.0)
        return (y.reshape(len(y), -1) / self.unit - self.mean) / divisor

    def unscale(self, outputs):
        """Return targets, shape (n,) or (n, n_outputs), of outputs (n, n_outputs), in their dtype."""
        y = (outputs * self.deviation + self.mean) * self.unit
        return y.reshape(len(y), *self.shape).astype(outputs.dtype)
