"""Lists of data frames: one table of all steps, and names that are those of every sequence and of fit."""

import sys
import warnings

import numpy as np

from skseq._user_warnings import warn_user

from ._columns import block_of, column_names, columns_of, describe, is_frame, library_of, numbers

#: What to do with columns of these kinds.
CURES = {
    "dates": "Subtract a start and divide by a unit, such as one hour, or leave the column out.",
    "durations": "Divide it by a unit, such as one second, or leave the column out.",
    "times of day": "Convert it to hours, or leave the column out.",
    "lists": "Give one column per number, or leave the column out.",
    "structs": "Give one column per field, or leave the column out.",
}

#: Names that an error message lists.
LISTED = 5


def read_names(X):
    """Return the names of the columns of a list of frames, None if they have none that are texts.

    Raises
    ------
    ValueError
        If the frames differ in their columns or library, or some items are no frames.
    TypeError
        If some names are texts and others are not.
    """
    first = next((i for i, item in enumerate(X) if is_frame(item)), None)
    if first is None:
        return None
    names = column_names(X[first])
    library = library_of(X[first])
    texts = sum(isinstance(name, str) for name in names)
    if 0 < texts < len(names):
        raise TypeError(
            f"Feature names are only supported if all are strings, but X[{first}] has the columns {_listed(names)}. "
            "Rename them: x.columns = x.columns.astype(str)."
        )
    for i, item in enumerate(X):
        if not is_frame(item):
            if texts:
                raise ValueError(
                    f"X[{i}] is a {type(item).__name__}, while X[{first}] is a frame with the columns "
                    f"{_listed(names)}. Give all sequences as frames, or all as arrays."
                )
        elif library_of(item) != library:
            raise ValueError(
                f"X[{first}] is a frame of {library}, but X[{i}] is one of {library_of(item)}. Give all sequences as "
                "frames of one library."
            )
        elif column_names(item) != names and (texts or len(item.columns) == len(names)):
            raise ValueError(
                f"X[{i}] has the columns {_listed(column_names(item))}, but X[{first}] has {_listed(names)}. Give "
                "every frame the same columns in the same order: [x[names] for x in X]."
            )
    return names if texts else None


def check_names(estimator, names, *, reset):
    """Remember the feature names that fit saw, or compare those of X with them, as scikit-learn does.

    Parameters
    ----------
    estimator : estimator
        Gets ``feature_names_in_`` with ``reset=True``, or loses it if there are no names.
    names : list of str or None
    reset : bool
    """
    if reset:
        if names is not None:
            estimator.feature_names_in_ = np.array(names, dtype=object)
        elif hasattr(estimator, "feature_names_in_"):
            del estimator.feature_names_in_
        return
    known = getattr(estimator, "feature_names_in_", None)
    if (known is None) != (names is None):
        name = type(estimator).__name__
        warn_user(
            f"X does not have valid feature names, but {name} was fitted with feature names"
            if names is None
            else f"X has feature names, but {name} was fitted without feature names"
        )
        return
    if names is None or list(known) == names:
        return
    unseen, missing = [n for n in names if n not in set(known)], [n for n in known if n not in set(names)]
    difference = "Their order differs."
    if unseen or missing:
        difference = f"Unseen at fit: {_listed(unseen)}. Missing: {_listed(missing)}."
    raise ValueError(
        f"The feature names should match those that were passed during fit: X has {_listed(names)}, fit had "
        f"{_listed(known)}. {difference} Select the columns of fit, in their order: x[model.feature_names_in_]."
    )


def _listed(names):
    shown = ", ".join(map(repr, list(names)[:LISTED]))
    return f"[{shown}{', ...' if len(names) > LISTED else ''}]"


