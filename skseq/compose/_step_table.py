"""The steps of all sequences as the one table that a transformer reads: numbers, text, records or a data frame."""

import sys
from collections.abc import Mapping

import numpy as np
from sklearn.utils.validation import validate_data

from skseq.sequences import (
    FORMS,
    Sequences,
    column_names,
    columns_of,
    exploded,
    is_frame,
    is_sequence,
    library_of,
    numbers,
    read_sequences,
    recognise,
    sequences_in_cells,
)


def read_step_table(estimator, X, *, reset, features_per_step, frames):
    """Return X as :class:`~skseq.sequences.Sequences`, whose values are one table of all steps.

    The estimator learns what :func:`~skseq.sequences.read_sequences` teaches it, or is held against X.

    Parameters
    ----------
    estimator : estimator
    X : any form of sequences
        Besides numbers, their steps may hold text, or be dicts from feature to value.
    reset : bool
    features_per_step : int
    frames : bool
        Whether the values of a list of frames are a frame; if not, an array.

    Returns
    -------
    Sequences
        Its values are a float array (total_steps, features), an array of text or objects (total_steps, features), a
        list of dicts, or a frame.
    """
    if frames and is_frame(X):
        X = _frames_of_cells(X)
    if isinstance(X, (list, tuple)) and len(X) and all(map(is_frame, X)):
        sequences = read_sequences(estimator, X, reset=reset, allow_nan=True, keep_frames=frames)
        return sequences.with_values(_plain(sequences)) if frames else sequences
    _refuse_texts(X, type(estimator).__name__)
    X = _cells_of_text(X, type(estimator).__name__)
    if not _holds_text(X):
        return read_sequences(estimator, X, reset=reset, features_per_step=features_per_step, allow_nan=True)
    if isinstance(X, np.ndarray) and X.ndim == 3:
        lengths = np.full(len(X), X.shape[1], dtype=np.intp)
        X = X.astype(object) if X.dtype.kind == "T" else X
        sequences = Sequences(X.reshape(-1, X.shape[2]), lengths, "sequences", "array")
    elif len(getattr(X, "shape", (0,))) == 2:
        return _read_text_columns(estimator, X, reset, features_per_step)
    else:
        sequences = _read_text_list(X)
    _check_form(estimator, "sequences", reset)
    _check_width(estimator, None if isinstance(sequences.values, list) else sequences.n_features, reset)
    return sequences


def _refuse_texts(X, name):
    """Raise if the items of X are texts, of which it is not clear what their steps are."""
    if isinstance(X, (list, tuple)) or len(getattr(X, "shape", ())) == 1:
        first = next(iter(X), None)
        if isinstance(first, str):
            raise ValueError(
                f"X[0] is the text {first!r}, but {name} reads sequences of steps. Give each sequence as a list, one "
                "item per step, such as text.split(), or encode texts with TokenEncoder instead."
            )


def _cells_of_text(X, name):
    """Return the sequences of text in the cells of a column as a list; X as it is if it holds others or none."""
    objects = isinstance(X, np.ndarray) and X.dtype.kind == "O" and X.ndim < 3
    if not objects and library_of(X) is None:
        return X
    cells = recognise(X, name, allow_masked=True).X
    return cells if isinstance(cells, list) and _holds_text(cells) else X


def _frames_of_cells(X):
    """Return a frame with a sequence in each cell as a list of frames; X as it is if some cells are not."""
    items, names = sequences_in_cells(X) or (None, None)
    if names is None or not all(isinstance(item, (list, np.ndarray)) and len(item) for item in items):
        return X
    return exploded(X, list(map(len, items)))


def _holds_text(X):
    """Whether X holds text or dicts where numbers would stand."""
    if is_frame(X):
        return any(numbers(column) is None for column in columns_of(X)) and not any(map(is_sequence, columns_of(X)[0]))
    if isinstance(X, np.ndarray) and X.ndim > 1:
        return X.dtype.kind in "UT" or (X.dtype == object and any(isinstance(value, str) for value in X.flat))
    if not isinstance(X, (list, tuple, np.ndarray)) or getattr(X, "shape", None) == ():
        return False
    return any(_is_text(item) for item in X)


def _is_text(item):
    """Whether a sequence holds text or dicts; a text by itself is no sequence."""
    if isinstance(item, (list, tuple)):
        return any(
            isinstance(step, (str, Mapping)) or (isinstance(step, (list, tuple)) and _is_text(step)) for step in item
        )
    if len(getattr(item, "shape", ())) not in (1, 2):
        return False
    if library_of(item) is not None:
        return not is_frame(item) and numbers(item) is None and isinstance(next(iter(item), None), str)
    array = np.asarray(item)
    return array.dtype.kind in "UT" or (array.dtype.kind == "O" and _is_text(array.ravel().tolist()))


