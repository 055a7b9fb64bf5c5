"""The cost matrix: what it costs to predict one class for a row of another."""

import numpy as np


def check_cost_matrix(cost_matrix, classes):
    """Return ``cost_matrix`` as float64 of shape (n_classes, n_classes).

    Parameters
    ----------
    cost_matrix : array-like of shape (n_classes, n_classes)
        Row: true class, column: predicted class. Negative costs are gains. A pandas DataFrame whose rows and columns
        bear the names of the classes is put into their order, and may name other classes too.
    classes : ndarray of shape (n_classes,)
        What the rows and columns stand for.

    Returns
    -------
    ndarray of shape (n_classes, n_classes), float64

    Raises
    ------
    ValueError, TypeError
        If the shape does not fit the classes, or an entry is not a finite number.
    """
    n = len(classes)
    wanted = (
        f"expected ({n}, {n}): a row for each true class and a column for each predicted one, in the order "
        f"{np.asarray(classes).tolist()}."
    )
    if hasattr(cost_matrix, "iloc") and cost_matrix.ndim == 2:
        cost_matrix = _in_order_of(np.asarray(classes).tolist(), cost_matrix)
    try:
        costs = np.asarray(cost_matrix)
    except ValueError:
        raise ValueError(f"cost_matrix has rows of different lengths, {wanted}") from None
    try:
        if costs.dtype.kind not in "fiubO":
            raise TypeError
        costs = costs.astype(np.float64)
    except (TypeError, ValueError):
        raise TypeError(f"cost_matrix must hold real numbers, got {cost_matrix!r}; {wanted}") from None
    if costs.shape != (n, n):
        raise ValueError(f"cost_matrix has shape {costs.shape}, {wanted}")
    if not np.isfinite(costs).all():
        i, j = np.argwhere(~np.isfinite(costs))[0]
        raise ValueError(
            f"cost_matrix must be finite, but cost_matrix[{i}, {j}] is {costs[i, j]}. "
            "Give a large number for what must not happen."
        )
    return costs


def _in_order_of(wanted, frame):
    """Return a DataFrame with its rows and columns in the order of the classes ``wanted``, if it names classes."""
    axes = (("rows", frame.index), ("columns", frame.columns))
    # A RangeIndex is what pandas gives to those that have no names.
    named = {what: names.tolist() for what, names in axes if type(names).__name__ != "RangeIndex"}
    for what, names in named.items():
        if len(set(names)) < len(names) or not set(wanted) <= set(names) or (len(named) == 1 and names != wanted):
            raise ValueError(
                f"cost_matrix has {what} named {names}, but the classes are {wanted}. Name rows and columns after the "
                "classes, each once, or give an array, in this order."
            )
    if len(named) < 2:
        return frame
    rows, columns = ([names.index(label) for label in wanted] for names in named.values())
    return frame.iloc[rows, columns]
