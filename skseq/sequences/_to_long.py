"""What a model returns for sequences, back to a long table."""

import sys
from collections.abc import Mapping

import numpy as np

from ._arrays import unmask
from ._cells import sequences_in_cells
from ._columns import column_names, columns_of, is_frame, library_of
from ._sequences import array_of


def to_long(values, keys, *, names=None, step="step"):
    """Return predictions as a long table, one row per step or per sequence.

    The rows stand in the order of the table from which :func:`from_long` made the sequences, sorted by the columns of
    ``by`` and ``sort``: its other columns can be set beside them.

    Parameters
    ----------
    values : list or array of n arrays of shape (steps_i,) or (steps_i, k), or array (n, steps, k), (n,) or (n, k)
        Values of the steps, such as those of ``RNNTagger.predict_proba``, or of the sequences where they are numbers or
        rows of an array of one or two dimensions, such as those of ``RNNClassifier.predict_proba``. A column may hold a
        sequence in each cell. Masked numbers become NaN.
    keys : Index, Series, DataFrame, Array, Table, or array-like of shape (n,)
        What :func:`from_long` returned, or those of the sequences predicted.
    names : str or list of str, default=None
        Names of the columns of values. By default "value", or "value_0" to "value_{k-1}"; for probabilities give
        ``model.classes_``.
    step : str, default="step"
        Name of the column with the number of each step: 0, 1, 2, ... It is left out for values of whole sequences.

    Returns
    -------
    DataFrame, Table or dict
        Of the library of ``keys``, with the columns of the keys, that of the steps and those of the values. A dict from
        name to array if ``keys`` is of no library.

    Raises
    ------
    ValueError
        If values and keys differ in number, the values differ in their columns, or a name is given twice.
    TypeError
        If values or keys are a single value, or a dict.

    See Also
    --------
    from_long : A long table to sequences.

    Examples
    --------
    >>> import pandas as pd
    >>> from skseq.sequences import to_long
    >>> to_long([[0.1, 0.9], [0.3]], pd.Index(["a", "b"], name="machine"), names="alarm")
      machine  step  alarm
    0       a     0    0.1
    1       a     1    0.9
    2       b     0    0.3
    """
    rows, lengths = _lay_out(values)
    names = _value_names(names, rows)
    keys_by_name = _key_columns(keys)
    n = len(next(iter(keys_by_name.values())))
    if n != (len(rows) if lengths is None else len(lengths)):
        raise ValueError(
            f"values has {len(rows) if lengths is None else len(lengths)} sequences but keys has {n}. Give the keys of "
            "the sequences that were predicted, such as keys[test]."
        )
    head = [*keys_by_name, *([] if lengths is None else [step])]
    repeated = next((name for name in [*head, *names] if [*head, *names].count(name) > 1), None)
    if repeated is not None:
        raise ValueError(f"Two columns would be called {repeated!r}. Give other names, or another name of step.")
    library = library_of(keys)
    places = np.arange(n) if lengths is None else np.repeat(np.arange(n), lengths)
    columns = {name: _take(column, places) for name, column in keys_by_name.items()}
    if lengths is not None:
        columns[step] = np.arange(len(places)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    table = rows.reshape(len(rows), -1)
    columns |= {name: table[:, j] for j, name in enumerate(names)}
    return _table_of(columns, library)


def _lay_out(values):
    """Return the rows of all steps and the length of each sequence; None for values of whole sequences."""
    if isinstance(values, Mapping):
        raise TypeError(
            "values is a dict, but one value or sequence is needed for each key. Give list(values.values())."
        )
    if isinstance(values, np.ma.MaskedArray):
        values = unmask(values, "values", allow_masked=True)
    if isinstance(values, np.ndarray) and values.dtype != object:
        if values.ndim == 3:
            return values.reshape(-1, values.shape[2]), np.full(len(values), values.shape[1])
        if values.ndim in (1, 2):
            return values, None
        raise ValueError(f"values has shape {values.shape}, but at most three dimensions are read.")
    if library_of(values) is not None:
        cells = sequences_in_cells(values)
        if cells is None:
            return np.asarray(values), None
        values = cells[0]
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__") or getattr(values, "shape", None) == ():
        raise TypeError(f"values is {values!r}, but one value or sequence is needed for each key. Give a list.")
    values = list(values)
    items = [_read_item(value, i) for i, value in enumerate(values)]
    if not items:
        raise ValueError("values is empty: 0 sequences, while a minimum of 1 is required.")
    if not any(item.ndim for item in items):
        return _array_of_values(values), None
    for i, item in enumerate(items):
        if not item.ndim:
            raise ValueError(
                f"values[{i}] is {values[i]!r}, a single value, while other items are sequences. Give one sequence for "
                "each key, or one value for each."
            )
        if item.ndim > 2 or item.shape[1:] != items[0].shape[1:]:
            beside = f" and values[0] {items[0].shape}" if i else ""
            raise ValueError(
                f"values[{i}] has shape {item.shape}{beside}. Give arrays (steps_i,), or (steps_i, k) with one k."
            )
    if len({item.dtype.kind in "US" for item in items}) > 1:
        items = [item.astype(object) for item in items]  # NumPy would write numbers as text
    return np.concatenate(items), np.array([len(item) for item in items])


def _read_item(value, i):
    if isinstance(value, np.ma.MaskedArray):
        return unmask(value, f"values[{i}]", allow_masked=True)
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(
            f"values[{i}] is a {type(value).__name__} of parts of different lengths. Give arrays (steps_i,), or "
            "(steps_i, k) with one k."
        ) from error


def _array_of_values(items):
    """Return single values as an array (n,), of objects if texts and others are mixed."""
    if any(isinstance(item, tuple) for item in items):
        return array_of(items)
    array = np.asarray(items)
    if array.dtype.kind in "US" and not all(isinstance(item, (str, bytes)) for item in items):
        return array_of(items)  # NumPy has written numbers as text
    return array


def _value_names(names, rows):
    k = 1 if rows.ndim == 1 else rows.shape[1]
    if names is None:
        return ["value"] if rows.ndim == 1 else [f"value_{j}" for j in range(k)]
    names = [names] if isinstance(names, str) or not hasattr(names, "__len__") else [str(name) for name in names]
    if len(names) != k:
        raise ValueError(f"names has {len(names)} names, but the values have {k} columns. Name each column.")
    return names


def _key_columns(keys):
    """Return the keys as a dict from name to column."""
    library = library_of(keys)
    if is_frame(keys):
        return _by_name(column_names(keys), columns_of(keys))
    if library == "pandas" and hasattr(keys, "levels"):
        names = [name if name is not None else f"key_{j}" for j, name in enumerate(keys.names)]
        return _by_name(names, [keys.get_level_values(j) for j in range(len(names))])
    if isinstance(keys, Mapping):
        raise TypeError("keys is a dict, but one key is needed for each sequence. Give list(keys).")
    if library is None:
        if isinstance(keys, (str, bytes)) or not hasattr(keys, "__iter__") or getattr(keys, "shape", None) == ():
            raise TypeError(f"keys is {keys!r}, but one key is needed for each sequence. Give a list.")
        keys = _array_of_values(list(keys))
    name = getattr(keys, "name", None)
    return {"key" if name in (None, "") else name: keys}


def _by_name(names, columns):
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated is not None:
        raise ValueError(f"keys has more than one column named {repeated!r}. Rename or drop one.")
    return dict(zip(names, columns))


def _take(column, places):
    library = library_of(column)
    if library == "polars":
        return column.gather(places)
    if library == "pyarrow":
        return column.take(sys.modules["pyarrow"].array(places))
    return column.take(places).array if library == "pandas" else column[places]


def _table_of(columns, library):
    if library is None:
        return columns
    module = sys.modules[library]
    if library == "pyarrow":
        return module.table({str(name): column for name, column in columns.items()})
    if library == "polars":
        return module.DataFrame({str(name): column for name, column in columns.items()})
    return module.DataFrame(columns)
