"""The gradient of a batch, in one part and in two."""

import numpy as np
import pytest
from textbook import cross_entropy, make_sequences, network_outputs

from skseq import _threads
from skseq._threads import Crew
from skseq.networks import RecurrentNetwork
from skseq.training import Parameters, SoftmaxCrossEntropy
from skseq.training._gradient import BatchGradient

LENGTHS = np.random.RandomState(0).randint(1, 9, size=30)
TARGETS = np.random.RandomState(1).randint(2, size=30)
WEIGHTS = np.random.RandomState(2).uniform(0.5, 1.5, size=30)


def result_of(rows, parts=1, lengths=LENGTHS, dropout=0.0, seed=0):
    """Return (network, parameters, sequences, loss, gradient) of some rows."""
    random_state = np.random.RandomState(3)
    network = RecurrentNetwork(3, 2, (5, 4), bidirectional=True, dropout=dropout)
    parameters = Parameters.initial(network, random_state, np.float64)
    sequences = make_sequences(lengths, 3, random_state)
    with Crew(parts) as crew:
        gradient_of = BatchGradient(
            network, parameters, SoftmaxCrossEntropy(), sequences, TARGETS, WEIGHTS, parts=parts, crew=crew
        )
        loss, gradient = gradient_of(np.array(rows), np.random.RandomState(seed))
        return network, parameters, sequences, loss, gradient.copy()


@pytest.mark.parametrize("rows", [[4], [7, 2], [5, 1, 3], list(range(30))], ids=len)
@pytest.mark.parametrize("lengths", [LENGTHS, np.full(30, 6)], ids=["ragged", "equal"])
def test_two_parts_give_the_gradient_of_one(rows, lengths, monkeypatch):
    monkeypatch.setattr(_threads, "allowed_threads", lambda: 2)
    *_, loss, gradient = result_of(rows, 1, lengths)
    *_, loss_in_parts, gradient_in_parts = result_of(rows, 2, lengths)
    np.testing.assert_allclose(loss_in_parts, loss, rtol=1e-13)
    np.testing.assert_allclose(gradient_in_parts, gradient, atol=1e-14)


@pytest.mark.parametrize("parts", [1, 2])
def test_the_loss_is_that_of_the_textbook(parts):
    rows = [3, 14, 15, 9, 2]
    network, parameters, sequences, loss, _ = result_of(rows, parts)
    weights = network.named_weights(parameters)
    x = sequences.unpack()
    outputs = [network_outputs(x[i], weights, 2, "gru", bidirectional=True) for i in rows]
    expected = sum(WEIGHTS[i] * cross_entropy(y, TARGETS[i]) for i, y in zip(rows, outputs))
    np.testing.assert_allclose(loss, expected, rtol=1e-12)


def test_dropout_differs_between_parts_and_is_repeated_by_a_seed():
    lengths = np.full(30, 4)
    same = result_of(range(30), 2, lengths, dropout=0.5)[-1]
    np.testing.assert_array_equal(result_of(range(30), 2, lengths, dropout=0.5)[-1], same)
    assert not np.allclose(result_of(range(30), 2, lengths, dropout=0.5, seed=1)[-1], same)


def test_parts_without_dropout_draw_nothing():
    random_state = np.random.RandomState(0)
    before = random_state.get_state()[1].copy()
    network = RecurrentNetwork(3, 2, (4,))
    parameters = Parameters.initial(network, np.random.RandomState(1), np.float64)
    sequences = make_sequences(LENGTHS, 3, np.random.RandomState(2))
    with Crew(2) as crew:
        gradient_of = BatchGradient(
            network, parameters, SoftmaxCrossEntropy(), sequences, TARGETS, WEIGHTS, parts=2, crew=crew
        )
        gradient_of(np.arange(30), random_state)
    np.testing.assert_array_equal(random_state.get_state()[1], before)
