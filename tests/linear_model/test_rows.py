import numpy as np
import pytest
from scipy import sparse

from skseq._threads import Crew
from skseq.linear_model import _rows
from skseq.linear_model._moments import column_moments


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(_rows, "BLOCK_VALUES", 1000)
    monkeypatch.setattr(_rows, "PAYS", 1)


@pytest.mark.usefixtures("small_blocks")
def test_blocks_cover_each_row_once_and_copy_no_float64(X):
    def seen_in(X, check):
        seen = np.zeros(5000)

        def see(rows, block):
            seen[rows] += 1
            check(block)

        with Crew(2) as crew:
            _rows.Rows(X, crew).each(see)
        return seen

    def check_view(block):
        assert np.shares_memory(block, X)

    def check_stored(block, stored):
        assert np.shares_memory(block.data, stored.data)
        assert np.shares_memory(block.indices, stored.indices)

    def check_copy(block):
        assert block.dtype == np.float64
        assert len(block) <= 128

    assert (seen_in(X, check_view) == 1).all()
    assert (seen_in(X.astype(np.float32), check_copy) == 1).all()
    stored = sparse.csr_array(X)
    assert (seen_in(stored, lambda block: None) == 1).all()
    rows = _rows.Rows(stored)
    assert len(rows.parts) == 2
    rows.each(lambda where, block: check_stored(block, stored))


@pytest.mark.usefixtures("small_blocks")
@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array, np.asfortranarray])
def test_threads_change_no_bit(X, weights, container, monkeypatch):
    def moments(threads):
        monkeypatch.setattr("skseq._threads.allowed_threads", lambda: threads)
        with _rows.reading(container(X)) as rows:
            return column_moments(rows, weights), rows.linear(np.ones((2, 6)), np.zeros(2))

    (alone, logits), (together, logits_too) = moments(1), moments(2)
    np.testing.assert_array_equal(alone, together)
    np.testing.assert_array_equal(logits, logits_too)


def test_logits_are_the_linear_function(X):
    rng = np.random.default_rng(0)
    coef, intercept = rng.normal(size=(3, 6)), rng.normal(size=3)
    expected = (X @ coef.T + intercept).T
    for rows in (X, sparse.csr_array(X)):
        logits = _rows.Rows(rows).linear(coef, intercept)
        np.testing.assert_allclose(logits, expected, rtol=1e-10, atol=1e-10)
        np.testing.assert_allclose(_rows.Rows(rows).linear(coef[:1], intercept[:1]), logits[:1], rtol=1e-12)


def test_sparse_float32_shares_its_structure(X):
    single = sparse.csr_array(X.astype(np.float32))
    double = _rows.Rows(single).X
    assert double.data.dtype == np.float64
    assert np.shares_memory(double.indices, single.indices)
    assert single.data.dtype == np.float32
