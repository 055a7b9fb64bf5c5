import pickle
from collections import Counter

import numpy as np
import pytest
from samplers import ResamplesAtFit, make_rows
from scikit_learn_checks import parametrize_checks
from scipy import sparse
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from skseq import make_pipeline
from skseq.over_sampling import RandomOverSampler

Y = np.array([0, 0, 0, 0, 1, 1])


class RepeatingAtFit(ResamplesAtFit, RandomOverSampler):
    pass


@parametrize_checks(RandomOverSampler(random_state=0), RepeatingAtFit(sampling_strategy="all"))
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def resample(X, y=Y):
    """Return X resampled and the row that each row of the result was."""
    sampler = RandomOverSampler(random_state=0)
    X_res, y_res = sampler.fit_resample(X, y)
    n_new = sum(sampler.sampling_strategy_.values())
    assert sampler.parents_.shape == (n_new, 1)
    origins = np.concatenate([np.arange(len(y)), sampler.parents_[:, 0]])
    np.testing.assert_array_equal(np.asarray(y_res), np.asarray(y)[origins])
    return X_res, origins


@pytest.mark.parametrize(
    "X",
    [
        np.arange(12.0).reshape(6, 2),
        np.arange(12, dtype=np.int8).reshape(6, 2),
        np.array([[True], [False], [True], [False], [True], [False]]),
        np.array(list("abcdef"))[:, np.newaxis],
        np.array(list("abcdef"), dtype="S1")[:, np.newaxis],
        np.array(list("abcdef"), dtype=np.dtypes.StringDType())[:, np.newaxis],
        np.arange("2020-01", "2020-07", dtype="datetime64[M]")[:, np.newaxis],
        np.array([["a", 1], [None, 2.5], ["c", -0.0], ["d", {}], ["e", ()], ["f", 1j]], dtype=object),
        np.array([[1.0, np.nan], [np.inf, 0], [1, 2], [3, 4], [-np.inf, np.nan], [5, 6]]),
        np.arange(6 * 4 * 3.0).reshape(6, 4, 3),
        np.arange(6 * 2 * 2 * 3).reshape(6, 2, 2, 3),
        np.asfortranarray(np.arange(12.0).reshape(6, 2)),
    ],
    ids=lambda X: f"{X.dtype}-{X.ndim}",
)
def test_arrays_of_any_dtype(X):
    X.flags.writeable = False
    X_res, origins = resample(X)
    assert type(X_res) is np.ndarray
    assert X_res.dtype == X.dtype
    np.testing.assert_array_equal(X_res, X[origins])
    assert not np.shares_memory(X_res, X)
    X_res[0] = X_res[1]  # the result is the caller's own


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "lil", "dok", "bsr", "dia"])
@pytest.mark.parametrize("kind", ["array", "matrix"])
def test_sparse(form, kind):
    values = np.array([[0, 1.0], [2, 0], [0, 0], [np.nan, 4], [5, 0], [0, 6]], dtype=np.float32)
    X = getattr(sparse, f"{form}_{kind}")(values)
    X_res, origins = resample(X)
    assert type(X_res) is type(X)
    assert X_res.dtype == np.float32
    np.testing.assert_array_equal(X_res.toarray(), values[origins])


def test_sparse_booleans_and_integers_keep_their_dtype():
    for dtype in (bool, np.int8, np.int64):
        X_res, _ = resample(sparse.csr_array(np.eye(6, dtype=dtype)))
        assert X_res.dtype == dtype


@pytest.mark.parametrize("container", [list, tuple])
@pytest.mark.parametrize(
    "items",
    [
        ["one", "two", "three", "four", "five", "six"],
        [b"1", b"2", b"3", b"4", b"5", b"6"],
        [[1, 2], [3], [4, 5, 6], [7], [8, 9], [10]],
        [["a", "b"], ["c"], [], ["d"], ["e"], ["f", "g"]],
        [[1.0, None], [2.0, "x"], [3.0, "y"], [4.0, "z"], [5.0, "u"], [6.0, "v"]],
        [{"a": 1}, {"b": 2}, {}, {"a": 3}, {"c": 4}, {"d": 5}],
        [np.nan, "two", None, "four", "five", "six"],
    ],
)
def test_lists_of_anything(container, items):
    X = container(items)
    X_res, origins = resample(X)
    assert type(X_res) is container
    assert all(after is before for after, before in zip(X_res, X))
    assert all(X_res[row] == items[origin] for row, origin in enumerate(origins) if origin)


