"""The door: every accepted form of X becomes one :class:`Sequences`, once.

The steps of all sequences stand one after another in one array, so that nothing is padded to the longest
sequence and an array (n, steps, features) comes in without a copy. Batches are padded when they are drawn,
only as far as their own rows need.
"""

from numbers import Real

import numpy as np
from scipy.sparse import issparse
from sklearn.utils import check_array
from sklearn.utils.validation import validate_data

from ._arrays import to_array
from ._columns import is_frame, numbers
from ._forms import FORMS, check_form, recognise
from ._frames import check_names, concatenate, frame_to_array, refuse_dates
from ._sequences import Sequences
from ._values import as_ids, check_finite, explaining, float_array, refuse_kind, table_dtypes


def read_sequences(
    estimator, X, *, reset, features_per_step=1, tokens=False, allow_nan=False, keep_frames=False, form=None
):
    """Validate X for ``estimator`` and return it as :class:`Sequences`.

    With ``reset=True`` the estimator learns ``n_features_in_``, ``feature_names_in_`` (data frames, also those of a
    list) and the form of X; with ``reset=False`` X must be of that form.

    Parameters
    ----------
    estimator : estimator
    X : any of the forms in ``FORMS``
    reset : bool
    features_per_step : int, default=1
        For X of shape (n, columns): ``columns / features_per_step`` steps, step-major.
    tokens : bool, default=False
        Read integer ids instead of measurements.
    allow_nan : bool, default=False
        Let NaN through, for transformers that pass it on to an imputer. Masked values are NaN then, else an error.
    keep_frames : bool, default=False
        For a list of data frames, return their steps as one frame, its values unchecked: they may be text.
    form : str, default=None
        The form that X must have, where it is not that of the estimator's fit.

    Returns
    -------
    Sequences

    Raises
    ------
    ValueError, TypeError
        If X is empty, not numeric, not finite, of inconsistent widths or names, or not of the form seen in fit.
    """
    name = type(estimator).__name__
    learned = form if reset else estimator._input_form
    found = recognise(
        X, name, tokens=tokens, learned=learned, features_per_step=features_per_step, allow_masked=allow_nan
    )
    check_form(found, learned, name, getattr(estimator, "n_features_in_", None))
    finite = "allow-nan" if allow_nan else True
    if found.form.endswith("columns") or (found.form == "rows" and reset):
        sequences = _read_columns(estimator, found, reset, features_per_step, tokens, finite)
    else:
        read = _read_list if isinstance(found.X, (list, tuple)) else _read_cube
        sequences = read(found, tokens, finite, keep_frames)
        check_names(estimator, found.names, reset=reset)
        if reset:
            estimator.n_features_in_ = sequences.n_features
        else:
            # Lists of numbers hold one number a step, whatever their length in fit.
            _compare_width(sequences, 1 if learned == "rows" else estimator.n_features_in_, name)
    if reset:
        estimator._input_form = found.form
    return sequences


def _read_columns(estimator, found, reset, features_per_step, tokens, finite):
    X = found.X
    if not tokens:
        refuse_kind(getattr(X, "dtype", None), "X")
        if is_frame(X):
            refuse_dates(X)
    kinds = ("token columns", "token lists") if tokens else ("columns", "sequences")
    check = {"dtype": None if tokens else table_dtypes(X), "order": "C", "ensure_all_finite": finite}
    with explaining(X, " or ".join(FORMS[kind] for kind in kinds)):
        if found.names is None:
            X = validate_data(estimator, X, reset=reset, **check)
        else:  # names that scikit-learn does not read
            X = check_array(X, input_name="X", estimator=estimator, **check)
            check_names(estimator, found.names, reset=reset)
            if reset:
                estimator.n_features_in_ = X.shape[1]
    n, columns = X.shape
    container = "rows" if found.form == "rows" else "columns"
    if tokens:
        return Sequences(as_ids(X, "X").reshape(-1), np.full(n, columns, dtype=np.intp), found.form, container)
    if columns % features_per_step:
        raise ValueError(
            f"X has {columns} columns, which is not a multiple of features_per_step={features_per_step}. "
            "Set features_per_step to the number of features of each step."
        )
    steps = columns // features_per_step
    values = X.reshape(n * steps, features_per_step)
    return Sequences(values, np.full(n, steps, dtype=np.intp), found.form, container)


def _read_cube(found, tokens, finite, keep_frames):
    X = float_array(found.X)
    if 0 in X.shape[1:]:
        raise ValueError(f"X has shape {X.shape}: the sequences are empty. Give each at least one step of one feature.")
    values = X.reshape(-1, X.shape[2])
    lengths = np.full(len(X), X.shape[1], dtype=np.intp)
    check_finite(values, lengths, finite)  # unlike check_array it names the step
    return Sequences(values, lengths, found.form, "array")


