"""The feed-forward network."""

import numpy as np
from textbook import assert_gradient
from transformer_textbook import feed_forward

from skseq.layers import FeedForward

from .blocks import one_block, random_weights

LENGTHS = [4, 3, 3, 1]


def problem(dtype=np.float64):
    random_state = np.random.RandomState(0)
    layer = FeedForward(3, 5)
    weights, gradients = random_weights(layer, random_state, dtype)
    inputs = random_state.standard_normal((3, sum(LENGTHS))).astype(dtype)
    return layer, weights, gradients, inputs, random_state


def test_outputs_are_those_of_the_textbook():
    layer, weights, _, inputs, _ = problem()
    named = {f"f.{name}": array for name, array in layer.named(weights).items()}
    for training in (True, False):
        outputs, _ = layer.forward(weights, inputs, one_block(LENGTHS, training))
        np.testing.assert_allclose(outputs.T, feed_forward(inputs.T, named, "f"), atol=1e-13)


def test_gradients():
    layer, weights, gradients, inputs, random_state = problem()
    factors, memory = random_state.standard_normal(inputs.shape), one_block(LENGTHS)
    _, tape = layer.forward(weights, inputs, memory)
    d_inputs = layer.backward(weights, gradients, tape, factors, memory)

    def loss():
        return (layer.forward(weights, inputs, one_block(LENGTHS))[0] * factors).sum()

    assert_gradient(loss, inputs, d_inputs, random_state)
    for name, array in weights.items():
        assert_gradient(loss, array, gradients[name], random_state)


def test_float32_stays_float32():
    layer, weights, gradients, inputs, _ = problem(np.float32)
    memory = one_block(LENGTHS, dtype=np.float32)
    outputs, tape = layer.forward(weights, inputs, memory)
    assert outputs.dtype == np.float32
    assert layer.backward(weights, gradients, tape, outputs.copy(), memory).dtype == np.float32
