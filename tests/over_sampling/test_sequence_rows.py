import pickle

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from skseq.over_sampling import SMOTE
from skseq.over_sampling._containers import read_rows

Y = np.repeat([0, 1, 2], [20, 10, 8])


def make_sequences(dtype=np.float64, features=2, seed=0):
    rng = np.random.RandomState(seed)
    shape = () if features is None else (features,)
    return [rng.randn(length, *shape).astype(dtype) for length in rng.randint(1, 12, size=len(Y))]


def stretched(sequence, steps):
    """Return a sequence at ``steps`` evenly spaced positions, each feature by np.interp."""
    columns = sequence.reshape(len(sequence), -1).T.astype(np.float64)
    where = np.linspace(0, len(sequence) - 1, steps)
    return np.column_stack([np.interp(where, np.arange(len(sequence)), column) for column in columns])


@pytest.mark.parametrize("gap", ["row", "feature"])
@pytest.mark.parametrize("allocation", ["random", "even"])
@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float32, 1e-5), (np.float64, 1e-13)])
def test_geometry(gap, allocation, dtype, tolerance):
    X = make_sequences(dtype)
    sampler = SMOTE(k_neighbors=3, gap=gap, allocation=allocation, random_state=0)
    X_res, y_res = sampler.fit_resample(X, Y)
    n = len(X)
    assert all(given is kept for given, kept in zip(X, X_res[:n]))
    assert np.bincount(y_res).tolist() == [20, 20, 20]
    assert sampler.n_features_in_ == 2
    shape = (22,) if gap == "row" else (22, 2)
    assert sampler.gaps_.shape == shape
    assert sampler.gaps_.dtype == dtype
    for child, (i, j), lambdas in zip(X_res[n:], sampler.parents_, sampler.gaps_.astype(np.float64)):
        mean = lambdas.mean()
        assert child.dtype == dtype
        steps = np.rint(mean * len(X[i]) + (1 - mean) * len(X[j]))
        assert len(child) == steps
        expected = lambdas * stretched(X[i], len(child)) + (1 - lambdas) * stretched(X[j], len(child))
        np.testing.assert_allclose(child, expected, rtol=tolerance, atol=tolerance)
    for label in (1, 2):
        members = np.flatnonzero(label == Y)
        steps = int(np.ceil(np.mean([len(X[m]) for m in members])))
        points = np.array([stretched(X[m], steps).ravel() for m in members])
        distances = cdist(points, points)
        np.fill_diagonal(distances, np.inf)
        reach = dict(zip(members, np.sort(distances, axis=1)[:, 2]))
        where = dict(zip(members, points))
        for i, j in sampler.parents_[y_res[n:] == label]:
            assert i != j
            assert np.linalg.norm(where[i] - where[j]) <= reach[i] * (1 + 1e-5)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("gap", ["row", "feature"])
def test_equal_lengths_give_the_children_of_the_3d_array(dtype, gap):
    X = np.random.RandomState(0).randn(len(Y), 5, 3).astype(dtype)
    array, ragged = (SMOTE(gap=gap, random_state=0) for _ in range(2))
    X_array, y_array = array.fit_resample(X, Y)
    X_list, y_list = ragged.fit_resample(list(X), Y)
    np.testing.assert_array_equal(np.array(X_list), X_array)
    np.testing.assert_array_equal(y_list, y_array)
    np.testing.assert_array_equal(ragged.parents_, array.parents_)
    np.testing.assert_array_equal(ragged.gaps_, array.gaps_)


def test_one_dimensional_sequences_stay_so():
    X = make_sequences(features=None)
    X_res, _ = SMOTE(random_state=0).fit_resample(X, Y)
    assert all(sequence.ndim == 1 for sequence in X_res)
    columns = SMOTE(random_state=0).fit_resample([x[:, np.newaxis] for x in X], Y)[0]
    assert all((a == b[:, 0]).all() for a, b in zip(X_res, columns))


def test_containers_come_back():
    X = make_sequences()
    expected, _ = SMOTE(random_state=0).fit_resample(X, Y)
    assert isinstance(expected, list)
    as_tuple, _ = SMOTE(random_state=0).fit_resample(tuple(X), Y)
    assert isinstance(as_tuple, tuple)
    objects = np.empty(len(X), dtype=object)
    objects[:] = X
    as_array, _ = SMOTE(random_state=0).fit_resample(objects, Y)
    assert as_array.dtype == object
    assert as_array.shape == (60,)
    for result in (as_tuple, as_array):
        assert all((a == b).all() for a, b in zip(result, expected))


