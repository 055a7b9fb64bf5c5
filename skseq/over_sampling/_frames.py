"""Rows of pandas and polars data frames. Neither is imported: a frame can only come from a loaded module."""

import sys
from decimal import Decimal, localcontext

import numpy as np

from skseq._samplers import check_frame
from skseq.sequences import library_of

from ._checks import (
    capitalised,
    check_exact_integers,
    check_magnitude,
    check_object_columns,
    refuse_booleans,
    refuse_column,
)
from ._rows import DenseRows


def read_frame(estimator, X):
    """Validate a data frame for ``estimator`` and return its rows, or None if X is not a data frame."""
    module = check_frame(estimator, X)
    return None if module is None else read_numeric_columns(X, module, range(X.shape[1]))


def read_numeric_columns(X, module, numeric):
    """Return the rows of a data frame, of which the columns ``numeric`` are interpolated.

    Parameters
    ----------
    X : DataFrame
    module : module
        pandas or polars.
    numeric : sequence of int
        Positions of columns, one or more.

    Returns
    -------
    PandasRows or PolarsRows
    """
    is_pandas = hasattr(X, "iloc")
    read_columns, kind = (_pandas_columns, PandasRows) if is_pandas else (_polars_columns, PolarsRows)
    chosen = X.iloc[:, list(numeric)] if is_pandas else X[:, list(numeric)]
    parts, dtypes, integer = read_columns(chosen, module)
    single = all(part.dtype.itemsize <= 4 for part in parts)
    values = np.empty(chosen.shape, dtype=np.float32 if single else np.float64)
    for j, part in enumerate(parts):
        values[:, j] = part
    names = [name_column(name) for name in chosen.columns]

    def locate(bad):
        row, column = np.unravel_index(np.argmax(bad), bad.shape)
        return f"{names[column]} at row {row}"

    check_magnitude(values, locate)
    return kind(values, X, module, dict(zip(numeric, dtypes)), integer)


def frame_like(frame, values):
    """Return ``values`` (steps, features) as a frame with the names of ``frame``, and where it can its dtypes.

    Integer columns are rounded. A column of a dtype that does not hold the numbers, such as decimals, becomes float64.
    """
    library, columns = library_of(frame), {}
    if library == "pandas":
        for j, (dtype, column) in enumerate(zip(frame.dtypes, values.T)):
            number = isinstance(dtype, np.dtype) and dtype.kind in "fiu"
            columns[j] = (np.rint(column) if number and dtype.kind != "f" else column).astype(dtype if number else None)
        return type(frame)(columns).set_axis(frame.columns, axis=1)
    if library == "polars":
        for (name, dtype), column in zip(frame.schema.items(), np.ascontiguousarray(values.T)):
            columns[name] = np.rint(column) if dtype.is_integer() else column
        kept = {name: dtype for name, dtype in frame.schema.items() if dtype.is_integer() or dtype.is_float()}
        return type(frame)(columns).cast(kept)
    return sys.modules["pyarrow"].table(dict(zip(frame.column_names, values.T)))


class FrameRows(DenseRows):
    """Rows of a data frame.

    Parameters
    ----------
    values : ndarray of shape (n, numeric columns)
        float32 if all these columns are, else float64.
    frame : DataFrame
    module : module
        pandas or polars.
    dtypes : dict
        From the position of each numeric column to its dtype in the result: its own, or float64 for Python numbers.
    integer : list of bool
        Which numeric columns hold integers, to which their children are rounded.
    """

    def __init__(self, values, frame, module, dtypes, integer):
        super().__init__(values)
        self.frame = frame
        self.module = module
        self.dtypes = dtypes
        self.integer = integer

    def children(self, parents, gaps):
        """Return the numbers of the children of ``parents``, rounded where they are to be integers."""
        children = super().children(parents, gaps)
        for j in np.flatnonzero(self.integer):
            np.rint(children[:, j], out=children[:, j])
        return children

    def with_children(self, parents, gaps):
        """Return the frame followed by the children of ``parents``, each column in its dtype."""
        return self.joined(self.children(parents, gaps), {})


class PandasRows(FrameRows):
    """Rows of a pandas DataFrame, whose result is indexed 0, 1, 2, ..."""

    def joined(self, children, sources):
        """Return the frame followed by new rows.

        Parameters
        ----------
        children : ndarray of shape (n_new, numeric columns)
        sources : dict
            From the position of each other column to the rows (n_new,) whose entries the new rows get.
        """
        # Positions stand in for the names, which may have several levels.
        head = self.frame.set_axis(range(self.frame.shape[1]), axis=1).reset_index(drop=True)
        head = head.astype({j: dtype for j, dtype in self.dtypes.items() if head.dtypes.iloc[j] != dtype})
        if len(children):
            tail = {j: head.iloc[rows, j].reset_index(drop=True) for j, rows in sources.items()}
            for (j, dtype), column in zip(self.dtypes.items(), children.T):
                tail[j] = self.module.Series(decimals(column, dtype) if is_decimal(dtype) else column).astype(dtype)
            tail = self.module.DataFrame({j: tail[j] for j in head})
            head = self.module.concat([head, tail], ignore_index=True)
        return head.set_axis(self.frame.columns, axis=1)


