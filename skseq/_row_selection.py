"""Rows of X or y in any container."""

from numbers import Number

import numpy as np


def take_rows(values, rows):
    """Return the rows (sequences) ``rows`` of ``values`` in its container.

    Parameters
    ----------
    values : ndarray, sparse matrix, DataFrame, Series, list, tuple or None
        None and numbers, which stand for all rows alike, are returned as they are.
    rows : ndarray of shape (n_rows,), intp
    """
    if values is None or isinstance(values, Number):
        return values
    if isinstance(values, (list, tuple)):
        return [values[row] for row in rows]
    if hasattr(values, "iloc"):  # pandas
        return values.iloc[rows]
    if hasattr(values, "to_pylist"):  # pyarrow
        return values.take(rows)
    return values[rows] if hasattr(values, "shape") else np.asarray(values)[rows]
