"""Columns of pandas, polars and pyarrow as arrays of numbers.

None of these libraries is imported: a column can only come from one that is.
"""

import sys
from decimal import Decimal
from numbers import Real

import numpy as np


def library_of(thing):
    """Return "pandas", "polars" or "pyarrow" for a frame, series, table or array of these libraries, else None."""
    if type(thing) in (np.ndarray, list, tuple):
        return None  # nearly all things, and quickly
    for name, kinds in (
        ("pandas", ("DataFrame", "Series", "Index")),
        ("polars", ("DataFrame", "Series")),
        ("pyarrow", ("Table", "RecordBatch", "ChunkedArray", "Array")),
    ):
        module = sys.modules.get(name)
        # A library that is still being imported, in another thread, has no classes yet.
        if module is not None and any(isinstance(thing, getattr(module, kind, ())) for kind in kinds):
            return name
    return None


def is_frame(thing):
    """Whether ``thing`` is a DataFrame of pandas or polars, or a Table or RecordBatch of pyarrow."""
    return len(getattr(thing, "shape", ())) == 2 and library_of(thing) is not None


def column_names(frame):
    """Return the names of the columns of a frame as a list."""
    return list(frame.column_names if library_of(frame) == "pyarrow" else frame.columns)


def columns_of(frame):
    """Return the columns of a frame as a list."""
    library = library_of(frame)
    if library == "pandas":
        return [frame.iloc[:, j] for j in range(frame.shape[1])]
    return frame.get_columns() if library == "polars" else list(frame.columns)


def numbers(column):
    """Return a column as an array (n,) of float32, float64 or integers, or None if it holds no numbers.

    Booleans become 0 and 1, decimals float64. Missing values are NaN, for which integers become float64.

    Parameters
    ----------
    column : ndarray of shape (n,), pandas, polars or pyarrow column
    """
    library = library_of(column)
    if library == "pandas":
        return _pandas_numbers(column)
    if library == "polars":
        return _polars_numbers(column)
    if library == "pyarrow":
        return _arrow_numbers(column)
    return _array_numbers(np.asarray(column))


def exact_numbers(column):
    """Return what :func:`numbers` does, or None where it would round, as decimals and large Python integers."""
    values = numbers(column)
    if values is None or values.dtype.kind in "iu":
        return values
    kind = str(getattr(column, "dtype", None) or getattr(column, "type", "")).lower()
    if kind == "object":
        return values if set(map(type, column)) <= {float, np.float64, np.float32} else None
    return None if any(part in kind for part in ("decimal", "int128")) else values


def _array_numbers(array):
    if array.dtype.kind in "iu" or array.dtype in (np.float32, np.float64):
        return array
    if array.dtype.kind in "fb":
        return array.astype(np.float64)
    return _object_numbers(array) if array.dtype.kind == "O" else None


def _object_numbers(array):
    """Return Python numbers as float64, integers as int64; None where another object is among them."""
    kinds = set(map(type, array))
    missing = {kind for kind in kinds if kind is type(None) or kind.__name__ == "NAType"}
    if not all(issubclass(kind, (Real, Decimal, np.bool_)) for kind in kinds - missing):
        return None
    if kinds and all(issubclass(kind, (int, np.integer)) and kind is not bool for kind in kinds):
        try:
            return array.astype(np.int64)
        except OverflowError:
            return array.astype(np.float64)
    if missing:
        array = np.array([np.nan if type(value) in missing else value for value in array], dtype=object)
    with np.errstate(over="ignore"):  # what overflows becomes infinite, and is found as such
        return array.astype(np.float64)


def _pandas_numbers(column):
    dtype = column.dtype
    if isinstance(dtype, np.dtype):
        return _array_numbers(column.to_numpy())
    pandas = sys.modules["pandas"]
    types = pandas.api.types
    if isinstance(dtype, pandas.CategoricalDtype) or types.is_complex_dtype(dtype):
        return None
    if not (types.is_numeric_dtype(dtype) or types.is_bool_dtype(dtype)):
        return None
    if types.is_integer_dtype(dtype) and not column.hasnans:
        return column.to_numpy(dtype=dtype.numpy_dtype if hasattr(dtype, "numpy_dtype") else np.int64)
    single = types.is_float_dtype(dtype) and getattr(dtype, "itemsize", 8) == 4
    return column.to_numpy(dtype=np.float32 if single else np.float64, na_value=np.nan)


def _polars_numbers(column):
    polars = sys.modules["polars"]
    dtype = column.dtype
    if dtype == polars.Object:
        return _object_numbers(np.array(column.to_list(), dtype=object))
    if not (dtype.is_numeric() or dtype in (polars.Boolean, polars.Null)):
        return None
    if dtype == polars.Float32 or (dtype.is_integer() and not is_wide(dtype) and not column.null_count()):
        return column.to_numpy()
    return column.cast(polars.Float64).to_numpy()


def is_wide(dtype):
    """Whether a dtype of polars is of integers of 128 bits, which NumPy does not have."""
    return str(dtype) in ("Int128", "UInt128")


def _arrow_numbers(column):
    pyarrow = sys.modules["pyarrow"]
    types, kind = pyarrow.types, column.type
    if types.is_dictionary(kind) or not (
        types.is_integer(kind)
        or types.is_floating(kind)
        or types.is_boolean(kind)
        or types.is_decimal(kind)
        or types.is_null(kind)
    ):
        return None
    if isinstance(column, pyarrow.Array):
        column = pyarrow.chunked_array([column])
    if types.is_boolean(kind):
        column = column.cast(pyarrow.int8())  # there is no way from booleans to floats
    if not (types.is_float32(kind) or types.is_integer(kind)):
        column = column.cast(pyarrow.float64())
    values = column.to_numpy()
    return values if values.dtype.kind in "iu" or values.dtype == np.float32 else values.astype(np.float64, copy=False)


def describe(column):
    """Return what a column that holds no numbers holds, for error messages: "text", "dates", ..."""
    name = str(getattr(column, "dtype", None) or getattr(column, "type", "")).lower()
    for part, what in (
        ("date", "dates"),
        ("timestamp", "dates"),
        ("time64", "times of day"),
        ("time32", "times of day"),
        ("duration", "durations"),
        ("timedelta", "durations"),
        ("complex", "complex numbers"),
        ("categor", "categories"),
        ("enum", "categories"),
        ("dictionary", "categories"),
        ("list", "lists"),
        ("struct", "structs"),
        ("str", "text"),
        ("binary", "bytes"),
    ):
        if part in name:
            return what
    if name == "time":
        return "times of day"
    first = next((value for value in column if value is not None), None)
    first = first.as_py() if hasattr(first, "as_py") else first
    if isinstance(first, (list, tuple, np.ndarray)):
        return "lists"
    return "text" if isinstance(first, str) else f"values of type {type(first).__name__}"


def block_of(columns, n_rows):
    """Return columns of numbers (n_rows,) as one array (n_rows, columns), C-contiguous.

    float32 if all are, integers if all are, else float64.
    """
    dtype = np.result_type(*{column.dtype for column in columns})
    integers = all(column.dtype.kind in "iu" for column in columns) and dtype.kind in "iu"
    if not integers and not all(column.dtype == np.float32 for column in columns):
        dtype = np.dtype(np.float64)
    block = np.empty((n_rows, len(columns)), dtype=dtype)
    for j, column in enumerate(columns):
        block[:, j] = column
    return block


def is_category(column):
    """Whether a column that holds no numbers holds text or categories, which encoders take."""
    return describe(column) in ("text", "categories", "values of type NoneType")
