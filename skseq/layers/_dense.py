"""A dense layer: y = W^T h + b for every column of the batch."""

from ._base import Layer, glorot_uniform


class Dense(Layer):
    """Map ``n_inputs`` rows to ``n_outputs`` rows.

    Parameters: ``kernel`` (n_outputs, n_inputs), ``bias`` (n_outputs,).
    """

    def __init__(self, n_inputs, n_outputs):
        self.n_inputs = n_inputs
        self.n_outputs = n_outputs

    def shapes(self):
        return {"kernel": (self.n_outputs, self.n_inputs), "bias": (self.n_outputs,)}

    def initialize(self, weights, random_state):
        weights["kernel"][...] = glorot_uniform(random_state, self.n_outputs, self.n_inputs)
        weights["bias"][...] = 0

    def mark_decayed(self, mask):
        mask["kernel"][...] = 1

    def named(self, weights):
        """Return the arrays of ``weights`` by their documented names."""
        return {"weights": weights["kernel"].T, "bias": weights["bias"]}

    def forward(self, weights, inputs, out=None):
        """Return outputs (n_outputs, batch) of ``inputs`` (n_inputs, batch), which backward needs again."""
        outputs = weights["kernel"].dot(inputs, out)
        outputs += weights["bias"][:, None]
        return outputs

    def backward(self, weights, gradients, inputs, d_outputs, out=None):
        """Write the gradients of the weights; return those of the inputs."""
        d_outputs.dot(inputs.T, out=gradients["kernel"])
        d_outputs.sum(axis=1, out=gradients["bias"])
        return weights["kernel"].T.dot(d_outputs, out)
