"""The recurrent network: gradients of every weight over all its options, inference, memory."""

from concurrent.futures import ThreadPoolExecutor
from itertools import product

import numpy as np
import pytest
from textbook import CELLS, RAGGED, PoisonedWorkspace, assert_gradient, make_sequences, network_outputs

from skseq.layers import CELLS as CELL_CLASSES
from skseq.layers import Workspace, _cell, _recurrence
from skseq.networks import RecurrentNetwork
from skseq.training import Parameters, SoftmaxCrossEntropy, draw_batch, predict_outputs, predict_states

N_FEATURES, N_TOKENS, N_CLASSES = 3, 6, 3
POOLINGS = ["last", "mean", "max"]
LAYERS = [(3,), (3, 2)]
BATCHES = {"equal": np.full(8, 4), "ragged": np.random.RandomState(7).permutation(RAGGED)}


class Problem:
    """A network with random weights, sequences, targets and a loss."""

    def __init__(self, lengths, layers=(3, 2), cell="gru", seed=0, dtype=np.float64, embedded=False, **options):
        self.random_state = np.random.RandomState(seed)
        self.layers, self.cell, self.options = layers, cell, options
        self.network = RecurrentNetwork(
            N_TOKENS if embedded else N_FEATURES,
            N_CLASSES,
            layers,
            cell=cell,
            embedding_dim=2 if embedded else None,
            **options,
        )
        self.sequences = make_sequences(lengths, N_FEATURES, self.random_state, N_TOKENS if embedded else None)
        self.parameters = Parameters.initial(self.network, self.random_state, dtype)
        # Away from the initial weights, whose biases are zero and whose recurrence is orthogonal; small enough that
        # ReLU states do not explode.
        self.parameters.flat *= 0.7
        self.parameters.flat += 0.1 * self.random_state.standard_normal(self.parameters.flat.size)
        self.targets = self.random_state.randint(N_CLASSES, size=len(lengths))
        self.weights = self.random_state.uniform(0.5, 2, size=len(lengths))

    def forward(self, workspace=None, training=True):
        """Return (outputs of the rows in the order drawn, rows, tape)."""
        workspace = Workspace() if workspace is None else workspace
        rows = np.arange(len(self.sequences))
        batch, rows = draw_batch(self.sequences, rows, workspace, self.parameters.dtype)
        # The same dropout at every call.
        dropout = np.random.RandomState(5) if training else None
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


@pytest.mark.parametrize("lengths", list(BATCHES.values()), ids=list(BATCHES))
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize(("cell", "activation"), CELLS)
def test_gradients_of_every_weight(cell, activation, bidirectional, lengths):
    for pooling, layers, embedded, dropout in product(POOLINGS, LAYERS, [False, True], [0.0, 0.4]):
        problem = Problem(
            lengths,
            layers,
            cell,
            activation=activation,
            bidirectional=bidirectional,
            pooling=pooling,
            embedded=embedded,
            dropout=dropout,
        )
        gradients = problem.gradients()
        for layer in problem.network.named_layers():
            for name, array in problem.parameters.of(layer).items():
                found = gradients.of(layer)[name]
                assert_gradient(problem.loss, array, found, problem.random_state, n_directions=1, rtol=2e-7)


@pytest.mark.parametrize("lengths", [[7], [1], [1, 1, 1], [1, 3]], ids=str)
@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize(("cell", "activation"), CELLS)
def test_gradients_of_tiny_batches(cell, activation, pooling, lengths):
    problem = Problem(lengths, (2, 2), cell, activation=activation, bidirectional=True, pooling=pooling)
    gradients = problem.gradients()
    assert_gradient(problem.loss, problem.parameters.flat, gradients.flat, problem.random_state, rtol=2e-7)


def options():
    return [
        {"cell": cell, "activation": activation, "bidirectional": bidirectional, "pooling": pooling}
        for (cell, activation), bidirectional, pooling in product(CELLS, [False, True], POOLINGS)
    ]


