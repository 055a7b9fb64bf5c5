"""Pooling: values and gradients against one sequence at a time."""

import numpy as np
import pytest
from textbook import LENGTHS, RAGGED, assert_gradient, pool

from skseq.layers import POOLINGS, StepBatch, plan_segments

UNITS = 3
BATCHES = pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))
KINDS = pytest.mark.parametrize("pooling", list(POOLINGS))
CUTS = pytest.mark.parametrize("max_steps", [None, 1, 4])


def random_states(lengths, seed=0):
    """Return states (steps, units, batch), NaN where a sequence has ended."""
    states = np.random.RandomState(seed).standard_normal((lengths[0], UNITS, len(lengths)))
    return np.where((np.arange(lengths[0])[:, None] < lengths)[:, None], states, np.nan)


def pooling_of(pooling, states, lengths, max_steps=None):
    """Return the pooling after it took all the states, a segment at a time."""
    batch = StepBatch(np.zeros((lengths[0], 1, len(lengths))), lengths)
    layer = POOLINGS[pooling](batch, UNITS, states.dtype)
    for segment in plan_segments(lengths, max_steps):
        layer.add(segment, states[segment.start : segment.stop, :, : segment.width].copy())
    return layer


@CUTS
@BATCHES
@KINDS
def test_values(pooling, lengths, max_steps):
    states = random_states(lengths)
    result = pooling_of(pooling, states, lengths, max_steps).result()
    expected = [pool(states[:length, :, i], pooling) for i, length in enumerate(lengths)]
    np.testing.assert_allclose(result, np.transpose(expected), atol=1e-15)


@CUTS
@BATCHES
@KINDS
def test_gradients(pooling, lengths, max_steps):
    random_state = np.random.RandomState(1)
    states = random_states(lengths)
    factors = random_state.standard_normal((UNITS, len(lengths)))
    layer = pooling_of(pooling, states, lengths, max_steps)
    gradient = np.zeros(states.shape)
    steps = layer.step_gradients(factors)
    assert len(steps) == lengths[0]
    for t, step in enumerate(steps):
        if step is not None:
            column, some = step
            gradient[t, :, column : column + some.shape[1]] = some
    assert (gradient[np.isnan(states)] == 0).all()
    assert_gradient(
        lambda: (pooling_of(pooling, states, lengths, max_steps).result() * factors).sum(),
        states,
        gradient,
        random_state,
    )


def test_last_pooling_has_one_gradient_for_each_length():
    lengths = np.array([5, 5, 3, 1])
    steps = pooling_of("last", random_states(lengths), lengths).step_gradients(np.arange(12.0).reshape(3, 4))
    assert [None if step is None else (step[0], step[1].shape[1]) for step in steps] == [
        (3, 1),
        None,
        (2, 1),
        None,
        (0, 2),
    ]


@pytest.mark.parametrize("max_steps", [None, 1])
def test_the_first_of_equal_maxima_takes_the_gradient(max_steps):
    lengths = np.array([3])
    states = np.array([1.0, 2.0, 2.0]).reshape(3, 1, 1).repeat(UNITS, axis=1)
    steps = pooling_of("max", states, lengths, max_steps).step_gradients(np.ones((UNITS, 1)))
    assert [step[1].sum() for step in steps] == [0, UNITS, 0]


def test_negative_states_have_a_negative_maximum():
    lengths = np.array([3, 1])
    states = -1 - np.abs(np.nan_to_num(random_states(lengths)))
    assert (pooling_of("max", states, lengths).result() <= -1).all()


@pytest.mark.parametrize("max_steps", [None, 2])
@KINDS
def test_states_that_are_not_finite_show(pooling, max_steps):
    # A network whose states overflow must not answer as if it had stopped reading there.
    lengths = np.array([6, 6])
    states = random_states(lengths)
    states[4:, :, 0] = np.nan
    result = pooling_of(pooling, states, lengths, max_steps).result()
    assert np.isnan(result[:, 0]).all()
    assert np.isfinite(result[:, 1]).all()


@KINDS
def test_float32_stays_float32(pooling):
    states = np.nan_to_num(random_states(RAGGED)).astype(np.float32)
    layer = pooling_of(pooling, states, RAGGED)
    assert layer.result().dtype == np.float32
    gradients = layer.step_gradients(np.ones((UNITS, len(RAGGED)), dtype=np.float32))
    assert {step[1].dtype for step in gradients if step is not None} == {np.dtype(np.float32)}
