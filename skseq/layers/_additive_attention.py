"""Additive attention: which steps of a memory a state looks at (Bahdanau, Cho & Bengio 2015).

e_j = v^T tanh(W^T s + U^T h_j)      a = softmax(e) over the valid steps j      c = sum_j a_j h_j
"""

import numpy as np

from ._base import Layer, glorot_uniform
from ._products import add_products, product_chunks

#: Bytes of the largest array of a call that stay in a core's second-level cache.
CACHE_BYTES = 400_000


class AdditiveAttention(Layer):
    """Parameters: ``query`` (units, n_queries), ``memory`` (units, n_memory), ``score`` (units,).

    Parameters
    ----------
    n_queries : int
        Units of the state s that looks.
    n_memory : int
        Units of a state h of the memory.
    units : int
    """

    def __init__(self, n_queries, n_memory, units):
        self.n_queries = n_queries
        self.n_memory = n_memory
        self.units = units

    def shapes(self):
        return {
            "query": (self.units, self.n_queries),
            "memory": (self.units, self.n_memory),
            "score": (self.units,),
        }

    def initialize(self, weights, random_state):
        weights["query"][...] = glorot_uniform(random_state, self.units, self.n_queries)
        weights["memory"][...] = glorot_uniform(random_state, self.units, self.n_memory)
        weights["score"][...] = glorot_uniform(random_state, 1, self.units)[0]

    def mark_decayed(self, mask):
        for array in mask.values():
            array[...] = 1

    def named(self, weights):
        """Return the arrays of ``weights`` by their documented names."""
        return {
            "query_weights": weights["query"].T,
            "memory_weights": weights["memory"].T,
            "score_weights": weights["score"],
        }

    def over(self, weights, memory, lengths, workspace):
        """Return an :class:`AttentionPass` over ``memory`` (batch, steps, n_memory), of which ``lengths`` are valid."""
        return AttentionPass(self, weights, memory, lengths, workspace)


