"""TransformerClassifier: what a user does with it, and what it says when something is wrong."""

import pickle
import tracemalloc

import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from transformer_textbook import transformer_outputs, transformer_pooled

from skseq import _threads
from skseq.compose import EachStep
from skseq.datasets import load_japanese_vowels
from skseq.neural_network import TransformerClassifier
from skseq.training import Trainer, _loop


def ragged(n=60, seed=0, features=2):
    """Sequences whose class is which of the first and last values is larger."""
    rng = np.random.RandomState(seed)
    X = [rng.standard_normal((steps, features)) for steps in rng.randint(2, 9, size=n)]
    return X, np.array(["falls", "rises"])[[int(x[-1, 0] > x[0, 0]) for x in X]]


def small(**settings):
    return TransformerClassifier(
        **{"n_layers": 1, "width": 8, "n_heads": 2, "max_iter": 3, "random_state": 0, **settings}
    )


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
@pytest.mark.parametrize("pooling", ["mean", "token"])
def test_it_learns_what_comes_first(pooling, positions):
    X, y = ragged(200)
    settings = {"learning_rate_init": 0.01, "learning_rate": "cosine", "max_iter": 150}
    model = small(width=16, pooling=pooling, positions=positions, **settings).fit(X, y)
    assert model.score(X, y) > 0.9
    assert model.loss_curve_[-1] < 0.5 * model.loss_curve_[0]


@pytest.mark.parametrize(("solver", "rate"), [("sgd", 0.05), ("rmsprop", 0.003)])
def test_it_learns_with_every_solver(solver, rate):
    X, y = ragged(100)
    model = small(width=16, solver=solver, learning_rate_init=rate, max_iter=150).fit(X, y)
    assert model.score(X, y) > 0.8


@pytest.mark.slow
def test_japanese_vowels():
    X, y = load_japanese_vowels(subset="train", return_X_y=True)
    X_test, y_test = load_japanese_vowels(subset="test", return_X_y=True)
    X, X_test = ([x.astype(np.float32) for x in part] for part in (X, X_test))
    model = make_pipeline(EachStep(StandardScaler()), TransformerClassifier(random_state=0)).fit(X, y)
    assert model.score(X_test, y_test) > 0.97


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
@pytest.mark.parametrize("pooling", ["mean", "token"])
@pytest.mark.parametrize("embedding_dim", [None, 3, 8])
def test_a_model_can_be_rebuilt_from_its_weights(embedding_dim, pooling, positions):
    X, y = ragged()
    if embedding_dim is not None:
        X = [np.abs(x[:, 0] * 2).astype(int) for x in X]
    model = small(n_layers=2, embedding_dim=embedding_dim, pooling=pooling, positions=positions).fit(X, y)
    outputs = np.array([transformer_outputs(x, model.weights_, 2, 2, pooling) for x in X])
    assert_allclose(model.decision_function(X), outputs[:, 1] - outputs[:, 0], atol=1e-12)
    assert_allclose(model.transform(X), [transformer_pooled(x, model.weights_, 2, 2, pooling) for x in X], atol=1e-12)
    assert_allclose(model.predict_proba(X), np.exp(outputs) / np.exp(outputs).sum(axis=1, keepdims=True), atol=1e-12)
    assert_allclose(model.predict_log_proba(X), np.log(model.predict_proba(X)), atol=1e-12)
    assert_array_equal(model.predict(X), model.classes_[outputs.argmax(axis=1)])


def test_fitted_attributes_describe_the_fit():
    X, y = ragged()
    model = small(max_iter=7).fit(X, y)
    assert model.n_iter_ == model.best_iteration_ == 7
    assert len(model.loss_curve_) == len(model.grad_norm_curve_) == 7
    assert model.n_features_in_ == 2
    assert_array_equal(model.classes_, ["falls", "rises"])
    assert_array_equal(model.get_feature_names_out(), [f"transformerclassifier{k}" for k in range(8)])
    assert model.weights_["layer_0.feed_forward.hidden_weights"].shape == (8, 32)


def test_its_states_are_features_for_another_model():
    X, y = ragged()
    model = make_pipeline(small(max_iter=20), LogisticRegression()).fit(X, y)
    assert model[:-1].transform(X).shape == (60, 8)
    assert model.score(X, y) > 0.5


def test_same_seed_same_model_and_other_seed_another():
    X, y = ragged()
    first, second = (small(dropout=0.3, early_stopping=True).fit(X, y) for _ in range(2))
    other = small(dropout=0.3, early_stopping=True, random_state=1).fit(X, y)
    for name, array in first.weights_.items():
        assert_array_equal(array, second.weights_[name])
    assert np.abs(first.weights_["output.weights"] - other.weights_["output.weights"]).max() > 1e-3


