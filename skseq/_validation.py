"""Checks of hyperparameters, targets and weights, with errors that name the cure.

scikit-learn's own helpers are used where they are public; what stands here is what it keeps private or
reports without saying what to do.
"""

from contextlib import contextmanager
from numbers import Integral, Real

import numpy as np
from sklearn.utils import check_array, check_random_state, check_scalar
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import column_or_1d

#: Why an inner estimator may not find the names of classes, for error messages.
NUMBERED_CLASSES = (
    "Within VotingClassifier, StackingClassifier, BaggingClassifier and other meta-estimators that number the classes, "
    "name them by their number in sorted order: 0, 1, ...."
)

#: Integers within this distance are near each other.
NEAR = 1000


@contextmanager
def all_or_nothing(estimator):
    """Undo every change to ``estimator`` when the block raises.

    A fit that fails leaves the estimator as it was: unfitted, or fitted as before.
    """
    before = dict(vars(estimator))
    try:
        yield
    except BaseException:
        vars(estimator).clear()
        vars(estimator).update(before)
        raise


def check_option(name, value, options):
    """Return ``value`` if it is one of ``options``, else raise a ValueError that lists them."""
    # A parameter grid may be an array, whose strings are of a subclass of str; but True is not 1.
    kind = str if isinstance(value, str) else type(value)
    if not any(value is option or (kind is type(option) and value == option) for option in options):
        listed = ", ".join(repr(option) for option in options)
        raise ValueError(f"{name}={value!r} is not an option; use one of: {listed}.")
    return value


def check_number(name, value, kind=Real, low=None, high=None, bounds="both"):
    """Return ``value`` if it is a number of ``kind`` between ``low`` and ``high``.

    ``bounds`` says which ends are allowed: "both", "left", "right" or "neither", as in
    :func:`sklearn.utils.check_scalar`, which raises TypeError and ValueError.
    """
    if isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be a number, got the boolean {value!r}.")
    if isinstance(value, Integral) and abs(int(value)) >= 2**63:
        bits = int(value).bit_length()
        raise ValueError(f"{name} is an integer of {bits} bits, expected one below 2**63. Give a smaller number.")
    check_scalar(value, name, kind, min_val=low, max_val=high, include_boundaries=bounds)
    if value != value:
        raise ValueError(f"{name} must be a number, got NaN.")
    return value


def check_bool(name, value):
    """Return ``value`` if it is a boolean."""
    if not isinstance(value, (bool, np.bool_)):
        raise TypeError(f"{name} must be True or False, got {value!r}.")
    return bool(value)


def check_seed(random_state):
    """Return the RandomState of ``random_state``, or raise a ValueError that says what it may be."""
    try:
        return check_random_state(random_state)
    except ValueError:
        raise ValueError(
            f"random_state={random_state!r} is not an option; use an int, a RandomState or None."
        ) from None


def refuse_masked(values, name, cure="Fill them with NaN, as in X.astype(float).filled(np.nan), and impute."):
    """Raise a ValueError if ``values``, or an array in a list of them, is a NumPy masked array with masked entries.

    NumPy and scikit-learn read what stands behind the mask as if it were data.

    Parameters
    ----------
    values : object
        Anything; a list, tuple or object array is searched one level deep.
    name : str
        What an error calls it.
    cure : str
        What to do, as a sentence.
    """
    if np.ma.is_masked(values):
        where, array = name, values
    elif isinstance(values, (list, tuple)) or (isinstance(values, np.ndarray) and values.dtype == object):
        found = next(((i, item) for i, item in enumerate(values) if np.ma.is_masked(item)), None)
        if found is None:
            return
        where, array = f"{name}[{found[0]}]", found[1]
    else:
        return
    raise ValueError(
        f"{where} is a masked array with {np.ma.count_masked(array)} masked of {array.size} values, and what lies "
        f"behind a mask is not data. {cure}"
    )


def check_same_length(X_rows, y):
    """Raise unless ``y`` has one entry for each of the ``X_rows`` rows of X."""
    if len(y) != X_rows:
        raise ValueError(
            f"y has {len(y)} labels but X has {X_rows} rows: they have inconsistent numbers of samples. "
            "Give one label for each row (each sequence) of X."
        )


def check_labels(y, n_rows):
    """Return ``y`` as a 1-D array of class labels, one for each of ``n_rows`` rows."""
    if y is None:
        raise ValueError(
            "This estimator requires y to be passed, but the target y is None. Give one label for each row of X."
        )
    refuse_masked(y, "y", "Drop the rows that have no label.")
    y = column_or_1d(y, warn=True)
    if y.dtype.kind == "O":
        check_not_missing(y)
        y = plain_labels(y)
    if y.dtype.kind == "f":
        check_finite_targets(y, cure="Drop the rows that have no label.")
    # Integers are classes; scikit-learn's check, which sorts them, has something to say only where they are too many.
    if y.dtype.kind not in "iu" or len(distinct(y)) > len(y) // 2:
        check_classification_targets(y)
    check_same_length(n_rows, y)
    return y


