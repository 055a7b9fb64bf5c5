"""What all cells share: the layout of their weights and of their steps in memory."""

import numpy as np

from ._base import glorot_uniform, recurrent_matrix
from ._products import StepProduct

#: Bytes of slots that stay in a core's second-level cache while a chunk of steps is worked on.
CACHE_BYTES = 400_000


class Cell:
    """The step of a recurrence; :class:`~skseq.layers.Recurrence` repeats it.

    The parameter ``kernel`` (gates * units, units + 1 + features) acts on the column [h; 1; x], its rows in blocks of
    one gate each, in the order of ``gates``. A subclass says in ``slots`` how many blocks of ``units`` rows it keeps
    for each step, and in the :class:`BoundSteps` that :meth:`bind` returns how a step is computed with them.
    """

    gates = ()
    slots = 0
    #: Arrays (units, batch) that a step hands to the next.
    n_states = 1

    def __init__(self, features, units, activation="tanh", recurrent_init="orthogonal", memory_steps=None):
        self.features = features
        self.units = units
        self.activation = activation
        self.recurrent_init = recurrent_init
        self.memory_steps = memory_steps

    def shapes(self):
        return {"kernel": (len(self.gates) * self.units, self.units + 1 + self.features)}

    def initialize(self, weights, random_state):
        """Fill the kernel gate by gate: Glorot for the inputs, ``recurrent_init`` for the states, no biases."""
        u = self.units
        for rows in weights["kernel"].reshape(len(self.gates), u, -1):
            rows[:, u + 1 :] = glorot_uniform(random_state, u, self.features)
            rows[:, u] = 0
            rows[:, :u] = recurrent_matrix(random_state, u, self.recurrent_init)

    def remembering_bias(self):
        """Return biases (units,) with which a gate keeps a unit's state for about 2 to ``memory_steps`` steps.

        A gate of sigmoid(b) keeps a state for 1 / (1 - sigmoid(b)) = 1 + exp(b) steps. Tallec & Ollivier (2018) draw
        exp(b) uniformly from 1 to ``memory_steps - 1``. Here nothing is drawn, for small layers, and the steps are
        spread in their logarithm, since most of what counts is near: every doubling of them has as many units.
        """
        parts = (np.arange(self.units) + 0.5) / self.units
        return np.log(2 * (max(self.memory_steps, 2) / 2) ** parts - 1)

    def named(self, weights):
        """Return the arrays of ``weights`` by their documented names."""
        u, kernel = self.units, weights["kernel"]
        return {"input_weights": kernel[:, u + 1 :].T, "recurrent_weights": kernel[:, :u].T, "bias": kernel[:, u]}

    def backward_operator(self, weights):
        """Return the matrix (units, gates * units) that takes the gradients of the gates to that of the state."""
        return np.ascontiguousarray(weights["kernel"][:, : self.units].T)

    def gradient_shapes(self):
        """Return the shapes of the sums of products that make up the gradients, see ``gradient_factors``."""
        return [self.shapes()["kernel"]]

    def write_gradients(self, gradients, sums):
        """Write the gradients of the weights, given those sums."""
        gradients["kernel"][...] = sums[0]


class StepViews:
    """The views that one step's calls need, made when first asked for.

    Parameters
    ----------
    *arrays : ndarray of shape (steps, ...)
        A step's views are the tuple of their rows.
    shared : bool
        Whether the views of step 0 serve every step.
    """

    def __init__(self, *arrays, shared=False):
        self._arrays = arrays
        steps = min(map(len, arrays))
        self._made = [tuple(array[0] for array in arrays)] * steps if shared else [None] * steps

    def between(self, first, stop):
        """Return a list of the views of the steps ``first`` to ``stop``."""
        made = self._made
        if None in made[first:stop]:
            made[first:stop] = zip(*(array[first:stop] for array in self._arrays))
        return made[first:stop]


class BoundSteps:
    """A cell's views of the steps of a :class:`~skseq.layers._memory.StepMemory` in one width; what all cells share.

    A subclass computes the steps ``first`` to ``stop``: ``forward`` their states, ``differentiate`` turns their
    gates into derivative factors, ``backward`` walks them in reverse, and ``gradient_factors`` gives the pairs of
    arrays whose products are summed into the gradients of the weights.

    Parameters
    ----------
    cell : Cell
    record, slots : ndarray of shape (steps + 1, rows, width)
        See :mod:`skseq.layers._memory`.
    workspace : Workspace
    """

    def __init__(self, cell, record, slots, workspace):
        self.units = cell.units
        self.n_states = cell.n_states
        self.record = record
        self.slots = slots
        self.workspace = workspace
        self.steps = len(record) - 1
        self.width = record.shape[2]
        self.chunk = min(self.steps, max(1, CACHE_BYTES // slots[0].nbytes))
        self.hidden = record[:, : self.units]
        gates = len(cell.gates) * cell.units
        self.forward_product = StepProduct(gates, record.shape[1], self.width)
        self.backward_product = StepProduct(cell.units, gates, self.width)

    def views_of_slots(self, *arrays):
        """Return the StepViews of ``arrays``, which are views of slots: in prediction all steps have the same."""
        return StepViews(*arrays, shared=self.slots.strides[0] == 0)

    def start(self, first, carried):
        """Put the state in place that step ``first`` follows: zeros, or what :meth:`carry` returned."""
        self.hidden[first] = 0 if carried is None else carried[0][:, : self.width]

    def read(self, first, values):
        """Put the inputs (steps, features, width) in place, from step ``first`` on."""
        self.inputs(first, first + len(values))[...] = values

    def inputs(self, first, stop):
        """Return the place (steps, features, width) of the inputs, to be filled before each step is computed."""
        columns = self.record[first:stop]
        columns[:, self.units] = 1
        return columns[:, self.units + 1 :]

    def states(self, first, stop):
        """Return the hidden states (steps, units, width) after each step."""
        return self.record[first + 1 : stop + 1, : self.units]

    def carry(self, stop):
        """Return what the steps from ``stop`` on begin with, a tuple of the cell's states."""
        return (self.hidden[stop],)

    def constant(self, value):
        """Return a 0-d array: a Python float costs every call 0.4 us more."""
        return np.array(value, dtype=self.record.dtype)

    def scratch(self, name, rows):
        """Return memory (chunk, rows, width) for what a chunk of steps need not keep."""
        return self.workspace.array(f"scratch.{name}", (self.chunk, rows, self.width), self.record.dtype)

    def widened(self, carried):
        """Return the gradients carried from a later, narrower segment over all columns: zero where sequences end."""
        shape, dtype = (self.units, self.width), self.record.dtype
        if carried is None:
            return tuple(np.zeros(shape, dtype=dtype) for _ in range(self.n_states))
        narrow = carried[0].shape[1]
        if narrow == self.width:
            return carried
        widened = tuple(self.workspace.array(f"carried.{k}", shape, dtype) for k in range(self.n_states))
        for wide, own in zip(widened, carried):
            wide[:, :narrow] = own
            wide[:, narrow:] = 0
        return widened
