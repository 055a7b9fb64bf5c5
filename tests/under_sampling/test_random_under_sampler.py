import pickle

import numpy as np
import pandas as pd
import polars as pl
import pytest
from samplers import ResamplesAtFit, make_rows
from scikit_learn_checks import parametrize_checks
from scipy import sparse
from sklearn.base import clone
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.preprocessing import StandardScaler

from skseq import make_pipeline
from skseq.compose import ResampledClassifier
from skseq.neural_network import RNNClassifier, RNNTagger
from skseq.under_sampling import RandomUnderSampler

Y = np.array([0, 1, 0, 0, 0, 1])


class DroppingAtFit(ResamplesAtFit, RandomUnderSampler):
    pass


@parametrize_checks(
    RandomUnderSampler(random_state=0), DroppingAtFit(sampling_strategy="all", replacement=True, random_state=0)
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def resample(X, y=Y):
    """Return X resampled and the row that each row of the result was."""
    sampler = RandomUnderSampler(random_state=0)
    X_res, y_res = sampler.fit_resample(X, y)
    rows = sampler.sample_indices_
    assert len(rows) == 4
    assert (np.diff(rows) > 0).all()
    assert {1, 5} <= set(rows)
    np.testing.assert_array_equal(sampler.parents_, rows[:, np.newaxis])
    np.testing.assert_array_equal(np.asarray(y_res), np.asarray(y)[rows])
    return X_res, rows


@pytest.mark.parametrize(
    "X",
    [
        np.arange(12, dtype=np.int8).reshape(6, 2),
        np.array(list("abcdef"))[:, np.newaxis],
        np.array([["a", 1], [None, 2.5], ["c", -0.0], ["d", {}], ["e", ()], ["f", 1j]], dtype=object),
        np.array([[1.0, np.nan], [np.inf, 0], [1, 2], [3, 4], [-np.inf, np.nan], [5, 6]]),
        np.arange(6 * 4 * 3.0).reshape(6, 4, 3),
        np.arange(6 * 2 * 2 * 3).reshape(6, 2, 2, 3),
        np.array(list("abcdef")),
    ],
    ids=lambda X: f"{X.dtype}-{X.ndim}",
)
def test_arrays_of_any_dtype(X):
    X.flags.writeable = False
    X_res, rows = resample(X)
    assert X_res.dtype == X.dtype
    np.testing.assert_array_equal(X_res, X[rows])
    X_res[0] = X_res[1]  # the result is the caller's own


@pytest.mark.parametrize("form", ["csr", "csc", "coo"])
def test_sparse(form):
    values = np.array([[0, 1.0], [2, 0], [0, 0], [np.nan, 4], [5, 0], [0, 6]], dtype=np.float32)
    X = getattr(sparse, f"{form}_array")(values)
    X_res, rows = resample(X)
    assert type(X_res) is type(X)
    assert X_res.dtype == np.float32
    np.testing.assert_array_equal(X_res.toarray(), values[rows])


@pytest.mark.parametrize("container", [list, tuple])
@pytest.mark.parametrize("items", [list("abcdef"), [np.ones((n, 2)) for n in range(1, 7)], [[n] for n in range(6)]])
def test_lists_keep_their_objects(container, items):
    X_res, rows = resample(container(items))
    assert type(X_res) is container
    assert all(kept is items[row] for kept, row in zip(X_res, rows))


def test_masks_stay():
    X = np.ma.masked_greater(np.arange(12.0).reshape(6, 2), 6)
    X_res, rows = resample(X)
    np.testing.assert_array_equal(X_res.mask, X.mask[rows])


def test_pandas_keeps_dtypes_and_index():
    X = pd.DataFrame({"c": pd.Categorical(list("abcabc")), "i": pd.array([1, None, 2**60 + 1, 4, 5, 6], dtype="Int64")})
    X.index = list("pqrstu")
    y = pd.Series(Y, index=X.index, name="label")
    X_res, rows = resample(X, y)
    pd.testing.assert_frame_equal(X_res, X.iloc[rows])
    y_res = RandomUnderSampler(random_state=0).fit_resample(X, y)[1]
    pd.testing.assert_series_equal(y_res, y.iloc[rows])


def test_polars():
    X = pl.DataFrame({"text": ["u", None, "w", "x", "y", "z"], "list": [[1], [2, 3], None, [], [4], [5]]})
    X_res, rows = resample(X, pl.Series("label", Y))
    assert X_res.equals(X[rows.tolist()])
    X_res, rows = resample(X["list"])
    assert X_res.to_list() == X["list"][rows.tolist()].to_list()


def test_replacement_repeats_rows_and_copies_objects():
    sampler = RandomUnderSampler(sampling_strategy="all", replacement=True, random_state=0)
    items = [np.array([float(i)]) for i in range(40)]
    y = np.repeat([0, 1], [30, 10])
    X_res, _ = sampler.fit_resample(items, y)
    rows = sampler.sample_indices_
    assert len(np.unique(rows)) < len(rows) == 20
    assert len({id(item) for item in X_res}) == 20
    assert sampler.set_params(replacement=False).fit_resample(items, y)[0][-10:] == items[-10:]


@pytest.mark.parametrize("replacement", [False, True])
def test_every_row_is_as_likely(replacement):
    random_state = np.random.RandomState(0)
    counts = np.zeros(15)
    for _ in range(600):
        sampler = RandomUnderSampler(replacement=replacement, random_state=random_state)
        sampler.fit_resample(np.zeros((15, 1)), np.repeat([0, 1], [10, 5]))
        np.add.at(counts, sampler.sample_indices_, 1)
    assert (counts[10:] == 600).all()
    np.testing.assert_allclose(counts[:10], 300, atol=70)


def test_same_seed_same_rows_and_pickles():
    X, y = make_rows()
    sampler = RandomUnderSampler(random_state=3)
    first = sampler.fit_resample(X, y)[0]
    np.testing.assert_array_equal(first, clone(sampler).fit_resample(X, y)[0])
    again = pickle.loads(pickle.dumps(sampler))
    np.testing.assert_array_equal(again.sample_indices_, sampler.sample_indices_)
    assert not np.array_equal(first, RandomUnderSampler(random_state=4).fit_resample(X, y)[0])


def test_a_failed_call_changes_nothing():
    X, y = make_rows()
    sampler = RandomUnderSampler(random_state=0)
    sampler.fit_resample(X, y)
    before = dict(vars(sampler))
    for wrong_X, wrong_y in ((X, y[:-1]), (X[:, 0], y), (X, np.zeros(len(y))), ([], [])):
        with pytest.raises(ValueError):
            sampler.fit_resample(wrong_X, wrong_y)
        assert vars(sampler) == before


@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        ({"replacement": 1}, TypeError, "replacement must be True or False"),
        ({"random_state": "one"}, ValueError, "random_state='one'"),
        ({"sampling_strategy": "most"}, ValueError, "sampling_strategy='most'"),
    ],
)
def test_bad_parameters(params, error, message):
    with pytest.raises(error, match=message):
        RandomUnderSampler(**params).fit_resample(np.zeros((6, 1)), Y)


