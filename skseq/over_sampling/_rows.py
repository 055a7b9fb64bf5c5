"""Rows that all have the same shape: arrays, lists of lists and sparse matrices."""

import numpy as np
from scipy import sparse

from ._interpolation import interpolate_dense, interpolate_sparse


class DenseRows:
    """Rows of an array.

    Parameters
    ----------
    values : ndarray of shape (n, columns) or (n, steps, features), float32 or float64
    """

    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def points(self, rows):
        """Return ``rows`` as points (m, values of a row), for distances."""
        return self.values[rows].reshape(len(rows), -1)

    def draw_gaps(self, parents, gap, random_state):
        """Return one gap for each child, or one for each column (feature of a step) of each child."""
        shape = len(parents) if gap == "row" else (len(parents), self.values.shape[-1])
        return random_state.random_sample(shape).astype(self.values.dtype)

    def with_children(self, parents, gaps):
        """Return the rows followed by the children of ``parents``, made in one allocation."""
        n = len(self.values)
        out = np.empty((n + len(parents), *self.values.shape[1:]), dtype=self.values.dtype)
        out[:n] = self.values
        self.write_children(parents, gaps, out[n:])
        return out

    def write_children(self, parents, gaps, out):
        """Write the children of ``parents`` into ``out``."""
        between = (1,) * (self.values.ndim - gaps.ndim)
        gaps = gaps.reshape(len(gaps), *between, *gaps.shape[1:])
        interpolate_dense(self.values, parents, gaps, out)


class TableRows(DenseRows):
    """Rows of a list of lists (or of tuples), which come back as such.

    Parameters
    ----------
    values : ndarray of shape (n, columns)
    table : list or tuple of list or tuple
    """

    def __init__(self, values, table):
        super().__init__(values)
        self.table = table

    def with_children(self, parents, gaps):
        """Return the table followed by the children of ``parents``."""
        out = np.empty((len(parents), *self.values.shape[1:]), dtype=self.values.dtype)
        self.write_children(parents, gaps, out)
        children = map(tuple, out.tolist()) if isinstance(self.table[0], tuple) else out.tolist()
        table = [*self.table, *children]
        return table if isinstance(self.table, list) else tuple(table)


class SparseRows:
    """Rows of a sparse matrix or array, which is never made dense as a whole.

    Parameters
    ----------
    values : CSR of shape (n, columns), float32 or float64
    form : str
        The sparse format of the result.
    """

    def __init__(self, values, form):
        self.values = values
        self.form = form

    def __len__(self):
        return self.values.shape[0]

    def points(self, rows):
        """Return ``rows`` as CSR, for distances."""
        return self.values[rows]

    def draw_gaps(self, parents, gap, random_state):
        """Return one gap for each child, or CSR with one for each column in which its parents differ."""
        if gap == "row":
            return random_state.random_sample(len(parents)).astype(self.values.dtype)
        gaps = (self.values[parents[:, 0]] - self.values[parents[:, 1]]).tocsr()
        gaps.data = random_state.random_sample(gaps.nnz).astype(self.values.dtype)
        return gaps

    def with_children(self, parents, gaps):
        """Return the rows followed by the children of ``parents``, in the sparse format that came."""
        children = interpolate_sparse(self.values, parents, gaps)
        return sparse.vstack([self.values, children], format=self.form)
