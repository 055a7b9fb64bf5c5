"""step_importance: the axioms of integrated gradients, on every estimator and every form of X."""

import warnings

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import logit
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from skseq import RNNClassifier, RNNRegressor, make_pipeline
from skseq.compose import EachStep, ResampledClassifier
from skseq.inspection import _responses, _step_importance, step_importance
from skseq.neural_network import RNNGenerator, RNNTagger, RNNTranslator, TransformerClassifier
from skseq.over_sampling import RandomOverSampler

RNG = np.random.RandomState(0)
X = [RNG.standard_normal((steps, 2)) for steps in RNG.randint(2, 9, size=30)]
LABELS = np.array(["falls", "rises", "stays"])[np.digitize([x[-1, 0] for x in X], [-0.5, 0.5])]
NUMBERS = np.array([x[:, 1].sum() for x in X])
SETTINGS = {"max_iter": 15, "learning_rate_init": 0.02, "random_state": 0}
CLASSIFIER = RNNClassifier(6, **SETTINGS).fit(X, LABELS)


def sums(contributions):
    return np.array([own.sum() for own in contributions])


def complete(model, X, **options):
    """Return step_importance with many points, after seeing that the contributions add up."""
    importance = step_importance(model, X, **{"n_points": 100, **options})
    changes = importance.predictions - importance.baseline_predictions
    assert_allclose(sums(importance.contributions) - changes, importance.gaps, atol=1e-12)
    scales = np.abs(importance.predictions) + np.abs(importance.baseline_predictions)
    assert (np.abs(importance.gaps) < 0.01 * scales).all()
    assert np.median(np.abs(importance.gaps)) < 1e-5
    return importance


@pytest.mark.parametrize("pooling", ["last", "mean"])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("response", ["probability", "log_odds"])
def test_contributions_add_up(cell, bidirectional, pooling, response):
    model = RNNClassifier((5, 4), cell=cell, bidirectional=bidirectional, pooling=pooling, **SETTINGS).fit(X, LABELS)
    few = X[:8]
    importance = complete(model, few, response=response)
    probability = model.predict_proba(few).max(axis=1)
    expected = probability if response == "probability" else logit(probability)
    assert_allclose(importance.predictions, expected)
    assert_array_equal(importance.targets, model.predict(few))
    zeros = model.predict_proba([0 * x for x in few])
    expected = zeros[np.arange(8), np.searchsorted(model.classes_, model.predict(few))]
    expected = expected if response == "probability" else logit(expected)
    assert_allclose(importance.baseline_predictions, expected)
    for own, x in zip(importance.contributions, few):
        assert own.shape == x.shape


@pytest.mark.parametrize("options", [{"pooling": "max"}, {"cell": "rnn", "activation": "relu"}], ids=str)
def test_what_does_not_add_up_gets_more_points(options, monkeypatch):
    model = RNNClassifier(6, **options, **SETTINGS).fit(X, LABELS)
    found = step_importance(model, X, n_points=10)
    monkeypatch.setattr(_step_importance, "FINER", ())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        coarse = step_importance(model, X, n_points=10)
    scales = np.maximum(found.predictions, found.baseline_predictions)
    enough = np.abs(coarse.gaps) <= 0.01 * scales
    assert 0 < enough.sum() < 30
    assert_array_equal(found.gaps[enough], coarse.gaps[enough])
    assert (np.abs(found.gaps) < np.abs(coarse.gaps))[~enough].mean() > 0.8
    assert np.abs(found.gaps[~enough]).max() < 0.5 * np.abs(coarse.gaps[~enough]).max()
    changes = found.predictions - found.baseline_predictions
    assert_allclose(sums(found.contributions) - changes, found.gaps, atol=1e-12)


def test_too_few_points_are_a_warning(monkeypatch):
    monkeypatch.setattr(_step_importance, "FINER", ())
    with pytest.warns(ConvergenceWarning, match=r"of 30 predictions do not add up: .* Raise n_points=1\.") as caught:
        step_importance(CLASSIFIER, X, n_points=1)
    assert caught[0].filename == __file__


def test_the_gradient_is_that_of_the_prediction():
    # Between two points that are close, the contributions are the gradient times the way.
    x, target = X[0], "rises"
    way = 1e-4 * RNG.standard_normal(2)
    near = [x - way]  # every step of the baseline is the same, so one step at a time
    place = list(CLASSIFIER.classes_).index(target)
    found = step_importance(CLASSIFIER, [x[:1]], target=target, baseline=x[0] - way)
    before, after = CLASSIFIER.predict_proba([near[0][:1]])[0, place], CLASSIFIER.predict_proba([x[:1]])[0, place]
    for feature in range(2):
        moved = x[:1].copy()
        moved[0, feature] -= way[feature]
        alone = CLASSIFIER.predict_proba([x[:1]])[0, place] - CLASSIFIER.predict_proba([moved])[0, place]
        assert_allclose(found.contributions[0][0, feature], alone, rtol=2e-3)
    assert_allclose(found.predictions - found.baseline_predictions, [after - before])


