"""What :mod:`skseq.estimator_checks` asks of every sequence estimator, for RNNGenerator, which takes other data."""

import io
import pickle
from concurrent.futures import ThreadPoolExecutor

import joblib
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone

from skseq import RNNGenerator, _threads
from skseq.training import _loop

SETTINGS = [
    {"hidden_layer_sizes": 6},
    {"hidden_layer_sizes": (5, 4), "cell": "lstm", "bptt_steps": 3},
    {"hidden_layer_sizes": (5, 4), "cell": "rnn", "dropout": 0.3},
]
GENERATORS = pytest.mark.parametrize(
    "model", [RNNGenerator(embedding_dim=4, max_iter=4, random_state=0, **settings) for settings in SETTINGS], ids=str
)
VECTORS = pytest.mark.parametrize("with_vectors", [False, True], ids=["alone", "with vectors"])


def make_data(with_vectors, n=24, seed=0):
    """Return arguments of fit: sequences of 1 to 9 tokens, alone or after vectors."""
    rng = np.random.RandomState(seed)
    sequences = [rng.randint(5, size=length) for length in rng.randint(1, 10, size=n)]
    return (rng.standard_normal((n, 3)), sequences) if with_vectors else (sequences,)


def results(model, data):
    """Return everything that a fitted model says of the sequences, one row each."""
    return np.column_stack([model.score_samples(*data), model.predict_next_proba(*data)])


def take(data, rows):
    return tuple(part[rows] if isinstance(part, np.ndarray) else [part[row] for row in rows] for part in data)


def assert_close(a, b):
    assert_allclose(a, b, rtol=1e-7, atol=1e-9)


@VECTORS
@GENERATORS
def test_batch_order_and_padding_do_not_matter(model, with_vectors):
    data = make_data(with_vectors)
    model = clone(model).fit(*data)
    expected = results(model, data)
    for row in range(24):
        assert_close(results(model, take(data, [row])), expected[[row]])
    order = np.random.RandomState(1).permutation(24)
    assert_close(results(model, take(data, order)), expected[order])
    *vectors, sequences = take(data, [*range(24), 0])
    sequences[-1] = np.concatenate(sequences * 5)
    assert_close(results(model, (*vectors, sequences))[:-1], expected)
    if with_vectors:
        spelled = model.predict(data[0], max_steps=9)
        for row in range(24):
            assert_array_equal(model.predict(data[0][[row]], max_steps=9)[0], spelled[row])


@VECTORS
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("low", [0, 1])
def test_weights_equal_repetition_and_zero_equals_removal(cell, with_vectors, low):
    data = make_data(with_vectors)
    counts = np.random.RandomState(2).randint(low, 4, size=24)
    model = RNNGenerator(6, cell=cell, embedding_dim=4, max_iter=4, random_state=0)
    repeated = clone(model).fit(*take(data, np.repeat(np.arange(24), counts)))
    weighted = clone(model).fit(*data, sample_weight=counts)
    assert_close(results(weighted, data), results(repeated, data))


def test_tokens_of_sequences_without_weight_are_not_learnt():
    model = RNNGenerator(2, max_iter=1).fit(["ab", "cd"], sample_weight=[1, 0])
    assert list(model.vocabulary_) == [None, "a", "b"]
    model.partial_fit(["ab", "x"], sample_weight=[1, 0])
    with pytest.raises(ValueError, match=r"X\[2\] holds the token 'x' at step 1"):
        model.partial_fit(["ab", "z", "ax"], sample_weight=[1, 0, 1])


@VECTORS
@GENERATORS
def test_clones_and_second_fits_are_the_same_to_the_last_bit(model, with_vectors):
    data = make_data(with_vectors)
    first = clone(model).fit(*data)
    expected = results(first, data)
    assert_array_equal(results(clone(first).fit(*data), data), expected)
    assert_array_equal(results(first.fit(*data), data), expected)
    other = make_data(not with_vectors, n=30, seed=1)
    assert_array_equal(results(first.fit(*other).fit(*data), data), expected)
    assert_array_equal(results(first.fit(["text", "other"]).fit(*data), data), expected)


@VECTORS
@GENERATORS
def test_pickled_models_are_the_same_and_go_on_alike(model, with_vectors):
    data = make_data(with_vectors)
    model = clone(model).fit(*data)
    expected = results(model, data)
    stored = io.BytesIO()
    joblib.dump(model, stored)
    stored.seek(0)
    copies = [pickle.loads(pickle.dumps(model)), joblib.load(stored)]
    for copy in copies:
        assert_array_equal(results(copy, data), expected)
    expected = results(model.partial_fit(*data), data)
    for copy in copies:
        assert_array_equal(results(copy.partial_fit(*data), data), expected)


@VECTORS
@GENERATORS
def test_input_is_read_and_never_written(model, with_vectors):
    data = make_data(with_vectors)
    arrays = [data[-1], [data[0]]] if with_vectors else [data[-1]]
    arrays = [array for part in arrays for array in part]
    copies = [array.copy() for array in arrays]
    for array in arrays:
        array.setflags(write=False)
    weights = np.ones(24)
    weights.setflags(write=False)
    fitted = clone(model).fit(*data, sample_weight=weights)
    results(fitted, data)
    fitted.score(*data, sample_weight=weights)
    fitted.sample(2, X=data[0] if with_vectors else None, prompt=data[-1][0])
    fitted.partial_fit(*data)
    for array, copy in zip(arrays, copies):
        assert_array_equal(array, copy)


@VECTORS
@GENERATORS
def test_what_predicts_changes_nothing_of_the_model(model, with_vectors):
    data = make_data(with_vectors)
    fitted = clone(model).fit(*data)
    attributes, weights = set(vars(fitted)), fitted._trainer.parameters.flat.copy()
    results(fitted, data)
    fitted.sample(3, X=data[0][:2] if with_vectors else None, random_state=0)
    fitted.next_tokens(X=data[0][0] if with_vectors else None)
    assert set(vars(fitted)) == attributes
    assert_array_equal(fitted._trainer.parameters.flat, weights)


@VECTORS
@pytest.mark.parametrize("settings", [{}, {"dropout": 0.3}, {"bptt_steps": 3}], ids=str)
def test_the_number_of_threads_changes_no_bit(settings, with_vectors, monkeypatch):
    monkeypatch.setattr(_loop, "TRAINING_PAYS", 1)  # work in parts, however small
    monkeypatch.setattr(_loop, "PREDICTION_PAYS", 1)
    data = make_data(with_vectors, n=60)
    found = []
    for threads in (1, 2, 4):
        monkeypatch.setattr(_threads, "allowed_threads", lambda: threads)  # noqa: B023
        model = RNNGenerator(8, batch_size=21, max_iter=3, random_state=0, **settings).fit(*data)
        found.append(results(model, data))
    assert_array_equal(found[0], found[1])
    assert_array_equal(found[0], found[2])


def test_threads_may_use_one_model_at_once():
    model = RNNGenerator(8, max_iter=2, random_state=0).fit(["abcab", "bca", "cc"] * 20)
    alone = [model.sample(30, random_state=seed) for seed in range(8)]
    with ThreadPoolExecutor(4) as executor:
        assert list(executor.map(lambda seed: model.sample(30, random_state=seed), range(8))) == alone
        together = list(executor.map(model.score_samples, alone))
    for log_p, samples in zip(together, alone):
        assert_array_equal(log_p, model.score_samples(samples))
