"""Rows that are sequences: arrays (n, steps, features), and lists of sequences of any lengths."""

import numpy as np

from skseq._samplers import in_container
from skseq.sequences import is_frame, read_sequences

from ._checks import check_exact_integers, check_magnitude, is_kept, refuse_booleans
from ._frames import frame_like
from ._interpolation import interpolate_ragged, resample_steps
from ._rows import DenseRows


class RaggedRows:
    """Sequences of a list, tuple or object array.

    Parameters
    ----------
    sequences : Sequences
    items : list of ndarray
        The sequences as they will be in the result.
    container : list, tuple or ndarray
        What came.
    frames : list of DataFrame, optional
        What the items were, if they were data frames; the result holds frames then, whose columns have names.
    """

    def __init__(self, sequences, items, container, frames=None):
        self.values = sequences.values
        self.starts = sequences.starts
        self.lengths = sequences.lengths
        self.items = items
        self.container = container
        self.frames = frames
        self.dtype = np.result_type(*{item.dtype for item in items})
        if self.dtype.kind == "f":
            self.values = self.values.astype(self.dtype, copy=False)

    def __len__(self):
        return len(self.lengths)

    def points(self, rows):
        """Return ``rows`` as points (m, steps * features), all resampled to their mean number of steps.

        The mean, and not the longest, so that one long sequence among many cannot exhaust the memory.
        """
        steps = int(np.ceil(self.lengths[rows].mean()))
        same = np.full(len(rows), steps)
        return resample_steps(self.values, self.starts, self.lengths, rows, same).reshape(len(rows), -1)

    def draw_gaps(self, parents, gap, random_state):
        """Return one gap for each child, or one for each feature of each child."""
        shape = len(parents) if gap == "row" else (len(parents), self.values.shape[1])
        return random_state.random_sample(shape).astype(self.values.dtype)

    def with_children(self, parents, gaps):
        """Return the sequences followed by the children of ``parents``, in the container that came."""
        steps, lengths = interpolate_ragged(self.values, self.starts, self.lengths, parents, gaps)
        if all(item.ndim == 1 for item in self.items):
            steps = steps[:, 0]
        if self.dtype.kind in "iu":
            steps = np.rint(steps).astype(self.dtype)
        children = np.split(steps, np.cumsum(lengths)[:-1]) if len(lengths) else []
        if self.frames is not None:
            children = [frame_like(self.frames[0], child) for child in children]
        return in_container([*(self.frames or self.items), *children], self.container)


def read_sequence_rows(estimator, X, items):
    """Validate sequences for ``estimator`` and return them as :class:`DenseRows` or :class:`RaggedRows`.

    Parameters
    ----------
    estimator : estimator
    X : ndarray of shape (n, steps, features), or list, tuple or object array of sequences
    items : the same, as a list if X is ragged
    """
    sequences = read_sequences(estimator, X, reset=True)
    if sequences.container == "array":
        array = _kept(np.asarray(X), "X")
        if array.dtype.kind in "iu":
            return DenseRows(array)
        sequences = sequences.with_values(sequences.values.astype(array.dtype, copy=False))
    else:
        frames = items if all(map(is_frame, items)) else None
        items = [_kept(np.asarray(item), f"X[{i}]") for i, item in enumerate(items)]

    def locate(bad):
        step = int(np.flatnonzero(bad.any(axis=1))[0])
        i = int(np.searchsorted(sequences.starts, step, side="right")) - 1
        return f"X[{i}] at step {step - sequences.starts[i]}"

    check_magnitude(sequences.values, locate)
    if sequences.container == "array":
        return DenseRows(sequences.unpack())
    return RaggedRows(sequences, items, X, frames)


def _kept(array, where):
    """Return a sequence, or an array of them, as it is if it holds float32, float64 or integers, else in float64."""
    if array.dtype.kind == "b":
        refuse_booleans(where)
    if array.dtype.kind in "iu":
        check_exact_integers(array.min(), array.max(), where)
        return array.astype(array.dtype.newbyteorder("="), copy=False)
    return array.astype(array.dtype.newbyteorder("=") if is_kept(array.dtype) else np.float64, copy=False)
