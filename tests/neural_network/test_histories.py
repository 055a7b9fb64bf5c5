"""What a fit tells of its course, in every estimator."""

import pickle

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from skseq import RNNClassifier, RNNRegressor
from skseq.neural_network import RNNGenerator, RNNTagger, RNNTranslator, TransformerClassifier

RNG = np.random.RandomState(0)
X = [RNG.standard_normal((steps, 2)) for steps in RNG.randint(2, 9, size=40)]
WORDS = ["".join(RNG.choice(list("abc"), size=size)) for size in RNG.randint(2, 7, size=40)]
LABELS = np.array([int(x[-1, 0] > 0) for x in X])
EXAMPLES = {
    RNNClassifier: (X, LABELS),
    RNNGenerator: (WORDS, None),
    RNNRegressor: (X, np.array([x[-1, 0] for x in X])),
    RNNTagger: (X, [(x[:, 0] > 0).astype(int) for x in X]),
    RNNTranslator: (WORDS, [word[::-1] for word in WORDS]),
    TransformerClassifier: (X, LABELS),
}
SMALL = {TransformerClassifier: {"width": 4, "n_heads": 2}}
ESTIMATORS = pytest.mark.parametrize("cls", list(EXAMPLES))


def fitted(cls, **settings):
    size = SMALL.get(cls, {"hidden_layer_sizes": 5})
    return cls(**size, **{"max_iter": 4, "batch_size": 10, "random_state": 0} | settings).fit(*EXAMPLES[cls])


@ESTIMATORS
def test_history_is_a_table(cls):
    model = fitted(cls, early_stopping=True, n_iter_no_change=50)
    table = pd.DataFrame(model.history_)
    assert_array_equal(table.epoch, [1, 2, 3, 4])
    for column in table.columns[1:]:
        assert_array_equal(table[column], getattr(model, f"{column}_curve_"))
    assert np.isfinite(table).all().all()
    assert (table.seconds > 0).all()
    assert pickle.loads(pickle.dumps(model)).history_ == model.history_


@ESTIMATORS
def test_without_a_validation_part_there_are_no_columns_of_it(cls):
    assert list(fitted(cls).history_) == ["epoch", "loss", "grad_norm", "clipped", "learning_rate", "seconds"]


def test_the_share_of_clipped_steps():
    assert fitted(RNNClassifier, max_grad_norm=1e-6).clipped_curve_ == [1.0] * 4
    assert fitted(RNNClassifier, max_grad_norm=1e6).clipped_curve_ == [0.0] * 4
    assert fitted(RNNClassifier, max_grad_norm=None).clipped_curve_ == [0.0] * 4
    still = {"max_iter": 1, "learning_rate_init": 1e-12}
    [mean] = fitted(RNNClassifier, **still).grad_norm_curve_
    [share] = fitted(RNNClassifier, max_grad_norm=mean, **still).clipped_curve_
    assert share in (0.25, 0.5, 0.75)  # of four minibatches, some are above the mean


def test_the_learning_rate_of_each_epoch():
    assert fitted(RNNClassifier).learning_rate_curve_ == [0.01] * 4
    rates = fitted(RNNClassifier, learning_rate="cosine", learning_rate_init=0.1).learning_rate_curve_
    assert_allclose(rates[0], 0.1)
    assert_allclose(rates[-1], 0.001)


@ESTIMATORS
def test_histories_go_on(cls):
    model = fitted(cls, warm_start=True)
    before = model.history_
    model.fit(*EXAMPLES[cls])
    assert model.history_["epoch"] == list(range(1, 9))
    assert model.history_["seconds"][:4] == before["seconds"]
    model.partial_fit(*EXAMPLES[cls])
    assert len(model.seconds_curve_) == 9


def test_an_earlier_validation_part_leaves_gaps():
    model = fitted(RNNClassifier, warm_start=True, early_stopping=True)
    model.set_params(early_stopping=False).fit(X, LABELS)
    losses = model.history_["validation_loss"]
    assert np.isfinite(losses[:4]).all()
    assert np.isnan(losses[4:]).all()
    assert model.validation_loss_curve_ is None


@ESTIMATORS
def test_there_is_none_before_fit(cls):
    with pytest.raises(AttributeError, match=f"This {cls.__name__} has no history_ yet: call fit first"):
        cls().history_  # noqa: B018
    assert not hasattr(cls(), "history_")
