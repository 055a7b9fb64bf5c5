"""What both readings of the digits share: the pictures, the folds, and what is measured."""

from itertools import product

import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import StratifiedKFold

from skseq import RNNClassifier

from ._task import RATE, Row, fold_rows, mean_and_range, of, values

SEEDS, FOLDS = 3, 5
CELLS = {
    "gru": {},
    "lstm": {"cell": "lstm"},
    "irnn": {"cell": "rnn", "activation": "relu", "recurrent_init": "identity"},
}
TITLES = {"gru": "GRU", "lstm": "LSTM", "irnn": "IRNN"}


def load():
    """Return pictures (1797, 64) in float32, from 0 to 1, and their digits."""
    X, y = load_digits(return_X_y=True)
    return (X / 16).astype(np.float32), y


def nudged(X, y):
    """Return the pictures and each of them moved by one pixel in four directions."""
    wide = np.pad(X.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    moves = [(1, 1), (0, 1), (2, 1), (1, 0), (1, 2)]
    return np.concatenate([wide[:, i : i + 8, j : j + 8].reshape(-1, 64) for i, j in moves]), np.tile(y, 5)


def with_noise(X, y, deviation, times, rng):
    """Return each picture so many times, with normal noise of its own."""
    X = np.tile(X, (times, 1))
    return X + (deviation * rng.standard_normal(X.shape)).astype(X.dtype), np.tile(y, times)


class Reading:
    """Digits read in steps of so many pixels.

    Parameters
    ----------
    features : int
        Pixels of a step.
    candidates : dict of str to dict
        Settings of RNNClassifier; also "noise", the standard deviation of noise that is added to the training
        pictures, and "times", how often each of them is among these with other noise.
    of_cell : dict of str to list of str
        The candidates of each cell.
    """

    def __init__(self, features, candidates, of_cell):
        self.features = features
        self.candidates = candidates
        self.of_cell = of_cell

    def accuracy(self, unit, seed, X, y, X_new, y_new, smoke):
        """Return the accuracy on new pictures."""
        settings = self.candidates[unit["candidate"]] | CELLS[unit["cell"]] | ({"max_iter": 1} if smoke else {})
        noise, times = settings.pop("noise", 0), settings.pop("times", 1)
        X, y = with_noise(*nudged(X, y), noise, times, np.random.RandomState(seed))
        model = RNNClassifier(
            features_per_step=self.features, random_state=seed, **{"learning_rate_init": RATE, **settings}
        )
        return model.fit(X, y).score(X_new, y_new)

    def judgements(self, smoke):
        """Return one unit for each cell, fold and candidate."""
        cells, folds = (["gru"], 1) if smoke else (CELLS, FOLDS)
        return [
            {"cell": cell, "fold": fold, "candidate": candidate}
            for cell in cells
            for fold in range(folds)
            for candidate in self.of_cell[cell]
        ]

    def judge(self, unit, smoke):
        """Return the accuracy on the part held out of a fold's training part."""
        X, y = load()
        rows, _ = fold_rows(y, FOLDS, unit["fold"])
        X, y = X[rows], y[rows]
        train, held = next(StratifiedKFold(3, shuffle=True, random_state=1).split(X, y))
        return {"score": self.accuracy(unit, 0, X[train], y[train], X[held], y[held], smoke)}

    def units(self, chosen, smoke):
        """Return one unit for each cell, seed and fold."""
        cells, seeds, folds = (["gru"], 1, 1) if smoke else (CELLS, SEEDS, FOLDS)
        return [
            {"cell": c, "seed": s, "fold": f, "candidate": chosen(cell=c, fold=f)}
            for c, s, f in product(cells, range(seeds), range(folds))
        ]

    def run(self, unit, smoke):
        """Return the accuracy on the test part of a fold."""
        X, y = load()
        train, test = fold_rows(y, FOLDS, unit["fold"])
        return {"accuracy": self.accuracy(unit, unit["seed"], X[train], y[train], X[test], y[test], smoke)}

    def rows(self, records, reach):
        """Return the rows of the table, one a cell."""
        found = []
        for cell in values(records, "cell"):
            by_seed = [np.mean(of(records, "accuracy", cell=cell, seed=seed)) for seed in values(records, "seed")]
            ours = f"{mean_and_range(by_seed)}, {len(by_seed)} seeds"
            title = f"Digits {64 // self.features} x {self.features}, {TITLES[cell]}"
            found.append(Row(title, "none", f">= {reach}", ours, bool(np.mean(by_seed) >= reach)))
        return found
