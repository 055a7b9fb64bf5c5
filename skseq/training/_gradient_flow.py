"""How the gradient fares on its way back through the steps."""

import numpy as np

from skseq.layers import Recurrence, Workspace

from ._batches import draw_batch, rows_in_order, target_places
from ._parameters import Parameters

#: Sequences that are run through the network together.
BATCH = 64


def gradient_norms(network, parameters, loss, sequences, targets):
    """Return the mean norm of the gradient of each hidden state, by how many steps it lies back.

    Parameters
    ----------
    network : RecurrentNetwork
    parameters : Parameters
        Of any dtype; the computation runs in float64.
    loss : SoftmaxCrossEntropy or the like
    sequences : Sequences
    targets : ndarray of shape (n, ...), or (total_steps, ...) for a network with outputs at every step

    Returns
    -------
    dict of ndarray of shape (longest,), float64
        By layer and direction. Entry k is the mean, over the sequences that have more than k steps, of the norm of the
        gradient of a sequence's own loss with respect to its hidden state k steps before the last one that is read.
    """
    parameters = Parameters(parameters.shapes, np.float64, parameters.flat.astype(np.float64))
    gradients = parameters.zeros_like()
    longest = int(sequences.lengths.max())
    layers = [name for name, layer in network.named_layers().items() if isinstance(layer, Recurrence)]
    workspace, flow = Workspace(), _Flow(layers, longest)
    for rows in rows_in_order(sequences.lengths, BATCH):
        with np.errstate(over="ignore", invalid="ignore"):  # what explodes becomes infinite
            batch, rows = draw_batch(sequences, rows, workspace, parameters.dtype)
            pooled, tape = network.forward(parameters, batch, workspace, training=True)
            places = target_places(network, sequences, batch, rows)
            weights = np.ones(len(places))
            _, d_outputs = loss.value_and_gradient(network.outputs(parameters, pooled), targets[places], weights)
            flow.batch = batch
            network.backward(parameters, gradients, tape, d_outputs, watch=flow)
    return flow.means(sequences.lengths)


class _Flow:
    """Sums up norms by layer, and by how many steps back a step lies from the end of its sequence."""

    def __init__(self, layers, longest):
        self.batch = None
        self._sums = {layer: np.zeros(longest) for layer in layers}

    def __call__(self, layer, step, carried, own):
        """Take the two parts of the gradient of the hidden state after a step, see ``RecurrentPass.backward``."""
        gradient = carried[:, : self.batch.widths[step]].copy()
        if own is not None:
            column, part = own
            gradient[:, column : column + part.shape[1]] += part
        largest = np.abs(gradient).max(axis=0)  # whose square may be zero or infinite
        unit = np.divide(gradient, largest, out=np.zeros_like(gradient), where=largest > 0)
        norms = largest * np.sqrt((unit * unit).sum(axis=0))
        steps_back = self.batch.lengths[: len(norms)] - 1 - step
        np.add.at(self._sums[layer], steps_back, norms)

    def means(self, lengths):
        """Return the mean norms by layer, the first layer first."""
        steps_back = np.arange(lengths.max())
        counts = len(lengths) - np.searchsorted(np.sort(lengths), steps_back, side="right")
        return {layer: norms / counts for layer, norms in self._sums.items()}
