"""The encoder of a Transformer (Vaswani et al. 2017), normalised in front (Xiong et al. 2020), and a dense output."""

from copy import copy
from typing import NamedTuple

import numpy as np

from skseq.layers import BlockMemory, Dense, Dropout, FeedForward, LayerNormalization, SelfAttention, plan_blocks

from ._base import Network
from ._residual import Residual
from ._step_inputs import StepInputs


class TransformerNetwork(Network):
    """From a batch of sequences to one column of outputs each.

    Parameters
    ----------
    n_features : int
        Features of a step; for token ids, the number of tokens.
    n_outputs : int
    width : int
        Rows of the states, which ``n_heads`` divides.
    n_layers, n_heads, feed_forward_width : int
    positions : {"sinusoidal", "learned"}
    n_positions : int or None
        Steps that learned positions are for.
    pooling : {"mean", "token"}
        The mean over the steps' states, or the state of a learned token that stands in front of every sequence.
    embedding_dim : int or None
        If given, the batch holds token ids.
    dropout : float
        Acts on the inputs with their positions, and on what every layer adds.
    """

    #: Between the layers, nothing is held for the steps of more than one block.
    values_per_step = 1

    def __init__(
        self,
        n_features,
        n_outputs,
        *,
        width,
        n_layers,
        n_heads,
        feed_forward_width,
        positions="sinusoidal",
        n_positions=None,
        pooling="mean",
        embedding_dim=None,
        dropout=0.0,
    ):
        self.n_features = n_features
        self.n_outputs = n_outputs
        self.width = width
        self.feed_forward_width = feed_forward_width
        self.pooling = pooling
        self.dropout = Dropout(dropout)
        self.inputs = StepInputs(
            n_features,
            width,
            embedding_dim=embedding_dim,
            positions=positions,
            n_positions=n_positions,
            token=pooling == "token",
        )
        self.residuals = []
        for k in range(n_layers):
            self.residuals += [
                Residual(f"layer_{k}.attention", SelfAttention(width, n_heads), self.dropout),
                Residual(f"layer_{k}.feed_forward", FeedForward(width, feed_forward_width), self.dropout),
            ]
        self.norm = LayerNormalization(width)
        self.output = Dense(width, n_outputs)

    @property
    def embedding(self):
        """The layer that reads token ids, None if there is none."""
        return self.inputs.embedding

    @property
    def widest_state(self):
        """The most values that are kept for a sequence at once."""
        return self.width

    def multiplications(self, steps):
        """Multiplications for a sequence of so many steps, in the largest product that one call computes."""
        return int(steps * self.width * max(3 * self.width, self.feed_forward_width))

    def without_embedding(self):
        """Return the network that reads the vectors of token ids, with the same weights; itself if it reads no ids."""
        if self.embedding is None:
            return self
        network = copy(self)
        network.n_features, network.inputs = self.embedding.n_outputs, self.inputs.without_embedding()
        return network

    def named_layers(self):
        """Return a dict from name to layer, from input to output."""
        layers = self.inputs.named_layers()
        for residual in self.residuals:
            layers.update(residual.named_layers())
        return {**layers, "norm": self.norm, "output": self.output}

    def forward(self, parameters, batch, workspace, random_state=None, training=False):
        """Return (pooled states (width, batch), tape for backward); ``random_state`` draws the dropout."""
        pooled = np.empty((self.width, batch.size), dtype=parameters.dtype)
        tapes = []
        for number, block in enumerate(plan_blocks(batch, self.inputs.extra)):
            name = f"block_{number}" if training else "block"
            memory = BlockMemory(workspace, block, parameters.dtype, name, training)
            states, final = memory.scratch("states", self.width), memory.scratch("final", self.width)
            inputs = self.inputs.forward(parameters, batch, states, memory)
            mask = self.dropout.mask(random_state, *states.shape, memory.dtype)
            if mask is not None:
                states *= mask
            residuals = [residual.forward(parameters, states, memory, random_state) for residual in self.residuals]
            normalized = memory.kept("normalized", self.width)
            scales = self.norm.forward(parameters.of("norm"), states, normalized, final)
            for run in block.runs:
                pooled[:, run.first : run.stop] = self._pool(run.of(final))
            if training:
                tapes.append(_BlockTape(memory, inputs, mask, residuals, normalized, scales))
        return pooled, (pooled, tapes)

    def _pool(self, states):
        """Return (width, sequences) of the states (width, sequences, steps) of a run."""
        return states[:, :, 0] if self.pooling == "token" else states.mean(axis=2)

    def _unpool(self, d_pooled, d_states):
        """Write the gradient of the states of a run, given that of what they are pooled to."""
        if self.pooling == "token":
            d_states[...] = 0
            d_states[:, :, 0] = d_pooled
        else:
            d_states[...] = d_pooled[:, :, None] / d_states.dtype.type(d_states.shape[2])

    def outputs(self, parameters, pooled):
        """Return the outputs (n_outputs, batch) of pooled states."""
        return self.output.forward(parameters.of("output"), pooled)

    def backward(self, parameters, gradients, tape, d_outputs, *, need_input=False):
        """Write the gradient of every weight into ``gradients``, given that of the outputs.

        Returns
        -------
        ndarray of shape (steps, features, batch), or None
            The gradient of the inputs, or of the vectors of token ids, if ``need_input``; zero beyond the end of a
            sequence.
        """
        pooled, tapes = tape
        d_pooled = self.output.backward(parameters.of("output"), gradients.of("output"), pooled, d_outputs)
        of_block, d_vectors = gradients.zeros_like(), []
        for number, block_tape in enumerate(tapes):
            own = gradients if number == 0 else of_block
            needed = need_input or self.embedding is not None
            d_vectors.append(self._backward_block(parameters, own, block_tape, d_pooled, needed))
            if number:
                self._add(gradients, of_block)
        if self.embedding is not None:
            ids = np.concatenate([block_tape.inputs.ids for block_tape in tapes])
            self.embedding.backward_rows(gradients.of("embedding"), ids, np.concatenate(d_vectors))
        return _by_step([block_tape.inputs.block for block_tape in tapes], d_vectors) if need_input else None

    def _add(self, gradients, of_block):
        """Add the gradients of a block, all but those of the embedding, whose table may be large."""
        for layer in self.named_layers():
            if layer not in ("embedding", "output"):
                for name, array in gradients.of(layer).items():
                    array += of_block.of(layer)[name]

    def _backward_block(self, parameters, gradients, tape, d_pooled, need_input):
        """Write the gradients that one block gives; return those of its vectors (columns, n), if needed."""
        memory = tape.memory
        d_states, scratch = memory.scratch("states", self.width), memory.scratch("final", self.width)
        for run in memory.block.runs:
            self._unpool(d_pooled[:, run.first : run.stop], run.of(d_states))
        self.norm.backward(parameters.of("norm"), gradients.of("norm"), tape.normalized, tape.scales, d_states, scratch)
        for residual, own in zip(reversed(self.residuals), reversed(tape.residuals)):
            residual.backward(parameters, gradients, own, d_states, memory)
        if tape.mask is not None:
            d_states *= tape.mask
        return self.inputs.backward(parameters, gradients, tape.inputs, d_states, memory, need_input)


def _by_step(blocks, vectors):
    """Return (steps, features, batch) of the vectors (columns, features) of each block."""
    runs = [run for block in blocks for run in block.runs]
    shape = (max(run.steps for run in runs), vectors[0].shape[1], blocks[-1].stop)
    by_step = np.zeros(shape, dtype=vectors[0].dtype)
    for block, own in zip(blocks, vectors):
        for run in block.runs:
            by_step[: run.steps, :, run.first : run.stop] = run.of(own.T).transpose(2, 0, 1)
    return by_step


class _BlockTape(NamedTuple):
    memory: BlockMemory
    inputs: tuple
    mask: np.ndarray | None
    residuals: list
    normalized: np.ndarray
    scales: np.ndarray
