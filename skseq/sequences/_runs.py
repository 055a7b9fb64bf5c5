"""The order of the rows of a long table: sequences one after another, the steps of each in time."""

import re

import numpy as np

from ._columns import describe, numbers

#: Text that sorts like the time it stands for.
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}|$)")


class Runs:
    """The rows of a table in the order of their sequences and steps.

    Attributes
    ----------
    order : ndarray of shape (n_rows,)
        The row of the table that each sorted row is.
    starts, stops : ndarray of shape (n_sequences,)
        Where each sequence begins and ends among the sorted rows.
    first_rows : ndarray of shape (n_sequences,)
        The row of the table that is the first step of each sequence.
    """

    def __init__(self, opened, by, sort):
        self.opened, self.by = opened, by
        for parameter, names in (("by", by), ("sort", sort)):
            for name in names:
                self.refuse_missing(opened.locate(name, parameter), name, parameter)
        for name in sort:
            _refuse_unsortable_text(opened.locate(name, "sort"), name)
        ids = [self._sortable(name, "by") for name in by]
        stamps = [self._sortable(name, "sort") for name in sort]
        self.order = sort_rows([*ids, *stamps])
        ids = [values[self.order] for values in ids]
        begins = np.ones(opened.n_rows, dtype=bool)
        begins[1:] = _differs(ids)
        self.starts = np.flatnonzero(begins)
        self.stops = np.append(self.starts[1:], opened.n_rows)
        self.first_rows = self.order[self.starts]
        if sort:
            self._refuse_repeated([values[self.order] for values in stamps], begins, sort)

    def _sortable(self, name, parameter):
        column = self.opened.locate(name, parameter)
        try:
            return self.opened.sortable(column)
        except (TypeError, ValueError, NotImplementedError) as error:
            raise TypeError(
                f"{parameter}={name!r} holds {describe(column)}, which cannot be sorted. Convert the column to "
                "numbers, dates or text first."
            ) from error

    def in_order(self, column):
        """Return a column, sorted."""
        return self.opened.take(column, self.order)

    def repeated(self, column, name):
        """Return the first value that is not missing of each sequence, at each of its steps."""
        missing = self.opened.missing(column)[self.order]
        # The first row with a value; the first row where there is none.
        candidates = np.where(missing, len(missing), np.arange(len(missing)))
        source = np.minimum.reduceat(candidates, self.starts)
        source = np.where(source < self.stops, source, self.starts)
        source = np.repeat(source, self.stops - self.starts)
        values = self.opened.sortable(column)[self.order]
        self._refuse_change((values != values[source]) & ~missing, source, column, f"The static column {name!r}")
        return self.opened.take(column, self.order[source])

    def constant(self, column, name):
        """Return the value of each sequence, which is the same on all its rows."""
        self.refuse_missing(column, name, "y")
        values = self.opened.sortable(column)[self.order]
        first = np.repeat(self.starts, self.stops - self.starts)
        cure = ' Give y_per="step" for one target per step, or one value per sequence.'
        self._refuse_change(values != values[first], first, column, f"y={name!r}", cure)
        return self.opened.take(column, self.first_rows)

    def refuse_missing(self, column, name, parameter):
        """Raise if a column that a parameter names has missing values."""
        missing = self.opened.missing(column)
        if missing.any():
            row = int(missing.argmax())
            cure = (
                "Drop these rows, or fill in a value."
                if parameter != "y"
                else (
                    "Drop the sequences without a target, or fill in a value; steps that are not to count get a "
                    "sample_weight of 0."
                )
            )
            raise ValueError(
                f"{parameter}={name!r} has missing values in {int(missing.sum())} of {len(missing)} rows, the first in "
                f"row {row}. {cure}"
            )

    def _refuse_repeated(self, stamps, begins, sort):
        repeated = ~_differs(stamps) & ~begins[1:]
        if repeated.any():
            at = int(repeated.argmax())
            stamp = ", ".join(f"{name}={self._value(name, at)}" for name in sort)
            raise ValueError(
                f"The sequence {self._name(at)} has two steps with {stamp}, in rows {self.order[at]} and "
                f"{self.order[at + 1]} of the table; {int(repeated.sum())} steps are repeated in all. Drop or "
                "aggregate them, or name a second column in sort."
            )

    def _refuse_change(self, changed, first, column, what, cure=" Give one value per sequence."):
        if changed.any():
            at = int(changed.argmax())
            begin = int(first[at])
            start = int(self.starts[np.searchsorted(self.starts, at, side="right") - 1])
            values = [self._shown(column, row) for row in (begin, at)]
            raise ValueError(
                f"{what} changes within the sequence {self._name(at)}: {values[0]} at step {begin - start} and "
                f"{values[1]} at step {at - start} (row {self.order[at]} of the table).{cure}"
            )

    def _name(self, at):
        """Return what errors call the sequence of a sorted row."""
        return ", ".join(f"{name}={self._value(name, at)}" for name in self.by)

    def _value(self, name, at):
        return self._shown(self.opened.locate(name, "by"), at)

    def _shown(self, column, at):
        """Return the value of a sorted row as errors show it."""
        [value] = self.opened.values(self.opened.take(column, self.order[[at]]))
        return str(value) if hasattr(value, "isoformat") else repr(value)


def _refuse_unsortable_text(column, name):
    """Raise if a column holds texts of which the order of letters is not that of time, such as "9" and "10"."""
    if numbers(column) is None and describe(column) == "text":
        odd = next((text for text in column.to_numpy() if not ISO_DATE.match(text)), None)
        if odd is not None:
            raise ValueError(
                f"sort={name!r} holds text such as {odd!r}, whose order is that of letters and not of time. Convert "
                "the column to numbers or dates first."
            )


def _differs(columns):
    """Return where a row differs from the one before, shape (n - 1,)."""
    return np.logical_or.reduce([values[1:] != values[:-1] for values in columns])


def sort_rows(columns):
    """Return the order of rows that sorts them by the first column, then the second, ...; equal rows keep theirs.

    Parameters
    ----------
    columns : list of ndarray of shape (n,)
        Numbers without NaN.
    """
    joined = _one_column(columns)
    if joined is None:
        return np.lexsort(columns[::-1])
    if (joined[1:] >= joined[:-1]).all():
        return np.arange(len(joined))
    return np.argsort(joined, kind="stable")


def _one_column(columns):
    """Return integers that sort like the rows of several columns of whole numbers, None if there are none."""
    joined, span = None, 1
    for values in columns:
        if values.dtype.kind == "f" and not ((np.abs(values) < 2**53) & (values == np.floor(values))).all():
            return None
        low, high = int(values.min()), int(values.max())
        span *= high - low + 1
        if span >= 2**63 or high >= 2**63:
            return None
        own = values.astype(np.int64) - low
        joined = own if joined is None else joined * (high - low + 1) + own
    return joined
