"""A fit that went wrong or ended too early ends with a warning: its figures, the cure, and the user's line."""

import warnings

import numpy as np
import pytest
from sklearn.exceptions import ConvergenceWarning
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skseq import RNNClassifier, RNNRegressor
from skseq.compose import EachStep
from skseq.neural_network import RNNGenerator, RNNTagger, TransformerClassifier

rng = np.random.RandomState(0)
X = rng.standard_normal((60, 6, 2))
LABELS = np.where(X[:, 0, 0] > 0, "up", "down")
SETTINGS = {"learning_rate_init": 0.02, "max_iter": 30, "learning_rate": "cosine", "random_state": 0}


def network(**settings):
    return RNNClassifier(8, **(SETTINGS | settings))


def message_of(model, X=X, y=LABELS):
    with pytest.warns(ConvergenceWarning) as caught:
        model.fit(X, y)
    assert [warning.filename for warning in caught] == [__file__]
    return str(caught[0].message)


def assert_silent(model, X=X, y=LABELS):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(X, y)


@pytest.mark.parametrize(
    "model",
    [
        network(),
        network(early_stopping=True),
        network(learning_rate="constant", max_iter=60),
        network(max_iter=4, learning_rate_init=1e-3),
        network(class_weight="balanced", prior_correction=True),
        TransformerClassifier(1, width=8, n_heads=2, max_iter=30, learning_rate_init=0.01, learning_rate="cosine"),
    ],
)
def test_a_training_that_ends_well_is_silent(model):
    assert_silent(model.set_params(random_state=0))


def test_a_search_over_sensible_settings_is_silent():
    search = GridSearchCV(network(), {"learning_rate_init": [0.01, 0.03], "alpha": [0.0, 0.1]}, cv=2)
    assert_silent(search)


def test_a_loss_that_still_falls():
    message = message_of(network(learning_rate="constant", learning_rate_init=0.003, max_iter=10))
    assert "still falls after max_iter=10 epochs: from 0.6" in message
    assert "Raise max_iter, or learning_rate_init=0.003" in message


def test_the_best_epoch_is_the_last():
    model = network(early_stopping=True, learning_rate="constant", learning_rate_init=0.003, max_iter=10)
    assert "The validation loss was lowest in the last of max_iter=10 epochs" in message_of(model)
    assert model.best_iteration_ == 10
    model.set_params(scoring="neg_log_loss")
    assert "The validation score was highest in the last of" in message_of(model)


@pytest.mark.parametrize(("scale", "shift"), [(1, 1e3), (1, 1e6), (1e6, 0)])
@pytest.mark.parametrize("model", [network(), TransformerClassifier(1, width=8, n_heads=2, random_state=0)])
def test_features_that_saturate_the_network(model, scale, shift):
    message = message_of(model, scale * X + shift)
    assert "The features of X saturate the network from the start" in message
    assert "EachStep(StandardScaler())" in message


def test_the_feature_is_named():
    pd = pytest.importorskip("pandas")
    table = pd.DataFrame({"heat": X[:, 0, 0], "year": 2000 + X[:, 1, 0]})
    assert "comes from feature 0, whose mean is 1e+03" in message_of(network(), X + [1e3, 0])
    assert "saturate" in message_of(network(), table)
    message = message_of(network(features_per_step=2), table)
    assert "comes from feature 'year', whose mean is 2e+03" in message


def test_scaled_features_are_no_longer_saturated():
    assert_silent(make_pipeline(EachStep(StandardScaler()), network()), 1e4 + 100 * X)


def test_vectors_of_a_generator_saturate_it_too():
    texts = np.where(LABELS == "up", "ab", "ba").tolist()
    assert "saturate" in message_of(RNNGenerator(4, random_state=0), 1e4 + X[:, 0], texts)


def test_a_rate_too_small_to_learn():
    message = message_of(network(learning_rate_init=1e-7))
    assert "learnt nothing in 30 epochs" in message
    assert "Raise learning_rate_init=1e-07 or max_iter" in message
    # Rare classes: the untrained network is far above a guess by frequencies, and a lower rate would not help.
    rare = np.where(np.arange(60) < 2, "up", "down")
    assert "Raise learning_rate_init=1e-07" in message_of(network(learning_rate_init=1e-7), X, rare)


@pytest.mark.parametrize(
    "model",
    [
        network(solver="sgd", learning_rate_init=100, learning_rate="constant"),
        # With a number of epochs, no held-out data scale the outputs back.
        TransformerClassifier(1, width=8, n_heads=2, learning_rate_init=3, max_iter=30, random_state=0),
    ],
)
def test_a_training_that_ends_above_a_guess(model):
    message = message_of(model)
    assert "Training ended with a loss of" in message
    assert "above the 0.69" in message
    assert f"Lower learning_rate_init={model.learning_rate_init}" in message


def test_a_training_on_its_way_to_the_loss_of_a_guess():
    rare = np.where(np.arange(60) < 3, "up", "down")
    message = message_of(network(learning_rate_init=1e-3, max_iter=20), X, rare)
    assert "still above the 0.199 of a constant prediction" in message
    assert "Raise max_iter, or learning_rate_init=0.001" in message


def test_one_class_for_all_rows():
    noisy = np.where(rng.uniform(size=60) < 0.12, "rare", "usual")
    message = message_of(network(learning_rate_init=0.004, max_iter=12, learning_rate="constant"), X, noisy)
    assert "predicts the class 'usual' for all training data" in message


def test_one_class_where_the_loss_has_ended_well():
    # A fifth of the sequences that rise is rare: the best probabilities are never above one half.
    signal = np.zeros((100, 3, 1))
    signal[:50] = 1
    y = np.where(np.arange(100) % 50 < 10, "rare", "usual")
    y[50:] = "usual"
    message = message_of(network(learning_rate_init=0.05, max_iter=60), signal, y)
    assert message.startswith(
        "The network predicts the class 'usual' for all training data, though there are 2 classes"
    )
    assert "MinimumCostClassifier" in message
    assert_silent(network(learning_rate_init=0.05, max_iter=60, class_weight="balanced"), signal, y)


def test_one_class_in_the_data_is_no_failure():
    weights = (LABELS == "up").astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network(max_iter=6).fit(X, LABELS, sample_weight=weights)


def test_steps_and_numbers():
    steps = np.where(X[:, :, 0] > 0, "up", "down")
    tagger = RNNTagger(8, **SETTINGS)
    assert_silent(tagger, X, steps)
    assert "learnt nothing" in message_of(tagger.set_params(learning_rate_init=1e-8), X, steps)
    regressor = RNNRegressor(8, **SETTINGS)
    assert_silent(regressor, X, X[:, 0, 0])
    assert "learnt nothing" in message_of(regressor.set_params(learning_rate_init=1e-8), X, X[:, 0, 0])


def test_a_fit_that_continues_does_not_judge_its_first_weights():
    model = network(warm_start=True)
    assert_silent(model)
    assert_silent(model)


def test_a_warning_as_an_error_leaves_the_estimator_as_it_was():
    model = network(learning_rate_init=1e-7)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ConvergenceWarning):
            model.fit(X, LABELS)
    assert not hasattr(model, "classes_")
