import numpy as np
import pytest

from skseq.datasets import make_copy_memory
from skseq.neural_network import RNNTagger

BLANK, DELIMITER = 8, 9


@pytest.mark.parametrize("T", [1, 2, 10, 100])
def test_sequences_follow_the_paper(T):
    X, y = make_copy_memory(50, n_steps=T, random_state=0)
    assert X.shape == y.shape == (50, T + 20)
    assert X.dtype == y.dtype == np.int64
    assert (X[:, :10] < BLANK).all()
    assert (X[:, 10 : T + 9] == BLANK).all()
    assert (X[:, T + 9] == DELIMITER).all()
    assert (X[:, T + 10 :] == BLANK).all()
    assert (y[:, : T + 10] == BLANK).all()
    assert (y[:, T + 10 :] == X[:, :10]).all()


def test_symbols_are_equally_likely_and_independent():
    X, _ = make_copy_memory(8000, n_steps=1, random_state=0)
    shares = np.array([[np.mean(X[:, step] == symbol) for symbol in range(8)] for step in range(10)])
    np.testing.assert_allclose(shares, 1 / 8, atol=0.02)
    correlations = np.corrcoef(X[:, :10].T) - np.eye(10)
    assert np.abs(correlations).max() < 0.05


def test_same_seed_same_sequences():
    X1, y1 = make_copy_memory(5, random_state=3)
    X2, y2 = make_copy_memory(5, random_state=np.random.RandomState(3))
    X3, _ = make_copy_memory(5, random_state=4)
    assert np.array_equal(X1, X2)
    assert np.array_equal(y1, y2)
    assert not np.array_equal(X1, X3)


def test_a_tagger_learns_to_copy_over_no_gap_and_beats_the_memoryless_baseline():
    X, y = make_copy_memory(600, n_steps=1, random_state=0)
    new, wanted = make_copy_memory(200, n_steps=1, random_state=1)
    settings = {"memory_steps": "mean", "learning_rate_init": 0.02, "batch_size": 20, "max_iter": 16}
    model = RNNTagger(32, embedding_dim=8, random_state=0, **settings)
    log_proba = model.fit(X, y).predict_log_proba(new)
    cross_entropy = -np.take_along_axis(log_proba, wanted[..., np.newaxis], axis=2).mean()
    assert cross_entropy < 0.9 * 10 * np.log(8) / (1 + 20)


@pytest.mark.parametrize(
    ("kwargs", "error"),
    [
        ({"n_samples": 0}, ValueError),
        ({"n_samples": True}, TypeError),
        ({"n_steps": 0}, ValueError),
        ({"n_steps": 10.0}, TypeError),
        ({"random_state": "seed"}, ValueError),
    ],
)
def test_bad_parameters_are_named(kwargs, error):
    with pytest.raises(error, match=next(iter(kwargs))):
        make_copy_memory(**kwargs)
