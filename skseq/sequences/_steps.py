"""What belongs to the steps of sequences: labels and weights, one for each step."""

import numpy as np
from scipy.sparse import issparse

from skseq._validation import check_sample_weight, is_missing, refuse_masked

from ._cells import single_column


def holds_steps(values, single=True):
    """Return whether ``values`` has a sequence of entries for each row.

    A list of arrays or lists has, and an array (n, steps). An array (n, 1) is a column, one entry per row, as in
    scikit-learn. ``single`` is returned for lists of lists that all have one entry, which may be either.
    """
    shape = np.shape(values) if hasattr(values, "shape") else None
    if shape is not None and len(shape) != 1:
        return len(shape) > 1 and shape[1] > 1
    if issparse(values) or isinstance(values, (str, bytes, dict)) or not hasattr(values, "__len__") or not len(values):
        return False
    first = next(iter(values))
    if isinstance(first, (str, bytes)) or not (hasattr(first, "__len__") or np.ndim(first)):
        return False
    return single or shape is not None or any(np.size(value) != 1 for value in values)


#: What to do with labels of whole sequences where labels of steps are needed.
WHOLE = "Score labels of whole sequences with the metric itself."


def read_steps(name, values, cure=WHOLE):
    """Return one array (steps_i, ...) for each sequence.

    ``cure`` is the advice for one label per sequence.
    """
    refuse_masked(values, name, "Give the masked steps any label and a sample_weight of 0.")
    values = single_column(values, texts=False)
    if len(np.shape(values) if hasattr(values, "shape") else ()) > 1:
        values = np.asarray(values)  # a data frame would be read by columns
    elif isinstance(values, str) or not hasattr(values, "__len__") or getattr(values, "shape", None) == ():
        raise ValueError(f"{name} is {values!r}, but one sequence of labels is needed for each sequence of X.")
    rows = []
    for i, value in enumerate(values):
        try:
            row = np.asarray(value)
        except ValueError:
            raise ValueError(f"{name}[{i}] is a {type(value).__name__} of parts of different lengths.") from None
        if not row.ndim:
            raise ValueError(f"{name}[{i}] is {value!r}, but a sequence of labels is needed, one for each step. {cure}")
        if not len(row):
            raise ValueError(f"{name}[{i}] is empty, but a sequence has at least one step. Leave it out.")
        rows.append(row)
    if not rows:
        raise ValueError(f"{name} is empty: 0 sequences, while a minimum of 1 is required.")
    return rows


def check_no_missing_labels(
    name, rows, cure="Give every step a label; steps that are not to count get any label and a sample_weight of 0."
):
    """Raise a ValueError that names the first step without a label, of arrays (steps_i,) for each sequence."""
    for i, row in enumerate(rows):
        if row.dtype.kind not in "fO":
            continue
        for step, label in enumerate(row.tolist()):
            if is_missing(label):
                what = "NaN" if row.dtype.kind == "f" else "a missing label"
                raise ValueError(f"Input {name} contains {what}: {name}[{i}] is {label!r} at step {step}. {cure}")


def check_same_steps(name, rows, other_name, others):
    """Raise a ValueError unless both have as many sequences, and these as many steps."""
    if len(rows) != len(others):
        raise ValueError(
            f"{name} has {len(rows)} sequences but {other_name} has {len(others)}. Give as many, in the same order."
        )
    for i, (row, other) in enumerate(zip(rows, others)):
        if len(row) != len(other):
            raise ValueError(
                f"{name}[{i}] has {len(row)} steps but {other_name}[{i}] has {len(other)}. Both need one entry for "
                f"each step of X[{i}]."
            )


def join_steps(name, rows):
    """Return the steps of all sequences, laid end to end."""
    for i, row in enumerate(rows):
        if row.shape[1:] != rows[0].shape[1:]:
            raise ValueError(
                f"{name}[{i}] has shape {row.shape} but {name}[0] has shape {rows[0].shape}: the steps differ in form."
            )
        # NumPy would silently write numbers as texts.
        if (row.dtype.kind in "UST") != (rows[0].dtype.kind in "UST"):
            raise ValueError(
                f"{name}[{i}] holds {row.dtype} but {name}[0] holds {rows[0].dtype}. Give all labels as texts or all "
                "as numbers."
            )
    return np.concatenate(rows)


def step_weights(sample_weight, rows):
    """Return one weight for each step of all sequences."""
    lengths = [len(row) for row in rows]
    one_dimensional = getattr(sample_weight, "ndim", 1) == 1
    if np.isscalar(sample_weight) or (one_dimensional and not any(np.ndim(weight) for weight in sample_weight)):
        weights = np.repeat(check_sample_weight(sample_weight, len(rows)), lengths)
        return check_sample_weight(weights, len(weights))  # as many may add up to infinity
    weights = read_steps("sample_weight", sample_weight)
    check_same_steps("sample_weight", weights, "y", rows)
    return check_sample_weight(join_steps("sample_weight", weights), sum(lengths))
