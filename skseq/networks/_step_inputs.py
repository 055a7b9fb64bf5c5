"""From the steps of a block to the states that a Transformer's first layer is given."""

from copy import copy
from typing import NamedTuple

import numpy as np

from skseq.layers import Block, ClassToken, Dense, Embedding, LearnedPositions, SinusoidalPositions


class StepInputs:
    """Embed or project every step, add its position, and put the class token in front if there is one.

    Parameters
    ----------
    n_features, width : int
    embedding_dim : int or None
    positions : {"sinusoidal", "learned"}
    n_positions : int or None
    token : bool
    """

    def __init__(self, n_features, width, *, embedding_dim, positions, n_positions, token):
        self.width = width
        self.embedding = None if embedding_dim is None else Embedding(n_features, embedding_dim)
        self.projection = None
        if embedding_dim != width:
            self.projection = Dense(n_features if embedding_dim is None else embedding_dim, width)
        self.token = ClassToken(width) if token else None
        self.learned = LearnedPositions(width, n_positions) if positions == "learned" else None
        self.sinusoidal = None if self.learned else SinusoidalPositions(width)

    @property
    def extra(self):
        """Columns that every sequence has in front of its steps."""
        return 0 if self.token is None else 1

    def without_embedding(self):
        """Return the same for the vectors of token ids."""
        inputs = copy(self)
        inputs.embedding = None
        return inputs

    def named_layers(self):
        """Return a dict from name to layer, from input to output."""
        layers = {
            "embedding": self.embedding,
            "projection": self.projection,
            "token": self.token,
            "positions": self.learned,
        }
        return {name: layer for name, layer in layers.items() if layer is not None}

    def forward(self, parameters, batch, states, memory):
        """Write the states (width, columns) of a block; return the tape for backward."""
        block = memory.block.without_first(self.extra)
        ids, vectors = self._read(parameters, batch, block, memory)
        projected = vectors
        if self.projection is not None:
            out = memory.scratch_array("projected", (self.width, block.columns))
            projected = self.projection.forward(parameters.of("projection"), vectors, out)
        positions = self._positions(parameters, block.runs[0].steps, memory.workspace)
        for run, bare in zip(memory.block.runs, block.runs):
            columns = run.of(states)
            np.add(bare.of(projected), positions[:, None, : bare.steps], out=columns[:, :, self.extra :])
            if self.token is not None:
                columns[:, :, 0] = parameters.of("token")["vector"][:, None]
        return _Tape(block, ids, vectors)

    def _read(self, parameters, batch, block, memory):
        """Return the token ids (columns,) of the steps, or None, and their vectors (features, columns)."""
        values = [batch.values[: run.steps, ..., run.first : run.stop] for run in block.runs]
        if self.embedding is not None:
            ids = np.concatenate([own.T.ravel() for own in values])
            vectors = memory.kept_array("vectors", (self.embedding.n_outputs, block.columns))
            vectors[...] = parameters.of("embedding")["table"].take(ids, axis=0).T
            return ids, vectors
        vectors = memory.kept_array("vectors", (batch.values.shape[1], block.columns))
        for run, own in zip(block.runs, values):
            run.of(vectors)[...] = own.transpose(1, 2, 0)
        return None, vectors

    def _positions(self, parameters, steps, workspace):
        if self.learned is not None:
            return self.learned.columns(parameters.of("positions"), steps)
        return self.sinusoidal.columns(steps, parameters.dtype, workspace)

    def backward(self, parameters, gradients, tape, d_states, memory, need_input):
        """Write the gradients of all weights but the embedding's; return that of the vectors (columns, n) if needed."""
        d_runs = [run.of(d_states) for run in memory.block.runs]
        d_steps = [d_run[:, :, self.extra :] for d_run in d_runs]
        if self.token is not None:
            gradients.of("token")["vector"][...] = sum(d_run[:, :, 0].sum(axis=1) for d_run in d_runs)
        if self.learned is not None:
            self.learned.backward(gradients.of("positions"), d_steps)
        d_vectors = d_states
        if self.token is not None:
            d_vectors = np.concatenate([own.reshape(self.width, -1) for own in d_steps], axis=1)
        if self.projection is not None:
            d_vectors = self.projection.backward(
                parameters.of("projection"), gradients.of("projection"), tape.vectors, d_vectors
            )
        return d_vectors.T.copy() if need_input else None


class _Tape(NamedTuple):
    block: Block
    ids: np.ndarray | None
    vectors: np.ndarray
