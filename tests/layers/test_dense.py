"""The dense layer."""

import numpy as np
import pytest
from textbook import assert_gradient

from skseq.layers import Dense


@pytest.fixture
def problem():
    random_state = np.random.RandomState(0)
    layer = Dense(4, 3)
    weights = {name: random_state.standard_normal(shape) for name, shape in layer.shapes().items()}
    inputs = random_state.standard_normal((4, 5))
    factors = random_state.standard_normal((3, 5))
    return layer, weights, inputs, factors, random_state


def test_outputs(problem):
    layer, weights, inputs, _, _ = problem
    outputs = layer.forward(weights, inputs)
    for column in range(5):
        expected = weights["kernel"] @ inputs[:, column] + weights["bias"]
        np.testing.assert_allclose(outputs[:, column], expected, rtol=1e-14)


def test_gradients(problem):
    layer, weights, inputs, factors, random_state = problem
    gradients = {name: np.full_like(array, np.nan) for name, array in weights.items()}
    d_inputs = layer.backward(weights, gradients, inputs, factors)

    def loss():
        return (layer.forward(weights, inputs) * factors).sum()

    assert_gradient(loss, inputs, d_inputs, random_state)
    for name, array in weights.items():
        assert_gradient(loss, array, gradients[name], random_state)


def test_initial_weights():
    layer = Dense(30, 20)
    weights = {name: np.full(shape, np.nan) for name, shape in layer.shapes().items()}
    layer.initialize(weights, np.random.RandomState(0))
    assert (weights["bias"] == 0).all()
    bound = np.sqrt(6 / 50)
    assert 0.9 * bound < np.abs(weights["kernel"]).max() <= bound


def test_weight_decay_leaves_the_bias_alone():
    layer = Dense(3, 2)
    mask = {name: np.zeros(shape) for name, shape in layer.shapes().items()}
    layer.mark_decayed(mask)
    assert (mask["kernel"] == 1).all()
    assert (mask["bias"] == 0).all()
