"""Initial weights that layers share."""

import numpy as np
import pytest

from skseq.layers import Dense
from skseq.layers._base import CompositeLayer, Layer, glorot_uniform, orthogonal, recurrent_matrix


def test_glorot_weights_fill_their_range():
    weights = glorot_uniform(np.random.RandomState(0), 200, 100)
    bound = np.sqrt(6 / 300)
    assert weights.shape == (200, 100)
    assert np.abs(weights).max() <= bound
    assert np.abs(weights).max() > 0.99 * bound
    np.testing.assert_allclose(weights.std(), bound / np.sqrt(3), rtol=0.02)


@pytest.mark.parametrize("size", [1, 2, 30])
def test_orthogonal_matrices_are_orthogonal(size):
    q = orthogonal(np.random.RandomState(0), size)
    np.testing.assert_allclose(q @ q.T, np.eye(size), atol=1e-12)


def test_orthogonal_matrices_have_no_preferred_sign():
    # Without the correction by the signs of R, Householder QR gives a diagonal with a bias.
    draws = np.array([orthogonal(np.random.RandomState(seed), 2)[0, 0] for seed in range(400)])
    assert abs(draws.mean()) < 0.12
    assert {np.sign(orthogonal(np.random.RandomState(seed), 1)[0, 0]) for seed in range(20)} == {-1, 1}


def test_recurrent_matrices():
    np.testing.assert_array_equal(recurrent_matrix(np.random.RandomState(0), 4, "identity"), np.eye(4))
    q = recurrent_matrix(np.random.RandomState(0), 4, "orthogonal")
    np.testing.assert_array_equal(q, orthogonal(np.random.RandomState(0), 4))
    glorot = recurrent_matrix(np.random.RandomState(0), 4, "glorot")
    np.testing.assert_array_equal(glorot, glorot_uniform(np.random.RandomState(0), 4, 4))


def test_a_layer_without_weights():
    layer = Layer()
    assert layer.shapes() == {}
    assert layer.initialize({}, np.random.RandomState(0)) is None
    assert layer.mark_decayed({}) is None


def test_a_composite_layer_has_the_parameters_of_its_parts():
    layer = CompositeLayer(first=Dense(2, 3), last=Dense(3, 1))
    assert layer.shapes() == {"first_kernel": (3, 2), "first_bias": (3,), "last_kernel": (1, 3), "last_bias": (1,)}
    weights = {name: np.full(shape, np.nan) for name, shape in layer.shapes().items()}
    layer.initialize(weights, np.random.RandomState(0))
    assert all(np.isfinite(array).all() for array in weights.values())
    assert layer.of("last", weights)["kernel"] is weights["last_kernel"]
    assert {name: array.shape for name, array in layer.named(weights).items()} == {
        "first_weights": (2, 3),
        "first_bias": (3,),
        "last_weights": (3, 1),
        "last_bias": (1,),
    }
    mask = {name: np.zeros(shape) for name, shape in layer.shapes().items()}
    layer.mark_decayed(mask)
    assert [name for name, array in mask.items() if array.any()] == ["first_kernel", "last_kernel"]
