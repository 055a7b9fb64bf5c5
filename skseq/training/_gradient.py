"""The loss of a minibatch and its gradient, computed by two threads where that pays."""

import numpy as np

from skseq.layers import Workspace

from ._batches import draw_batch, target_places


class BatchGradient:
    """Computes the loss of a batch and its gradient, as the sum over parts of the batch.

    A part is drawn, run forward and run backward by one thread, in memory of its own.

    Parameters
    ----------
    network : RecurrentNetwork or the like
    parameters : Parameters
    loss : SoftmaxCrossEntropy or the like
    sequences, targets, weights
        The training data, see :meth:`Trainer.epochs`.
    parts : int
    crew : Crew
    window_steps : int, optional
        The most steps of a window, where there are windows.
    """

    def __init__(self, network, parameters, loss, sequences, targets, weights, *, parts, crew, window_steps=None):
        self._network = network
        self._parameters = parameters
        self._loss = loss
        self._sequences = sequences
        self._targets = targets
        self._weights = weights
        self._crew = crew
        self._gradients = [parameters.zeros_like() for _ in range(parts)]
        self._carried = [None] * parts
        # The loss of a sequence is the sum over its steps, divided by their mean number over all sequences.
        self._outputs_per_row = float(sequences.lengths.mean()) if network.every_step else 1
        longest = int(sequences.lengths.max())
        if window_steps is not None:
            longest = min(longest, window_steps)
        self._workspaces = [Workspace(longest) for _ in range(crew.threads)]

    def __call__(self, rows, random_state, window=None):
        """Return (summed weighted loss, gradient of its mean as a flat vector, which is scratch).

        Parameters
        ----------
        rows : ndarray of shape (batch,)
        random_state : RandomState
            Draws the dropout.
        window : tuple of (int, int), optional
            Take these steps only (truncated BPTT, Williams & Peng 1990). The hidden states go on from those that the
            last call's window ended with, so windows must follow each other, and rows be longest first.
        """
        parts = min(len(self._gradients), len(rows))
        states = [random_state] * parts
        if parts > 1 and self._network.dropout.rate:
            # Threads draw at the same time, each from a generator of its own.
            states = [np.random.RandomState(random_state.randint(2**31)) for _ in range(parts)]
        shares = [rows[part::parts] for part in range(parts)]  # alike, even if rows are in the order of their lengths
        outputs = len(rows) * self._outputs_per_row
        if window is not None:
            outputs = int(np.minimum(self._sequences.lengths[rows] - window[0], window[1] - window[0]).sum())
        losses = self._crew.map(self._part, range(parts), shares, states, [outputs] * parts, [window] * parts)
        total, *others = [gradients.flat for gradients in self._gradients[:parts]]
        for other in others:
            total += other
        return sum(losses), total

    def _part(self, part, rows, random_state, outputs_of_batch, window):
        network, parameters, gradients = self._network, self._parameters, self._gradients[part]
        workspace = self._workspaces[part % self._crew.threads]
        with np.errstate(over="ignore", invalid="ignore"):  # of this thread; the loop looks for what is not finite
            batch, rows = draw_batch(self._sequences, rows, workspace, parameters.dtype, window)
            pooled, tape = self._forward(part, batch, workspace, random_state, window)
            outputs = network.outputs(parameters, pooled)
            places = target_places(network, self._sequences, batch, rows, window[0] if window else 0)
            loss, d_outputs = self._loss.value_and_gradient(outputs, self._targets[places], self._weights[places])
            # Weights average to one over the data, so this is the mean over the batch; dividing by the batch's own
            # weights instead would make a row count for more where rare rows are missing.
            d_outputs /= outputs_of_batch
            network.backward(parameters, gradients, tape, d_outputs)
        return loss

    def _forward(self, part, batch, workspace, random_state, window):
        if window is None:
            return self._network.forward(self._parameters, batch, workspace, random_state, training=True)
        carried = self._carried[part] if window[0] else None
        pooled, tape = self._network.forward(
            self._parameters, batch, workspace, random_state, training=True, carried=carried
        )
        self._carried[part] = self._network.carry(tape)
        return pooled, tape
