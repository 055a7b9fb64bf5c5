"""The feed-forward network of a Transformer (Vaswani et al. 2017), with GELU: W_2^T gelu(W_1^T x + b_1) + b_2."""

from typing import NamedTuple

import numpy as np

from ._attention import part_of, prefixed
from ._base import Layer
from ._dense import Dense
from ._gelu import gelu


class FeedForward(Layer):
    """Two dense layers, ``hidden_width`` rows between them, that act on every column alone.

    Parameters: ``hidden_kernel`` (hidden_width, width), ``hidden_bias`` (hidden_width,), ``output_kernel`` (width,
    hidden_width), ``output_bias`` (width,).
    """

    def __init__(self, width, hidden_width):
        self.width = width
        self.hidden_width = hidden_width
        self.hidden = Dense(width, hidden_width)
        self.outputs = Dense(hidden_width, width)

    def shapes(self):
        return prefixed(hidden=self.hidden.shapes(), output=self.outputs.shapes())

    def initialize(self, weights, random_state):
        self.hidden.initialize(part_of(weights, "hidden"), random_state)
        self.outputs.initialize(part_of(weights, "output"), random_state)

    def mark_decayed(self, mask):
        self.hidden.mark_decayed(part_of(mask, "hidden"))
        self.outputs.mark_decayed(part_of(mask, "output"))

    def named(self, weights):
        """Return the arrays of ``weights`` by their documented names."""
        return prefixed(
            hidden=self.hidden.named(part_of(weights, "hidden")), output=self.outputs.named(part_of(weights, "output"))
        )

    def forward(self, weights, inputs, memory):
        """Return (outputs (width, columns), tape for backward); ``inputs`` are needed again too."""
        slopes = memory.kept("slopes", self.hidden_width)
        hidden = memory.kept("hidden", self.hidden_width)
        self.hidden.forward(part_of(weights, "hidden"), inputs, slopes)
        gelu(slopes, hidden, memory.workspace, memory.training)
        outputs = self.outputs.forward(part_of(weights, "output"), hidden, memory.scratch("added", self.width))
        return outputs, _Tape(inputs, hidden, slopes)

    def backward(self, weights, gradients, tape, d_outputs, memory):
        """Write the gradients of the weights; return that of the inputs."""
        d_hidden = memory.scratch("d_hidden", self.hidden_width)
        self.outputs.backward(
            part_of(weights, "output"), part_of(gradients, "output"), tape.hidden, d_outputs, d_hidden
        )
        d_hidden *= tape.slopes
        return self.hidden.backward(
            part_of(weights, "hidden"), part_of(gradients, "hidden"), tape.inputs, d_hidden, memory.scratch("d_inputs", self.width)
        )


class _Tape(NamedTuple):
    inputs: np.ndarray
    hidden: np.ndarray
    slopes: np.ndarray
