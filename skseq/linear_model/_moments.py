"""Sums over the rows of X that say how its columns are spread and how they go together."""

import numpy as np

#: Narrow rows that are laid side by side: NumPy starts anew for each row where an operand is the same for all.
GROUP = 64


def column_moments(rows, weights):
    """Return the weighted mean, the weighted standard deviation and the largest magnitude of each column.

    Each value is taken relative to the largest one of its column, so that huge and tiny columns neither
    overflow nor vanish when squared.

    Parameters
    ----------
    rows : Rows
    weights : ndarray of shape (n,), adding up to one

    Returns
    -------
    mean, deviation, largest : ndarrays of shape (d,), float64
    """
    if rows.is_sparse:
        return _sparse_moments(rows.X, weights)

    def first(where, block):
        wide = side_by_side(block)
        extremes = np.maximum(wide.max(axis=0), -wide.min(axis=0))
        return [weights[where] @ block, extremes.reshape(-1, block.shape[1]).max(axis=0)]

    mean, largest = rows.reduce(first, np.add, np.maximum)
    unit = np.where(largest > 0.0, largest, 1.0)

    def second(where, block):
        wide = side_by_side(block)
        group = wide.shape[1] // block.shape[1]
        wide = wide / np.tile(unit, group)
        wide -= np.tile(mean / unit, group)
        np.square(wide, out=wide)
        return [weights[where] @ wide.reshape(block.shape)]

    (square,) = rows.reduce(second, np.add)
    return mean, np.sqrt(square) * unit, largest


def side_by_side(block):
    """Return a view of narrow rows in groups (groups, rows of a group * d), or the block itself if they cannot be."""
    rows, d = block.shape
    if d >= GROUP or rows % GROUP or not block.flags.c_contiguous:
        return block
    return block.reshape(rows // GROUP, GROUP * d)


def _sparse_moments(X, weights):
    d = X.shape[1]
    stored = np.repeat(weights, np.diff(X.indptr))
    mean = np.bincount(X.indices, stored * X.data, minlength=d)
    largest = np.zeros(d)
    np.maximum.at(largest, X.indices, np.abs(X.data))
    unit = np.where(largest > 0.0, largest, 1.0)
    relative = (X.data / unit[X.indices] - (mean / unit)[X.indices]) ** 2
    # The values that are not stored are zeros, each (mean / unit) ** 2 away from the mean.
    not_stored = np.maximum(1.0 - np.bincount(X.indices, stored, minlength=d), 0.0)
    square = np.bincount(X.indices, stored * relative, minlength=d) + not_stored * (mean / unit) ** 2
    return mean, np.sqrt(square) * unit, largest


def weighted_gram(rows, weights, mean, unit):
    """Return sums of the outer products of the scaled rows z = [(x - mean) * unit, 1].

    Parameters
    ----------
    rows : Rows
    weights : callable
        Takes a slice; returns the weights (pairs, rows) of its rows in each of the sums.
    mean, unit : ndarray of shape (d,)

    Returns
    -------
    ndarray of shape (pairs, d + 1, d + 1)
        sum_i w_pi z_i z_i^T for each pair p.
    """

    def dense(where, block):
        scaled = np.ones((len(block), len(unit) + 1))
        np.subtract(block, mean, out=scaled[:, :-1])
        scaled[:, :-1] *= unit
        return [np.stack([scaled.T @ (scaled * row[:, None]) for row in weights(where)])]

    def sparse(where, block):
        scaled = block * unit
        return [np.stack([_sparse_gram(scaled, row, mean * unit) for row in weights(where)])]

    return rows.reduce(sparse if rows.is_sparse else dense, np.add)[0]


def _sparse_gram(scaled, weights, mean):
    """Return the sum of w z z^T for z = [x - mean, 1], without making x - mean, which is dense."""
    d = scaled.shape[1]
    gram = np.empty((d + 1, d + 1))
    total, sums = weights.sum(), scaled.T @ weights
    products = (scaled.T @ scaled.multiply(weights[:, None]).tocsr()).toarray()
    gram[:d, :d] = products - np.outer(mean, sums) - np.outer(sums, mean) + total * np.outer(mean, mean)
    gram[:d, d] = gram[d, :d] = sums - total * mean
    gram[d, d] = total
    return gram
