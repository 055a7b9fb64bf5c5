"""Encoder and decoder: outputs of the textbook, gradients of every weight, batches, the decoder step by step."""

from itertools import product

import numpy as np
import pytest
from textbook import CELLS, RAGGED, PoisonedWorkspace, assert_gradient, translate

from skseq.layers import Workspace
from skseq.networks import EncoderDecoder, StepDecoder
from skseq.sequences import Sequences
from skseq.training import Parameters, SoftmaxCrossEntropy, attend, draw_batch, predict_outputs, target_places

N_SOURCE, N_TARGET = 6, 5
BATCHES = {
    "equal": np.full(8, 4),
    "ragged": np.random.RandomState(7).permutation(RAGGED),
    "one step": np.array([1]),
}
SOURCES = pytest.mark.parametrize("lengths", list(BATCHES.values()), ids=list(BATCHES))
KINDS = pytest.mark.parametrize(("cell", "activation"), CELLS)
WAYS = pytest.mark.parametrize(("bidirectional", "attention"), list(product([False, True], [False, True])))


def make_pairs(lengths, random_state, longest=6):
    """Random sources of ``lengths`` and random targets of 0 to ``longest`` tokens, the first one empty."""
    targets = [
        random_state.randint(1, N_TARGET, size=size) for size in random_state.randint(longest + 1, size=len(lengths))
    ]
    targets[0] = targets[0][:0]
    context = np.full((len(lengths), longest + 3), -1, dtype=np.int32)
    for row, target in zip(context, targets):
        row[: len(target) + 1] = [0, *target]
    values = random_state.randint(N_SOURCE, size=sum(lengths))
    return Sequences(values, np.array(lengths), "token lists", "list", context), targets


class Problem:
    """A network with random weights, pairs, a class and a weight for every step of the targets, and a loss."""

    def __init__(self, lengths, layers=(3, 2), cell="gru", seed=0, dtype=np.float64, **options):
        self.random_state = np.random.RandomState(seed)
        self.layers, self.cell, self.options = layers, cell, options
        self.network = EncoderDecoder(N_SOURCE, N_TARGET, layers, cell=cell, embedding_dim=2, **options)
        self.sequences, self.targets = make_pairs(lengths, self.random_state)
        self.parameters = Parameters.initial(self.network, self.random_state, dtype)
        self.parameters.flat *= 0.7
        self.parameters.flat += 0.1 * self.random_state.standard_normal(self.parameters.flat.size)
        if self.network.attention is not None:
            for array in self.parameters.of("attention").values():
                array *= 3  # so that it has something to say
        total = self.sequences.context_lengths.sum()
        self.classes = self.random_state.randint(N_TARGET, size=total)
        self.weights = self.random_state.uniform(0.5, 2, size=total)

    def forward(self, workspace=None, training=True):
        """Return (outputs, their places, tape)."""
        workspace = Workspace() if workspace is None else workspace
        rows = np.arange(len(self.sequences))
        batch, rows = draw_batch(self.sequences, rows, workspace, self.parameters.dtype)
        dropout = np.random.RandomState(5) if training else None
        states, tape = self.network.forward(self.parameters, batch, workspace, dropout, training)
        places = target_places(self.network, self.sequences, batch, rows)
        return self.network.outputs(self.parameters, states), places, tape

    def loss(self):
        outputs, places, _ = self.forward()
        return SoftmaxCrossEntropy().value_and_gradient(outputs, self.classes[places], self.weights[places])[0]

    def gradients(self, workspace=None):
        outputs, places, tape = self.forward(workspace or PoisonedWorkspace(np.nan))
        _, d_outputs = SoftmaxCrossEntropy().value_and_gradient(outputs, self.classes[places], self.weights[places])
        gradients = self.parameters.zeros_like()
        gradients.flat.fill(np.nan)
        self.network.backward(self.parameters, gradients, tape, d_outputs)
        return gradients

    def outputs(self, training=False):
        """Return the outputs (total target steps, tokens)."""
        columns, places, _ = self.forward(PoisonedWorkspace(np.nan), training)
        result = np.full((len(self.classes), N_TARGET), np.nan)
        result[places] = columns.T
        return result

    def textbook(self):
        """Return outputs and weights of the attention for each pair."""
        weights = self.network.named_weights(self.parameters)
        options = {name: value for name, value in self.options.items() if name in ("activation", "bidirectional")}
        sources = np.split(self.sequences.values, self.sequences.starts[1:])
        return [
            translate(source, target, weights, len(self.layers), self.cell, **options)
            for source, target in zip(sources, self.targets)
        ]


