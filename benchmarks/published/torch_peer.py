"""The same networks in PyTorch.

One layer of 32 units, its last state, a linear layer: RNNClassifier and a plain loop in PyTorch (torch.nn.GRU and LSTM,
packed where lengths differ), with the same initialisation family (orthogonal recurrent weights and Glorot's input
weights, gate by gate, and skseq's biases), Adam at .005, clipping at 1, batches of 32 and as many epochs. Five seeds,
which both draw from in their own way. The rows are those of the tasks above: Japanese Vowels (official split), splice
junctions (the first of the ten folds), digits as 8 steps of 8 (the first of the five folds) and Libras (the first
resample).
"""

import numpy as np
from _markdown import table
from scipy.stats import ttest_rel, wilcoxon
from sklearn.metrics import log_loss
from sklearn.preprocessing import StandardScaler

from skseq import RNNClassifier
from skseq.compose import EachStep

from . import _digits, splice, trajectories
from ._task import Row, fold_rows, in_double, of, values
from .vowels_defaults import load_part

SEEDS, UNITS, RATE, BATCH = 5, 32, 0.005, 32
#: Epochs of each set.
EPOCHS = {"vowels": 30, "splice": 10, "digits": 30, "libras": 60}
CELLS = ("gru", "lstm")


def load(name):
    """Return (X, y, X of the test part, y of it), X a list of arrays in float32 and y codes."""
    if name == "vowels":
        (X, y), (X_test, y_test) = load_part("train"), load_part("test")
        scale = EachStep(StandardScaler()).fit(X)
        X, X_test = scale.transform(X), scale.transform(X_test)
    else:
        if name == "splice":
            X, y = splice.load()
            train, test = fold_rows(y, splice.FOLDS, 0)
        elif name == "digits":
            X, y = _digits.load()
            X = X.reshape(-1, 8, 8)
            train, test = fold_rows(y, _digits.FOLDS, 0)
        else:
            X, y = trajectories.load("libras")
            X = trajectories.features(X)
            train, test = trajectories.split("libras", y, 0)
        X, X_test, y, y_test = X[train], X[test], y[train], y[test]
    classes, codes = np.unique(y, return_inverse=True)
    return list(X), codes, list(X_test), np.searchsorted(classes, y_test)


def initialize(network, memory_steps):
    """Give a network of PyTorch initial weights of the family that skseq's have."""
    import torch
    from torch.nn import init

    recurrent, units = network.recurrent, network.recurrent.hidden_size
    parts = (torch.arange(units) + 0.5) / units
    keeping = torch.log(2 * (max(memory_steps, 2) / 2) ** parts - 1)
    with torch.no_grad():
        for bias in (recurrent.bias_ih_l0, recurrent.bias_hh_l0, network.output.bias):
            init.zeros_(bias)
        init.xavier_uniform_(network.output.weight)
        for inputs, states in zip(recurrent.weight_ih_l0.split(units), recurrent.weight_hh_l0.split(units)):
            init.xavier_uniform_(inputs)
            init.orthogonal_(states)
        bias = recurrent.bias_ih_l0
        if isinstance(recurrent, torch.nn.LSTM):  # input, forget, cell, output
            bias[:units], bias[units : 2 * units] = -keeping, keeping
        else:  # reset, update, new
            bias[units : 2 * units] = keeping


def probabilities_of_torch(cell, X, y, X_test, epochs, seed):
    """Return the probabilities of the test part by PyTorch."""
    import torch
    from _torch_peer import LastState, pad, predict_proba, train

    torch.set_num_threads(1)
    torch.manual_seed(seed)
    lengths = [len(x) for x in X]
    network = LastState(cell, X[0].shape[1], UNITS, int(y.max()) + 1)
    initialize(network, np.mean(lengths))
    (padded, lengths), (padded_test, lengths_test) = pad(X), pad(X_test)
    if (lengths == lengths[0]).all() and (lengths_test == lengths[0]).all():
        lengths = lengths_test = None
    train(network, padded, y, BATCH, epochs, RATE, 1.0, lengths)
    return predict_proba(network, padded_test, 200, lengths_test)


def units(chosen, smoke):
    """Return one unit for each data set, cell and seed."""
    seeds = range(1 if smoke else SEEDS)
    return [{"data": d, "cell": c, "seed": s} for d in EPOCHS for c in CELLS for s in seeds]


def run(unit, smoke):
    """Return accuracy and log loss of both on the test part."""
    X, y, X_test, y_test = load(unit["data"])
    epochs = 1 if smoke else EPOCHS[unit["data"]]
    settings = {"learning_rate_init": RATE, "batch_size": BATCH, "max_iter": epochs, "random_state": unit["seed"]}
    ours = RNNClassifier(UNITS, cell=unit["cell"], **settings).fit(X, y).predict_proba(X_test)
    theirs = probabilities_of_torch(unit["cell"], X, y, X_test, epochs, unit["seed"])
    figures = {}
    for name, proba in (("skseq", in_double(ours)), ("torch", in_double(theirs))):
        figures[f"accuracy {name}"] = float(np.mean(proba.argmax(axis=1) == y_test))
        figures[f"log loss {name}"] = float(log_loss(y_test, proba, labels=np.arange(proba.shape[1])))
    return figures


def paired(records, figure, **where):
    """Return a figure of skseq and of PyTorch, and p of the paired t test over seeds."""
    ours, theirs = (np.array(of(records, f"{figure} {name}", **where)) for name in ("skseq", "torch"))
    if len(ours) == 1 or (ours == theirs).all():  # nothing to test
        return ours, theirs, 1.0
    return ours, theirs, float(ttest_rel(ours, theirs).pvalue)


def rows(records):
    """Return the row of the table."""
    ours, theirs, _ = paired(records, "accuracy")
    p = float(wilcoxon(ours, theirs).pvalue) if (ours != theirs).any() else 1.0
    difference = ours - theirs
    margin = 1.96 * difference.std(ddof=1) / np.sqrt(len(difference))
    text = (
        f"{ours.mean():.4f} and {theirs.mean():.4f} over {len(ours)} pairs, difference {difference.mean():.4f} +- "
        f"{margin:.4f} (95 %), p = {p:.2f} (Wilcoxon)"
    )
    return [Row("Accuracy beside PyTorch's", "PyTorch, here", "p > 0.05", text, p > 0.05)]


def lines(records):
    """Return a table of the pairs."""
    cells = []
    for data in values(records, "data"):
        for cell in values(records, "cell"):
            line = [data, cell]
            for figure in ("accuracy", "log loss"):
                ours, theirs, p = paired(records, figure, data=data, cell=cell)
                line += [f"{ours.mean():.3f}", f"{theirs.mean():.3f}", f"{p:.2f}"]
            cells.append(line)
    header = ["data", "cell", "accuracy: skseq", "PyTorch", "p", "log loss: skseq", "PyTorch", "p"]
    text = "Means over the seeds, and p of a paired t test. Of sixteen tests, about one is below 0.05 by chance."
    return [text, "", *table(header, cells)]
