"""Outputs and gradients of the recurrent network against PyTorch's, with the same weights."""

from itertools import product

import numpy as np
import pytest
import torch
from textbook import CELLS, RAGGED, make_sequences
from torch.nn.functional import cross_entropy
from torch_network import TorchNetwork

from skseq.layers import Workspace
from skseq.networks import RecurrentNetwork
from skseq.training import OPTIMIZERS, SCHEDULES, Parameters, SoftmaxCrossEntropy, draw_batch, new_trainer

pytestmark = pytest.mark.torch

N_FEATURES, N_TOKENS, N_CLASSES = 5, 7, 4
LENGTHS = {"equal": np.full(20, 11), "ragged": np.random.RandomState(7).permutation(RAGGED), "one": np.array([9])}
OPTIONS = list(product(CELLS, [False, True], ["last", "mean", "max"], [(6,), (6, 3), (4, 5, 3)], [False, True]))


def both(cell, activation, bidirectional, pooling, layers, embedded, lengths):
    """Return (network, parameters, sequences, targets, weights, the same network in PyTorch)."""
    random_state = np.random.RandomState(0)
    network = RecurrentNetwork(
        N_TOKENS if embedded else N_FEATURES,
        N_CLASSES,
        layers,
        cell=cell,
        activation=activation,
        bidirectional=bidirectional,
        pooling=pooling,
        embedding_dim=3 if embedded else None,
    )
    parameters = Parameters.initial(network, random_state, np.float64)
    parameters.flat += 0.1 * random_state.standard_normal(parameters.flat.size)
    sequences = make_sequences(lengths, N_FEATURES, random_state, N_TOKENS if embedded else None)
    targets = random_state.randint(N_CLASSES, size=len(lengths))
    weights = random_state.uniform(0.2, 2, size=len(lengths))
    twin = TorchNetwork(network, network.named_weights(parameters), cell, activation, pooling)
    return network, parameters, sequences, targets, weights, twin


def assert_same(ours, theirs):
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        np.testing.assert_allclose(array, theirs[name], rtol=1e-8, atol=1e-8, err_msg=name)


@pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))
@pytest.mark.parametrize(("kind", "bidirectional", "pooling", "layers", "embedded"), OPTIONS)
def test_outputs_loss_and_gradients(kind, bidirectional, pooling, layers, embedded, lengths):
    network, parameters, sequences, targets, weights, twin = both(
        *kind, bidirectional, pooling, layers, embedded, lengths
    )
    workspace = Workspace()
    batch, rows = draw_batch(sequences, np.arange(len(sequences)), workspace, parameters.dtype)
    pooled, tape = network.forward(parameters, batch, workspace, training=True)
    outputs = network.outputs(parameters, pooled)
    expected = twin(sequences.unpack())
    np.testing.assert_allclose(outputs.T, expected.detach().numpy()[rows], rtol=1e-8, atol=1e-8)

    loss, d_outputs = SoftmaxCrossEntropy().value_and_gradient(outputs, targets[rows], weights[rows])
    gradients = parameters.zeros_like()
    network.backward(parameters, gradients, tape, d_outputs)
    losses = cross_entropy(expected, torch.tensor(targets), reduction="none")
    expected_loss = (losses * torch.tensor(weights)).sum()
    np.testing.assert_allclose(loss, expected_loss.item(), rtol=1e-10)
    expected_loss.backward()
    assert_same(network.named_weights(gradients), twin.named(lambda parameter: parameter.grad))


OPTIMIZERS_THERE = {
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.05, momentum=0.9, nesterov=True),
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=0.05),
    "rmsprop": lambda parameters: torch.optim.RMSprop(parameters, lr=0.05, alpha=0.9, eps=1e-8),
}


@pytest.mark.parametrize("solver", list(OPTIMIZERS))
@pytest.mark.parametrize(("cell", "activation"), CELLS)
def test_weights_after_training(cell, activation, solver):
    network, parameters, sequences, targets, weights, twin = both(
        cell, activation, True, "mean", (4, 3), False, LENGTHS["ragged"]
    )
    trainer = new_trainer(
        network,
        SoftmaxCrossEntropy(),
        dtype=np.float64,
        random_state=np.random.RandomState(0),
        optimizer=OPTIMIZERS[solver],
        schedule=SCHEDULES["constant"](0.05, 5),
        decay=0.0,
        batch_size=10,
        max_grad_norm=None,
        shuffle=False,
    )
    trainer.parameters.flat[...] = parameters.flat
    epochs = trainer.epochs(sequences, targets, weights)
    optimizer = OPTIMIZERS_THERE[solver](twin.parameters())
    arrays = sequences.unpack()
    for _ in range(3):
        next(epochs)
        for first in range(0, len(arrays), 10):
            batch = slice(first, first + 10)
            optimizer.zero_grad()
            losses = cross_entropy(twin(arrays[batch]), torch.tensor(targets[batch]), reduction="none")
            (losses * torch.tensor(weights[batch])).mean().backward()
            optimizer.step()
    assert_same(network.named_weights(trainer.parameters), twin.named())
