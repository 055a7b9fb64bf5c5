"""Choose the defaults of RNNClassifier by cross-validation on the three bundled data sets.

    python benchmarks/defaults.py

Japanese Vowels (training part only, scaled), splice junctions (ids, 1,000 rows) and first names (ids, 1,500 rows):
three folds each, balanced accuracy and log loss on the held-out fold after several numbers of epochs, for each
learning rate, batch size and ``memory_steps``. Everything else is at its default. Takes about ten minutes on two cores.
"""

import argparse
from itertools import product

import numpy as np
from sklearn.metrics import balanced_accuracy_score, log_loss
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.preprocessing import StandardScaler

from skseq import RNNClassifier
from skseq.compose import EachStep
from skseq.datasets import load_first_names, load_japanese_vowels, load_splice_junctions

EPOCHS = (10, 20, 30, 60)


def data_sets():
    """Yield (name, X, y, settings)."""
    X, y = load_japanese_vowels(subset="train", return_X_y=True)
    X = EachStep(StandardScaler()).fit_transform([x.astype(np.float32) for x in X])
    yield "vowels", X, np.asarray(y), {}
    X, y = load_splice_junctions(encoding="ids", return_X_y=True)
    rows, _ = train_test_split(np.arange(len(y)), train_size=1000, stratify=y, random_state=0)
    yield "splice", X[rows], y[rows], {"embedding_dim": 8}
    X, y = load_first_names(encoding="ids", return_X_y=True)
    rows, _ = train_test_split(np.arange(len(y)), train_size=1500, stratify=y, random_state=0)
    yield "names", [X[i] for i in rows], y[rows], {"embedding_dim": 8}


def take(X, rows):
    """Return the rows of an array or a list."""
    return [X[i] for i in rows] if isinstance(X, list) else X[rows]


def scores(X, y, settings):
    """Return {epochs: (balanced accuracy, log loss)}, means over three folds."""
    found = {epochs: [] for epochs in EPOCHS}
    for train, test in StratifiedKFold(3, shuffle=True, random_state=0).split(np.zeros(len(y)), y):
        model = RNNClassifier(random_state=0, **settings)
        for epoch in range(1, max(EPOCHS) + 1):
            model.partial_fit(take(X, train), y[train], classes=np.unique(y))
            if epoch in found:
                proba = model.predict_proba(take(X, test)).astype(float)
                predicted = model.classes_[proba.argmax(axis=1)]
                proba /= proba.sum(axis=1, keepdims=True)
                found[epoch].append((balanced_accuracy_score(y[test], predicted), log_loss(y[test], proba)))
    return {epochs: np.mean(pairs, axis=0) for epochs, pairs in found.items()}


def main():
    """Print one line for each data set and setting."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rates", type=float, nargs="+", default=[0.002, 0.005, 0.01])
    parser.add_argument("--batches", type=int, nargs="+", default=[200])
    parser.add_argument("--cells", nargs="+", default=["gru", "lstm", "rnn"])
    parser.add_argument("--memories", nargs="+", choices=["auto", "none"], default=["auto"], help="memory_steps")
    parser.add_argument("--data", nargs="+", default=["vowels", "splice", "names"])
    arguments = parser.parse_args()
    print("balanced accuracy / log loss after " + ", ".join(map(str, EPOCHS)) + " epochs")
    for name, X, y, own in data_sets():
        if name not in arguments.data:
            continue
        for cell, memory, batch_size, rate in product(
            arguments.cells, arguments.memories, arguments.batches, arguments.rates
        ):
            settings = {"cell": cell, "learning_rate_init": rate, "batch_size": batch_size, **own}
            settings["memory_steps"] = None if memory == "none" else memory
            line = "  ".join(f"{a:.3f}/{b:.3f}" for a, b in scores(X, y, settings).values())
            print(f"{name:8} {cell:5} memories {memory:4} batch {batch_size:4} rate {rate:6} : {line}", flush=True)


if __name__ == "__main__":
    main()
