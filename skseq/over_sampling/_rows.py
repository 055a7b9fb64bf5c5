"""Rows that all have the same shape: arrays, lists of lists and sparse matrices."""

import numpy as np
from scipy import sparse

from skseq._samplers import in_parts

from ._interpolation import interpolate_dense, interpolate_sparse


def gap_dtype(dtype):
    """Return the dtype in which rows of ``dtype`` are interpolated: their own, or float64 for integers."""
    return dtype if dtype.kind == "f" else np.dtype(np.float64)


class DenseRows:
    """Rows of an array.

    Parameters
    ----------
    values : ndarray of shape (n, columns) or (n, steps, features), float32, float64 or integers
    """

    def __init__(self, values):
        self.values = values

    def __len__(self):
        return len(self.values)

    def points(self, rows):
        """Return ``rows``, in ascending order, as points (m, values of a row), for distances."""
        values = self.values if len(rows) == len(self) else self.values[rows]
        return values.reshape(len(rows), -1)

    def draw_gaps(self, parents, gap, random_state):
        """Return one gap for each child, or one for each column (feature of a step) of each child."""
        shape = len(parents) if gap == "row" else (len(parents), self.values.shape[-1])
        return random_state.random_sample(shape).astype(gap_dtype(self.values.dtype), copy=False)

    def with_children(self, parents, gaps):
        """Return the rows followed by the children of ``parents``, made in one allocation."""
        n = len(self)
        out = np.empty((n + len(parents), *self.values.shape[1:]), dtype=self.values.dtype)

        def copy(start, stop):
            out[start:stop] = self.values[start:stop]

        in_parts(copy, n, self.values[:1].size)
        # The parents are read where they have just been written: rows that lie in one piece.
        self._write_children(out[:n], parents, gaps, out[n:])
        return out

    def children(self, parents, gaps):
        """Return the children of ``parents``."""
        out = np.empty((len(parents), *self.values.shape[1:]), dtype=self.values.dtype)
        self._write_children(self.values, parents, gaps, out)
        return out

    def _write_children(self, values, parents, gaps, out):
        between = (1,) * (values.ndim - gaps.ndim)
        interpolate_dense(values, parents, gaps.reshape(len(gaps), *between, *gaps.shape[1:]), out)


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
        children = self.children(parents, gaps).tolist()
        if isinstance(self.table[0], tuple):
            children = map(tuple, children)
        table = [*self.table, *children]
        return table if isinstance(self.table, list) else tuple(table)


class SparseRows:
    """Rows of a sparse matrix or array, which is never made dense as a whole.

    Parameters
    ----------
    values : CSR of shape (n, columns), float32, float64 or integers
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
        dtype = gap_dtype(self.values.dtype)
        if gap == "row":
            return random_state.random_sample(len(parents)).astype(dtype, copy=False)
        values = self.values.astype(dtype, copy=False)
        gaps = (values[parents[:, 0]] - values[parents[:, 1]]).tocsr()
        gaps.data = random_state.random_sample(gaps.nnz).astype(dtype, copy=False)
        return gaps

    def with_children(self, parents, gaps):
        """Return the rows followed by the children of ``parents``, in the sparse format that came."""
        children = interpolate_sparse(self.values, parents, gaps)
        return sparse.vstack([self.values, children], format=self.form)