@pytest.mark.parametrize("embedded", [False, True], ids=["measurements", "ids"])
@pytest.mark.parametrize("lengths", list(BATCHES.values()), ids=list(BATCHES))
@pytest.mark.parametrize("options", options(), ids=lambda o: "-".join(map(str, o.values())))
def test_outputs_are_those_of_the_textbook(options, lengths, embedded):
    problem = Problem(lengths, embedded=embedded, **options)
    weights = problem.network.named_weights(problem.parameters)
    outputs = problem.outputs()
    for i, x in enumerate(problem.sequences.unpack()):
        np.testing.assert_allclose(outputs[i], network_outputs(x, weights, 2, **options), atol=1e-12)


LONG = np.r_[300, 299, 250, 130, RAGGED, 77, 77]


@pytest.mark.parametrize("record_bytes", [1, 3000, 30_000])
@pytest.mark.parametrize("lengths", [np.full(6, 90), LONG], ids=["equal", "ragged"])
@pytest.mark.parametrize("options", options()[::2], ids=lambda o: "-".join(map(str, o.values())))
def test_inference_equals_the_training_pass(options, lengths, record_bytes, monkeypatch):
    problem = Problem(lengths, **options)
    outputs = problem.outputs()
    # Many segments, of different numbers of steps in the two layers, take turns in one stretch of memory.
    monkeypatch.setattr(_recurrence, "RECORD_BYTES", record_bytes)
    np.testing.assert_allclose(problem.predict(), outputs, atol=1e-12)


@pytest.mark.parametrize("options", options(), ids=lambda o: "-".join(map(str, o.values())))
def test_a_sequence_alone_has_the_outputs_it_has_in_a_batch(options):
    problem = Problem(BATCHES["ragged"], **options)
    outputs = problem.predict()
    for i in range(0, len(outputs), 3):
        for _, alone in predict_outputs(problem.network, problem.parameters, problem.sequences.take([i])):
            np.testing.assert_allclose(alone[:, 0], outputs[i], atol=1e-13)


@pytest.mark.parametrize("poison", [np.nan, np.finfo(np.float64).max], ids=["NaN", "huge"])
@pytest.mark.parametrize("lengths", [np.full(6, 40), LONG], ids=["equal", "ragged"])
@pytest.mark.parametrize("options", options(), ids=lambda o: "-".join(map(str, o.values())))
def test_memory_is_written_before_it_is_read(options, lengths, poison, monkeypatch):
    monkeypatch.setattr(_cell, "CACHE_BYTES", 5000)
    monkeypatch.setattr(_recurrence, "RECORD_BYTES", 5000)
    problem = Problem(lengths, layers=(3, 2), dropout=0.3, **options)
    expected = problem.outputs(), problem.outputs(training=False), problem.gradients().flat
    # The largest of all numbers overflows where it is used, which is a warning, and warnings are errors.
    np.testing.assert_array_equal(problem.outputs(PoisonedWorkspace(poison)), expected[0])
    np.testing.assert_array_equal(problem.outputs(PoisonedWorkspace(poison), training=False), expected[1])
    np.testing.assert_array_equal(problem.gradients(PoisonedWorkspace(poison)).flat, expected[2])


@pytest.mark.parametrize("options", options()[::5], ids=lambda o: "-".join(map(str, o.values())))
def test_one_workspace_serves_batches_of_any_shape(options):
    problem = Problem(LONG, **options)
    every, workspace = problem.sequences, PoisonedWorkspace(np.nan)
    for rows in ([0], [0, 5, 9], range(8), [3], range(len(every)), [1, 2], range(8)):
        problem.sequences = every.take(list(rows))
        fresh = problem.gradients().flat
        np.testing.assert_array_equal(problem.gradients(workspace).flat, fresh)
        np.testing.assert_array_equal(problem.outputs(workspace, training=False), problem.outputs(training=False))
        np.testing.assert_array_equal(problem.gradients(workspace).flat, fresh)


def test_dropout_acts_in_training_only():
    problem = Problem(BATCHES["ragged"], dropout=0.5)
    undropped = Problem(BATCHES["ragged"], dropout=0.0)
    assert not np.allclose(problem.outputs(), undropped.outputs())
    np.testing.assert_array_equal(problem.predict(), undropped.predict())


def test_dropout_keeps_the_mean():
    lengths = np.full(2000, 3)
    problem = Problem(lengths, layers=(20,), dropout=0.5)
    undropped = Problem(lengths, layers=(20,), dropout=0.0)
    np.testing.assert_allclose(problem.outputs().mean(axis=0), undropped.outputs().mean(axis=0), atol=0.03)


