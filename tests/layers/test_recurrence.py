"""One direction of a recurrent layer: gradients of weights and inputs, segments, chunks and memory."""

import numpy as np
import pytest
from textbook import CELLS, LENGTHS, RAGGED, STATES, PoisonedWorkspace, assert_gradient

from skseq import _blas
from skseq.layers import CELLS as CELL_CLASSES
from skseq.layers import Recurrence, StepBatch, Workspace, _cell, _products, _recurrence

UNITS, FEATURES = 3, 2
KINDS = pytest.mark.parametrize(("cell", "activation"), CELLS)
BATCHES = pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))


class Problem:
    """A layer with random weights, a batch, and a loss that weighs every valid state at random."""

    def __init__(self, cell, activation, lengths, seed=0, dtype=np.float64, units=UNITS):
        self.random_state = np.random.RandomState(seed)
        self.layer = Recurrence(CELL_CLASSES[cell](FEATURES, units, activation))
        draw = self.random_state.standard_normal
        # Small enough that ReLU states do not explode over many steps.
        self.weights = {name: (0.3 * draw(shape)).astype(dtype) for name, shape in self.layer.shapes().items()}
        self.batch = StepBatch(draw((lengths[0], FEATURES, len(lengths))).astype(dtype), lengths)
        self.valid = (np.arange(lengths[0])[:, None] < lengths)[:, None, :]
        self.factors = draw((lengths[0], units, len(lengths))) * self.valid

    def cache_bytes(self, steps):
        """Return the bytes that the gates of so many steps take."""
        return steps * self.layer.cell.slots * UNITS * self.batch.size * 8

    def record_bytes(self, steps):
        """Return the bytes that the columns [h; 1; x] of so many steps take."""
        return steps * (UNITS + 1 + FEATURES) * self.batch.size * 8

    def run(self, workspace=None, training=True):
        """Return the pass and its states (steps, units, batch), zero where a sequence has ended."""
        workspace = Workspace() if workspace is None else workspace
        one_pass = self.layer.forward(self.weights, self.batch, workspace, "layer", training)
        states = np.zeros(self.factors.shape, dtype=self.weights["kernel"].dtype)
        for segment, some in one_pass.states():
            states[segment.start : segment.stop, :, : segment.width] = some
        return one_pass, np.where(self.valid, states, 0)

    def loss(self):
        return (self.run()[1] * self.factors).sum()

    def step_gradients(self):
        return [(0, factor[:, :width]) for factor, width in zip(self.factors, self.batch.widths)]

    def gradients(self, workspace=None, step_gradients=None):
        """Return the gradients of the weights and of the inputs, the latter None outside the valid steps."""
        one_pass, _ = self.run(workspace)
        gradients = {name: np.full_like(array, np.nan) for name, array in self.weights.items()}
        steps = self.step_gradients() if step_gradients is None else step_gradients
        d_inputs = one_pass.backward(gradients, steps, need_input=True)
        return gradients, d_inputs.copy()


@BATCHES
@KINDS
def test_gradients_of_the_weights(cell, activation, lengths):
    problem = Problem(cell, activation, lengths)
    gradients, _ = problem.gradients()
    for name, array in problem.weights.items():
        assert_gradient(problem.loss, array, gradients[name], problem.random_state)


@BATCHES
@KINDS
def test_gradients_of_the_inputs(cell, activation, lengths):
    problem = Problem(cell, activation, lengths)
    _, d_inputs = problem.gradients()
    assert_gradient(problem.loss, problem.batch.values, d_inputs, problem.random_state)


@KINDS
def test_gradient_of_every_single_weight(cell, activation):
    problem = Problem(cell, activation, np.array([3, 2]))
    gradients, _ = problem.gradients()
    for name, array in problem.weights.items():
        for place in np.ndindex(array.shape):
            kept, values = array[place], []
            for step in (1e-6, -1e-6):
                array[place] = kept + step
                values.append(problem.loss())
            array[place] = kept
            np.testing.assert_allclose(gradients[name][place], (values[0] - values[1]) / 2e-6, atol=1e-8)


