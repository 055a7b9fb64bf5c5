"""Random data for the fuzzer: what users have, what is slightly wrong with it, and what no estimator can read."""

import copy

import numpy as np
import pandas as pd
import polars as pl
from scipy import sparse


def draw_lengths(rng, n):
    """Return n lengths of sequences from 1 to 6."""
    return rng.integers(1, 7, size=n)


def draw_labels(rng, n):
    """Return n labels of two or three classes, of which the last is rare: ints, strings, bools or floats."""
    y = np.arange(n) % rng.integers(2, 4)
    y[n // 2 :] = 0
    kind = rng.integers(4)
    if kind == 1:
        return np.array(["no", "yes", "maybe"])[y]
    if kind == 2:
        return y == 1
    return y.astype(float) if kind == 3 else y


def draw_sequences(rng, n, form):
    """Return n sequences.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
    form : {"ragged", "array", "columns", "ids", "id array", "texts"}
    """
    if form == "ragged":
        return [rng.standard_normal((length, 2)) for length in draw_lengths(rng, n)]
    if form == "array":
        return rng.standard_normal((n, 4, 2))
    if form == "columns":
        return rng.standard_normal((n, 4))
    if form == "ids":
        return [rng.integers(0, 5, size=length) for length in draw_lengths(rng, n)]
    if form == "id array":
        return rng.integers(0, 5, size=(n, 4))
    return ["".join(rng.choice(list("abc"), size=length)) for length in draw_lengths(rng, n)]


def draw_step_labels(rng, X):
    """Return an array of labels for each sequence, one for each step."""
    if isinstance(X, np.ndarray) and X.dtype != object:
        return rng.integers(0, 3, size=X.shape[:2])
    return [rng.integers(0, 3, size=len(x)) for x in X]


def _floats(values):
    """Return values with a copy of the first array in float64, and that array."""
    values = copy.deepcopy(values)
    if isinstance(values, list):
        values[0] = np.array(values[0], dtype=float)
        return values, values[0]
    values = np.array(values, dtype=float)
    return values, values


def _with_value(value):
    def spoil(values, rng):
        values, array = _floats(values)
        array.reshape(-1)[rng.integers(array.size)] = value
        return values

    return spoil


def _each(function):
    def change(values, rng):
        return [function(np.asarray(each)) for each in values] if isinstance(values, list) else function(values)

    return change


def _read_only(array):
    array = np.array(array)
    array.setflags(write=False)
    return array


def _object_cells(values, rng):
    found = np.empty(len(values), dtype=object)
    found[:] = list(values)
    return found


def _ragged_by_one(values, rng):
    values = list(copy.deepcopy(values))
    values[-1] = np.concatenate([np.asarray(values[-1])] * 2, axis=-1)
    return values


#: Changes of X or y; most leave nothing to learn from, some change only the container.
CORRUPTIONS = {
    "NaN": _with_value(np.nan),
    "inf": _with_value(np.inf),
    "-inf": _with_value(-np.inf),
    "1e308": _with_value(1e308),
    "1e-320": _with_value(1e-320),
    "-1": _with_value(-1),
    "all 1e30": _each(lambda array: np.full(np.shape(array), 1e30)),
    "constant": _each(lambda array: np.zeros(np.shape(array))),
    "float32": _each(lambda array: np.asarray(array, dtype=np.float32)),
    "float16": _each(lambda array: np.asarray(array, dtype=np.float16)),
    "int8": _each(lambda array: np.asarray(array, dtype=float).astype(np.int8)),
    "bool": _each(lambda array: np.asarray(array, dtype=float) > 0),
    "complex": _each(lambda array: np.asarray(array) * 1j),
    "text": _each(lambda array: np.full(np.shape(array), "text")),
    "dates": _each(lambda array: np.full(np.shape(array), np.datetime64("2020-01-01"))),
    "None": _each(lambda array: np.full(np.shape(array), None)),
    "objects": _each(lambda array: np.asarray(array).astype(object)),
    "big endian": _each(lambda array: np.asarray(array, dtype=">f8")),
    "Fortran": _each(lambda array: np.asfortranarray(array)),
    "reversed view": _each(lambda array: np.asarray(array)[::-1]),
    "read-only": _each(_read_only),
    "masked": _each(lambda array: np.ma.masked_greater(np.asarray(array, dtype=float), 0.5)),
    "extra axis": _each(lambda array: np.asarray(array)[..., np.newaxis]),
    "no rows": lambda values, rng: values[:0],
    "one row": lambda values, rng: values[:1],
    "two rows": lambda values, rng: values[:2],
    "a row less": lambda values, rng: values[:-1],
    "empty sequence": lambda values, rng: [*values[:-1], values[-1][:0]],
    "one step": lambda values, rng: [each[:1] for each in values],
    "another width": _ragged_by_one,
    "tuple": lambda values, rng: tuple(values),
    "object cells": _object_cells,
    "lists": lambda values, rng: [np.asarray(each).tolist() for each in values],
    "generator": lambda values, rng: (each for each in list(values)),
    "dict": lambda values, rng: dict(enumerate(values)),
    "set": lambda values, rng: {1, 2, 3},
    "nothing": lambda values, rng: None,
    "number": lambda values, rng: 3.0,
    "word": lambda values, rng: "sequences",
    "0-d": lambda values, rng: np.array(1.0),
    "pandas frame": lambda values, rng: pd.DataFrame(np.asarray(values)),
    "pandas series": lambda values, rng: pd.Series(list(values)),
    "polars frame": lambda values, rng: pl.DataFrame(np.asarray(values)),
    "polars series": lambda values, rng: pl.Series(list(values)),
    "frames": lambda values, rng: [pd.DataFrame(np.asarray(each)) for each in values],
    "CSR": lambda values, rng: sparse.csr_array(np.asarray(values)),
    "copies of a row": lambda values, rng: [values[0]] * len(values),
}


def corrupt(values, rng):
    """Return a name and values changed in that way; unchanged where the change does not apply to them."""
    name = str(rng.choice(list(CORRUPTIONS)))
    try:
        return name, CORRUPTIONS[name](copy.deepcopy(values), rng)
    except Exception:  # a change that does not suit these data, such as text as numbers
        return "unchanged", values


def draw_weights(rng, n):
    """Return sample weights, most of which are right."""
    kinds = [
        rng.random(n),
        rng.integers(0, 3, n),
        np.ones(n, dtype=np.float32),
        np.full(n, 1e300),
        np.full(n, 1e-300),
        np.zeros(n),
        -np.ones(n),
        np.full(n, np.nan),
        np.ones(n + 1),
        np.ones((n, 1)),
        ["heavy"] * n,
        2.0,
    ]
    return kinds[rng.integers(len(kinds))]
