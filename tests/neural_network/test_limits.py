"""RNNClassifier at the limits: weights near the ends of float64, long sequences, settings that diverge."""

import tracemalloc

import numpy as np
import pytest
from numpy.testing import assert_allclose

from skseq import RNNClassifier, _threads
from skseq.training import _loop


def data(n=24):
    rng = np.random.RandomState(0)
    return rng.standard_normal((n, 5, 2)), np.arange(n) % 3


@pytest.mark.parametrize("scale", [1e-320, 1e-300, 1e300])
@pytest.mark.parametrize("class_weight", [None, "balanced"])
def test_the_scale_of_weights_does_not_matter(scale, class_weight):
    X, y = data()
    model = RNNClassifier(3, max_iter=3, class_weight=class_weight, random_state=0)
    expected = model.fit(X, y).predict_proba(X)
    assert_allclose(model.fit(X, y, sample_weight=np.full(24, scale)).predict_proba(X), expected, rtol=1e-6)


def test_weights_too_far_apart_to_balance():
    X, y = data()
    with pytest.raises(ValueError, match="too far apart for class_weight='balanced'"):
        RNNClassifier(3, class_weight="balanced").fit(X, y, sample_weight=np.where(y == 0, 1e300, 1e-300))


def test_weights_whose_products_overflow():
    X, y = data()
    with pytest.raises(ValueError, match="sample_weight times class_weight adds up to infinity"):
        RNNClassifier(3, class_weight={0: 1e300, 1: 1e300, 2: 1e300}).fit(X, y, sample_weight=np.full(24, 1e300))


def test_weight_decay_that_diverges_is_named():
    X, y = data()
    with pytest.raises(ValueError, match=r"diverged.*Lower alpha=1e\+03"):
        RNNClassifier(3, alpha=1e3, random_state=0).fit(X, y)


def test_a_batch_size_that_is_an_array():
    X, y = data()
    with pytest.raises(TypeError, match="batch_size must be an instance of int"):
        RNNClassifier(3, batch_size=np.array([1, 2])).fit(X, y)


@pytest.mark.skipif(np.finfo(np.longdouble).max == np.finfo(np.float64).max, reason="long double is double here")
@pytest.mark.parametrize("kind", ["array", "list", "columns"])
def test_long_doubles_that_overflow_are_infinite(kind):
    X, y = data()
    X = X.astype(np.longdouble)
    X[3, 2, 1] = np.longdouble("1e400")
    X = {"array": X, "list": list(X), "columns": X[:, :, 1]}[kind]
    with pytest.raises(ValueError, match="infinity"):
        RNNClassifier(3).fit(X, y)


@pytest.mark.parametrize(
    "settings",
    [{"hidden_layer_sizes": 2, "embedding_dim": 100}, {"hidden_layer_sizes": (50, 2), "bidirectional": True}],
    ids=["embedding", "stacked"],
)
def test_prediction_of_many_long_sequences_needs_little_memory(settings):
    # What stands between the layers is 100 values a step: 720 MB for all 300 sequences at once.
    X = np.random.RandomState(0).randint(0, 4, size=(300, 3000))
    X = list(X if "embedding_dim" in settings else X.astype(float))
    model = RNNClassifier(cell="rnn", max_iter=1, random_state=0, **settings).fit(X[:2], [0, 1])
    tracemalloc.start()
    model.predict(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 250e6


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("ragged", [False, True])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_number_of_threads_changes_no_bit(cell, ragged, dropout, monkeypatch):
    # Work in parts, however small.
    monkeypatch.setattr(_loop, "TRAINING_PAYS", 1)
    monkeypatch.setattr(_loop, "PREDICTION_PAYS", 1)
    rng = np.random.RandomState(0)
    X = list(rng.standard_normal((1100, 9, 2)))
    if ragged:
        X = [x[: rng.randint(1, 10)] for x in X]
    settings = {"cell": cell, "dropout": dropout, "batch_size": 41, "max_iter": 3, "random_state": 0}
    results = []
    for threads in (1, 2, 4):
        monkeypatch.setattr(_threads, "allowed_threads", lambda: threads)  # noqa: B023
        model = RNNClassifier(8, **settings).fit(X[:100], np.arange(100) % 2)
        results.append(model.predict_proba(X))
    np.testing.assert_array_equal(results[0], results[1])
    np.testing.assert_array_equal(results[0], results[2])


def test_a_fit_does_not_depend_on_the_threads_of_the_blas():
    threadpoolctl = pytest.importorskip("threadpoolctl")
    rng = np.random.RandomState(0)
    X, y = rng.standard_normal((400, 6, 3)), np.arange(400) % 2
    results = []
    for threads in (1, 2):
        with threadpoolctl.threadpool_limits(threads):
            results.append(RNNClassifier(128, max_iter=3, random_state=0).fit(X, y).predict_proba(X))
    np.testing.assert_array_equal(*results)
