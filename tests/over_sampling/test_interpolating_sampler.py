"""What holds for every sampler whose new rows lie between two parents."""

import pickle
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from samplers import make_rows
from scipy import sparse
from sklearn.base import clone

from skseq.over_sampling import ADASYN, SMOTE, BorderlineSMOTE
from skseq.over_sampling._interpolating_sampler import share

SAMPLERS = [
    SMOTE(random_state=0),
    BorderlineSMOTE(random_state=0),
    BorderlineSMOTE(kind="borderline-2", random_state=0),
    BorderlineSMOTE(kind="borderline-2", allocation="even", gap="feature", random_state=0),
    ADASYN(random_state=0),
    ADASYN(gap="feature", random_state=0),
]
each_sampler = pytest.mark.parametrize("sampler", SAMPLERS, ids=repr)


def ragged(X):
    """Return rows as sequences of 2 to 5 steps of two features."""
    return [np.outer(np.linspace(0, 1, 2 + i % 4), row[:2]) for i, row in enumerate(X)]


def dense(X):
    return X.toarray() if sparse.issparse(X) else X


@each_sampler
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("form", ["array", "steps", "csr", "csc"])
def test_children_are_rebuilt_bit_for_bit(sampler, dtype, form):
    X, y = make_rows(columns=6, dtype=dtype)
    shaped = {
        "array": lambda: X,
        "steps": lambda: X.reshape(-1, 3, 2),
        "csr": lambda: sparse.csr_array(X * (X > 0.5)),
        "csc": lambda: sparse.csc_matrix(X * (X > 0.5)),
    }[form]()
    sampler = clone(sampler)
    X_res, y_res = sampler.fit_resample(shaped, y)
    assert type(X_res) is type(shaped)
    assert X_res.dtype == dtype
    X, X_res, n = dense(shaped), dense(X_res), len(y)
    np.testing.assert_array_equal(X_res[:n], X)
    np.testing.assert_array_equal(y_res[:n], y)
    assert Counter(y_res.tolist()) == {0: 40, 1: 40, 2: 40}
    i, j = sampler.parents_.T
    np.testing.assert_array_equal(y_res[n:], y[i])
    gaps = dense(sampler.gaps_)
    assert gaps.dtype == dtype
    gaps = gaps.reshape(len(gaps), *(1,) * (X.ndim - gaps.ndim), *gaps.shape[1:])
    np.testing.assert_array_equal(X_res[n:], X[j] + gaps * (X[i] - X[j]))
    low, high = np.minimum(X[i], X[j]), np.maximum(X[i], X[j])
    slack = 4 * np.finfo(dtype).eps * np.abs(X).max()
    assert (X_res[n:] >= low - slack).all()
    assert (X_res[n:] <= high + slack).all()


@each_sampler
def test_ragged_sequences(sampler):
    X, y = make_rows()
    X = ragged(X)
    sampler = clone(sampler)
    X_res, y_res = sampler.fit_resample(X, y)
    assert all(after is before for after, before in zip(X_res, X))
    assert len(X_res) == len(y_res) == 120
    for child, (i, j) in zip(X_res[len(X) :], sampler.parents_):
        low, high = sorted((len(X[i]), len(X[j])))
        assert low <= len(child) <= high
        assert child.shape[1] == 2


@each_sampler
@pytest.mark.parametrize("module", ["pandas", "polars"])
def test_frames(sampler, module):
    module = pytest.importorskip(module)
    X, y = make_rows()
    from_array, labels = clone(sampler).fit_resample(X, y)
    frame, series = module.DataFrame(dict(zip("abc", X.T))), module.Series(list(map(str, y)))
    X_res, y_res = clone(sampler).fit_resample(frame, series)
    assert type(X_res) is type(frame)
    assert list(X_res.columns) == list("abc")
    np.testing.assert_array_equal(X_res.to_numpy(), from_array)
    assert list(y_res) == list(map(str, labels))