def test_object_array_of_equal_lengths_stays_one_dimensional():
    objects = np.empty(len(Y), dtype=object)
    objects[:] = list(np.random.RandomState(0).randn(len(Y), 4))
    X_res, _ = SMOTE(random_state=0).fit_resample(objects, Y)
    assert X_res.shape == (60,)


def test_integers_stay_and_nested_lists_become_arrays():
    X = [np.round(x * 9).astype(np.int16) for x in make_sequences()]
    from_integers, _ = SMOTE(random_state=0).fit_resample(X, Y)
    from_lists, _ = SMOTE(random_state=0).fit_resample([x.tolist() for x in X], Y)
    from_floats, _ = SMOTE(random_state=0).fit_resample([x.astype(float) for x in X], Y)
    for a, b, c in zip(from_integers, from_lists, from_floats):
        np.testing.assert_array_equal(a, np.rint(c))
        np.testing.assert_array_equal(b, a)
    assert {x.dtype.name for x in from_integers} == {"int16"}
    assert {x.dtype.name for x in from_lists} == {"int64"}


def test_mixed_precision_children_are_double():
    X = make_sequences(np.float32)
    X[0] = X[0].astype(np.float64)
    X_res, _ = SMOTE(random_state=0).fit_resample(X, Y)
    assert [x.dtype for x in X_res[: len(X)]] == [x.dtype for x in X]
    assert all(x.dtype == np.float64 for x in X_res[len(X) :])


def test_one_long_sequence_does_not_fill_the_memory():
    X = make_sequences()
    X[25] = np.zeros((100_000, 2))
    points = read_rows(SMOTE(), X).points(np.flatnonzero(Y == 1))
    assert points.shape[0] == 10
    assert 20_000 < points.shape[1] < 21_000  # twice the mean length, not twice the longest
    SMOTE(random_state=0, sampling_strategy={1: 11}).fit_resample(X, Y)


def test_input_is_never_modified():
    X = make_sequences()
    before = [x.copy() for x in X]
    for x in X:
        x.flags.writeable = False
    X_res, _ = SMOTE(random_state=0).fit_resample(X, Y)
    X_res[-1][0] = 0
    X_res.append(0)
    assert len(X) == len(Y)
    assert all((a == b).all() for a, b in zip(X, before))


def test_same_seed_same_sequences_and_pickle():
    X = make_sequences()
    sampler = SMOTE(random_state=0)
    first, _ = sampler.fit_resample(X, Y)
    again, _ = pickle.loads(pickle.dumps(sampler)).fit_resample(X, Y)
    threaded, _ = SMOTE(random_state=0, n_jobs=2).fit_resample(X, Y)
    assert all((a == b).all() and (a == c).all() for a, b, c in zip(first, again, threaded))


def replace(i, sequence):
    X = make_sequences()
    X[i] = sequence
    return X


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        (replace(3, np.array([[1.0, 2.0], [np.nan, 0.0]])), ValueError, r"NaN: X\[3\] at step 1"),
        (replace(3, np.array([[1.0, np.inf]])), ValueError, r"infinity: X\[3\] at step 0"),
        (replace(3, np.array([[1.0, 1e308]])), ValueError, r"too large.*X\[3\] at step 0"),
        (replace(3, np.empty((0, 2))), ValueError, r"X\[3\] is an empty sequence"),
        (replace(3, np.ones((4, 3))), ValueError, "number of features"),
        (replace(3, np.ones((4, 2), dtype=bool)), TypeError, r"X\[3\] holds booleans"),
        (replace(3, np.array([["a", "b"]])), TypeError, r"X\[3\]"),
        (replace(3, np.full((4, 2), 2**60)), ValueError, r"X\[3\] holds integers.*2\*\*53"),
        (np.full((len(Y), 3, 2), np.nan), ValueError, r"NaN: X\[0\] at step 0"),
        (np.ones((len(Y), 3, 2), dtype=bool), TypeError, "X holds booleans"),
        (np.full((len(Y), 3, 2), 2**60), ValueError, "X holds integers"),
        (np.full((len(Y), 3, 2), 1e308), ValueError, r"too large.*X\[0\] at step 0"),
        (np.ones((len(Y), 0, 2)), ValueError, "empty|0 feature|minimum of 1"),
    ],
)
@pytest.mark.parametrize("method", ["fit", "fit_resample"])
def test_bad_sequences(X, error, message, method):
    with pytest.raises(error, match=message):
        getattr(SMOTE(), method)(X, Y)
