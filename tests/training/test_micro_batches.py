"""Micro-batches: what they hold, and that they compute what the whole batch does."""

from itertools import pairwise, product

import numpy as np
import pytest
from textbook import CELLS, assert_gradient, make_sequences

from skseq._threads import Crew
from skseq.networks import EncoderDecoder, RecurrentNetwork
from skseq.sequences import Sequences
from skseq.training import (
    Parameters,
    SoftmaxCrossEntropy,
    _batches,
    _micro_batches,
    predict_outputs,
    prediction_batches,
    windows_of,
)
from skseq.training._batches import rows_in_order
from skseq.training._gradient import BatchGradient
from skseq.training._micro_batches import micro_batches

#: One long sequence, and others from short to one step.
SPREAD = np.array([2, 1, 60, 3, 2, 9, 1, 3, 14, 2, 3, 1, 1, 2])
LENGTHS = {
    "one long": np.array([3] * 75 + [5000] + [3] * 75),
    "log-normal": np.random.RandomState(0).lognormal(3.5, 1, 200).astype(int) + 1,
    "few long": np.array([500] * 10 + [3] * 150),
    "equal": np.full(300, 40),
    "one": np.array([9000]),
}


@pytest.fixture
def cut_small(monkeypatch):
    """Cut batches of any size."""
    monkeypatch.setattr(_micro_batches, "WHOLE_COLUMNS", 1)


def columns_of(parts, *lengths):
    return [sum(int(own[places].max()) for own in lengths) * len(places) for places in parts]


@pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))
def test_each_sequence_stands_in_one_micro_batch(lengths):
    parts = micro_batches(lengths)
    np.testing.assert_array_equal(np.sort(np.concatenate(parts)), np.arange(len(lengths)))
    ends = [(lengths[places].max(), lengths[places].min()) for places in parts]
    assert all(shortest >= longest for (_, shortest), (longest, _) in pairwise(ends))


@pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))
def test_columns_are_nearly_those_of_the_valid_steps(lengths):
    assert max(columns_of(micro_batches(lengths), lengths)) <= 1.125 * lengths.sum()


@pytest.mark.parametrize(("name", "count"), [("one long", 2), ("few long", 2), ("log-normal", 3), ("equal", 1)])
def test_there_are_few(name, count):
    assert len(micro_batches(LENGTHS[name])) == count


def test_a_long_sequence_is_alone_among_short_ones():
    assert micro_batches(LENGTHS["one long"])[0].tolist() == [75]


@pytest.mark.parametrize("lengths", [np.array([40, 1, 7, 30]), np.full(300, 40)], ids=["small", "equal"])
def test_a_whole_batch_keeps_its_order(lengths):
    (places,) = micro_batches(lengths)
    np.testing.assert_array_equal(places, np.arange(len(lengths)))


def test_a_batch_of_short_sequences_is_whole_where_most_are_longer():
    lengths = np.arange(10, 60).repeat(4)
    assert len(micro_batches(lengths)) > 1
    assert len(micro_batches(lengths, mean_steps=100.0)) == 1


def test_pairs_are_cut_by_source_and_target(cut_small):
    source, target = np.array([2, 50, 2, 1, 2]), np.array([60, 2, 1, 2, 2])
    parts = micro_batches(source, target)
    assert [places.tolist() for places in parts] == [[0], [1, 4], [2, 3]]
    assert max(columns_of(parts, source, target)) <= 1.125 * (source + target).sum()


def test_rows_in_order_cut_each_batch(cut_small):
    batches = [rows.tolist() for rows in rows_in_order(np.array([1, 9, 1, 1, 4, 4, 4, 4, 2]), 4)]
    assert batches == [[1], [0, 2, 3], [4, 5, 6, 7], [8]]


class Problem:
    """A network, sequences of lengths far apart, and the loss of all of them and its gradient."""

    def __init__(self, network, parts=1, window_steps=None, context=None, n_tokens=None):
        self.network, self.window_steps = network, window_steps
        random_state = np.random.RandomState(0)
        self.parameters = Parameters.initial(network, random_state, np.float64)
        self.parameters.flat += 0.1 * random_state.standard_normal(self.parameters.flat.size)
        sequences = make_sequences(SPREAD, 3, random_state, n_tokens)
        self.sequences = Sequences(sequences.values, sequences.lengths, sequences.form, sequences.container, context)
        n = len(SPREAD)
        if network.every_step:
            n = SPREAD.sum()
        elif network.every_context_step:
            n = self.sequences.context_lengths.sum()
        self.targets, self.weights = random_state.randint(2, size=n), random_state.uniform(0.5, 2, size=n)
        self.parts = parts

    def results(self):
        """Return (losses, gradients), one for each window."""
        results = []
        with Crew(self.parts) as crew:
            gradient_of = BatchGradient(
                self.network,
                self.parameters,
                SoftmaxCrossEntropy(),
                self.sequences,
                self.targets,
                self.weights,
                parts=self.parts,
                crew=crew,
                window_steps=self.window_steps,
            )
            for rows, window in windows_of(np.arange(len(SPREAD)), SPREAD, self.window_steps):
                loss, gradient = gradient_of(rows, np.random.RandomState(0), window)
                results.append((loss, gradient.copy()))
        return results

    def assert_unchanged_in_micro_batches(self, monkeypatch):
        monkeypatch.setattr(_micro_batches, "WHOLE_COLUMNS", 10**9)
        whole = self.results()
        monkeypatch.setattr(_micro_batches, "WHOLE_COLUMNS", 1)
        for (loss, gradient), (own_loss, own_gradient) in zip(whole, self.results(), strict=True):
            np.testing.assert_allclose(own_loss, loss, rtol=1e-12)
            np.testing.assert_allclose(own_gradient, gradient, atol=1e-13)


