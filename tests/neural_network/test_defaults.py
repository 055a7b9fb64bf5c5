"""Defaults that measurements chose; docs/defaults.md says why."""

import numpy as np
import pytest

from skseq import RNNClassifier, RNNGenerator, RNNRegressor, RNNTagger


def test_gates_begin_with_memories_of_the_length_of_the_data_where_the_answer_comes_at_the_end():
    assert RNNClassifier().memory_steps == RNNRegressor().memory_steps == "auto"
    assert RNNTagger().memory_steps is RNNGenerator().memory_steps is None


def test_learning_rates():
    rates = {network: (network().learning_rate_init, network().learning_rate) for network in (RNNClassifier, RNNTagger)}
    assert set(rates.values()) == {(0.005, "constant")}
    assert (RNNRegressor().learning_rate_init, RNNRegressor().learning_rate) == (0.01, "constant")
    assert (RNNGenerator().learning_rate_init, RNNGenerator().learning_rate) == (0.01, "cosine")


def test_token_vectors_begin_small():
    X, y = np.arange(200).reshape(20, 10), np.arange(20) % 2
    model = RNNClassifier(4, embedding_dim=50, max_iter=1, learning_rate_init=1e-12, random_state=0).fit(X, y)
    assert model.weights_["embedding.weights"].std() == pytest.approx(0.1, rel=0.03)
