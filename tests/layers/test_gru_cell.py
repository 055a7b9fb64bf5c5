"""The GRU cell."""

import numpy as np
import pytest
from textbook import sigmoid

from layers.cells import assert_initial_gates, new_cell, states_of


@pytest.mark.parametrize("how", ["orthogonal", "identity", "glorot"])
def test_initial_weights(how):
    cell, weights = new_cell("gru", 5, 20, how)
    assert_initial_gates(cell, weights, how)
    named = cell.named(weights)
    assert (named["bias"] == 0).all()
    assert (named["candidate_recurrent_bias"] == 0).all()


def test_named_weights_are_views():
    cell, weights = new_cell("gru", 2, 3)
    named = cell.named(weights)
    assert {name: array.shape for name, array in named.items()} == {
        "input_weights": (2, 9),
        "recurrent_weights": (3, 9),
        "bias": (9,),
        "candidate_recurrent_bias": (3,),
    }
    for name, array in named.items():
        own = weights["candidate_bias" if name == "candidate_recurrent_bias" else "kernel"]
        assert np.shares_memory(array, own)


def test_one_unit_by_hand():
    cell, weights = new_cell("gru", 1, 1)
    # Rows: candidate, reset, update; columns: of h, 1 and x.
    weights["kernel"][...] = [[1.5, 0.2, -0.3], [-0.4, 0.5, 0.6], [0.7, -0.8, 0.9]]
    weights["candidate_bias"][...] = 0.25
    h, expected = 0.0, []
    for x in (0.5, -1.5, 2.0):
        r = sigmoid(-0.4 * h + 0.5 + 0.6 * x)
        z = sigmoid(0.7 * h - 0.8 + 0.9 * x)
        n = np.tanh(0.2 - 0.3 * x + r * (1.5 * h + 0.25))
        h = (1 - z) * n + z * h
        expected.append(h)
    states = states_of(cell, weights, np.array([[0.5], [-1.5], [2.0]]))
    np.testing.assert_allclose(states[:, 0], expected, rtol=1e-14)


def test_an_update_gate_of_one_keeps_the_state():
    cell, weights = new_cell("gru", 1, 1)
    weights["kernel"][...] = [[0, 0, 1], [0, 0, 0], [0, 0, -40]]  # x > 0 writes tanh(x), x < 0 keeps
    states = states_of(cell, weights, np.array([[1.0], [-1.0], [-2.0], [3.0]]))
    np.testing.assert_allclose(states[:, 0], np.tanh([1, 1, 1, 3]), rtol=1e-12)


def test_saturated_gates_stay_finite():
    cell, weights = new_cell("gru", 1, 2)
    assert np.isfinite(states_of(cell, weights, np.array([[1e300], [-1e300], [0.0]]))).all()
