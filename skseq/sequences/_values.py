"""Values of sequences: arrays of anything to floats or token ids, with errors that say what came and the cure."""

from contextlib import contextmanager

import numpy as np
from sklearn.utils import check_array

#: Token ids are below this: an embedding has a row for every id up to the largest.
ID_LIMIT = 2**31

#: What to do about values of each kind of dtype that are no numbers.
CURES = {
    "U": "Encode text by TokenEncoder as integer ids for a network with embedding_dim, or step by step by "
    "EachStep(OneHotEncoder()).",
    "S": "Decode bytes to text and encode that, or give list(x) for the ids 0 to 255 of the bytes x.",
    "M": "Subtract a start and divide by a unit: (x - start) / np.timedelta64(1, 'h').",
    "m": "Divide by a unit: x / np.timedelta64(1, 'h').",
    "V": "Give the fields as features, with numpy.lib.recfunctions.structured_to_unstructured.",
}


@contextmanager
def explaining(X, wanted):
    """Add the type of X and a cure to NumPy's error where X cannot be converted to numbers."""
    try:
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows becomes infinite, and is found as such
            yield
    except (TypeError, ValueError) as error:
        if "convert string" in str(error):
            cure = CURES["U"]
        elif "array element with a sequence" in str(error) or "float() argument" in str(error):
            cure = f"Give {wanted}."
        else:
            raise
        raise type(error)(
            f"X is of type {type(X).__name__} and cannot be read as numbers: {str(error).rstrip('.')}. {cure}"
        ) from error


def refuse_kind(dtype, input_name):
    """Raise if an array of ``dtype`` would become numbers that nobody meant."""
    kind = getattr(dtype, "kind", "O")
    if kind == "c":
        raise ValueError(f"Complex data not supported: {input_name} has complex values. Give real and imaginary parts.")
    if kind not in "fiubO":
        raise TypeError(f"{input_name} has dtype {dtype}, but numbers are needed. {CURES.get(kind, CURES['U'])}")


def float_array(X):
    """Return X of three dimensions as a float array, float32 kept, not yet checked for NaN."""
    refuse_kind(X.dtype, "X")
    dtype = X.dtype if X.dtype in (np.float32, np.float64) else np.float64
    with explaining(X, "an array of numbers"):
        return check_array(
            X, dtype=dtype, order="C", ensure_2d=False, allow_nd=True, ensure_all_finite=False, input_name="X"
        )


def as_ids(ids, input_name):
    """Return an array of whole numbers as intp ids."""
    if ids.dtype.kind not in "iu":
        whole = _to_floats(ids)
        if whole is None or (whole != np.floor(whole)).any():
            raise ValueError(
                f"{input_name} has dtype {ids.dtype}, but with embedding_dim set it must hold integer token ids. "
                "Encode the tokens as 0, 1, 2, ..., or set embedding_dim=None to read measurements."
            )
        ids = whole
    if ids.min() < 0:
        raise ValueError(
            f"{input_name} holds the token id {ids.min():.0f}; ids are 0 or more. If negative ids are padding, cut it "
            "off: [x[x >= 0] for x in X]."
        )
    if ids.max() >= ID_LIMIT:
        raise ValueError(
            f"{input_name} holds the token id {ids.max():.0f}; ids must be below {ID_LIMIT}, for the embedding has a "
            "row for every id up to the largest. Encode the tokens as 0, 1, 2, ...."
        )
    return ids.astype(np.intp, copy=False)


def _to_floats(array):
    """Return ``array`` as float64, None if it holds text or the like."""
    try:
        return array.astype(np.float64) if array.dtype.kind in "fbO" else None
    except ValueError:
        return None


def table_dtypes(X):
    """Return the dtypes that :func:`sklearn.utils.check_array` is to keep."""
    # It would make float64 of polars' float32, and of pandas' nullable one.
    if hasattr(X, "columns") and all(str(dtype).lower() == "float32" for dtype in X.dtypes):
        return np.float32
    return [np.float64, np.float32]


def check_finite(values, lengths, finite):
    """Raise a ValueError that names the first sequence and step that are not finite."""
    # The sum is finite when all are; overflow alone leads to the slower look at each value.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(values.sum()):
            return
    bad = np.isinf(values) if finite == "allow-nan" else ~np.isfinite(values)
    if not bad.any():
        return
    row = int(np.flatnonzero(bad.any(axis=1))[0])
    ends = np.cumsum(lengths)
    i = int(np.searchsorted(ends, row, side="right"))
    what = "NaN" if np.isnan(values[row]).any() and finite is True else "infinity"
    padded = np.isnan(values[row : ends[i]]).all() and finite is True
    raise ValueError(
        f"Input X contains {what}: X[{i}] at step {row - int(ends[i] - lengths[i])}. Drop the step, or impute it "
        "before this estimator with skseq.preprocessing.ForwardFillImputer(add_indicator=True)."
        + (" If NaN pads the end of shorter sequences, cut it off: skseq.sequences.from_padded(X)." if padded else "")
    )
