"""What flows between layers: a batch of steps, its segments, and the memory that is used again."""

from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import NamedTuple

import numpy as np

#: Columns that widths are a multiple of: a cache line of float32, so that rows of gates begin with one.
WIDTH_UNIT = 16

#: Width times steps of the shortest segment that is worth its calls.
SEGMENT_COLUMNS = 1024


class Segment(NamedTuple):
    """The steps ``start`` to ``stop`` over the first ``width`` columns of a batch."""

    start: int
    stop: int
    width: int


def plan_segments(lengths, max_steps=None):
    """Cut a batch into segments that narrow as its sequences end.

    A matrix product wants one width over many steps; a ragged batch wants to pay for valid steps only. A new
    segment begins where a sixteenth of the columns has ended, but not before the segment holds
    :data:`SEGMENT_COLUMNS` columns, since a narrow step costs little less than a wide one and a segment costs as much
    as several steps. Its width is rounded up to one of few (:func:`round_width`). Steps beyond an end come after the
    valid ones, so they change no valid state, and their gradients are zero.

    Parameters
    ----------
    lengths : ndarray of shape (batch,), descending
    max_steps : int, optional
        Cut longer segments, so that one stretch of memory serves all.

    Returns
    -------
    list of Segment
    """
    segments = []
    start, width, total = 0, len(lengths), int(lengths[0])
    valid = width
    ascending = -lengths
    while start < total:
        # Columns [keep:] have ended once lengths[keep] steps are done.
        keep = valid - max(1, valid // 16)
        stop = min(total, max(int(lengths[keep]), start + SEGMENT_COLUMNS // width))
        if max_steps is not None:
            stop = min(stop, start + max_steps)
        if stop > start:
            last = segments[-1] if segments else None
            if last and last.width == width and (max_steps is None or stop - last.start <= max_steps):
                segments[-1] = Segment(last.start, stop, width)
            else:
                segments.append(Segment(start, stop, width))
            start = stop
        valid = int(np.searchsorted(ascending, -start))
        width = min(width, round_width(valid))
    return segments


def round_width(width):
    """Return ``width`` rounded up to one of few, so that views are made for few widths and rows are aligned."""
    unit = max(WIDTH_UNIT, 1 << max(0, width.bit_length() - 4))
    return -(-width // unit) * unit


@dataclass
class StepBatch:
    """Sequences side by side, in columns that are sorted by descending length.

    Attributes
    ----------
    values : ndarray of shape (steps, features, batch), or (steps, batch) for token ids
        What stands beyond the end of a sequence is arbitrary, but finite.
    lengths : ndarray of shape (batch,), descending
    context : ndarray of shape (..., batch), optional
        What is known of each sequence as a whole.
    """

    values: np.ndarray
    lengths: np.ndarray
    context: np.ndarray | None = None

    @property
    def steps(self):
        """Steps of the longest sequence."""
        return int(self.lengths[0])

    @property
    def size(self):
        """The number of sequences."""
        return len(self.lengths)

    @cached_property
    def is_ragged(self):
        """Whether the lengths differ."""
        return bool(self.lengths[-1] != self.lengths[0])

    @cached_property
    def segments(self):
        """Segments of constant width, as training needs them."""
        return plan_segments(self.lengths)

    @cached_property
    def runs(self):
        """Columns that end together: a list of (first, stop, length)."""
        firsts = [0, *(np.flatnonzero(np.diff(self.lengths)) + 1).tolist()]
        return list(zip(firsts, [*firsts[1:], self.size], self.lengths[firsts].tolist()))

    @cached_property
    def widths(self):
        """For each step, the number of sequences that have it."""
        return np.searchsorted(-self.lengths, -np.arange(self.steps)).tolist()

    @cached_property
    def places(self):
        """Step and column of each valid step, those of step 0 first: two arrays (total_steps,)."""
        return np.nonzero(np.arange(self.steps)[:, None] < self.lengths)

    @cached_property
    def place_bounds(self):
        """For each step, where it begins among the valid steps and where it stops: a list of (first, stop)."""
        stops = np.cumsum(self.widths).tolist()
        return list(zip([0, *stops], stops))

    @cached_property
    def reversed_places(self):
        """Where each valid step stands among the valid steps when every sequence is read backward."""
        steps, columns = self.places
        firsts = np.array([first for first, _ in self.place_bounds])
        return firsts[self.lengths[columns] - 1 - steps] + columns

    @cached_property
    def _reversal(self):
        """Step that each (step, column) changes places with; beyond the end, each keeps its own."""
        step = np.arange(self.steps)[:, None]
        return np.where(step < self.lengths, self.lengths - 1 - step, step)

    def reverse(self, values):
        """Return a copy of ``values`` (steps, rows, batch) with each sequence read from its last step to its first."""
        if not self.is_ragged:
            return values[::-1].copy()
        return np.take_along_axis(values, self._reversal[:, None, :], axis=0)

    def with_values(self, values):
        """Return the same batch, and its plan, with other values at each step."""
        batch = StepBatch(values, self.lengths, self.context)
        batch.__dict__.update({k: v for k, v in self.__dict__.items() if k not in ("values", "lengths")})
        return batch

    def valid(self, segment):
        """Mask (steps, width) of the steps in ``segment`` that belong to a sequence, None if all do."""
        if self.lengths[segment.width - 1] >= segment.stop:
            return None
        return np.arange(segment.start, segment.stop)[:, None] < self.lengths[: segment.width]


#: Bytes of a cache line, and of the widest vector of a CPU.
LINE_BYTES = 64


def aligned_empty(size, dtype):
    """Return an uninitialised vector that begins with a cache line.

    NumPy aligns to 16 bytes. A vector instruction that straddles two lines then reads both: products of
    two arrays were measured to take twice the time.
    """
    memory = np.empty(size * dtype.itemsize + LINE_BYTES, dtype=np.uint8)
    begin = -memory.ctypes.data % LINE_BYTES
    return memory[begin : begin + size * dtype.itemsize].view(dtype)


class Workspace:
    """Memory for one call of fit or predict, used again for every batch.

    Fresh memory costs page faults and cold caches at each minibatch. A workspace belongs to a call, never to
    a fitted estimator, so that two threads may predict with one model.
    """

    #: Plans kept: enough for a full batch and the smaller last one of an epoch, in both directions of two layers.
    MAX_PLANS = 8

    def __init__(self):
        self._most_steps = self._most_columns = 0
        self._flat = {}
        self._plans = {}

    def array(self, name, shape, dtype):
        """Return an uninitialised array that shares its memory with every other array of this name."""
        size = prod(shape)
        flat = self._flat.get((name, dtype))
        if flat is None or flat.size < size:
            flat = self._flat[name, dtype] = aligned_empty(size, np.dtype(dtype))
            self._plans.clear()  # they would keep the smaller memory alive
        return flat[:size].reshape(shape)

    def expect(self, steps, columns):
        """Expect batches of at most ``steps`` steps and ``columns`` columns, those of all steps counted.

        Memory for a short batch is then large enough for longer ones, and rarely made again.
        """
        self._most_steps = max(self._most_steps, steps)
        self._most_columns = max(self._most_columns, columns)

    def steps_to_hold(self, steps, width):
        """Return the number of steps to make memory for, given a batch of ``steps`` steps of ``width`` columns."""
        return max(steps, min(self._most_steps, self._most_columns // width))

    def plan(self, key, make, serves=None):
        """Return ``make()``, or what it returned when last asked for ``key``, if that still ``serves``."""
        plan = self._plans.get(key)
        if plan is None or (serves is not None and not serves(plan)):
            plan = make()  # first: it may ask for memory, which ends other plans
            if len(self._plans) >= self.MAX_PLANS:
                self._plans.pop(next(iter(self._plans)))
            self._plans[key] = plan
        return plan