def encode_labels(labels):
    """Return the classes among ``labels``, sorted, and the code (place among them) of each label."""
    classes = distinct(labels)
    if len(classes) <= 2:
        return classes, (labels == classes[-1]).astype(np.intp) * (len(classes) - 1)
    distances = _distances(labels)
    if distances is None:
        return classes, np.searchsorted(classes, labels)
    code_of = np.cumsum(np.bincount(distances) > 0) - 1
    return classes, code_of[distances]


def distinct(labels):
    """Return the distinct labels, sorted; those that are integers near each other by counting, which is faster."""
    distances = _distances(labels)
    if distances is None:
        return np.unique(labels)
    return (np.flatnonzero(np.bincount(distances)) + int(labels.min())).astype(labels.dtype)


def _distances(labels):
    """Return how far each label is from the smallest, if all are integers near each other; None if not."""
    if not len(labels) or labels.dtype.kind not in "iu" or labels.dtype == np.uint64:
        return None
    low, high = int(labels.min()), int(labels.max())
    return np.subtract(labels, low, dtype=np.intp) if high - low < NEAR else None


def is_missing(label):
    """Whether a label, which may be any Python object, stands for a missing value."""
    is_nan = isinstance(label, (float, np.floating)) and label != label
    return label is None or is_nan or type(label).__name__ in ("NAType", "NaTType")


def check_not_missing(y, name="y", cure="Drop the rows that have no label."):
    """Raise a ValueError if one of the labels, which may be Python objects, stands for a missing value."""
    for i, label in enumerate(y):
        if is_missing(label):
            raise ValueError(f"Input {name} contains a missing label: {name}[{i}] is {label!r}. {cure}")


def check_finite_targets(y, name="y", cure="Drop the rows that have no target."):
    """Raise a ValueError that says where an array of floats is not finite."""
    bad = ~np.isfinite(y)
    if bad.any():
        place = tuple(int(i) for i in np.argwhere(bad)[0])
        where = f"{name}[{', '.join(map(str, place))}] is {y[place]!r}, one of {int(bad.sum())}"
        if np.isnan(y[bad]).any():
            raise ValueError(f"Input {name} contains NaN. {where}. {cure}")
        raise ValueError(f"Input {name} contains infinity or a value too large for {y.dtype!r}: {where}. {cure}")


#: What to do about targets of each kind of dtype that are no numbers.
TARGET_CURES = {
    "c": "Give real and imaginary parts as two columns.",
    "M": "Subtract a start and divide by a unit: (y - start) / np.timedelta64(1, 'h').",
    "m": "Divide by a unit: y / np.timedelta64(1, 'h').",
}


def float_targets(y):
    """Return targets as finite floats; dates, durations and complex numbers are an error, which NumPy would convert."""
    dtype = np.asarray(y).dtype
    if dtype.kind in TARGET_CURES:
        raise TypeError(f"y has dtype {dtype}, but numbers are needed. {TARGET_CURES[dtype.kind]}")
    y = check_array(y, ensure_2d=False, allow_nd=True, dtype=np.float64, ensure_all_finite=False, input_name="y")
    check_finite_targets(y)
    return y


def plain_labels(y):
    """Return an array of Python objects as integers, floats or booleans if they are all of one of these kinds.

    Raises
    ------
    ValueError
        If texts and numbers are mixed.
    """
    texts = [isinstance(label, str) for label in y]
    if any(texts) and not all(texts):
        text, number = texts.index(True), texts.index(False)
        if isinstance(y[number], (Real, np.bool_)):
            raise ValueError(
                f"y mixes texts and numbers: y[{text}] is {y[text]!r} and y[{number}] is {y[number]!r}. Give all "
                "labels as texts, with str(label), or all as numbers."
            )
    booleans = [isinstance(label, (bool, np.bool_)) for label in y]
    kinds = {bool: (bool, np.bool_), np.int64: (int, np.integer), np.float64: (int, float, np.integer, np.floating)}
    for dtype, kind in kinds.items():
        if all(isinstance(label, kind) for label in y) and (dtype is bool or not any(booleans)):
            try:
                return y.astype(dtype)
            except OverflowError:
                return y
    return y


def named_classes(classes):
    """Return the classes that a first ``partial_fit`` names, sorted."""
    try:
        classes = np.unique(column_or_1d(classes))
    except (TypeError, ValueError) as error:
        raise ValueError(f"classes={classes!r} is not a list of class labels: {error}") from error
    if classes.dtype.kind in "fO":
        check_not_missing(classes, "classes", "Leave it out.")
    return classes


