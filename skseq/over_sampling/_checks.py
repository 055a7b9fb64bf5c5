"""Checks of values that are to be interpolated, with errors that name the place and the cure."""

import numpy as np

from skseq._samplers import chunks, in_parts

#: Values looked at at once, so that they come from memory once.
CHUNK_VALUES = 1 << 15

#: What takes a column that cannot be interpolated, for error messages.
TAKERS = "SMOTENC takes categories beside numbers, RandomOverSampler takes any column."

#: The largest integer up to which float64 holds every integer.
EXACT_INTEGER = 2**53


def refuse_column(where, what):
    """Raise a TypeError because something cannot be interpolated.

    Parameters
    ----------
    where : str
        Such as ``"column 'city' of X"``.
    what : str
        What it holds, such as ``"strings"``.
    """
    raise TypeError(
        f"{capitalised(where)} holds {what}, which cannot be interpolated. Encode it as numbers, or drop it; {TAKERS}"
    )


def refuse_booleans(where):
    """Raise a TypeError because an array or a column is boolean."""
    raise TypeError(
        f"{capitalised(where)} holds booleans, which cannot be interpolated. Use astype(float) if a number "
        f"between 0 and 1 makes sense there, or drop it; {TAKERS}"
    )


def refuse_shape(X, name):
    """Raise a ValueError if X, an array or a list of arrays, has too many axes for ``name``, or one column of values.

    Parameters
    ----------
    X : object
    name : str
        Of the sampler.
    """
    shape = getattr(X, "shape", ())
    if len(shape) > 3:
        raise ValueError(
            f"Found array with dim {len(shape)}, while dim <= 3 is required by {name}: X has shape {tuple(shape)}. "
            "Resample rows of numbers and shape them back: sampler.fit_resample(X.reshape(len(X), -1), y), then "
            "X_resampled.reshape(-1, *X.shape[1:]). RandomOverSampler takes any shape."
        )
    if not shape and isinstance(X, (list, tuple)):
        for i, item in enumerate(X):
            if len(getattr(item, "shape", ())) > 2:
                raise ValueError(
                    f"X[{i}] has shape {tuple(item.shape)}, but {name} takes sequences (steps, features) or (steps,). "
                    "Reshape each to x.reshape(len(x), -1), or flatten all to one table. RandomOverSampler takes any "
                    "shape."
                )


def refuse_single_column(X):
    """Raise a ValueError if X holds one value for each row, and not rows."""
    shape = getattr(X, "shape", ())
    if len(shape) == 1:
        raise ValueError(
            f"Expected 2D array, got 1D array instead: X is of type {type(X).__name__} and has shape {tuple(shape)}, "
            "one value for each row. Reshape your data to one column, with X.reshape(-1, 1) or X.to_frame()."
        )


def is_kept(dtype):
    """Return whether values of a dtype stay as they are, in the machine's byte order: float32 and float64."""
    return dtype.kind == "f" and dtype.itemsize in (4, 8)


def capitalised(where):
    """Return ``where`` as the start of a sentence."""
    return where[:1].upper() + where[1:]


def check_exact_integers(low, high, where):
    """Raise if integers from ``low`` to ``high`` would change when they become float64."""
    if low < -EXACT_INTEGER or high > EXACT_INTEGER:
        raise ValueError(
            f"{capitalised(where)} holds integers from {low} to {high}. New rows are computed in float64, "
            f"which is exact only up to 2**53 = {EXACT_INTEGER}. Subtract an offset, scale them, or drop them if "
            f"they are identifiers; {TAKERS}"
        )


def check_object_columns(X, names):
    """Raise if a column of the object array X holds text or booleans; converting finds the rest."""
    for column, name in zip(X.T, names):
        types = set(map(type, column))
        if any(issubclass(kind, (str, bytes)) for kind in types):
            refuse_column(name, "strings")
        if types & {bool, np.bool_}:
            refuse_booleans(name)


def extremes(values):
    """Return the least and the largest of the values, both NaN if any value is, in one pass through the memory."""
    if values.flags.f_contiguous:
        values = values.T
    size = values[:1].size

    def part(start, stop):
        parts = [values[chunk] for chunk in chunks(start, stop, size, CHUNK_VALUES)]
        return np.min([part.min() for part in parts]), np.max([part.max() for part in parts])

    lows, highs = zip(*in_parts(part, len(values), size))
    return np.min(lows), np.max(highs)


def check_magnitude(values, locate):
    """Raise unless all values are finite and twice as large would still be.

    Parameters
    ----------
    values : ndarray
    locate : callable
        Takes the boolean mask of bad values and returns where the first one is, as text.
    """
    if not values.size or values.dtype.kind != "f":
        return
    limit = np.finfo(values.dtype).max / 2
    low, high = extremes(values)
    if -limit <= low and high <= limit:
        return
    if not (np.isfinite(low) and np.isfinite(high)):
        bad = ~np.isfinite(values)
        what = "NaN" if np.isnan(values[bad][0]) else "infinity"
        raise ValueError(
            f"Input X contains {what}: {locate(bad)}. Impute it first, for example with SimpleImputer, "
            "or drop the row: nothing can be interpolated from it."
        )
    cure = "" if values.dtype == np.float64 else ", or use float64"
    raise ValueError(
        f"X holds values too large to interpolate in {values.dtype}: {locate(np.abs(values) > limit)}; the "
        f"difference of two such values overflows. Scale X to values below {limit:.1e}{cure}."
    )
