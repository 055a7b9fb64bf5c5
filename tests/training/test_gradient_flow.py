"""The gradient of each hidden state, against formulas and finite differences."""

import numpy as np
import pytest
from textbook import CELLS, RAGGED, cross_entropy, make_sequences

from skseq.layers import Workspace
from skseq.networks import RecurrentNetwork
from skseq.training import Parameters, SoftmaxCrossEntropy, _gradient_flow, draw_batch, gradient_norms

STEP = 1e-6


def problem_of(lengths, layers=(4,), seed=0, dtype=np.float64, **options):
    """Return network, parameters, sequences and targets."""
    random_state = np.random.RandomState(seed)
    network = RecurrentNetwork(3, 2, layers, **options)
    parameters = Parameters.initial(network, random_state, dtype)
    parameters.flat += 0.2 * random_state.standard_normal(parameters.flat.size)
    sequences = make_sequences(lengths, 3, random_state)
    n_targets = len(sequences.values) if network.every_step else len(lengths)
    return network, parameters, sequences, random_state.randint(2, size=n_targets)


def norms_of(network, parameters, sequences, targets):
    return gradient_norms(network, parameters, SoftmaxCrossEntropy(), sequences, targets)


def loss_after(network, parameters, sequences, target, states):
    """The loss of the sequences, one of them, whose first step follows ``states``."""
    batch, _ = draw_batch(sequences, np.array([0]), Workspace(), np.float64)
    pooled, _ = network.forward(parameters, batch, Workspace(), carried=[states])
    return cross_entropy(network.outputs(parameters, pooled)[:, 0], target)


@pytest.mark.parametrize(("cell", "activation"), CELLS)
def test_the_gradient_of_a_state_is_that_of_a_network_that_goes_on_from_it(cell, activation):
    network, parameters, sequences, targets = problem_of([9], cell=cell, activation=activation)
    norms = norms_of(network, parameters, sequences, targets)["layer_0"]
    for steps_back in range(1, 9):
        read = 9 - steps_back
        begun = make_sequences([read], 3, np.random.RandomState()).with_values(sequences.values[:read])
        batch, _ = draw_batch(begun, np.array([0]), Workspace(), np.float64)
        _, tape = network.forward(parameters, batch, Workspace())
        [(hidden, *others)] = network.carry(tape)
        rest = make_sequences([steps_back], 3, np.random.RandomState()).with_values(sequences.values[read:])
        slopes = []
        for unit in np.eye(4)[:, :, None] * STEP:
            above = loss_after(network, parameters, rest, targets[0], (hidden + unit, *others))
            below = loss_after(network, parameters, rest, targets[0], (hidden - unit, *others))
            slopes.append((above - below) / (2 * STEP))
        np.testing.assert_allclose(norms[steps_back], np.linalg.norm(slopes), rtol=1e-5)


def vanilla_loss(x, weights, targets, pooling, bidirectional, moved):
    """The loss of one sequence, the state of ``moved`` = (layer, step) moved by the third."""
    for k in range(2):
        read = []
        for direction in ("forward", "backward") if bidirectional else ("",):
            name = f"layer_{k}.{direction}".rstrip(".")
            h, states = np.zeros(len(weights[f"{name}.recurrent_weights"])), []
            for t, x_t in enumerate(x[::-1] if direction == "backward" else x):
                h = np.tanh(
                    h @ weights[f"{name}.recurrent_weights"]
                    + x_t @ weights[f"{name}.input_weights"]
                    + weights[f"{name}.bias"]
                )
                if moved[:2] == (name, t):
                    h = h + moved[2]
                states.append(h)
            read.append(np.array(states))
        x = np.hstack([read[0], *[own[::-1] for own in read[1:]]])
    logits = lambda states: states @ weights["output.weights"] + weights["output.bias"]  # noqa: E731
    if pooling == "none":
        return sum(cross_entropy(logits(h), target) for h, target in zip(x, targets))
    pooled = {"last": lambda own: own[-1], "mean": lambda own: own.mean(axis=0)}[pooling]
    return cross_entropy(logits(np.concatenate([pooled(own) for own in read])), targets)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("pooling", ["last", "mean", "none"])
