"""Long tables of pandas, polars and pyarrow behind one face: columns by name, rows by number, sortable values."""

import sys
from difflib import get_close_matches
from importlib import import_module

import numpy as np

from ._columns import describe, exact_numbers, is_wide, library_of, numbers

#: Names of columns that an error lists.
LISTED = 12


def open_table(table):
    """Return a :class:`LongTable` of a data frame or table.

    Raises
    ------
    TypeError
        If it is no table of pandas, polars or pyarrow.
    ValueError
        If it has no rows, or two columns of one name.
    """
    library = library_of(table)
    if type(table).__name__ == "LazyFrame":
        raise TypeError("table is a polars LazyFrame, but its rows are needed. Give table.collect().")
    if library is None or len(getattr(table, "shape", ())) != 2:
        cure = (
            "Give table.reset_index()." if library == "pandas" else "Give a DataFrame, such as pandas.DataFrame(table)."
        )
        raise TypeError(
            f"table is of type {type(table).__name__}, but a DataFrame of pandas or polars or a Table of pyarrow is "
            f"needed. {cure}"
        )
    opened = {"pandas": PandasTable, "polars": PolarsTable, "pyarrow": ArrowTable}[library](table)
    if not table.shape[0]:
        raise ValueError("table has 0 rows, while a minimum of 1 is required.")
    seen = set()
    for name in opened.names:
        if name in seen:
            raise ValueError(f"table has more than one column named {name!r}. Rename or drop one.")
        seen.add(name)
    return opened


class LongTable:
    """A table with one row a step.

    Attributes
    ----------
    names : list
        Names of the columns.
    n_rows : int
    """

    def __init__(self, table):
        self.table = table
        self.n_rows = table.shape[0]
        self.module = sys.modules[library_of(table)]

    def locate(self, name, parameter):
        """Return the column ``name``; an error names those of a like spelling."""
        known = [*self.names, *self.levels]
        try:
            if name in known:
                return self.column(name)
        except (TypeError, ValueError):
            pass  # such as an array, which has no single answer
        near = get_close_matches(str(name), list(map(str, known)), n=3)
        advice = f"Did you mean {' or '.join(map(repr, near))}?" if near else f"Its columns are {listed(known)}."
        raise ValueError(f"{parameter}={name!r} is not a column of the table. {advice}")

    #: Names that are no columns, but may be named like one.
    levels = ()


class PandasTable(LongTable):
    """A DataFrame of pandas; levels of its index may be named like columns."""

    @property
    def names(self):
        """Names of the columns."""
        return list(self.table.columns)

    @property
    def levels(self):
        """Names of the levels of the index."""
        return [name for name in self.table.index.names if name is not None]

    def column(self, name):
        """Return a column as a Series."""
        if name in self.table.columns:
            return self.table[name]
        return self.table.index.get_level_values(name).to_series(index=range(self.n_rows))

    def missing(self, column):
        """Return where a column has no value, shape (n,)."""
        return column.isna().to_numpy()

    def take(self, column, rows):
        """Return the values of a column at ``rows``."""
        return column.take(rows)

    def sortable(self, column):
        """Return numbers that sort, and differ, like the values of a column."""
        values = exact_numbers(column)
        if values is not None:
            return values
        kind = "" if column.dtype == object else describe(column)
        if kind in ("dates", "durations"):
            index = self.module.DatetimeIndex if kind == "dates" else self.module.TimedeltaIndex
            return index(column.array).asi8
        return self.module.factorize(column, sort=True)[0]

    def values(self, column):
        """Return a column as a list of Python values."""
        return column.tolist()

    def frame(self, columns):
        """Return a dict from name to column as a frame."""
        return self.module.DataFrame({name: column.array for name, column in columns.items()})

    def pieces(self, frame, starts, stops):
        """Return the rows from each start to its stop, views of ``frame``."""
        return [frame.iloc[start:stop] for start, stop in zip(starts, stops)]

    def keys(self, columns):
        """Return a dict from name to column as an Index."""
        arrays = [column.array for column in columns.values()]
        if len(arrays) == 1:
            return self.module.Index(arrays[0], name=next(iter(columns)))
        return self.module.MultiIndex.from_arrays(arrays, names=list(columns))


