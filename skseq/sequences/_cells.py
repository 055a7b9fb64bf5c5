"""Containers with a sequence in each cell: list columns, object arrays (n, 1) and frames of such columns."""

import sys

import numpy as np

from ._arrays import is_sequence, to_array
from ._columns import column_names, columns_of, is_frame, library_of, numbers


def sequences_in_cells(X):
    """Return the sequences in the cells of X as a list, and their names; None if X holds none.

    Several columns are the features of each step, so their cells in one row have the same number of steps.

    Parameters
    ----------
    X : array, Series, frame or list array

    Returns
    -------
    (items, names) or None
        ``names`` is a list of str if each column of a frame is one feature, else None.

    Raises
    ------
    ValueError
        If some columns hold sequences and others do not, or the cells of a row differ in their steps.
    """
    shape = getattr(X, "shape", ())
    library = library_of(X)
    if library is None:
        if not isinstance(X, np.ndarray) or X.dtype != object or X.ndim not in (1, 2):
            return None
        columns = [X] if X.ndim == 1 else list(X.T)
        names = None
    elif is_frame(X):
        columns, names = columns_of(X), column_names(X)
    else:
        columns, names = [X], None
    cells = [_cells_of(column) for column in columns]
    if not cells or all(own is None for own in cells):
        return None
    if any(own is None for own in cells):
        j = next(j for j, own in enumerate(cells) if own is None)
        raise ValueError(
            f"X has shape {tuple(shape)}, with sequences in the cells of some columns and single values in "
            f"{'column ' + repr(names[j]) if names else f'column {j}'}. Give columns of sequences only; "
            "skseq.sequences.from_long(..., static=...) repeats a value at each step."
        )
    if len(cells) > 1:
        return _side_by_side(cells, names)
    [items] = cells
    flat = names is not None and isinstance(names[0], str) and all(len(np.shape(item)) == 1 for item in items[:1])
    return items, (names if flat else None)


def single_column(values, texts=True):
    """Return the cells of one column as a list, if they are sequences or, with ``texts``, text; else ``values``.

    One column is a frame of one, an array (n, 1) or a list array of Arrow.
    """
    if is_frame(values):
        if values.shape[1] != 1:
            return values
        [column] = columns_of(values)
    elif isinstance(values, np.ndarray) and values.ndim == 2 and values.shape[1] == 1 and values.dtype.kind in "OUT":
        column = values[:, 0]
    elif library_of(values) == "pyarrow":
        column = values
    else:
        return values
    cells = column.to_pylist() if hasattr(column, "to_pylist") else list(column)
    return cells if any((texts and isinstance(cell, str)) or is_sequence(cell) for cell in cells) else values


def _cells_of(column):
    """Return the cells of a column as a list if they are sequences, else None."""
    library = library_of(column)
    if library == "polars":
        return _polars_cells(column)
    if library == "pandas":
        if str(column.dtype).startswith(("list<", "large_list<", "fixed_size_list<")):
            return _arrow_cells(sys.modules["pyarrow"].array(column.array))
        return list(column) if column.dtype == object and any(map(is_sequence, column)) else None
    if library == "pyarrow":
        return _arrow_cells(column)
    return list(column) if any(map(is_sequence, column)) else None


def _polars_cells(column):
    polars = sys.modules["polars"]
    if column.dtype == polars.Object:
        return column.to_list() if any(map(is_sequence, column.to_list())) else None
    if isinstance(column.dtype, polars.Array):
        column = column.arr.to_list()
    if not isinstance(column.dtype, polars.List):
        return None
    lengths = column.list.len()
    if column.null_count() or not len(column) or not lengths.min():
        return column.to_list()  # the reader raises for what is missing or empty
    steps = column.explode()
    width = None
    if isinstance(steps.dtype, (polars.List, polars.Array)):
        steps = steps.arr.to_list() if isinstance(steps.dtype, polars.Array) else steps
        widths = steps.list.len()
        if steps.null_count() or widths.n_unique() != 1 or not widths[0]:
            return column.to_list()
        width, steps = widths[0], steps.explode()
    return _cut(numbers(steps), width, lengths.to_numpy()) or column.to_list()


def _arrow_cells(column):
    pyarrow = sys.modules["pyarrow"]
    if isinstance(column, pyarrow.ChunkedArray):
        column = column.combine_chunks()
    if not _is_list(column.type):
        return None
    lengths = _lengths(column)
    if column.null_count or not len(column) or not lengths.min():
        return column.to_pylist()
    steps, width = column.flatten(), None
    if _is_list(steps.type):
        widths = _lengths(steps)
        if steps.null_count or (widths != widths[0]).any() or not widths[0]:
            return column.to_pylist()
        width, steps = int(widths[0]), steps.flatten()
    return _cut(numbers(steps), width, lengths) or column.to_pylist()


def _is_list(kind):
    types = sys.modules["pyarrow"].types
    return types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind)


def _lengths(column):
    """Return the length of each list of an Arrow array, 0 where it is null."""
    if sys.modules["pyarrow"].types.is_fixed_size_list(column.type):
        return np.full(len(column), column.type.list_size)
    return column.value_lengths().fill_null(0).to_numpy(zero_copy_only=False)


def _cut(values, width, lengths):
    """Return views of the values of each cell, None if there are no numbers."""
    if values is None:
        return None
    if width is not None:
        values = values.reshape(-1, width)
    stops = np.cumsum(lengths)
    return [values[start:stop] for start, stop in zip((stops - lengths).tolist(), stops.tolist())]


def _side_by_side(cells, names):
    items = []
    for i, row in enumerate(zip(*cells)):
        parts = [to_array(cell, f"X[{i}]", allow_masked=True) for cell in row]
        if len({part.shape for part in parts}) > 1 or parts[0].ndim != 1:
            raise ValueError(
                f"The columns of X are the features of each step, but in row {i} their cells have the shapes "
                f"{', '.join(str(part.shape) for part in parts)}. Give each cell of a row one value for each step."
            )
        items.append(np.stack(parts, axis=1))
    named = names is not None and all(isinstance(name, str) for name in names)
    return items, (names if named else None)
