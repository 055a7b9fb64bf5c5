"""Positions: sine waves, learned vectors and the class token."""

import numpy as np
import pytest
from transformer_textbook import sinusoids

from skseq.layers import ClassToken, LearnedPositions, SinusoidalPositions, Workspace


@pytest.mark.parametrize("width", [1, 2, 5, 8])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sine_waves(width, dtype):
    workspace, positions = Workspace(), SinusoidalPositions(width)
    for steps in (3, 40, 7):  # the table grows, and its front serves
        columns = positions.columns(steps, np.dtype(dtype), workspace)
        assert columns.dtype == dtype
        np.testing.assert_allclose(columns.T, sinusoids(steps, width), atol=1e-6)


def test_learned_positions():
    layer = LearnedPositions(2, 4)
    weights = {"table": np.arange(8.0).reshape(2, 4)}
    np.testing.assert_array_equal(layer.columns(weights, 3), [[0, 1, 2], [4, 5, 6]])
    np.testing.assert_array_equal(layer.named(weights)["weights"], weights["table"].T)
    with pytest.raises(ValueError, match="5 steps"):
        layer.columns(weights, 5)


def test_the_gradient_of_learned_positions_is_the_sum_over_sequences():
    layer, random_state = LearnedPositions(2, 5), np.random.RandomState(0)
    runs = [random_state.standard_normal((2, n, steps)) for n, steps in ((1, 4), (3, 2))]
    gradients = {"table": np.full((2, 5), np.nan)}
    layer.backward(gradients, runs)
    expected = np.zeros((2, 5))
    for run in runs:
        for sequence in np.moveaxis(run, 1, 0):
            for t in range(run.shape[2]):
                expected[:, t] += sequence[:, t]
    np.testing.assert_allclose(gradients["table"], expected)


@pytest.mark.parametrize("layer", [LearnedPositions(30, 40), ClassToken(1000)])
def test_initial_weights_are_small_and_decay(layer):
    weights = {name: np.full(shape, np.nan) for name, shape in layer.shapes().items()}
    layer.initialize(weights, np.random.RandomState(0))
    (array,) = weights.values()
    assert 0.018 < array.std() < 0.022
    mask = {name: np.zeros(shape) for name, shape in layer.shapes().items()}
    layer.mark_decayed(mask)
    assert next(iter(mask.values())).all()
