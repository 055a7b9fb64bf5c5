"""Textbook versions of what skseq computes, and tools that several test modules share.

The cells read one sequence, one step at a time, in the orientation of the formulas: rows are instances, W^T acts
on column vectors. They share no code and no layout with the package.
"""

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


def vanilla_states(x, weights, activation="tanh"):
    """h_i = f(W_hh^T h_{i-1} + W_dh^T x_i + b_h)."""
    w_dh, w_hh, b_h = weights["input_weights"], weights["recurrent_weights"], weights["bias"]
    h, states = np.zeros(len(w_hh)), []
    for x_i in x:
        a = w_hh.T @ h + w_dh.T @ x_i + b_h
        h = np.tanh(a) if activation == "tanh" else np.where(a > 0, a, 0)
        states.append(h)
    return np.array(states)


def lstm_states(x, weights, activation="tanh"):
    """c_i = f c_{i-1} + i g and h_i = o tanh(c_i), the gates' columns in the order o, i, f, g."""
    w_dh, w_hh, b_h = weights["input_weights"], weights["recurrent_weights"], weights["bias"]
    h = c = np.zeros(len(w_hh))
    states = []
    for x_i in x:
        o, i, f, g = np.split(w_hh.T @ h + w_dh.T @ x_i + b_h, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        states.append(h)
    return np.array(states)


def gru_states(x, weights, activation="tanh"):
    """h_i = (1 - z) n + z h_{i-1}, the gates' columns in the order n, r, z."""
    w_dh, w_hh, b_h = weights["input_weights"], weights["recurrent_weights"], weights["bias"]
    h, states = np.zeros(len(w_hh)), []
    for x_i in x:
        n_x, r_x, z_x = np.split(w_dh.T @ x_i + b_h, 3)
        n_h, r_h, z_h = np.split(w_hh.T @ h, 3)
        r, z = sigmoid(r_x + r_h), sigmoid(z_x + z_h)
        n = np.tanh(n_x + r * (n_h + weights["candidate_recurrent_bias"]))
        h = (1 - z) * n + z * h
        states.append(h)
    return np.array(states)


STATES = {"rnn": vanilla_states, "lstm": lstm_states, "gru": gru_states}


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
