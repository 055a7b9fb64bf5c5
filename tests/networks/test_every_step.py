"""The recurrent network with outputs at every step, with first states made of a context, and carried over windows."""

from itertools import product

import numpy as np
import pytest
from textbook import CELLS, RAGGED, PoisonedWorkspace, assert_gradient, make_sequences, network_outputs

from skseq.layers import Workspace
from skseq.networks import RecurrentNetwork
from skseq.sequences import Sequences
from skseq.training import Parameters, SoftmaxCrossEntropy, draw_batch, predict_outputs, target_places, windows_of

N_FEATURES, N_TOKENS, N_CLASSES, N_CONTEXT = 3, 6, 3, 2
BATCHES = {"equal": np.full(8, 4), "ragged": np.random.RandomState(7).permutation(RAGGED), "one step": np.array([1])}
LENGTHS = pytest.mark.parametrize("lengths", list(BATCHES.values()), ids=list(BATCHES))
KINDS = pytest.mark.parametrize(("cell", "activation"), CELLS)


class Problem:
    """A network with random weights, sequences, a target and a weight for every step, and a loss."""

    def __init__(self, lengths, layers=(3, 2), cell="gru", seed=0, embedded=False, n_context=0, **options):
        self.random_state = np.random.RandomState(seed)
        self.layers, self.cell, self.options = layers, cell, options
        self.network = RecurrentNetwork(
            N_TOKENS if embedded else N_FEATURES,
            N_CLASSES,
            layers,
            cell=cell,
            pooling="none",
            embedding_dim=2 if embedded else None,
            n_context=n_context,
            **options,
        )
        sequences = make_sequences(lengths, N_FEATURES, self.random_state, N_TOKENS if embedded else None)
        context = self.random_state.standard_normal((len(lengths), n_context)) if n_context else None
        self.sequences = Sequences(sequences.values, sequences.lengths, sequences.form, sequences.container, context)
        self.parameters = Parameters.initial(self.network, self.random_state, np.float64)
        self.parameters.flat *= 0.7
        self.parameters.flat += 0.1 * self.random_state.standard_normal(self.parameters.flat.size)
        self.targets = self.random_state.randint(N_CLASSES, size=sum(lengths))
        self.weights = self.random_state.uniform(0.5, 2, size=sum(lengths))

    def forward(self, workspace, window=None, carried=None, rows=None):
        """Return (outputs, their places, tape)."""
        rows = np.arange(len(self.sequences)) if rows is None else rows
        batch, rows = draw_batch(self.sequences, rows, workspace, self.parameters.dtype, window)
        given = {} if carried is None else {"carried": carried}
        pooled, tape = self.network.forward(
            self.parameters, batch, workspace, np.random.RandomState(5), training=True, **given
        )
        places = target_places(self.network, self.sequences, batch, rows, window[0] if window else 0)
        return self.network.outputs(self.parameters, pooled), places, tape

    def loss(self, **settings):
        outputs, places, _ = self.forward(Workspace(), **settings)
        return SoftmaxCrossEntropy().value_and_gradient(outputs, self.targets[places], self.weights[places])[0]

    def gradients(self, workspace=None, **settings):
        outputs, places, tape = self.forward(workspace or PoisonedWorkspace(np.nan), **settings)
        _, d_outputs = SoftmaxCrossEntropy().value_and_gradient(outputs, self.targets[places], self.weights[places])
        gradients = self.parameters.zeros_like()
        gradients.flat.fill(np.nan)
        self.network.backward(self.parameters, gradients, tape, d_outputs)
        return gradients

    def outputs(self, workspace=None, **settings):
        """Return the outputs (total_steps, classes), NaN for steps that are not drawn."""
        columns, places, _ = self.forward(workspace or Workspace(), **settings)
        result = np.full((len(self.targets), N_CLASSES), np.nan)
        result[places] = columns.T
        return result

    def textbook(self):
        weights = self.network.named_weights(self.parameters)
        return [
            network_outputs(x, weights, len(self.layers), self.cell, pooling="none", **self.options)
            for x in self.sequences.unpack()
        ]


