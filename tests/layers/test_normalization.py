"""Layer normalisation."""

import numpy as np
import pytest
from textbook import assert_gradient

from skseq.layers import LayerNormalization

from .blocks import random_weights


@pytest.fixture
def problem():
    random_state = np.random.RandomState(0)
    layer = LayerNormalization(5)
    return layer, *random_weights(layer, random_state), 3 * random_state.standard_normal((5, 7)) + 2, random_state


def forward(layer, weights, inputs):
    normalized, outputs = np.full_like(inputs, np.nan), np.full_like(inputs, np.nan)
    scales = layer.forward(weights, inputs, normalized, outputs)
    return outputs, normalized, scales


def test_outputs(problem):
    layer, weights, _, inputs, _ = problem
    outputs, normalized, scales = forward(layer, weights, inputs)
    for column in range(7):
        x = inputs[:, column]
        scale = 1 / np.sqrt(((x - x.mean()) ** 2).mean() + 1e-5)
        np.testing.assert_allclose(scales[column], scale)
        np.testing.assert_allclose(normalized[:, column], (x - x.mean()) * scale)
        np.testing.assert_allclose(outputs[:, column], (x - x.mean()) * scale * weights["gain"] + weights["bias"])


def test_gradients(problem):
    layer, weights, gradients, inputs, random_state = problem
    factors = random_state.standard_normal((5, 7))
    _, normalized, scales = forward(layer, weights, inputs)
    d_inputs = factors.copy()
    layer.backward(weights, gradients, normalized, scales, d_inputs, np.full_like(inputs, np.nan))

    def loss():
        return (forward(layer, weights, inputs)[0] * factors).sum()

    assert_gradient(loss, inputs, d_inputs, random_state)
    for name, array in weights.items():
        assert_gradient(loss, array, gradients[name], random_state)


def test_one_unit_and_a_constant_column_have_no_variance():
    for inputs in (np.array([[3.0, -2.0]]), np.full((4, 2), 7.0)):
        layer = LayerNormalization(len(inputs))
        weights = {"gain": np.ones(len(inputs)), "bias": np.full(len(inputs), 0.5)}
        np.testing.assert_allclose(forward(layer, weights, inputs)[0], 0.5, atol=1e-12)


def test_a_column_whose_variance_overflows_becomes_nan(problem):
    layer, weights, _, inputs, _ = problem
    inputs[:, 2] *= 1e200
    with np.errstate(over="ignore"):
        outputs = forward(layer, weights, inputs)[0]
    assert np.isnan(outputs[:, 2]).all()
    assert np.isfinite(np.delete(outputs, 2, axis=1)).all()


def test_initial_weights_change_nothing_and_do_not_decay():
    layer = LayerNormalization(3)
    weights = {name: np.full(shape, np.nan) for name, shape in layer.shapes().items()}
    layer.initialize(weights, np.random.RandomState(0))
    np.testing.assert_array_equal(weights["gain"], 1)
    np.testing.assert_array_equal(weights["bias"], 0)
    mask = {name: np.zeros(shape) for name, shape in layer.shapes().items()}
    layer.mark_decayed(mask)
    assert not any(array.any() for array in mask.values())
