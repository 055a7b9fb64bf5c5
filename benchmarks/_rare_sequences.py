"""Tasks in which one class of sequences is rare, for the evidence with networks.

Classes that are not rare in the data are thinned at random, so that the share of the rare class is the one that each
task names. All sequences are float32 and standardised step by step on the training part, or token ids.
"""

import csv
import gzip
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.datasets import load_digits

from skseq.datasets import load_first_names, load_japanese_vowels, load_splice_junctions
from skseq.preprocessing import TokenEncoder


class Task(NamedTuple):
    """A task with one rare class.

    Attributes
    ----------
    name : str
    X : list of ndarray
        Of shape (steps_i, features) float32, or (steps_i,) token ids.
    y : ndarray of shape (n,)
        1 for the rare class, else 0.
    tokens : bool
        Whether X holds token ids.
    """

    name: str
    X: list
    y: np.ndarray
    tokens: bool = False


def thinned(X, rare, n_common, n_rare, seed=0):
    """Return (X, y) of ``n_common`` common and ``n_rare`` rare sequences, drawn without replacement."""
    rng = np.random.RandomState(seed)
    common = rng.choice(np.flatnonzero(~rare), min(n_common, int((~rare).sum())), replace=False)
    rows = np.concatenate([common, rng.choice(np.flatnonzero(rare), n_rare, replace=False)])
    rows = rng.permutation(rows)
    return [X[row] for row in rows], rare[rows].astype(np.intp)


def as_float32(X):
    """Return each sequence as float32 of shape (steps, features)."""
    return [np.asarray(x, dtype=np.float32).reshape(len(x), -1) for x in X]


def vowels():
    """One speaker of nine, both parts of the data."""
    X, y = load_japanese_vowels(subset="all", return_X_y=True)
    return Task("vowels, one speaker of nine", as_float32(X), (np.asarray(y) == 3).astype(np.intp))


def splice():
    """Windows of DNA around a boundary of exon and intron, 1 in 13; the letters are token ids."""
    X, y = load_splice_junctions(return_X_y=True)
    X, y = thinned(TokenEncoder().fit_transform(X), np.asarray(y) == "EI", 960, 80)
    return Task("splice, exon-intron 1 in 13", X, y, tokens=True)


def names():
    """Male first names among female ones, 1 in 21, letter by letter."""
    X, y = load_first_names(return_X_y=True)
    X, y = thinned(TokenEncoder().fit_transform(X), np.asarray(y) == "male", 2000, 100)
    return Task("names, male 1 in 21", X, y, tokens=True)


def digits():
    """Images of the digit eight among all others, eight rows of eight pixels."""
    images, y = load_digits(return_X_y=True)
    return Task("digits, one of ten", as_float32(images.reshape(-1, 8, 8)), (y == 8).astype(np.intp))


def event():
    """A bump of ten steps somewhere in noise of two channels, 1 in 51, of 30 to 60 steps."""
    rng = np.random.RandomState(0)
    y = np.repeat([0, 1], [1500, 30])
    X = []
    for label in y:
        x = rng.standard_normal((rng.randint(30, 61), 2))
        if label:
            first = rng.randint(0, len(x) - 10)
            x[first : first + 10] += 1.5 * np.sin(np.linspace(0, np.pi, 10))[:, None]
        X.append(x)
    order = rng.permutation(len(y))
    return Task("event in noise, 1 in 51", as_float32([X[row] for row in order]), y[order])


def long_table(path):
    """Return (sequences, labels) of both parts of a table with one row a step."""
    X, y, last = [], [], None
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for split, sequence, _, *values, label in rows:
            if (split, sequence) != last:
                last = (split, sequence)
                X.append([])
                y.append(label)
            X[-1].append([float(value) for value in values])
    return as_float32(X), np.array(y)


def italy(folder):
    """Days of one season, 1 in 14, of 24 hourly demands."""
    X, y = long_table(folder / "ItalyPowerDemand_long.csv.gz")
    return Task("ItalyPowerDemand, 1 in 14", *thinned(X, y == "1", 520, 40))


def motions(folder):
    """Badminton among three other motions, 1 in 6, every second of 100 steps of six channels."""
    X, y = long_table(folder / "BasicMotions_long.csv.gz")
    return Task("BasicMotions, 1 in 6", *thinned([x[::2] for x in X], y == "Badminton", 60, 12))


def tasks(folder=None):
    """Return all tasks; those of the UCR archive only where ``folder`` has them."""
    found = [vowels(), splice(), names(), digits(), event()]
    if folder is not None:
        found += [italy(Path(folder)), motions(Path(folder))]
    return found
