"""Defaults that measurements chose; docs/defaults.md says why."""

import warnings

import numpy as np
import pytest
from sklearn.base import clone

from skseq import RNNClassifier, RNNGenerator, RNNRegressor, RNNTagger
from skseq.neural_network import RNNTranslator, TransformerClassifier

RULE = {"learning_rate": "auto", "batch_size": "auto", "max_iter": "auto", "early_stopping": "auto", "alpha": 0.0}
OWN = {"batch_size": "auto", "max_iter": 30, "early_stopping": False, "alpha": 0.0}


@pytest.mark.parametrize(
    ("network", "rate", "settings"),
    [
        (RNNClassifier, 0.01, RULE),
        (RNNRegressor, 0.01, RULE),
        (RNNTagger, 0.01, RULE),
        (TransformerClassifier, 0.001, RULE),
        (RNNGenerator, 0.01, {"learning_rate": "cosine", **OWN}),
        (RNNTranslator, 0.005, {"learning_rate": "constant", **OWN}),
    ],
)
def test_settings(network, rate, settings):
    values = network().get_params()
    assert values["learning_rate_init"] == rate
    assert {name: values[name] for name in settings} == settings
    assert (values["validation_fraction"], values["n_iter_no_change"], values["tol"]) == (0.1, 10, 1e-4)


def test_gates_begin_with_memories_of_the_length_of_the_data_where_the_answer_comes_at_the_end():
    assert {model().memory_steps for model in (RNNClassifier, RNNRegressor, RNNTagger, RNNGenerator)} == {"auto"}


def test_token_vectors_begin_small():
    X, y = np.arange(200).reshape(20, 10), np.arange(20) % 2
    model = RNNClassifier(4, embedding_dim=50, max_iter=1, learning_rate_init=1e-12, random_state=0).fit(X, y)
    assert model.weights_["embedding.weights"].std() == pytest.approx(0.1, rel=0.03)


def rises_or_falls(n, seed=0):
    """Return sequences (n, 8, 1) and whether each rises, which is easily learned."""
    rng = np.random.RandomState(seed)
    y = rng.randint(2, size=n)
    return (np.where(y, 1, -1)[:, None] * np.arange(8) / 4 + 0.5 * rng.standard_normal((n, 8)))[:, :, None], y


def noise(n, seed=0):
    rng = np.random.RandomState(seed)
    return rng.standard_normal((n, 8, 1)), rng.randint(2, size=n)


def test_small_data_are_cross_validated_and_then_all_learned_from():
    X, y = rises_or_falls(40)
    model = RNNClassifier(8, random_state=0).fit(X, y)
    assert model.score(*rises_or_falls(200, seed=1)) > 0.98
    assert model.validation_loss_curve_ is None
    assert 0.8 < model.output_scale_ <= 1
    assert model.best_iteration_ == model.n_iter_ <= 100


def test_noise_is_answered_with_even_odds_and_the_mean():
    X, y = noise(60)
    X_new, y_new = noise(500, seed=1)
    probabilities = RNNClassifier(8, random_state=0).fit(X, y).predict_proba(X_new)
    assert -np.log(probabilities[np.arange(500), y_new]).mean() < np.log(2) + 0.02
    rng = np.random.RandomState(2)
    model = RNNRegressor(8, random_state=0).fit(X, rng.standard_normal(60))
    assert model.score(X_new, rng.standard_normal(500)) > -0.1


def test_a_part_of_larger_data_is_held_out():
    X, y = rises_or_falls(500)
    model = RNNClassifier(4, random_state=0).fit(X, y)
    assert len(model.validation_loss_curve_) == model.n_iter_
    assert model.best_iteration_ <= model.n_iter_


def test_memorized_labels_are_not_believed():
    X, y = noise(500)
    model = RNNClassifier(16, random_state=0).fit(X, y)
    X, y = noise(1000, seed=1)
    assert -np.log(model.predict_proba(X)[np.arange(1000), y]).mean() < np.log(2) + 0.05


@pytest.mark.parametrize("settings", [{"max_iter": 7}, {"max_iter": 7, "early_stopping": False}])
def test_a_number_of_epochs_is_meant(settings):
    model = RNNClassifier(4, batch_size=20, random_state=0, **settings).fit(*noise(60))
    assert model.n_iter_ == 7
    assert model.output_scale_ == 1
    assert model._trainer.batch_size == 20
    assert model._trainer.optimizer.steps == 7 * 3


