"""Rows of any kind as points in a plane."""

import numpy as np
from scipy.sparse import issparse
from sklearn.base import clone
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, StandardScaler

from skseq.compose._delegation import check_estimator_has
from skseq.over_sampling import SMOTE
from skseq.over_sampling._containers import read_rows

CURE = "Pass projection=, a transformer that turns X into two columns of numbers."


def project(X, n_original, projection=None):
    """Return the rows of X as points, and what their coordinates are.

    Parameters
    ----------
    X : array-like, sparse matrix, data frame or list of sequences
        The original rows, then others.
    n_original : int
        How many are original: the projection is learnt from these.
    projection : transformer, default=None
        What turns X into one or two columns; None for the first two principal components of the standardised columns,
        or the columns themselves if there are not more than two.

    Returns
    -------
    points : ndarray of shape (n, 1 or 2), float64
    names : list of str
    """
    if projection is not None:
        return _project_by(projection, X, n_original)
    table, names = _numbers(X)
    columns = _varying_columns(table[:n_original])
    table = table[:, columns]
    if len(columns) <= 2:
        points = table.toarray() if issparse(table) else table
        return points, [names[j] if names else f"column {j}" for j in columns]
    # The first scaler keeps huge and tiny numbers within what can be squared. The seed is for the solvers of large and
    # of sparse tables, which start at random.
    scalers = MaxAbsScaler(), StandardScaler(with_mean=not issparse(table))
    steps = make_pipeline(*scalers, PCA(2, random_state=0)).fit(table[:n_original])
    shares = steps[-1].explained_variance_ratio_
    names = [f"principal component {i} ({100 * share:.0f} % of the variance)" for i, share in enumerate(shares, 1)]
    return steps.transform(table), names


def _varying_columns(table):
    """Return the numbers of the columns that are not constant; of the first one if all are."""
    low, high = (extreme(axis=0) for extreme in (table.min, table.max))
    if issparse(table):
        low, high = low.toarray(), high.toarray()
    varying = np.flatnonzero(high - low > 1e-100)  # the square of less is zero
    return varying if len(varying) else np.array([0])


def _project_by(projection, X, n_original):
    check_estimator_has(projection, "projection", ["fit", "transform"], "Give a transformer such as PCA(2).")
    X = X.tocsr() if issparse(X) else X
    points = clone(projection).fit(X[:n_original]).transform(X)
    points = np.asarray(points.toarray() if issparse(points) else points)
    if points.ndim != 2 or not points.shape[1] or points.dtype.kind not in "fiu" or not np.isfinite(points).all():
        raise ValueError(
            f"projection={projection!r} must turn X into columns of finite numbers, but it gave an array of shape "
            f"{points.shape} and dtype {points.dtype}."
        )
    points = points[:, :2].astype(np.float64)
    return points, [f"projected column {j}" for j in range(points.shape[1])]


def _numbers(X):
    """Return X as a table (n, columns) of float64, or as CSR, and the names of its columns if it has any."""
    X, names = _numeric_columns(X)
    # Read as SMOTE reads it: what is near in the table is what is near for SMOTE, ragged sequences included.
    try:
        rows = read_rows(SMOTE(), X)
    except (TypeError, ValueError) as error:
        raise type(error)(f"X cannot be drawn. {error} {CURE}") from error
    return rows.points(np.arange(len(rows))).astype(np.float64), names


def _numeric_columns(X):
    """Return a data frame, or an array of objects, without the columns that do not hold numbers."""
    if isinstance(X, np.ndarray) and X.ndim == 2 and X.dtype.kind == "O":
        keep = [j for j in range(X.shape[1]) if _holds_numbers(X[:, j])]
        kept, names = X[:, keep], [f"column {j}" for j in keep]
    elif hasattr(X, "select_dtypes"):
        kept = X.select_dtypes("number")
        names = [str(name) for name in kept.columns]
    elif hasattr(X, "get_columns"):
        names = [series.name for series in X.get_columns() if series.dtype.is_numeric()]
        kept = X.select(names)
    else:
        return X, None
    if not names:
        raise TypeError(f"X has no column of numbers to draw. {CURE}")
    return kept, names


def _holds_numbers(column):
    try:
        column.astype(np.float64)
    except (TypeError, ValueError):
        return False
    return not any(isinstance(value, (str, bool)) for value in column)
