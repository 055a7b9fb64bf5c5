"""Passes over the rows of X, dense or CSR, that need no second X."""

import numpy as np
from scipy.sparse import csr_array, issparse


def as_float64_rows(X):
    """Return X if it is dense, else CSR with float64 values that shares its structure.

    SciPy would convert float32 values again in each product; dense rows are converted block by block instead.
    """
    if not issparse(X):
        return X
    return csr_array((X.data.astype(np.float64, copy=False), X.indices, X.indptr), shape=X.shape)


def row_blocks(X, max_numbers=2**17):
    """Yield (slice, float64 rows) over X: blocks that stay in cache if X is dense, all rows at once if CSR.

    A block is a view of X if X is float64, else a converted copy of those rows alone.
    """
    n, d = X.shape
    if issparse(X):
        yield slice(0, n), X
        return
    size = int(np.clip(max_numbers // d, 64, 2048))
    for start in range(0, n, size):
        rows = slice(start, min(start + size, n))
        yield rows, X[rows].astype(np.float64, copy=False)


def linear(X, coef, intercept):
    """Return the logits coef x + intercept of each row, class-major: shape (classes, rows), float64."""
    logits = np.empty((len(coef), X.shape[0]))
    for rows, block in row_blocks(X):
        logits[:, rows] = block_logits(block, coef, intercept)
    return logits


def block_logits(block, coef, intercept):
    """Return the logits of one block of rows, contiguous, shape (classes, rows)."""
    logits = np.ascontiguousarray(coef @ block.T)
    logits += intercept[:, None]
    return logits


def column_moments(X, weights):
    """Return the weighted mean, the weighted standard deviation and the largest magnitude of each column.

    Each value is taken relative to the largest one of its column, so that huge and tiny columns neither
    overflow nor vanish when squared.

    Parameters
    ----------
    X : ndarray or CSR of shape (n, d)
    weights : ndarray of shape (n,), adding up to one

    Returns
    -------
    mean, deviation, largest : ndarrays of shape (d,), float64
    """
    if issparse(X):
        return _sparse_moments(X, weights)
    mean, largest = np.zeros(X.shape[1]), np.zeros(X.shape[1])
    for rows, block in row_blocks(X):
        mean += weights[rows] @ block
        np.maximum(largest, np.abs(block).max(axis=0), out=largest)
    unit = np.where(largest > 0.0, largest, 1.0)
    square = np.zeros(X.shape[1])
    for rows, block in row_blocks(X):
        square += weights[rows] @ np.square(block / unit - mean / unit)
    return mean, np.sqrt(square) * unit, largest


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


def weighted_gram(X, weights, mean, unit):
    """Return sum_i w_i z_i z_i^T for the centred and scaled rows z = (x - mean) * unit, shape (d, d)."""
    if issparse(X):
        scaled = csr_array((X.data * unit[X.indices], X.indices, X.indptr), shape=X.shape)
        weighted = csr_array((scaled.data * np.repeat(weights, np.diff(X.indptr)), X.indices, X.indptr), shape=X.shape)
        return (weighted.T @ scaled).toarray() - weights.sum() * np.outer(mean * unit, mean * unit)
    gram = np.zeros((X.shape[1], X.shape[1]))
    for rows, block in row_blocks(X):
        scaled = (block - mean) * (unit * np.sqrt(weights[rows])[:, None])
        gram += scaled.T @ scaled
    return gram
