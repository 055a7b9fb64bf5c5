"""The recurrence: one cell stepped over a batch, forward and backward through time.

The memory of a segment (see :mod:`skseq.layers._steps`) decides the speed of everything here:

``record`` (steps + 1, units + 1 + features, width)
    The column [h; 1; x] of each step. One product of the cell's stacked weights with ``record[t]`` gives all
    pre-activations with their biases, and the new hidden state is written straight into ``record[t + 1]``.
``slots`` (steps + 1, cell.slots * units, width)
    The gates of each step. In training they are overwritten, a cache-sized chunk of steps at a time and while
    they are warm, with the derivative factors that backward multiplies by, so that a backward step is two to
    four calls.
"""

from ._base import Layer
from ._steps import plan_segments

#: Bytes of gates that stay in a core's second-level cache while a chunk of steps is worked on.
CACHE_BYTES = 200_000


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

    def forward(self, weights, batch, workspace, name, training):
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

        Returns
        -------
        RecurrentPass
        """
        return RecurrentPass(self.cell, weights, batch, workspace, name, training)


class RecurrentPass:
    """One forward pass of a recurrence over a batch, and the backward pass that follows it."""

    def __init__(self, cell, weights, batch, workspace, name, training):
        self.cell = cell
        self.weights = weights
        self.batch = batch
        self.workspace = workspace
        self.training = training
        self.dtype = weights["kernel"].dtype
        # The plan's views belong to one shape of batch; all batches of that shape use them.
        key = (name, training, batch.size, batch.lengths.tobytes() if batch.is_ragged else batch.steps)
        self.spans = workspace.plan(key, lambda: self._plan_spans(name))
        self.name = name

    def _plan_spans(self, name):
        """Return a Span for each segment; in prediction all of them share one stretch of memory."""
        cell, batch = self.cell, self.batch
        segments = batch.segments
        if not self.training:
            segments = plan_segments(batch.lengths, max_steps=self._chunk_steps(batch.size))
        rows = [cell.units + 1 + cell.features, cell.slots * cell.units]
        sizes = [[(s.stop - s.start + 1) * r * s.width for s in segments] for r in rows]
        total = sum if self.training else max
        flats = [
            self.workspace.array(f"{name}.{what}", (total(size),), self.dtype)
            for what, size in zip(("record", "slots"), sizes)
        ]
        spans, offsets = [], [0, 0]
        for k, segment in enumerate(segments):
            arrays = []
            for which in (0, 1):
                begin = offsets[which]
                shape = (segment.stop - segment.start + 1, rows[which], segment.width)
                arrays.append(flats[which][begin : begin + sizes[which][k]].reshape(shape))
                if self.training:
                    offsets[which] += sizes[which][k]
            spans.append(Span(cell, segment, *arrays, self._chunk_steps(segment.width), self.workspace))
        return spans

    def _chunk_steps(self, width):
        step_bytes = max(1, self.cell.slots) * self.cell.units * width * self.dtype.itemsize
        return max(1, CACHE_BYTES // step_bytes)

    def states(self):
        """Yield (segment, states (steps, units, width)); in prediction the array is valid until the next one."""
        units = self.cell.units
        operators = self.cell.forward_operators(self.weights)
        carried = None
        for span in self.spans:
            segment, record = span.segment, span.record
            width = segment.width
            span.bound.start(carried)  # first: in prediction, what is carried lies where the next inputs go
            record[:-1, units + 1 :] = self.batch.values[segment.start : segment.stop, :, :width]
            record[:, units] = 1
            for first, stop in span.chunks:
                span.bound.forward(operators, first, stop)
                if self.training:
                    span.bound.differentiate(first, stop)
            carried = span.bound.carry()
            yield segment, record[1:, :units]

    def backward(self, gradients, step_gradients, need_input):
        """Backpropagate through time.

        Parameters
        ----------
        gradients : dict of arrays
            Where to write the gradients of the weights.
        step_gradients : list
            For each step None, or (first column, gradient (units, columns)) to add to that of its hidden state.
        need_input : bool

        Returns
        -------
        ndarray of shape (steps, features, batch), or None
            The gradient of the inputs, zero outside the segments.
        """
        cell, workspace = self.cell, self.workspace
        operator = cell.backward_operator(self.weights)
        for gradient in gradients.values():
            gradient.fill(0)
        d_inputs = None
        if need_input:
            d_inputs = workspace.array(f"{self.name}.d_inputs", self.batch.values.shape, self.dtype)
        carried = None
        for span in reversed(self.spans):
            segment = span.segment
            carried = span.bound.backward(operator, step_gradients[segment.start : segment.stop], carried)
            cell.add_gradients(gradients, span, workspace)
            if need_input:
                d_inputs[segment.start : segment.stop, :, : segment.width] = cell.input_gradients(self.weights, span)
                d_inputs[segment.start : segment.stop, :, segment.width :] = 0
        return d_inputs


class Span:
    """The memory of one segment, cut into chunks, with the cell's views of every step bound once."""

    def __init__(self, cell, segment, record, slots, chunk, workspace):
        self.segment = segment
        self.record = record
        self.slots = slots
        steps = segment.stop - segment.start
        self.chunks = [(first, min(steps, first + chunk)) for first in range(0, steps, chunk)]
        self.bound = cell.bind(record, slots, workspace)
