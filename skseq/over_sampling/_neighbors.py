"""The k nearest neighbours of each row among the rows of its class.

Distances are Euclidean and computed in float64 whatever the dtype of the rows; of two rows at the same distance the
first one is nearer. How the neighbours are looked for depends on the data, and what is found does not: a tree, or
products of matrices in float32 or float64, leave a few candidates, among which exact distances decide.
"""

import numpy as np
from joblib import effective_n_jobs

from skseq._blas import allowed_threads, one_blas_thread
from skseq._samplers import chunks
from skseq._threads import Crew

from ._points import DensePoints, as_points

#: With fewer rows than this, or more columns, a tree gains nothing.
TREE_ROWS, TREE_COLUMNS = 2000, 16

#: A tree also pays only if fewer rows than this fraction lie in the box around the ball of a row's neighbours.
TREE_FRACTION = 1 / 60

#: Neighbours that a tree looks for at once.
TREE_VALUES = 1 << 15

#: Rows by which the way of searching is chosen.
SAMPLE = 32

#: Candidates for each neighbour above which rows have many copies, or float32 is not exact enough.
MANY_CANDIDATES = 8

#: Distances held at once by one thread, so that no (m, m) matrix is ever made; and the most queries at once.
BLOCK_VALUES, BLOCK_ROWS = 1 << 20, 256

#: Distances of which only the least is looked at first.
GROUP = 32


