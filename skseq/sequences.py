"""The door: every accepted form of X becomes one :class:`Sequences`, once.

The steps of all sequences stand one after another in one array, so that nothing is padded to the longest
sequence and an array (n, steps, features) comes in without a copy. Batches are padded when they are drawn,
only as far as their own rows need.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import issparse
from sklearn.utils import check_array
from sklearn.utils.validation import FLOAT_DTYPES, validate_data

#: What each form of X looks like, for error messages.
FORMS = {
    "columns": "an array or DataFrame (n, columns)",
    "sequences": "an array (n, steps, features) or a list of arrays (steps_i, features)",
    "token columns": "an integer array (n, steps)",
    "token lists": "a list of 1-D integer arrays",
}


@dataclass(frozen=True)
class Sequences:
    """Sequences of any lengths, their steps laid end to end.

    Attributes
    ----------
    values : ndarray of shape (total_steps, features), or (total_steps,) for token ids
    lengths : ndarray of shape (n,), intp
        Steps of each sequence, one or more.
    form : str
        A key of :data:`FORMS`: what X looked like.
    container : {"columns", "array", "list"}
        What a result that keeps the shape of X should be.
    """

    values: np.ndarray
    lengths: np.ndarray
    form: str
    container: str

    def __len__(self):
        return len(self.lengths)

    @property
    def n_features(self):
        """Features of a step; 1 for token ids."""
        return 1 if self.values.ndim == 1 else self.values.shape[1]

    @cached_property
    def starts(self):
        """Row of ``values`` where each sequence begins, shape (n,)."""
        return np.cumsum(self.lengths) - self.lengths

    @cached_property
    def equal_steps(self):
        """The number of steps if all sequences have the same, else None."""
        first = int(self.lengths[0])
        return first if (self.lengths == first).all() else None

    def take(self, rows):
        """Return the sequences ``rows``, copied."""
        lengths = self.lengths[rows]
        return Sequences(self.values[self.step_rows(rows)], lengths, self.form, self.container)

    def step_rows(self, rows):
        """Rows of ``values`` that hold the steps of the sequences ``rows``, one sequence after another."""
        lengths = self.lengths[rows]
        offsets = np.cumsum(lengths) - lengths
        return np.arange(lengths.sum()) + np.repeat(self.starts[rows] - offsets, lengths)

    def with_values(self, values):
        """Return the same sequences with other values at each step."""
        return Sequences(values, self.lengths, self.form, self.container)

    def unpack(self):
        """Return the sequences in the container that X was: a list, an array (n, steps, features) or rows."""
        if self.container == "list":
            return np.split(self.values, self.starts[1:])
        if self.container == "array":
            return self.values.reshape(len(self), self.equal_steps, -1)
        return self.values.reshape(len(self), -1)


def read_sequences(estimator, X, *, reset, features_per_step=1, tokens=False, allow_nan=False):
    """Validate X for ``estimator`` and return it as :class:`Sequences`.

    With ``reset=True`` the estimator learns ``n_features_in_``, ``feature_names_in_`` (DataFrames) and the form
    of X; with ``reset=False`` X must be of that form.

    Parameters
    ----------
    estimator : estimator
    X : any of the forms in :data:`FORMS`
    reset : bool
    features_per_step : int, default=1
        For X of shape (n, columns): ``columns / features_per_step`` steps, step-major.
    tokens : bool, default=False
        Read integer ids instead of measurements.
    allow_nan : bool, default=False
        Let NaN through, for transformers that pass it on to an imputer.

    Returns
    -------
    Sequences

    Raises
    ------
    ValueError, TypeError
        If X is empty, not numeric, not finite, of inconsistent widths, or not of the form seen in fit.
    """
    name = type(estimator).__name__
    learned = None if reset else estimator._input_form
    X, form = _recognise(X, tokens, learned, name)
    if learned is not None and form != learned:
        raise ValueError(
            f"X is {FORMS[form]}, but this {name} was fitted on {FORMS[learned]}. "
            "Give X in the form that was given to fit, or fit again on this form."
        )
    finite = "allow-nan" if allow_nan else True
    if form.endswith("columns"):
        sequences = _read_columns(estimator, X, reset, features_per_step, tokens, finite, form)
    else:
        if isinstance(X, list):
            sequences = _read_list(X, tokens, finite, form)
        else:
            X = _numbers(X, "X", tokens, False)
            if X.shape[1] < 1:
                raise ValueError(f"X has shape {X.shape}: the sequences are empty. Give each at least one step.")
            values = X.reshape(-1, X.shape[2])
            lengths = np.full(len(X), X.shape[1], dtype=np.intp)
            _check_finite(values, lengths, finite)  # unlike check_array it says which step
            sequences = Sequences(values, lengths, form, "array")
        _remember_or_compare_width(estimator, sequences.n_features, reset, name)
    if reset:
        estimator._input_form = form
    return sequences


def _recognise(X, tokens, learned, name):
    """Return X (a list of arrays if it is ragged) and its form."""
    if issparse(X):
        raise TypeError(
            f"Sparse data was passed for X, but dense data is required: {name} reads every step. "
            "Use X.toarray(), or reduce the columns first."
        )
    columns, lists = ("token columns", "token lists") if tokens else ("columns", "sequences")
    ndim = getattr(X, "ndim", None)
    if ndim == 1 and str(getattr(X, "dtype", None)) == "object" and len(X) and all(map(_is_sequence, X)):
        X = list(X)
    if isinstance(X, (list, tuple)):
        if not len(X):
            raise ValueError(f"X is an empty {type(X).__name__}: 0 sequences, while a minimum of 1 is required.")
        if _is_table(X, learned == lists):
            return X, columns
        if all(map(_is_sequence, X)):
            return list(X), lists
        return X, columns  # check_array says what is wrong with it
    if ndim == 3:
        if tokens:
            raise ValueError(
                f"X has shape {X.shape}, but with embedding_dim set {name} reads token ids: give an integer array "
                "(n, steps) or a list of 1-D integer arrays, or set embedding_dim=None to read measurements."
            )
        return X, lists
    if ndim is not None and ndim > 3:
        raise ValueError(f"Found array with dim {ndim}, while dim <= 3 is required by {name}: X has shape {X.shape}.")
    return X, columns


def _is_sequence(item):
    return isinstance(item, (list, tuple)) or getattr(item, "ndim", 0) >= 1


def _is_table(X, prefer_sequences):
    """Whether a list is a table in scikit-learn's sense: rows of plain numbers, all of one length."""
    if prefer_sequences or not all(isinstance(row, (list, tuple)) for row in X):
        return False
    width = len(X[0])
    return all(len(row) == width and not any(map(_is_sequence, row)) for row in X)


