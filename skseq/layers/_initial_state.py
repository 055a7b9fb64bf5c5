"""The first state of a recurrence, from what is known of the sequence as a whole."""

import numpy as np

from ._base import Layer
from ._dense import Dense


class InitialState(Layer):
    """Set the first state of a cell to tanh(W^T c + b), c a vector for each sequence (Vinyals et al. 2015).

    Parameters: ``kernel`` (n_states * units, n_inputs), ``bias`` (n_states * units,), for an LSTM's hidden state first.

    Parameters
    ----------
    n_inputs : int
    cell : Cell
        The cell whose state it is.
    """

    def __init__(self, n_inputs, cell):
        self.n_states = cell.n_states
        self.dense = Dense(n_inputs, cell.n_states * cell.units)

    def shapes(self):
        return self.dense.shapes()

    def initialize(self, weights, random_state):
        self.dense.initialize(weights, random_state)

    def mark_decayed(self, mask):
        self.dense.mark_decayed(mask)

    def named(self, weights):
        """Return the arrays of ``weights`` by their documented names."""
        return self.dense.named(weights)

    def forward(self, weights, context):
        """Return the states, a tuple of arrays (units, batch), for ``context`` (n_inputs, batch)."""
        states = self.dense.forward(weights, context)
        np.tanh(states, out=states)
        return tuple(np.split(states, self.n_states))

    def backward(self, weights, gradients, context, states, d_states):
        """Write the gradients of the weights; return that of the context. ``d_states`` is None where it is zero."""
        states = np.concatenate(states)
        d_states = np.zeros_like(states) if d_states is None else np.concatenate(d_states)
        d_states *= 1 - states**2
        return self.dense.backward(weights, gradients, context, d_states)