@pytest.mark.parametrize("parts", [1, 2])
@pytest.mark.parametrize("pooling", ["last", "mean", "max", "none"])
@pytest.mark.parametrize(("cell", "activation"), CELLS)
def test_the_gradient_is_that_of_the_whole_batch(cell, activation, pooling, parts, monkeypatch):
    network = RecurrentNetwork(3, 2, (4, 3), cell=cell, activation=activation, bidirectional=True, pooling=pooling)
    Problem(network, parts).assert_unchanged_in_micro_batches(monkeypatch)


@pytest.mark.parametrize(("cell", "activation"), CELLS)
@pytest.mark.parametrize("parts", [1, 2])
def test_windows_take_up_where_their_sequences_ended(cell, activation, parts, monkeypatch):
    network = RecurrentNetwork(3, 2, (4, 3), cell=cell, activation=activation, pooling="none")
    Problem(network, parts, window_steps=4).assert_unchanged_in_micro_batches(monkeypatch)


def test_token_vectors_and_contexts_go_with_their_sequences(monkeypatch):
    network = RecurrentNetwork(5, 2, (4,), pooling="none", embedding_dim=3, n_context=2)
    context = np.random.RandomState(1).standard_normal((len(SPREAD), 2))
    Problem(network, context=context, n_tokens=5).assert_unchanged_in_micro_batches(monkeypatch)


def translation(attention=True, bidirectional=True):
    network = EncoderDecoder(5, 2, (4,), embedding_dim=3, attention=attention, bidirectional=bidirectional)
    context = np.full((len(SPREAD), 41), -1, dtype=np.int32)
    for row, steps in zip(context, [40, *(SPREAD[1:] // 2 + 1)]):
        row[:steps] = np.arange(steps) % 2
    return Problem(network, context=context, n_tokens=5)


@pytest.mark.parametrize("attention", [False, True])
def test_pairs_of_any_lengths(attention, monkeypatch):
    translation(attention).assert_unchanged_in_micro_batches(monkeypatch)


NETWORKS = {
    f"{cell} {activation} {pooling} {'two directions' if bidirectional else 'one direction'}": (
        lambda settings=(cell, activation, pooling, bidirectional): Problem(
            RecurrentNetwork(
                3,
                2,
                (3, 2),
                **dict(zip(("cell", "activation", "pooling", "bidirectional"), settings)),
            )
        )
    )
    for (cell, activation), pooling, bidirectional in product(CELLS, ("last", "mean", "max", "none"), (False, True))
}


@pytest.mark.parametrize("make", [*NETWORKS.values(), translation], ids=[*NETWORKS, "translation"])
def test_gradients_against_finite_differences(make, cut_small):
    problem = make()
    ((_, gradient),) = problem.results()
    flat = problem.parameters.flat
    mean_targets = len(problem.targets) / len(SPREAD) if len(problem.targets) != len(SPREAD) else 1

    def value():
        ((loss, _),) = problem.results()
        return loss / (len(SPREAD) * mean_targets)

    assert_gradient(value, flat, gradient, np.random.RandomState(0), n_directions=2, rtol=1e-6)


@pytest.mark.parametrize("pooling", ["max", "none"])
def test_predictions_do_not_depend_on_micro_batches(pooling, cut_small, monkeypatch):
    network = RecurrentNetwork(3, 2, (4, 3), bidirectional=True, pooling=pooling)
    problem = Problem(network)
    monkeypatch.setattr(_batches, "PREDICTION_BATCH", 100)
    batches = prediction_batches(problem.sequences)
    assert len(batches) > 2
    np.testing.assert_array_equal(np.sort(np.concatenate(batches)), np.arange(len(SPREAD)))
    found = np.empty((2, len(problem.targets)))
    for places, outputs in predict_outputs(network, problem.parameters, problem.sequences):
        found[:, places] = outputs
    monkeypatch.setattr(_micro_batches, "WHOLE_COLUMNS", 10**9)
    for places, outputs in predict_outputs(network, problem.parameters, problem.sequences):
        np.testing.assert_allclose(found[:, places], outputs, atol=1e-14)


@pytest.mark.parametrize("parts", [1, 2])
def test_the_threads_share_each_micro_batch_of_a_prediction(parts, cut_small):
    sequences = Sequences(np.zeros((98, 1)), np.array([90, 2, 2, 2, 2]), "sequences", "list")
    batches = [rows.tolist() for rows in prediction_batches(sequences, parts=parts)]
    assert batches == ([[0], [1, 2, 3, 4]] if parts == 1 else [[0], [1, 3], [2, 4]])
