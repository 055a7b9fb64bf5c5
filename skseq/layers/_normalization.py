"""Layer normalisation (Ba, Kiros & Hinton 2016)."""

import numpy as np

from ._base import Layer

#: Added to the variance, as PyTorch does.
EPSILON = 1e-5


class LayerNormalization(Layer):
    """Shift and scale every column to a mean of zero and a variance of one, then each row by ``gain`` and ``bias``.

    Parameters: ``gain`` (size,), ``bias`` (size,).
    """

    def __init__(self, size):
        self.size = size

    def shapes(self):
        return {"gain": (self.size,), "bias": (self.size,)}

    def initialize(self, weights, random_state):
        weights["gain"][...] = 1
        weights["bias"][...] = 0

    def forward(self, weights, inputs, normalized, out):
        """Write the outputs (size, batch) to ``out`` and those before gain and bias to ``normalized``.

        Returns
        -------
        ndarray of shape (batch,)
            What each column was scaled by; backward needs it and ``normalized``.
        """
        np.subtract(inputs, np.add.reduce(inputs, axis=0) / inputs.dtype.type(self.size), out=normalized)
        np.multiply(normalized, normalized, out=out)
        variances = np.add.reduce(out, axis=0) / inputs.dtype.type(self.size)
        variances[np.isinf(variances)] = np.nan  # they would scale a column that is too large to zero
        scales = 1 / np.sqrt(variances + inputs.dtype.type(EPSILON))
        normalized *= scales
        np.multiply(normalized, weights["gain"][:, None], out=out)
        out += weights["bias"][:, None]
        return scales

    def backward(self, weights, gradients, normalized, scales, d_outputs, scratch):
        """Write the gradients of the weights; overwrite ``d_outputs`` by that of the inputs, and ``scratch``."""
        size = d_outputs.dtype.type(self.size)
        np.multiply(d_outputs, normalized, out=scratch)
        np.add.reduce(scratch, axis=1, out=gradients["gain"])
        np.add.reduce(d_outputs, axis=1, out=gradients["bias"])
        gain = weights["gain"]
        d_outputs *= gain[:, None]
        # The part of the gradient that changes a column's mean or length does not reach the inputs.
        along = gain.dot(scratch) / size
        np.multiply(normalized, along, out=scratch)
        scratch += np.add.reduce(d_outputs, axis=0) / size
        d_outputs -= scratch
        d_outputs *= scales