def nearest_neighbors(points, k, n_jobs=None, queries=None):
    """Return the ``k`` nearest other rows of each row, or of some rows.

    A row is never its own neighbour, but another row with the same values may be. The result does not
    depend on ``n_jobs``.

    Parameters
    ----------
    points : ndarray or CSR of shape (m, columns), finite, or points of ``_points``
    k : int
        From 1 to m - 1.
    n_jobs : int or None
        Threads, as joblib reads it, but no more than the BLAS may use; None is as many as that.
    queries : ndarray of shape (n_queries,), intp, optional
        Row numbers of the points whose neighbours are wanted; all if None.

    Returns
    -------
    ndarray of shape (n_queries, k), intp
        Row numbers within ``points``, nearest first.
    """
    points = as_points(points)
    queries = np.arange(len(points)) if queries is None else np.asarray(queries, dtype=np.intp)
    threads = allowed_threads() if n_jobs is None else effective_n_jobs(n_jobs)
    with Crew(threads) as crew, one_blas_thread:
        search = BlockSearch(points, k, np.float32)
        if len(queries) < 4 * SAMPLE:
            return search.find(queries, crew)
        sample = queries[:: len(queries) // SAMPLE]
        found = search.find(sample, crew)
        if search.n_candidates > MANY_CANDIDATES * found.size:
            return find_among_copies(points, queries, k, crew)
        if tree_pays(points, sample, found[:, -1]):
            return find_by_tree(points, queries, k, search, crew)
        return search.find(queries, crew)


class BlockSearch:
    """Search by products of blocks of queries with all rows.

    Each row's smallest distances are found in two strokes. The distances are divided into groups, and the k-th least
    of the groups' minima is an upper bound of the k-th distance; all whose distance may be below, given the error of
    the products, are candidates. So no neighbour is ever missed, and candidates are hardly more than k.

    Parameters
    ----------
    points : points of ``_points``
    k : int
    dtype : dtype
        Of the products.

    Attributes
    ----------
    n_candidates : int
        Rows that were candidates in the searches so far.
    """

    def __init__(self, points, k, dtype):
        self.points, self.k = points, k
        m = len(points)
        self.size = min(GROUP, max(1, m // (4 * k)))
        self.groups = -(-m // self.size)
        self.screen = points.screen(dtype, self.groups * self.size)
        self.n_candidates = 0

    def find(self, queries, crew):
        """Return the neighbours (n_queries, k) of the rows ``queries``."""
        found = np.empty((len(queries), self.k), dtype=np.intp)
        threads = crew.threads if len(queries) > BLOCK_ROWS else 1
        parts = zip(np.array_split(queries, threads), np.array_split(found, threads))
        self.n_candidates += sum(crew.map(self._find_part, *zip(*parts)))
        return found

    def _find_part(self, queries, found):
        """Write the neighbours of ``queries`` into ``found`` and return the number of candidates."""
        width = self.groups * self.size
        size = min(BLOCK_ROWS, max(16, BLOCK_VALUES // width))
        products = np.empty((min(size, len(queries)), width), dtype=self.screen.dtype)
        n_candidates = 0
        for start in range(0, len(queries), size):
            block = queries[start : start + size]
            first, rows = self._candidates(block, products[: len(block)])
            distances = self.points.squared_distances(block[first], rows)
            order = np.lexsort((rows, distances, first))
            starts = np.searchsorted(first, np.arange(len(block)))
            found[start : start + size] = rows[order][starts[:, np.newaxis] + np.arange(self.k)]
            n_candidates += len(rows)
        return n_candidates

    def _candidates(self, queries, products):
        """Return pairs (position in ``queries``, row), the positions in ascending order."""
        self.screen.fill(queries, products)
        products[np.arange(len(queries)), queries] = np.inf
        grouped = products.reshape(len(queries), self.size, self.groups)
        minima = grouped.min(axis=1)
        bound = np.partition(minima, self.k - 1, axis=1)[:, self.k - 1].astype(np.float64)
        # Both the distance that sets the bound and the one that is held against it may be off.
        bound += 2 * self.screen.error(queries, bound)
        bound = bound.astype(products.dtype)[:, np.newaxis]
        first, group = np.nonzero(minima <= bound)
        hit, within = np.nonzero(grouped[first, :, group] <= bound[first])
        return first[hit], within * self.groups + group[hit]


def find_among_copies(points, queries, k, crew):
    """Return the neighbours (n_queries, k) of the rows ``queries``, where many rows may be equal.

    Of equal rows only the first k + 1 can be neighbours of any row, and a row that has k other copies has no nearer
    ones than the first of these. All others are looked for by products in float64.
    """
    numbers = {}
    group = np.array([numbers.setdefault(key, len(numbers)) for key in points.row_keys()])
    counts = np.bincount(group)
    by_group, starts = np.argsort(group, kind="stable"), np.cumsum(counts) - counts
    found = np.empty((len(queries), k), dtype=np.intp)

    copied = counts[group[queries]] > k
    copies = by_group[starts[group[queries[copied]], np.newaxis] + np.arange(k + 1)]
    left_out = copies == queries[copied, np.newaxis]
    left_out[~left_out.any(axis=1), k] = True
    found[copied] = copies[~left_out].reshape(-1, k)

    if not copied.all():
        first = np.arange(len(points)) - np.repeat(starts, counts) <= k
        kept = np.sort(by_group[first])
        search = BlockSearch(points.take(kept), k, np.float64)
        found[~copied] = kept[search.find(np.searchsorted(kept, queries[~copied]), crew)]
    return found


def tree_pays(points, sample, farthest):
    """Return whether a tree finds neighbours faster than products do.

    What a tree must look at lies in the cells that meet the ball of a row's neighbours, and is many times what lies in
    the box around the ball. Where rows fill all their columns, that is soon every row.

    Parameters
    ----------
    points : points of ``_points``
    sample : ndarray of shape (n_sample,), intp
        Some rows.
    farthest : ndarray of shape (n_sample,), intp
        The farthest neighbour of each.
    """
    if type(points) is not DensePoints or len(points) < TREE_ROWS or points.values.shape[1] > TREE_COLUMNS:
        return False
    radii = np.sqrt(points.squared_distances(sample, farthest))
    some = points.values[:: len(points) // TREE_ROWS]
    inside = [(np.abs(some - points.values[row]) <= radius).all(axis=1).mean() for row, radius in zip(sample, radii)]
    return np.mean(inside) < TREE_FRACTION


def find_by_tree(points, queries, k, search, crew):
    """Return the neighbours (n_queries, k) of the rows ``queries``, looked for by a tree.

    ``search`` finds those of the rows whose k-th neighbour is as near as the next one: which of them a tree returns
    is its own secret.
    """
    from scipy.spatial import KDTree

    tree = KDTree(points.values, leafsize=32)
    found = np.empty((len(queries), k), dtype=np.intp)
    for chunk in chunks(0, len(queries), k, TREE_VALUES):
        some = queries[chunk]
        # The row itself, its neighbours, and one more.
        distances, rows = tree.query(points.values[some], k + 2, workers=crew.threads)
        uncertain = np.flatnonzero(distances[:, k + 1] <= distances[:, k] * (1 + 1e-9))
        own = rows == some[:, np.newaxis]
        own[uncertain] = np.arange(k + 2) == 0
        rows = rows[~own].reshape(len(some), k + 1)
        exact = points.squared_distances(np.repeat(some, k + 1), rows.ravel()).reshape(rows.shape)
        found[chunk] = np.take_along_axis(rows, np.lexsort((rows, exact)), axis=1)[:, :k]
        found[chunk][uncertain] = search.find(some[uncertain], crew)
    return found
