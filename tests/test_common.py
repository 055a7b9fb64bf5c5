"""Every estimator against scikit-learn's own checks and against the public checks for sequences."""

import numpy as np
import pytest
from scikit_learn_checks import parametrize_checks
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import KBinsDiscretizer
from sklearn.utils.estimator_checks import check_estimator

from skseq import RNNClassifier, RNNRegressor
from skseq.compose import MinimumCostClassifier, ResampledClassifier
from skseq.estimator_checks import check_grid_search, sequence_checks
from skseq.neural_network import RNNTagger, RNNTranslator, TransformerClassifier

# Each cell, both activations, all poolings, two directions, two layers; few units, so that it is quick.
# Weights equal repetition only where the batch is all rows and no dropout is drawn.
SHORT = {"max_iter": 30, "random_state": 0}
NETWORKS = [
    RNNClassifier(
        (8,), cell="lstm", pooling="max", bidirectional=True, solver="rmsprop", learning_rate_init=0.005, **SHORT
    ),
    RNNClassifier((8, 8), cell="rnn", pooling="mean", learning_rate="cosine", class_weight="balanced", **SHORT),
    RNNClassifier(16, cell="rnn", activation="relu", recurrent_init="identity", prior_correction=True, **SHORT),
    RNNClassifier(16, cell="gru", learning_rate="plateau", alpha=1e-3, max_grad_norm=None, **SHORT),
    RNNRegressor(16, cell="lstm", loss="huber", learning_rate_init=0.03, bidirectional=True, **SHORT),
    RNNRegressor(32, cell="rnn", loss="absolute_error", max_iter=50, random_state=0),
    TransformerClassifier(
        1, width=8, n_heads=2, positions="learned", pooling="token", learning_rate_init=0.01, **SHORT
    ),
]
#: As a user gets them, with many units and layers; the Transformer with fewer epochs.
DEFAULTS = [
    RNNClassifier(random_state=0),
    RNNRegressor(random_state=0),
    TransformerClassifier(max_iter=20, random_state=0),
]


@parametrize_checks(*NETWORKS, slow=DEFAULTS)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@pytest.mark.filterwarnings("ignore")
def test_scikit_learn_checks_of_embedded_ids():
    # The checks give measurements; binned, they are ids. scikit-learn's own Pipeline fails a few of its checks.
    def failures(classifier):
        results = check_estimator(make_pipeline(KBinsDiscretizer(encode="ordinal"), classifier), on_fail=None)
        return {result["check_name"] for result in results if result["status"] == "failed"}

    embedded = RNNClassifier(4, cell="rnn", embedding_dim=4, learning_rate_init=0.02, max_iter=10, random_state=0)
    assert failures(embedded) <= failures(LogisticRegression())


SEQUENCE_ESTIMATORS = [
    RNNClassifier(8, max_iter=20, random_state=0),
    RNNClassifier((5, 4), cell="lstm", bidirectional=True, pooling="max", max_iter=20, random_state=0),
    RNNClassifier((5, 4), cell="rnn", bidirectional=True, pooling="mean", max_iter=20, random_state=0),
    RNNClassifier(6, cell="rnn", activation="relu", recurrent_init="identity", max_iter=20, random_state=0),
    RNNClassifier(6, cell="gru", class_weight="balanced", prior_correction=True, max_iter=20, random_state=0),
    RNNClassifier(6, cell="lstm", embedding_dim=3, max_iter=20, random_state=0),
    RNNClassifier((5, 5), cell="gru", embedding_dim=3, bidirectional=True, max_iter=20, random_state=0),
    RNNRegressor(8, max_iter=20, random_state=0),
    RNNRegressor((5, 4), cell="lstm", loss="huber", bidirectional=True, pooling="mean", max_iter=20, random_state=0),
    RNNRegressor(6, cell="rnn", loss="absolute_error", embedding_dim=3, max_iter=20, random_state=0),
    TransformerClassifier(1, width=8, n_heads=2, max_iter=20, random_state=0),
    TransformerClassifier(width=8, pooling="token", embedding_dim=3, max_iter=20, random_state=0),
    TransformerClassifier(
        1, width=8, embedding_dim=8, class_weight="balanced", prior_correction=True, max_iter=20, random_state=0
    ),
    RNNTagger(8, max_iter=20, random_state=0),
    RNNTagger((5, 4), cell="lstm", bidirectional=True, class_weight="balanced", max_iter=20, random_state=0),
    RNNTagger((5, 4), cell="rnn", prior_correction=True, class_weight="balanced", max_iter=20, random_state=0),
    RNNTagger(6, cell="lstm", embedding_dim=3, bptt_steps=20, max_iter=20, random_state=0),
    RNNTranslator(8, embedding_dim=4, dtype="float64", max_iter=20, random_state=0),
    RNNTranslator((5, 4), cell="lstm", attention=False, embedding_dim=3, dtype="float64", max_iter=20, random_state=0),
    RNNTranslator(6, cell="rnn", beam_width=3, embedding_dim=4, dtype="float64", max_iter=20, random_state=0),
]


IN_THIS_PROCESS = [check for check in sequence_checks() if check is not check_grid_search]


@pytest.mark.parametrize("check", IN_THIS_PROCESS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("estimator", SEQUENCE_ESTIMATORS, ids=str)
def test_sequence_checks(estimator, check):
    check(estimator)


def test_grid_search_with_two_processes():
    # One test, so that the processes are started once.
    tagger = RNNTagger(4, max_iter=3, random_state=0)
    decisions = [MinimumCostClassifier(tagger, 1 - np.eye(3)), ResampledClassifier(tagger, None, prior_correction=True)]
    for estimator in [*SEQUENCE_ESTIMATORS, *decisions]:
        check_grid_search(estimator)