@each_sampler
@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("auto", {0: 40, 1: 40, 2: 40}),
        ("minority", {0: 40, 1: 12, 2: 40}),
        ("not minority", {0: 40, 1: 40, 2: 7}),
        ("all", {0: 40, 1: 40, 2: 40}),
        ({0: 41, 1: 13}, {0: 41, 1: 13, 2: 7}),
        (lambda y: {2: 8}, {0: 40, 1: 12, 2: 8}),
    ],
)
def test_counts_are_exactly_what_was_asked(sampler, strategy, expected):
    X, y = make_rows()
    _, y_res = clone(sampler).set_params(sampling_strategy=strategy).fit_resample(X, y)
    assert Counter(y_res.tolist()) == expected


@each_sampler
@pytest.mark.parametrize("ratio", [0.31, 0.5, 0.777, 1.0])
def test_counts_by_a_ratio(sampler, ratio):
    X, y = make_rows((103, 30))
    _, y_res = clone(sampler).set_params(sampling_strategy=ratio).fit_resample(X, y)
    assert np.count_nonzero(y_res == 1) == int(103 * ratio)


@each_sampler
def test_nothing_asked_nothing_made(sampler):
    X, y = make_rows((9, 9))
    sampler = clone(sampler)
    X_res, _ = sampler.fit_resample(X, y)
    np.testing.assert_array_equal(X_res, X)
    assert sampler.parents_.shape == (0, 2)
    assert sampler.parents_.dtype == np.intp
    assert not np.shares_memory(X_res, X)


@each_sampler
def test_seeds(sampler):
    X, y = make_rows()
    first = clone(sampler).fit_resample(X, y)[0]
    np.testing.assert_array_equal(clone(sampler).fit_resample(X, y)[0], first)
    assert (clone(sampler).set_params(random_state=1).fit_resample(X, y)[0] != first).any()
    moving = clone(sampler).set_params(random_state=np.random.RandomState(0))
    np.testing.assert_array_equal(moving.fit_resample(X, y)[0], first)
    assert (moving.fit_resample(X, y)[0] != first).any()


@each_sampler
@pytest.mark.parametrize("columns", [3, 40])
def test_result_does_not_depend_on_n_jobs_or_threads(sampler, columns):
    X, y = make_rows((1500, 300), columns=columns)
    X = np.round(X)  # many ties
    alone = clone(sampler).fit_resample(X, y)[0]
    np.testing.assert_array_equal(clone(sampler).set_params(n_jobs=2).fit_resample(X, y)[0], alone)
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda _: clone(sampler).fit_resample(X, y)[0], range(3)))
    assert all((result == alone).all() for result in results)


@each_sampler
def test_pickle(sampler):
    X, y = make_rows()
    sampler = clone(sampler)
    X_res, _ = sampler.fit_resample(X, y)
    thawed = pickle.loads(pickle.dumps(sampler))
    np.testing.assert_array_equal(thawed.parents_, sampler.parents_)
    np.testing.assert_array_equal(thawed.fit_resample(X, y)[0], X_res)


@each_sampler
def test_input_is_never_modified(sampler):
    X, y = make_rows()
    before = X.copy(), y.copy()
    X.flags.writeable = y.flags.writeable = False
    X_res, _ = clone(sampler).fit_resample(X, y)
    X_res[:] = 0
    np.testing.assert_array_equal(X, before[0])
    np.testing.assert_array_equal(y, before[1])


@each_sampler
def test_refit_on_other_shapes(sampler):
    X, y = make_rows()
    sampler = clone(sampler)
    sampler.fit_resample(X, y)
    X_res, _ = sampler.fit_resample(X.reshape(-1, 3, 1), y)
    assert sampler.n_features_in_ == 1
    assert X_res.shape == (120, 3, 1)