class PolarsTable(LongTable):
    """A DataFrame of polars."""

    @property
    def names(self):
        """Names of the columns."""
        return self.table.columns

    def column(self, name):
        """Return a column as a Series."""
        return self.table.get_column(name)

    def missing(self, column):
        """Return where a column has no value, shape (n,); NaN is none."""
        missing = column.is_null()
        return (missing | column.is_nan().fill_null(True) if column.dtype.is_float() else missing).to_numpy()

    def take(self, column, rows):
        """Return the values of a column at ``rows``."""
        return column.gather(rows)

    def sortable(self, column):
        """Return numbers that sort, and differ, like the values of a column."""
        if column.dtype.is_temporal():
            return column.to_physical().fill_null(0).to_numpy()
        values = exact_numbers(column)
        if values is not None:
            return values
        if column.dtype == self.module.Object:
            raise TypeError("polars sorts no objects")
        if column.dtype in (self.module.String, self.module.Categorical):
            # Hashing first and sorting the distinct texts only is several times faster than ranking all.
            column = column.cast(self.module.String)
            column = column.cast(self.module.Enum(column.drop_nulls().unique().sort())).to_physical()
            return column.fill_null(0).to_numpy()
        return column.rank("dense").fill_null(0).to_numpy()

    def values(self, column):
        """Return a column as a list of Python values."""
        return column.to_list()

    def frame(self, columns):
        """Return a dict from name to column as a frame."""
        return self.module.DataFrame(columns)

    def pieces(self, frame, starts, stops):
        """Return the rows from each start to its stop, views of ``frame``."""
        return [frame.slice(start, stop - start) for start, stop in zip(starts, stops)]

    def keys(self, columns):
        """Return a dict from name to column as a Series, or a DataFrame of several."""
        return next(iter(columns.values())) if len(columns) == 1 else self.frame(columns)


class ArrowTable(LongTable):
    """A Table or RecordBatch of pyarrow."""

    def __init__(self, table):
        super().__init__(table)
        if not isinstance(table, self.module.Table):
            self.table = self.module.Table.from_batches([table])
        self.compute = import_module("pyarrow.compute")

    @property
    def names(self):
        """Names of the columns."""
        return self.table.column_names

    def column(self, name):
        """Return a column as an Array."""
        column = self.table.column(name)
        if self.module.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if str(column.type) == "string_view":  # for which Arrow has few functions
            column = column.cast(self.module.large_string())
        return column

    def missing(self, column):
        """Return where a column has no value, shape (n,); NaN is none."""
        return self.compute.is_null(column, nan_is_null=True).to_numpy()

    def take(self, column, rows):
        """Return the values of a column at ``rows``."""
        return column.take(self.module.array(rows))

    def sortable(self, column):
        """Return numbers that sort, and differ, like the values of a column."""
        if self.module.types.is_temporal(column.type):
            bits = self.module.int32() if column.type.bit_width == 32 else self.module.int64()
            return column.cast(bits).fill_null(0).to_numpy()
        values = exact_numbers(column)
        if values is not None:
            return values
        encoded = column.combine_chunks().dictionary_encode()
        encoded = encoded.combine_chunks() if hasattr(encoded, "chunks") else encoded
        codes = encoded.indices.fill_null(0).to_numpy()
        return self.compute.rank(encoded.dictionary, tiebreaker="dense").to_numpy()[codes]

    def values(self, column):
        """Return a column as a list of Python values."""
        return column.to_pylist()

    def frame(self, columns):
        """Return a dict from name to column as a table."""
        return self.module.table(columns)

    def pieces(self, frame, starts, stops):
        """Return the rows from each start to its stop, views of ``frame``."""
        return [frame.slice(start, stop - start) for start, stop in zip(starts, stops)]

    def keys(self, columns):
        """Return a dict from name to column as an Array, or a Table of several."""
        if len(columns) > 1:
            return self.frame(columns)
        return self.module.concat_arrays(next(iter(columns.values())).chunks)


def listed(names):
    """Return names for an error message."""
    names = list(names)
    return f"[{', '.join(map(repr, names[:LISTED]))}{', ...' if len(names) > LISTED else ''}]"


def labels(column):
    """Return a column of labels as an array (n,): booleans, numbers and dates as they are, text as objects."""
    if is_wide(getattr(column, "dtype", None)):
        return numbers(column)
    array = np.asarray(column.to_numpy())
    if array.dtype.kind in "biuM":
        return array
    values = numbers(column)
    return array.astype(object) if values is None else values
