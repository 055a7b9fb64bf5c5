"""Data sets by which the defaults of regressors, taggers, generators and translators are judged.

Each function takes a seed and a folder, as those of :mod:`_default_data` do.
"""

import numpy as np
from _default_data import EMBEDDED, scaled

from skseq.datasets import load_first_names, make_adding_problem, make_copy_memory, make_elman_sentences


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