@each_sampler
def test_a_small_class_warns_at_the_line_of_the_caller(sampler):
    X, y = make_rows((30, 4), columns=1)
    with pytest.warns(UserWarning, match=r"Class 1 has 4 rows, fewer than k_neighbors \+ 1 = 6") as caught:
        _, y_res = clone(sampler).fit_resample(X, y)
    assert {warning.filename for warning in caught} == {__file__}
    assert np.count_nonzero(y_res == 1) == 30


@each_sampler
def test_a_class_of_one_row_is_refused(sampler):
    X, y = make_rows((30, 1))
    sampler = clone(sampler)
    with pytest.raises(ValueError, match=r"Class 1 has one row.*repeat it with RandomOverSampler"):
        sampler.fit_resample(X, y)
    assert not any(name.endswith("_") for name in vars(sampler))


@each_sampler
@pytest.mark.parametrize(
    ("value", "error", "message"),
    [(np.nan, ValueError, "NaN"), (np.inf, ValueError, "infinity"), (1.5e308, ValueError, "too large")],
)
def test_bad_values(sampler, value, error, message):
    X, y = make_rows()
    X[3, 1] = value
    with pytest.raises(error, match=message):
        clone(sampler).fit_resample(X, y)


@each_sampler
@pytest.mark.parametrize("container", [list, tuple, np.array])
def test_texts_are_sent_to_the_sampler_that_takes_them(sampler, container):
    with pytest.raises(TypeError, match=r"X holds texts, which cannot be interpolated.*RandomOverSampler"):
        clone(sampler).fit_resample(container(["a", "b"] * 10), [0, 0, 0, 1] * 5)


@each_sampler
@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"k_neighbors": 0}, ValueError, "k_neighbors == 0, must be >= 1"),
        ({"k_neighbors": 2.5}, TypeError, "k_neighbors must be an instance of int"),
        ({"gap": "column"}, ValueError, "gap='column' is not an option"),
        ({"random_state": -1.5}, ValueError, r"random_state=-1\.5 is not an option"),
        ({"n_jobs": 0}, ValueError, "n_jobs=0"),
        ({"sampling_strategy": 2.0}, ValueError, "at most 1"),
    ],
)
@pytest.mark.parametrize("method", ["fit", "fit_resample"])
def test_bad_parameters(sampler, parameters, error, message, method):
    X, y = make_rows((30, 20))
    with pytest.raises(error, match=message):
        getattr(clone(sampler).set_params(**parameters), method)(X, y)


@each_sampler
def test_classes_do_not_share_a_random_stream(sampler):
    X, y = make_rows((40, 12))
    X, y = np.concatenate([X, X + 1000]), np.concatenate([2 * y, 2 * y + 1])
    sampler = clone(sampler)
    sampler.fit_resample(X, y)
    first, second = np.split(dense(sampler.gaps_), 2)
    assert (first != second).all()


def test_shares_are_proportional_and_add_up():
    rng = np.random.RandomState(0)
    weights = np.array([5, 1, 1, 3])
    for n_new in range(1, 60):
        drawn = share(weights, n_new, rng)
        assert (np.diff(drawn) >= 0).all()
        children = np.bincount(drawn, minlength=4)
        assert children.sum() == n_new
        assert (np.abs(children - n_new * weights / 10) < 1).all()
        if n_new % 10 == 0:
            np.testing.assert_array_equal(children, n_new // 10 * weights)


def test_the_largest_remainders_win_and_equal_ones_are_drawn():
    drawn = {tuple(share(np.array([6, 3, 3]), 1, np.random.RandomState(seed))) for seed in range(20)}
    assert drawn == {(0,)}  # 1/2 against 1/4 and 1/4
    drawn = {tuple(share(np.array([3, 6, 3]), 4, np.random.RandomState(seed))) for seed in range(20)}
    assert drawn == {(0, 1, 1, 2)}
    drawn = {tuple(share(np.ones(10, dtype=int), 3, np.random.RandomState(seed))) for seed in range(20)}
    assert len(drawn) > 10
    assert all(len(set(rows)) == 3 for rows in drawn)