def concatenate(X):
    """Return a list of frames of one library, which have the same columns, as one frame (total_steps, columns)."""
    library = library_of(X[0])
    module = sys.modules[library]
    if library == "pandas":
        with warnings.catch_warnings():  # pandas 2 warns that columns without values may get another dtype in pandas 3
            warnings.filterwarnings("ignore", "The behavior of DataFrame concatenation", FutureWarning)
            return module.concat(X, ignore_index=True)
    if library == "polars":
        return module.concat(X, how="vertical_relaxed")
    tables = [item if isinstance(item, module.Table) else module.Table.from_batches([item]) for item in X]
    return module.concat_tables(tables, promote_options="permissive")


def as_frames(items, names, library):
    """Return arrays (steps_i, features) or (steps_i,) as frames of a library, whose columns have ``names``."""
    module = sys.modules[library]
    tables = [np.reshape(item, (len(item), -1)) for item in items]
    if library == "pandas":
        return [module.DataFrame(table, columns=names) for table in tables]
    if library == "polars":
        return [module.DataFrame(table, schema=names) for table in tables]
    return [module.table(dict(zip(names, table.T))) for table in tables]


def exploded(frame, lengths):
    """Return a frame with a list in each cell as one frame for each row, whose columns keep their dtypes.

    Parameters
    ----------
    frame : DataFrame or Table
    lengths : list of int
        Number of items of the cells of each row, one or more.
    """
    library = library_of(frame)
    stops = np.cumsum(lengths).tolist()
    if library == "pandas":
        steps = frame.explode(list(frame.columns), ignore_index=True).infer_objects()
        return [steps.iloc[stop - length : stop] for stop, length in zip(stops, lengths)]
    if library == "polars":
        steps = frame.explode(frame.columns)
    else:
        flat = [chunks.combine_chunks().flatten() for chunks in map(_chunked, columns_of(frame))]
        steps = sys.modules["pyarrow"].table(dict(zip(column_names(frame), flat)))
    return [steps.slice(stop - length, length) for stop, length in zip(stops, lengths)]


def _chunked(column):
    chunked = sys.modules["pyarrow"].ChunkedArray
    return column if isinstance(column, chunked) else sys.modules["pyarrow"].chunked_array([column])


def frame_to_array(frame, locate=None):
    """Return a frame as an array (n, columns) of float32, float64 or integers; NaN where values are missing.

    Parameters
    ----------
    frame : DataFrame or Table
    locate : callable, optional
        Takes a row and returns what errors call it.

    Raises
    ------
    TypeError
        If a column holds no numbers.
    """
    if library_of(frame) == "pandas" and all(
        isinstance(dtype, np.dtype) and dtype.kind in "fiu" for dtype in frame.dtypes
    ):
        array = frame.to_numpy()
        return array if array.dtype in (np.float32, np.float64) or array.dtype.kind in "iu" else array.astype(float)
    columns = []
    for name, column in zip(column_names(frame), columns_of(frame)):
        values = numbers(column)
        if values is None:
            refuse_column(column, name, locate)
        columns.append(values)
    return block_of(columns, len(frame)) if columns else np.empty(frame.shape)


def refuse_dates(frame):
    """Raise if a column of a frame holds dates or durations, of which NumPy's error names none."""
    kinds = " ".join({str(dtype).lower() for dtype in frame.dtypes})
    if not any(part in kinds for part in ("date", "time", "duration")):
        return
    for name, column in zip(column_names(frame), columns_of(frame)):
        if describe(column) in CURES:
            refuse_column(column, name)


def refuse_column(column, name, locate=None):
    """Raise because a column holds no numbers, with what to do about it."""
    what = describe(column)
    where = f"column {name!r}" if locate is None else f"column {name!r} of {locate(0)}"
    if what == "complex numbers":
        raise ValueError(f"Complex data not supported: {where}. Give real and imaginary parts.")
    raise TypeError(
        f"X holds {what} in {where}, but numbers are needed. "
        + CURES.get(
            what,
            "Encode it, for example with EachStep(make_column_transformer((OneHotEncoder(), "
            f"[{name!r}]), remainder='passthrough')), or leave the column out.",
        )
    )
