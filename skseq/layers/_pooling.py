"""Pooling: from the hidden states of all steps to one vector a sequence, or to a vector a step.

A pooling takes the states a segment at a time, as they are computed, so that prediction keeps no history. Its
backward pass gives, for every step, what to add to the gradient of the hidden state: nothing, or an array for a
run of columns.
"""

import numpy as np


class _Pooling:
    """Shared by all: where the result stands.

    Parameters
    ----------
    batch : StepBatch
    units : int
    dtype : dtype
    """

    def __init__(self, batch, units, dtype):
        self.batch = batch
        self.pooled = np.zeros((units, batch.size), dtype=dtype)


class LastPooling(_Pooling):
    """The state after the last valid step."""

    def add(self, segment, states):
        """Take the states (steps, units, width) of ``segment``."""
        last = self.batch.lengths[: segment.width] - 1 - segment.start
        columns = np.flatnonzero((last >= 0) & (last < len(states)))
        self.pooled[:, columns] = states[last[columns], :, columns].T

    def result(self):
        """Return the pooled states (units, batch)."""
        return self.pooled

    def step_gradients(self, d_pooled):
        """Return, for each step, None or (first column, gradient (units, columns))."""
        gradients = [None] * self.batch.steps
        for first, stop, length in self.batch.runs:
            gradients[length - 1] = (first, d_pooled[:, first:stop])
        return gradients


class MeanPooling(_Pooling):
    """The mean over the valid steps."""

    def add(self, segment, states):
        """Take the states (steps, units, width) of ``segment``."""
        valid = self.batch.valid(segment)
        if valid is not None:
            states = np.where(valid[:, None, :], states, 0)
        self.pooled[:, : segment.width] += states.sum(axis=0)

    def result(self):
        """Return the pooled states (units, batch)."""
        return self.pooled / self.batch.lengths.astype(self.pooled.dtype)

    def step_gradients(self, d_pooled):
        """Return, for each step, (first column, gradient (units, columns))."""
        share = d_pooled / self.batch.lengths.astype(d_pooled.dtype)
        return [(0, share[:, :width]) for width in self.batch.widths]


class MaxPooling(_Pooling):
    """The maximum over the valid steps, unit by unit."""

    def __init__(self, batch, units, dtype):
        super().__init__(batch, units, dtype)
        self.pooled.fill(-np.inf)
        self.winners = np.zeros(self.pooled.shape, dtype=np.intp)

    def add(self, segment, states):
        """Take the states (steps, units, width) of ``segment``."""
        valid = self.batch.valid(segment)
        if valid is not None:
            states = np.where(valid[:, None, :], states, -np.inf)
        winners = states.argmax(axis=0)
        best = np.take_along_axis(states, winners[None], axis=0)[0]
        pooled = self.pooled[:, : segment.width]
        better = ~(best <= pooled)  # NaN too, so that it is not lost from sight
        self.winners[:, : segment.width][better] = winners[better] + segment.start
        np.copyto(pooled, best, where=better)

    def result(self):
        """Return the pooled states (units, batch)."""
        return self.pooled

    def step_gradients(self, d_pooled):
        """Return, for each step, (first column, gradient (units, columns)): all of it goes to the winning step."""
        gradients = np.zeros((self.batch.steps, *d_pooled.shape), dtype=d_pooled.dtype)
        np.put_along_axis(gradients, self.winners[None], d_pooled[None], axis=0)
        return [(0, gradient[:, :width]) for gradient, width in zip(gradients, self.batch.widths)]


class EveryStep:
    """No pooling: the state of every valid step has a column of its own, in the order of :attr:`StepBatch.places`.

    Parameters
    ----------
    batch : StepBatch
    units : int
    dtype : dtype
    """

    def __init__(self, batch, units, dtype):
        self.bounds = batch.place_bounds
        self.pooled = np.empty((units, self.bounds[-1][1]), dtype=dtype)

    def add(self, segment, states):
        """Take the states (steps, units, width) of ``segment``."""
        for (first, stop), state in zip(self.bounds[segment.start : segment.stop], states):
            self.pooled[:, first:stop] = state[:, : stop - first]

    def result(self):
        """Return the states (units, total_steps)."""
        return self.pooled

    def step_gradients(self, d_pooled):
        """Return, for each step, (first column, gradient (units, columns))."""
        return [(0, d_pooled[:, first:stop]) for first, stop in self.bounds]


POOLINGS = {"last": LastPooling, "mean": MeanPooling, "max": MaxPooling}
