"""Drawing sequences: that tokens follow their probabilities, and what temperature, top_k and prompt do."""

from collections import Counter

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import chisquare, kstest
from sklearn.utils import check_random_state

from skseq import RNNGenerator
from skseq.neural_network import _rnn_generator
from skseq.neural_network._sampling import Draws, next_token_probabilities

TEXTS = ["abc", "ab", "bca", "c", "cc", "a"]


def fitted(X=TEXTS, y=None, **settings):
    settings = {"hidden_layer_sizes": 8, "embedding_dim": 4, "learning_rate_init": 0.02, "random_state": 0, **settings}
    return RNNGenerator(**settings).fit(X, y)


MODEL = fitted()
VECTORS = np.random.RandomState(0).standard_normal((6, 2))


def first_tokens(samples, prompt=""):
    """Count what comes right after the prompt; None is the end."""
    return Counter(text[len(prompt) : len(prompt) + 1] or None for text in samples)


@pytest.mark.parametrize("prompt", ["", "a", "cb"])
@pytest.mark.parametrize(("temperature", "top_k"), [(1.0, None), (0.5, None), (2.0, None), (1.0, 2), (3.0, 3)])
def test_tokens_follow_their_probabilities(prompt, temperature, top_k):
    samples = MODEL.sample(2000, prompt=prompt, temperature=temperature, top_k=top_k, random_state=0)
    p = MODEL.predict_next_proba([prompt])[0] ** (1 / temperature)
    if top_k is not None:
        p[np.argsort(p)[:-top_k]] = 0
    p /= p.sum()
    counts = first_tokens(samples, prompt)
    found = np.array([counts[token] for token in MODEL.vocabulary_])
    assert (found[p == 0] == 0).all()
    assert chisquare(found[p > 0], 2000 * p[p > 0]).pvalue > 0.001


def test_whole_sequences_follow_their_probabilities():
    samples = Counter(MODEL.sample(5000, random_state=1))
    texts = sorted(samples, key=samples.get)[-12:]
    p = np.exp(MODEL.score_samples(texts))
    found, rest = np.array([samples[text] for text in texts]), 5000 - sum(samples[text] for text in texts)
    assert chisquare([*found, rest], 5000 * np.array([*p, 1 - p.sum()])).pvalue > 0.001


@pytest.mark.parametrize("row", [0, 3])
def test_vectors_decide_what_is_drawn(row):
    model = fitted(VECTORS, TEXTS)
    samples = model.sample(1000, X=VECTORS[[row]], random_state=0)
    p = model.predict_next_proba(VECTORS[[row]], [""])[0]
    counts = first_tokens(samples)
    found = np.array([counts[token] for token in model.vocabulary_])
    assert chisquare(found, 1000 * p).pvalue > 0.001


def test_a_temperature_of_zero_takes_the_most_probable_token():
    text = MODEL.sample(temperature=0)[0]
    for end in range(len(text) + 1):
        best = MODEL.next_tokens(text[:end], n=1).tokens[0]
        assert best == (text[end] if end < len(text) else None)
    assert MODEL.sample(3, temperature=0) == [text] * 3
    assert MODEL.sample(3, temperature=1e-300, random_state=5) == [text] * 3
    assert MODEL.sample(3, top_k=1, random_state=5) == [text] * 3
    model = fitted(VECTORS, TEXTS)
    assert model.predict(VECTORS).tolist() == model.sample(X=VECTORS, temperature=0)


def test_a_high_temperature_makes_all_tokens_equally_likely():
    counts = first_tokens(MODEL.sample(2000, temperature=1e300, random_state=0, max_steps=1))
    assert chisquare([counts[token] for token in MODEL.vocabulary_]).pvalue > 0.001


def test_the_first_samples_do_not_depend_on_how_many_there_are(monkeypatch):
    many = MODEL.sample(100, random_state=3)
    for n in (1, 2, 37):
        assert MODEL.sample(n, random_state=3) == many[:n]
    assert MODEL.sample(100, random_state=4) != many
    monkeypatch.setattr(_rnn_generator, "SIDE_BY_SIDE", 7)
    assert MODEL.sample(100, random_state=3) == many


def test_random_state_may_be_a_generator_that_goes_on():
    state = np.random.RandomState(0)
    first = MODEL.sample(20, random_state=state)
    assert MODEL.sample(20, random_state=state) != first
    assert MODEL.sample(20, random_state=0) == first
    assert len(MODEL.sample(2)) == 2


def test_several_samples_for_each_vector_stand_together():
    model = fitted(VECTORS, TEXTS)
    samples = model.sample(3, X=VECTORS[:2], random_state=0)
    assert len(samples) == 6
    assert model.sample(3, X=VECTORS[:1], random_state=0) == samples[:3]
    greedy = model.sample(3, X=VECTORS, temperature=0)
    assert greedy == [text for text in model.predict(VECTORS) for _ in range(3)]


