"""What all cells share: the layout of their weights and of their steps in memory."""

import numpy as np

from ._base import glorot_uniform, recurrent_matrix


class Cell:
    """The step of a recurrence; :class:`~skseq.layers.Recurrence` repeats it.

    The parameter ``kernel`` (gates * units, units + 1 + features) acts on the column [h; 1; x], its rows in blocks of
    one gate each, in the order of ``gates``. A subclass says in ``slots`` how many blocks of ``units`` rows it keeps
    for each step, and in :meth:`bind` how a step is computed with them.
    """

    gates = ()
    slots = 0

    def __init__(self, features, units, activation="tanh", recurrent_init="orthogonal"):
        self.features = features
        self.units = units
        self.activation = activation
        self.recurrent_init = recurrent_init

    def shapes(self):
        return {"kernel": (len(self.gates) * self.units, self.units + 1 + self.features)}

    def initialize(self, weights, random_state):
        """Fill the kernel gate by gate: Glorot for the inputs, ``recurrent_init`` for the states, no biases."""
        u = self.units
        for rows in weights["kernel"].reshape(len(self.gates), u, -1):
            rows[:, u + 1 :] = glorot_uniform(random_state, u, self.features)
            rows[:, u] = 0
            rows[:, :u] = recurrent_matrix(random_state, u, self.recurrent_init)

    def named(self, weights):
        """Return the arrays of ``weights`` by their documented names."""
        u, kernel = self.units, weights["kernel"]
        return {"input_weights": kernel[:, u + 1 :].T, "recurrent_weights": kernel[:, :u].T, "bias": kernel[:, u]}

    def backward_operator(self, weights):
        """Return the matrix (units, gates * units) that takes the gradients of the gates to that of the state."""
        return np.ascontiguousarray(weights["kernel"][:, : self.units].T)


class BoundSteps:
    """A cell's views of the steps of one span; the part that all cells share.

    ``start`` puts the state carried from the previous span in place, ``forward`` computes steps, ``differentiate``
    turns their gates into derivative factors, ``backward`` walks the steps in reverse.
    """

    def __init__(self, units, record, slots, workspace):
        self.units = units
        self.record = record
        self.slots = slots
        self.workspace = workspace
        self.steps = len(record) - 1
        self.width = record.shape[2]
        self.hidden = [record[t, :units] for t in range(self.steps + 1)]

    def start(self, carried):
        """Put the hidden state in place that the previous span ended with, zeros at the beginning."""
        self.hidden[0][...] = 0 if carried is None else carried[:, : self.width]

    def carry(self):
        """Return the hidden state that the next span begins with."""
        return self.hidden[-1]

    def constant(self, value):
        """Return a 0-d array: a Python float costs every call 0.4 us more."""
        return np.array(value, dtype=self.record.dtype)

    def widened(self, carried, name):
        """Return the gradient carried from a later, narrower span over all columns: zero where sequences end."""
        if carried is None:
            return np.zeros((self.units, self.width), dtype=self.record.dtype)
        narrow = carried.shape[1]
        if narrow == self.width:
            return carried
        wide = self.workspace.array(name, (self.units, self.width), carried.dtype)
        wide[:, :narrow] = carried
        wide[:, narrow:] = 0
        return wide
