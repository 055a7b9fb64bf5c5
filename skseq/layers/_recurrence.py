"""The recurrence: one cell stepped over a batch, forward and backward through time."""

import numpy as np

from ._base import Layer
from ._memory import StepMemory
from ._products import add_products, product_steps
from ._steps import plan_segments

#: Bytes of the record that prediction fills before it begins at the front again.
RECORD_BYTES = 2_000_000


class Recurrence(Layer):
    """One direction of a recurrent layer.

    Parameters
    ----------
    cell : VanillaCell, LSTMCell or GRUCell
        The cell, which knows its number of units and of input features.
    """

    def __init__(self, cell):
        self.cell = cell

    def shapes(self):
        return self.cell.shapes()

    def initialize(self, weights, random_state):
        self.cell.initialize(weights, random_state)

    def mark_decayed(self, mask):
        for name, array in mask.items():
            if name == "kernel":
                array[...] = 1
                array[:, self.cell.units] = 0  # the column of biases

    def named(self, weights):
        """Return the arrays of ``weights`` by their documented names."""
        return self.cell.named(weights)

    def forward(self, weights, batch, workspace, name, training, initial=None):
        """Return a pass over ``batch`` whose ``states()`` yields the hidden states as they are computed.

        Parameters
        ----------
        weights : dict of arrays
        batch : StepBatch
            Values (steps, features, batch).
        workspace : Workspace
        name : str
            Tells the memory of this layer from that of others.
        training : bool
            Whether to keep what backward needs.
        initial : tuple of ``cell.n_states`` arrays (units, batch or more), optional
            The state that the first step follows; zeros if not given.

        Returns
        -------
        RecurrentPass
        """
        return RecurrentPass(self.cell, weights, batch, workspace, name, training, initial)


class RecurrentPass:
    """One forward pass of a recurrence over a batch, and the backward pass that follows it.

    Attributes
    ----------
    final : tuple of ``cell.n_states`` arrays (units, width)
        After ``states()``: the state after the last step, for the sequences that have it at least. A view that is valid
        until memory is used again.
    d_initial : tuple of ``cell.n_states`` arrays (units, batch), or None
        After ``backward()``: the gradient of the initial state, None if it is zero.
    """

    def __init__(self, cell, weights, batch, workspace, name, training, initial=None):
        self.cell = cell
        self.weights = weights
        self.batch = batch
        self.workspace = workspace
        self.name = name
        self.training = training
        self.initial = initial
        self.final = self.d_initial = None
        self.dtype = weights["kernel"].dtype
        if training:
            needed, steps = batch.steps, workspace.steps_to_hold(batch.steps, batch.size)
            self.segments = batch.segments
        else:
            column = (cell.units + 1 + cell.features) * self.dtype.itemsize
            needed = steps = min(batch.steps, max(1, RECORD_BYTES // (column * batch.size)))
            self.segments = plan_segments(batch.lengths, max_steps=steps)
        self.memory = workspace.plan(
            (name, training, batch.size),
            lambda: StepMemory(cell, steps, batch.size, training, self.dtype, workspace, name),
            serves=lambda memory: memory.steps >= needed,
        )

    def _place(self, segment):
        """Return the steps of memory, first and stop, of a segment; in prediction every segment begins at the front."""
        first = segment.start if self.training else 0
        return first, first + segment.stop - segment.start

    def states(self):
        """Yield (segment, states (steps, units, width)); in prediction the array is valid until the next one."""
        operators = self.cell.forward_operators(self.weights)
        carried = self.initial
        for segment in self.segments:
            bound = self.memory.at(segment.width)
            first, stop = self._place(segment)
            bound.start(first, carried)  # before what is carried is overwritten by inputs
            bound.read(first, self.batch.values[segment.start : segment.stop, :, : segment.width])
            if self.training:
                for begin, end in chunks(first, stop, bound.chunk):
                    bound.forward(operators, begin, end)
                    bound.differentiate(begin, end)
            else:
                bound.forward(operators, first, stop)
            carried = bound.carry(stop)
            yield segment, bound.states(first, stop)
        self.final = carried

    def backward(self, gradients, step_gradients, need_input, watch=None):
        """Backpropagate through time.

        Parameters
        ----------
        gradients : dict of arrays
            Where to write the gradients of the weights.
        step_gradients : list
            For each step None, or (first column, gradient (units, columns)) to add to that of its hidden state.
        need_input : bool
        watch : callable, optional
            Called before each step, from the last to the first, with the step and two parts of the gradient of its
            hidden state: what the later steps contribute (units, width), and the entry of ``step_gradients``.

        Returns
        -------
        ndarray of shape (steps, features, batch), or None
            The gradient of the inputs, zero outside the segments.
        """
        cell = self.cell
        operator = cell.backward_operator(self.weights)
        sums = [np.zeros(shape, dtype=self.dtype) for shape in cell.gradient_shapes()]
        d_inputs = None
        if need_input:
            d_inputs = self.workspace.array(f"{self.name}.d_inputs", self.batch.values.shape, self.dtype)
        carried = None
        earliest = next((t for t, gradient in enumerate(step_gradients) if gradient is not None), 0)
        for begin, end, width in self._backward_chunks(1 if watch is not None else None):
            bound = self.memory.at(width)
            if carried is None and end <= earliest:
                if need_input:
                    d_inputs[:end] = 0
                break
            if watch is not None:
                carried = bound.widened(carried)
                watch(begin, carried[0], step_gradients[begin])
            carried = bound.backward(operator, step_gradients, carried, begin, end)
            # The gradients of the weights follow while those of the gates are still in the cache.
            for total, factors in zip(sums, bound.gradient_factors(begin, end)):
                add_products(total, *factors, self.workspace)
            if need_input:
                d_inputs[begin:end, :, :width] = cell.input_gradients(self.weights, bound.slots[begin:end])
                d_inputs[begin:end, :, width:] = 0
            if has_vanished(carried):
                carried = None
        self.d_initial = carried
        cell.write_gradients(gradients, sums)
        return d_inputs

    def _backward_chunks(self, steps=None):
        """Yield (begin, end, width) of chunks of so many steps, from the last to the first."""
        for segment in reversed(self.segments):
            size = product_steps(segment.width) if steps is None else steps
            for begin, end in reversed(chunks(segment.start, segment.stop, size)):
                yield begin, end, segment.width


def has_vanished(carried):
    """Return whether the gradient of a state is too small to change any gradient of a weight.

    On their way to zero, numbers lose their last bits first, and a CPU computes with such denormal numbers twenty
    times as slowly. So a gradient ends well before, at the smallest normal number over the square of the precision:
    1e-24 in float32.
    """
    limits = np.finfo(carried[0].dtype)
    return all(np.abs(array).max() < limits.tiny / limits.eps**2 for array in carried)


def chunks(first, stop, size):
    """Return (begin, end) of each run of ``size`` steps between ``first`` and ``stop``; the last one may be shorter."""
    return [(begin, min(begin + size, stop)) for begin in range(first, stop, size)]
