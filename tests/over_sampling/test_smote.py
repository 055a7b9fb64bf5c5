import pickle
import tracemalloc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from samplers import ResamplesAtFit, make_rows
from scikit_learn_checks import parametrize_checks
from scipy.spatial.distance import cdist
from sklearn.base import clone

from skseq.over_sampling import SMOTE


def assert_parents_are_neighbors(points, y, y_new, parents, k):
    """x_i and x_j are rows of the class, and x_j is one of the k nearest others of x_i."""
    points = points.astype(np.float64)
    i, j = parents.T
    assert (y[i] == y_new).all()
    assert (y[j] == y_new).all()
    assert (i != j).all()
    for label in np.unique(y_new):
        members = np.flatnonzero(y == label)
        distances = cdist(points[members], points[members])
        np.fill_diagonal(distances, np.inf)
        reach = dict(zip(members, np.sort(distances, axis=1)[:, k - 1]))
        for a, b in parents[y_new == label]:
            assert np.linalg.norm(points[a] - points[b]) <= reach[a] * (1 + 1e-9)


class SMOTEAtFit(ResamplesAtFit, SMOTE):
    pass


@parametrize_checks(
    SMOTE(),
    SMOTEAtFit(sampling_strategy="all", k_neighbors=2),
    SMOTEAtFit(gap="feature", allocation="even", n_jobs=2),
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("gap", ["row", "feature"])
@pytest.mark.parametrize("allocation", ["random", "even"])
def test_geometry(dtype, gap, allocation):
    X, y = make_rows(dtype=dtype)
    sampler = SMOTE(gap=gap, allocation=allocation, k_neighbors=3, random_state=1)
    X_res, y_res = sampler.fit_resample(X, y)
    n = len(X)
    assert X_res.dtype == dtype
    assert y_res.dtype == y.dtype
    np.testing.assert_array_equal(X_res[:n], X)
    np.testing.assert_array_equal(y_res[:n], y)
    assert Counter(y_res.tolist()) == {0: 40, 1: 40, 2: 40}
    assert sampler.sampling_strategy_ == {1: 28, 2: 33}
    assert sampler.parents_.shape == (61, 2)
    assert sampler.gaps_.shape == ((61,) if gap == "row" else (61, 3))
    assert sampler.gaps_.dtype == dtype
    assert (sampler.gaps_ >= 0).all()
    assert (sampler.gaps_ <= 1).all()
    assert_parents_are_neighbors(X, y, y_res[n:], sampler.parents_, 3)
    i, j = sampler.parents_.T
    gaps = sampler.gaps_[:, np.newaxis] if gap == "row" else sampler.gaps_
    np.testing.assert_array_equal(X_res[n:], X[j] + gaps * (X[i] - X[j]))
    np.testing.assert_allclose(X_res[n:], gaps * X[i] + (1 - gaps) * X[j], rtol=1e-5, atol=1e-6)


def test_a_row_lies_on_the_segment_between_its_parents():
    X, y = make_rows()
    sampler = SMOTE(random_state=0)
    X_res, _ = sampler.fit_resample(X, y)
    first, second = X[sampler.parents_[:, 0]], X[sampler.parents_[:, 1]]
    child = X_res[len(X) :]
    length = np.linalg.norm(first - second, axis=1)
    detour = np.linalg.norm(child - first, axis=1) + np.linalg.norm(child - second, axis=1)
    np.testing.assert_allclose(detour, length, rtol=1e-12)


def test_many_gaps_are_uniform_and_parents_all_used():
    X, y = make_rows((5000, 20))
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(X, y)
    counts = np.histogram(sampler.gaps_, bins=10, range=(0, 1))[0]
    assert counts.min() > 0.8 * len(sampler.gaps_) / 10
    assert counts.max() < 1.2 * len(sampler.gaps_) / 10
    rare = np.flatnonzero(y == 1)
    assert set(sampler.parents_[:, 0]) == set(rare)
    # each of the k neighbours of a row is drawn
    partners = {row: set(sampler.parents_[sampler.parents_[:, 0] == row, 1]) for row in rare}
    assert all(len(drawn) == 5 for drawn in partners.values())


def test_gap_feature_draws_a_gap_for_each_column():
    X, y = make_rows()
    sampler = SMOTE(gap="feature", random_state=0)
    sampler.fit_resample(X, y)
    assert (np.ptp(sampler.gaps_, axis=1) > 0).all()


@pytest.mark.parametrize("n_new", [4, 24, 29])
def test_even_allocation_gives_every_row_its_share(n_new):
    X, y = make_rows((40, 12))
    sampler = SMOTE(allocation="even", sampling_strategy={1: 12 + n_new}, random_state=0)
    sampler.fit_resample(X, y)
    children = [np.count_nonzero(sampler.parents_[:, 0] == row) for row in np.flatnonzero(y == 1)]
    assert sum(children) == n_new
    assert set(children) <= {n_new // 12, -(-n_new // 12)}


def test_random_allocation_is_not_even():
    X, y = make_rows((200, 12))
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(X, y)
    children = np.bincount(sampler.parents_[:, 0])[np.flatnonzero(y == 1)]
    assert np.ptp(children) > 1


def test_seeds():
    X, y = make_rows()
    first = SMOTE(random_state=3).fit_resample(X, y)[0]
    np.testing.assert_array_equal(SMOTE(random_state=3).fit_resample(X, y)[0], first)
    assert (SMOTE(random_state=4).fit_resample(X, y)[0] != first).any()
    np.testing.assert_array_equal(SMOTE(random_state=np.random.RandomState(3)).fit_resample(X, y)[0], first)
    moving = SMOTE(random_state=np.random.RandomState(3))
    assert (moving.fit_resample(X, y)[0] == first).all()
    assert (moving.fit_resample(X, y)[0] != first).any()
    assert (SMOTE().fit_resample(X, y)[0] != SMOTE().fit_resample(X, y)[0]).any()


def test_classes_do_not_share_a_random_stream():
    rare, _ = make_rows((8,))
    X = np.concatenate([np.zeros((40, 3)), rare, rare + 100])
    y = np.repeat([0, 1, 2], [40, 8, 8])
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(X, y)
    first, second = np.split(sampler.parents_, 2)
    assert (first != second - 8).any()
    first, second = np.split(sampler.gaps_, 2)
    assert (first != second).all()


@pytest.mark.parametrize("columns", [3, 40])
def test_result_does_not_depend_on_n_jobs(columns):
    X, y = make_rows((1500, 1100), columns=columns)
    X = np.round(X)  # many ties
    alone = SMOTE(random_state=0).fit_resample(X, y)[0]
    np.testing.assert_array_equal(SMOTE(random_state=0, n_jobs=2).fit_resample(X, y)[0], alone)


def test_threads_give_the_same_rows():
    X, y = make_rows()
    alone = SMOTE(random_state=0).fit_resample(X, y)[0]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: SMOTE(random_state=0).fit_resample(X, y)[0], range(8)))
    assert all((result == alone).all() for result in results)


