"""Data sets by which defaults are judged: few and many sequences, short and long, clean and noisy, numbers and tokens.

Each function of :data:`CLASSIFICATION`, :data:`REGRESSION`, :data:`TAGGING`, :data:`NEXT_TOKENS` and
:data:`TRANSLATION` takes a seed and the folder of long tables, and returns (X, y, X_new, y_new, settings), with
measurements standardised and in float32.
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
    make_adding_problem,
    make_copy_memory,
    make_elman_sentences,
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


def sums(n, size):
    """The mean of a column, with noise of a deviation of one; ``size`` is the deviation of what can be known."""

    def load(seed, folder):
        rng = np.random.RandomState(seed)
        X, y = rng.standard_normal((n + 1000, 20, 2)), rng.standard_normal(n + 1000)
        y += size / np.sqrt(20) * X[:, :, 0].sum(axis=1)
        return scaled(X[:n], y[:n], X[n:], y[n:])

    return load


def adding(seed, folder):
    """The adding problem over 50 steps."""
    X, y = make_adding_problem(2000, n_steps=50, variant="le", random_state=seed)
    return list(X[:1500].astype(np.float32)), y[:1500], list(X[1500:].astype(np.float32)), y[1500:], {}


def phase(seed, folder):
    """The phase of a noisy wave, as its sine."""
    rng = np.random.RandomState(seed)
    phases = rng.uniform(0, 2 * np.pi, 800)
    X = np.sin(0.5 * np.arange(40) + phases[:, None])[:, :, None] + 0.5 * rng.standard_normal((800, 40, 1))
    return scaled(X[:300], np.sin(phases[:300]), X[300:], np.sin(phases[300:]))


REGRESSION = {
    "noise": sums(60, 0.0),
    "weak, 60": sums(60, 1.0),
    "weak, 200": sums(200, 1.0),
    "strong": sums(60, 4.0),
    "phase": phase,
    "adding": adding,
}


def spelled(seed, folder):
    """Consonants and vowels of names: what can be known is in each letter."""
    X, _ = load_first_names(encoding="ids", return_X_y=True)
    rows = np.random.RandomState(seed).permutation(len(X))[:700]
    X = [np.asarray(X[i]) for i in rows]
    y = [np.isin(x, [0, 4, 8, 14, 20]).astype(int) for x in X]
    return X[:200], y[:200], X[200:], y[200:], EMBEDDED


def next_letter(seed, folder):
    """The kind of the next letter of a name, which only reading from the end could know."""
    X, y, X_new, y_new, settings = spelled(seed, folder)
    y, y_new = ([np.append(tags[1:], 2) for tags in part] for part in (y, y_new))
    return X, y, X_new, y_new, settings


def copied(seed, folder):
    """Copy memory: ten symbols to be repeated after 20 steps."""
    X, y = make_copy_memory(1500, n_steps=20, random_state=seed)
    return list(X[:1000]), list(y[:1000]), list(X[1000:]), list(y[1000:]), EMBEDDED


def states(n):
    """Two states that alternate at random, seen in noise."""

    def load(seed, folder):
        rng = np.random.RandomState(seed)
        lengths = rng.randint(20, 60, n + 300)
        y = [np.cumsum(rng.uniform(size=length) < 0.1) % 2 for length in lengths]
        X = [(tags + rng.standard_normal(len(tags)))[:, None] for tags in y]
        X, _, X_new, _, _ = scaled(X[:n], np.zeros(n), X[n:], np.zeros(300))
        return X, y[:n], X_new, y[n:], {}

    return load


TAGGING = {
    "spelled": spelled,
    "next letter": next_letter,
    "states, 60": states(60),
    "states, 600": states(600),
    "copy": copied,
}


def sentences(X, n):
    """Return the first ``n`` sequences to learn from and the last 1,000, with all tokens named."""
    vocabulary = sorted({token for x in X for token in x})
    return X[:n], None, X[-1000:], None, {"vocabulary": vocabulary}


def elman(n):
    """Elman's grammar."""

    def load(seed, folder):
        return sentences(make_elman_sentences(n + 1000, random_state=seed), n)

    return load


def letters(n):
    """First names, letter by letter."""

    def load(seed, folder):
        X, _ = load_first_names(return_X_y=True)
        return sentences([X[i] for i in np.random.RandomState(seed).permutation(len(X))], n)

    return load


NEXT_TOKENS = {
    "names 200": letters(200),
    "names 2000": letters(2000),
    "elman 500": elman(500),
    "elman 5000": elman(5000),
}


def clock(seed, folder):
    """Times of day to the twelve-hour clock."""
    X = [f"{hour}:{minute:02}" for hour in range(24) for minute in range(60)]
    y = [
        f"{(hour + 11) % 12 + 1}:{minute:02} {'am' if hour < 12 else 'pm'}"
        for hour in range(24)
        for minute in range(60)
    ]
    return pairs(X, y, 700, seed)


def pairs(X, y, n, seed):
    """Return ``n`` pairs to learn from, and up to 500 others."""
    rows = np.random.RandomState(seed).permutation(len(X))
    rows, others = rows[:n], rows[n : n + 500]
    return [X[i] for i in rows], [y[i] for i in rows], [X[i] for i in others], [y[i] for i in others], {}


def reversed_names(n):
    """Names to be spelled backwards."""

    def load(seed, folder):
        X, _ = load_first_names(return_X_y=True)
        return pairs(list(X), [x[::-1] for x in X], n, seed)

    return load


def sums_of_digits(seed, folder):
    """Additions of numbers below 50."""
    X = [f"{a}+{b}" for a in range(50) for b in range(50)]
    return pairs(X, [str(sum(map(int, x.split("+")))) for x in X], 2000, seed)


TRANSLATION = {
    "clock": clock,
    "backwards, 300": reversed_names(300),
    "backwards, 2000": reversed_names(2000),
    "sums": sums_of_digits,
}
