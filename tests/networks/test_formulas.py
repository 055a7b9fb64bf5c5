"""The formulas that the package stands on, computed by hand on three steps.

RNN cell    h_i = tanh(W_hh^T h_{i-1} + W_dh^T x_i + b_h)        y = W_hy^T h + b_y
loss        -ln softmax(y)[target], trained by backpropagation through time
weights     w_j = n / (K n_j)
"""

import numpy as np
import pytest
from textbook import assert_gradient, cross_entropy, network_outputs, network_pooled

from skseq import RNNClassifier
from skseq._validation import resolve_class_weight
from skseq.layers import Workspace
from skseq.networks import RecurrentNetwork
from skseq.sequences import Sequences
from skseq.training import Parameters, SoftmaxCrossEntropy, draw_batch

TARGET = 2


@pytest.fixture
def example():
    """A vanilla network of 2 features, 4 units and 3 classes, and one sequence of 3 steps."""
    random_state = np.random.RandomState(0)
    network = RecurrentNetwork(2, 3, (4,), cell="rnn")
    parameters = Parameters.initial(network, random_state, np.float64)
    parameters.flat += 0.1 * random_state.standard_normal(parameters.flat.size)  # biases that are not zero
    return network, parameters, random_state.standard_normal((3, 2)), random_state


def pass_through(network, parameters, x, pooling="last"):
    """Return the outputs of one sequence and the gradients of its cross-entropy."""
    network.pooling = pooling
    workspace = Workspace()
    sequences = Sequences(x, np.array([len(x)]), "sequences", "list")
    batch, _ = draw_batch(sequences, np.array([0]), workspace, np.dtype(np.float64))
    pooled, tape = network.forward(parameters, batch, workspace, training=True)
    outputs = network.outputs(parameters, pooled)
    y = outputs[:, 0].copy()
    _, d_outputs = SoftmaxCrossEntropy().value_and_gradient(outputs, np.array([TARGET]), np.ones(1))
    gradients = parameters.zeros_like()
    network.backward(parameters, gradients, tape, d_outputs)
    return y, gradients


def forward_by_hand(weights, x):
    """Return h_0 (zeros) to h_3 and y of the last state."""
    w_dh, w_hh, b_h = (weights[f"layer_0.{name}"] for name in ("input_weights", "recurrent_weights", "bias"))
    h = [np.zeros(4)]
    for i in (1, 2, 3):
        h.append(np.tanh(w_hh.T @ h[i - 1] + w_dh.T @ x[i - 1] + b_h))
    return h, weights["output.weights"].T @ h[3] + weights["output.bias"]


def test_the_forward_pass(example):
    network, parameters, x, _ = example
    _, y = forward_by_hand(network.named_weights(parameters), x)
    np.testing.assert_allclose(pass_through(network, parameters, x)[0], y, rtol=1e-13)


def test_backpropagation_through_time(example):
    network, parameters, x, _ = example
    weights = network.named_weights(parameters)
    w_hh, w_hy = weights["layer_0.recurrent_weights"], weights["output.weights"]
    h, y = forward_by_hand(weights, x)

    d_y = np.exp(y) / np.exp(y).sum()
    d_y[TARGET] -= 1
    d_w_dh, d_w_hh, d_b_h = np.zeros((2, 4)), np.zeros((4, 4)), np.zeros(4)
    d_h = w_hy @ d_y
    for i in (3, 2, 1):
        d_a = d_h * (1 - h[i] ** 2)
        d_w_dh += np.outer(x[i - 1], d_a)
        d_w_hh += np.outer(h[i - 1], d_a)
        d_b_h += d_a
        d_h = w_hh @ d_a

    gradients = network.named_weights(pass_through(network, parameters, x)[1])
    np.testing.assert_allclose(gradients["layer_0.input_weights"], d_w_dh, rtol=1e-12)
    np.testing.assert_allclose(gradients["layer_0.recurrent_weights"], d_w_hh, rtol=1e-12)
    np.testing.assert_allclose(gradients["layer_0.bias"], d_b_h, rtol=1e-12)
    np.testing.assert_allclose(gradients["output.weights"], np.outer(h[3], d_y), rtol=1e-12)
    np.testing.assert_allclose(gradients["output.bias"], d_y, rtol=1e-12)