def test_3d_equals_flat_rows():
    X, y = make_rows(columns=12)
    flat = SMOTE(random_state=0)
    X_flat, _ = flat.fit_resample(X, y)
    deep = SMOTE(random_state=0)
    X_deep, y_deep = deep.fit_resample(X.reshape(-1, 4, 3), y)
    assert X_deep.shape == (120, 4, 3)
    assert deep.n_features_in_ == 3
    np.testing.assert_array_equal(X_deep.reshape(-1, 12), X_flat)
    np.testing.assert_array_equal(deep.parents_, flat.parents_)
    np.testing.assert_array_equal(deep.gaps_, flat.gaps_)
    assert Counter(y_deep.tolist()) == {0: 40, 1: 40, 2: 40}


def test_3d_gap_feature_has_one_gap_for_a_feature_at_all_steps():
    X, y = make_rows(columns=12, dtype=np.float32)
    X = X.reshape(-1, 4, 3)
    sampler = SMOTE(gap="feature", random_state=0)
    X_res, _ = sampler.fit_resample(X, y)
    assert sampler.gaps_.shape == (61, 3)
    i, j = sampler.parents_.T
    np.testing.assert_array_equal(X_res[len(X) :], X[j] + sampler.gaps_[:, np.newaxis] * (X[i] - X[j]))


