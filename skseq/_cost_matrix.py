"""The costs of predicting one class for a row of another: one matrix, or one for each row, sequence or step."""

import numpy as np

from skseq._named_costs import in_order_of
from skseq._user_warnings import warn_user
from skseq._validation import refuse_masked


def check_cost_matrix(cost_matrix, classes):
    """Return ``cost_matrix`` as float64 of shape (n_classes, n_classes).

    Parameters
    ----------
    cost_matrix : array-like of shape (n_classes, n_classes), DataFrame or dict
        Row: true class, column: predicted class. Negative costs are gains. A frame or a dict of dicts that names the
        classes is put into their order, and may name other classes too; see :func:`skseq._named_costs.in_order_of`.
    classes : ndarray of shape (n_classes,)
        The classes of the rows and columns.

    Returns
    -------
    ndarray of shape (n_classes, n_classes), float64

    Raises
    ------
    ValueError, TypeError
        If the shape does not fit the classes, or an entry is not a finite number.
    """
    costs, n = _floats(cost_matrix, classes), len(classes)
    if costs.shape != (n, n):
        raise ValueError(f"cost_matrix has shape {costs.shape}, {_expected(classes)}{_hint(costs, n)}")
    _check_finite(costs)
    _warn_of_gains(costs)
    return costs


def read_costs(cost_matrix, classes, n, lengths=None):
    """Return one cost matrix, or one for each decision.

    Parameters
    ----------
    cost_matrix : array-like
        Of shape (n_classes, n_classes) for all, or (n, n_classes, n_classes) for each row. Of sequences whose steps are
        decided one by one, also (n, steps, n_classes, n_classes), or a list of n arrays (steps_i, n_classes,
        n_classes). By name, as in :func:`check_cost_matrix`; the costs of a dict may be arrays (n,).
    classes : ndarray of shape (n_classes,)
    n : int
        Number of rows or sequences.
    lengths : ndarray of shape (n,), optional
        Number of steps of each sequence, if each step is decided.

    Returns
    -------
    ndarray of shape (n_classes, n_classes) or (n_decisions, n_classes, n_classes), float64

    Raises
    ------
    ValueError, TypeError
        If the shape does not fit, or an entry is not a finite number.
    """
    if lengths is not None and _is_ragged(cost_matrix):
        return _read_ragged(cost_matrix, classes, n, lengths)
    costs = _floats(cost_matrix, classes, per_row=True)
    if costs.ndim <= 2:
        return check_cost_matrix(costs, classes)
    k = len(classes)
    if costs.ndim == 3 and costs.shape[1:] == (k, k):
        if len(costs) != n:
            raise ValueError(
                f"cost_matrix holds {len(costs)} matrices, but there are {n} "
                f"{'rows' if lengths is None else 'sequences'}. Give one matrix for each, in their order, or a single "
                "one for all."
            )
        costs = costs if lengths is None else np.repeat(costs, lengths, axis=0)
    elif costs.ndim == 4 and lengths is not None and costs.shape[2:] == (k, k):
        if len(costs) != n or (np.asarray(lengths) != costs.shape[1]).any():
            raise ValueError(
                f"cost_matrix has shape {costs.shape}, but there are {n} sequences of {min(lengths)} to {max(lengths)} "
                "steps. Give a list with one array (steps, n_classes, n_classes) for each sequence."
            )
        costs = costs.reshape(-1, k, k)
    else:
        raise ValueError(
            f"cost_matrix has shape {costs.shape}, {_expected(classes)} Costs for each row have shape ({n}, {k}, {k})"
            + ("." if lengths is None else f", those for each step stand in a list of {n} arrays (steps, {k}, {k}).")
        )
    _check_finite(costs)
    _warn_of_gains(costs)
    return costs


def costs_of(costs, true, predicted):
    """Return the cost (n,) of each of the codes ``predicted`` for rows of the classes ``true``."""
    return costs[true, predicted] if costs.ndim == 2 else costs[np.arange(len(true)), true, predicted]


