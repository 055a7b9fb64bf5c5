"""Rows that are sequences: arrays (n, steps, features), and lists of sequences of any lengths."""

import numpy as np

from skseq.sequences import read_sequences

from ._checks import check_exact_integers, check_magnitude, refuse_booleans
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
    """

    def __init__(self, sequences, items, container):
        self.values = sequences.values
        self.starts = sequences.starts
        self.lengths = sequences.lengths
        self.items = items
        self.container = container

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
        children = np.split(steps, np.cumsum(lengths)[:-1]) if len(lengths) else []
        together = [*self.items, *children]
        if isinstance(self.container, tuple):
            return tuple(together)
        if not isinstance(self.container, np.ndarray):
            return together
        result = np.empty(len(together), dtype=object)
        for i, item in enumerate(together):  # assigning the list would try to stack equal lengths
            result[i] = item
        return result


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
        _check_kind(np.asarray(X), "X")
    else:
        items = [_kept(np.asarray(item), f"X[{i}]") for i, item in enumerate(items)]

    def locate(bad):
        step = int(np.flatnonzero(bad.any(axis=1))[0])
        i = int(np.searchsorted(sequences.starts, step, side="right")) - 1
        return f"X[{i}] at step {step - sequences.starts[i]}"

    check_magnitude(sequences.values, locate)
    return DenseRows(sequences.unpack()) if sequences.container == "array" else RaggedRows(sequences, items, X)


def _check_kind(array, where):
    """Raise if an array is boolean or has integers that float64 cannot hold."""
    if array.dtype.kind == "b":
        refuse_booleans(where)
    if array.dtype.kind in "iu" and array.size:
        check_exact_integers(array.min(), array.max(), where)


def _kept(array, where):
    """Return a sequence as it is if its dtype is kept, else as float64."""
    if array.dtype in (np.float32, np.float64):
        return array
    _check_kind(array, where)
    return array.astype(np.float64)
