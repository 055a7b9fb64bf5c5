import tracemalloc

import numpy as np
import pytest
from scipy import sparse
from scipy.spatial.distance import cdist

from skseq.over_sampling import _neighbors
from skseq.over_sampling._neighbors import nearest_neighbors
from skseq.over_sampling._points import MixedPoints


def brute_force(points, k):
    distances = cdist(points, points, "sqeuclidean")
    np.fill_diagonal(distances, np.inf)
    return np.argsort(distances, axis=1, kind="stable")[:, :k]


@pytest.fixture
def ways(monkeypatch):
    """The ways in which neighbours were looked for: tree, float32, copies, float64."""
    used = []

    class Search(_neighbors.BlockSearch):
        def __init__(self, points, k, dtype):
            super().__init__(points, k, dtype)
            used.append(self.screen.dtype.name)

    def named(name, function):
        def call(*arguments):
            used.append(name)
            return function(*arguments)

        return call

    monkeypatch.setattr(_neighbors, "BlockSearch", Search)
    monkeypatch.setattr(_neighbors, "find_by_tree", named("tree", _neighbors.find_by_tree))
    monkeypatch.setattr(_neighbors, "find_among_copies", named("copies", _neighbors.find_among_copies))
    return used


def far_clusters(m, columns):
    rng = np.random.RandomState(0)
    return rng.uniform(-1e5, 1e5, (20, columns))[rng.randint(20, size=m)] + rng.randn(m, columns)


@pytest.mark.parametrize(
    ("points", "way"),
    [
        (np.random.RandomState(0).randn(2500, 3), "tree"),
        (np.random.RandomState(0).randn(2500, 3).astype(np.float32), "tree"),
        (np.random.RandomState(0).rand(2500, 1) * np.arange(1, 13), "tree"),
        (np.random.RandomState(0).randint(30, size=(2500, 3)).astype(float), "tree"),  # ties everywhere
        (np.random.RandomState(0).randn(2500, 12), "float32"),
        (np.random.RandomState(0).randn(2500, 12).astype(np.float32), "float32"),
        (np.random.RandomState(0).randn(1500, 100) ** 5, "float32"),
        (far_clusters(2500, 5), "float64"),
        (np.random.RandomState(0).randint(3, size=(2500, 3)).astype(float), "copies"),  # 27 different rows
        (np.random.RandomState(0).randn(2500, 9) * (np.arange(2500)[:, None] % 5 > 1), "float64"),  # 1000 rows of zeros
        (np.ones((2500, 4)), "copies"),
        (np.random.RandomState(0).randint(2, size=(1500, 20)).astype(float), "float32"),
        (sparse.random(900, 300, density=0.05, format="csr", random_state=0), "float64"),
        (sparse.csr_array(np.random.RandomState(0).poisson(0.2, size=(900, 30)).astype(float)), "float64"),
    ],
)
@pytest.mark.parametrize("k", [1, 6])
def test_every_way_equals_brute_force(points, way, k, ways):
    expected = brute_force(points.toarray() if sparse.issparse(points) else points.astype(np.float64), k)
    for n_jobs in (1, 2, None):
        np.testing.assert_array_equal(nearest_neighbors(points, k, n_jobs), expected)
        assert ways[-1] == way
    queries = np.random.RandomState(1).permutation(len(expected))[:400]
    np.testing.assert_array_equal(nearest_neighbors(points, k, queries=queries), expected[queries])


def with_copies(m):
    """Return values and codes of two columns each: most rows have many copies, one in five has none."""
    rng = np.random.RandomState(0)
    values = rng.randint(2, size=(m, 2)) * [1.0, 2.0]
    values[::5] += rng.randn(len(values[::5]), 2)
    return values, rng.randint([2, 20], size=(m, 2))


@pytest.mark.parametrize("k", [1, 6])
def test_copies_among_sparse_rows(k, ways):
    values, _ = with_copies(1200)
    points = sparse.csr_array(values)
    points.data[0] = 0.0  # stored, but a zero like others
    expected = brute_force(points.toarray(), k)
    np.testing.assert_array_equal(nearest_neighbors(points, k), expected)
    assert "copies" in ways
    queries = np.arange(1199, 300, -2)
    np.testing.assert_array_equal(nearest_neighbors(points, k, queries=queries), expected[queries])


@pytest.mark.parametrize("difference", [0.5, 3.0])
@pytest.mark.parametrize("k", [1, 6])
@pytest.mark.parametrize(("categories", "way"), [(slice(1), "copies"), (slice(2), "float32")])
def test_rows_with_categories(difference, k, categories, way, ways):
    values, codes = with_copies(1200)
    codes = codes[:, categories]
    if way == "float32":
        values = np.random.RandomState(1).randn(1200, 2)
    distances = cdist(values, values, "sqeuclidean")
    distances += difference**2 * (codes[:, np.newaxis] != codes).sum(axis=2)
    np.fill_diagonal(distances, np.inf)
    expected = np.argsort(distances, axis=1, kind="stable")[:, :k]
    points = MixedPoints(values, codes, difference)
    np.testing.assert_array_equal(nearest_neighbors(points, k), expected)
    assert ("copies" in ways) == (way == "copies")
    queries = np.arange(1199, 300, -2)
    np.testing.assert_array_equal(nearest_neighbors(points, k, queries=queries), expected[queries])


@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_categories_are_scaled_with_tiny_and_huge_values(scale):
    values, codes = np.random.RandomState(0).randn(60, 2), with_copies(60)[1]
    expected = nearest_neighbors(MixedPoints(values, codes, 0.7), 5)
    np.testing.assert_array_equal(nearest_neighbors(MixedPoints(values * scale, codes, 0.7 * scale), 5), expected)


def test_a_far_row_does_not_blur_the_others():
    for columns in (3, 30):
        points = np.random.RandomState(0).randn(600, columns)
        points[17] = 1e12
        np.testing.assert_array_equal(nearest_neighbors(points, 5), brute_force(points, 5))


@pytest.mark.parametrize("k", [40, 298, 299])
def test_many_neighbours(k):
    points = np.random.RandomState(0).randn(300, 4)
    np.testing.assert_array_equal(nearest_neighbors(points, k), brute_force(points, k))


def test_a_dense_block_is_never_as_large_as_all_distances():
    points = np.random.RandomState(0).randn(6000, 20)
    tracemalloc.start()
    nearest_neighbors(points, 5, n_jobs=1)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12e6  # all distances in float32: 144 MB


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


@pytest.mark.parametrize("columns", [3, 20])
@pytest.mark.parametrize("m", [300, 1100])
@pytest.mark.parametrize("kind", [np.asarray, sparse.csr_array])
def test_neighbours_of_some_rows(columns, m, kind):
    points = np.random.RandomState(0).randn(m, columns)
    queries = np.array([m - 1, 7, 0, 7, 100])
    found = nearest_neighbors(kind(points), 4, queries=queries)
    np.testing.assert_array_equal(found, brute_force(points, 4)[queries])
    assert nearest_neighbors(kind(points), 4, queries=[]).shape == (0, 4)


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