def test_before_a_vectorizer_in_a_pipeline_and_a_grid():
    texts = ["quiet night", "loud bang", "quiet day", "quiet", "calm night", "bang bang", "loud", "still calm"]
    y = [0, 1, 0, 0, 0, 1, 1, 0]
    pipeline = make_pipeline(RandomUnderSampler(random_state=0), CountVectorizer(), LogisticRegression())
    grid = GridSearchCV(pipeline, {"randomundersampler__sampling_strategy": ["auto", 0.8, "all"]}, cv=2)
    assert grid.fit(texts, y).predict(["a bang"]).tolist() == [1]


def test_prior_correction_after_under_sampling():
    rng = np.random.RandomState(0)
    y = (rng.rand(4000) < 0.05).astype(int)
    X = rng.randn(4000, 2) + y[:, np.newaxis]
    sampler = RandomUnderSampler(random_state=0)
    model = ResampledClassifier(LogisticRegression(), sampler, prior_correction=True).fit(X, y)
    np.testing.assert_allclose(model.prior_, np.bincount(y) / 4000)
    np.testing.assert_allclose(model.effective_prior_, 0.5)
    proba = model.predict_proba(X)[:, 1]
    assert abs(proba.mean() - y.mean()) < 0.01
    assert model.estimator_.predict_proba(X)[:, 1].mean() > 0.2
    np.testing.assert_allclose(proba, LogisticRegression().fit(X, y).predict_proba(X)[:, 1], atol=0.1)


def test_sequences_before_a_network_and_taggers():
    rng = np.random.RandomState(0)
    X = [rng.randn(n % 4 + 2, 2) for n in range(16)]
    y = np.repeat([0, 1], [12, 4])
    make_pipeline(RandomUnderSampler(random_state=0), RNNClassifier(2, max_iter=1)).fit(X, y).predict(X)
    steps = [np.full(len(x), label) for x, label in zip(X, y)]
    tagger = ResampledClassifier(RNNTagger(2, max_iter=1), RandomUnderSampler(random_state=0)).fit(X, steps)
    assert [len(labels) for labels in tagger.predict(X)] == [len(x) for x in X]


def test_after_a_scaler_in_a_pipeline():
    X, y = make_rows((40, 12))
    model = make_pipeline(StandardScaler(), RandomUnderSampler(random_state=0), LogisticRegression()).fit(X, y)
    np.testing.assert_allclose(model[0].mean_, X.mean(axis=0))  # before the sampler: all rows
    assert len(model[1].sample_indices_) == 24