@LENGTHS
@pytest.mark.parametrize("bidirectional", [False, True])
@KINDS
def test_outputs_are_those_of_the_textbook(cell, activation, bidirectional, lengths):
    for layers, embedded in product([(3,), (3, 2)], [False, True]):
        problem = Problem(lengths, layers, cell, activation=activation, bidirectional=bidirectional, embedded=embedded)
        expected = np.concatenate(problem.textbook())
        np.testing.assert_allclose(problem.outputs(), expected, atol=1e-12)
        predicted = np.full(expected.shape, np.nan)
        for places, columns in predict_outputs(problem.network, problem.parameters, problem.sequences):
            predicted[places] = columns.T
        np.testing.assert_allclose(predicted, expected, atol=1e-12)


@LENGTHS
@pytest.mark.parametrize("bidirectional", [False, True])
@KINDS
def test_gradients_of_every_weight(cell, activation, bidirectional, lengths):
    for layers, embedded, dropout in product([(3,), (3, 2)], [False, True], [0.0, 0.4]):
        problem = Problem(
            lengths,
            layers,
            cell,
            activation=activation,
            bidirectional=bidirectional,
            embedded=embedded,
            dropout=dropout,
        )
        gradients = problem.gradients()
        assert_gradient(problem.loss, problem.parameters.flat, gradients.flat, problem.random_state, rtol=2e-7)


@LENGTHS
@pytest.mark.parametrize("embedded", [False, True])
@KINDS
def test_gradients_through_first_states_made_of_a_context(cell, activation, embedded, lengths):
    problem = Problem(lengths, (3, 2), cell, activation=activation, embedded=embedded, n_context=N_CONTEXT)
    gradients = problem.gradients()
    for layer in problem.network.named_layers():
        for name, array in problem.parameters.of(layer).items():
            found = gradients.of(layer)[name]
            assert np.abs(found).max() > 0 or lengths[0] == 1
            # The loss is a sum over many steps, of which the first state changes little: differences round off.
            assert_gradient(problem.loss, array, found, problem.random_state, rtol=2e-6)


def test_a_context_matters_from_the_first_step_on():
    problem = Problem(np.full(2, 3), n_context=N_CONTEXT)
    before = problem.outputs()
    problem.sequences.context[1] += 1
    changed = (problem.outputs() != before).any(axis=1)
    np.testing.assert_array_equal(changed, [False] * 3 + [True] * 3)


@LENGTHS
@pytest.mark.parametrize("n_context", [0, N_CONTEXT])
@KINDS
def test_windows_give_the_outputs_of_whole_sequences(cell, activation, n_context, lengths):
    problem = Problem(lengths, (3, 2), cell, activation=activation, n_context=n_context)
    workspace, carried = Workspace(), None
    result = np.full((len(problem.targets), N_CLASSES), np.nan)
    for rows, window in windows_of(np.arange(len(lengths)), problem.sequences.lengths, 3):
        columns, places, tape = problem.forward(workspace, window, carried, rows)
        result[places] = columns.T
        carried = problem.network.carry(tape)
    np.testing.assert_allclose(result, problem.outputs(), atol=1e-12)


@KINDS
def test_gradients_of_a_window_take_what_is_carried_as_given(cell, activation):
    problem = Problem(BATCHES["ragged"], (3, 2), cell, activation=activation, n_context=N_CONTEXT)
    (first, _), (rows, window) = list(windows_of(np.arange(26), problem.sequences.lengths, 3))[:2]
    *_, tape = problem.forward(Workspace(), (0, 3), rows=first)
    settings = {"window": window, "carried": problem.network.carry(tape), "rows": rows}
    gradients = problem.gradients(**settings)
    assert not gradients.of("initial_0")["kernel"].any()
    assert_gradient(
        lambda: problem.loss(**settings), problem.parameters.flat, gradients.flat, problem.random_state, rtol=2e-7
    )


def test_windows_hold_the_longest_first():
    rows, lengths = np.array([4, 7, 9]), np.array([2, 5, 3])
    windows = [(list(some), window) for some, window in windows_of(rows, lengths, 2)]
    assert windows == [([7, 9, 4], (0, 2)), ([7, 9], (2, 4)), ([7], (4, 6))]
    assert list(windows_of(rows, lengths, None)) == [(rows, None)]
