"""The forms of X, and which of them X has."""

from typing import NamedTuple

from ._arrays import PLAIN, is_sequence, plain_array
from ._cells import sequences_in_cells
from ._columns import column_names, library_of
from ._frames import frame_to_array, read_names
from ._refusals import refuse_kinds

#: What each form of X looks like, for error messages.
FORMS = {
    "columns": "an array or DataFrame (n, columns)",
    "rows": "a list of lists of numbers, all of one length",
    "sequences": "an array (n, steps, features) or a list of arrays (steps_i, features)",
    "token columns": "an integer array (n, steps)",
    "token lists": "a list of 1-D integer arrays",
}

#: Forms that a reader takes after fit on another one: lists of numbers are of one length by chance in one fold of many,
#: and read one number a step either way.
ALSO = {"rows": ("columns", "sequences")}


class Recognised(NamedTuple):
    """What X is.

    Attributes
    ----------
    X : list or array-like
        A list of sequences, or what :func:`sklearn.utils.check_array` reads.
    form : str
        A key of :data:`FORMS`.
    names : list of str or None
        Names of the features of a step; of the columns, for tables of libraries whose names scikit-learn does not read.
    """

    X: object
    form: str
    names: list | None


def recognise(X, name, *, tokens=False, learned=None, features_per_step=1, allow_masked=False):
    """Return X as :class:`Recognised`, its values not yet checked.

    Parameters
    ----------
    X : object
    name : str
        Of the estimator, for errors.
    tokens : bool, default=False
        Whether the values are token ids.
    learned : str, default=None
        The form of X in fit.
    features_per_step : int, default=1
        With another number, lists of numbers are always tables.
    allow_masked : bool, default=False
        Whether masked values become NaN; if not, they are an error.
    """
    columns, lists = ("token columns", "token lists") if tokens else ("columns", "sequences")
    refuse_kinds(X, name, f"{FORMS[lists]} or {FORMS[columns]}")
    X = plain_array(X, "X", allow_masked)
    names = None
    cells = sequences_in_cells(X)
    if cells is not None:
        X, names = cells
    elif library_of(X) == "pyarrow" and len(X.shape if hasattr(X, "shape") else ()) == 2:
        X, names = frame_to_array(X), column_names(X)
    if isinstance(X, PLAIN):
        form = _form_of_list(X, columns, lists, learned, features_per_step)
        if form == lists:
            X = list(X)
            names = names or read_names(X)
        return Recognised(X, form, names)
    ndim = len(getattr(X, "shape", ()))
    if ndim > 3:
        raise ValueError(f"Found array with dim {ndim}, while dim <= 3 is required by {name}: X has shape {X.shape}.")
    if ndim == 3 and tokens:
        raise ValueError(
            f"X has shape {X.shape}, but with embedding_dim set {name} reads token ids: give an integer array "
            "(n, steps) or a list of 1-D integer arrays, or set embedding_dim=None to read measurements."
        )
    return Recognised(X, lists if ndim == 3 else columns, names)


def _form_of_list(X, columns, lists, learned, features_per_step):
    if not len(X):
        raise ValueError(f"X is an empty {type(X).__name__}: 0 sequences, while a minimum of 1 is required.")
    if not any(map(is_sequence, X)):
        return columns  # check_array raises
    _refuse_odd_items(X, columns, lists)
    if not all(isinstance(row, (list, tuple)) and not any(map(is_sequence, row)) for row in X):
        return lists
    # Lists of plain values. A part of ragged ones may be of one length by chance, so that this decides nothing else.
    width = len(X[0])
    ragged = next((i for i, row in enumerate(X) if len(row) != width), None)
    if columns == "token columns":
        return columns if learned == columns and ragged is None else lists
    if features_per_step != 1 or learned == "columns":
        if ragged is None or learned is not None:
            return columns if ragged is None else lists
        raise ValueError(
            f"X[0] is a list of {width} numbers and X[{ragged}] of {len(X[ragged])}, but with features_per_step="
            f"{features_per_step} a list of lists of numbers is a table, whose rows have one length. Give arrays "
            f"(steps_i, {features_per_step}), such as np.reshape(x, (-1, {features_per_step}))."
        )
    return "rows" if ragged is None and learned != lists else lists


def _refuse_odd_items(X, columns, lists):
    """Raise unless every item of a list that has sequences is one."""
    for i, item in enumerate(X):
        if not is_sequence(item):
            raise ValueError(
                f"X[{i}] is {item!r} of type {type(item).__name__}, while other items of X are sequences. Give "
                f"{FORMS[lists]}, or {FORMS[columns]}."
            )


def check_form(found, learned, name, width):
    """Raise unless X is of the form that was given to fit, or of one that is read alike.

    Parameters
    ----------
    found : Recognised
    learned : str or None
    name : str
        Of the estimator.
    width : int or None
        The number of features of each step in fit, by which a single sequence is recognised.
    """
    if learned is None or found.form == learned or found.form in ALSO.get(learned, ()):
        return
    X = found.X
    if not hasattr(X, "shape") and not hasattr(X, "__len__"):
        raise TypeError(f"X is {X!r}, no sequences. Give {FORMS[learned]}, as in fit.")
    shape = tuple(X.shape) if hasattr(X, "shape") else (len(X),)
    lone = len(shape) == 1 or (len(shape) == 2 and shape[1] == width)
    raise ValueError(
        f"X is {FORMS[found.form]}, but this {name} was fitted on {FORMS[learned]}. "
        "Give X in the form that was given to fit, or fit again on this form."
        + (" If X is a single sequence, give a list of it: [X]." if lone and "columns" in found.form else "")
    )