@BATCHES
@KINDS
def test_inputs_beyond_the_end_of_a_sequence_have_no_gradient(cell, activation, lengths):
    _, d_inputs = (problem := Problem(cell, activation, lengths)).gradients()
    assert (np.where(problem.valid, 0, d_inputs) == 0).all()


@BATCHES
@KINDS
def test_states_are_those_of_the_textbook(cell, activation, lengths):
    problem = Problem(cell, activation, lengths)
    weights = problem.layer.cell.named(problem.weights)
    _, states = problem.run()
    for i, length in enumerate(lengths):
        expected = STATES[cell](problem.batch.values[:length, :, i], weights, activation)
        np.testing.assert_allclose(states[:length, :, i], expected, atol=1e-13)


def test_the_ragged_batch_has_many_segments():
    batch = Problem("rnn", "tanh", RAGGED).batch
    assert len(batch.segments) > 5
    assert any(batch.valid(segment) is not None for segment in batch.segments)


@BATCHES
@KINDS
def test_padding_changes_nothing(cell, activation, lengths):
    problem = Problem(cell, activation, lengths)
    _, states = problem.run()
    gradients, d_inputs = problem.gradients()
    problem.batch.values[...] = np.where(problem.valid, problem.batch.values, 1e5)
    np.testing.assert_array_equal(problem.run()[1], states)
    padded, padded_inputs = problem.gradients()
    np.testing.assert_array_equal(padded_inputs, d_inputs)
    for name, gradient in gradients.items():
        np.testing.assert_array_equal(padded[name], gradient)


@BATCHES
@KINDS
def test_a_sequence_alone_has_the_states_it_has_in_a_batch(cell, activation, lengths):
    problem = Problem(cell, activation, lengths)
    _, states = problem.run()
    values = problem.batch.values
    for i in range(0, len(lengths), 5):
        problem.batch = StepBatch(values[: lengths[i], :, i : i + 1].copy(), lengths[i : i + 1])
        problem.valid = np.ones((lengths[i], 1, 1), dtype=bool)
        problem.factors = np.zeros((lengths[i], UNITS, 1))
        np.testing.assert_allclose(problem.run()[1][:, :, 0], states[: lengths[i], :, i], atol=1e-14)


@BATCHES
@KINDS
def test_small_chunks_give_the_same(cell, activation, lengths, monkeypatch):
    problem = Problem(cell, activation, lengths)
    _, states = problem.run()
    gradients, d_inputs = problem.gradients()
    monkeypatch.setattr(_cell, "CACHE_BYTES", problem.cache_bytes(1))
    monkeypatch.setattr(_products, "PRODUCT_COLUMNS", 10)
    assert problem.run()[0].memory.at(len(lengths)).chunk == 1
    np.testing.assert_array_equal(problem.run()[1], states)
    chunked, chunked_inputs = problem.gradients()
    np.testing.assert_allclose(chunked_inputs, d_inputs, atol=1e-13)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(chunked[name], gradient, atol=1e-12)


@BATCHES
@KINDS
def test_blocks_of_products_give_the_same(cell, activation, lengths, monkeypatch):
    monkeypatch.setattr(_blas, "leaves_unpacked", lambda: False)
    whole = Problem(cell, activation, lengths, units=16)
    _, states = whole.run()
    gradients, d_inputs = whole.gradients()
    monkeypatch.setattr(_blas, "leaves_unpacked", lambda: True)
    monkeypatch.setattr(_blas, "UNPACKED_MULTIPLICATIONS", 8 * 16 * len(whole.layer.cell.gates) * len(lengths))
    monkeypatch.setattr(_products, "BLOCK_ROWS", 4)
    _products._gradient_blocks.cache_clear()
    try:
        one_pass, blocked = whole.run()
        assert one_pass.memory.at(len(lengths)).forward_product.blocks > 1
        assert one_pass.memory.at(len(lengths)).backward_product.blocks > 1
        np.testing.assert_allclose(blocked, states, atol=1e-14)
        found, found_inputs = whole.gradients()
    finally:
        _products._gradient_blocks.cache_clear()
    np.testing.assert_allclose(found_inputs, d_inputs, atol=1e-13)
    for name, gradient in gradients.items():
        np.testing.assert_allclose(found[name], gradient, atol=1e-12)