def _numbers(X, input_name, tokens, finite):
    """Return X as a float array (float32 kept), or as intp ids."""
    if np.iscomplexobj(X):
        raise ValueError(f"Complex data not supported: {input_name} has complex values. Give real and imaginary parts.")
    if not tokens:
        kept = getattr(X, "dtype", None) in (np.float32, np.float64)
        return check_array(
            X,
            dtype=FLOAT_DTYPES[0] if not kept else X.dtype,
            order="C",
            ensure_2d=False,
            allow_nd=True,
            ensure_all_finite=finite,
            input_name=input_name,
        )
    ids = check_array(X, dtype=None, ensure_2d=False, allow_nd=True, input_name=input_name)
    return _as_ids(ids, input_name)


def _as_ids(ids, input_name):
    if ids.dtype.kind not in "iu":
        whole = np.asarray(ids, dtype=np.float64) if ids.dtype.kind in "fbO" else None
        if whole is None or (whole != np.floor(whole)).any():
            raise ValueError(
                f"{input_name} has dtype {ids.dtype}, but with embedding_dim set it must hold integer token ids. "
                "Encode the tokens as 0, 1, 2, ..., or set embedding_dim=None to read measurements."
            )
        ids = whole
    if ids.size and ids.min() < 0:
        raise ValueError(f"{input_name} holds the token id {int(ids.min())}; ids are 0 or more.")
    return ids.astype(np.intp, copy=False)


