"""Validation data of the user, held-out parts, and scores that decide which weights are best."""

import numpy as np
import pytest
import sklearn
from numpy.testing import assert_allclose
from sklearn.metrics import average_precision_score, f1_score, log_loss
from sklearn.preprocessing import StandardScaler

from skseq.compose import EachStep
from skseq.metrics import per_step_score
from skseq.neural_network import (
    RNNClassifier,
    RNNGenerator,
    RNNRegressor,
    RNNTagger,
    RNNTranslator,
    TransformerClassifier,
)
from skseq.pipeline import Pipeline

rng = np.random.RandomState(0)
LENGTHS = rng.randint(3, 8, size=50)
X = [rng.standard_normal((steps, 2)) for steps in LENGTHS]
LABELS = np.where([x[0, 0] > 0.8 for x in X], "rare", "usual")
NUMBERS = np.array([x[0, 0] for x in X])
STEPS = [np.where(x[:, 0] > 0.8, "rare", "usual") for x in X]
TEXTS = ["abc", "cab", "bca", "aab", "cbb"] * 10
ROWS, HELD = np.arange(35), np.arange(35, 50)

SETTINGS = {"max_iter": 6, "n_iter_no_change": 2, "learning_rate_init": 0.05, "random_state": 0}
CASES = {
    "classifier": (RNNClassifier(4, **SETTINGS), X, LABELS),
    "transformer": (TransformerClassifier(1, width=8, n_heads=2, **SETTINGS), X, LABELS),
    "regressor": (RNNRegressor(4, **SETTINGS), X, NUMBERS),
    "tagger": (RNNTagger(4, **SETTINGS), X, STEPS),
    "generator": (RNNGenerator(4, embedding_dim=3, **SETTINGS), TEXTS, None),
    "generator of vectors": (RNNGenerator(4, embedding_dim=3, **SETTINGS), [x[0] for x in X], TEXTS),
    "translator": (RNNTranslator(4, embedding_dim=3, dtype="float64", **SETTINGS), TEXTS, TEXTS),
}
each_estimator = pytest.mark.parametrize(("model", "X", "y"), CASES.values(), ids=CASES)


def part(values, rows):
    return None if values is None else [values[row] for row in rows]


def named(X, y, rows):
    return {"X_val": part(X, rows), "y_val": part(y, rows)}


def copy_of(model, **settings):
    return sklearn.clone(model).set_params(**settings)


@each_estimator
def test_given_data_are_watched_and_change_nothing_without_early_stopping(model, X, y):
    watched = copy_of(model, learning_rate="plateau").fit(part(X, ROWS), part(y, ROWS), **named(X, y, HELD))
    alone = copy_of(model, learning_rate="plateau").fit(part(X, ROWS), part(y, ROWS))
    assert watched.n_iter_ == watched.best_iteration_ == len(watched.validation_loss_curve_) == 6
    assert alone.validation_loss_curve_ is None
    for name, weights in alone.weights_.items():
        assert_allclose(watched.weights_[name], weights, rtol=0, atol=0, err_msg=name)


@each_estimator
def test_given_data_decide_when_to_stop(model, X, y):
    stopped = copy_of(model, early_stopping=True, max_iter=60, learning_rate_init=0.3, batch_size=200)
    stopped.fit(part(X, ROWS), part(y, ROWS), **named(X, y, HELD))
    losses = stopped.validation_loss_curve_
    assert stopped.best_iteration_ == 1 + np.argmin(losses)
    assert len(losses) == stopped.n_iter_ <= 60
    # Every row was trained on: the initial loss, before the first step, is that of a fit on them all.
    assert (
        stopped.loss_curve_[0]
        == copy_of(stopped, early_stopping=False).fit(part(X, ROWS), part(y, ROWS)).loss_curve_[0]
    )


def test_the_validation_loss_is_that_of_predict():
    data = named(X, LABELS, HELD)
    model = copy_of(CASES["classifier"][0]).fit(part(X, ROWS), part(LABELS, ROWS), **data)
    expected = log_loss(data["y_val"], model.predict_proba(data["X_val"]), labels=model.classes_)
    assert_allclose(model.validation_loss_curve_[-1], expected, rtol=1e-10)


