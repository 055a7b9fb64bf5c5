"""Rows of numerical and categorical columns."""

import numpy as np
from scipy import sparse
from sklearn.utils.validation import validate_data

from skseq._samplers import check_frame
from skseq._validation import refuse_masked
from skseq.sequences import recognise

from ._categories import encode_column
from ._checks import check_magnitude, check_object_columns, refuse_shape, refuse_single_column
from ._containers import refuse_texts, to_numbers
from ._frames import name_column, read_numeric_columns
from ._points import MixedPoints
from ._rows import DenseRows


class MixedRows:
    """Rows whose numerical columns are interpolated and whose categories are voted on.

    Parameters
    ----------
    numbers : DenseRows
        The numerical columns.
    codes : dict
        From the position of each categorical column to the categories (n,) of its rows: 0, 1, 2, ...
    join : callable
        Takes the numbers of the children (n_new, numerical columns) and a dict from the position of each categorical
        column to rows (n_new,) that have the children's categories, and returns the result.
    """

    def __init__(self, numbers, codes, join):
        self.numbers = numbers
        self.columns = np.array(list(codes), dtype=np.intp)
        self.codes = np.column_stack(list(codes.values()))
        self.join = join
        self.votes = np.zeros_like(self.codes)

    def __len__(self):
        return len(self.numbers)

    def points(self, rows):
        """Return ``rows``, those of one class, as points in the metric of SMOTE-NC."""
        values = self.numbers.points(rows)
        return MixedPoints(values, self.codes[rows], median_of_deviations(values))

    def vote(self, rows, neighbors):
        """Settle the categories of the children of ``rows``: the most frequent ones among their neighbours.

        Parameters
        ----------
        rows : ndarray of shape (m,), intp
        neighbors : ndarray of shape (m, k), intp
            Row numbers, nearest first.
        """
        for codes, votes in zip(self.codes.T, self.votes.T):
            found = codes[neighbors]
            counts = np.stack([(found == found[:, [i]]).sum(axis=1) for i in range(found.shape[1])], axis=1)
            # Of equal counts the first one is that of the nearest neighbour.
            votes[rows] = found[np.arange(len(rows)), counts.argmax(axis=1)]

    def draw_gaps(self, parents, gap, random_state):
        """Return one gap for each child, or one for each numerical column of each child."""
        return self.numbers.draw_gaps(parents, gap, random_state)

    def with_children(self, parents, gaps):
        """Return the rows followed by the children of ``parents``, in the container that came."""
        sources = {}
        for column, codes, votes in zip(self.columns.tolist(), self.codes.T, self.votes.T):
            examples = np.empty(int(codes.max()) + 1, dtype=np.intp)
            examples[codes[::-1]] = np.arange(len(codes))[::-1]  # the first row of each category
            sources[column] = examples[votes[parents[:, 0]]]
        return self.join(self.numbers.children(parents, gaps), sources)


def median_of_deviations(values):
    """Return the median of the standard deviations of the columns.

    Where it would be zero it is that of the columns that vary, or 1 if there are none: categories would not count at
    all otherwise.
    """
    values = values.astype(np.float64, copy=False)
    largest = np.abs(values).max()
    exponent = np.frexp(largest)[1]  # so that no square overflows
    deviations = np.ldexp(np.ldexp(values, -exponent).std(axis=0), exponent)
    median = np.median(deviations)
    if median == 0:
        varying = deviations[deviations > 0]
        median = np.median(varying) if len(varying) else 1.0
    return float(median)


def read_mixed_rows(estimator, X, choose):
    """Validate X for ``estimator`` and return its rows.

    Parameters
    ----------
    estimator : estimator
    X : array, list of lists, or pandas or polars DataFrame
    choose : callable
        Takes X, an array or a data frame, and returns the sorted positions of its categorical columns.

    Returns
    -------
    MixedRows
    """
    name = type(estimator).__name__
    if sparse.issparse(X):
        raise TypeError(
            f"Sparse data was passed for X, but dense data is required by {name}: use X.toarray(), or SMOTE if no "
            "column is categorical."
        )
    refuse_masked(X, "X")
    refuse_shape(X, name)
    refuse_single_column(X)
    module = check_frame(estimator, X)
    if module is not None:
        categorical = choose(X)
        numeric = np.setdiff1d(np.arange(X.shape[1]), categorical).tolist()
        numbers = read_numeric_columns(X, module, numeric)
        columns = (X.iloc[:, j] if hasattr(X, "iloc") else X.to_series(j) for j in categorical)
        codes = {j: encode_column(column, name_column(column.name)) for j, column in zip(categorical, columns)}
        return MixedRows(numbers, codes, numbers.joined)
    table = X if isinstance(X, (list, tuple)) else None
    if table is not None:
        X = _array_of_table(table, name)
    X = validate_data(estimator, X, dtype=None, ensure_all_finite=False)
    categorical = choose(X)
    numeric = np.setdiff1d(np.arange(X.shape[1]), categorical)
    numbers, integer = _read_numbers(X, numeric)
    codes = {j: encode_column(X[:, j], f"column {j} of X") for j in categorical}

    def join(children, sources):
        out = np.empty((len(X) + len(children), X.shape[1]), dtype=X.dtype)
        out[: len(X)] = X
        for j, column, is_integer in zip(numeric, children.T, integer):
            out[len(X) :, j] = np.rint(column).astype(np.int64) if is_integer else column
        for j, rows in sources.items():
            out[len(X) :, j] = X[rows, j]
        return out if table is None else _extended(table, out[len(X) :].tolist())

    return MixedRows(numbers, codes, join)


def _read_numbers(X, numeric):
    """Return the columns ``numeric`` of an array as DenseRows, and which ones of an object array are integers."""
    chosen = np.take(X, numeric, axis=1)  # rows that lie in one piece
    names = [f"column {j} of X" for j in numeric]
    integer = np.zeros(len(numeric), dtype=bool)
    if X.dtype.kind == "O":
        check_object_columns(chosen, names)
        integer[:] = [all(isinstance(value, (int, np.integer)) for value in column) for column in chosen.T]
    values = to_numbers(chosen, names)

    def locate(bad):
        row, column = np.unravel_index(np.argmax(bad), bad.shape)
        return f"column {numeric[column]} at row {row}"

    check_magnitude(values, locate)
    return DenseRows(values), integer


def _array_of_table(table, name):
    """Return a list of rows as an array: of numbers if all are, else of objects, so that no number becomes text."""
    refuse_texts(table)
    items, form, _ = recognise(table, name)
    if form == "sequences":
        raise ValueError(
            f"X is a list of sequences, but {name} takes a table: rows of the same length, each column numerical or "
            "categorical. For sequences of numbers use SMOTE."
        )
    X = np.array(items, dtype=object)
    plain = all(type(value) in (int, float) for value in X.flat)
    return np.array(items) if plain else X


def _extended(table, children):
    """Return a table, a list or tuple of rows, followed by children in its kind of rows."""
    if isinstance(table[0], tuple):
        children = map(tuple, children)
    rows = [*table, *children]
    return rows if isinstance(table, list) else tuple(rows)
