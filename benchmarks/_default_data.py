"""Data sets by which defaults are judged: few and many sequences, short and long, clean and noisy, numbers and tokens.

Each function of :data:`CLASSIFICATION` takes a seed and the folder of long tables, and returns (X, y, X_new, y_new,
settings), with measurements standardised and in float32.
"""

import csv
import gzip
from itertools import groupby

import numpy as np
from published import trajectories
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from skseq.compose import EachStep
from skseq.datasets import (
    load_first_names,
    load_japanese_vowels,
    load_splice_junctions,
    make_temporal_order,
)

EMBEDDED = {"embedding_dim": 8}


def scaled(X, y, X_new, y_new):
    """Return the data with features standardised as those of X, in float32."""
    scaler = EachStep(StandardScaler()).fit(list(X))
    X, X_new = ([x.astype(np.float32) for x in scaler.transform(list(part))] for part in (X, X_new))
    return X, np.asarray(y), X_new, np.asarray(y_new), {}


def parted(X, y, n, n_new, seed, settings=None):
    """Return ``n`` sequences to learn from and at most ``n_new`` others; with ``settings``, X is left as it is."""
    y = np.asarray(y)
    rows, others = train_test_split(np.arange(len(y)), train_size=n, stratify=y, random_state=seed)
    others = others[:n_new]
    data = [X[i] for i in rows], y[rows], [X[i] for i in others], y[others]
    return scaled(*data) if settings is None else (*data, settings)


def long_table(name):
    """Return the function that reads ``NAME_long.csv.gz``: split, id, step, features and label in columns."""

    def load(seed, folder):
        parts = {"train": ([], []), "test": ([], [])}
        with gzip.open(folder / f"{name}_long.csv.gz", "rt") as file:
            names, *rows = csv.reader(file)
        features = [i for i, column in enumerate(names) if column.startswith("x")]
        split, key, label = (names.index(column) for column in ("split", "id", "label"))
        for (part, _), steps in groupby(rows, key=lambda row: (row[split], row[key])):
            steps = list(steps)
            parts[part][0].append(np.array([[float(step[i]) for i in features] for step in steps]))
            parts[part][1].append(steps[0][label])
        return scaled(*parts["train"], *parts["test"])

    load.needs_folder = True
    return load


def vowels(seed, folder):
    """Japanese Vowels, official split."""
    parts = [load_japanese_vowels(subset=subset, return_X_y=True) for subset in ("train", "test")]
    return scaled(*parts[0], *parts[1])


def splice(seed, folder):
    """Splice junctions, ids."""
    X, y = load_splice_junctions(encoding="ids", return_X_y=True)
    return parted(X, y, 1000, 1000, seed, EMBEDDED)


def names(n):
    """First names, ids: nearly three of ten are ambiguous."""

    def load(seed, folder):
        X, y = load_first_names(encoding="ids", return_X_y=True)
        return parted(X, y, n, 2000, seed, EMBEDDED)

    return load


def digits_rows(seed, folder):
    """Digits as 8 steps of 8 pixels."""
    digits = load_digits()
    return parted(digits.images, digits.target, 1000, 797, seed)


def digits_pixels(seed, folder):
    """Digits as 64 steps of one pixel."""
    digits = load_digits()
    return parted(digits.data[:, :, None], digits.target, 400, 600, seed)


def libras(seed, folder):
    """Libras: 15 signs, 45 points."""
    return parted(*trajectories.load("libras"), 180, 180, seed)


def pen(seed, folder):
    """Pen-digits: 8 points."""
    return parted(*trajectories.load("pen"), 7494, 3498, seed)


def order(seed, folder):
    """Temporal order over gaps of up to 50 steps."""
    X, y = make_temporal_order(1600, n_steps=50, random_state=seed)
    return parted([x.astype(np.float32) for x in X], y, 1000, 600, seed, {})


def noise(seed, folder):
    """Nothing to learn."""
    X = np.random.RandomState(seed).standard_normal((1060, 20, 2))
    return scaled(X[:60], np.arange(60) % 2, X[60:], np.arange(1000) % 2)


def weak(seed, folder):
    """A hundred sequences whose mean tells the class four times of five."""
    rng = np.random.RandomState(seed)
    X = rng.standard_normal((1100, 12, 2))
    y = (X[:, :, 0].sum(axis=1) / np.sqrt(12) + rng.standard_normal(1100) * 0.7 > 0).astype(int)
    return scaled(X[:100], y[:100], X[100:], y[100:])


def pattern(n, steps):
    """A wave of ten steps somewhere in noise, or none."""

    def load(seed, folder):
        rng = np.random.RandomState(seed)
        X, y = rng.standard_normal((n + 500, steps, 1)), np.arange(n + 500) % 2
        for x in X[y == 1]:
            first = rng.randint(steps - 10)
            x[first : first + 10, 0] += 2 * np.sin(1.2 * np.arange(10))
        return scaled(X[:n], y[:n], X[n:], y[n:])

    return load


def rare(seed, folder):
    """One sequence of fifty has a higher level for ten steps."""
    rng = np.random.RandomState(seed)
    X, y = rng.standard_normal((4000, 30, 2)), (np.arange(4000) % 50 == 0).astype(int)
    for i in np.flatnonzero(y):
        first = rng.randint(20)
        X[i, first : first + 10, 0] += 1.2
    return scaled(X[:1500], y[:1500], X[1500:], y[1500:])


CLASSIFICATION = {
    "GunPoint": long_table("GunPoint"),
    "ItalyPowerDemand": long_table("ItalyPowerDemand"),
    "BasicMotions": long_table("BasicMotions"),
    "vowels": vowels,
    "noise": noise,
    "weak": weak,
    "names 150": names(150),
    "libras": libras,
    "pattern": pattern(400, 60),
    "digits, rows": digits_rows,
    "names": names(1500),
    "rare": rare,
    "pattern, 400 steps": pattern(200, 400),
    "order": order,
    "digits, pixels": digits_pixels,
    "splice": splice,
    "pen": pen,
}
