"""Rows of any kind, repeated or left out and never interpreted: numbers, text, categories, dates, sequences."""

from copy import copy
from numbers import Number

import numpy as np
from scipy import sparse
from sklearn.utils.validation import validate_data

from skseq._token_ids import TokenIds
from skseq.sequences import column_names, is_frame, library_of, refuse_unordered

from ._frames import check_frame


class AnyRows:
    """Rows that can be taken by their numbers.

    Parameters
    ----------
    n : int
    take : callable
        Takes row numbers and returns these rows, in the container and dtypes of X; of pandas, with their labels.
    """

    def __init__(self, n, take):
        self.n = n
        self.take = take

    def __len__(self):
        return self.n

    def with_copies(self, origins):
        """Return all rows followed by copies of the rows ``origins``; of pandas, indexed 0, 1, 2, ..."""
        rows = self.take(np.concatenate([np.arange(self.n), origins]))
        return rows.reset_index(drop=True) if hasattr(rows, "iloc") else rows


class ListRows:
    """Rows of a list, a tuple or a 1-D array of objects; each copy is an object of its own.

    Parameters
    ----------
    items : list, tuple or ndarray of shape (n,)
    """

    def __init__(self, items):
        self.items = items

    def __len__(self):
        return len(self.items)

    def with_copies(self, origins):
        """Return all items followed by copies of the items ``origins``."""
        copies = (copy(self.items[row]) for row in origins.tolist())
        return in_container([*self.items, *copies], self.items)

    def take(self, rows):
        """Return the items ``rows``; an item that comes more than once is copied from the second time on."""
        items, taken = [], set()
        for row in rows.tolist():
            items.append(copy(self.items[row]) if row in taken else self.items[row])
            taken.add(row)
        return in_container(items, self.items)


def read_any_rows(estimator, X):
    """Return X as rows that can be repeated or left out.

    Of a table ``estimator`` learns the number of columns and their names.

    Parameters
    ----------
    estimator : estimator
    X : array, sparse matrix or array, data frame or Series of pandas or polars, table or array of Arrow, list or tuple
        Of any dtype but complex; values may be missing.

    Returns
    -------
    AnyRows or ListRows

    Raises
    ------
    ValueError, TypeError
        If X is empty or complex, or holds one number for each row instead of a row.
    """
    refuse_unordered(X, "an array, a DataFrame or a list of rows")
    if sparse.issparse(X):
        csr = validate_data(estimator, X, accept_sparse="csr", dtype=None, ensure_all_finite=False)
        return AnyRows(csr.shape[0], lambda rows: csr[rows].asformat(X.format))
    if check_frame(estimator, X) is not None:
        return AnyRows(len(X), _taker(X))
    if library_of(X) == "pyarrow":
        if is_frame(X):
            validate_data(estimator, X, skip_check_array=True)
            estimator.feature_names_in_ = np.array(column_names(X), dtype=object)
        else:
            _check_items(X)
        return AnyRows(len(X), X.take)
    if isinstance(X, (list, tuple)):
        _check_items(X)
        return ListRows(X)
    if len(getattr(X, "shape", ())) == 1:
        _check_items(X)
        return ListRows(X) if isinstance(X, np.ndarray) and X.dtype == object else AnyRows(len(X), _taker(X))
    masked = X if isinstance(X, np.ma.MaskedArray) else None
    X = validate_data(estimator, X, dtype=None, allow_nd=True, ensure_all_finite=False)
    if X.ndim > 2:
        if not X.size:
            raise ValueError(f"X has shape {X.shape}: its rows are empty. Give each at least one value.")
        estimator.n_features_in_ = X.shape[-1]  # of a step, as for sequences
    return AnyRows(len(X), _taker(X if masked is None else masked))


def _taker(X):
    """Return the function that takes rows of X, an array or a frame or Series of pandas or polars."""
    if hasattr(X, "iloc"):
        return lambda rows: X.iloc[rows]
    return lambda rows: X[rows]


def _check_items(X):
    """Raise unless X has items and one of them is more than a number."""
    if not len(X):
        raise ValueError(f"X is an empty {type(X).__name__}: 0 rows, while a minimum of 1 is required.")
    if all(isinstance(item, (Number, np.bool_, np.datetime64)) or item is None for item in X):
        raise ValueError(
            f"Expected a row for each label, got 1D X: X[0] is {next(iter(X))!r}. Reshape X to (n, 1) if it is one "
            "column, with X.reshape(-1, 1) or X.to_frame()."
        )


def in_container(items, like):
    """Return a list of items as a list, a tuple or a 1-D array of objects, whichever ``like`` is."""
    if isinstance(like, TokenIds):
        return TokenIds(items)
    if isinstance(like, tuple):
        return tuple(items)
    if not isinstance(like, np.ndarray):
        return items
    result = np.empty(len(items), dtype=object)
    for i, item in enumerate(items):  # assigning the list would try to stack equal lengths
        result[i] = item
    return result
