"""Textbook versions of what skseq computes, and tools that several test modules share.

The cells read one sequence, one step at a time, in the orientation of the formulas: rows are instances, W^T acts
on column vectors. They share no code and no layout with the package.
"""

from functools import partial

import numpy as np

from skseq.layers import Workspace
from skseq.sequences import Sequences

#: Every cell with each of its activations.
CELLS = [("rnn", "tanh"), ("rnn", "relu"), ("lstm", "tanh"), ("gru", "tanh")]

#: Lengths of a batch that is cut into several segments, some of whose columns end before the segment does.
RAGGED = np.array([23, 22, 20, 20, 17, 17, 16, 15, 13, 12, 12, 11, 9, 8, 8, 7, 6, 5, 4, 4, 3, 3, 2, 2, 1, 1])

#: Batches of every kind: equal lengths, ragged, one sequence, one step.
LENGTHS = {
    "equal": np.full(5, 6),
    "ragged": RAGGED,
    "one sequence": np.array([7]),
    "one step": np.array([1, 1, 1]),
    "one sequence of one step": np.array([1]),
}


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def vanilla_step(x_i, state, weights, activation="tanh"):
    """h_i = f(W_hh^T h_{i-1} + W_dh^T x_i + b_h)."""
    (h,) = state
    a = weights["recurrent_weights"].T @ h + weights["input_weights"].T @ x_i + weights["bias"]
    return (np.tanh(a) if activation == "tanh" else np.where(a > 0, a, 0),)