def test_small_class_uses_the_neighbours_it_has_and_warns():
    X, y = make_rows((20, 3))
    sampler = SMOTE(random_state=0)
    with pytest.warns(UserWarning, match=r"Class 1 has 3 rows, fewer than k_neighbors \+ 1 = 6") as caught:
        _, y_res = sampler.fit_resample(X, y)
    assert caught[0].filename == __file__
    assert len(y_res) == 40
    assert_parents_are_neighbors(X, y, y_res[23:], sampler.parents_, 2)


def test_class_with_exactly_k_plus_one_rows_does_not_warn():
    X, y = make_rows((20, 6))
    SMOTE(random_state=0).fit_resample(X, y)


def test_class_that_gets_no_rows_does_not_warn():
    X, y = make_rows((20, 12, 1))
    sampler = SMOTE(random_state=0, sampling_strategy={1: 15})
    _, y_res = sampler.fit_resample(X, y)
    assert Counter(y_res.tolist()) == {0: 20, 1: 15, 2: 1}


def test_class_of_one_row_is_refused():
    X, y = make_rows((20, 1))
    with pytest.raises(ValueError, match=r"Class 1 has one row.*RandomOverSampler"):
        SMOTE().fit_resample(X, y)


def test_duplicates_are_neighbours_but_a_row_is_not_its_own():
    X, y = make_rows((40, 12))
    X[y == 1] = [0.1, 0.7, -1e-3]
    sampler = SMOTE(random_state=0)
    X_res, _ = sampler.fit_resample(X, y)
    assert (sampler.parents_[:, 0] != sampler.parents_[:, 1]).all()
    assert (X_res[len(X) :] == [0.1, 0.7, -1e-3]).all()  # bit for bit


def test_balanced_classes_get_nothing():
    X, y = make_rows((5, 5))
    sampler = SMOTE()
    X_res, y_res = sampler.fit_resample(X, y)
    np.testing.assert_array_equal(X_res, X)
    assert not np.shares_memory(X_res, X)
    assert len(y_res) == 10
    assert sampler.parents_.shape == (0, 2)
    assert sampler.gaps_.shape == (0,)


@pytest.mark.parametrize(
    ("scale", "dtype"),
    [(1e30, np.float32), (1e-30, np.float32), (1e300, np.float64), (1e-200, np.float64)],
)
def test_extreme_scales_have_the_neighbours_of_plain_ones(scale, dtype):
    X, y = make_rows(dtype=dtype)
    plain = SMOTE(random_state=0)
    plain.fit_resample(X, y)
    extreme = SMOTE(random_state=0)
    X_res, _ = extreme.fit_resample(X * dtype(scale), y)
    np.testing.assert_array_equal(extreme.parents_, plain.parents_)
    assert np.isfinite(X_res).all()


def test_a_large_offset_does_not_hide_the_neighbours():
    X, y = make_rows(columns=20)
    plain = SMOTE(random_state=0)
    plain.fit_resample(X, y)
    shifted = SMOTE(random_state=0)
    shifted.fit_resample(X + 1e9, y)
    np.testing.assert_array_equal(shifted.parents_, plain.parents_)


def test_values_whose_difference_overflows_are_refused():
    X, y = make_rows(dtype=np.float32)
    X[4, 1] = 3e38
    with pytest.raises(ValueError, match=r"too large to interpolate in float32: column 1 at row 4.*use float64"):
        SMOTE().fit_resample(X, y)


def test_input_is_never_modified():
    X, y = make_rows()
    before = X.copy(), y.copy()
    X.flags.writeable = y.flags.writeable = False
    X_res, y_res = SMOTE(random_state=0).fit_resample(X, y)
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(y, before[1])
    X_res[0], y_res[0] = 0, 0  # the result is the caller's own
    np.testing.assert_array_equal(X, before[0])


