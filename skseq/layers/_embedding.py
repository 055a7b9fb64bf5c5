"""Token ids to vectors."""

import numpy as np
from scipy.sparse import csr_array

from ._base import Layer


class Embedding(Layer):
    """Look up a row of ``table`` (n_tokens, n_outputs), initially ~ N(0, scale^2), for each token id."""

    def __init__(self, n_tokens, n_outputs, scale=1.0):
        self.n_tokens = n_tokens
        self.n_outputs = n_outputs
        self.scale = scale

    def shapes(self):
        return {"table": (self.n_tokens, self.n_outputs)}

    def initialize(self, weights, random_state):
        weights["table"][...] = random_state.normal(scale=self.scale, size=(self.n_tokens, self.n_outputs))

    def mark_decayed(self, mask):
        mask["table"][...] = 1

    def named(self, weights):
        """Return the arrays of ``weights`` by their documented names."""
        return {"weights": weights["table"]}

    def forward(self, weights, batch):
        """Return a batch of vectors (steps, n_outputs, batch) for a batch of ids (steps, batch)."""
        return batch.with_values(np.ascontiguousarray(self.vectors(weights, batch.values)))

    def vectors(self, weights, ids):
        """Return the vectors (steps, n_outputs, batch) of ``ids`` (steps, batch), a view of fresh memory."""
        return weights["table"][ids].transpose(0, 2, 1)

    def backward(self, gradients, batch, d_vectors):
        """Write the gradient of the table: the sum over the places where each token stands."""
        self.backward_valid(gradients, batch.values, np.arange(batch.steps)[:, None] < batch.lengths, d_vectors)

    def backward_valid(self, gradients, ids, valid, d_vectors):
        """Write the gradient of the table, given that of the vectors (steps, n_outputs, batch) where ``valid``."""
        self.backward_rows(gradients, ids[valid], d_vectors.transpose(0, 2, 1)[valid])

    def backward_rows(self, gradients, ids, d_rows):
        """Write the gradient of the table, given the ids (n,) and the gradients (n, n_outputs) of their vectors."""
        places = csr_array(
            (np.ones(len(ids), dtype=d_rows.dtype), (ids, np.arange(len(ids)))),
            shape=(self.n_tokens, len(ids)),
        )
        gradients["table"][...] = places @ d_rows