@SOURCES
@WAYS
@KINDS
def test_outputs_are_those_of_the_textbook(cell, activation, bidirectional, attention, lengths):
    for layers in [(3,), (3, 2)]:
        problem = Problem(
            lengths, layers, cell, activation=activation, bidirectional=bidirectional, attention=attention
        )
        expected = np.concatenate([outputs for outputs, _ in problem.textbook()])
        for training in (False, True):
            np.testing.assert_allclose(problem.outputs(training), expected, atol=1e-12)
        predicted = np.full(expected.shape, np.nan)
        for places, columns in predict_outputs(problem.network, problem.parameters, problem.sequences):
            predicted[places] = columns.T
        np.testing.assert_allclose(predicted, expected, atol=1e-12)


@SOURCES
def test_the_attention_is_that_of_the_textbook(lengths):
    problem = Problem(lengths, bidirectional=True)
    found = [None] * len(lengths)
    for rows, weights in attend(problem.network, problem.parameters, problem.sequences):
        for row, own in zip(rows, weights):
            found[row] = own
    for own, target, length, (_, expected) in zip(found, problem.targets, lengths, problem.textbook()):
        assert own.shape == (len(target), length)
        np.testing.assert_allclose(own, expected[:-1], atol=1e-13)  # not what the end looked at


@SOURCES
@WAYS
@KINDS
def test_gradients_of_every_weight(cell, activation, bidirectional, attention, lengths):
    for layers, dropout in product([(3,), (3, 2)], [0.0, 0.4]):
        problem = Problem(
            lengths,
            layers,
            cell,
            activation=activation,
            bidirectional=bidirectional,
            attention=attention,
            dropout=dropout,
        )
        gradients = problem.gradients()
        largest = np.linalg.norm(gradients.flat)
        for layer in problem.network.named_layers():
            for name, array in problem.parameters.of(layer).items():
                found = gradients.of(layer)[name]
                # Some of the gradients are small beside the loss, whose differences round off.
                rtol = 2e-7 * max(1, 0.1 * largest / (np.linalg.norm(found) + 1e-3))
                assert_gradient(problem.loss, array, found, problem.random_state, n_directions=1, rtol=rtol)


@pytest.mark.parametrize("attention", [False, True])
def test_every_weight_has_a_gradient(attention):
    problem = Problem(BATCHES["ragged"], bidirectional=True, attention=attention)
    gradients = problem.gradients()
    for layer in problem.network.named_layers():
        for name in problem.parameters.of(layer):
            assert np.abs(gradients.of(layer)[name]).max() > 1e-4, (layer, name)


@pytest.mark.parametrize("attention", [False, True])
def test_a_pair_alone_has_the_outputs_it_has_among_others(attention):
    problem = Problem(BATCHES["ragged"], bidirectional=True, attention=attention)
    together, sequences = problem.outputs(), problem.sequences
    for row in range(0, len(sequences), 3):
        problem.sequences = sequences.take([row])
        problem.classes = np.zeros(problem.sequences.context_lengths[0], dtype=int)
        np.testing.assert_allclose(problem.outputs(), together[sequences.context_rows([row])], atol=1e-13)


def test_memory_that_is_used_again_changes_nothing():
    workspace = Workspace()
    small, large = Problem(np.array([2, 1]), seed=1), Problem(BATCHES["ragged"])
    expected = [problem.gradients().flat for problem in (small, large)]
    for problem, own in [(small, expected[0]), (large, expected[1]), (small, expected[0])]:
        np.testing.assert_array_equal(problem.gradients(workspace).flat, own)


