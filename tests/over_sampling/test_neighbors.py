import numpy as np
import pytest
from scipy import sparse
from scipy.spatial.distance import cdist

from skseq.over_sampling import _neighbors
from skseq.over_sampling._neighbors import nearest_neighbors


def brute_force(points, k):
    distances = cdist(points, points)
    np.fill_diagonal(distances, np.inf)
    return np.argsort(distances, axis=1, kind="stable")[:, :k]


@pytest.mark.parametrize("columns", [1, 3, 15, 16, 60])
@pytest.mark.parametrize("m", [2, 7, 300, 1100])
def test_equals_brute_force(columns, m):
    points = np.random.RandomState(0).randn(m, columns)
    k = min(5, m - 1)
    np.testing.assert_array_equal(nearest_neighbors(points, k), brute_force(points, k))


def test_many_small_blocks(monkeypatch):
    points = np.random.RandomState(0).randn(90, 20)
    monkeypatch.setattr(_neighbors, "BLOCK_VALUES", 1000)
    for n_jobs in (None, 2):
        np.testing.assert_array_equal(nearest_neighbors(points, 4, n_jobs), brute_force(points, 4))
        np.testing.assert_array_equal(nearest_neighbors(sparse.csr_array(points), 4, n_jobs), brute_force(points, 4))


@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csr_matrix])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sparse_equals_dense(kind, dtype):
    points = sparse.random(80, 500, density=0.05, format="csr", dtype=dtype, random_state=0)
    found = nearest_neighbors(kind(points), 5)
    np.testing.assert_array_equal(found, brute_force(points.toarray().astype(np.float64), 5))


@pytest.mark.parametrize("columns", [2, 30])
def test_a_row_is_not_its_own_neighbour_even_among_duplicates(columns):
    for m in (8, 1100):
        points = np.ones((m, columns))
        found = nearest_neighbors(points, 5)
        assert found.shape == (m, 5)
        assert (found != np.arange(m)[:, np.newaxis]).all()


@pytest.mark.parametrize("zeros", [np.zeros((6, 3)), sparse.csr_array((6, 3))], ids=["dense", "sparse"])
def test_all_zeros(zeros):
    assert (nearest_neighbors(zeros, 2) != np.arange(6)[:, np.newaxis]).all()


def test_ties_go_to_the_first_row():
    points = np.array([[0.0], [1.0], [-1.0], [1.0], [-1.0]])
    assert nearest_neighbors(points, 2)[0].tolist() == [1, 2]


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e160, 1e307])
def test_scale_does_not_matter(scale):
    points = np.random.RandomState(0).randn(30, 4)
    np.testing.assert_array_equal(nearest_neighbors(points * scale, 3), brute_force(points, 3))


def test_offset_does_not_matter():
    points = np.random.RandomState(0).randn(50, 20)
    offset = points + 1e8
    np.testing.assert_array_equal(nearest_neighbors(offset, 3), brute_force(offset - 1e8, 3))


def test_points_are_not_modified():
    points = np.random.RandomState(0).randn(20, 3)
    points.flags.writeable = False
    nearest_neighbors(points, 3)