def lstm_step(x_i, state, weights, activation="tanh"):
    """c_i = f c_{i-1} + i g and h_i = o tanh(c_i), the gates' columns in the order o, i, f, g."""
    h, c = state
    a = weights["recurrent_weights"].T @ h + weights["input_weights"].T @ x_i + weights["bias"]
    o, i, f, g = np.split(a, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def gru_step(x_i, state, weights, activation="tanh"):
    """h_i = (1 - z) n + z h_{i-1}, the gates' columns in the order n, r, z."""
    (h,) = state
    n_x, r_x, z_x = np.split(weights["input_weights"].T @ x_i + weights["bias"], 3)
    n_h, r_h, z_h = np.split(weights["recurrent_weights"].T @ h, 3)
    r, z = sigmoid(r_x + r_h), sigmoid(z_x + z_h)
    n = np.tanh(n_x + r * (n_h + weights["candidate_recurrent_bias"]))
    return ((1 - z) * n + z * h,)


STEPS = {"rnn": vanilla_step, "lstm": lstm_step, "gru": gru_step}


def read_states(cell, x, weights, activation="tanh"):
    """The hidden states h_1, h_2, ... of one sequence, from h_0 = 0 on."""
    zeros = np.zeros(len(weights["recurrent_weights"]))
    state, states = (zeros, zeros) if cell == "lstm" else (zeros,), []
    for x_i in x:
        state = STEPS[cell](x_i, state, weights, activation)
        states.append(state[0])
    return np.array(states)


STATES = {cell: partial(read_states, cell) for cell in STEPS}


def pool(states, pooling):
    """Pool the states (steps, units) of one direction, the steps in the order they were read."""
    return {"last": states[-1], "mean": states.mean(axis=0), "max": states.max(axis=0)}[pooling]


def part(weights, prefix):
    """The weights whose names begin with ``prefix``, without it."""
    return {name[len(prefix) + 1 :]: array for name, array in weights.items() if name.startswith(prefix + ".")}


def network_pooled(x, weights, n_layers, cell, activation="tanh", bidirectional=False, pooling="last"):
    """The pooled states of one sequence ``x`` (steps, features) or (steps,) of token ids, from named weights alone.

    With pooling "none", the states of every step (steps, units).
    """
    if "embedding.weights" in weights:
        x = np.array([weights["embedding.weights"][token] for token in x])
    for k in range(n_layers):
        if bidirectional:
            forward = STATES[cell](x, part(weights, f"layer_{k}.forward"), activation)
            backward = STATES[cell](x[::-1], part(weights, f"layer_{k}.backward"), activation)
            read = [forward, backward]
            x = np.hstack([forward, backward[::-1]])
        else:
            x = STATES[cell](x, part(weights, f"layer_{k}"), activation)
            read = [x]
    return x if pooling == "none" else np.concatenate([pool(states, pooling) for states in read])


def network_outputs(x, weights, n_layers, cell, **options):
    """The outputs of one sequence, y = W_hy^T h + b_y of the pooled states h, or of those of every step as rows."""
    return network_pooled(x, weights, n_layers, cell, **options) @ weights["output.weights"] + weights["output.bias"]


def attend(state, memory, weights):
    """The weights a = softmax(e), e_j = v^T tanh(W^T s + U^T h_j), and the context, the sum of a_j h_j."""
    w, u, v = weights["query_weights"], weights["memory_weights"], weights["score_weights"]
    e = np.array([v @ np.tanh(w.T @ state + u.T @ h_j) for h_j in memory])
    a = np.exp(e) / np.exp(e).sum()
    return a, sum(a_j * h_j for a_j, h_j in zip(a, memory))


def translate(source, target, weights, n_layers, cell, activation="tanh", bidirectional=False):
    """The outputs of every step of the target (steps, tokens), its end included, and the weights of the attention."""
    encoder, output = part(weights, "encoder"), part(weights, "output")
    memory = network_pooled(source, encoder, n_layers, cell, activation, bidirectional, "none")
    last = network_pooled(source, encoder, n_layers, cell, activation, bidirectional, "last")
    first = np.tanh(weights["initial.weights"].T @ last + weights["initial.bias"])
    state = tuple(np.split(first, 2)) if cell == "lstm" else (first,)
    outputs, attention = [], []
    for token in [0, *target]:
        x = weights["decoder.embedding.weights"][token]
        seen = np.zeros(0)
        if "attention.query_weights" in weights:
            a, seen = attend(state[0], memory, part(weights, "attention"))
            attention.append(a)
        state = STEPS[cell](np.concatenate([x, seen]), state, part(weights, "decoder"), activation)
        outputs.append(output["weights"].T @ np.concatenate([state[0], seen]) + output["bias"])
    return np.array(outputs), np.array(attention)


def cross_entropy(outputs, target):
    """-ln softmax(outputs)[target]."""
    p = np.exp(outputs) / np.exp(outputs).sum()
    return -np.log(p[target])


def make_sequences(lengths, n_features, random_state, n_tokens=None):
    """Random measurements, or token ids if ``n_tokens`` is given."""
    lengths = np.array(lengths, dtype=np.intp)
    total = lengths.sum()
    if n_tokens is not None:
        return Sequences(random_state.randint(0, n_tokens, total), lengths, "token lists", "list")
    return Sequences(random_state.standard_normal((total, n_features)), lengths, "sequences", "list")


def slope(value, array, direction, step=1e-6):
    """The derivative of ``value()`` along ``direction`` in ``array``, by central differences."""
    kept = array.copy()
    array[...] = kept + step * direction
    above = value()
    array[...] = kept - step * direction
    below = value()
    array[...] = kept
    return (above - below) / (2 * step)


def assert_gradient(value, array, gradient, random_state, n_directions=3, rtol=1e-7):
    """Assert that ``gradient`` is that of ``value()`` with respect to ``array``, along random directions.

    A direction has a share of every element, so that an error in any of them shows.
    """
    assert gradient.shape == array.shape
    for _ in range(n_directions):
        direction = random_state.standard_normal(array.shape)
        scale = np.linalg.norm(gradient) + 1e-3
        assert abs(slope(value, array, direction) - (gradient * direction).sum()) < rtol * scale


class PoisonedWorkspace(Workspace):
    """A workspace whose fresh memory holds ``poison``, so that reading it before writing it shows."""

    def __init__(self, poison):
        super().__init__()
        self.poison = poison

    def array(self, name, shape, dtype):
        known = self._flat.get((name, dtype))
        array = super().array(name, shape, dtype)
        flat = self._flat[name, dtype]
        if flat is not known and flat.dtype.kind == "f":
            flat.fill(self.poison)
        return array
