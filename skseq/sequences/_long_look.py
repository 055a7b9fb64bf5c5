"""Whether a table that is read row by row looks like one with a row per step."""

import numpy as np

from skseq._user_warnings import warn_user

from ._arrays import is_sequence
from ._columns import column_names, columns_of, describe, is_frame, numbers

#: Tables of fewer rows are too small to tell.
FEWEST_ROWS = 8


def warn_of_long_table(X, y, name):
    """Warn if X is a frame with an id, a time stamp and y repeated on the rows of each id.

    That is: the rows of each value of one column follow one another and have one y, and another column rises among
    them. By chance that happens to no table of measurements.

    Parameters
    ----------
    X : object
    y : object
        Targets of the rows.
    name : str
        Of the estimator that takes each row for a sequence.
    """
    if not is_frame(X) or X.shape[0] < FEWEST_ROWS or not _is_one_per_row(y, X.shape[0]):
        return
    y_changes = _changes(y)
    if y_changes is None or 3 * y_changes.sum() > len(y):
        return
    columns = dict(zip(column_names(X), columns_of(X)))
    for by, column in columns.items():
        changes = _changes(column)
        if changes is None or (y_changes & ~changes).any():
            continue
        n_runs = int(changes.sum()) + 1
        if not 2 <= n_runs <= len(y) / 3:
            continue
        first = np.asarray(column)[np.append(True, changes)]
        if len(set(first.tolist())) < n_runs:
            continue
        sort = next((other for other, values in columns.items() if other != by and _rises(values, changes)), None)
        if sort is not None:
            warn_user(
                f"X looks like a long table: {by!r} has {n_runs} values on {len(y)} rows, y is the same on all rows of "
                f"each, and {sort!r} rises among them. {name} reads each row as a sequence of its own. Make sequences "
                f"of the rows with skseq.sequences.from_long(table, by={by!r}, sort={sort!r}, y=...)."
            )
            return


def _is_one_per_row(y, n_rows):
    """Whether y has one target per row; labels of steps are sequences of different lengths, which have no shape."""
    try:
        return np.shape(y) == (n_rows,)
    except ValueError:
        return False


def _changes(values):
    """Return where a value differs from the one before, shape (n - 1,); None if that cannot be told of some."""
    values = np.asarray(values)
    if values.dtype == object and any(map(is_sequence, values)):
        return None
    try:
        return np.asarray(values[1:] != values[:-1], dtype=bool)
    except (TypeError, ValueError):  # such as pandas.NA, which is neither equal nor different
        return None


def _rises(column, changes):
    """Whether a column of numbers or dates rises from row to row, but where a new run begins."""
    values = numbers(column)
    if values is None:
        if describe(column) != "dates" or str(getattr(column, "dtype", "")) == "object":
            return False
        values = np.asarray(column)
    try:
        return bool(((values[1:] > values[:-1]) | changes).all())
    except TypeError:
        return False