@pytest.mark.parametrize("steps", [1, 7, 60])
@pytest.mark.parametrize("lengths", [np.full(3, 200), np.sort(np.r_[RAGGED, 150])[::-1]], ids=["equal", "ragged"])
@KINDS
def test_prediction_in_a_ring_of_memory_equals_training(cell, activation, lengths, steps, monkeypatch):
    problem = Problem(cell, activation, lengths)
    _, states = problem.run()
    monkeypatch.setattr(_recurrence, "RECORD_BYTES", problem.record_bytes(steps))
    one_pass, predicted = problem.run(training=False)
    assert len(one_pass.segments) > len(problem.batch.segments)
    np.testing.assert_array_equal(predicted, states)


@KINDS
def test_prediction_keeps_no_history(cell, activation, monkeypatch):
    problem = Problem(cell, activation, np.full(2, 5000))
    monkeypatch.setattr(_recurrence, "RECORD_BYTES", problem.record_bytes(10))
    workspace = Workspace()
    problem.run(workspace, training=False)
    sizes = {name: array.nbytes for (name, _), array in workspace._flat.items()}
    assert sizes["layer.record"] <= problem.record_bytes(11) + 11 * 64
    assert sizes["layer.slots"] <= problem.cache_bytes(1) + 64


@KINDS
def test_a_gradient_that_has_vanished_ends(cell, activation, monkeypatch):
    monkeypatch.setattr(_products, "PRODUCT_STEPS", 1)
    # Each step takes a factor of a thousand from the gradient; denormal numbers begin at 1e-308.
    problem = Problem(cell, activation, np.full(3, 200))
    for name, array in problem.layer.cell.named(problem.weights).items():
        if name == "recurrent_weights":
            array *= 1e-3
        elif name == "bias" and cell != "rnn":
            array -= 7
    problem.factors[:] = 0
    problem.factors[-1] = 1
    steps = [None] * 199 + [problem.step_gradients()[-1]]
    found, found_inputs = problem.gradients(step_gradients=steps)
    assert (found_inputs[:30] == 0).all()
    assert np.abs(found_inputs[found_inputs != 0]).min() > np.finfo(float).tiny
    monkeypatch.setattr(_recurrence, "has_vanished", lambda carried: False)
    gradients, d_inputs = problem.gradients(step_gradients=steps)
    assert np.abs(d_inputs[d_inputs != 0]).min() < np.finfo(float).tiny
    np.testing.assert_allclose(found_inputs, d_inputs, rtol=1e-12, atol=1e-270)
    for name, gradient in gradients.items():
        np.testing.assert_array_equal(found[name], gradient)


@KINDS
def test_gradients_go_on_where_later_ones_have_vanished(cell, activation, monkeypatch):
    problem = Problem(cell, activation, np.full(3, 40))
    _, d_inputs = problem.gradients()
    monkeypatch.setattr(_recurrence, "has_vanished", lambda carried: True)
    monkeypatch.setattr(_products, "PRODUCT_COLUMNS", 30)
    _, found_inputs = problem.gradients()
    # Chunks of ten steps, whose states have gradients of their own but take none from the next chunk.
    np.testing.assert_array_equal(found_inputs[39], d_inputs[39])
    assert not np.allclose(found_inputs[29], d_inputs[29])
    assert (np.abs(found_inputs).max(axis=(1, 2)) > 0).all()


