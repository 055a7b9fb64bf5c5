"""The memory of a recurrence's steps, which decides the speed of everything that runs over it.

``record`` (steps + 1, units + 1 + features, width)
    The column [h; 1; x] of each step. One product of the cell's stacked weights with ``record[t]`` gives all
    pre-activations with their biases, and the new hidden state is written straight into ``record[t + 1]``.
``slots`` (steps + 1, cell.slots * units, width)
    The gates of each step. In training they are overwritten, a cache-sized chunk of steps at a time and while
    they are warm, with the derivative factors that backward multiplies by, so that a backward step is two to
    four calls. Prediction needs the gates of one step only: there all steps share one stretch of memory.
"""

from numpy.lib.stride_tricks import as_strided

from ._steps import LINE_BYTES


class StepMemory:
    """Record and slots of one recurrence, looked at in any width.

    Every step has a stretch of its own as wide as the batch, and a narrower step uses the front of it. So a step's
    views in one width are made once and serve all batches, whichever sequences end where: making them
    takes as long as a step of a small network.

    Parameters
    ----------
    cell : Cell
    steps : int
        The most steps that it holds.
    width : int
        Columns of the widest step.
    training : bool
        Whether to keep the slots of every step.
    dtype : dtype
    workspace : Workspace
    name : str
        Tells this memory from that of other layers.
    """

    def __init__(self, cell, steps, width, training, dtype, workspace, name):
        self.cell = cell
        self.steps = steps
        self.workspace = workspace
        self._rows = (cell.units + 1 + cell.features, cell.slots * cell.units)
        line = LINE_BYTES // dtype.itemsize  # every step begins with a cache line
        record_size, slots_size = (-(-rows * width // line) * line for rows in self._rows)
        record = workspace.array(f"{name}.record", (steps + 1, record_size), dtype)
        slots = workspace.array(f"{name}.slots", (steps + 1 if training else 1, slots_size), dtype)
        if not training:
            slots = as_strided(slots, (steps + 1, slots_size), (0, slots.itemsize))
        self._stretches = record, slots
        self._bound = {}

    def at(self, width):
        """Return the cell's :class:`~skseq.layers._cell.BoundSteps` for steps of so many columns."""
        if width not in self._bound:
            record, slots = (
                stretch[:, : rows * width].reshape(self.steps + 1, rows, width)
                for stretch, rows in zip(self._stretches, self._rows)
            )
            self._bound[width] = self.cell.bind(record, slots, self.workspace)
        return self._bound[width]
