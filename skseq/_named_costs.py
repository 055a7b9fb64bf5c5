"""Costs that name their classes: frames and dicts, put into the order of the classes."""

from collections.abc import Mapping
from functools import partial

import numpy as np


def in_order_of(classes, costs, per_row=False):
    """Return ``costs`` in the order of ``classes`` if they name classes, else as they are.

    Parameters
    ----------
    classes : ndarray of shape (n_classes,)
    costs : object
        A dict ``{true class: {predicted class: cost}}``, in which a right prediction may be left out and costs 0; a
        pandas DataFrame whose index and columns are the classes (a RangeIndex that counts from 0 is no name); a polars
        DataFrame or pyarrow Table whose columns are the classes, with or without one more column for the true ones;
        or a list with one of these for each row. Anything else is returned.
    per_row : bool, default=False
        Whether a cost in a dict may be an array (n,), one for each row.

    Returns
    -------
    array-like
        Of shape (n_classes, n_classes), or (n, n_classes, n_classes).

    Raises
    ------
    ValueError
        If other classes are named, or one is named twice.
    """
    wanted = np.asarray(classes).tolist()
    if isinstance(costs, Mapping):
        return _of_dict(wanted, costs, per_row)
    if hasattr(costs, "iloc") and costs.ndim == 2:
        return _of_pandas(wanted, costs)
    if hasattr(costs, "get_columns"):  # polars
        return _of_columns(wanted, costs.columns, [column.to_list() for column in costs.get_columns()])
    if hasattr(costs, "column_names") and hasattr(costs, "to_pydict"):  # pyarrow
        return _of_columns(wanted, costs.column_names, [column.to_pylist() for column in costs.columns])
    if isinstance(costs, (list, tuple)) and any(isinstance(part, Mapping) or _is_frame(part) for part in costs):
        return [in_order_of(classes, part) for part in costs]
    return costs


def _is_frame(costs):
    return getattr(costs, "ndim", 2) == 2 and any(map(partial(hasattr, costs), ("iloc", "get_columns", "to_pydict")))


def _of_pandas(wanted, frame):
    rows, columns = (_names(index, wanted) for index in (frame.index, frame.columns))
    return _picked(wanted, frame.to_numpy(), rows, columns)


def _names(index, wanted):
    """Return the labels of a pandas index, None if they are only counted."""
    counted = type(index).__name__ == "RangeIndex" and index.tolist() == list(range(len(index)))
    return None if counted and index.tolist() != wanted else index.tolist()


def _of_columns(wanted, names, columns):
    """Return the costs of a frame without an index, whose names of columns are texts."""
    as_text = {str(label): label for label in wanted}
    names = [as_text.get(name, name) for name in names]
    rows = None
    if len(columns) and len(columns) == len(columns[0]) + 1:
        others = [i for i, name in enumerate(names) if name not in wanted]
        if len(others) == 1:
            rows = [as_text.get(str(label), label) for label in columns[others[0]]]
            names, columns = (part[: others[0]] + part[others[0] + 1 :] for part in (names, columns))
    counted = names == [f"column_{i}" for i in range(len(names))]
    values = np.array([list(row) for row in zip(*columns)], dtype=object)
    return _picked(wanted, values, rows, None if counted else names)


def _picked(wanted, values, rows, columns):
    """Return the ``values`` of the classes ``wanted``; ``rows`` and ``columns`` are None where they have no names."""
    named = {what: names for what, names in (("rows", rows), ("columns", columns)) if names is not None}
    for what, names in named.items():
        if not _has_all(names, wanted) or (len(named) == 1 and names != wanted):
            raise ValueError(
                f"cost_matrix has {what} named {names}, but the classes are {wanted}. Name rows and columns after the "
                f"classes, each once, or give an array, in this order.{_numbered(names, wanted)}"
            )
    if len(named) < 2:
        return values
    return values[np.ix_(*([names.index(label) for label in wanted] for names in (rows, columns)))]


def _has_all(names, wanted):
    try:
        return len(set(names)) == len(names) and set(wanted) <= set(names)
    except TypeError:  # names that cannot be hashed
        return False


def _of_dict(wanted, costs, per_row):
    rows = list(costs)
    if not all(isinstance(row, Mapping) for row in costs.values()):
        raise TypeError(
            f"cost_matrix must hold real numbers by true and by predicted class, got {costs!r:.200}. Give "
            f"{{true class: {{predicted class: cost}}}} for the classes {wanted}."
        )
    if not set(wanted) <= set(rows):
        raise _wrong_dict(wanted, f"names the true classes {rows}", rows)
    entries = []
    for true in wanted:
        row = {true: 0.0, **costs[true]}
        if not set(wanted) <= set(row):
            named = list(costs[true])
            raise _wrong_dict(wanted, f"names for the true class {true!r} the predicted classes {named}", named)
        entries += [_checked_entry(row[predicted], true, predicted, per_row) for predicted in wanted]
    shape = (len(wanted), len(wanted))
    if not any(np.ndim(entry) for entry in entries):
        return [entries[k * shape[0] : (k + 1) * shape[0]] for k in range(shape[0])]
    try:
        stacked = np.broadcast_arrays(*(np.asarray(entry) for entry in entries))
    except ValueError:
        lengths = sorted({len(entry) for entry in entries if np.ndim(entry)})
        raise ValueError(
            f"The costs in cost_matrix are arrays of {lengths} values. Give a number for all rows or an array with one "
            "cost for each row."
        ) from None
    return np.stack(stacked, axis=-1).reshape(*stacked[0].shape, *shape)


def _checked_entry(entry, true, predicted, per_row):
    """Return the cost ``entry`` of a dict: a number, or an array of one for each row if ``per_row``."""
    where = f"The cost in cost_matrix for the true class {true!r} and the predicted class {predicted!r}"
    try:
        shape = np.shape(entry)
    except ValueError:
        raise ValueError(
            f"{where} is a list of parts of different lengths. Give a number for all rows or an array with one cost "
            "for each; for costs of each step, give a list of arrays (steps, n_classes, n_classes)."
        ) from None
    if shape and not per_row:
        raise ValueError(
            f"{where} has shape {shape}, expected a number. Give costs for each row to predict, expected_costs or a "
            "score, not to fit."
        )
    if len(shape) > 2 or shape[1:] == (1,):  # (n, steps) holds costs of steps
        raise ValueError(
            f"{where} has shape {shape}. Give a number for all rows or an array of shape (n,) with one cost for each."
        )
    return entry


def _wrong_dict(wanted, what, names):
    return ValueError(
        f"cost_matrix {what}, but the classes are {wanted}. Give {{true class: {{predicted class: cost}}}} with each "
        f"class; only the cost of a right prediction may be left out, which is then 0.{_numbered(names, wanted)}"
    )


def _numbered(names, wanted):
    """Return one more hint for classes that a meta-estimator has numbered."""
    counted = wanted == list(range(len(wanted))) and not any(isinstance(label, bool) for label in wanted)
    if not counted or set(map(str, wanted)) & set(map(str, names)):
        return ""
    return (
        " Meta-estimators such as VotingClassifier, StackingClassifier and BaggingClassifier number the classes of "
        "what is inside them: put MinimumCostClassifier around them."
    )
