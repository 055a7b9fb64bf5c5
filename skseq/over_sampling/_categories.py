"""Categorical columns: which ones they are, and their categories as numbers."""

import sys
from numbers import Integral

import numpy as np

from skseq._samplers import encode

from ._checks import capitalised


def encode_column(column, where):
    """Return the category of each entry, numbered in the order in which they first occur or are sorted.

    Missing entries are a category of their own.

    Parameters
    ----------
    column : ndarray of shape (n,), or Series of pandas or polars
    where : str
        What an error calls the column.

    Returns
    -------
    ndarray of shape (n,), unsigned integers
    """
    try:
        if not isinstance(column, np.ndarray):
            codes = _encode_series(column)
        elif column.dtype == object:
            codes = _encode_objects(column)
        else:
            codes = encode(column)[1]
    except (TypeError, NotImplementedError) as error:
        raise TypeError(
            f"{capitalised(where)} is categorical and holds values that cannot be compared, because they are not "
            f"hashable: {error}. Give strings, numbers or categories."
        ) from error
    return codes.astype(np.min_scalar_type(int(codes.max())))


def _encode_series(series):
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(series, pandas.Series):
        return pandas.factorize(series, use_na_sentinel=False)[0]
    rows = series.rename("value").to_frame().with_row_index("row")
    groups = rows.group_by("value", maintain_order=True).agg("row")["row"]
    codes = np.empty(len(series), dtype=np.intp)
    codes[groups.explode().to_numpy()] = np.repeat(np.arange(len(groups)), groups.list.len().to_numpy())
    return codes


def _encode_objects(column):
    numbers = {}
    # NaN is not equal to itself, and not even always the same object.
    return np.array([numbers.setdefault("NaN" if _is_nan(value) else (value,), len(numbers)) for value in column])


def _is_nan(value):
    return isinstance(value, (float, np.floating)) and value != value


def choose_columns(categorical_features, X, name):
    """Return the sorted positions of the categorical columns of X.

    Parameters
    ----------
    categorical_features : "auto", or array-like of positions, of names or of booleans
    X : ndarray of shape (n, columns), or DataFrame
    name : str
        Of the estimator.

    Returns
    -------
    list of int
        At least one column, and not all.
    """
    columns = X.shape[1]
    if isinstance(categorical_features, str):
        chosen = _automatic(categorical_features, X)
    else:
        chosen = _listed(categorical_features, X)
    chosen = sorted(set(chosen))
    if not chosen:
        raise ValueError(
            f"categorical_features={categorical_features!r} chooses none of the columns {_described(X)}. Name the "
            "categorical ones, or use SMOTE if all are numbers."
        )
    if len(chosen) == columns:
        raise ValueError(
            f"categorical_features={categorical_features!r} chooses every column (n_features={columns}), but {name} "
            "needs a numerical one to interpolate and to measure distances. Use RandomOverSampler, which takes any "
            "column."
        )
    return chosen


def _described(X):
    """Return the columns of X and their dtypes, the first ones if there are many."""
    if isinstance(X, np.ndarray):
        return f"0 to {X.shape[1] - 1} of an array of {X.dtype}"
    columns = [f"{name!r} ({dtype})" for name, dtype in zip(X.columns, X.dtypes)]
    return ", ".join(columns[:5]) + (f" and {len(columns) - 5} others" if len(columns) > 5 else "")


def _automatic(word, X):
    if word != "auto":
        raise ValueError(
            f"categorical_features={word!r} is not an option; use 'auto', or a list of names, of positions or of "
            f"booleans, such as [{word!r}]."
        )
    if isinstance(X, np.ndarray):
        raise ValueError(
            "categorical_features='auto' reads the dtypes of a data frame, but X is an array (n_features="
            f"{X.shape[1]}). Give the positions of the categorical columns."
        )
    return [j for j, dtype in enumerate(X.dtypes) if _is_categorical(dtype, X)]


def _is_categorical(dtype, X):
    if not hasattr(X, "iloc"):
        polars = sys.modules["polars"]
        known = (polars.String, polars.Categorical, polars.Enum, polars.Boolean, polars.Object, polars.Binary)
        return dtype in known
    types = sys.modules["pandas"].api.types
    if isinstance(dtype, sys.modules["pandas"].CategoricalDtype):
        return True
    if str(dtype).startswith(("dictionary<", "binary", "large_binary", "fixed_size_binary")):  # of Arrow
        return True
    return types.is_object_dtype(dtype) or types.is_string_dtype(dtype) or types.is_bool_dtype(dtype)


def _listed(categorical_features, X):
    columns = X.shape[1]
    try:
        listed = list(categorical_features)
    except TypeError:
        listed = [None]
    expected = "use 'auto', or a list of positions, of names (of a data frame) or of booleans"
    if listed and all(isinstance(item, (bool, np.bool_)) for item in listed):
        if len(listed) != columns:
            raise ValueError(
                f"categorical_features is a mask of {len(listed)} booleans, but X has n_features={columns}. Give one "
                "for each column."
            )
        return np.flatnonzero(listed).tolist()
    names = [] if isinstance(X, np.ndarray) else list(X.columns)
    chosen = []
    for item in listed:
        if isinstance(item, str):
            if item not in names:
                known = f"the columns are {names}" if names else "X is an array, whose columns have no names"
                raise ValueError(f"categorical_features names the column {item!r}, but {known}; {expected}.")
            chosen.append(names.index(item))
        elif isinstance(item, Integral) and not isinstance(item, bool):
            if not 0 <= item < columns:
                raise ValueError(
                    f"categorical_features has the position {item}, but X has n_features={columns}: give positions "
                    f"from 0 to {columns - 1}."
                )
            chosen.append(int(item))
        else:
            raise TypeError(f"categorical_features={categorical_features!r} is not an option; {expected}.")
    return chosen
