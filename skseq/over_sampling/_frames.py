"""Rows of pandas and polars data frames. Neither is imported: a frame can only come from a loaded module."""

import sys

import numpy as np
from sklearn.utils.validation import validate_data

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
    pandas, polars = sys.modules.get("pandas"), sys.modules.get("polars")
    if polars is not None and isinstance(X, polars.LazyFrame):
        raise TypeError("X is a polars LazyFrame, but neighbours need its rows. Give X.collect().")
    if pandas is not None and isinstance(X, pandas.DataFrame):
        read_columns, kind, module = _pandas_columns, PandasRows, pandas
    elif polars is not None and isinstance(X, polars.DataFrame):
        read_columns, kind, module = _polars_columns, PolarsRows, polars
    else:
        return None
    n, columns = X.shape
    for count, what in ((n, "sample(s)"), (columns, "feature(s)")):
        if not count:
            raise ValueError(
                f"Found array with {count} {what} (shape={X.shape}) while a minimum of 1 is required by "
                f"{type(estimator).__name__}. Give X at least one row and one column."
            )
    _check_unique(X.columns)
    validate_data(estimator, X, skip_check_array=True)
    if module is polars:  # older releases of scikit-learn read no names from it
        estimator.feature_names_in_ = np.array(X.columns, dtype=object)
    parts, dtypes = read_columns(X, module)
    single = all(part.dtype.itemsize <= 4 for part in parts)
    values = np.empty((n, columns), dtype=np.float32 if single else np.float64)
    for j, part in enumerate(parts):
        values[:, j] = part
    names = [_name(name) for name in X.columns]

    def locate(bad):
        row, column = np.unravel_index(np.argmax(bad), bad.shape)
        return f"{names[column]} at row {row}"

    check_magnitude(values, locate)
    return kind(values, X, dtypes, module)


class FrameRows(DenseRows):
    """Rows of a data frame.

    Parameters
    ----------
    values : ndarray of shape (n, columns)
        float32 if all columns are, else float64.
    frame : DataFrame
    dtypes : list
        The dtype of each column of the result: the column's own, or for integers the matching float.
    module : module
        pandas or polars.
    """

    def __init__(self, values, frame, dtypes, module):
        super().__init__(values)
        self.frame = frame
        self.dtypes = dtypes
        self.module = module

    def with_children(self, parents, gaps):
        """Return the frame followed by the children of ``parents``, each column in its dtype."""
        children = np.empty((len(parents), self.values.shape[1]), dtype=self.values.dtype)
        self.write_children(parents, gaps, children)
        return self._joined(children)


class PandasRows(FrameRows):
    """Rows of a pandas DataFrame, whose result is indexed 0, 1, 2, ..."""

    def _joined(self, children):
        # Positions stand in for the names, which may have several levels.
        positions = range(len(self.dtypes))
        head = self.frame.set_axis(positions, axis=1).reset_index(drop=True)
        head = head.astype({j: dtype for j, dtype in enumerate(self.dtypes) if head.dtypes.iloc[j] != dtype})
        if len(children):
            tail = self.module.DataFrame(children, columns=positions).astype(dict(enumerate(self.dtypes)))
            head = self.module.concat([head, tail], ignore_index=True)
        return head.set_axis(self.frame.columns, axis=1)


class PolarsRows(FrameRows):
    """Rows of a polars DataFrame."""

    def _joined(self, children):
        schema = dict(zip(self.frame.columns, self.dtypes))
        series = [
            self.module.Series(name, column, strict=False).cast(dtype)
            for (name, dtype), column in zip(schema.items(), np.ascontiguousarray(children.T))
        ]
        return self.module.concat([self.frame.cast(schema), self.module.DataFrame(series)])


def _check_unique(names):
    """Raise if a column name is repeated: scikit-learn's newest release could not read the frame."""
    seen = set()
    repeated = [name for name in names if name in seen or seen.add(name)]
    if repeated:
        raise ValueError(f"X has more than one column named {repeated[0]!r}. Rename or drop one.")


def _name(name):
    return f"column {name!r} of X"


def _pandas_columns(X, pandas):
    """Return each column as floats and its dtype in the result."""
    parts, dtypes = [], []
    for j, name in enumerate(X.columns):
        series, where = X.iloc[:, j], _name(name)
        dtype = series.dtype
        if pandas.api.types.is_bool_dtype(dtype):
            refuse_booleans(where)
        elif pandas.api.types.is_object_dtype(dtype):
            part, dtype = _object_column(series.to_numpy(), where)
        elif pandas.api.types.is_integer_dtype(dtype):
            if series.notna().any():
                check_exact_integers(series.min(), series.max(), where)
            part = series.to_numpy(dtype=np.float64, na_value=np.nan)
            dtype = (series.iloc[:0] / 1).dtype  # int64 -> float64, Int64 -> Float64, Sparse -> Sparse, ...
        elif pandas.api.types.is_float_dtype(dtype):
            single = getattr(dtype, "itemsize", 8) <= 4
            part = series.to_numpy(dtype=np.float32 if single else np.float64, na_value=np.nan)
        else:
            _refuse(dtype, where, pandas.api.types.is_string_dtype(dtype))
        parts.append(part)
        dtypes.append(dtype)
    return parts, dtypes


def _polars_columns(X, polars):
    """Return each column as floats and its dtype in the result."""
    parts, dtypes = [], []
    for series in X.get_columns():
        where, dtype = _name(series.name), series.dtype
        if dtype == polars.Boolean:
            refuse_booleans(where)
        elif dtype.is_integer():
            if series.null_count() < len(series):
                check_exact_integers(series.min(), series.max(), where)
            dtype = polars.Float64
        elif not dtype.is_float():
            _refuse(dtype, where, dtype == polars.String)
        parts.append(series.cast(dtype).to_numpy())  # a null becomes NaN
        dtypes.append(dtype)
    return parts, dtypes


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
