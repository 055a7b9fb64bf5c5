"""What a prediction is, as a function of a network's outputs, and its gradient."""

import numpy as np
from scipy.special import logsumexp, softmax


class Probability:
    """The probability of a class.

    Parameters
    ----------
    codes : ndarray of shape (n,), intp
        The class of each row, its place among the classes.
    shift : ndarray of shape (n_classes,)
        Added to the logits.
    """

    def __init__(self, codes, shift):
        self.codes = codes
        self.shift = shift

    def of(self, rows):
        """Return the response of some rows."""
        return type(self)(self.codes[rows], self.shift)

    def value(self, outputs, rows):
        """Return p_k of each column."""
        return softmax(outputs + self.shift[:, None], axis=0)[self.codes[rows], np.arange(len(rows))]

    def gradient(self, outputs, rows):
        """Return dp_k / dz_j = p_k (delta_jk - p_j)."""
        p, columns = softmax(outputs + self.shift[:, None], axis=0), np.arange(len(rows))
        own = p[self.codes[rows], columns]
        gradient = -own * p
        gradient[self.codes[rows], columns] += own
        return gradient


class LogOdds(Probability):
    """The log-odds of a class against all others, ln p_k / (1 - p_k)."""

    def value(self, outputs, rows):
        """Return z_k - ln sum_{j != k} exp z_j."""
        own, others = self._apart(outputs, rows)
        return own - logsumexp(others, axis=0)

    def gradient(self, outputs, rows):
        """Return its gradient: one for z_k, and minus the softmax among them for the others."""
        gradient = -softmax(self._apart(outputs, rows)[1], axis=0)
        gradient[self.codes[rows], np.arange(len(rows))] = 1
        return gradient

    def _apart(self, outputs, rows):
        others, places = outputs + self.shift[:, None], (self.codes[rows], np.arange(len(rows)))
        own = others[places]
        others[places] = -np.inf
        return own, others


class Number:
    """One output in the units of its target.

    Parameters
    ----------
    place : int
        Which output.
    scale, offset : float
        The target is scale * output + offset.
    """

    def __init__(self, place, scale, offset):
        self.place = place
        self.scale = scale
        self.offset = offset

    def of(self, rows):
        """Return the response of some rows."""
        return self

    def value(self, outputs, rows):
        """Return the target."""
        return self.scale * outputs[self.place] + self.offset

    def gradient(self, outputs, rows):
        """Return its gradient."""
        gradient = np.zeros_like(outputs)
        gradient[self.place] = self.scale
        return gradient
