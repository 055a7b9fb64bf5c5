"""Sequences of any lengths, laid end to end in one array."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Sequences:
    """Sequences of any lengths, their steps laid end to end.

    Attributes
    ----------
    values : ndarray of shape (total_steps, features), or (total_steps,) for token ids
        Or a frame (total_steps, features), where the reader was asked to keep frames.
    lengths : ndarray of shape (n,), intp
        Steps of each sequence, one or more.
    form : str
        A key of ``FORMS``: what X looked like.
    container : {"columns", "array", "rows", "list"}
        What a result that keeps the shape of X should be; "rows" are lists of numbers, all of one length.
    context : ndarray of shape (n, ...), optional
        What is known of each sequence as a whole.
    """

    values: np.ndarray
    lengths: np.ndarray
    form: str
    container: str
    context: np.ndarray | None = None

    def __len__(self):
        return len(self.lengths)

    @property
    def n_features(self):
        """Features of a step; 1 for token ids."""
        return 1 if len(self.values.shape) == 1 else self.values.shape[1]

    @cached_property
    def starts(self):
        """Row of ``values`` where each sequence begins, shape (n,)."""
        return np.cumsum(self.lengths) - self.lengths

    @cached_property
    def equal_steps(self):
        """The number of steps if all sequences have the same, else None."""
        first = int(self.lengths[0])
        return first if (self.lengths == first).all() else None

    @cached_property
    def context_lengths(self):
        """Where the context holds ids (n, longest), padded with -1: the number of them of each sequence, shape (n,)."""
        return (self.context >= 0).sum(axis=1)

    @cached_property
    def context_starts(self):
        """Where the ids of each context begin if they are laid end to end, shape (n,)."""
        return np.cumsum(self.context_lengths) - self.context_lengths

    def take(self, rows):
        """Return the sequences ``rows``, copied."""
        context = None if self.context is None else self.context[rows]
        return Sequences(self.values[self.step_rows(rows)], self.lengths[rows], self.form, self.container, context)

    def step_rows(self, rows):
        """Rows of ``values`` that hold the steps of the sequences ``rows``, one sequence after another."""
        return _runs(self.starts[rows], self.lengths[rows])

    def context_rows(self, rows):
        """The same for the ids of their contexts laid end to end."""
        return _runs(self.context_starts[rows], self.context_lengths[rows])

    def with_values(self, values):
        """Return the same sequences with other values at each step."""
        return replace(self, values=values)

    def split(self, values):
        """Return ``values`` (total_steps, ...) by sequence: an array (n, steps, ...), or for lists one of n arrays."""
        if self.container in ("columns", "array"):
            return values.reshape(len(self), self.equal_steps, *values.shape[1:])
        return array_of(np.split(values, self.starts[1:]))

    def unpack(self):
        """Return the sequences in the container of X: a list, an array (n, steps, features) or rows."""
        if self.container == "list":
            return np.split(self.values, self.starts[1:])
        if self.container in ("array", "rows"):
            return self.values.reshape(len(self), self.equal_steps, -1)
        return self.values.reshape(len(self), -1)


def array_of(items):
    """Return an array (n,) of objects; NumPy would stack items of one length."""
    array = np.empty(len(items), dtype=object)
    for i, item in enumerate(items):
        array[i] = item
    return array


def _runs(starts, lengths):
    """Return the numbers of each run, which begins at ``starts`` and has ``lengths``, one run after another."""
    offsets = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(starts - offsets, lengths)
