"""What ``memory_steps="mean"`` takes for the mean length where targets and weights belong to steps."""

import numpy as np
from numpy.testing import assert_allclose

from skseq.neural_network import RNNGenerator, RNNTagger

UNITS = 4
SETTINGS = {"cell": "gru", "memory_steps": "mean", "max_iter": 1, "learning_rate_init": 1e-12, "random_state": 0}


def longest_memory(model):
    """Return ``memory_steps`` of a network that has not moved from its initial weights."""
    steps = 1 + np.exp(model.weights_["layer_0.bias"][-1])  # 2 (memory_steps / 2)^((UNITS - 0.5) / UNITS) at the start
    return 2 * (steps / 2) ** (UNITS / (UNITS - 0.5))


def tagged(lengths):
    X = [np.ones((steps, 2)) for steps in lengths]
    y = np.empty(len(X), dtype=object)
    y[:] = [np.arange(steps) % 2 for steps in lengths]
    return X, y


def test_long_sequences_of_a_tagger_count_once():
    X, y = tagged([3, 15])
    assert_allclose(longest_memory(RNNTagger(UNITS, **SETTINGS).fit(X, y)), 9, rtol=1e-6)
    weighted = RNNTagger(UNITS, **SETTINGS).fit(X, y, sample_weight=[2, 1])
    assert_allclose(longest_memory(weighted), 7, rtol=1e-6)
    by_step = RNNTagger(UNITS, **SETTINGS).fit(X, y, sample_weight=[np.ones(3), np.zeros(15)])
    assert_allclose(longest_memory(by_step), 3, rtol=1e-6)


def test_long_sequences_of_a_generator_count_once_and_the_end_is_a_step():
    texts = ["ab", "ab" * 7]
    assert_allclose(longest_memory(RNNGenerator(UNITS, **SETTINGS).fit(texts)), 9, rtol=1e-6)
    weighted = RNNGenerator(UNITS, **SETTINGS).fit(texts, sample_weight=[2, 1])
    assert_allclose(longest_memory(weighted), 7, rtol=1e-6)
