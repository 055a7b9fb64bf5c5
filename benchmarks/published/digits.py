"""Digits, as 64 steps of one pixel and as 8 steps of a row.

The 1,797 pictures of 8 x 8 pixels that scikit-learn carries, five stratified folds. IRNN is the vanilla cell with ReLU
and an identity at the start. The training part is joined by each of its pictures moved by one pixel up, down, left and
right.

The candidates of each cell and reading are judged anew for each fold, on a third of its training part; for the gated
cells that read pixels there is one candidate.

Epochs for pixels are few, so that the task ends within a quarter of an hour. On a third of the first fold's training
part that was held out, the IRNN gained from 60 epochs instead of 15 and lost with smaller inputs; the GRU lost with
dropout and with the mean of all states.
"""

from itertools import product

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedKFold

from skseq import RNNClassifier

from ._task import Row, fold_rows, mean_and_range, of, values

SEEDS, FOLDS = 3, 5
CELLS = {
    "gru": {},
    "lstm": {"cell": "lstm"},
    "irnn": {"cell": "rnn", "activation": "relu", "recurrent_init": "identity"},
}
TITLES = {"gru": "GRU", "lstm": "LSTM", "irnn": "IRNN"}
#: Features of a step, and the accuracy to be reached.
READINGS = {"64 x 1": (1, 0.97), "8 x 8": (8, 0.985)}
BASE = {"batch_size": 64, "learning_rate": "cosine"}
BOTH_WAYS = {**BASE, "bidirectional": True}
CANDIDATES = {
    "rows, two directions, dropout": {**BOTH_WAYS, "max_iter": 15, "dropout": 0.3},
    "rows, two directions, wide": {**BOTH_WAYS, "max_iter": 20, "dropout": 0.5, "hidden_layer_sizes": 128},
    "pixels": {**BASE, "max_iter": 15, "learning_rate_init": 0.01},
    "pixels, small steps": {**BASE, "max_iter": 15, "learning_rate_init": 0.001, "hidden_layer_sizes": 100},
    "pixels, small steps and batches": {**BASE, "max_iter": 8, "learning_rate_init": 0.001, "batch_size": 16},
}


def candidates_of(reading, cell):
    """Return the names of the candidates of a reading and cell."""
    if reading == "8 x 8":
        return [name for name in CANDIDATES if name.startswith("rows")]
    return [name for name in CANDIDATES if name.startswith("pixels") and (cell == "irnn") == ("small" in name)]


def load():
    """Return pictures (1797, 64) in float32 and their digits."""
    X, y = load_digits(return_X_y=True)
    return (X / 16).astype(np.float32), y


def nudged(X, y):
    """Return the pictures and each of them moved by one pixel in four directions."""
    wide = np.pad(X.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    moves = [(1, 1), (0, 1), (2, 1), (1, 0), (1, 2)]
    return np.concatenate([wide[:, i : i + 8, j : j + 8].reshape(-1, 64) for i, j in moves]), np.tile(y, 5)


def accuracy(unit, seed, X, y, X_new, y_new, smoke):
    """Return the accuracy on new pictures."""
    settings = CANDIDATES[unit["candidate"]] | CELLS[unit["cell"]] | ({"max_iter": 1} if smoke else {})
    features = READINGS[unit["reading"]][0]
    model = RNNClassifier(features_per_step=features, random_state=seed, **settings)
    return model.fit(*nudged(X, y)).score(X_new, y_new)


def judgements(smoke):
    """Return one unit for each reading, cell and fold, and candidate where there are several."""
    readings, cells, folds = (["8 x 8"], ["gru"], 1) if smoke else (READINGS, CELLS, FOLDS)
    return [
        {"reading": reading, "cell": cell, "fold": fold, "candidate": candidate}
        for reading in readings
        for cell in cells
        for fold in range(folds)
        for candidate in candidates_of(reading, cell)
        if len(candidates_of(reading, cell)) > 1
    ]


def judge(unit, smoke):
    """Return the accuracy on the part held out of a fold's training part."""
    X, y = load()
    rows, _ = fold_rows(y, FOLDS, unit["fold"])
    X, y = X[rows], y[rows]
    train, held = next(StratifiedKFold(3, shuffle=True, random_state=1).split(X, y))
    return {"score": accuracy(unit, 0, X[train], y[train], X[held], y[held], smoke)}


def units(chosen, smoke):
    """Return one unit for each reading, cell, seed and fold."""
    readings, cells, seeds, folds = (["8 x 8"], ["gru"], 1, 1) if smoke else (READINGS, CELLS, SEEDS, FOLDS)
    found = []
    for r, c, s, f in product(readings, cells, range(seeds), range(folds)):
        first, *others = candidates_of(r, c)
        candidate = chosen(reading=r, cell=c, fold=f) if others else first
        found.append({"reading": r, "cell": c, "seed": s, "fold": f, "candidate": candidate})
    return found


def run(unit, smoke):
    """Return the accuracy on the test part of a fold."""
    X, y = load()
    train, test = fold_rows(y, FOLDS, unit["fold"])
    return {"accuracy": accuracy(unit, unit["seed"], X[train], y[train], X[test], y[test], smoke)}


def pairs(records):
    """Yield (reading, cell, records of them)."""
    for reading in values(records, "reading"):
        for cell in values(records, "cell"):
            yield reading, cell, [r for r in records if {"reading": reading, "cell": cell}.items() <= r["unit"].items()]


def rows(records):
    """Return the rows of the table."""
    found = []
    for reading, cell, own in pairs(records):
        by_seed = [np.mean(of(own, "accuracy", seed=seed)) for seed in values(own, "seed")]
        reach = READINGS[reading][1]
        ours = f"{mean_and_range(by_seed)}, {len(by_seed)} seeds"
        found.append(
            Row(f"Digits {reading}, {TITLES[cell]}", "none", f">= {reach}", ours, bool(np.mean(by_seed) >= reach))
        )
    return found