def test_layers_directions_and_poolings(pooling, bidirectional):
    lengths = [4, 6, 1]
    options = {"cell": "rnn", "pooling": pooling, "bidirectional": bidirectional}
    network, parameters, sequences, targets = problem_of(lengths, (3, 2), **options)
    weights = network.named_weights(parameters)
    found = norms_of(network, parameters, sequences, targets)
    layers = [name for name in network.named_layers() if name.startswith("layer")]
    assert list(found) == layers
    targets = sequences.split(targets) if pooling == "none" else targets
    for layer in layers:
        units = len(weights[f"{layer}.recurrent_weights"])
        norms = [[] for _ in range(6)]
        for x, target, length in zip(sequences.unpack(), targets, lengths):
            for t in range(length):
                slopes = [
                    vanilla_loss(x, weights, target, pooling, bidirectional, (layer, t, STEP * unit))
                    - vanilla_loss(x, weights, target, pooling, bidirectional, (layer, t, -STEP * unit))
                    for unit in np.eye(units)
                ]
                norms[length - 1 - t].append(np.linalg.norm(slopes) / (2 * STEP))
        np.testing.assert_allclose(found[layer], [np.mean(own) for own in norms], rtol=1e-5)


@pytest.mark.parametrize(("cell", "activation"), CELLS)
@pytest.mark.parametrize("batch", [1, 7])
def test_batches_change_nothing(cell, activation, batch, monkeypatch):
    problem = problem_of(RAGGED, (4, 3), cell=cell, activation=activation, bidirectional=True, pooling="max")
    whole = norms_of(*problem)
    monkeypatch.setattr(_gradient_flow, "BATCH", batch)
    parts = norms_of(*problem)
    for layer, norms in whole.items():
        np.testing.assert_allclose(parts[layer], norms, rtol=1e-10)


def test_the_norm_is_that_of_the_product_of_the_recurrent_weights():
    # All states are zero, so the slope of tanh is one and dL/dh_t = W_hh^n dL/dh_T.
    network, parameters, sequences, targets = problem_of([12], cell="rnn")
    parameters.of("layer_0")["kernel"][:, 4:] = 0
    sequences = sequences.with_values(np.zeros((12, 3)))
    recurrent = network.named_weights(parameters)["layer_0.recurrent_weights"]
    output = network.named_weights(parameters)["output.weights"]
    logits = network.named_weights(parameters)["output.bias"]
    d_logits = np.exp(logits) / np.exp(logits).sum() - np.eye(2)[targets[0]]
    expected = [np.linalg.norm(np.linalg.matrix_power(recurrent, n) @ output @ d_logits) for n in range(12)]
    np.testing.assert_allclose(norms_of(network, parameters, sequences, targets)["layer_0"], expected, rtol=1e-12)


def test_weights_in_single_precision_are_taken_in_double_and_dropout_is_left_out():
    network, parameters, sequences, targets = problem_of([40] * 3, dtype=np.float32, dropout=0.5)
    parameters.of("layer_0")["kernel"][...] *= 0.1
    norms = norms_of(network, parameters, sequences, targets)["layer_0"]
    assert norms.dtype == np.float64
    assert 0 < norms[-1] < 1e-10 * norms[0]
    np.testing.assert_array_equal(norms, norms_of(network, parameters, sequences, targets)["layer_0"])


def test_what_vanishes_and_what_explodes():
    network, parameters, sequences, targets = problem_of([200], cell="rnn", activation="relu")
    kernel = parameters.of("layer_0")["kernel"]
    kernel[...] = np.c_[1e-3 * np.eye(4), np.ones(4), np.zeros((4, 3))]
    norms = norms_of(network, parameters, sequences, targets)["layer_0"]
    assert norms[0] > 0
    assert 0 < norms[80] < 1e-200
    assert norms[-1] == 0
    kernel[...] = np.c_[10 * np.eye(4), np.full(4, 1e-300), np.zeros((4, 3))]
    norms = norms_of(network, parameters, sequences, targets)["layer_0"]
    np.testing.assert_allclose(norms[1:] / norms[:-1], 10)  # to 1e199, whose square is infinite
