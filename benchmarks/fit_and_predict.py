"""RNNClassifier against plain PyTorch: training epochs and predictions, cell by cell, on a grid of shapes.

    python benchmarks/fit_and_predict.py [--threads 1 2] [--cells rnn gru lstm] [--flush-denormals] [--quick]

float32, the same network, batches, Adam and clipping on both sides, in one process, in turn; initial weights are each
side's own. An epoch is half of a fit of two: what fit does once, from checking the input to making the network, is
in it. For predictions PyTorch is given the better of two batch sizes: the training batch and 1,024 rows.

In plain PyTorch, gradients that vanish over many steps become denormal numbers, on which processors are slow. With
``--flush-denormals`` (fit only) PyTorch takes them as zero, which few users know of but is the fairer rival.
"""

import _torch_peer as peer
import torch
from _comparison import compare, write
from _grid import faster, make_data, paired
from _options import read_options

from skseq import RNNClassifier

EPOCHS = 2


def measure_fit(cell, shape, options):
    """Return (ours, theirs, ratio) for an epoch of training."""
    batch, steps, features, units = shape
    X, y = make_data(max(8 * batch, 16), steps, features)
    model = RNNClassifier(units, cell=cell, batch_size=batch, max_iter=EPOCHS, random_state=0)
    theirs = peer.flushing(lambda: peer.fit(cell, X, y, units, batch, EPOCHS), options.flush_denormals)
    ours, theirs, ratio = paired(lambda: model.fit(X, y), theirs, options.rounds, options.seconds)
    return ours / EPOCHS, theirs / EPOCHS, ratio


def measure_predict(cell, shape, options):
    """Return (ours, theirs, ratio) for the probabilities of many rows; of a single one if the batch is one."""
    batch, steps, features, units = shape
    n = 1 if batch == 1 else 8 * batch if options.smoke else max(8 * batch, 1024)
    X, y = make_data(max(n, 16), steps, features)
    model = RNNClassifier(units, cell=cell, batch_size=batch, max_iter=1, random_state=0).fit(X[:64], y[:64])
    network = peer.fit(cell, X[:64], y[:64], units, min(batch, 64), 1)
    X = X[:n]
    theirs = faster([lambda size=size: peer.predict_proba(network, X, size) for size in sorted({batch, 1024})])
    return paired(lambda: model.predict_proba(X), theirs, options.rounds, options.seconds)


def measure(cell, shape, options):
    """Yield (what, peer, (ours, theirs, ratio))."""
    yield "fit", "torch", measure_fit(cell, shape, options)
    if not options.flush_denormals:
        yield "predict_proba", "torch", measure_predict(cell, shape, options)


def main():
    """Print and write the table."""
    options = read_options(__doc__, threads=(1, 2), peer=True)
    write(options, "fit_and_predict", compare(options, measure, torch.set_num_threads))


if __name__ == "__main__":
    main()
