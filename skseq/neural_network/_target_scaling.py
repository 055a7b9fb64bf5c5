"""The scale of numeric targets: what a network learns has a mean of zero and a deviation of one."""

import numpy as np

#: Largest size of a bias after a change of scale; beyond it, predictions are no longer kept.
LARGEST_BIAS = 10.0

#: Factor by which targets must stay inside of the range of a dtype to be predicted in it.
MARGIN = 1e6


class TargetScaling:
    """Weighted mean and standard deviation of each target.

    Parameters
    ----------
    y : ndarray of shape (n,) or (n, n_outputs), float64
    weights : ndarray of shape (n,)

    Attributes
    ----------
    shape : tuple
        Of one row of y: () or (n_outputs,).
    unit : ndarray of shape (n_outputs,)
        Largest magnitude of each target: the unit of ``mean`` and ``deviation``, so that huge and tiny targets neither
        overflow nor vanish when squared.
    mean, deviation : ndarray of shape (n_outputs,)
        The deviation of a target that has never varied is 0.
    """

    def __init__(self, y, weights):
        self.shape = y.shape[1:]
        y = y.reshape(len(y), -1)
        self._largest = np.abs(y).max(axis=0)
        y = y / self.unit
        weights = weights / weights.max()
        self.mean = np.average(y, axis=0, weights=weights)
        self._set_deviation(np.sqrt(np.average((y - self.mean) ** 2, axis=0, weights=weights)))

    @property
    def unit(self):
        return np.where(self._largest > 0, self._largest, 1.0)

    def _set_deviation(self, deviation):
        # A spread within rounding of the values themselves is none.
        self.deviation = np.where(deviation > 8 * np.finfo(np.float64).eps, deviation, 0.0)

    def merged(self, other, share):
        """Return the scaling of the data of both.

        Parameters
        ----------
        other : TargetScaling
        share : float
            Part of the total weight that the data of ``other`` have.
        """
        both = object.__new__(TargetScaling)
        both.shape = self.shape
        both._largest = np.maximum(self._largest, other._largest)
        ours, theirs = self.unit / both.unit, other.unit / both.unit
        means = self.mean * ours, other.mean * theirs
        both.mean = means[0] + share * (means[1] - means[0])
        variance = (1 - share) * (self.deviation * ours) ** 2 + share * (other.deviation * theirs) ** 2
        both._set_deviation(np.sqrt(variance + share * (1 - share) * (means[1] - means[0]) ** 2))
        return both

    def rescale_outputs(self, new, weights, bias):
        """Change the output layer of a network, in place, so that its predictions under ``new`` are those under self.

        This is the "output preserving" step of PopArt [1]_. It is exact but for a bias of more than
        :data:`LARGEST_BIAS` deviations, which is cut: those predictions were wrong by as much.

        Parameters
        ----------
        new : TargetScaling
            Of these targets and more.
        weights : ndarray of shape (n_inputs, n_outputs)
        bias : ndarray of shape (n_outputs,)

        References
        ----------
        .. [1] H. van Hasselt, A. Guez, M. Hessel, V. Mnih and D. Silver, "Learning values across many orders of
           magnitude", NeurIPS 2016.
        """
        ours = self.unit / new.unit
        divisor = np.where(new.deviation > 0, new.deviation, 1.0)
        factor = self.deviation * ours / divisor
        shift = (self.mean * ours - new.mean) / divisor
        varies = new.deviation > 0  # else the outputs do not matter
        weights[...] = np.where(varies, weights * factor, weights)
        bias[...] = np.where(varies, np.clip(bias * factor + shift, -LARGEST_BIAS, LARGEST_BIAS), bias)

    def scale(self, y):
        """Return what the network is to learn, shape (n, n_outputs)."""
        divisor = np.where(self.deviation > 0, self.deviation, 1.0)
        return (y.reshape(len(y), -1) / self.unit - self.mean) / divisor

    def unscale(self, outputs):
        """Return targets, shape (n,) or (n, n_outputs), of outputs (n, n_outputs).

        In the dtype of the outputs, unless targets of this size are too large or too small for it.
        """
        y = (outputs * self.deviation + self.mean) * self.unit
        range_of = np.finfo(outputs.dtype)
        spread = (self.deviation * self.unit)[self.deviation > 0]
        fits = self.unit.max() < range_of.max / MARGIN and (spread > range_of.tiny * MARGIN).all()
        return y.reshape(len(y), *self.shape).astype(outputs.dtype if fits else np.float64, copy=False)
