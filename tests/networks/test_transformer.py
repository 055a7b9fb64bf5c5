"""The Transformer's network: against the textbook, gradients of every weight over all options, memory, invariances."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import pytest
from textbook import LENGTHS, RAGGED, PoisonedWorkspace, assert_gradient, make_sequences
from transformer_textbook import transformer_outputs, transformer_pooled

from skseq.layers import Workspace, _attention, _blocks
from skseq.networks import TransformerNetwork
from skseq.training import Parameters, SoftmaxCrossEntropy, draw_batch, predict_outputs, predict_states

from .test_gradients_of_inputs import gradient_of_inputs

N_FEATURES, N_TOKENS, N_CLASSES, N_LAYERS, N_HEADS, WIDTH = 3, 6, 3, 2, 2, 8

#: Inputs: measurements, ids embedded into as many dimensions as the states have, and into fewer.
INPUTS = {"measurements": None, "ids": WIDTH, "projected ids": 2}
OPTIONS = list(product(["sinusoidal", "learned"], ["mean", "token"], INPUTS.values()))


@pytest.fixture(autouse=True)
def many_blocks(monkeypatch):
    """Small batches are cut as large ones are."""
    monkeypatch.setattr(_blocks, "BLOCK_COLUMNS", 50)
    monkeypatch.setattr(_attention, "SCORE_BYTES", 8 * N_HEADS * 3 * 17**2)
    monkeypatch.setattr(_attention, "FEWEST_QUERIES", 8)
    monkeypatch.setattr(_attention, "KEPT_STEPS", 18)


class Problem:
    """A network with random weights, sequences, targets and a loss."""

    def __init__(
        self, lengths, positions="sinusoidal", pooling="mean", embedding_dim=None, dtype=np.float64, dropout=0.0
    ):
        self.random_state = np.random.RandomState(0)
        self.pooling = pooling
        embedded = embedding_dim is not None
        self.network = TransformerNetwork(
            N_TOKENS if embedded else N_FEATURES,
            N_CLASSES,
            width=WIDTH,
            n_layers=N_LAYERS,
            n_heads=N_HEADS,
            feed_forward_width=6,
            positions=positions,
            n_positions=max(lengths),
            pooling=pooling,
            embedding_dim=embedding_dim,
            dropout=dropout,
        )
        self.sequences = make_sequences(lengths, N_FEATURES, self.random_state, N_TOKENS if embedded else None)
        self.parameters = Parameters.initial(self.network, self.random_state, dtype)
        self.parameters.flat += 0.3 * self.random_state.standard_normal(self.parameters.flat.size)
        self.targets = self.random_state.randint(N_CLASSES, size=len(lengths))
        self.weights = self.random_state.uniform(0.5, 2, size=len(lengths))

    def forward(self, workspace=None, training=True):
        """Return (outputs of the rows in the order drawn, rows, tape)."""
        workspace = Workspace() if workspace is None else workspace
        batch, rows = draw_batch(self.sequences, np.arange(len(self.sequences)), workspace, self.parameters.dtype)
        dropout = np.random.RandomState(5) if training else None  # the same at every call
        pooled, tape = self.network.forward(self.parameters, batch, workspace, dropout, training)
        return self.network.outputs(self.parameters, pooled), rows, tape

    def outputs(self, workspace=None, training=True):
        """Return the outputs (n, classes) in the order of the sequences."""
        columns, rows, _ = self.forward(workspace, training)
        result = np.empty((len(rows), N_CLASSES))
        result[rows] = columns.T
        return result

    def loss(self):
        outputs, rows, _ = self.forward()
        return SoftmaxCrossEntropy().value_and_gradient(outputs, self.targets[rows], self.weights[rows])[0]

    def gradients(self, workspace=None):
        outputs, rows, tape = self.forward(workspace)
        _, d_outputs = SoftmaxCrossEntropy().value_and_gradient(outputs, self.targets[rows], self.weights[rows])
        gradients = self.parameters.zeros_like()
        gradients.flat.fill(np.nan)
        self.network.backward(self.parameters, gradients, tape, d_outputs)
        return gradients

    def predict(self):
        result = np.empty((len(self.sequences), N_CLASSES))
        for rows, columns in predict_outputs(self.network, self.parameters, self.sequences):
            result[rows] = columns.T
        return result


@pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))
@pytest.mark.parametrize(("positions", "pooling", "embedding_dim"), OPTIONS)
def test_outputs_are_those_of_the_textbook(positions, pooling, embedding_dim, lengths):
    problem = Problem(lengths, positions, pooling, embedding_dim)
    weights = problem.network.named_weights(problem.parameters)
    outputs, predicted = problem.outputs(), problem.predict()
    for i, x in enumerate(problem.sequences.unpack()):
        expected = transformer_outputs(x, weights, N_LAYERS, N_HEADS, pooling)
        np.testing.assert_allclose(outputs[i], expected, atol=1e-12)
        np.testing.assert_allclose(predicted[i], expected, atol=1e-12)


@pytest.mark.parametrize("dropout", [0.0, 0.25])
@pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))
@pytest.mark.parametrize(("positions", "pooling", "embedding_dim"), OPTIONS)
def test_gradients_of_the_inputs(positions, pooling, embedding_dim, lengths, dropout):
    problem = Problem(lengths, positions, pooling, embedding_dim, dropout=dropout)
    if embedding_dim is not None:  # those of ids are those of their vectors, which a network without embedding reads
        found, gradients = gradient_of_inputs(problem)
        table = problem.parameters.of("embedding")["table"]
        summed = np.zeros_like(table)
        np.add.at(summed, problem.sequences.values, found)
        np.testing.assert_allclose(summed, gradients.of("embedding")["table"], atol=1e-12)
        expected = problem.outputs(training=False)
        problem.sequences = problem.sequences.with_values(table[problem.sequences.values])
        problem.network = problem.network.without_embedding()
        np.testing.assert_allclose(problem.outputs(training=False), expected, atol=1e-12)
        assert problem.network.n_features == embedding_dim
    assert problem.network.without_embedding() is problem.network
    found, _ = gradient_of_inputs(problem)
    assert_gradient(problem.loss, problem.sequences.values, found, problem.random_state)


@pytest.mark.parametrize("dropout", [0.0, 0.25])
@pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))
@pytest.mark.parametrize(("positions", "pooling", "embedding_dim"), OPTIONS)
def test_gradients_of_every_weight(positions, pooling, embedding_dim, lengths, dropout):
    problem = Problem(lengths, positions, pooling, embedding_dim, dropout=dropout)
    gradients = problem.gradients()
    assert np.isfinite(gradients.flat).all()
    for layer in problem.network.named_layers():
        for name, array in problem.parameters.of(layer).items():
            found = gradients.of(layer)[name]
            assert_gradient(problem.loss, array, found, problem.random_state, n_directions=1, rtol=1e-6)


@pytest.mark.parametrize("pooling", ["mean", "token"])
def test_a_sequence_alone_has_the_outputs_it_has_in_a_batch(pooling):
    problem = Problem(RAGGED, pooling=pooling)
    outputs = problem.predict()
    for i in range(0, len(outputs), 3):
        for _, alone in predict_outputs(problem.network, problem.parameters, problem.sequences.take([i])):
            np.testing.assert_allclose(alone[:, 0], outputs[i], atol=1e-13)


@pytest.mark.parametrize("poison", [np.nan, np.finfo(np.float64).max], ids=["NaN", "huge"])
@pytest.mark.parametrize("lengths", [np.full(6, 40), RAGGED], ids=["equal", "ragged"])
@pytest.mark.parametrize(("positions", "pooling", "embedding_dim"), OPTIONS)
def test_memory_is_written_before_it_is_read(positions, pooling, embedding_dim, lengths, poison):
    problem = Problem(lengths, positions, pooling, embedding_dim, dropout=0.3)
    expected = problem.outputs(), problem.outputs(training=False), problem.gradients().flat
    np.testing.assert_array_equal(problem.outputs(PoisonedWorkspace(poison)), expected[0])
    np.testing.assert_array_equal(problem.outputs(PoisonedWorkspace(poison), training=False), expected[1])
    np.testing.assert_array_equal(problem.gradients(PoisonedWorkspace(poison)).flat, expected[2])


def test_one_workspace_serves_batches_of_any_shape():
    problem = Problem(RAGGED, pooling="token")
    every, workspace = problem.sequences, PoisonedWorkspace(np.nan)
    for rows in ([0], [0, 5, 9], range(8), [3], range(len(every)), [1, 2], range(8)):
        problem.sequences = every.take(list(rows))
        fresh = problem.gradients().flat
        np.testing.assert_array_equal(problem.gradients(workspace).flat, fresh)
        np.testing.assert_array_equal(problem.outputs(workspace, training=False), problem.outputs(training=False))
        np.testing.assert_array_equal(problem.gradients(workspace).flat, fresh)


def test_prediction_takes_no_more_memory_for_more_blocks():
    problem = Problem(RAGGED)
    one, many = Workspace(), Workspace()
    problem.forward(many, training=False)
    problem.sequences = problem.sequences.take(np.argsort(-RAGGED, kind="stable")[:5])
    problem.forward(one, training=False)

    def held(workspace):
        return {name: flat.size for (name, _), flat in workspace._flat.items() if name != "batch.values"}

    assert held(many).keys() == held(one).keys()
    assert sum(held(many).values()) < 1.5 * sum(held(one).values())


def test_dropout_acts_in_training_only():
    problem, undropped = Problem(RAGGED, dropout=0.5), Problem(RAGGED)
    assert not np.allclose(problem.outputs(), undropped.outputs())
    np.testing.assert_array_equal(problem.predict(), undropped.predict())


def test_dropout_has_a_mask_for_every_step():
    problem = Problem(np.full(4, 6), dropout=0.5)
    _, _, (_, (tape,)) = problem.forward()
    masks = [tape.mask, *(residual.mask for residual in tape.residuals)]
    assert [mask.shape for mask in masks] == 5 * [(WIDTH, 24)]
    assert all(set(np.unique(mask)) == {0, 2} for mask in masks)
    assert len({mask.tobytes() for mask in masks}) == 5


@pytest.mark.parametrize("pooling", ["mean", "token"])
def test_float32_stays_float32(pooling):
    single, double = Problem(RAGGED, pooling=pooling, dtype=np.float32), Problem(RAGGED, pooling=pooling)
    assert single.forward()[0].dtype == np.float32
    assert single.gradients().flat.dtype == np.float32
    np.testing.assert_allclose(single.outputs(), double.outputs(), atol=1e-5)
    expected = double.gradients().flat
    assert np.linalg.norm(single.gradients().flat - expected) < 1e-4 * np.linalg.norm(expected)


def test_threads_may_predict_with_one_network():
    problem = Problem(RAGGED)
    expected = problem.predict()
    with ThreadPoolExecutor(4) as pool:
        for result in pool.map(lambda _: problem.predict(), range(12)):
            np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize("pooling", ["mean", "token"])
def test_states_are_pooled_after_the_last_normalisation(pooling):
    problem = Problem(RAGGED, pooling=pooling)
    weights, sequences = problem.network.named_weights(problem.parameters), problem.sequences.unpack()
    for rows, states in predict_states(problem.network, problem.parameters, problem.sequences):
        assert states.shape == (WIDTH, len(rows))
        for row, state in zip(rows, states.T):
            expected = transformer_pooled(sequences[row], weights, N_LAYERS, N_HEADS, pooling)
            np.testing.assert_allclose(state, expected, atol=1e-12)


def test_positions_tell_orders_apart():
    problem = Problem([7])
    forward = problem.outputs()
    problem.sequences.values[...] = problem.sequences.values[::-1].copy()
    assert not np.allclose(problem.outputs(), forward)


def test_named_weights():
    problem = Problem([9], "learned", "token", 2)
    named = problem.network.named_weights(problem.parameters)
    layers = [
        f"layer_{k}.{name}"
        for k in range(N_LAYERS)
        for name in (
            "attention_norm.gain",
            "attention_norm.bias",
            "attention.input_weights",
            "attention.input_bias",
            "attention.output_weights",
            "attention.output_bias",
            "feed_forward_norm.gain",
            "feed_forward_norm.bias",
            "feed_forward.hidden_weights",
            "feed_forward.hidden_bias",
            "feed_forward.output_weights",
            "feed_forward.output_bias",
        )
    ]
    first = ["embedding.weights", "projection.weights", "projection.bias", "token.weights", "positions.weights"]
    assert list(named) == [*first, *layers, "norm.gain", "norm.bias", "output.weights", "output.bias"]
    assert named["embedding.weights"].shape == (N_TOKENS, 2)
    assert named["projection.weights"].shape == (2, WIDTH)
    assert named["positions.weights"].shape == (9, WIDTH)
    assert named["layer_1.feed_forward.hidden_weights"].shape == (WIDTH, 6)
    assert sum(array.size for array in named.values()) == problem.parameters.flat.size
    for array in named.values():
        assert np.shares_memory(array, problem.parameters.flat)
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_ids_as_wide_as_the_states_are_not_projected():
    assert "projection" not in Problem([3], embedding_dim=WIDTH).network.named_layers()
    assert "projection" in Problem([3]).network.named_layers()
