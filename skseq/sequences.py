"""The door: every accepted form of X becomes one :class:`Sequences`, once.

The steps of all sequences stand one after another in one array, so that nothing is padded to the longest
sequence and an array (n, steps, features) comes in without a copy. Batches are padded when they are drawn,
only as far as their own rows need.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from numbers import Real

import numpy as np
from scipy.sparse import issparse
from sklearn.utils import check_array
from sklearn.utils.validation import validate_data

from skseq._sequence_values import as_ids, check_finite, explaining, float_array, refuse_kind, table_dtypes

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
        A key of ``FORMS``: what X looked like.
    container : {"columns", "array", "list"}
        What a result that keeps the shape of X should be.
    context : ndarray of shape (n, ...), optional
        What is known of each sequence as a whole.
    """

    values: np.ndarray
    lengths: np.ndarray
    form: str
    container: str
    context: np.ndarray | None = None

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

    @cached_property
    def context_lengths(self):
        """Where the context holds ids (n, longest), padded with -1: the number of them of each sequence, shape (n,)."""
        return (self.context >= 0).sum(axis=1)

    @cached_property
    def context_starts(self):
        """Where the ids of each context begin if they are laid end to end, shape (n,)."""
        return np.cumsum(self.context_lengths) - self.context_lengths

    def take(self, rows):
        """Return the sequences ``rows``, copied."""
        context = None if self.context is None else self.context[rows]
        return Sequences(self.values[self.step_rows(rows)], self.lengths[rows], self.form, self.container, context)

    def step_rows(self, rows):
        """Rows of ``values`` that hold the steps of the sequences ``rows``, one sequence after another."""
        return _runs(self.starts[rows], self.lengths[rows])

    def context_rows(self, rows):
        """The same for the ids of their contexts laid end to end."""
        return _runs(self.context_starts[rows], self.context_lengths[rows])

    def with_values(self, values):
        """Return the same sequences with other values at each step."""
        return replace(self, values=values)

    def split(self, values):
        """Return ``values`` (total_steps, ...) by sequence: an array (n, steps, ...), or for lists one of n arrays."""
        if self.container != "list":
            return values.reshape(len(self), self.equal_steps, *values.shape[1:])
        return array_of(np.split(values, self.starts[1:]))

    def unpack(self):
        """Return the sequences in the container that X was: a list, an array (n, steps, features) or rows."""
        if self.container == "list":
            return np.split(self.values, self.starts[1:])
        if self.container == "array":
            return self.values.reshape(len(self), self.equal_steps, -1)
        return self.values.reshape(len(self), -1)


def array_of(items):
    """Return an array (n,) of objects; NumPy would stack items of one length."""
    array = np.empty(len(items), dtype=object)
    for i, item in enumerate(items):
        array[i] = item
    return array


def _runs(starts, lengths):
    """Return the numbers of each run, which begins at ``starts`` and has ``lengths``, one run after another."""
    offsets = np.cumsum(lengths) - lengths
    return np.arange(lengths.sum()) + np.repeat(starts - offsets, lengths)