def test_ragged_sequences_of_arrays():
    items = [np.arange(steps * 2.0).reshape(steps, 2) for steps in (3, 4, 5, 6, 7, 8)]
    X = np.empty(6, dtype=object)
    X[:] = items
    for sequences in (items, X):
        X_res, origins = resample(sequences)
        assert type(X_res) is type(sequences)
        assert len(X_res) == 8
        for row, origin in enumerate(origins):
            np.testing.assert_array_equal(X_res[row], items[origin])
        X_res[6] += 1  # work in place on a copy reaches no other row
        assert (X_res[origins[6]] == items[origins[6]]).all()
        assert items[origins[6]][0, 0] == 0


def test_object_array_of_sequences_of_one_length():
    X = np.empty(6, dtype=object)
    for i in range(6):
        X[i] = np.full(3, i)
    X_res, _ = resample(X)
    assert X_res.shape == (8,)
    assert X_res.dtype == object


@pytest.mark.parametrize("dtype", ["U", "S", "object"])
def test_1d_arrays_of_texts(dtype):
    X = np.array(["one", "two", "three", "four", "five", "six"], dtype=dtype)
    X_res, origins = resample(X)
    assert X_res.dtype == X.dtype
    np.testing.assert_array_equal(X_res, X[origins])


def test_pandas_frames_keep_every_dtype():
    pd = pytest.importorskip("pandas")
    X = pd.DataFrame(
        {
            "category": pd.Categorical(list("abcabc"), categories=list("zabc"), ordered=True),
            "text": list("uvwxyz"),
            "boolean": pd.array([True, None, False, True, None, True], dtype="boolean"),
            "Int64": pd.array([1, None, 2**60 + 1, 4, 5, 6], dtype="Int64"),
            "date": pd.date_range("2020-01-01", periods=6, tz="Europe/Rome"),
            "period": pd.period_range("2020-01", periods=6, freq="M"),
            "interval": pd.interval_range(0, 6),
            "sparse": pd.arrays.SparseArray([0.0, 0, 0, 1, 0, 2]),
            "object": [1, "a", None, (), 2.5, {}],
            "uint8": np.arange(6, dtype=np.uint8),
            "float32": np.array([1, np.nan, 3, 4, 5, 6], dtype=np.float32),
        },
        index=list("pqrstu"),
    )
    before = X.copy(deep=True)
    X_res, origins = resample(X)
    assert list(X_res.index) == list(range(8))
    pd.testing.assert_frame_equal(X_res, X.iloc[origins].reset_index(drop=True))
    pd.testing.assert_frame_equal(X, before)
    assert (X_res.dtypes == X.dtypes).all()


def test_polars_frames_keep_every_dtype():
    pl = pytest.importorskip("polars")
    X = pl.DataFrame(
        {
            "category": pl.Series(list("abcabc"), dtype=pl.Categorical),
            "enum": pl.Series(list("abcabc"), dtype=pl.Enum(list("abc"))),
            "text": ["u", None, "w", "x", "y", "z"],
            "boolean": [True, None, False, True, None, True],
            "int": [1, None, 2**60 + 1, 4, 5, 6],
            "date": pl.date_range(pl.date(2020, 1, 1), pl.date(2020, 1, 6), eager=True),
            "list": [[1], [2, 3], None, [], [4], [5]],
            "struct": [{"a": i} for i in range(6)],
        }
    )
    X_res, origins = resample(X)
    assert X_res.schema == X.schema
    assert X_res.equals(X[origins.tolist()])


@pytest.mark.parametrize("module", ["pandas", "polars"])
def test_series_of_texts(module):
    module = pytest.importorskip(module)
    X = module.Series("name", ["a", "b", "c", "d", "e", "f"]) if module.__name__ == "polars" else None
    X = module.Series(list("abcdef"), index=range(6, 12), name="name") if X is None else X
    X_res, origins = resample(X)
    assert type(X_res) is type(X)
    assert X_res.name == "name"
    assert list(X_res) == ["abcdef"[origin] for origin in origins]


