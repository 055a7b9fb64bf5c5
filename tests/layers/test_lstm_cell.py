"""The LSTM cell."""

import numpy as np
import pytest
from textbook import sigmoid

from layers.cells import assert_initial_gates, gate_blocks, new_cell, states_of


@pytest.mark.parametrize("how", ["orthogonal", "identity", "glorot"])
def test_initial_weights(how):
    cell, weights = new_cell("lstm", 5, 20, how)
    assert_initial_gates(cell, weights, how)


def test_the_forget_gate_begins_open():
    cell, weights = new_cell("lstm", 2, 3)
    biases = gate_blocks(cell, cell.named(weights)["bias"])
    assert {gate: set(bias) for gate, bias in biases.items()} == {
        "output": {0},
        "input": {0},
        "forget": {1},
        "candidate": {0},
    }


def test_named_weights_are_views():
    cell, weights = new_cell("lstm", 2, 3)
    named = cell.named(weights)
    assert {name: array.shape for name, array in named.items()} == {
        "input_weights": (2, 12),
        "recurrent_weights": (3, 12),
        "bias": (12,),
    }
    assert all(np.shares_memory(array, weights["kernel"]) for array in named.values())


def test_one_unit_by_hand():
    cell, weights = new_cell("lstm", 1, 1)
    # Rows: output, input, forget, candidate; columns: of h, 1 and x.
    weights["kernel"][...] = [[0.1, 0.2, 0.3], [-0.4, 0.5, 0.6], [0.7, -0.8, 0.9], [1.0, 1.1, -1.2]]
    h = c = 0.0
    expected = []
    for x in (0.5, -1.5, 2.0):
        o = sigmoid(0.1 * h + 0.2 + 0.3 * x)
        i = sigmoid(-0.4 * h + 0.5 + 0.6 * x)
        f = sigmoid(0.7 * h - 0.8 + 0.9 * x)
        g = np.tanh(1.0 * h + 1.1 - 1.2 * x)
        c = f * c + i * g
        h = o * np.tanh(c)
        expected.append(h)
    states = states_of(cell, weights, np.array([[0.5], [-1.5], [2.0]]))
    np.testing.assert_allclose(states[:, 0], expected, rtol=1e-14)


def test_shut_and_open_gates():
    cell, weights = new_cell("lstm", 1, 1)
    weights["kernel"][...] = 0
    # Input gate open for x > 0 only, forget and output gates always open: the cell adds up tanh(1) for every x > 0.
    weights["kernel"][:, 1:] = [[40, 0], [0, 40], [40, 0], [1, 0]]
    states = states_of(cell, weights, np.array([[1.0], [-1.0], [1.0], [-1.0]]))
    np.testing.assert_allclose(np.arctanh(states[:, 0]), np.tanh(1) * np.array([1, 1, 2, 2]), rtol=1e-12)


def test_saturated_gates_stay_finite():
    cell, weights = new_cell("lstm", 1, 2)
    assert np.isfinite(states_of(cell, weights, np.array([[1e300], [-1e300], [0.0]]))).all()
