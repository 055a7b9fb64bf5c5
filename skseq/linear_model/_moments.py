"""Sums over the rows of X that say how its columns are spread and how they go together."""

import numpy as np

#: Narrow rows that are laid side by side: NumPy starts anew for each row where an operand is the same for all.
GROUP = 64

#: Squares whose mean is between these have neither overflowed nor lost digits on the way to zero.
TINY, HUGE = 1e-200, 1e200


def column_moments(rows, weights):
    """Return the weighted mean and the weighted standard deviation of each column.

    A deviation within rounding of the values themselves is taken as zero.

    Parameters
    ----------
    rows : Rows
    weights : ndarray of shape (n,), adding up to one

    Returns
    -------
    mean, deviation : ndarrays of shape (d,), float64
    """
    with np.errstate(over="ignore", invalid="ignore"):
        mean, square = _mean_and_square(rows, weights)
        variance = square - mean**2
    # What the subtraction loses is at most half the digits, and no square has overflowed or vanished.
    kept = (variance > np.sqrt(np.finfo(np.float64).eps) * square) & (square > TINY) & (square < HUGE)
    vanished = square == 0.0  # or zero from the beginning
    if (kept | vanished).all() and (not vanished.any() or _squares_are_safe(rows)):
        return mean, np.sqrt(variance)
    careful = _careful_sparse_moments if rows.is_sparse else _careful_moments
    mean, deviation, largest = careful(rows, weights)
    deviation[deviation <= 64 * np.finfo(np.float64).eps * largest] = 0.0
    return mean, deviation


def _mean_and_square(rows, weights):
    """Return the weighted means of the columns and of their squares."""

    def term(where, block):
        with np.errstate(over="ignore", invalid="ignore", under="ignore"):  # each thread has its own
            squares = block.power(2) if rows.is_sparse else np.square(block)
            return [weights[where] @ block, weights[where] @ squares]

    return rows.reduce(term, np.add, np.add)


def _squares_are_safe(rows):
    """Return whether the largest values of X are far from the ends of float64."""

    def term(where, block):
        values = block.data if rows.is_sparse else block
        return [values.max(initial=0.0), values.min(initial=0.0)]

    high, low = rows.reduce(term, np.maximum, np.minimum)
    return TINY**0.5 < max(high, -low) < HUGE**0.5


def _careful_moments(rows, weights):
    """Return the weighted mean, the weighted standard deviation and the largest magnitude of each column.

    Each value is taken relative to the largest one of its column, so that huge and tiny columns neither
    overflow nor vanish when squared, and the mean is subtracted first.
    """

    def first(where, block):
        wide = side_by_side(block)
        extremes = np.maximum(wide.max(axis=0), -wide.min(axis=0))
        return [weights[where] @ block, extremes.reshape(-1, block.shape[1]).max(axis=0)]

    mean, largest = rows.reduce(first, np.add, np.maximum)
    unit = np.where(largest > 0.0, largest, 1.0)

    def second(where, block):
        scaled = scaled_block(block, mean / unit, unit)
        return [weights[where] @ np.square(scaled, out=scaled)]

    (square,) = rows.reduce(second, np.add)
    return mean, np.sqrt(square) * unit, largest


def scaled_block(block, shift, divisor):
    """Return x / divisor - shift for the rows of a block."""
    wide = side_by_side(block)
    group = wide.shape[1] // block.shape[1]
    wide = wide / np.tile(divisor, group)
    wide -= np.tile(shift, group)
    return wide.reshape(block.shape)


def side_by_side(block):
    """Return a view of narrow rows in groups (groups, rows of a group * d), or the block itself if they cannot be."""
    rows, d = block.shape
    if d >= GROUP or rows % GROUP or not block.flags.c_contiguous:
        return block
    return block.reshape(rows // GROUP, GROUP * d)


def _careful_sparse_moments(rows, weights):
    X, d = rows.X, rows.shape[1]
    stored = np.repeat(weights, np.diff(X.indptr))
    mean = np.bincount(X.indices, stored * X.data, minlength=d)
    largest = np.zeros(d)
    np.maximum.at(largest, X.indices, np.abs(X.data))
    unit = np.where(largest > 0.0, largest, 1.0)
    relative = (X.data / unit[X.indices] - (mean / unit)[X.indices]) ** 2
    # The values that are not stored are zeros, each (mean / unit) ** 2 away from the mean.
    not_stored = np.maximum(1.0 - np.bincount(X.indices, stored, minlength=d), 0.0)
    not_stored[np.bincount(X.indices, minlength=d) == X.shape[0]] = 0.0  # rounding must not make some of none
    square = np.bincount(X.indices, stored * relative, minlength=d) + not_stored * (mean / unit) ** 2
    return mean, np.sqrt(square) * unit, largest


def weighted_gram(rows, weights, mean, unit):
    """Return sums of the outer products of the scaled rows z = [(x - mean) * unit, 1].

    Parameters
    ----------
    rows : Rows
    weights : callable
        Takes a slice; returns the weights (pairs, rows) of its rows in each of the sums, zero or more.
    mean, unit : ndarray of shape (d,)

    Returns
    -------
    ndarray of shape (pairs, d + 1, d + 1)
        sum_i w_pi z_i z_i^T for each pair p.
    """
    is_scaled = not mean.any() and (unit == 1.0).all()

    def dense(where, block):
        block, own = _counting(block, weights(where))
        scaled = np.ones((len(block), len(unit) + 1), dtype=block.dtype)
        scaled[:, :-1] = block if is_scaled else (block - mean) * unit
        return [np.stack([_own_product(scaled * root[:, None]) for root in np.sqrt(own)])]

    def sparse(where, block):
        block, own = _counting(block, weights(where))
        scaled = block * unit
        return [np.stack([_sparse_gram(scaled, row, mean * unit) for row in own])]

    return rows.reduce(sparse if rows.is_sparse else dense, np.add)[0]


def _counting(block, weights):
    """Return the rows of a block that have a weight in any of the sums, and their weights."""
    counts = weights.any(axis=0)
    return (block, weights) if counts.all() else (block[counts], weights[:, counts])


def _own_product(A):
    """Return A^T A in float64; of a matrix with itself NumPy computes one half only."""
    return (A.T @ A).astype(np.float64, copy=False)


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