def test_names_and_widths():
    pd = pytest.importorskip("pandas")
    sampler = RandomOverSampler()
    sampler.fit(pd.DataFrame({"a": list("abcdef"), "b": range(6)}), Y)
    assert sampler.feature_names_in_.tolist() == ["a", "b"]
    assert sampler.n_features_in_ == 2
    sampler.fit(np.zeros((6, 5, 3)), Y)
    assert sampler.n_features_in_ == 3
    assert not hasattr(sampler, "feature_names_in_")
    sampler.fit(list("abcdef"), Y)
    assert not hasattr(sampler, "n_features_in_")


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        ("auto", {0: 40, 1: 40, 2: 40}),
        ("minority", {0: 40, 1: 12, 2: 40}),
        ("not minority", {0: 40, 1: 40, 2: 1}),
        ({0: 50, 2: 3}, {0: 50, 1: 12, 2: 3}),
    ],
)
def test_counts_and_a_class_of_one_row(strategy, expected):
    X, y = make_rows((40, 12, 1))
    sampler = RandomOverSampler(sampling_strategy=strategy, random_state=0)
    X_res, y_res = sampler.fit_resample(X, y)
    assert Counter(y_res.tolist()) == expected
    np.testing.assert_array_equal(X_res[: len(X)], X)
    np.testing.assert_array_equal(X_res[len(X) :], X[sampler.parents_[:, 0]])
    np.testing.assert_array_equal(y_res[len(X) :], y[sampler.parents_[:, 0]])


def test_draws_are_uniform_with_replacement():
    X, y = make_rows((20_000, 10))
    sampler = RandomOverSampler(random_state=0)
    sampler.fit_resample(X, y)
    children = np.bincount(sampler.parents_[:, 0], minlength=len(X))[y == 1]
    assert children.sum() == 19_990
    assert children.min() > 1800
    assert children.max() < 2200
    assert np.ptp(children) > 1


def test_seeds_pickle_and_clone():
    X, y = make_rows()
    sampler = RandomOverSampler(random_state=3)
    X_res, _ = sampler.fit_resample(X, y)
    np.testing.assert_array_equal(clone(sampler).fit_resample(X, y)[0], X_res)
    assert (RandomOverSampler(random_state=4).fit_resample(X, y)[0] != X_res).any()
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(sampler)).parents_, sampler.parents_)


def test_nothing_asked_nothing_made():
    X, y = make_rows((6, 6))
    sampler = RandomOverSampler()
    X_res, _ = sampler.fit_resample(X, y)
    assert sampler.parents_.shape == (0, 1)
    assert sampler.parents_.dtype == np.intp
    assert not np.shares_memory(X_res, X)


def test_before_a_vectorizer_in_a_pipeline():
    texts = ["good day", "good night", "good sir", "good wine", "bad day", "bad wine"]
    model = make_pipeline(RandomOverSampler(random_state=0), CountVectorizer(), LogisticRegression())
    model.fit(texts, Y)
    assert model.predict(["bad sir"]).tolist() == [1]


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([], ValueError, "X is an empty list: 0 rows"),
        (np.array([], dtype="U1"), ValueError, "0 rows"),
        ([1, 2, 3, 4, 5, 6], ValueError, r"1D X: X\[0\] is 1\. Reshape"),
        (np.arange(6.0), ValueError, r"Reshape X to \(n, 1\)"),
        ([None] * 6, ValueError, r"X\[0\] is None"),
        (np.zeros((6, 0)), ValueError, r"0 feature\(s\)"),
        (np.zeros((6, 0, 2)), ValueError, r"shape \(6, 0, 2\): its rows are empty"),
        (np.zeros((6, 2), dtype=complex), ValueError, "Complex data not supported"),
        (sparse.csr_array(np.zeros((6, 2), dtype=complex)), ValueError, "Complex"),
        (np.float64(3.0), ValueError, "got scalar array"),
        ("text", ValueError, "got scalar array"),
        (None, ValueError, "got scalar array"),
        ({"a": 1}, TypeError, r"X is of type dict.*Give list\(X.values\(\)\)"),
        (range(6), ValueError, "got 1D array"),
        (list("abc"), ValueError, "y has 6 labels but X has 3 rows"),
    ],
)
def test_errors(X, error, message):
    sampler = RandomOverSampler()
    with pytest.raises(error, match=message):
        sampler.fit_resample(X, Y)
    assert not any(name.endswith("_") for name in vars(sampler))


def test_bad_parameters():
    X, y = make_rows()
    with pytest.raises(ValueError, match="random_state='a'"):
        RandomOverSampler(random_state="a").fit_resample(X, y)
    with pytest.raises(ValueError, match="sampling_strategy='some'"):
        RandomOverSampler(sampling_strategy="some").fit(X, y)
