"""Sequences drawn token by token from a network that gives the probabilities of the next one."""

import numpy as np
from scipy.special import softmax

from skseq.layers import StepBatch, Workspace

#: Sequences that are drawn side by side.
SIDE_BY_SIDE = 1024

#: Uniform numbers that a sequence's own random stream gives at a time.
STREAM_BLOCK = 32


class StepReader:
    """Reads some sequences side by side, goes on from where it stands, and gives the logits of the next token.

    Parameters
    ----------
    network : RecurrentNetwork
        With outputs at every step.
    parameters : Parameters
    context : ndarray of shape (n, n_features), optional
        What the first states are made of.
    """

    def __init__(self, network, parameters, context=None):
        self._network = network
        self._parameters = parameters
        self._context = None if context is None else np.ascontiguousarray(context.T)
        self._carried = None
        self._workspace = Workspace()

    def read(self, ids):
        """Read the tokens ``ids`` (steps, n); return the logits (n_outputs, n) of what follows."""
        steps, n = ids.shape
        batch = StepBatch(ids, np.full(n, steps), self._context)
        with np.errstate(over="ignore", invalid="ignore"):  # the caller looks for what is not finite
            states, tape = self._network.forward(self._parameters, batch, self._workspace, carried=self._carried)
            self._carried = self._network.carry(tape)
            return self._network.outputs(self._parameters, states[:, -n:])

    def keep(self, columns):
        """Go on with these of the sequences only, an index array or mask."""
        self._carried = [tuple(np.ascontiguousarray(state[:, columns]) for state in layer) for layer in self._carried]
        if self._context is not None:
            self._context = self._context[:, columns]


class Draws:
    """Chooses the next token of each sequence at random.

    A sequence has a random stream of its own, so that what is drawn for it does not depend on how many there are.

    Parameters
    ----------
    seeds : ndarray of shape (n,), uint32
    temperature : float
        What the logits are divided by; with 0 the most probable token is chosen.
    top_k : int or None
        Choose among the so many most probable tokens, and those as probable as the last of them.
    """

    def __init__(self, seeds, temperature, top_k):
        self._temperature = temperature
        self._top_k = top_k
        self._seeds = seeds
        self._stream = np.random.RandomState(0)
        self._uniform = None
        self._used = 0

    def choose(self, logits):
        """Return the tokens (n,) that follow, given their logits (n_outputs, n)."""
        if self._temperature == 0:
            return logits.argmax(axis=0)
        cumulated = next_token_probabilities(logits, self._temperature, self._top_k).cumsum(axis=0)
        points = self._next_uniform() * cumulated[-1]
        # The first token whose cumulated probability is above the point: never one whose own is zero.
        return (cumulated <= points).sum(axis=0)

    def _next_uniform(self):
        place = self._used % STREAM_BLOCK
        if place == 0:
            # One stream takes the seed of each sequence in turn, which is much faster than to make a stream for each.
            self._uniform = np.empty((len(self._seeds), STREAM_BLOCK + 1))
            for row, seed in zip(self._uniform, self._seeds):
                self._stream.seed(seed)
                row[...] = self._stream.random_sample(STREAM_BLOCK + 1)
            self._seeds = (self._uniform[:, -1] * 2**32).astype(np.uint32)
        self._used += 1
        return self._uniform[:, place]

    def keep(self, columns):
        """Go on with these of the sequences only, an index array."""
        if self._uniform is not None:
            self._uniform, self._seeds = self._uniform[columns], self._seeds[columns]


def next_token_probabilities(logits, temperature=1.0, top_k=None):
    r"""Return what tokens are drawn with, (n_outputs, n), for logits z of this shape.

    .. math:: p_k \propto \exp(z_k / T) \text{ if } z_k \text{ is one of the top } k \text{ logits, else } 0
    """
    logits = logits.astype(np.float64)
    if top_k is not None and top_k < len(logits):
        logits[logits < np.partition(logits, -top_k, axis=0)[-top_k]] = -np.inf
    with np.errstate(over="ignore"):  # far below the largest, a probability is zero
        return softmax((logits - logits.max(axis=0)) / temperature, axis=0)


def draw_sequences(reader, draws, prompt, n, max_steps):
    """Return the ids of ``n`` sequences that begin with ``prompt``, a list of arrays, prompt and end left out.

    The token 0 ends a sequence.

    Parameters
    ----------
    reader : StepReader
    draws : Draws
    prompt : ndarray of shape (steps,)
        What each sequence is read from the start on; one token or more.
    n : int
    max_steps : int
        The most tokens of one sequence.

    Raises
    ------
    ValueError
        If the states overflow.
    """
    drawn = []
    places = np.arange(n)
    ids = np.repeat(prompt[:, None], n, axis=1)
    while len(drawn) < max_steps and len(places):
        logits = reader.read(ids)
        if not np.isfinite(logits).all():
            raise ValueError(
                f"The network's states overflow {logits.dtype} at step {len(drawn)}. Scale X as the training data were "
                "scaled, or fit a network whose states are bounded, for example with cell='gru'."
            )
        chosen = draws.choose(logits)
        drawn.append(np.zeros(n, dtype=np.intp))
        drawn[-1][places] = chosen
        going_on = np.flatnonzero(chosen)
        if len(going_on) < len(places):
            places, chosen = places[going_on], chosen[going_on]
            reader.keep(going_on)
            draws.keep(going_on)
        ids = chosen[None]
    steps = np.array(drawn, dtype=np.intp).reshape(-1, n)
    lengths = (steps != 0).sum(axis=0)  # once a sequence has ended, it stays so
    return [steps[:length, i] for i, length in enumerate(lengths)]
