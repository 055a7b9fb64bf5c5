"""The whole fit of RNNClassifier against skorch's NeuralNetClassifier, PyTorch behind scikit-learn's interface.

    python benchmarks/whole_fit.py [--threads 1 2] [--cells rnn gru lstm] [--flush-denormals] [--quick]

The same network, batches, Adam, clipping and number of epochs on both sides; float32, in one process, in turn. Each
run constructs the estimator and calls its fit. skorch gets ``train_split=None`` and ``verbose=0``: it holds nothing
out and prints nothing, as RNNClassifier does by default. ``--flush-denormals`` is explained in fit_and_predict.py.
"""

import _torch_peer as peer
import torch
from _comparison import compare, write
from _grid import make_data, paired
from _options import read_options
from skorch import NeuralNetClassifier
from skorch.callbacks import GradientNormClipping

from skseq import RNNClassifier

EPOCHS = 3


def fit_skorch(cell, X, y, units, batch, epochs=EPOCHS):
    """Construct and fit skorch's estimator."""
    torch.manual_seed(0)
    model = NeuralNetClassifier(
        peer.LastState,
        module__cell=cell,
        module__features=X.shape[2],
        module__units=units,
        criterion=torch.nn.CrossEntropyLoss,
        optimizer=torch.optim.Adam,
        lr=0.005,
        batch_size=batch,
        max_epochs=epochs,
        train_split=None,
        iterator_train__shuffle=True,
        callbacks=[GradientNormClipping(1.0)],
        verbose=0,
    )
    return model.fit(X, y)


def fit_ours(cell, X, y, units, batch, epochs=EPOCHS):
    """Construct and fit RNNClassifier."""
    return RNNClassifier(units, cell=cell, batch_size=batch, max_iter=epochs, random_state=0).fit(X, y)


def measure(cell, shape, options):
    """Yield (what, peer, (ours, theirs, ratio))."""
    batch, steps, features, units = shape
    X, y = make_data(max(8 * batch, 16), steps, features)
    theirs = peer.flushing(lambda: fit_skorch(cell, X, y, units, batch), options.flush_denormals)
    figures = paired(lambda: fit_ours(cell, X, y, units, batch), theirs, options.rounds, options.seconds)
    yield "whole fit", "skorch", figures


def main():
    """Print and write the table."""
    options = read_options(__doc__, threads=(1, 2), peer=True)
    write(options, "whole_fit", compare(options, measure, torch.set_num_threads))


if __name__ == "__main__":
    main()
