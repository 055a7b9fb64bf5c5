"""Digits, as 64 steps of one pixel and as 8 steps of a row.

The 1,797 pictures of 8 x 8 pixels that scikit-learn carries, five stratified folds. IRNN is the vanilla cell with ReLU
and an identity at the start. "nudged" means that the training part is joined by each picture moved by one pixel up,
down, left and right. The candidates of each cell and reading are judged anew for each fold, on a third of its training
part that is held out.
"""

import numpy as np
from sklearn.datasets import load_digits
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold

from skseq import RNNClassifier

from ._task import Row, mean_and_range, of, values

SEEDS, FOLDS = 3, 5
CELLS = {
    "gru": {},
    "lstm": {"cell": "lstm"},
    "irnn": {"cell": "rnn", "activation": "relu", "recurrent_init": "identity"},
}
#: Features of a step, and the accuracy to be reached.
REACH = {"64 x 1": (1, 0.97), "8 x 8": (8, 0.985)}
CANDIDATES = {}


def load():
    """Return pictures (1797, 64) in float32 and their digits."""
    X, y = load_digits(return_X_y=True)
    return (X / 16).astype(np.float32), y


def split(y, number):
    """Return the rows of a fold's training and test part."""
    return list(StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(np.zeros(len(y)), y))[number]


def nudged(X, y):
    """Return the pictures and each of them moved by one pixel in four directions."""
    wide = np.pad(X.reshape(-1, 8, 8), ((0, 0), (1, 1), (1, 1)))
    moves = [(1, 1), (0, 1), (2, 1), (1, 0), (1, 2)]
    return np.concatenate([wide[:, i : i + 8, j : j + 8].reshape(-1, 64) for i, j in moves]), np.tile(y, 5)