@pytest.mark.parametrize("kind", [_responses.Probability, _responses.LogOdds])
def test_gradients_of_responses(kind):
    outputs, rows = RNG.standard_normal((3, 4)), np.array([2, 0, 3, 1])
    response = kind(np.array([0, 1, 2, 1]), np.array([0.1, -0.3, 0.5]))
    gradient = response.gradient(outputs, rows)
    for k in range(3):
        step = np.zeros((3, 1))
        step[k] = 1e-6
        slope = (response.value(outputs + step, rows) - response.value(outputs - step, rows)) / 2e-6
        assert_allclose(gradient[k], slope, atol=1e-9)


def test_certain_classes_have_finite_log_odds():
    response = _responses.LogOdds(np.array([0, 1]), np.zeros(2))
    outputs = np.array([[800.0, 800.0], [-800.0, -800.0]])
    assert_array_equal(response.value(outputs, np.arange(2)), [1600, -1600])
    assert np.isfinite(response.gradient(outputs, np.arange(2))).all()


def test_features_that_do_not_matter_contribute_nothing():
    model = RNNRegressor(8, **{**SETTINGS, "max_iter": 80}).fit(X, NUMBERS)
    shares = np.array([np.abs(own).sum(axis=0) for own in step_importance(model, X).contributions]).sum(axis=0)
    assert shares[1] > 6 * shares[0]


def test_numbers_in_their_units():
    targets = np.c_[NUMBERS, 1000 + 50 * NUMBERS]
    model = RNNRegressor(6, **SETTINGS).fit(X, targets)
    for place in (0, 1):
        importance = step_importance(model, X, target=place)
        assert_allclose(importance.predictions, model.predict(X)[:, place])
        assert_allclose(
            sums(importance.contributions), importance.predictions - importance.baseline_predictions, rtol=1e-5
        )
        assert_array_equal(importance.targets, place)
    with pytest.raises(ValueError, match="target"):
        step_importance(model, X, target=2)


@pytest.mark.parametrize("step", [-1, 1, 0])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_a_step_of_a_tagger(step, bidirectional):
    labels = [(x.cumsum(axis=0)[:, 0] > 0).astype(int) for x in X]
    model = RNNTagger(6, bidirectional=bidirectional, **SETTINGS).fit(X, labels)
    importance = complete(model, X, target=1, step=step)
    assert_allclose(importance.predictions, [own[step, 1] for own in model.predict_proba(X)])
    assert_array_equal(step_importance(model, X, step=step).targets, [own[step] for own in model.predict(X)])
    if not bidirectional and step >= 0:
        assert all(not own[step + 1 :].any() for own in importance.contributions)
    with pytest.raises(ValueError, match="so it has no step=5"):
        step_importance(model, X, step=5)


@pytest.mark.parametrize("response", ["probability", "log_odds"])
@pytest.mark.parametrize(("positions", "pooling"), [("sinusoidal", "mean"), ("learned", "token")])
def test_a_transformer(positions, pooling, response):
    settings = {"width": 8, "n_heads": 2, "positions": positions, "pooling": pooling}
    model = TransformerClassifier(2, **settings, **SETTINGS).fit(X, LABELS)
    few = X[:8]
    importance = complete(model, few, response=response)
    probability = model.predict_proba(few).max(axis=1)
    assert_allclose(importance.predictions, probability if response == "probability" else logit(probability))
    assert [own.shape for own in importance.contributions] == [x.shape for x in few]
    alone = step_importance(model, few[:1], response=response, n_points=100)
    assert_allclose(alone.contributions[0], importance.contributions[0], atol=1e-10)


def test_prior_correction_is_part_of_the_prediction():
    labels = (LABELS == "rises").astype(int)
    model = RNNClassifier(5, class_weight="balanced", prior_correction=True, **SETTINGS).fit(X, labels)
    importance = complete(model, X, target=1)
    assert_allclose(importance.predictions, model.predict_proba(X)[:, 1])


