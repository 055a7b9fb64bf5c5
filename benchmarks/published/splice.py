"""Splice junctions of DNA.

All 3,190 windows of 60 bases in ten stratified folds; class N is no junction, EI and IE are the two kinds. The network
reads a window from both ends towards its middle, where the junction is: a step holds the bases that lie as far from
the middle on either side, so the 60 bases are 30 steps of two, each base one of four indicators. An ambiguity code is
four zeros. Candidates are judged anew for each of the ten folds, by three folds within its training part.

The published figures were measured otherwise. StatLog's are of a single split of the windows without ambiguity codes.
The errors by class beside ours are of ten folds of 1,000 windows drawn from the 3,190, so those systems had a third of
our windows to learn from. Of the 3,190 windows 3,005 are distinct, and 296 are also in the training part of their fold.
"""

import numpy as np
from _markdown import table
from sklearn.metrics import log_loss

from skseq import RNNClassifier
from skseq.datasets import load_splice_junctions

from ._task import RATE, Row, fold_rows, in_double, mean_and_range, of, values

SEEDS, FOLDS = 3, 10
REACH = 0.960
BASE = {"batch_size": 64, "max_iter": 15, "learning_rate": "cosine"}
CANDIDATES = {
    "GRU 64, weight decay": {**BASE, "alpha": 0.3},
    "GRU 64, weight decay, memories of 6 steps": {**BASE, "alpha": 0.3, "memory_steps": 6},
    "GRU 64, weight decay, dropout": {**BASE, "alpha": 0.3, "dropout": 0.3, "max_iter": 25},
    "LSTM 64, weight decay, memories of 6 steps": {**BASE, "alpha": 0.3, "cell": "lstm", "memory_steps": 6},
}
#: Errors in percent for N, EI and IE: ten folds of 1,000 windows, UCI data set 69.
PUBLISHED = {
    "KBANN": (4.62, 7.56, 8.47),
    "backpropagation": (5.29, 5.74, 10.75),
    "PEBLS": (6.86, 8.18, 7.55),
    "ID3": (8.84, 10.58, 13.99),
}


def load():
    """Return windows (n, 30, 8) in float32 and their classes."""
    X, y = load_splice_junctions(encoding="string", return_X_y=True)
    bases = (np.array([list(window) for window in X])[:, :, None] == list("ACGT")).astype(np.float32)
    return np.concatenate([bases[:, :30], bases[:, :29:-1]], axis=2), np.asarray(y)


def model(unit, seed, smoke):
    """Return the classifier of a unit."""
    settings = {"learning_rate_init": RATE, **CANDIDATES[unit["candidate"]], **({"max_iter": 1} if smoke else {})}
    return RNNClassifier(random_state=seed, **settings)


def judgements(smoke):
    """Return one unit for each fold and candidate, and fold within."""
    folds, candidates, within = (2, list(CANDIDATES)[:1], 1) if smoke else (FOLDS, CANDIDATES, 3)
    return [{"fold": f, "candidate": c, "within": w} for f in range(folds) for c in candidates for w in range(within)]


def judge(unit, smoke):
    """Return the figures on a part of the training rows of a fold."""
    X, y = load()
    rows, _ = fold_rows(y, FOLDS, unit["fold"])
    X, y = X[rows], y[rows]
    train, held = fold_rows(y, 3, unit["within"])
    fitted = model(unit, 0, smoke).fit(X[train], y[train])
    score = -log_loss(y[held], in_double(fitted.predict_proba(X[held])), labels=fitted.classes_)
    return {"score": score, "accuracy": fitted.score(X[held], y[held])}


def units(chosen, smoke):
    """Return one unit for each seed and fold."""
    seeds, folds = (1, 2) if smoke else (SEEDS, FOLDS)
    return [{"seed": s, "fold": f, "candidate": chosen(fold=f)} for s in range(seeds) for f in range(folds)]


def run(unit, smoke):
    """Return the numbers of rows and of errors in a fold, by class."""
    X, y = load()
    train, test = fold_rows(y, FOLDS, unit["fold"])
    wrong = model(unit, unit["seed"], smoke).fit(X[train], y[train]).predict(X[test]) != y[test]
    figures = {"rows": len(test), "errors": int(wrong.sum())}
    for label in ("N", "EI", "IE"):
        figures |= {
            f"rows {label}": int(np.sum(y[test] == label)),
            f"errors {label}": int(wrong[y[test] == label].sum()),
        }
    return figures


def error_rates(records, label=""):
    """Return the share of errors over all folds, for each seed."""
    tail = f" {label}" if label else ""
    seeds = values(records, "seed")
    return np.array(
        [sum(of(records, f"errors{tail}", seed=s)) / sum(of(records, f"rows{tail}", seed=s)) for s in seeds]
    )


def rows(records):
    """Return the row of the table."""
    accuracy = 1 - error_rates(records)
    ours = f"{mean_and_range(accuracy, 1, 100)}, {len(accuracy)} seeds"
    published = "RBF 95.9, Dipol92 95.2, Alloc80 94.3, C4.5 92.4, kNN 84.5 (StatLog, by the notes of MLC++)"
    return [
        Row("Splice junctions, accuracy %", published, f">= {100 * REACH:.1f}", ours, bool(accuracy.mean() >= REACH))
    ]


def lines(records):
    """Return a table of errors by class."""
    ours = [mean_and_range(error_rates(records, label), 2, 100) for label in ("N", "EI", "IE")]
    others = [[name, *(f"{error:.2f}" for error in errors)] for name, errors in PUBLISHED.items()]
    return [
        "Errors in percent; the others (UCI data set 69) learnt from 900 windows, ours from 2,871:",
        "",
        *table(["", "N", "EI", "IE"], [["ours", *ours], *others]),
    ]