def test_all_epochs_are_run_without_held_out_data():
    model = RNNClassifier(2, early_stopping=False, random_state=0).fit(*noise(60))
    assert (model.n_iter_, model.output_scale_) == (100, 1)
    few = RNNClassifier(2, random_state=0).fit(*noise(15))
    assert (few.n_iter_, few.output_scale_) == (100, 1)


def test_the_rate_falls_where_the_number_of_epochs_is_left_open():
    X, y = noise(30)
    model = RNNClassifier(2, early_stopping=False, random_state=0).fit(X, y)
    assert model.learning_rate_curve_[0] == 0.01
    assert model.learning_rate_curve_[-1] == pytest.approx(1e-4)
    assert RNNClassifier(2, max_iter=3, random_state=0).fit(X, y).learning_rate_curve_ == [0.01] * 3
    model = RNNClassifier(2, random_state=0).partial_fit(X, y, classes=[0, 1]).partial_fit(X, y)
    assert model.learning_rate_curve_ == [0.01, 0.01]


def test_given_validation_data_take_the_place_of_held_out_ones():
    X, y = rises_or_falls(60)
    wrong = 1 - y
    model = RNNClassifier(4, random_state=0).fit(X, y, X_val=X, y_val=wrong)
    assert model.output_scale_ == 0.001, "data that contradict the training data leave no confidence"
    assert len(model.validation_loss_curve_) == model.n_iter_
    recorded = RNNClassifier(4, max_iter=3, random_state=0).fit(X, y, X_val=X, y_val=wrong)
    assert (recorded.n_iter_, recorded.output_scale_) == (3, 1)


def test_a_scorer_stops_early():
    X, y = rises_or_falls(60)
    model = RNNClassifier(4, scoring="accuracy", random_state=0).fit(X, y)
    assert model.n_iter_ < 100
    assert max(model.validation_score_curve_) == model.validation_score_curve_[model.best_iteration_ - 1]


def test_a_fit_that_continues_holds_nothing_out():
    X, y = rises_or_falls(60)
    model = RNNClassifier(4, warm_start=True, random_state=0).fit(X, y)
    first = model.n_iter_
    assert model.fit(X, y).n_iter_ == first + 100


def test_the_scale_is_part_of_the_weights():
    X, y = noise(100)
    scaled = RNNClassifier(4, random_state=1).fit(X, y)
    assert scaled.output_scale_ < 0.9
    unscaled = RNNClassifier(4, max_iter=scaled.n_iter_, random_state=1)
    logits = scaled.decision_function(X)
    states = scaled.transform(X)
    weights = scaled.weights_
    own = states @ weights["output.weights"] + weights["output.bias"]
    np.testing.assert_allclose(own[:, 1] - own[:, 0], logits, rtol=1e-6, atol=1e-9)
    assert clone(unscaled).fit(X, y).output_scale_ == 1


@pytest.mark.parametrize("network", [RNNClassifier, RNNRegressor, RNNTagger, TransformerClassifier])
def test_weights_equal_repetition_to_the_last_bit_and_order_does_not_matter(network):
    rng = np.random.RandomState(0)
    X = rng.standard_normal((25, 6, 2))
    y = rng.randint(3, size=(25, 6) if network is RNNTagger else 25)
    counts = rng.randint(0, 4, size=25)
    settings = {"width": 8} if network is TransformerClassifier else {"hidden_layer_sizes": 8}
    model = network(**settings, random_state=0)
    rows = rng.permutation(np.repeat(np.arange(25), counts))
    weighted = clone(model).fit(X, y, sample_weight=counts)
    repeated = clone(model).fit(X[rows], y[rows])
    np.testing.assert_array_equal(weighted.predict(X), repeated.predict(X))
    np.testing.assert_array_equal(weighted._trainer.parameters.flat, repeated._trainer.parameters.flat)


def test_interrupted_cross_validation_leaves_initial_weights(monkeypatch):
    def interrupt(*arguments, **named):
        raise KeyboardInterrupt

    monkeypatch.setattr("skseq.neural_network._base.cross_validated_choice", interrupt)
    with pytest.warns(UserWarning, match="interrupted after 0"):
        model = RNNClassifier(4, random_state=0).fit(*noise(40))
    assert model.n_iter_ == 0
    assert model.predict(noise(3)[0]).shape == (3,)


def test_defaults_warn_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        RNNClassifier(4, random_state=0).fit(*noise(40))
