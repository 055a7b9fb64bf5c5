"""A decoder run one step at a time, for several targets of each source side by side."""

import numpy as np

from skseq.layers import StepMemory


class StepDecoder:
    """Computes the next token's probabilities for ``beams`` targets of every source of a batch.

    Parameters
    ----------
    network : EncoderDecoder
    parameters : Parameters
    batch : StepBatch
        The sources, token ids (steps, batch).
    workspace : Workspace
    beams : int
    """

    def __init__(self, network, parameters, batch, workspace, beams):
        encoding = network.encode(parameters, batch, workspace)
        self.beams = beams
        self._network = network
        self._parameters = parameters
        self._attend = encoding.attend
        self._states = [np.repeat(state, beams, axis=1) for state in encoding.initial]  # columns by source
        cell = network.recurrence.cell
        self._operators = cell.forward_operators(parameters.of("decoder"))
        self._memory = StepMemory(cell, 1, batch.size * beams, False, parameters.dtype, workspace, "step_decoder")

    def step(self, tokens):
        """Return the logarithm of the probability of each next token, (batch, beams, n_outputs).

        Parameters
        ----------
        tokens : ndarray of shape (batch, beams)
            The token before, of each target; 0 at the beginning.
        """
        network, parameters = self._network, self._parameters
        m = network.embedding.n_outputs
        bound = self._memory.at(tokens.size)
        bound.start(0, self._states)
        (inputs,) = bound.inputs(0, 1)
        inputs[:m] = parameters.of("decoder.embedding")["table"][tokens.ravel()].T
        if self._attend is not None:
            queries = self._attend.exp_queries(self._states[0]).reshape(*tokens.shape, -1)
            _, contexts = self._attend.look(queries)
            inputs[m:] = contexts.reshape(tokens.size, -1).T
        bound.forward(self._operators, 0, 1)
        self._states = bound.carry(1)
        outputs = network.outputs(parameters, np.concatenate([self._states[0], inputs[m:]]))
        outputs -= outputs.max(axis=0)
        outputs -= np.log(np.exp(outputs).sum(axis=0))
        return outputs.T.reshape(*tokens.shape, -1)

    def follow(self, parents):
        """Go on with the targets ``parents`` (batch, beams) of each source, in this order."""
        columns = (np.arange(len(parents))[:, None] * self.beams + parents).ravel()
        self._states = [state[:, columns] for state in self._states]

    def take(self, rows):
        """Go on with these sources only."""
        columns = (rows[:, None] * self.beams + np.arange(self.beams)).ravel()
        self._states = [state[:, columns] for state in self._states]
        if self._attend is not None:
            self._attend.take(rows)
