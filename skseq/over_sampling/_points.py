"""Points between which distances are computed: quickly, to find who is near, and exactly, to say who is nearest.

Each kind of points offers ``len``, ``screen``, which returns a :class:`DenseScreen` or :class:`SparseScreen`,
``squared_distances``, ``take``, which returns some of the rows as points, and ``row_keys``.
"""

from itertools import pairwise

import numpy as np
from scipy import sparse

from skseq._samplers import chunks

#: Values of differences held at once, so that they stay in the processor's cache.
CHUNK_VALUES = 1 << 17

#: Squares of larger values could overflow when they are added, those of smaller ones vanish.
LARGEST, SMALLEST = 2.0**480, 2.0**-400

#: Categories of a column up to which the product of matrices compares them; beyond, lists of rows are cheaper.
FEW_CATEGORIES = 16


class DensePoints:
    """Rows of an array.

    Parameters
    ----------
    values : ndarray of shape (m, columns), finite
    """

    def __init__(self, values):
        self.values, _ = rescaled(values)

    def __len__(self):
        return len(self.values)

    def take(self, rows):
        """Return the rows ``rows``."""
        return DensePoints(self.values[rows])

    def row_keys(self):
        """Yield bytes for each row, which are equal if and only if rows are."""
        return ((row + 0.0).tobytes() for row in self.values)  # -0.0 + 0.0 is 0.0

    def screen(self, dtype, width):
        """Return a :class:`DenseScreen` that computes in ``dtype``, padded to ``width`` rows."""
        return DenseScreen(self.values, dtype, width)

    def squared_distances(self, first, second):
        """Return the squared distance of each pair of rows in float64, difference by difference."""
        distances = np.empty(len(first))
        columns = self.values.shape[1]
        # Memory is taken once: threads that take and return it for each chunk wait for each other.
        buffers = np.empty((2, min(len(first), max(1, CHUNK_VALUES // columns)), columns))
        for chunk in chunks(0, len(first), columns, CHUNK_VALUES):
            steps, others = buffers[:, : chunk.stop - chunk.start]
            np.take(self.values, first[chunk], axis=0, out=steps, mode="clip")
            np.take(self.values, second[chunk], axis=0, out=others, mode="clip")
            steps -= others
            np.einsum("ij,ij->i", steps, steps, out=distances[chunk])
        return distances


class MixedPoints(DensePoints):
    """Rows with categories, of which each that differs counts like a number that differs.

    Parameters
    ----------
    values : ndarray of shape (m, columns), finite
    codes : ndarray of shape (m, categorical columns), int
        The category of each row in each column: 0, 1, 2, ...
    difference : float
        Its square is added to the squared distance for each category that differs.
    """

    def __init__(self, values, codes, difference):
        self.values, exponent = rescaled(values, difference)
        self.codes = codes
        self.difference = float(np.ldexp(difference, exponent))
        self.penalty = self.difference**2

    def take(self, rows):
        """Return the rows ``rows``."""
        return MixedPoints(self.values[rows], self.codes[rows], self.difference)

    def row_keys(self):
        """Yield bytes for each row, which are equal if and only if rows are."""
        return (key + row.tobytes() for key, row in zip(super().row_keys(), self.codes))

    def screen(self, dtype, width):
        """Return a :class:`DenseScreen` that computes in ``dtype``, padded to ``width`` rows."""
        return DenseScreen(self.values, dtype, width, self.codes, self.penalty)

    def squared_distances(self, first, second):
        """Return the squared distance of each pair of rows in float64."""
        distances = super().squared_distances(first, second)
        differing = np.zeros(len(first), dtype=np.intp)
        for column in self.codes.T:
            differing += column[first] != column[second]
        return distances + self.penalty * differing


class SparsePoints:
    """Rows of a CSR matrix, never made dense as a whole.

    Parameters
    ----------
    values : CSR of shape (m, columns), finite
    """

    def __init__(self, values):
        data, _ = rescaled(values.data)
        self.values = type(values)((data, values.indices, values.indptr), shape=values.shape)

    def __len__(self):
        return self.values.shape[0]

    def take(self, rows):
        """Return the rows ``rows``."""
        return SparsePoints(self.values[rows])

    def row_keys(self):
        """Yield bytes for each row, which are equal if and only if rows are."""
        values = self.values.copy()
        values.sum_duplicates()
        values.eliminate_zeros()
        bounds = values.indptr.tolist()
        columns, data = values.indices, values.data
        for start, stop in pairwise(bounds):
            yield columns[start:stop].tobytes() + data[start:stop].tobytes()

    def screen(self, dtype, width):
        """Return a :class:`SparseScreen`, padded to ``width`` rows; it computes in float64."""
        return SparseScreen(self.values, width)

    def squared_distances(self, first, second):
        """Return the squared distance of each pair of rows in float64, difference by difference."""
        distances = np.empty(len(first))
        for chunk in chunks(0, len(first), -(-self.values.nnz // len(self)), CHUNK_VALUES):
            steps = self.values[first[chunk]] - self.values[second[chunk]]
            distances[chunk] = np.asarray(steps.multiply(steps).sum(axis=1)).ravel()
        return distances


class DenseScreen:
    """Squared distances from queries to all rows, up to a number that all of a query share: ``|b|^2 - 2 ab``.

    They are computed by one product of matrices, on rows that are scaled by a power of two and centred, which changes
    no order among distances but keeps their squares small.

    Parameters
    ----------
    values : ndarray of shape (m, columns)
    dtype : dtype
        float32 or float64.
    width : int
        m or more.
    codes, penalty : see :class:`MixedPoints`
    """

    def __init__(self, values, dtype, width, codes=None, penalty=0.0):
        m, columns = values.shape
        few = () if codes is None else [codes for codes in codes.T if codes.max() < FEW_CATEGORIES]
        many = () if codes is None else [codes for codes in codes.T if codes.max() >= FEW_CATEGORIES]
        indicators = sum(int(codes.max()) + 1 for codes in few)
        # One column of the product adds |b|^2, which is as good as infinite for the rows that fill up the width.
        right = np.zeros((columns + indicators + 1, width), dtype=dtype)
        mean = values.mean(axis=0)
        largest = max((values.max(axis=0) - mean).max(), (mean - values.min(axis=0)).max(), penalty**0.5)
        scale = 2.0 ** -float(np.frexp(largest)[1])
        for chunk in chunks(0, m, columns, CHUNK_VALUES):
            centred = values[chunk] - mean
            centred *= scale
            right[:columns, chunk] = centred.T
        penalty *= scale * scale
        row = columns
        for codes in few:  # two rows that differ do so in two indicators
            right[row + codes, np.arange(m)] = np.sqrt(penalty / 2)
            row += int(codes.max()) + 1
        self.squares = np.einsum("ij,ij->j", right[:, :m], right[:, :m])
        right[-1, :m] = self.squares
        right[-1, m:] = np.finfo(dtype).max / 4
        self.dtype = right.dtype
        # Where there are many categories few rows share one. All others have the penalty: it is left out, like |a|^2.
        self.shift = penalty * len(many)
        self.terms = len(right) + len(many)
        self._right, self._penalty = right, self.dtype.type(penalty)
        self._many = [(codes, rows_of_each(codes)) for codes in many]

    def fill(self, queries, out):
        """Write the distances of the rows ``queries`` into ``out`` (n_queries, width)."""
        left = self._right[:, queries]
        left *= -2
        left[-1] = 1
        np.dot(left.T, self._right, out=out)
        for codes, rows in self._many:
            for distances, code in zip(out, codes[queries].tolist()):
                distances[rows[code]] -= self._penalty

    def error(self, queries, distances):
        """Return how far off the ``distances`` from ``queries`` may be.

        A sum of n terms and the terms are off by less than ``(n + 3) u (2 |a| |b| + 2 |b|^2)``, with u half the
        distance from 1 to the next number; ``|b| <= |a| + |a - b|`` makes this ``8 (n + 3) u (|a|^2 + |a - b|^2)``.
        To that comes what is lost below the smallest numbers.
        """
        info = np.finfo(self.dtype)
        own = self.squares[queries].astype(np.float64) + self.shift
        size = own + np.maximum(distances + own, 0)
        return 4 * (self.terms + 3) * (float(info.eps) * size + float(info.tiny))


class SparseScreen(DenseScreen):
    """The same for sparse rows, which are not centred.

    Parameters
    ----------
    values : CSR of shape (m, columns)
    width : int
    """

    def __init__(self, values, width):
        self.dtype = np.dtype(np.float64)
        self.squares = np.asarray(values.multiply(values).sum(axis=1)).ravel()
        self.shift = 0.0
        self.terms = int(np.diff(values.indptr).max()) + 1
        self._values, self._transposed = values, values.T.tocsr()

    def fill(self, queries, out):
        """Write the distances of the rows ``queries`` into ``out`` (n_queries, width)."""
        m = len(self.squares)
        out[:, m:] = np.inf
        out[:, :m] = (self._values[queries] @ self._transposed).toarray()
        out[:, :m] *= -2
        out[:, :m] += self.squares


def rescaled(values, other=0.0):
    """Return ``values`` in float64, such that sums of squares neither overflow nor vanish, and the exponent of two.

    Values of common size come back as they are. ``other`` is a value that is to be scaled with them.
    """
    values = np.ascontiguousarray(values, dtype=np.float64)
    largest = max(values.max(), -values.min(), other) if values.size else 0.0
    if largest == 0 or SMALLEST <= largest <= LARGEST:
        return values, 0
    exponent = int(np.frexp(LARGEST)[1] - np.frexp(largest)[1])
    return np.ldexp(values, exponent), exponent


def rows_of_each(codes):
    """Return a list of arrays: the rows of category 0, those of category 1, ..."""
    return np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1])


def as_points(values):
    """Return an array or a CSR matrix as points, and points as they are."""
    if sparse.issparse(values):
        return SparsePoints(values)
    return DensePoints(values) if isinstance(values, np.ndarray) else values
