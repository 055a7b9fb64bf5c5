import numpy as np
import pytest
from scipy import sparse

from skseq.linear_model import _rows


@pytest.fixture
def X():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(5000, 6)) * 10.0 ** np.arange(-2, 4)
    X[:, 2] = 0.1
    X[rng.random((5000, 6)) < 0.2] = 0.0
    return X


@pytest.fixture
def weights():
    weights = np.random.default_rng(1).random(5000)
    weights[::7] = 0.0
    return weights / weights.sum()


@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
def test_moments(X, weights, container):
    mean, deviation, largest = _rows.column_moments(container(X), weights)
    np.testing.assert_allclose(mean, weights @ X, rtol=1e-12)
    np.testing.assert_allclose(deviation, np.sqrt(weights @ (X - mean) ** 2), rtol=1e-12)
    np.testing.assert_array_equal(largest, np.abs(X).max(axis=0))


@pytest.mark.parametrize("scale", [1e-300, 1e300])
@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
def test_moments_of_huge_and_tiny_columns(X, weights, container, scale):
    _, deviation, _ = _rows.column_moments(container(X[:, :3] * scale), weights)
    _, expected, _ = _rows.column_moments(X[:, :3], weights)
    np.testing.assert_allclose(deviation, expected * scale, rtol=1e-10)


@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
def test_gram(X, weights, container):
    mean, unit = weights @ X, np.arange(1.0, 7.0)
    Z = (X - mean) * unit
    gram = _rows.weighted_gram(container(X), weights, mean, unit)
    np.testing.assert_allclose(gram, Z.T @ (weights[:, None] * Z), rtol=1e-8, atol=1e-10)


def test_blocks_cover_each_row_once_and_copy_no_float64(X):
    seen = np.zeros(5000)
    for rows, block in _rows.row_blocks(X, max_numbers=1000):
        seen[rows] += 1
        assert np.shares_memory(block, X)
    assert (seen == 1).all()
    for _, block in _rows.row_blocks(X.astype(np.float32), max_numbers=1000):
        assert block.dtype == np.float64
        assert len(block) <= 166


def test_logits_are_the_linear_function(X):
    rng = np.random.default_rng(0)
    coef, intercept = rng.normal(size=(3, 6)), rng.normal(size=3)
    expected = (X @ coef.T + intercept).T
    for rows in (X, sparse.csr_array(X)):
        np.testing.assert_allclose(_rows.linear(rows, coef, intercept), expected, rtol=1e-10, atol=1e-10)


def test_sparse_float32_shares_its_structure(X):
    single = sparse.csr_array(X.astype(np.float32))
    double = _rows.as_float64_rows(single)
    assert double.data.dtype == np.float64
    assert np.shares_memory(double.indices, single.indices)
    assert single.data.dtype == np.float32