def test_validation_weights_are_sample_weight_times_class_weight():
    data, w = named(X, LABELS, HELD), np.linspace(0, 2, len(HELD))
    model = copy_of(CASES["classifier"][0], class_weight={"rare": 3.0})
    model.fit(part(X, ROWS), part(LABELS, ROWS), **data, sample_weight_val=w)
    weights = w * np.where(np.array(data["y_val"]) == "rare", 3, 1)
    proba = model.predict_proba(data["X_val"])
    expected = log_loss(data["y_val"], proba, labels=model.classes_, sample_weight=weights)
    assert_allclose(model.validation_loss_curve_[-1], expected, rtol=1e-10)


def test_targets_of_the_validation_data_are_scaled_as_those_of_fit():
    data = named(X, 1e6 + 1e3 * NUMBERS, HELD)
    model = copy_of(CASES["regressor"][0]).fit(part(X, ROWS), part(1e6 + 1e3 * NUMBERS, ROWS), **data)
    assert_allclose(model.validation_score_curve_[-1], model.score(data["X_val"], data["y_val"]), rtol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"y_val": ["other"] * 15}, r"y has the classes \['other'\].*Leave out the rows of these classes"),
        ({"y_val": LABELS[:3]}, "y has 3 labels but X has 15 rows"),
        ({"y_val": None}, "y is None"),
        ({"X_val": [x[:, :1] for x in X[35:]]}, "X has 1 features a step"),
        ({"X_val": np.zeros((15, 3))}, "X is an array or DataFrame"),
        ({"X_val": [x * np.nan for x in X[35:]]}, "NaN"),
        ({"sample_weight_val": np.zeros(15)}, "sample_weight is zero"),
    ],
)
def test_bad_validation_data_are_named(change, message):
    model = copy_of(CASES["classifier"][0])
    with pytest.raises(ValueError, match=rf"(?s)The validation data \(X_val as X.*{message}"):
        model.fit(part(X, ROWS), part(LABELS, ROWS), **(named(X, LABELS, HELD) | change))
    assert not hasattr(model, "classes_")


@pytest.mark.parametrize("name", ["y_val", "sample_weight_val"])
def test_half_of_the_validation_data_is_an_error(name):
    with pytest.raises(ValueError, match=f"{name} was given without X_val"):
        RNNClassifier(4).fit(X, LABELS, **{name: np.ones(50)})


def test_unknown_tokens_of_validation_data_are_named():
    with pytest.raises(ValueError, match=r"validation data.*X\[0\] holds the token 'z'"):
        RNNGenerator(4).fit(TEXTS, X_val=["az"])
    with pytest.raises(ValueError, match=r"validation data.*y\[0\] holds the token 'z'.*train on targets"):
        RNNTranslator(4).fit(TEXTS, TEXTS, X_val=["ab"], y_val=["z"])


def test_a_frame_of_validation_data_is_read_by_its_names():
    pd = pytest.importorskip("pandas")
    table = pd.DataFrame(np.array([x[:3, 0] for x in X]), columns=["a", "b", "c"])
    y = LABELS
    model = copy_of(CASES["classifier"][0])
    with pytest.raises(ValueError, match="feature names should match"):
        model.fit(table[:35], y[:35], X_val=table[["c", "b", "a"]][35:], y_val=y[35:])
    assert len(model.fit(table[:35], y[:35], X_val=table[35:], y_val=y[35:]).validation_loss_curve_) == 6


# Scores


def test_a_score_decides_which_weights_are_best():
    model = copy_of(CASES["classifier"][0], early_stopping=True, scoring="average_precision", max_iter=10)
    data = {"X_val": X[35:], "y_val": (LABELS == "rare")[35:]}
    model.fit(X[:35], (LABELS == "rare")[:35], **data)
    scores = np.array(model.validation_score_curve_)
    best = np.flatnonzero(scores == scores.max())
    assert model.best_iteration_ == 1 + best[np.argmin(np.array(model.validation_loss_curve_)[best])]
    assert_allclose(average_precision_score(data["y_val"], model.predict_proba(X[35:])[:, 1]), scores.max())