def _is_ragged(cost_matrix):
    if isinstance(cost_matrix, np.ndarray) and cost_matrix.dtype != object:
        return False
    if not isinstance(cost_matrix, (list, tuple, np.ndarray)) or not len(cost_matrix):
        return False
    return all(getattr(part, "ndim", None) == 3 or _depth(part) == 3 for part in cost_matrix)


def _depth(values):
    """Return how deep lists are nested, arrays inside them included."""
    if isinstance(values, (list, tuple)):
        return 1 + (_depth(values[0]) if len(values) else 0)
    return getattr(values, "ndim", 0)


def _read_ragged(parts, classes, n, lengths):
    k = len(classes)
    if len(parts) != n:
        raise ValueError(
            f"cost_matrix is a list of {len(parts)} arrays, but there are {n} sequences. Give one for each."
        )
    read = []
    for i, (part, steps) in enumerate(zip(parts, lengths)):
        costs = _floats(part, classes, name=f"cost_matrix[{i}]")
        if costs.shape != (steps, k, k):
            raise ValueError(
                f"cost_matrix[{i}] has shape {costs.shape}, expected ({steps}, {k}, {k}): one matrix for each step of "
                f"X[{i}], with a row for each true class and a column for each predicted one."
            )
        _check_finite(costs, f"cost_matrix[{i}]")
        read.append(costs)
    costs = np.concatenate(read)
    _warn_of_gains(costs)
    return costs


def _floats(cost_matrix, classes, per_row=False, name="cost_matrix"):
    """Return the costs in the order of the classes as a float64 array of any shape."""
    wanted = _expected(classes)
    refuse_masked(cost_matrix, name, "Give a finite cost for every entry.")
    costs = in_order_of(classes, cost_matrix, per_row)
    try:
        costs = np.asarray(costs)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths, {wanted}") from None
    try:
        if costs.dtype.kind not in "fiubO":
            raise TypeError
        return costs.astype(np.float64)
    except OverflowError:
        raise ValueError(
            f"{name} must be finite, but holds an integer beyond 1.8e308. Give a smaller number."
        ) from None
    except (TypeError, ValueError):
        raise TypeError(f"{name} must hold real numbers, got {cost_matrix!r:.200}; {wanted}") from None


def _expected(classes):
    n = len(classes)
    return (
        f"expected ({n}, {n}): a row for each true class and a column for each predicted one, in the order "
        f"{np.asarray(classes).tolist()}."
    )


def _hint(costs, n):
    if costs.ndim == 3:
        return " Give costs for each row to predict, expected_costs or a score, not to fit."
    if costs.ndim == 2 and costs.shape[0] == costs.shape[1] > n:
        return (
            " For classes that y lacks, name the classes: a dict {true class: {predicted class: cost}} or a DataFrame "
            "may name more than there are."
        )
    return ""


def _check_finite(costs, name="cost_matrix"):
    # The sum is finite when all are; overflow alone leads to the slower look at each value.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(costs.sum()):
            return
    bad = np.argwhere(~np.isfinite(costs))
    if len(bad):
        where = ", ".join(map(str, bad[0].tolist()))
        raise ValueError(
            f"cost_matrix must be finite, but {name}[{where}] is {costs[tuple(bad[0])]}. "
            "Give a large number for what must not happen."
        )


def _warn_of_gains(costs):
    """Warn of a matrix of gains: right predictions cost something, wrong ones nothing or less."""
    right = np.eye(costs.shape[-1], dtype=bool)
    if len(right) > 1 and costs[..., right].max() > 0 and (costs[..., ~right] <= 0).all():
        warn_user(
            "cost_matrix makes right predictions cost more than wrong ones: its diagonal is positive, and nothing "
            "beside it is. Give costs, with gains as negative numbers: change the sign of a matrix of gains."
        )
