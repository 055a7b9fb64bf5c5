"""The vanilla cell."""

import numpy as np
import pytest

from layers.cells import assert_initial_gates, new_cell, states_of


@pytest.mark.parametrize("how", ["orthogonal", "identity", "glorot"])
def test_initial_weights(how):
    cell, weights = new_cell("rnn", 5, 20, how)
    assert_initial_gates(cell, weights, how)
    assert (cell.named(weights)["bias"] == 0).all()


def test_the_irnn_copies_its_state():
    # ReLU, identity and zero biases: a state that nothing is added to stays (Le, Jaitly & Hinton 2015).
    cell, weights = new_cell("rnn", 3, 4, "identity", "relu")
    x = np.zeros((50, 3))
    x[0] = [1, -2, 3]
    states = states_of(cell, weights, x)
    assert states[0].any()
    np.testing.assert_array_equal(states, np.tile(states[0], (50, 1)))


def test_named_weights_are_views():
    cell, weights = new_cell("rnn", 2, 3)
    named = cell.named(weights)
    assert {name: array.shape for name, array in named.items()} == {
        "input_weights": (2, 3),
        "recurrent_weights": (3, 3),
        "bias": (3,),
    }
    assert all(np.shares_memory(array, weights["kernel"]) for array in named.values())


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_one_unit_by_hand(activation):
    cell, weights = new_cell("rnn", 1, 1, activation=activation)
    weights["kernel"][...] = [[0.5, -0.1, 2.0]]  # of h, 1 and x
    f = np.tanh if activation == "tanh" else (lambda a: max(a, 0.0))
    first = f(2.0 * 0.3 - 0.1)
    second = f(0.5 * first + 2.0 * -0.7 - 0.1)
    np.testing.assert_allclose(states_of(cell, weights, np.array([[0.3], [-0.7]]))[:, 0], [first, second], rtol=1e-15)
