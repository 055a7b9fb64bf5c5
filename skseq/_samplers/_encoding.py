"""Labels and categories as numbers."""

import numpy as np

#: Integers below this are counted instead of sorted.
SMALL = 1 << 12


def encode(values):
    """Return the distinct values, sorted, the position of each value among them, and how often each occurs.

    Parameters
    ----------
    values : ndarray of shape (n,)
        NaN counts as one value.

    Returns
    -------
    distinct : ndarray of shape (n_distinct,)
    codes : ndarray of shape (n,), integers
    counts : ndarray of shape (n_distinct,)
    """
    integers = _small_integers(values)
    if integers is None:
        return np.unique(values, return_inverse=True, return_counts=True)
    counts = np.bincount(integers)
    distinct = np.flatnonzero(counts)
    positions = np.zeros(len(counts), dtype=np.uint16)
    positions[distinct] = np.arange(len(distinct))
    return distinct.astype(values.dtype), positions[integers], counts[distinct]


def _small_integers(values):
    """Return the values as intp if they are integers from 0 to SMALL, whatever their dtype, else None."""
    if values.dtype.kind not in "iuf" or not (values.min() >= 0 and values.max() < SMALL):
        return None
    integers = values.astype(np.intp, copy=False)
    return integers if values.dtype.kind != "f" or (integers == values).all() else None
