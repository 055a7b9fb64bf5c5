"""A fit says when its gradients have vanished or exploded, and points to who called it."""

import pickle

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning

from skseq import RNNClassifier, RNNRegressor
from skseq.datasets import make_adding_problem
from skseq.exceptions import GradientWarning
from skseq.neural_network import RNNTagger

X, y = make_adding_problem(30, n_steps=100, random_state=0)
RELU = {"cell": "rnn", "activation": "relu", "recurrent_init": "glorot", "learning_rate_init": 1e-4}


@pytest.mark.parametrize(
    ("estimator", "targets"),
    [(RNNRegressor(8), y), (RNNClassifier(8), (np.arange(30) % 2).astype(str))],
    ids=["regressor", "classifier"],
)
def test_gradients_that_vanish(estimator, targets):
    estimator.set_params(**RELU, max_iter=10, random_state=0)
    with pytest.warns(GradientWarning, match="learnt nothing in 10 epochs, and its gradients vanish") as caught:
        estimator.fit(X, targets)
    assert [warning.filename for warning in caught] == [__file__]
    assert estimator.n_iter_ == 10


def test_the_cure_cures():
    RNNRegressor(8, cell="lstm", learning_rate_init=0.02, max_iter=20, random_state=0).fit(X, y)
    RNNRegressor(8, **{**RELU, "recurrent_init": "identity"}, max_iter=10, random_state=0).fit(X, y)
    RNNRegressor(8, **RELU, pooling="mean", max_iter=10, random_state=0).fit(X, y)


def test_gradients_that_explode():
    positive = [np.abs(x) for x in X]  # whose sum over a hundred steps the identity keeps
    model = RNNRegressor(8, cell="rnn", activation="relu", recurrent_init="identity", max_iter=6, random_state=0)
    model.set_params(learning_rate_init=1e-6)
    with pytest.warns(GradientWarning, match="gradients explode") as caught:
        model.fit(positive, y)
    assert caught[0].filename == __file__


def test_a_fit_that_goes_on_counts_its_own_epochs():
    model = RNNRegressor(8, **RELU, max_iter=6, warm_start=True, random_state=0)
    model.fit(X, y).fit(X, y)
    for _ in range(6):
        model.partial_fit(X, y)


def test_a_tagger_sees_targets_everywhere():
    labels = [np.arange(len(x)) % 2 for x in X]
    RNNTagger(4, **RELU, max_iter=10, random_state=0).fit(X, labels)


def test_the_warning():
    assert issubclass(GradientWarning, ConvergenceWarning)
    assert str(pickle.loads(pickle.dumps(GradientWarning("so it is")))) == "so it is"