def test_early_stopping_restores_the_weights_with_least_validation_loss():
    X, y = ragged(80)
    settings = {"learning_rate_init": 0.02, "early_stopping": True, "validation_fraction": 0.25}
    model = small(max_iter=200, n_iter_no_change=5, **settings).fit(X, y)
    assert model.n_iter_ < 200
    assert model.best_iteration_ == int(np.argmin(model.validation_loss_curve_)) + 1 < model.n_iter_
    shorter = small(max_iter=model.best_iteration_, n_iter_no_change=500, **settings).fit(X, y)
    for name, array in model.weights_.items():
        assert_array_equal(array, shorter.weights_[name])


def test_class_weight_equals_sample_weight_and_prior_correction_undoes_it():
    X, y = ragged()
    weighted = small(class_weight={"falls": 1, "rises": 5}).fit(X, y)
    by_row = small().fit(X, y, sample_weight=np.where(y == "rises", 5, 1))
    assert_allclose(weighted.predict_proba(X), by_row.predict_proba(X), rtol=1e-10)
    corrected = small(class_weight={"falls": 1, "rises": 5}, prior_correction=True).fit(X, y)
    expected = weighted.predict_proba(X) / weighted.class_weight_
    assert_allclose(corrected.predict_proba(X), expected / expected.sum(axis=1, keepdims=True), rtol=1e-9)


@pytest.mark.parametrize("settings", [{}, {"dropout": 0.2, "positions": "learned"}], ids=str)
def test_partial_fit_takes_the_epochs_of_fit(settings):
    X, y = ragged()
    whole = small(max_iter=4, **settings).fit(X, y)
    steps = small(max_iter=4, **settings)
    for _ in range(2):
        steps.partial_fit(X, y, classes=["falls", "rises"])
    steps = pickle.loads(pickle.dumps(steps))
    for _ in range(2):
        steps.partial_fit(X, y)
    assert_array_equal(steps.predict_proba(X), whole.predict_proba(X))
    assert steps.loss_curve_ == whole.loss_curve_


def test_warm_start_goes_on():
    X, y = ragged()
    whole = small(max_iter=6).fit(X, y)
    halves = small(max_iter=3, warm_start=True).fit(X, y).fit(X, y)
    assert halves.n_iter_ == 6
    assert_array_equal(halves.predict_proba(X), whole.predict_proba(X))


@pytest.mark.parametrize(
    "setting",
    [
        {"n_layers": 2},
        {"width": 16},
        {"n_heads": 4},
        {"feed_forward_width": 8},
        {"positions": "learned"},
        {"pooling": "token"},
        {"features_per_step": 2},
    ],
    ids=str,
)
def test_a_fit_that_goes_on_refuses_another_network(setting):
    X, y = ragged()
    model = small(warm_start=True).fit(X, y)
    before = model.predict_proba(X)
    model.set_params(**setting)
    [name] = setting
    for go_on in (model.fit, model.partial_fit):
        with pytest.raises(ValueError, match=f"{name}=.*but the network to go on with has {name}="):
            go_on(X, y)
    assert_array_equal(model.predict_proba(X), before)


def test_the_same_feed_forward_width_in_words_and_figures():
    X, y = ragged()
    model = small(warm_start=True).fit(X, y).set_params(feed_forward_width=32)
    assert model.fit(X, y).n_iter_ == 6


def test_learned_positions_refuse_longer_sequences():
    X, y = ragged()
    model = small(positions="learned").fit(X, y)
    longest = max(map(len, X))
    assert len(model.weights_["positions.weights"]) == longest
    longer = [*X, np.zeros((longest + 1, 2))]
    message = rf"X\[60\] has {longest + 1} steps, but positions='learned' has positions for {longest}, .*'sinusoidal'"
    for call in (model.predict, model.transform, lambda X: model.partial_fit(X, [*y, "falls"])):
        with pytest.raises(ValueError, match=message):
            call(longer)
    assert model.fit(longer, [*y, "falls"]).predict(longer).shape == (61,)  # a new network