def _read_text_list(X):
    lengths, tables = [], []
    for i, item in enumerate(X):
        if isinstance(item, str) or not (hasattr(item, "__len__") and hasattr(item, "__iter__")):
            raise TypeError(f"X[{i}] is {item!r} of type {type(item).__name__}, but a sequence of steps is needed.")
        if not len(item):
            raise ValueError(f"X[{i}] is an empty sequence. Drop it, or give it at least one step.")
        lengths.append(len(item))
        tables.append(_text_array(item, i))
    lengths = np.array(lengths, dtype=np.intp)
    if all(table.ndim == 1 and isinstance(table[0], Mapping) for table in tables):
        records = [step for table in tables for step in table.tolist()]
        odd = next((row for row, step in enumerate(records) if not isinstance(step, Mapping)), None)
        if odd is not None:
            i = int(np.searchsorted(np.cumsum(lengths), odd, side="right"))
            raise TypeError(f"X[{i}] holds {records[odd]!r} beside dicts. Give each step as a dict.")
        return Sequences(records, lengths, "sequences", "list")
    tables = [table.reshape(len(table), -1) for table in tables]
    for i, table in enumerate(tables):
        if table.shape[1] != tables[0].shape[1]:
            raise ValueError(
                f"The sequences of X differ in their number of features: X[0] has {tables[0].shape[1]}, X[{i}] has "
                f"{table.shape[1]}. Give every step of every sequence the same features."
            )
    if len({table.dtype.kind for table in tables}) > 1:
        tables = [table.astype(object) for table in tables]  # NumPy would write numbers as text
    return Sequences(np.concatenate(tables), lengths, "sequences", "list")


def _text_array(item, i):
    """Return a sequence as an array (steps,) or (steps, features), of objects unless it is an array of text."""
    if not isinstance(item, np.ndarray):
        steps = item if isinstance(item, (list, tuple)) else list(item)
        widths = {len(step) if isinstance(step, (list, tuple)) else None for step in steps}
        if len(widths) > 1:
            raise ValueError(
                f"X[{i}] is a {type(item).__name__} whose steps differ in their number of features. Give every step of "
                "every sequence the same features."
            )
        [width] = widths
        array = np.empty(len(steps) if width is None else (len(steps), width), dtype=object)
        array[...] = steps
        return array
    if item.ndim not in (1, 2):
        raise ValueError(f"X[{i}] has shape {item.shape}, but each sequence must be (steps, features) or (steps,).")
    return item.astype(object) if item.dtype.kind == "T" else item  # scikit-learn reads no StringDType


def _read_text_columns(estimator, X, reset, features_per_step):
    _check_form(estimator, "columns", reset)
    X = X.astype(object) if getattr(getattr(X, "dtype", None), "kind", None) == "T" else X
    values = np.asarray(validate_data(estimator, X, reset=reset, dtype=None, ensure_all_finite=False))
    n, columns = values.shape
    if columns % features_per_step:
        raise ValueError(
            f"X has {columns} columns, which is not a multiple of features_per_step={features_per_step}. "
            "Set features_per_step to the number of features of each step."
        )
    lengths = np.full(n, columns // features_per_step, dtype=np.intp)
    return Sequences(values.reshape(-1, features_per_step), lengths, "columns", "columns")


def _check_form(estimator, form, reset):
    if reset:
        estimator._input_form = form
    elif estimator._input_form not in (form, "rows"):
        raise ValueError(
            f"X is {FORMS[form]}, but this {type(estimator).__name__} was fitted on {FORMS[estimator._input_form]}. "
            "Give X in the form that was given to fit, or fit again on this form."
        )


def _check_width(estimator, width, reset):
    """Remember or compare the number of features of a step; steps that are dicts have none."""
    if reset:
        for name in ("n_features_in_", "feature_names_in_"):
            vars(estimator).pop(name, None)
        if width is not None:
            estimator.n_features_in_ = width
    elif width != getattr(estimator, "n_features_in_", None):
        raise ValueError(
            f"X has {width} features a step, but {type(estimator).__name__} is expecting "
            f"{getattr(estimator, 'n_features_in_', None)} features a step as input. Give the features that were given "
            "to fit."
        )


def _plain(sequences):
    """Return a frame of all steps as transformers read it: missing numbers are NaN, missing text is NaN or None.

    Raises
    ------
    ValueError
        If a number is infinite.
    """
    frame = sequences.values
    if library_of(frame) == "pyarrow":
        frame = _without_arrow(frame)
    polars = library_of(frame) == "polars"
    changed = {}
    for j, (name, column) in enumerate(zip(column_names(frame), columns_of(frame))):
        values = numbers(column)
        if values is None:
            if not polars and not isinstance(column.dtype, np.dtype) and column.hasnans and _is_text_column(column):
                changed[j] = column.astype(object).where(column.notna(), np.nan)
            continue
        if values.dtype.kind == "f" and np.isinf(values).any():
            row = int(np.flatnonzero(np.isinf(values))[0])
            i = int(np.searchsorted(sequences.starts, row, side="right")) - 1
            raise ValueError(
                f"Input X contains infinity: X[{i}] at step {row - int(sequences.starts[i])}, column {name!r}. Drop "
                "the step, or write NaN and impute it."
            )
        if not isinstance(column.dtype, np.dtype) or column.dtype == object:
            changed[j] = sys.modules["polars"].Series(name, values) if polars else values
    return _with_columns(frame, changed, polars)


def _is_text_column(column):
    return isinstance(next((value for value in column if isinstance(value, str)), None), str)


def _with_columns(frame, changed, polars):
    if not changed:
        return frame
    if polars:
        return frame.with_columns(*changed.values())
    frame = frame.copy(deep=False)
    for j, values in changed.items():
        frame.isetitem(j, values)
    return frame


def _without_arrow(table):
    """Return an Arrow table as a frame of a library whose columns scikit-learn selects by name."""
    if "polars" in sys.modules and "pandas" not in sys.modules:
        return sys.modules["polars"].from_arrow(table)
    return table.to_pandas()
