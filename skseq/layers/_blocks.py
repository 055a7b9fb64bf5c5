"""The layout of networks that look at all steps at once: the steps of a batch side by side, without padding.

A batch is cut into blocks of whole sequences. In a block the steps of every sequence stand one after another as
columns, so that what acts on each step alone is one product over all of them. Sequences of one length stand together,
in runs, so that what acts on a sequence is one call for many.
"""

from typing import NamedTuple

import numpy as np

#: Columns of a block: enough for the BLAS to run at full rate, few enough for a layer's arrays to stay in the cache.
BLOCK_COLUMNS = 1200


class Run(NamedTuple):
    """The sequences ``first`` to ``stop`` of a batch, which have ``steps`` columns each, from ``begin`` to ``end``."""

    first: int
    stop: int
    begin: int
    end: int
    steps: int

    def of(self, array):
        """Return the view (rows, sequences, steps) of this run in an array (rows, columns) of the block."""
        return array[:, self.begin : self.end].reshape(len(array), -1, self.steps)


class Block(NamedTuple):
    """The sequences ``first`` to ``stop`` of a batch, in runs, and the number of their columns."""

    first: int
    stop: int
    runs: list
    columns: int

    def without_first(self, n):
        """Return the same sequences without the first ``n`` columns of each."""
        return _lay_out([(run.first, run.stop, run.steps - n) for run in self.runs]) if n else self


def plan_blocks(batch, extra=0):
    """Cut a batch into blocks that have about :data:`BLOCK_COLUMNS` columns each.

    Parameters
    ----------
    batch : StepBatch
    extra : int, default=0
        Columns that every sequence has in front of its steps.

    Returns
    -------
    list of Block
    """
    ends = np.cumsum(batch.lengths + extra)
    shares = max(1, round(int(ends[-1]) / BLOCK_COLUMNS))
    stops = np.searchsorted(ends, ends[-1] * np.arange(1, shares + 1) / shares) + 1
    blocks, first = [], 0
    for stop in np.unique(np.minimum(stops, batch.size)).tolist():
        within = [(max(a, first), min(b, stop), length + extra) for a, b, length in batch.runs]
        blocks.append(_lay_out([run for run in within if run[0] < run[1]]))
        first = stop
    return blocks


def _lay_out(runs):
    """Return the block of (first, stop, steps) of each run."""
    placed, begin = [], 0
    for first, stop, steps in runs:
        end = begin + (stop - first) * steps
        placed.append(Run(first, stop, begin, end, steps))
        begin = end
    return Block(runs[0][0], runs[-1][1], placed, begin)


class BlockMemory:
    """Where a layer writes what it makes of a block.

    Parameters
    ----------
    workspace : Workspace
    block : Block
    dtype : dtype
    name : str
        Tells what is kept for backward from that of other blocks and layers.
    training : bool
        Whether backward will follow. If not, what is kept is only valid until the next of its name.
    """

    def __init__(self, workspace, block, dtype, name, training):
        self.workspace = workspace
        self.block = block
        self.dtype = np.dtype(dtype)
        self.name = name
        self.training = training

    def of(self, layer):
        """Return the memory of a layer of this name."""
        name = f"{self.name}.{layer}" if self.training else self.name
        return BlockMemory(self.workspace, self.block, self.dtype, name, self.training)

    def kept(self, name, rows):
        """Return an array (rows, columns) that stays until backward."""
        return self.kept_array(name, (rows, self.block.columns))

    def scratch(self, name, rows):
        """Return an array (rows, columns) that is valid until the next of this name, in whichever layer."""
        return self.scratch_array(name, (rows, self.block.columns))

    def kept_array(self, name, shape):
        """Return an array of any shape that stays until backward."""
        return self.workspace.array(f"{self.name}.{name}", shape, self.dtype)

    def scratch_array(self, name, shape):
        """Return an array of any shape that is valid until the next of this name."""
        return self.workspace.array(f"scratch.{name}", shape, self.dtype)