@pytest.mark.parametrize("container", ["array", "columns", "pandas", "polars", "list"])
def test_every_form_of_sequences(container):
    rng = np.random.RandomState(0)
    X, y = rng.standard_normal((30, 4, 3)), np.arange(30) % 2
    expected = small().fit(X, y).predict_proba(X)
    flat = X.reshape(30, 12)
    names = [f"x{k}" for k in range(12)]
    made = {
        "array": X,
        "columns": flat,
        "pandas": pd.DataFrame(flat, columns=names),
        "polars": pl.DataFrame(flat, schema=names),
        "list": list(X),
    }[container]
    model = small(features_per_step=3 if container in ("columns", "pandas", "polars") else 1)
    assert_array_equal(model.fit(made, y).predict_proba(made), expected)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"n_layers": 0}, ValueError, "n_layers"),
        ({"n_layers": 1.5}, TypeError, "n_layers"),
        ({"width": 0}, ValueError, "width"),
        ({"n_heads": 0}, ValueError, "n_heads"),
        ({"n_heads": "4"}, TypeError, "n_heads"),
        ({"width": 8, "n_heads": 3}, ValueError, "width=8 is not a multiple of n_heads=3.*Set a width"),
        ({"feed_forward_width": 0}, ValueError, "feed_forward_width"),
        ({"positions": "rotary"}, ValueError, "positions='rotary' is not an option.*'sinusoidal', 'learned'"),
        ({"pooling": "last"}, ValueError, "pooling='last' is not an option.*'mean', 'token'"),
        ({"embedding_dim": 0}, ValueError, "embedding_dim"),
        ({"dropout": 1.0}, ValueError, "dropout"),
        ({"solver": "lbfgs"}, ValueError, "solver"),
        ({"prior_correction": 1}, TypeError, "prior_correction"),
    ],
)
def test_wrong_hyperparameters_are_named(settings, error, message):
    X, y = ragged()
    model = small(**settings)
    with pytest.raises(error, match=message):
        model.fit(X, y)
    assert not hasattr(model, "classes_")


def test_prediction_before_fit():
    X, _ = ragged()
    for method in ("predict", "predict_proba", "decision_function", "transform"):
        with pytest.raises(NotFittedError):
            getattr(small(), method)(X)
    with pytest.raises(AttributeError, match="call fit first"):
        small().weights_  # noqa: B018


def test_values_too_large_are_refused_not_answered():
    X, y = ragged()
    model = small().fit(X, y)
    X[7] = X[7] * 1e200
    with pytest.raises(ValueError, match=r"X\[7\] overflow.*EachStep\(StandardScaler\(\)\)"):
        model.predict(X)
    with pytest.raises(ValueError, match="diverged"):
        small().fit(X, y)


@pytest.mark.parametrize("steps", [1, 700])
def test_one_step_and_many(steps):
    rng = np.random.RandomState(0)
    X = list(rng.standard_normal((6, steps, 2)))
    model = small().fit(X, [0, 1] * 3)
    assert_allclose(model.predict_proba([X[3]]), model.predict_proba(X)[3:4], atol=1e-12)


def test_long_sequences_need_memory_in_proportion_to_their_steps():
    X = np.random.RandomState(0).standard_normal((2, 4000, 1)).astype(np.float32)
    model = small(max_iter=1)
    tracemalloc.start()
    model.fit(X, [0, 1]).predict(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60e6  # all scores of one sequence: 128 MB


def test_ctrl_c_keeps_the_weights_so_far(monkeypatch):
    X, y = ragged()
    epoch, calls = Trainer._epoch, []

    def interrupted(self, *arguments):
        calls.append(None)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return epoch(self, *arguments)

    monkeypatch.setattr(Trainer, "_epoch", interrupted)
    with pytest.warns(ConvergenceWarning, match="interrupted after 2 of at most 9"):
        model = small(max_iter=9).fit(X, y)
    monkeypatch.undo()
    assert_array_equal(model.predict_proba(X), small(max_iter=2).fit(X, y).predict_proba(X))


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("lengths", ["equal", "ragged"])
def test_the_number_of_threads_changes_no_bit(lengths, dropout, monkeypatch):
    monkeypatch.setattr(_loop, "TRAINING_PAYS", 1)
    monkeypatch.setattr(_loop, "PREDICTION_PAYS", 1)
    rng = np.random.RandomState(0)
    X = list(rng.standard_normal((300, 9, 2)))
    if lengths == "ragged":
        X = [x[: rng.randint(1, 10)] for x in X]
    results = []
    for threads in (1, 2, 4):
        monkeypatch.setattr(_threads, "allowed_threads", lambda: threads)  # noqa: B023
        model = small(dropout=dropout, batch_size=41).fit(X[:100], np.arange(100) % 2)
        results.append(model.predict_proba(X))
    assert_array_equal(results[0], results[1])
    assert_array_equal(results[0], results[2])


def test_grid_search_in_a_pipeline():
    X, y = ragged()
    pipeline = make_pipeline(EachStep(StandardScaler()), small())
    grid = {"transformerclassifier__pooling": ["mean", "token"], "transformerclassifier__n_heads": [1, 2]}
    search = GridSearchCV(pipeline, grid, cv=2).fit(X, y)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