@pytest.mark.parametrize("baseline", ["zero", "mean", np.arange(3.0)], ids=str)
@pytest.mark.parametrize(
    "network",
    [RNNClassifier(8, embedding_dim=3), TransformerClassifier(1, width=8, n_heads=2, embedding_dim=3)],
    ids=lambda network: type(network).__name__,
)
def test_token_ids(network, baseline):
    ids = [RNG.randint(0, 5, size=steps) for steps in RNG.randint(1, 7, size=40)]
    y = np.array([int(3 in own) for own in ids])
    model = clone(network).set_params(**{**SETTINGS, "max_iter": 60}).fit(ids, y)
    importance = complete(model, ids, target=1, baseline=baseline)
    assert [own.shape for own in importance.contributions] == [own.shape for own in ids]
    assert_allclose(importance.predictions, model.predict_proba(ids)[:, 1])
    contributions, tokens = np.concatenate(importance.contributions), np.concatenate(ids)
    assert np.argmax([contributions[tokens == token].mean() for token in range(5)]) == 3


def test_forms_of_X_come_back():
    deep = RNG.standard_normal((20, 4, 3))
    y = (deep[:, -1, 0] > 0).astype(int)
    model = RNNClassifier(4, **SETTINGS).fit(deep, y)
    flat = RNNClassifier(4, features_per_step=3, **SETTINGS).fit(deep.reshape(20, 12), y)
    contributions = step_importance(model, deep).contributions
    assert contributions.shape == (20, 4, 3)
    frame = pd.DataFrame(deep.reshape(20, 12).astype(np.float32))
    single = step_importance(flat.fit(frame, y), frame).contributions
    assert single.shape == (20, 12)
    assert single.dtype == np.float64
    assert_allclose(single.reshape(20, 4, 3), contributions, atol=1e-3)
    ids = RNG.randint(0, 3, size=(10, 4))
    tokens = RNNClassifier(4, embedding_dim=2, **SETTINGS).fit(ids, np.arange(10) % 2)
    assert step_importance(tokens, ids).contributions.shape == (10, 4)


def test_batches_change_nothing(monkeypatch):
    whole = step_importance(CLASSIFIER, X)
    monkeypatch.setattr("skseq.training._integrated_gradients.BATCH", 7)
    parts = step_importance(CLASSIFIER, X)
    alone = step_importance(CLASSIFIER, [X[11]])
    for own, part in zip(whole.contributions, parts.contributions):
        assert_allclose(own, part, atol=1e-12)
    assert_allclose(alone.contributions[0], whole.contributions[11], atol=1e-12)


def test_one_target_for_each_sequence():
    importance = step_importance(CLASSIFIER, X, target=LABELS)
    places = np.searchsorted(CLASSIFIER.classes_, LABELS)
    assert_allclose(importance.predictions, CLASSIFIER.predict_proba(X)[np.arange(30), places])
    assert_array_equal(importance.targets, LABELS)


def test_networks_inside_other_estimators():
    network = RNNClassifier(4, **SETTINGS)
    pipeline = make_pipeline(EachStep(StandardScaler()), RandomOverSampler(random_state=0), network).fit(X, LABELS)
    found = complete(pipeline, X)
    assert_allclose(found.predictions, pipeline.predict_proba(X).max(axis=1))
    resampled = ResampledClassifier(RNNClassifier(4, **SETTINGS), RandomOverSampler()).fit(X, LABELS)
    complete(resampled, X)


def test_the_estimator_stays_as_it_is():
    before = CLASSIFIER.predict_proba(X)
    step_importance(CLASSIFIER, X)
    assert_array_equal(CLASSIFIER.predict_proba(X), before)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"target": "falling"}, ValueError, "target='falling' is not a class; the classes are"),
        ({"target": ["falls"] * 3}, ValueError, r"target has shape \(3,\)"),
        ({"response": "logit"}, ValueError, "response='logit' is not an option"),
        ({"baseline": "median"}, ValueError, "baseline='median' is not an option"),
        ({"baseline": [0.0]}, ValueError, "2 finite numbers"),
        ({"baseline": {}}, ValueError, "2 finite numbers"),
        ({"baseline": [0.0, np.nan]}, ValueError, "2 finite numbers"),
        ({"n_points": 0}, ValueError, "n_points"),
        ({"step": 0.5}, TypeError, "step"),
    ],
    ids=str,
)
def test_wrong_arguments(options, error, message):
    with pytest.raises(error, match=message):
        step_importance(CLASSIFIER, X, **options)


def test_wrong_estimators():
    with pytest.raises(NotFittedError):
        step_importance(RNNClassifier(), X)
    with pytest.raises(TypeError, match="has no network for sequences inside"):
        step_importance(LogisticRegression(), X)
    with pytest.raises(ValueError, match="NaN"):
        step_importance(CLASSIFIER, [np.full((3, 2), np.nan)])
    for model in (RNNTranslator(4, max_iter=1).fit(["ab"], ["b"]), RNNGenerator(4, max_iter=1).fit(["ab"])):
        with pytest.raises(TypeError, match=f"The predictions of {type(model).__name__} cannot be taken apart"):
            step_importance(model, ["ab"])
