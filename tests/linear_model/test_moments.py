import numpy as np
import pytest
from scipy import sparse

from skseq.linear_model._moments import column_moments, weighted_gram
from skseq.linear_model._rows import Rows


@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
def test_moments(X, weights, container):
    mean, deviation = column_moments(Rows(container(X)), weights)
    np.testing.assert_allclose(mean, weights @ X, rtol=1e-12)
    np.testing.assert_allclose(deviation, np.sqrt(weights @ (X - mean) ** 2), rtol=1e-12)


@pytest.mark.parametrize("scale", [1e-300, 1e300])
@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
def test_moments_of_huge_and_tiny_columns(X, weights, container, scale):
    _, deviation = column_moments(Rows(container(X[:, :3] * scale)), weights)
    _, expected = column_moments(Rows(X[:, :3]), weights)
    np.testing.assert_allclose(deviation, expected * scale, rtol=1e-10)


@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
def test_gram(X, weights, container):
    mean, unit = weights @ X, np.arange(1.0, 7.0)
    pairs = np.stack([weights, np.random.default_rng(2).random(size=len(X))])
    Z = np.column_stack([(X - mean) * unit, np.ones(len(X))])
    grams = weighted_gram(Rows(container(X)), lambda rows: pairs[:, rows], mean, unit)
    for gram, own in zip(grams, pairs):
        np.testing.assert_allclose(gram, Z.T @ (own[:, None] * Z), rtol=1e-7, atol=1e-6 * np.abs(gram).max())


@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
@pytest.mark.parametrize("offset", [0.0, 1e3, 1e9])
def test_a_spread_that_is_small_beside_the_mean(container, offset):
    X = np.random.default_rng(0).normal(size=(500, 3)) + offset
    _, deviation = column_moments(Rows(container(X)), np.full(500, 1 / 500))
    np.testing.assert_allclose(deviation, X.std(axis=0), rtol=1e-6)


@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
def test_constant_columns_have_no_deviation(container):
    X = np.column_stack([np.full(300, 0.1), np.zeros(300), np.full(300, 1e30), np.arange(300.0)])
    _, deviation = column_moments(Rows(container(X)), np.full(300, 1 / 300))
    assert deviation[:3].tolist() == [0.0, 0.0, 0.0]
    assert deviation[3] == pytest.approx(X[:, 3].std())
