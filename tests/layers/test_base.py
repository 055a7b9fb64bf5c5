"""Initial weights that layers share."""

import numpy as np
import pytest

from skseq.layers._base import Layer, glorot_uniform, orthogonal, recurrent_matrix


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
