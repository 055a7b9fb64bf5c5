import numpy as np
import pytest
from scipy import sparse

from skseq.over_sampling import _interpolation
from skseq.over_sampling._interpolation import (
    interpolate_dense,
    interpolate_ragged,
    interpolate_sparse,
    resample_steps,
)


def test_dense_by_hand():
    values = np.array([[0.0, 0.0], [4.0, 8.0]])
    out = np.empty((2, 2))
    interpolate_dense(values, np.array([[0, 1], [1, 0]]), np.array([[0.25], [0.25]]), out)
    # 0.25 * (0, 0) + 0.75 * (4, 8) and 0.25 * (4, 8) + 0.75 * (0, 0)
    assert out.tolist() == [[3.0, 6.0], [1.0, 2.0]]


def test_chunks_give_the_same(monkeypatch):
    rng = np.random.RandomState(0)
    values, parents, gaps = rng.randn(20, 3), rng.randint(20, size=(50, 2)), rng.rand(50, 1)
    whole, parts = np.empty((50, 3)), np.empty((50, 3))
    interpolate_dense(values, parents, gaps, whole)
    starts, lengths = np.array([0, 4, 9]), np.array([4, 5, 11])
    ragged = interpolate_ragged(values, starts, lengths, parents % 3, gaps[:, 0])
    monkeypatch.setattr(_interpolation, "CHUNK_VALUES", 30)
    interpolate_dense(values, parents, gaps, parts)
    np.testing.assert_array_equal(parts, whole)
    again = interpolate_ragged(values, starts, lengths, parents % 3, gaps[:, 0])
    np.testing.assert_array_equal(again[0], ragged[0])
    np.testing.assert_array_equal(again[1], ragged[1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sparse_equals_dense_bit_for_bit(dtype):
    rng = np.random.RandomState(0)
    values = sparse.random(30, 40, density=0.2, format="csr", dtype=dtype, random_state=0)
    parents = rng.randint(30, size=(60, 2))
    gaps = rng.rand(60).astype(dtype)
    out = np.empty((60, 40), dtype=dtype)
    interpolate_dense(values.toarray(), parents, gaps[:, np.newaxis], out)
    children = interpolate_sparse(values, parents, gaps)
    assert children.dtype == dtype
    np.testing.assert_array_equal(children.toarray(), out)


@pytest.mark.parametrize("length", [1, 2, 5, 6, 7, 30])
def test_resampling_is_linear_interpolation(length):
    rng = np.random.RandomState(0)
    values = rng.randn(9, 2)
    starts, lengths = np.array([0, 3]), np.array([3, 6])
    resampled = resample_steps(values, starts, lengths, np.array([1]), np.array([length]))
    where = np.linspace(0, 5, length)
    expected = np.column_stack([np.interp(where, np.arange(6), column) for column in values[3:].T])
    np.testing.assert_allclose(resampled, expected, rtol=1e-13, atol=1e-15)


def test_resampling_several_at_once():
    values = np.arange(7.0)[:, np.newaxis]
    starts, lengths = np.array([0, 1, 4]), np.array([1, 3, 3])
    resampled = resample_steps(values, starts, lengths, np.array([2, 0, 1]), np.array([5, 2, 3]))
    assert resampled[:, 0].tolist() == [4, 4.5, 5, 5.5, 6, 0, 0, 1, 2, 3]


def test_the_same_length_comes_back_bit_for_bit():
    values = np.random.RandomState(0).randn(11, 3).astype(np.float32)
    resampled = resample_steps(values, np.array([0]), np.array([11]), np.array([0]), np.array([11]))
    assert resampled.dtype == np.float32
    np.testing.assert_array_equal(resampled, values)


def test_ragged_child_by_hand():
    values = np.array([[0.0], [2.0], [1.0], [1.0], [1.0], [1.0]])
    starts, lengths = np.array([0, 2]), np.array([2, 4])
    steps, child_lengths = interpolate_ragged(values, starts, lengths, np.array([[0, 1]]), np.array([0.5]))
    # 0.5 * 2 + 0.5 * 4 = 3 steps: 0.5 * (0, 1, 2) + 0.5 * (1, 1, 1)
    assert child_lengths.tolist() == [3]
    assert steps[:, 0].tolist() == [0.5, 1.0, 1.5]