def _read_columns(estimator, X, reset, features_per_step, tokens, finite, form):
    X = validate_data(
        estimator,
        X,
        reset=reset,
        dtype=None if tokens else [np.float64, np.float32],
        order="C",
        ensure_all_finite=finite,
    )
    n, columns = X.shape
    if tokens:
        return Sequences(_as_ids(X, "X").reshape(-1), np.full(n, columns, dtype=np.intp), form, "columns")
    if columns % features_per_step:
        raise ValueError(
            f"X has {columns} columns, which is not a multiple of features_per_step={features_per_step}. "
            "Set features_per_step to the number of features of each step."
        )
    steps = columns // features_per_step
    values = X.reshape(n * steps, features_per_step)
    return Sequences(values, np.full(n, steps, dtype=np.intp), form, "columns")


def _read_list(X, tokens, finite, form):
    arrays = [_read_one(item, i, tokens) for i, item in enumerate(X)]
    widths = np.array([1 if a.ndim == 1 else a.shape[1] for a in arrays])
    if (widths != widths[0]).any():
        odd = int(np.flatnonzero(widths != widths[0])[0])
        raise ValueError(
            f"The sequences of X differ in their number of features: X[0] has {widths[0]}, X[{odd}] has "
            f"{widths[odd]}. Give every step of every sequence the same features."
        )
    lengths = np.array([len(a) for a in arrays], dtype=np.intp)
    if tokens:
        return Sequences(np.concatenate(arrays), lengths, form, "list")
    single = all(a.dtype == np.float32 for a in arrays)
    dtype = np.float32 if single else np.float64
    values = np.concatenate([a.reshape(len(a), -1) for a in arrays], dtype=dtype, casting="unsafe")
    _check_finite(values, lengths, finite)
    return Sequences(values, lengths, form, "list")


def _read_one(item, i, tokens):
    """Return sequence i as an array (steps, features) or (steps,), numeric but not yet checked for NaN."""
    try:
        array = np.asarray(item)
    except ValueError:
        array = np.asarray(None)
    if array.ndim not in ((1,) if tokens else (1, 2)) or array.dtype == object:
        array = _object_to_float(array, item, i, tokens)
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"X[{i}] has dtype {array.dtype}, but numbers are needed. Encode text as integer ids "
            "and set embedding_dim, or give measurements."
        )
    if not len(array) or array.size == 0:
        raise ValueError(f"X[{i}] is an empty sequence of shape {array.shape}. Drop it, or give it at least one step.")
    return _numbers(array, f"X[{i}]", True, True) if tokens else array


def _object_to_float(array, item, i, tokens):
    shape = "1-D (steps,)" if tokens else "(steps, features) or (steps,)"
    if array.ndim in ((1,) if tokens else (1, 2)):
        try:
            return array.astype(np.float64)
        except (TypeError, ValueError):
            raise TypeError(
                f"X[{i}] holds {type(array.flat[0]).__name__} objects that are not numbers. Give an array {shape}."
            ) from None
    raise ValueError(
        f"X[{i}] is a {type(item).__name__} of shape {array.shape}, but each sequence must be an array {shape}."
    )


def _check_finite(values, lengths, finite):
    """Raise a ValueError that says which step of which sequence is not finite."""
    # The sum is finite when all are; overflow alone leads to the slower look at each value.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(values.sum(dtype=np.float64)):
            return
    bad = np.isinf(values) if finite == "allow-nan" else ~np.isfinite(values)
    if not bad.any():
        return
    row = int(np.flatnonzero(bad.any(axis=1))[0])
    ends = np.cumsum(lengths)
    i = int(np.searchsorted(ends, row, side="right"))
    what = "NaN" if np.isnan(values[row]).any() and finite is True else "infinity"
    raise ValueError(
        f"Input X contains {what}: X[{i}] at step {row - int(ends[i] - lengths[i])}. Drop the step, or impute it, "
        "for example with EachStep(SimpleImputer(add_indicator=True)) before this estimator."
    )


def _remember_or_compare_width(estimator, width, reset, name):
    if reset:
        estimator.n_features_in_ = width
        if hasattr(estimator, "feature_names_in_"):
            del estimator.feature_names_in_
    elif width != estimator.n_features_in_:
        raise ValueError(
            f"X has {width} features a step, but {name} is expecting {estimator.n_features_in_} features a step "
            "as input. Give the features that were given to fit."
        )