def test_samples_begin_with_the_prompt_and_are_cut():
    for max_steps in (1, 2, 5):
        texts = MODEL.sample(200, prompt="bb", max_steps=max_steps, random_state=0)
        assert all(text.startswith("bb") for text in texts)
        assert max(map(len, texts)) <= 2 + max_steps
        uncut = MODEL.sample(200, prompt="bb", random_state=0)
        assert texts == [text[: 2 + max_steps] for text in uncut]
    words = fitted([["the", "boy"], ["the", "dog"]])
    assert words.sample(prompt=["the", "boy", "the"], max_steps=1, random_state=0)[0][:3] == ["the", "boy", "the"]
    ids = fitted([[4, 2], [2]])
    assert_array_equal(ids.sample(prompt=np.array([2, 2]), random_state=0)[0][:2], [2, 2])


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("layers", [5, (5, 4)])
def test_what_is_drawn_step_by_step_has_the_probabilities_of_the_whole(cell, layers):
    # With states carried wrongly, samples would not follow predict_next_proba further on.
    model = fitted(["abab", "bbaa"], hidden_layer_sizes=layers, cell=cell)
    text = model.sample(temperature=0, max_steps=30)[0]
    for end in range(len(text)):
        assert model.next_tokens(text[:end], n=1).tokens == [text[end]]


def test_all_that_is_drawn_can_be_scored():
    untrained = fitted(learning_rate_init=1e-9, max_iter=1)
    samples = untrained.sample(300, random_state=0)
    assert "" in samples
    assert np.isfinite(untrained.score_samples(samples)).all()
    # The cross-entropy of a model's own samples is the entropy it says it has.
    assert_allclose(-untrained.score(samples), np.log(4), rtol=0.15)


def test_probabilities_by_hand():
    logits = np.log([[0.4, 0.1], [0.3, 0.2], [0.2, 0.3], [0.1, 0.4]])
    assert_allclose(next_token_probabilities(logits), np.exp(logits))
    squared = np.exp(2 * logits)
    assert_allclose(next_token_probabilities(logits, 0.5), squared / squared.sum(axis=0))
    assert_allclose(
        next_token_probabilities(logits, top_k=2), [[4 / 7, 0], [3 / 7, 0], [0, 3 / 7], [0, 4 / 7]], atol=1e-15
    )
    assert_allclose(next_token_probabilities(logits, top_k=9), np.exp(logits))
    # Tokens as probable as the last of the top k are kept.
    assert_allclose(
        next_token_probabilities(np.log([[2.0], [1.0], [1.0], [0.5]]), top_k=2), [[0.5], [0.25], [0.25], [0]]
    )
    assert_allclose(next_token_probabilities(np.array([[1e308], [-1e308]]), 1e-300), [[1], [0]])


def test_a_token_without_probability_is_never_drawn(monkeypatch):
    # Whatever the uniform number, 0 and the one next to 1 too.
    logits = np.log(np.array([[1e-320, 1e-320], [0.5, 0.5], [1e-320, 1e-320], [0.5, 0.5], [1e-320, 1e-320]]))
    draws = Draws([0, 1], 1.0, 2)
    monkeypatch.setattr(draws, "_next_uniform", lambda: np.array([0.0, np.nextafter(1, 0)]))
    assert_array_equal(draws.choose(logits), [1, 3])


def test_random_streams_go_on_over_many_steps():
    draws = Draws(np.arange(300, dtype=np.uint32), 1.0, None)
    points = np.array([draws._next_uniform() for _ in range(100)])
    assert kstest(points.ravel(), "uniform").pvalue > 0.001
    assert len(np.unique(points)) == points.size
    for lag in (1, 32, 33):
        assert abs(np.corrcoef(points[:-lag].ravel(), points[lag:].ravel())[0, 1]) < 0.03
    draws.keep(np.array([5, 7]))
    others = Draws(np.array([5, 7], dtype=np.uint32), 1.0, None)
    for _ in range(100):
        others._next_uniform()
    for _ in range(70):
        assert_array_equal(draws._next_uniform(), others._next_uniform())


def test_drawing_changes_no_global_random_state():
    before = np.random.get_state()[1].copy()
    MODEL.sample(3, random_state=0)
    assert_array_equal(check_random_state(None).get_state()[1], before)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n": 0}, "n == 0"),
        ({"n": 1.5}, "n must be"),
        ({"n": True}, "n must be a number"),
        ({"temperature": -1}, "temperature == -1"),
        ({"temperature": float("nan")}, "temperature must be a number"),
        ({"temperature": float("inf")}, "temperature == inf"),
        ({"top_k": 0}, "top_k == 0"),
        ({"top_k": 2.0}, "top_k must be"),
        ({"max_steps": 0}, "max_steps == 0"),
        ({"prompt": 3}, "prompt is 3 of type int"),
        ({"prompt": ["a", 1]}, "prompt holds 1 of type int at step 1"),
        ({"prompt": "ax"}, "prompt holds the token 'x' at step 1"),
        ({"prompt": [1]}, "prompt holds a sequence of integers, but in fit it held a text"),
        ({"random_state": "x"}, "random_state='x'"),
    ],
)
def test_bad_arguments(settings, message):
    with pytest.raises((ValueError, TypeError), match=message):
        MODEL.sample(**settings)
