"""A layer that adds to its inputs, with normalisation in front of it (Xiong et al. 2020)."""

from typing import NamedTuple

import numpy as np

from skseq.layers import LayerNormalization


class Residual:
    """states + dropout(layer(norm(states))).

    With the normalisation inside, the states run unchanged from the first layer to the last, so that a deep network
    learns from the start; with it outside, as in Vaswani et al. (2017), the learning rate has to be warmed up.

    Parameters
    ----------
    name : str
    layer : SelfAttention or FeedForward
    dropout : Dropout
    """

    def __init__(self, name, layer, dropout):
        self.name = name
        self.layer = layer
        self.norm = LayerNormalization(layer.width)
        self.dropout = dropout

    def named_layers(self):
        """Return a dict from name to layer, from input to output."""
        return {f"{self.name}_norm": self.norm, self.name: self.layer}

    def forward(self, parameters, states, memory, random_state):
        """Change the states (width, columns) of a block in place; return the tape for backward."""
        own = memory.of(self.name)
        normalized, inputs = (own.kept(name, self.layer.width) for name in ("normalized", "inputs"))
        scales = self.norm.forward(parameters.of(f"{self.name}_norm"), states, normalized, inputs)
        added, tape = self.layer.forward(parameters.of(self.name), inputs, own)
        mask = self.dropout.mask(random_state, *added.shape, own.dtype)
        if mask is not None:
            added *= mask
        states += added
        return _Tape(normalized, scales, tape, mask)

    def backward(self, parameters, gradients, tape, d_states, memory):
        """Write the gradients of the weights; change that of the states in place."""
        own, norm = memory.of(self.name), f"{self.name}_norm"
        d_added = d_states if tape.mask is None else d_states * tape.mask
        d_inputs = self.layer.backward(parameters.of(self.name), gradients.of(self.name), tape.layer, d_added, own)
        scratch = own.scratch("norm", self.layer.width)
        self.norm.backward(parameters.of(norm), gradients.of(norm), tape.normalized, tape.scales, d_inputs, scratch)
        d_states += d_inputs


class _Tape(NamedTuple):
    normalized: np.ndarray
    scales: np.ndarray
    layer: tuple
    mask: np.ndarray | None
