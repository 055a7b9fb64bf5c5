"""The k nearest neighbours of each row among the rows of its class.

Distances are Euclidean and computed in float64 whatever the dtype of the rows. The rows are scaled by a
power of two and centred first, which changes no order among distances but keeps their squares from
overflowing, from vanishing and from cancelling.
"""

import numpy as np
from joblib import Parallel, delayed
from scipy import sparse

#: With more columns than this a tree looks at most of the rows anyway.
TREE_COLUMNS = 15

#: Below this many rows all distances are cheaper than a tree.
TREE_ROWS = 1000

#: Distances held at once by one worker (32 MB), so that no (n, n) matrix is ever made.
BLOCK_VALUES = 1 << 22

#: Candidates beyond k whose distances are computed again, difference by difference.
SPARE = 4


def nearest_neighbors(points, k, n_jobs=None):
    """Return the ``k`` nearest other rows of each row.

    A row is never its own neighbour, but another row with the same values may be. The result does not
    depend on ``n_jobs``.

    Parameters
    ----------
    points : ndarray or CSR of shape (m, columns), finite
    k : int
        From 1 to m - 1.
    n_jobs : int or None
        Threads, as joblib reads it.

    Returns
    -------
    ndarray of shape (m, k), intp
        Row numbers within ``points``, nearest first.
    """
    points = _conditioned(points)
    m, columns = points.shape
    if not sparse.issparse(points) and columns <= TREE_COLUMNS and m > TREE_ROWS:
        from sklearn.neighbors import NearestNeighbors

        search = NearestNeighbors(n_neighbors=k, algorithm="kd_tree", n_jobs=n_jobs).fit(points)
        return search.kneighbors(return_distance=False)
    kept = min(m - 1, k + SPARE)
    size = BLOCK_VALUES // m
    if sparse.issparse(points):
        squares = np.asarray(points.multiply(points).sum(axis=1)).ravel()
        transposed = points.T.tocsr()
    else:
        squares = np.einsum("ij,ij->i", points, points)
        transposed = points.T
        size = min(size, BLOCK_VALUES // (kept * columns))
    size = max(1, size)
    blocks = Parallel(n_jobs=n_jobs, require="sharedmem")(
        delayed(_nearest_in_block)(points, transposed, squares, slice(start, min(start + size, m)), k, kept)
        for start in range(0, m, size)
    )
    return np.concatenate(blocks)


def _conditioned(points):
    """Return ``points`` in float64, centred (unless sparse) and with values of at most about one."""
    is_sparse = sparse.issparse(points)
    values = (points.data if is_sparse else points).astype(np.float64)
    largest = max(values.max(), -values.min()) if values.size else 0.0
    values = np.ldexp(values, -np.frexp(largest)[1])
    if is_sparse:
        return type(points)((values, points.indices, points.indptr), shape=points.shape)
    values -= values.mean(axis=0)
    return values


def _nearest_in_block(points, transposed, squares, block, k, kept):
    """Return the k nearest rows of the rows in ``block``."""
    queries = points[block]
    products = queries @ transposed
    if sparse.issparse(products):
        products = products.toarray()
    # |a - b|^2 = |a|^2 + |b|^2 - 2 ab, and |a|^2 is the same for a whole row.
    products *= -2
    products += squares
    row = np.arange(len(products))
    products[row, row + block.start] = np.inf
    candidates = np.sort(np.argpartition(products, kept - 1, axis=1)[:, :kept], axis=1)
    if sparse.issparse(points):
        distances = np.take_along_axis(products, candidates, axis=1)
    else:
        steps = points[candidates]
        steps -= queries[:, np.newaxis]
        distances = np.einsum("ijk,ijk->ij", steps, steps)
    # A stable sort of sorted row numbers: of two rows at the same distance the first one in X wins.
    order = np.argsort(distances, axis=1, kind="stable")[:, :k]
    return np.take_along_axis(candidates, order, axis=1)