@pytest.mark.parametrize("order", ["C", "F", "strided"])
def test_memory_layout_does_not_matter(order):
    X, y = make_rows()
    expected = SMOTE(random_state=0).fit_resample(X, y)[0]
    X = np.repeat(X, 2, axis=1)[:, ::2] if order == "strided" else np.array(X, order=order)
    np.testing.assert_array_equal(SMOTE(random_state=0).fit_resample(X, y)[0], expected)


def test_pickle_and_clone():
    X, y = make_rows()
    sampler = SMOTE(k_neighbors=3, gap="feature", allocation="even", random_state=0)
    X_res, _ = sampler.fit_resample(X, y)
    thawed = pickle.loads(pickle.dumps(sampler))
    np.testing.assert_array_equal(thawed.parents_, sampler.parents_)
    np.testing.assert_array_equal(thawed.gaps_, sampler.gaps_)
    copy = clone(sampler)
    assert not hasattr(copy, "parents_")
    np.testing.assert_array_equal(copy.fit_resample(X, y)[0], X_res)


def test_fit_only_counts():
    X, y = make_rows()
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(X, y)
    assert sampler.fit(X[:, :2], y) is sampler
    assert sampler.sampling_strategy_ == {1: 28, 2: 33}
    assert sampler.n_features_in_ == 2
    assert not hasattr(sampler, "parents_")  # they told of another X


def test_a_failed_fit_leaves_the_last_one():
    X, y = make_rows()
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(X, y)
    before = dict(vars(sampler))
    with pytest.raises(ValueError, match="Class 1 has one row"):
        sampler.fit_resample(X[:, :2], (np.arange(len(X)) == 0).astype(int))
    assert vars(sampler).keys() == before.keys()
    assert all(vars(sampler)[name] is value for name, value in before.items())


def test_there_is_no_transform():
    assert not hasattr(SMOTE(), "transform")
    assert not hasattr(SMOTE(), "fit_transform")


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"k_neighbors": 0}, ValueError, "k_neighbors == 0, must be >= 1"),
        ({"k_neighbors": 2.0}, TypeError, "k_neighbors must be an instance of int"),
        ({"k_neighbors": None}, TypeError, "k_neighbors"),
        ({"gap": "value"}, ValueError, "gap='value' is not an option; use one of: 'row', 'feature'"),
        ({"allocation": True}, ValueError, "allocation=True is not an option"),
        ({"random_state": "seed"}, ValueError, "random_state='seed' is not an option"),
        ({"n_jobs": 0}, ValueError, "n_jobs=0"),
        ({"n_jobs": 1.5}, TypeError, "n_jobs"),
        ({"sampling_strategy": "rare"}, ValueError, "sampling_strategy='rare' is not an option"),
    ],
)
@pytest.mark.parametrize("method", ["fit", "fit_resample"])
def test_bad_parameters(parameters, error, message, method):
    X, y = make_rows()
    sampler = SMOTE(**parameters)
    with pytest.raises(error, match=message):
        getattr(sampler, method)(X, y)
    assert not any(name.endswith("_") for name in vars(sampler))


@pytest.mark.parametrize(("n", "columns", "rare"), [(40_000, 10, 400), (40_000, 10, 8_000), (4_000, 200, 400)])
def test_memory_is_that_of_the_output_and_a_fifth(n, columns, rare):
    rng = np.random.RandomState(0)
    X, y = rng.randn(n, columns), (np.arange(n) < rare).astype(int)
    SMOTE().fit_resample(X[:100], y[:100] * 0 + np.arange(100) % 2)  # what a first call loads does not count
    tracemalloc.start()
    X_res, y_res = SMOTE(random_state=0).fit_resample(X, y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    buffers = 1e6  # of each thread's half a megabyte
    assert peak < 1.2 * (X_res.nbytes + y_res.nbytes) + buffers
