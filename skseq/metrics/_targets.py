"""Checks that every measure shares."""

import numpy as np
from sklearn.utils.multiclass import type_of_target, unique_labels
from sklearn.utils.validation import column_or_1d

from skseq._validation import check_sample_weight, refuse_masked
from skseq.sequences import check_same_steps, holds_steps, join_steps, read_steps, step_weights


def join_sequences(y_true, y_pred, sample_weight=None):
    """Return labels of steps laid end to end, and labels of rows as they are.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n,), or one label per step
        For steps lists of n arrays or lists (steps_i,), or arrays (n, steps).
    sample_weight : array-like of shape (n,), default=None
        Weights of rows or sequences, or of steps in the form of ``y_true``.

    Returns
    -------
    y_true, y_pred : array-like of shape (n,) or ndarray of shape (total_steps,)
    sample_weight : as given, ndarray of shape (total_steps,) or None
    lengths : list of int or None
        Number of steps of each sequence, None for labels of rows.

    Raises
    ------
    ValueError
        If the sequences differ in number or in their numbers of steps, or a step has several values.
    """
    for name, labels in (("y_true", y_true), ("y_pred", y_pred)):
        refuse_masked(labels, name, "Leave these entries out of both.")
    if not (holds_steps(y_true) and holds_steps(y_pred)):
        return y_true, y_pred, sample_weight, None
    true, predicted = read_steps("y_true", y_true), read_steps("y_pred", y_pred)
    check_same_steps("y_true", true, "y_pred", predicted)
    for name, rows in (("y_true", true), ("y_pred", predicted)):
        several = next((i for i, row in enumerate(rows) if row.ndim > 1), None)
        if several is not None:
            raise ValueError(
                f"{name}[{several}] has shape {rows[several].shape}, expected one label for each step, shape (steps,). "
                "Give labels, not probabilities or indicators of each class."
            )
    if sample_weight is not None:
        sample_weight = step_weights(sample_weight, true)
    lengths = [len(row) for row in true]
    return join_steps("y_true", true), join_steps("y_pred", predicted), sample_weight, lengths


def check_targets(y_true, y_pred, labels=None, sample_weight=None):
    """Return the labels, checked and as arrays; those of steps are laid end to end.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n,), or one label per step
        True and predicted class labels; see :func:`join_sequences`.
    labels : array-like of shape (n_classes,), default=None
        The classes in the order wanted; None for all that occur, sorted.
    sample_weight : array-like of shape (n,), default=None
        Weights of zero or more.

    Returns
    -------
    y_true, y_pred : ndarrays of shape (n,)
    labels : ndarray of shape (n_classes,)
    sample_weight : ndarray of shape (n,) or None
        n is the total number of steps for labels of steps.

    Raises
    ------
    ValueError, TypeError
        If one of them is empty, not a list of class labels, or of another length than the others.
    """
    y_true, y_pred, sample_weight, _ = join_sequences(y_true, y_pred, sample_weight)
    y_true, y_pred = _check_one("y_true", y_true), _check_one("y_pred", y_pred)
    if len(y_true) != len(y_pred):
        raise ValueError(
            f"y_true has {len(y_true)} labels but y_pred has {len(y_pred)}: they have inconsistent numbers of "
            "samples. Give one prediction for each true label."
        )
    if sample_weight is not None:
        sample_weight = check_sample_weight(sample_weight, len(y_true))
    try:
        present = unique_labels(y_true, y_pred)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"y_true and y_pred hold labels that cannot be compared, such as {y_true[0]!r} and {y_pred[0]!r}: "
            "give both as strings or both as numbers."
        ) from error
    return y_true, y_pred, present if labels is None else _check_labels(labels, present), sample_weight


def _one_dimensional(name, values):
    try:
        return np.asarray(column_or_1d(values))
    except (TypeError, ValueError) as error:
        got = f"shape {np.shape(values)}" if hasattr(values, "shape") else f"a {type(values).__name__}"
        raise ValueError(
            f"{name} must be 1-D, one class label an entry, got {got}. "
            "Labels of steps are taken if both y_true and y_pred hold a sequence of them for each row."
        ) from error


def _is_missing(label):
    try:
        return label is None or bool(label != label)
    except TypeError:  # pandas.NA does not say whether it differs from itself
        return True


def _check_one(name, y):
    y = _one_dimensional(name, y)
    if not len(y):
        raise ValueError(f"{name} is empty: 0 labels, while a minimum of 1 is required.")
    missing = y.dtype.kind in "fO" and [_is_missing(label) for label in y.tolist()]
    if missing and any(missing):
        row = missing.index(True)
        raise ValueError(f"{name} contains NaN or None: {name}[{row}] is {y[row]!r}. Leave these rows out.")
    kind = type_of_target(y, input_name=name)
    if kind not in ("binary", "multiclass"):
        raise ValueError(
            f"{name} is of type {kind!r}, but class labels are needed. Give predicted classes, not probabilities, "
            "and labels that are all strings or all whole numbers."
        )
    return y


def _check_labels(labels, present):
    labels = _one_dimensional("labels", labels)
    if not len(labels):
        raise ValueError("labels is empty: name at least one class, or pass None for all that occur.")
    if len(set(labels.tolist())) < len(labels):
        raise ValueError(f"labels must differ from each other, got {labels.tolist()}.")
    if not set(labels.tolist()) & set(present.tolist()):
        raise ValueError(
            f"None of labels={labels.tolist()} occurs in y_true or y_pred, which hold {present.tolist()}. "
            "Name classes as they are written there."
        )
    return labels


def check_all_named(labels, y_true, y_pred):
    """Raise a ValueError if a label of ``y_true`` or ``y_pred`` is not among ``labels``."""
    named = set(labels.tolist())
    for name, y in (("y_true", y_true), ("y_pred", y_pred)):
        others = sorted(set(y.tolist()) - named)
        if others:
            raise ValueError(f"{name} holds {others}, not among labels={labels.tolist()}. Name each class in labels.")