def test_the_gradient_through_the_steps_is_a_product_of_jacobians(example):
    # d h_3 / d h_0 = diag(1 - h_i^2) W_hh^T, multiplied over the steps: what explodes or vanishes.
    network, parameters, x, random_state = example
    weights = network.named_weights(parameters)
    w_hh = weights["layer_0.recurrent_weights"]
    h, _ = forward_by_hand(weights, x)
    jacobian = np.eye(4)
    for i in (1, 2, 3):
        jacobian = np.diag(1 - h[i] ** 2) @ w_hh.T @ jacobian
    # h_0 is zero; a change of it is a change of the first step's bias by W_hh^T dh_0.
    bias = np.array(weights["layer_0.bias"])

    def last_state(start):
        state = np.tanh(w_hh.T @ start + weights["layer_0.input_weights"].T @ x[0] + bias)
        rest = {name: weights[f"layer_0.{name}"] for name in ("input_weights", "recurrent_weights", "bias")}
        for x_i in x[1:]:
            state = np.tanh(w_hh.T @ state + rest["input_weights"].T @ x_i + rest["bias"])
        return state

    factors, start = random_state.standard_normal(4), np.zeros(4)
    assert_gradient(lambda: last_state(start) @ factors, start, jacobian.T @ factors, random_state)


@pytest.mark.parametrize("pooling", ["last", "mean", "max"])
def test_the_loss_and_its_gradient(example, pooling):
    network, parameters, x, random_state = example
    weights = network.named_weights(parameters)
    _, gradients = pass_through(network, parameters, x, pooling)

    def loss():
        return cross_entropy(network_outputs(x, weights, 1, "rnn", pooling=pooling), TARGET)

    assert_gradient(loss, parameters.flat, gradients.flat, random_state)


def test_balanced_weights_by_hand():
    # n = 10, K = 3, n_j = 5, 4, 1.
    weights = resolve_class_weight("balanced", np.array(["a", "b", "c"]), np.array([5, 4, 1]))
    np.testing.assert_allclose(weights, [10 / (3 * 5), 10 / (3 * 4), 10 / (3 * 1)])


def test_balanced_weights_of_two_classes():
    weights = resolve_class_weight("balanced", np.array([0, 1]), np.array([90, 10]))
    np.testing.assert_allclose(weights, [100 / (2 * 90), 100 / (2 * 10)])


RAGGED = [np.random.RandomState(i).standard_normal((steps, 3)) for i, steps in enumerate([4, 1, 7, 7, 2, 5])]
IDS = [np.random.RandomState(i).randint(5, size=steps) for i, steps in enumerate([4, 1, 7, 7, 2, 5])]
IDS[0][0] = 4  # the largest id is seen
Y = [0, 1, 2, 0, 1, 2]


@pytest.mark.parametrize("embedding_dim", [None, 2])
@pytest.mark.parametrize("pooling", ["last", "mean", "max"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize(("cell", "activation"), [("rnn", "tanh"), ("rnn", "relu"), ("lstm", "tanh"), ("gru", "tanh")])
def test_a_model_can_be_rebuilt_from_its_weights(cell, activation, bidirectional, pooling, embedding_dim):
    options = {"activation": activation, "bidirectional": bidirectional, "pooling": pooling}
    model = RNNClassifier((4, 3), cell=cell, embedding_dim=embedding_dim, max_iter=3, random_state=0, **options)
    X = RAGGED if embedding_dim is None else IDS
    model.fit(X, Y)
    outputs = [network_outputs(x, model.weights_, 2, cell, **options) for x in X]
    np.testing.assert_allclose(model.decision_function(X), outputs, atol=1e-12)
    pooled = [network_pooled(x, model.weights_, 2, cell, **options) for x in X]
    np.testing.assert_allclose(model.transform(X), pooled, atol=1e-12)
    proba = np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(model.predict_proba(X), proba, atol=1e-12)