def test_dropout_drops_a_unit_of_a_sequence_at_all_its_steps():
    problem = Problem(np.full(4, 6), layers=(5, 2), dropout=0.5)
    first, second = problem.forward()[2].layers
    assert first.mask.shape == (5, 4)
    inputs = second.passes[0].batch.values
    np.testing.assert_array_equal(inputs == 0, np.broadcast_to(first.mask == 0, inputs.shape))


@pytest.mark.parametrize(("cell", "activation"), CELLS)
def test_float32_stays_float32(cell, activation):
    single = Problem(BATCHES["ragged"], cell=cell, activation=activation, bidirectional=True, dtype=np.float32)
    double = Problem(BATCHES["ragged"], cell=cell, activation=activation, bidirectional=True)
    assert single.forward()[0].dtype == np.float32
    assert single.gradients().flat.dtype == np.float32
    np.testing.assert_allclose(single.outputs(), double.outputs(), atol=1e-5)
    expected = double.gradients().flat
    assert np.linalg.norm(single.gradients().flat - expected) < 1e-4 * np.linalg.norm(expected)


def test_threads_may_predict_with_one_network():
    problem = Problem(LONG, bidirectional=True)
    expected = problem.predict()
    with ThreadPoolExecutor(4) as pool:
        for result in pool.map(lambda _: problem.predict(), range(12)):
            np.testing.assert_array_equal(result, expected)


@pytest.mark.parametrize(
    ("layers", "bidirectional", "embedded", "expected"),
    [((9,), False, False, 1), ((9,), True, True, 2), ((9, 3), False, False, 9), ((9, 3, 5), True, True, 18)],
)
def test_values_per_step_are_the_widest_between_the_layers(layers, bidirectional, embedded, expected):
    network = Problem([3], layers, bidirectional=bidirectional, embedded=embedded).network
    assert network.values_per_step == expected


def test_states_are_the_pooled_states_of_the_last_layer():
    problem = Problem(BATCHES["ragged"], layers=(3, 2), bidirectional=True)
    for rows, states in predict_states(problem.network, problem.parameters, problem.sequences):
        assert states.shape == (4, len(rows))
        outputs = problem.network.outputs(problem.parameters, states)
        np.testing.assert_allclose(outputs, problem.predict()[rows].T, atol=1e-14)


NAMES = {
    "rnn": ["input_weights", "recurrent_weights", "bias"],
    "lstm": ["input_weights", "recurrent_weights", "bias"],
    "gru": ["input_weights", "recurrent_weights", "bias", "candidate_recurrent_bias"],
}


@pytest.mark.parametrize("cell", list(NAMES))
def test_named_weights(cell):
    problem = Problem([3], layers=(4, 2), cell=cell, bidirectional=True, embedded=True)
    named = problem.network.named_weights(problem.parameters)
    own = [f"layer_{k}.{d}.{name}" for k in (0, 1) for d in ("forward", "backward") for name in NAMES[cell]]
    assert list(named) == ["embedding.weights", *own, "output.weights", "output.bias"]
    gates = len(CELL_CLASSES[cell].gates)
    assert named["embedding.weights"].shape == (N_TOKENS, 2)
    assert named["layer_0.forward.input_weights"].shape == (2, gates * 4)
    assert named["layer_1.backward.input_weights"].shape == (8, gates * 2)
    assert named["layer_1.backward.recurrent_weights"].shape == (2, gates * 2)
    assert named["output.weights"].shape == (4, N_CLASSES)
    assert sum(array.size for array in named.values()) == problem.parameters.flat.size


def test_named_weights_of_one_direction_have_plain_names():
    problem = Problem([3], layers=(4,), cell="rnn")
    assert list(problem.network.named_weights(problem.parameters)) == [
        "layer_0.input_weights",
        "layer_0.recurrent_weights",
        "layer_0.bias",
        "output.weights",
        "output.bias",
    ]


def test_named_weights_cannot_be_written():
    problem = Problem([3], embedded=True)
    for array in problem.network.named_weights(problem.parameters).values():
        assert np.shares_memory(array, problem.parameters.flat)
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