class AttentionPass:
    """Looks at one memory from many states, and backpropagates to both.

    The hyperbolic tangent of a sum is tanh(a + b) = 1 - 2 r, r = 1 / (1 + exp(2 a) exp(2 b)). So both exponentials are
    taken once for each state, and not once for each pair: a pair costs a product, a sum and a quotient, a tenth of the
    time of a tanh. The 1 adds the same to all e_j, which changes no weight.

    Parameters
    ----------
    layer : AdditiveAttention
    weights : dict of arrays
    memory : ndarray of shape (batch, steps, n_memory)
        Zero, or any finite number, beyond the end of a sequence.
    lengths : ndarray of shape (batch,)
    workspace : Workspace
    """

    def __init__(self, layer, weights, memory, lengths, workspace):
        self.layer = layer
        self.weights = weights
        self.memory = memory
        self.workspace = workspace
        batch, steps, n_memory = memory.shape
        self.beyond = None if (lengths == steps).all() else np.arange(steps) >= lengths[:, None]
        keys = memory.reshape(-1, n_memory).dot(2 * weights["memory"].T)
        self.exp_keys = _bounded_exp(keys).reshape(batch, steps, layer.units)
        self._query = 2 * weights["query"]
        self._score = -2 * weights["score"]
        self.one = np.array(1, dtype=memory.dtype)

    def take(self, rows):
        """Go on with these rows of the batch only."""
        self.memory, self.exp_keys = self.memory[rows], self.exp_keys[rows]
        if self.beyond is not None:
            self.beyond = self.beyond[rows]

    def exp_queries(self, states):
        """Return what :meth:`look` takes, for ``states`` (n_queries, columns): exp(2 W^T s), (columns, units)."""
        return _bounded_exp(self._query.dot(states)).T

    def look(self, exp_queries):
        """Return the weights (batch, looks, steps) and the contexts (batch, looks, n_memory).

        Parameters
        ----------
        exp_queries : ndarray of shape (batch, looks, units)
            Several states may look at each sequence.
        """
        batch, looks, units = exp_queries.shape
        weights = np.empty((batch, looks, self.memory.shape[1]), dtype=self.memory.dtype)
        for rows in self._blocks(looks):
            reciprocals = self._reciprocals(exp_queries, rows)
            weights[rows] = reciprocals.reshape(-1, units).dot(self._score).reshape(weights[rows].shape)
        if self.beyond is not None:
            np.copyto(weights, -np.inf, where=self.beyond[:, None])
        weights -= weights.max(axis=2, keepdims=True)
        np.exp(weights, out=weights)
        weights /= weights.sum(axis=2, keepdims=True)
        return weights, np.matmul(weights, self.memory)

    def _blocks(self, looks):
        """Return slices of the batch whose pairs fit the cache."""
        batch, steps, units = self.exp_keys.shape
        size = max(1, CACHE_BYTES // (looks * steps * units * self.memory.itemsize))
        return [slice(first, first + size) for first in range(0, batch, size)]

    def _reciprocals(self, exp_queries, rows):
        """Return r (rows, looks, steps, units)."""
        keys, queries = self.exp_keys[rows, None], exp_queries[rows, :, None]
        shape = (len(keys), queries.shape[1], *keys.shape[2:])
        out = self.workspace.array("attention.reciprocals", shape, self.memory.dtype)
        np.multiply(keys, queries, out=out)
        np.add(out, self.one, out=out)
        return np.divide(self.one, out, out=out)

    def begin_backward(self):
        """Make place for the sums over the looks."""
        self.d_keys = self.workspace.array("attention.d_keys", self.exp_keys.shape, self.memory.dtype)
        self.d_keys.fill(0)
        self.d_score = np.zeros_like(self._score)

    def backward(self, exp_queries, weights, d_contexts):
        """Backpropagate one look a sequence; return the gradient of W^T s, (batch, units).

        Parameters
        ----------
        exp_queries : ndarray of shape (batch, units)
        weights : ndarray of shape (batch, steps)
            The weights of the look.
        d_contexts : ndarray of shape (batch, n_memory)
        """
        d_scores = np.matmul(self.memory, d_contexts[:, :, None])[:, :, 0]
        d_scores *= weights
        d_scores -= weights * d_scores.sum(axis=1, keepdims=True)
        d_queries = np.empty(exp_queries.shape, dtype=self.memory.dtype)
        for rows in self._blocks(1):
            reciprocals = self._reciprocals(exp_queries[:, None], rows)[:, 0]
            d_rows = d_scores[rows]
            self.d_score += d_rows.reshape(-1).dot(reciprocals.reshape(-1, self.layer.units))
            # The slope of tanh is 4 r (1 - r); the 4 and v follow once, after the sums.
            slopes = self.workspace.array("attention.slopes", reciprocals.shape, self.memory.dtype)
            np.multiply(reciprocals, reciprocals, out=slopes)
            np.subtract(reciprocals, slopes, out=slopes)
            d_queries[rows] = np.matmul(d_rows[:, None], slopes)[:, 0]
            np.multiply(slopes, d_rows[:, :, None], out=slopes)
            self.d_keys[rows] += slopes
        d_queries *= -2 * self._score
        return d_queries

    def end_backward(self, gradients, states, d_queries, weights, d_contexts):
        """Write the gradients of the weights; return that of the memory, (batch, steps, n_memory).

        Parameters
        ----------
        gradients : dict of arrays
        states : ndarray of shape (looks, n_queries, batch)
        d_queries : ndarray of shape (looks, units, batch)
            What :meth:`backward` returned for each look.
        weights : ndarray of shape (looks, batch, steps)
        d_contexts : ndarray of shape (looks, batch, n_memory)
        """
        gradients["score"][...] = self.d_score
        gradients["score"] *= -2
        d_query = gradients["query"]
        d_query[...] = 0
        for some in product_chunks(len(states), states.shape[2]):
            add_products(d_query, d_queries[some], states[some], self.workspace)
        d_keys = self.d_keys.reshape(-1, self.layer.units)
        d_keys *= -2 * self._score
        d_keys.T.dot(self.memory.reshape(len(d_keys), -1), out=gradients["memory"])
        d_memory = np.matmul(weights.transpose(1, 2, 0), d_contexts.transpose(1, 0, 2))
        d_memory += d_keys.dot(self.weights["memory"]).reshape(d_memory.shape)
        return d_memory


def _bounded_exp(values):
    """Return exp(values) in place, bounded so that the product of two is finite."""
    bound = np.log(np.finfo(values.dtype).max) / 2 - 1
    np.clip(values, -bound, bound, out=values)
    return np.exp(values, out=values)
