"""Gradients of the inputs, over all options of the recurrent network."""

from itertools import product

import numpy as np
import pytest
from textbook import CELLS, assert_gradient

from skseq.layers import Workspace
from skseq.training import SoftmaxCrossEntropy, draw_batch

from .test_recurrent import BATCHES, LAYERS, POOLINGS, Problem


def gradient_of_inputs(problem):
    """Return the gradient of the loss with respect to the values of the sequences, or to the vectors of their ids."""
    outputs, rows, tape = problem.forward()
    _, d_outputs = SoftmaxCrossEntropy().value_and_gradient(outputs, problem.targets[rows], problem.weights[rows])
    gradients = problem.parameters.zeros_like()
    d_inputs = problem.network.backward(problem.parameters, gradients, tape, d_outputs, need_input=True)
    batch, rows = draw_batch(problem.sequences, np.arange(len(rows)), Workspace(), np.float64)
    steps, columns = batch.places
    result = np.zeros((len(problem.sequences.values), d_inputs.shape[1]))
    result[problem.sequences.starts[rows][columns] + steps] = d_inputs[steps, :, columns]
    return result, gradients


@pytest.mark.parametrize("lengths", list(BATCHES.values()), ids=list(BATCHES))
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize(("cell", "activation"), CELLS)
def test_gradients_of_the_inputs(cell, activation, bidirectional, lengths):
    for pooling, layers, dropout in product(POOLINGS, LAYERS, [0.0, 0.4]):
        options = {"activation": activation, "bidirectional": bidirectional, "pooling": pooling, "dropout": dropout}
        problem = Problem(lengths, layers, cell, **options)
        found, gradients = gradient_of_inputs(problem)
        assert_gradient(problem.loss, problem.sequences.values, found, problem.random_state, rtol=2e-7)
        np.testing.assert_array_equal(gradients.flat, problem.gradients().flat)


def test_those_of_ids_are_those_of_their_vectors():
    problem = Problem(BATCHES["ragged"], embedded=True)
    found, gradients = gradient_of_inputs(problem)
    table = np.zeros_like(gradients.of("embedding")["table"])
    np.add.at(table, problem.sequences.values, found)
    np.testing.assert_allclose(table, gradients.of("embedding")["table"], atol=1e-12)


def test_without_the_embedding_a_network_reads_vectors():
    problem = Problem(BATCHES["ragged"], embedded=True)
    vectors = problem.parameters.of("embedding")["table"][problem.sequences.values]
    expected = problem.outputs(training=False)
    weights = problem.network.named_weights(problem.parameters)
    problem.network = problem.network.without_embedding()
    problem.sequences = problem.sequences.with_values(vectors)
    np.testing.assert_allclose(problem.outputs(training=False), expected, atol=1e-12)
    assert problem.network.n_features == 2
    assert set(weights) - set(problem.network.named_weights(problem.parameters)) == {"embedding.weights"}
    found, _ = gradient_of_inputs(problem)
    assert_gradient(problem.loss, vectors, found, problem.random_state, rtol=2e-7)


def test_nothing_is_returned_unless_asked_for():
    problem = Problem(BATCHES["equal"])
    outputs, rows, tape = problem.forward()
    _, d_outputs = SoftmaxCrossEntropy().value_and_gradient(outputs, problem.targets[rows], problem.weights[rows])
    assert problem.network.backward(problem.parameters, problem.parameters.zeros_like(), tape, d_outputs) is None
