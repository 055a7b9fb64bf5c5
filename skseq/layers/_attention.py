"""Multi-head self-attention (Vaswani et al. 2017): every step of a sequence looks at all steps of that sequence.

    q, k, v = W^T x + b for each head        a_i = sum_j p_ij v_j,  p_i = softmax_j(q_i^T k_j / sqrt(depth))

and a dense layer mixes the heads' a_i. The sequences of a run have one length, so nothing is padded and nothing has to
be masked: a step sees those of its own sequence and no others.
"""

from math import prod
from typing import NamedTuple

import numpy as np

from ._base import CompositeLayer
from ._blocks import Run
from ._dense import Dense

#: Bytes of the scores of one call, few enough to stay in a cache.
SCORE_BYTES = 800_000

#: Queries of a long sequence that are taken together at least, so that products are not too narrow.
FEWEST_QUERIES = 32

#: Steps up to which the exponentials are kept for backward. For longer sequences they would take more memory than all
#: else together, so they are computed again.
KEPT_STEPS = 256

#: Scores up to this size need no shift before the exponential function, in either precision.
SAFE_SCORE = 60.0


class SelfAttention(CompositeLayer):
    """Self-attention of ``n_heads`` heads, each of ``width / n_heads`` rows.

    Parameters: ``input_kernel`` (3 width, width) and ``input_bias`` (3 width,), whose rows give the queries, the keys
    and the values, head by head; ``output_kernel`` (width, width) and ``output_bias`` (width,).
    """

    def __init__(self, width, n_heads):
        super().__init__(input=Dense(width, 3 * width), output=Dense(width, width))
        self.width = width
        self.n_heads = n_heads
        self.depth = width // n_heads

    def forward(self, weights, inputs, memory):
        """Return (outputs (width, columns), tape for backward); ``inputs`` are needed again too."""
        projected = memory.kept("projected", 3 * self.width)
        self.parts["input"].forward(self.of("input", weights), inputs, projected)
        projected[: self.width] *= self._scale(projected)
        attended = memory.kept("attended", self.width)
        tape = _Tape(inputs, projected, attended, self._is_safe(projected), [])
        scores = _ScoreMemory(memory, self.n_heads)
        for call in self._calls(memory):
            queries, keys, values = self._views(projected, call)
            exponentials, kept = scores.take(queries, keys)
            totals = self._exponentials(queries, keys, tape.safe, exponentials)
            (outputs,) = self._views(attended, call)
            np.matmul(values, exponentials.swapaxes(-1, -2), out=outputs)
            outputs /= totals[:, :, None]
            if memory.training:
                tape.calls.append((call, exponentials if kept else None, totals))
        added = memory.scratch("added", self.width)
        return self.parts["output"].forward(self.of("output", weights), attended, added), tape

    def _scale(self, array):
        return array.dtype.type(self.depth**-0.5)

    def _is_safe(self, projected):
        """Return whether no score can be too large for the exponential function (by Cauchy and Schwarz)."""
        rows = projected[: 2 * self.width].reshape(2 * self.n_heads, self.depth, -1)
        squares = np.einsum("hdc,hdc->hc", rows, rows)
        return squares[: self.n_heads].max() * squares[self.n_heads :].max() < SAFE_SCORE**2

    def _calls(self, memory):
        """Yield the parts of a block whose scores are computed together: some sequences, or some queries of one."""
        for run in memory.block.runs:
            row_bytes = self.n_heads * run.steps * memory.dtype.itemsize
            sequences = max(1, SCORE_BYTES // (row_bytes * run.steps))
            queries = run.steps if sequences > 1 else max(FEWEST_QUERIES, SCORE_BYTES // row_bytes)
            for first in range(0, run.stop - run.first, sequences):
                for query in range(0, run.steps, queries):
                    yield _Call(run, slice(first, first + sequences), slice(query, query + queries))

    def _views(self, array, call):
        """Return views (sequences, heads, depth, steps) of each ``width`` rows of an array (.., columns) of the block.

        The first of them, the queries or what belongs to them, has only the steps whose queries are answered.
        """
        run = call.run
        rows = array[:, run.begin : run.end].reshape(-1, self.n_heads, self.depth, run.stop - run.first, run.steps)
        first, *others = rows[:, :, :, call.sequences].transpose(0, 3, 1, 2, 4)
        return [first[..., call.queries], *others]

    def _exponentials(self, queries, keys, safe, out):
        """Write exp(scores) (sequences, heads, queries, keys) to ``out``; return their sums over the keys."""
        np.matmul(queries.swapaxes(-1, -2), keys, out=out)
        if not safe:
            out -= out.max(axis=-1, keepdims=True)
        np.exp(out, out=out)
        steps = out.shape[-1]
        return out.reshape(-1, steps).dot(np.ones(steps, out.dtype)).reshape(out.shape[:-1])

    def backward(self, weights, gradients, tape, d_outputs, memory):
        """Write the gradients of the weights; return that of the inputs."""
        d_attended = memory.scratch("d_attended", self.width)
        d_projected = memory.scratch("d_projected", 3 * self.width)
        self.parts["output"].backward(
            self.of("output", weights), self.of("output", gradients), tape.attended, d_outputs, d_attended
        )
        for call, exponentials, totals in tape.calls:
            if exponentials is None:
                queries, keys, _ = self._views(tape.projected, call)
                exponentials = memory.scratch_array("scores", _scores_shape(queries, keys))
                self._exponentials(queries, keys, tape.safe, exponentials)
            self._backward_call(call, exponentials, totals, tape, d_attended, d_projected, memory)
        d_projected[: self.width] *= self._scale(d_projected)
        d_inputs = memory.scratch("d_inputs", self.width)
        return self.parts["input"].backward(
            self.of("input", weights), self.of("input", gradients), tape.inputs, d_projected, d_inputs
        )

    def _backward_call(self, call, exponentials, totals, tape, d_attended, d_projected, memory):
        """Write what the gradient of the outputs of a call gives for its queries, and for their keys and values."""
        queries, keys, values = self._views(tape.projected, call)
        d_queries, d_keys, d_values = self._views(d_projected, call)
        (outputs,), (d_outputs,) = self._views(tape.attended, call), self._views(d_attended, call)
        d_outputs /= totals[:, :, None]
        d_scores = memory.scratch_array("d_scores", exponentials.shape)
        np.matmul(d_outputs.swapaxes(-1, -2), values, out=d_scores)
        # What changes all the weights of a query alike does not change their softmax.
        d_scores -= np.einsum("bhdq,bhdq->bhq", d_outputs, outputs)[..., None]
        d_scores *= exponentials
        np.matmul(keys, d_scores.swapaxes(-1, -2), out=d_queries)
        if call.queries.start == 0:
            np.matmul(d_outputs, exponentials, out=d_values)
            np.matmul(queries, d_scores, out=d_keys)
        else:
            d_values += np.matmul(d_outputs, exponentials)
            d_keys += np.matmul(queries, d_scores)


def _scores_shape(queries, keys):
    """Return (sequences, heads, queries, keys)."""
    return (*keys.shape[:2], queries.shape[-1], keys.shape[-1])


class _ScoreMemory:
    """Memory for the scores of a block: in training a piece for each call on short sequences, else one for all."""

    def __init__(self, memory, n_heads):
        self.memory = memory
        self.rest = None
        if memory.training:
            short = [run for run in memory.block.runs if run.steps <= KEPT_STEPS]
            size = sum(n_heads * (run.stop - run.first) * run.steps**2 for run in short)
            self.rest = memory.kept_array("scores", (size,))

    def take(self, queries, keys):
        """Return (array (sequences, heads, queries, keys), whether it stays until backward)."""
        shape = _scores_shape(queries, keys)
        if self.rest is None or keys.shape[-1] > KEPT_STEPS:
            return self.memory.scratch_array("scores", shape), False
        size = prod(shape)
        piece, self.rest = self.rest[:size], self.rest[size:]
        return piece.reshape(shape), True


class _Call(NamedTuple):
    """Sequences of a run, counted from its first, and the steps whose queries are answered."""

    run: Run
    sequences: slice
    queries: slice


class _Tape(NamedTuple):
    inputs: np.ndarray
    projected: np.ndarray
    attended: np.ndarray
    safe: bool
    calls: list