class PolarsRows(FrameRows):
    """Rows of a polars DataFrame."""

    def joined(self, children, sources):
        """Return the frame followed by new rows; see :class:`PandasRows`."""
        names = self.frame.columns
        tail = {j: self.frame.to_series(j).gather(rows) for j, rows in sources.items()}
        for (j, dtype), column in zip(self.dtypes.items(), np.ascontiguousarray(children.T)):
            column = decimals(column, dtype) if is_decimal(dtype) else column
            tail[j] = self.module.Series(names[j], column, strict=False).cast(dtype)
        return self.module.concat([self.frame, self.module.DataFrame([tail[j] for j in range(len(names))])])


def is_decimal(dtype):
    """Return whether a dtype of pandas or polars holds decimal numbers of a fixed number of places."""
    return "decimal" in str(dtype).lower()


def decimals(column, dtype):
    """Return floats as Decimal objects with the places of ``dtype``."""
    scale = getattr(dtype, "scale", None)
    places = Decimal(1).scaleb(-(dtype.pyarrow_dtype.scale if scale is None else scale))
    with localcontext(prec=80):  # no number of these dtypes has more digits
        return [Decimal(value).quantize(places) for value in column.tolist()]


def name_column(name):
    """Return what an error message calls a column."""
    return f"column {name!r} of X"


def _pandas_columns(X, pandas):
    """Return each column as floats, its dtype in the result, and whether it holds integers."""
    parts, dtypes, integer = [], [], []
    for j, name in enumerate(X.columns):
        series, where = X.iloc[:, j], name_column(name)
        dtype = series.dtype
        if pandas.api.types.is_bool_dtype(dtype):
            refuse_booleans(where)
        elif pandas.api.types.is_object_dtype(dtype):
            part, dtype = _object_column(series.to_numpy(), where)
        elif pandas.api.types.is_integer_dtype(dtype):
            if series.notna().any():
                check_exact_integers(series.min(), series.max(), where)
            part = series.to_numpy(dtype=np.float64, na_value=np.nan)
        elif pandas.api.types.is_float_dtype(dtype):
            single = getattr(dtype, "itemsize", 8) <= 4
            part = series.to_numpy(dtype=np.float32 if single else np.float64, na_value=np.nan)
        elif is_decimal(dtype):
            part = series.to_numpy(dtype=np.float64, na_value=np.nan)
        else:
            _refuse(dtype, where, pandas.api.types.is_string_dtype(dtype))
        parts.append(part)
        dtypes.append(dtype)
        integer.append(pandas.api.types.is_integer_dtype(dtype))
    return parts, dtypes, integer


def _polars_columns(X, polars):
    """Return each column as floats, its dtype in the result, and whether it holds integers."""
    parts, dtypes, integer = [], [], []
    for series in X.get_columns():
        where, dtype = name_column(series.name), series.dtype
        if dtype == polars.Boolean:
            refuse_booleans(where)
        elif dtype.is_integer():
            if series.null_count() < len(series):
                check_exact_integers(series.min(), series.max(), where)
        elif not (dtype.is_float() or is_decimal(dtype)):
            _refuse(dtype, where, dtype == polars.String)
        floats = dtype if dtype.is_float() else polars.Float64
        parts.append(series.cast(floats).to_numpy())  # a null becomes NaN
        dtypes.append(dtype)
        integer.append(dtype.is_integer())
    return parts, dtypes, integer


def _object_column(column, where):
    """Return a column of Python numbers as float64."""
    check_object_columns(column[:, np.newaxis], [where])
    missing = [value is None or type(value).__name__ == "NAType" for value in column]
    try:
        return np.where(missing, np.nan, column).astype(np.float64), np.dtype(np.float64)
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"{capitalised(where)} has dtype object and holds values that are not numbers: {error}. "
            "Encode it as numbers, or drop it."
        ) from error


def _refuse(dtype, where, is_string):
    text = str(dtype)
    if "complex" in text:
        raise ValueError(f"Complex data not supported: {where}. Give real and imaginary parts.")
    refuse_column(where, "strings" if is_string else f"values of dtype {text}")