def check_classes(classes, name):
    """Raise unless there are two classes or more to tell apart."""
    if len(classes) < 2:
        raise ValueError(
            f"{name} needs at least two classes in y, got {len(classes)} class: {classes.tolist()}. "
            "Add rows of another class."
        )


def check_sample_weight(sample_weight, n_rows, dtype=np.float64):
    """Return ``sample_weight`` as an array (n_rows,), ones where it is None.

    Raises
    ------
    ValueError
        If the weights are not finite, negative, all zero, or not one for each row.
    """
    if sample_weight is None:
        return np.ones(n_rows, dtype=dtype)
    refuse_masked(sample_weight, "sample_weight", "Give rows that are to be left out a weight of zero.")
    try:
        if isinstance(sample_weight, Real):
            sample_weight = np.full(n_rows, sample_weight, dtype=dtype)
        weights = check_array(
            sample_weight,
            ensure_2d=False,
            allow_nd=True,
            dtype=dtype,
            ensure_all_finite=False,
            input_name="sample_weight",
        )
    except (OverflowError, TypeError, ValueError) as error:
        if "sample_weight" in str(error):
            raise
        reason = "it holds sequences" if "array element with a sequence" in str(error) else str(error).rstrip(".")
        raise ValueError(f"sample_weight cannot be read: {reason}. Give one number for each row of X.") from error
    check_finite_targets(weights, "sample_weight", "Give finite weights; a weight of zero leaves a row out.")
    if weights.ndim != 1:
        raise ValueError(
            f"Sample weights must be 1D array or scalar: sample_weight has shape {weights.shape}, "
            f"expected ({n_rows},). Give one weight for each row of X."
        )
    if len(weights) != n_rows:
        raise ValueError(
            f"sample_weight.shape == {weights.shape}, expected ({n_rows},)! Give one weight for each row of X."
        )
    if (weights < 0).any():
        row = int(np.flatnonzero(weights < 0)[0])
        raise ValueError(
            f"Negative values in sample_weight: sample_weight[{row}] is {weights[row]!r}. "
            "Give weights of zero or more; a weight of zero leaves a row out."
        )
    if not weights.any():
        raise ValueError("sample_weight is zero for every row. Give at least one row a weight above zero.")
    with np.errstate(over="ignore"):
        if not np.isfinite(weights.sum()):
            raise ValueError("sample_weight adds up to infinity. Divide the weights by a constant.")
    return weights


def with_mean_of_one(weights, n, total):
    """Return ``weights / (total / n)``, also where weights are too small for their quotients.

    Parameters
    ----------
    weights : ndarray
    n, total : float
        Number and total of these weights and of earlier ones.
    """
    scale = 2.0**600 if total < 2.0**-400 else 1.0  # exact
    return weights * scale / (total * scale / n)


def resolve_class_weight(class_weight, classes, counts):
    """Return the weight w_j of each class.

    Parameters
    ----------
    class_weight : None, "balanced" or dict
        "balanced" gives w_j = n / (K n_j), so that every class weighs the same in total. A dict may name classes
        that are not in y, such as those that a fold lacks, if it names all that are.
    classes : ndarray of shape (n_classes,)
    counts : ndarray of shape (n_classes,)
        n_j, the total sample weight of each class, so that a weight of two equals a row given twice. A class
        that was not seen has a weight of one and does not count among the K.

    Returns
    -------
    ndarray of shape (n_classes,), float64
    """
    weights = np.ones(len(classes))
    if class_weight is None:
        return weights
    if isinstance(class_weight, str) and class_weight == "balanced":
        seen = counts > 0
        with np.errstate(over="ignore"):
            weights[seen] = counts.sum() / counts[seen] / seen.sum()
        if not np.isfinite(weights).all():
            raise ValueError(
                f"The classes {classes[seen].tolist()} have total sample weights of {counts[seen].tolist()}, too far "
                "apart for class_weight='balanced'. Give sample weights of one scale, or another class_weight."
            )
        return weights
    if not isinstance(class_weight, dict):
        raise ValueError(
            f"class_weight={class_weight!r} is not an option; use None, 'balanced' or a dict from class to weight."
        )
    positions = {label: k for k, label in enumerate(classes.tolist())}
    for label, weight in class_weight.items():
        if not np.isfinite(check_number(f"class_weight[{label!r}]", weight, low=0)):
            raise ValueError(f"class_weight must be finite, got {class_weight!r}.")
        if label in positions:
            weights[positions[label]] = weight
        elif not positions.keys() <= class_weight.keys():
            raise ValueError(
                f"class_weight names the class {label!r}, which is not in y; the classes are {classes.tolist()}. "
                f"Name all of these, or only these. {NUMBERED_CLASSES}"
            )
    return weights
