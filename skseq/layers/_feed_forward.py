"""The feed-forward network of a Transformer (Vaswani et al. 2017), with GELU: W_2^T gelu(W_1^T x + b_1) + b_2."""

from typing import NamedTuple

import numpy as np

from ._base import CompositeLayer
from ._dense import Dense
from ._gelu import gelu


class FeedForward(CompositeLayer):
    """Two dense layers, ``hidden_width`` rows between them, that act on every column alone.

    Parameters: ``hidden_kernel`` (hidden_width, width), ``hidden_bias`` (hidden_width,), ``output_kernel`` (width,
    hidden_width), ``output_bias`` (width,).
    """

    def __init__(self, width, hidden_width):
        super().__init__(hidden=Dense(width, hidden_width), output=Dense(hidden_width, width))
        self.width = width
        self.hidden_width = hidden_width

    def forward(self, weights, inputs, memory):
        """Return (outputs (width, columns), tape for backward); ``inputs`` are needed again too."""
        slopes = memory.kept("slopes", self.hidden_width)
        hidden = memory.kept("hidden", self.hidden_width)
        self.parts["hidden"].forward(self.of("hidden", weights), inputs, slopes)
        gelu(slopes, hidden, memory.workspace, memory.training)
        outputs = self.parts["output"].forward(self.of("output", weights), hidden, memory.scratch("added", self.width))
        return outputs, _Tape(inputs, hidden, slopes)

    def backward(self, weights, gradients, tape, d_outputs, memory):
        """Write the gradients of the weights; return that of the inputs."""
        d_hidden = memory.scratch("d_hidden", self.hidden_width)
        self.parts["output"].backward(
            self.of("output", weights), self.of("output", gradients), tape.hidden, d_outputs, d_hidden
        )
        d_hidden *= tape.slopes
        d_inputs = memory.scratch("d_inputs", self.width)
        return self.parts["hidden"].backward(
            self.of("hidden", weights), self.of("hidden", gradients), tape.inputs, d_hidden, d_inputs
        )


class _Tape(NamedTuple):
    inputs: np.ndarray
    hidden: np.ndarray
    slopes: np.ndarray