@pytest.mark.parametrize(
    ("kind", "scoring"),
    [
        ("classifier", "balanced_accuracy"),
        ("transformer", "neg_log_loss"),
        ("regressor", "neg_mean_absolute_error"),
        ("tagger", "f1_macro"),
        ("tagger", "neg_log_loss"),
        ("tagger", per_step_score(f1_score, average="macro")),
        ("generator", lambda model, X, y: -model.perplexity(X)),
        ("generator of vectors", lambda model, X, y: -model.perplexity(X, y)),
        ("translator", "accuracy"),
    ],
)
def test_scores_of_each_estimator(kind, scoring):
    model, X, y = CASES[kind]
    stopped = copy_of(model, early_stopping=True, scoring=scoring, validation_fraction=0.3, max_iter=4).fit(X, y)
    scores = stopped.validation_score_curve_
    assert scores[stopped.best_iteration_ - 1] == max(scores)
    again = copy_of(stopped).fit(X, y)
    assert again.validation_score_curve_ == scores


def test_the_names_of_a_tagger_score_its_steps():
    data = named(X, STEPS, HELD)
    model = copy_of(CASES["tagger"][0], scoring="f1_macro").fit(part(X, ROWS), part(STEPS, ROWS), **data)
    expected = per_step_score(f1_score, average="macro")(model, data["X_val"], data["y_val"])
    assert_allclose(model.validation_score_curve_[-1], expected)
    weights = [np.r_[np.zeros(1), np.ones(len(labels) - 1)] for labels in data["y_val"]]
    model.fit(part(X, ROWS), part(STEPS, ROWS), **data, sample_weight_val=weights)
    expected = per_step_score(f1_score, average="macro")(model, data["X_val"], data["y_val"], weights)
    assert_allclose(model.validation_score_curve_[-1], expected)


def test_scores_get_held_out_rows_in_their_container():
    pd = pytest.importorskip("pandas")
    seen = []

    def scoring(model, X, y):
        seen.append((type(X), len(X), len(y)))
        return model.score(X, y)

    table = pd.DataFrame(np.array([x[:3, 0] for x in X]))
    copy_of(CASES["classifier"][0], early_stopping=True, scoring=scoring, max_iter=1).fit(table, LABELS)
    assert seen == [(pd.DataFrame, 5, 5)]


def test_a_score_that_is_not_finite_is_an_error():
    model = copy_of(CASES["classifier"][0], early_stopping=True, scoring=lambda *_: np.nan)
    with pytest.raises(ValueError, match="gave nan for the 5 validation sequences after epoch 1"):
        model.fit(X, LABELS)
    assert not hasattr(model, "classes_")


@pytest.mark.parametrize(("scoring", "error"), [("f2", ValueError), (3, TypeError), (None, TypeError)])
def test_bad_scoring(scoring, error):
    with pytest.raises(error, match="scoring="):
        RNNClassifier(4, scoring=scoring).fit(X, LABELS)


# Held-out parts


def test_few_rows_never_stop_the_fit():
    y = np.array(["usual"] * 11 + ["rare"])
    with pytest.warns(UserWarning, match="holds out 1; every class is trained on. The smallest class has 1") as caught:
        model = copy_of(CASES["classifier"][0], early_stopping=True).fit(X[:12], y)
    assert caught[0].filename == __file__
    assert len(model.validation_loss_curve_) == model.n_iter_
    with pytest.warns(UserWarning, match="holds out no row of 2"):
        model = copy_of(CASES["classifier"][0], early_stopping=True).fit(X[:2], ["a", "b"])
    assert model.n_iter_ == 6
    assert model.validation_loss_curve_ is None


# Pipelines


@pytest.mark.parametrize("kind", [sklearn.pipeline.Pipeline, Pipeline])
def test_pipelines_transform_the_validation_data(kind):
    with sklearn.config_context(enable_metadata_routing=True):
        model = copy_of(CASES["classifier"][0]).set_fit_request(X_val=True, y_val=True)
        pipeline = kind([("scale", EachStep(StandardScaler())), ("model", model)], transform_input=["X_val"])
        pipeline.fit(part(X, ROWS), part(LABELS, ROWS), **named(X, LABELS, HELD))
    proba = pipeline.predict_proba(part(X, HELD))
    expected = log_loss(part(LABELS, HELD), proba, labels=pipeline.classes_)
    assert_allclose(pipeline[-1].validation_loss_curve_[-1], expected, rtol=1e-10)