@pytest.mark.parametrize("poison", [np.nan, np.finfo(np.float64).max], ids=["NaN", "huge"])
@BATCHES
@KINDS
def test_memory_is_written_before_it_is_read(cell, activation, lengths, poison):
    problem = Problem(cell, activation, lengths)
    _, states = problem.run()
    gradients, d_inputs = problem.gradients()
    workspace = PoisonedWorkspace(poison)
    np.testing.assert_array_equal(problem.run(workspace)[1], states)
    np.testing.assert_array_equal(problem.run(PoisonedWorkspace(poison), training=False)[1], states)
    found, found_inputs = problem.gradients(PoisonedWorkspace(poison))
    np.testing.assert_array_equal(found_inputs, d_inputs)
    for name, gradient in gradients.items():
        np.testing.assert_array_equal(found[name], gradient)


@KINDS
def test_a_workspace_serves_batches_of_any_shape_in_turn(cell, activation):
    workspace = Workspace()
    problems = [Problem(cell, activation, lengths, seed) for seed, lengths in enumerate(LENGTHS.values())]
    expected = [problem.gradients() for problem in problems]
    for k in [0, 1, 0, 2, 3, 1, 4, 0, 1]:
        # The plans of a workspace belong to one network: its weights come with each call.
        gradients, d_inputs = problems[k].gradients(workspace)
        np.testing.assert_array_equal(d_inputs, expected[k][1])
        for name, gradient in expected[k][0].items():
            np.testing.assert_array_equal(gradients[name], gradient)


@BATCHES
@KINDS
def test_steps_without_a_gradient(cell, activation, lengths):
    problem = Problem(cell, activation, lengths)
    problem.factors[: lengths[0] - 1] = 0
    gradients, d_inputs = problem.gradients()
    sparse = [None] * (lengths[0] - 1) + [problem.step_gradients()[-1]]
    found, found_inputs = problem.gradients(step_gradients=sparse)
    np.testing.assert_array_equal(found_inputs, d_inputs)
    for name, gradient in gradients.items():
        np.testing.assert_array_equal(found[name], gradient)


@KINDS
def test_gradients_of_a_run_of_columns(cell, activation):
    lengths = np.full(5, 4)
    problem = Problem(cell, activation, lengths)
    problem.factors[:, :, :3] = 0
    gradients, _ = problem.gradients()
    run = [(3, factor[:, 3:]) for factor in problem.factors]
    found, _ = problem.gradients(step_gradients=run)
    for name, gradient in gradients.items():
        np.testing.assert_array_equal(found[name], gradient)


@KINDS
def test_inputs_gradient_only_if_needed(cell, activation):
    problem = Problem(cell, activation, LENGTHS["equal"])
    one_pass, _ = problem.run()
    gradients = {name: np.zeros_like(array) for name, array in problem.weights.items()}
    assert one_pass.backward(gradients, problem.step_gradients(), need_input=False) is None


@KINDS
def test_float32_stays_float32(cell, activation):
    double, single = (Problem(cell, activation, RAGGED, dtype=dtype) for dtype in (np.float64, np.float32))
    one_pass, states = single.run()
    assert next(one_pass.states())[1].dtype == np.float32
    np.testing.assert_allclose(states, double.run()[1], rtol=2e-4, atol=2e-4)
    gradients, d_inputs = single.gradients()
    assert d_inputs.dtype == np.float32
    for name, gradient in double.gradients()[0].items():
        assert gradients[name].dtype == np.float32
        assert np.linalg.norm(gradients[name] - gradient) < 1e-3 * np.linalg.norm(gradient)


@KINDS
def test_weight_decay_leaves_biases_alone(cell, activation):
    layer = Recurrence(CELL_CLASSES[cell](FEATURES, UNITS, activation))
    mask = {name: np.zeros(shape) for name, shape in layer.shapes().items()}
    layer.mark_decayed(mask)
    for name, array in layer.cell.named(mask).items():
        assert (array == (0 if "bias" in name else 1)).all()