def read_sequences(estimator, X, *, reset, features_per_step=1, tokens=False, allow_nan=False):
    """Validate X for ``estimator`` and return it as :class:`Sequences`.

    With ``reset=True`` the estimator learns ``n_features_in_``, ``feature_names_in_`` (DataFrames) and the form
    of X; with ``reset=False`` X must be of that form.

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
            X = float_array(X)
            if 0 in X.shape[1:]:
                raise ValueError(
                    f"X has shape {X.shape}: the sequences are empty. Give each at least one step of one feature."
                )
            values = X.reshape(-1, X.shape[2])
            lengths = np.full(len(X), X.shape[1], dtype=np.intp)
            check_finite(values, lengths, finite)  # unlike check_array it says which step
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
    if ndim == 1 and str(getattr(X, "dtype", None)) == "object" and any(map(_is_sequence, X)):
        X = list(X)
    if ndim == 1 or isinstance(X, (list, tuple)):
        _refuse_texts(X)
    if isinstance(X, (list, tuple)):
        if not len(X):
            raise ValueError(f"X is an empty {type(X).__name__}: 0 sequences, while a minimum of 1 is required.")
        # A part of ragged token lists may be of one length by chance, in one fold of many: always sequences.
        if _is_table(X, prefer_sequences=learned == lists or (tokens and learned is None)):
            return X, columns
        if any(map(_is_sequence, X)):
            _refuse_odd_items(X, columns, lists)
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
    return isinstance(item, (list, tuple)) or len(getattr(item, "shape", ())) >= 1


def _refuse_texts(X):
    """Raise if X is a list of texts, of which NumPy would say that it is not 2-D."""
    first = next(iter(X), None)
    if isinstance(first, str):
        raise ValueError(
            f"X[0] is the text {first!r}, but numbers are needed. Encode each text as a list of integer ids, for "
            "example with skseq.preprocessing.TokenEncoder, and set embedding_dim."
        )


def _refuse_odd_items(X, columns, lists):
    """Raise unless every item of a list that has sequences is one."""
    for i, item in enumerate(X):
        if not _is_sequence(item):
            raise ValueError(
                f"X[{i}] is {item!r} of type {type(item).__name__}, while other items of X are sequences. Give "
                f"{FORMS[lists]}, or {FORMS[columns]}."
            )


def _is_table(X, prefer_sequences):
    """Whether a list is a table in scikit-learn's sense: rows of plain numbers, all of one length."""
    if prefer_sequences or not all(isinstance(row, (list, tuple)) for row in X):
        return False
    width = len(X[0])
    return all(len(row) == width and not any(map(_is_sequence, row)) for row in X)


def _read_columns(estimator, X, reset, features_per_step, tokens, finite, form):
    if not tokens:
        refuse_kind(getattr(X, "dtype", None), "X")
    kinds = ("token columns", "token lists") if tokens else ("columns", "sequences")
    with explaining(X, " or ".join(FORMS[kind] for kind in kinds)):
        X = validate_data(
            estimator,
            X,
            reset=reset,
            dtype=None if tokens else table_dtypes(X),
            order="C",
            ensure_all_finite=finite,
        )
    n, columns = X.shape
    if tokens:
        return Sequences(as_ids(X, "X").reshape(-1), np.full(n, columns, dtype=np.intp), form, "columns")
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
    with np.errstate(over="ignore"):  # what overflows becomes infinite, and is found as such
        values = np.concatenate([a.reshape(len(a), -1) for a in arrays], dtype=dtype, casting="unsafe")
    check_finite(values, lengths, finite)
    return Sequences(values, lengths, form, "list")


def _read_one(item, i, tokens):
    """Return sequence i as an array (steps, features) or (steps,), numeric but not yet checked for NaN."""
    if issparse(item):
        raise TypeError(f"Sparse data was passed for X[{i}], but dense data is required. Use X[{i}].toarray().")
    try:
        array = np.asarray(item)
    except ValueError:
        raise ValueError(
            f"X[{i}] is a {type(item).__name__} whose steps differ in their number of features. Give every step of "
            "every sequence the same features."
        ) from None
    if array.ndim not in ((1,) if tokens else (1, 2)) or array.dtype == object:
        array = _object_to_float(array, item, i, tokens)
    refuse_kind(array.dtype, f"X[{i}]")
    if not len(array) or array.size == 0:
        raise ValueError(f"X[{i}] is an empty sequence of shape {array.shape}. Drop it, or give it at least one step.")
    if not tokens:
        return array
    return as_ids(check_array(array, dtype=None, ensure_2d=False, input_name=f"X[{i}]"), f"X[{i}]")


def _object_to_float(array, item, i, tokens):
    shape = "(steps,) of ids" if tokens else "(steps, features) or (steps,)"
    if array.ndim in ((1,) if tokens else (1, 2)):
        try:
            return array.astype(np.float64)
        except (TypeError, ValueError):
            odd = next((value for value in array.flat if not isinstance(value, Real)), array.flat[0])
            raise TypeError(
                f"X[{i}] holds {odd!r} of type {type(odd).__name__}, which is not a number. Give an array {shape}."
            ) from None
    raise ValueError(
        f"X[{i}] is a {type(item).__name__} of shape {array.shape}, but each sequence must be an array {shape}."
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