def _read_list(found, tokens, finite, keep_frames):
    items = found.X
    if all(map(is_frame, items)):
        return _read_frames(found, tokens, finite, keep_frames)
    arrays = [_read_one(item, i, tokens, finite) for i, item in enumerate(items)]
    _check_widths([1 if a.ndim == 1 else a.shape[1] for a in arrays])
    lengths = np.array([len(a) for a in arrays], dtype=np.intp)
    container = "rows" if found.form == "rows" else "list"
    if tokens:
        return Sequences(np.concatenate(arrays), lengths, found.form, container)
    single = all(a.dtype == np.float32 for a in arrays)
    dtype = np.float32 if single else np.float64
    with np.errstate(over="ignore"):  # what overflows becomes infinite, and is found as such
        values = np.concatenate([a.reshape(len(a), -1) for a in arrays], dtype=dtype, casting="unsafe")
    check_finite(values, lengths, finite)
    return Sequences(values, lengths, found.form, container)


def _read_frames(found, tokens, finite, keep_frames):
    frames = found.X
    for i, frame in enumerate(frames):
        _refuse_empty(frame, i)
    _check_widths([frame.shape[1] for frame in frames])
    lengths = np.array([frame.shape[0] for frame in frames], dtype=np.intp)
    frame = concatenate(frames)
    if keep_frames:
        return Sequences(frame, lengths, found.form, "list")
    values = frame_to_array(frame, lambda row: f"X[{np.searchsorted(np.cumsum(lengths), row, side='right')}]")
    if tokens:
        if values.shape[1] > 1:
            raise ValueError(
                f"The frames of X have {values.shape[1]} columns, but with embedding_dim set each sequence is one "
                "column of integer token ids. Select it, or set embedding_dim=None to read measurements."
            )
        return Sequences(as_ids(values[:, 0], "X"), lengths, found.form, "list")
    values = values.astype(np.float64, copy=False) if values.dtype != np.float32 else values
    check_finite(values, lengths, finite)
    return Sequences(values, lengths, found.form, "list")


def _check_widths(widths):
    widths = np.array(widths)
    if (widths != widths[0]).any():
        odd = int(np.flatnonzero(widths != widths[0])[0])
        raise ValueError(
            f"The sequences of X differ in their number of features: X[0] has {widths[0]}, X[{odd}] has "
            f"{widths[odd]}. Give every step of every sequence the same features."
        )


def _refuse_empty(item, i):
    if 0 in item.shape:
        raise ValueError(
            f"X[{i}] is an empty sequence of shape {tuple(item.shape)}. Drop it, or give it at least one step."
        )


def _read_one(item, i, tokens, finite):
    """Return sequence i as an array (steps, features) or (steps,), numeric but not yet checked for NaN."""
    if issparse(item):
        raise TypeError(f"Sparse data was passed for X[{i}], but dense data is required. Use X[{i}].toarray().")
    try:
        array = to_array(item, f"X[{i}]", allow_masked=finite == "allow-nan" and not tokens)
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise
        raise ValueError(
            f"X[{i}] is a {type(item).__name__} whose steps differ in their number of features. Give every step of "
            "every sequence the same features."
        ) from None
    if tokens and array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim not in ((1,) if tokens else (1, 2)) or array.dtype == object:
        array = _object_to_float(array, item, i, tokens)
    refuse_kind(array.dtype, f"X[{i}]")
    _refuse_empty(array, i)
    if not tokens:
        return array
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise ValueError(
            f"Input X contains NaN: X[{i}] at step {int(np.isnan(array).argmax())}. Leave the step out, or give "
            "missing tokens an id of their own."
        )
    return as_ids(check_array(array, dtype=None, ensure_2d=False, input_name=f"X[{i}]"), f"X[{i}]")


def _object_to_float(array, item, i, tokens):
    shape = "(steps,) of ids" if tokens else "(steps, features) or (steps,)"
    if array.ndim in ((1,) if tokens else (1, 2)):
        values = numbers(array.reshape(-1))
        if values is not None:
            return values.reshape(array.shape)
        odd = next((value for value in array.flat if not isinstance(value, Real)), array.flat[0])
        raise TypeError(
            f"X[{i}] holds {odd!r} of type {type(odd).__name__}, which is not a number. Give an array {shape}."
        )
    raise ValueError(
        f"X[{i}] is a {type(item).__name__} of shape {array.shape}, but each sequence must be an array {shape}."
    )


def _compare_width(sequences, width, name):
    if sequences.n_features == width:
        return
    lone = sequences.n_features == 1 and (sequences.lengths == width).all()
    raise ValueError(
        f"X has {sequences.n_features} features a step, but {name} is expecting {width} features a step "
        "as input. Give the features that were given to fit."
        + (" If X is a single sequence, give a list of it: [X]." if lone else "")
    )
