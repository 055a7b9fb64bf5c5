"""Read one array from anything that holds one: lists, masked arrays, tensors, columns and frames."""

import sys
from array import array as ArrayOfNumbers

import numpy as np

from ._columns import describe, is_frame, library_of, numbers
from ._frames import frame_to_array

#: Kinds of plain Python that hold values in an order, beside what has a shape.
PLAIN = (list, tuple, range, ArrayOfNumbers)


def is_sequence(item):
    """Whether an item of X is a sequence. Text is not."""
    return isinstance(item, PLAIN) or len(getattr(item, "shape", ())) >= 1 or _is_arrow(item)


def _is_arrow(item):
    return _is_arrow_list(item) or (library_of(item) == "pyarrow" and len(getattr(item, "shape", (0,))) == 1)


def _is_arrow_list(item):
    return type(item).__module__.startswith("pyarrow") and hasattr(item, "values")


def _is_extension_array(item):
    return type(item).__module__.startswith("pandas.core.arrays") and hasattr(item, "to_numpy")


def to_array(item, where, allow_masked):
    """Return ``item`` as an array, of objects where it holds no numbers.

    Parameters
    ----------
    item : array-like
    where : str
        What errors call it.
    allow_masked : bool
        Whether masked values become NaN; if not, they are an error.

    Raises
    ------
    ValueError
        If NumPy cannot make an array of it, such as a list of lists of different lengths.
    TypeError
        If it is a tensor that NumPy cannot read, or a frame with a column that holds no numbers.
    """
    if type(item) is np.ndarray:
        # Cells of cells, as polars and Arrow give lists of lists, are objects; so are Python numbers.
        return np.array(list(item)) if item.dtype == object and all(map(is_sequence, item)) else item
    if isinstance(item, np.ma.MaskedArray):
        return unmask(item, where, allow_masked)
    if is_frame(item):
        return frame_to_array(item, lambda row: where)
    if _is_extension_array(item):
        item = sys.modules["pandas"].Series(item)
    elif _is_arrow_list(item) and library_of(item) is None:
        item = item.values
    if library_of(item) is not None:
        values = numbers(item)
        return _nested(item) if values is None else values
    if isinstance(item, PLAIN) and any(isinstance(part, np.ma.MaskedArray) for part in item):
        item = [to_array(part, f"{where}[{i}]", allow_masked) for i, part in enumerate(item)]
    try:
        return np.asarray(item)
    except (RuntimeError, TypeError) as error:  # what torch raises
        if not type(item).__module__.startswith("torch") and not hasattr(item, "requires_grad"):
            raise
        cure = "x.detach().cpu().numpy()" if getattr(item, "requires_grad", False) else "x.float().cpu().numpy()"
        raise TypeError(
            f"{where} is a {type(item).__name__} of dtype {getattr(item, 'dtype', None)} that NumPy cannot read: "
            f"{str(error).rstrip('.')}. Give arrays: {cure} for each tensor x."
        ) from error


def _nested(column):
    """Return a column that holds no numbers as an array of objects, or of two dimensions if it holds lists."""
    if describe(column) in ("dates", "durations"):
        return column.to_numpy(zero_copy_only=False) if library_of(column) == "pyarrow" else column.to_numpy()
    items = column.to_pylist() if hasattr(column, "to_pylist") else column.to_list()
    if items and all(isinstance(item, list) for item in items):
        return np.asarray(items)
    return np.array(items, dtype=object)


def unmask(masked, where, allow_masked):
    """Return a masked array without its mask; masked values are NaN or an error."""
    mask = np.ma.getmaskarray(masked)
    if not mask.any():
        return np.asarray(masked.data)
    if allow_masked and masked.dtype.kind in "fiub":
        values = masked.astype(masked.dtype if masked.dtype.kind == "f" else np.float64)
        return np.asarray(values.filled(np.nan))
    first = tuple(int(i) for i in np.argwhere(mask)[0])
    raise ValueError(
        f"{where} is a masked array with {int(mask.sum())} masked values, the first at {list(first)}. A masked value "
        "is missing: fill with np.ma.filled(x.astype(float), np.nan), then impute before this estimator with "
        "skseq.preprocessing.ForwardFillImputer(add_indicator=True). If the mask marks padding, cut the padding off."
    )


def plain_array(X, where, allow_masked):
    """Return X as it is if it is a list, a sparse matrix or of a library with columns, else as an array."""
    if isinstance(X, np.ndarray) and not isinstance(X, np.ma.MaskedArray):
        return X
    if getattr(X, "is_nested", False):  # of torch
        return list(X.unbind())
    if isinstance(X, PLAIN) or library_of(X) is not None or not hasattr(X, "__array__"):
        return X
    return to_array(X, where, allow_masked)
