"""The loss of a minibatch and its gradient, computed by two threads where that pays."""

import numpy as np

from skseq.layers import Workspace

from ._batches import draw_batch, target_places, targets_per_row
from ._micro_batches import micro_batches


class BatchGradient:
    """Computes the loss of a batch and its gradient, as the sum over parts of the batch.

    A part is drawn, run forward and run backward by one thread, in memory of its own, one micro-batch after another.

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
        self._addends = [None] * parts
        self._carried = [None] * parts
        # The loss of a sequence is the sum over its targets, divided by their mean number over all sequences.
        self._outputs_per_row = targets_per_row(network, sequences)
        lengths = sequences.lengths if window_steps is None else np.minimum(sequences.lengths, window_steps)
        self._mean_steps = float(lengths.mean())
        if network.every_context_step:
            self._mean_steps += float(sequences.context_lengths.mean())
        self._most_columns = np.cumsum(-np.sort(-lengths))  # of the longest sequences, by their number
        self._most_steps = int(lengths.max())
        self._workspaces = [Workspace() for _ in range(crew.threads)]

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
        """Return the loss of ``rows``; write its gradient to that of the part, as the sum over micro-batches."""
        total, loss, carried = self._gradients[part], 0.0, []
        self._workspace(part).expect(self._most_steps, int(self._most_columns[len(rows) - 1]))
        with np.errstate(over="ignore", invalid="ignore"):  # of this thread; the loop looks for what is not finite
            for k, places in enumerate(self._micro_batches(rows, window)):
                gradients = self._addend(part) if k else total
                initial = _columns(self._carried[part], places) if window is not None and window[0] else None
                own, final = self._micro_batch(
                    part, rows[places], random_state, outputs_of_batch, window, initial, gradients
                )
                loss += own
                if k:
                    total.flat += gradients.flat
                carried.append(final)
        if window is not None:
            self._carried[part] = _side_by_side(carried)
        return loss

    def _micro_batches(self, rows, window):
        """Return the places among ``rows`` of each micro-batch."""
        lengths = [self._sequences.lengths[rows]]
        if window is not None:
            lengths = [np.minimum(lengths[0] - window[0], window[1] - window[0])]
        if self._network.every_context_step:
            lengths.append(self._sequences.context_lengths[rows])
        return micro_batches(*lengths, mean_steps=self._mean_steps)

    def _workspace(self, part):
        return self._workspaces[part % self._crew.threads]

    def _addend(self, part):
        """Return the gradients of a micro-batch that are added to those of the ones before it."""
        if self._addends[part] is None:
            self._addends[part] = self._parameters.zeros_like()
        return self._addends[part]

    def _micro_batch(self, part, rows, random_state, outputs_of_batch, window, initial, gradients):
        """Return the loss of ``rows`` and the states that a next window starts from; write the gradient."""
        network, parameters = self._network, self._parameters
        workspace = self._workspace(part)
        batch, rows = draw_batch(self._sequences, rows, workspace, parameters.dtype, window)
        settings = {} if initial is None else {"carried": initial}
        pooled, tape = network.forward(parameters, batch, workspace, random_state, training=True, **settings)
        outputs = network.outputs(parameters, pooled)
        places = target_places(network, self._sequences, batch, rows, window[0] if window else 0)
        loss, d_outputs = self._loss.value_and_gradient(outputs, self._targets[places], self._weights[places])
        # Weights average to one over the data, so this is the mean over the batch; dividing by the batch's own weights
        # instead would make a row count for more where rare rows are missing.
        d_outputs /= outputs_of_batch
        network.backward(parameters, gradients, tape, d_outputs)
        return loss, None if window is None else network.carry(tape)


def _columns(states, places):
    """Return the states of each layer for some sequences of a batch."""
    return [tuple(array[:, places] for array in layer) for layer in states]


def _side_by_side(parts):
    """Return the states of each layer for the sequences of all ``parts``.

    A network carries the states of the sequences that reach its last step at least. In all parts before the last one
    of which sequences reach it, these are all sequences of the part, so columns stay where they belong.
    """
    return [tuple(np.concatenate(arrays, axis=1) for arrays in zip(*layers)) for layers in zip(*parts)]