@KINDS
def test_float32_stays_float32(cell, activation):
    single, double = (
        Problem(BATCHES["ragged"], cell=cell, activation=activation, dtype=dtype) for dtype in (np.float32, np.float64)
    )
    assert single.forward()[0].dtype == np.float32
    assert single.gradients().flat.dtype == np.float32
    np.testing.assert_allclose(single.outputs(), double.outputs(), atol=1e-5)
    expected = double.gradients().flat
    assert np.linalg.norm(single.gradients().flat - expected) < 1e-4 * np.linalg.norm(expected)


@SOURCES
@pytest.mark.parametrize("attention", [False, True])
@KINDS
def test_the_decoder_step_by_step_gives_the_probabilities_of_teacher_forcing(cell, activation, attention, lengths):
    problem = Problem(lengths, cell=cell, activation=activation, attention=attention)
    outputs = problem.outputs()
    expected = outputs - np.log(np.exp(outputs).sum(axis=1, keepdims=True))
    workspace = PoisonedWorkspace(np.nan)
    batch, rows = draw_batch(problem.sequences, np.arange(len(lengths)), workspace, problem.parameters.dtype)
    beams = 2
    decoder = StepDecoder(problem.network, problem.parameters, batch, workspace, beams)
    other = np.full(len(rows), 3)  # the second target of each source
    for t in range(problem.sequences.context_lengths.max()):
        tokens = np.maximum(problem.sequences.context[rows, t], 0)
        found = decoder.step(np.column_stack([tokens, other]))
        assert found.shape == (len(rows), beams, N_TARGET)
        going_on = problem.sequences.context_lengths[rows] > t
        places = problem.sequences.context_starts[rows[going_on]] + t
        np.testing.assert_allclose(found[going_on, 0], expected[places], atol=1e-12)
        if t == 2:  # two of each, in the other order; then without some sources
            decoder.follow(np.array([[1, 0]] * len(rows)))
            decoder.follow(np.array([[1, 0]] * len(rows)))
            kept = np.flatnonzero(going_on)
            decoder.take(kept)
            rows, other = rows[kept], other[kept]


def test_following_a_target_goes_on_from_its_state():
    problem = Problem(np.array([3, 2]))
    workspace = Workspace()
    batch, _ = draw_batch(problem.sequences, np.arange(2), workspace, problem.parameters.dtype)
    decoder = StepDecoder(problem.network, problem.parameters, batch, workspace, 3)
    decoder.step(np.array([[1, 2, 3], [1, 2, 3]]))
    decoder.follow(np.array([[2, 0, 0], [1, 1, 1]]))
    found = decoder.step(np.full((2, 3), 4))
    np.testing.assert_allclose(found[0, 1], found[0, 2], atol=1e-14)
    np.testing.assert_allclose(found[1, 0], found[1, 2], atol=1e-14)
    assert np.abs(found[0, 0] - found[0, 1]).max() > 1e-3


def test_named_weights():
    problem = Problem(np.array([2]), (4, 3), "gru", bidirectional=True)
    named = problem.network.named_weights(problem.parameters)
    cell = ["input_weights", "recurrent_weights", "bias", "candidate_recurrent_bias"]
    assert list(named) == [
        "encoder.embedding.weights",
        *[f"encoder.layer_{k}.{way}.{name}" for k in (0, 1) for way in ("forward", "backward") for name in cell],
        "initial.weights",
        "initial.bias",
        "decoder.embedding.weights",
        "attention.query_weights",
        "attention.memory_weights",
        "attention.score_weights",
        *[f"decoder.{name}" for name in cell],
        "output.weights",
        "output.bias",
    ]
    assert named["attention.memory_weights"].shape == (6, 3)
    assert named["decoder.input_weights"].shape == (2 + 6, 9)
    assert named["output.weights"].shape == (3 + 6, N_TARGET)
    assert sum(array.size for array in named.values()) == problem.parameters.flat.size
    with pytest.raises(ValueError, match="read-only"):
        named["output.bias"][...] = 0
