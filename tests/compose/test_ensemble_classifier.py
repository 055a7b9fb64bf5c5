import pickle
import warnings

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from scikit_learn_checks import parametrize_checks
from sklearn.base import BaseEstimator, clone
from sklearn.ensemble import BaggingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline as make_stock_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

from skseq.compose import EnsembleClassifier, MinimumCostClassifier, ResampledClassifier
from skseq.estimator_checks import check_sequence_estimator
from skseq.neural_network import RNNClassifier, RNNTagger
from skseq.over_sampling import SMOTE, RandomOverSampler
from skseq.pipeline import make_pipeline
from skseq.preprocessing import TokenEncoder
from skseq.under_sampling import RandomUnderSampler

RNG = np.random.RandomState(0)
Y = np.repeat(["common", "rare"], [50, 10])
TABLE = RNG.randn(60, 3) + (Y == "rare")[:, np.newaxis]
TREE = DecisionTreeClassifier(max_depth=3, max_features=1)
RAGGED = [RNG.randn(2 + i % 4, 2) + (label == "rare") for i, label in enumerate(Y)]
SMALL = RNNClassifier(3, max_iter=2, batch_size=32)


@parametrize_checks(
    EnsembleClassifier(DecisionTreeClassifier(max_depth=3), 3),
    EnsembleClassifier(LogisticRegression(), 2, sampler=RandomUnderSampler(), prior_correction=True, random_state=0),
    EnsembleClassifier(GaussianNB(), 2, sampler=RandomOverSampler(), random_state=0),
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@pytest.mark.slow
@pytest.mark.parametrize("sampler", [None, RandomUnderSampler()])
def test_sequence_checks(sampler):
    check_sequence_estimator(EnsembleClassifier(SMALL, 2, sampler=sampler, random_state=0))


def test_mean_of_members_with_seeds_of_their_own():
    ensemble = EnsembleClassifier(TREE, 5, random_state=0).fit(TABLE, Y)
    seeds = [member.random_state for member in ensemble.estimators_]
    assert len(set(seeds)) == 5
    trees = [clone(TREE).set_params(random_state=seed).fit(TABLE, Y) for seed in seeds]
    expected = np.mean([tree.predict_proba(TABLE) for tree in trees], axis=0)
    np.testing.assert_allclose(ensemble.predict_proba(TABLE), expected)
    np.testing.assert_array_equal(ensemble.predict(TABLE), ensemble.classes_[expected.argmax(axis=1)])
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(ensemble.predict_log_proba(TABLE), np.log(expected))
    assert ensemble.score(TABLE, Y) == np.mean(ensemble.predict(TABLE) == Y)
    assert len(np.unique([tree.predict_proba(TABLE) for tree in ensemble.estimators_], axis=0)) > 1


def test_each_member_has_its_own_resample():
    sampler = RandomUnderSampler(random_state=7)  # also this seed is replaced
    ensemble = EnsembleClassifier(TREE, 6, sampler=sampler, random_state=0).fit(TABLE, Y)
    draws = [member.sampler_.sample_indices_ for member in ensemble.estimators_]
    assert len({tuple(draw) for draw in draws}) == 6
    for member, draw in zip(ensemble.estimators_, draws):
        assert set(np.flatnonzero(Y == "rare")) <= set(draw)
        alone = clone(member.estimator).fit(TABLE[draw], Y[draw])
        np.testing.assert_array_equal(member.predict_proba(TABLE), alone.predict_proba(TABLE))
    assert sampler.random_state == 7
    assert not hasattr(sampler, "sample_indices_")


def test_nested_seeds_are_set():
    inner = make_stock_pipeline(BaggingClassifier(DecisionTreeClassifier(), 2))
    first, second = EnsembleClassifier(inner, 2, random_state=0).fit(TABLE, Y).estimators_
    for name in ("baggingclassifier__random_state", "baggingclassifier__estimator__random_state"):
        assert isinstance(first.get_params()[name], int)
        assert first.get_params()[name] != second.get_params()[name]


def test_same_seed_same_result():
    ensemble = EnsembleClassifier(TREE, 3, sampler=RandomUnderSampler(), random_state=0)
    first = ensemble.fit(TABLE, Y).predict_proba(TABLE)
    np.testing.assert_array_equal(clone(ensemble).fit(TABLE, Y).predict_proba(TABLE), first)
    other = clone(ensemble).set_params(random_state=1).fit(TABLE, Y)
    assert not np.array_equal(other.predict_proba(TABLE), first)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(ensemble)).predict_proba(TABLE), first)


@pytest.mark.parametrize("backend", ["threading", pytest.param("loky", marks=pytest.mark.slow)])
def test_the_number_of_jobs_changes_nothing(backend):
    for model, X in ((TREE, TABLE), (SMALL, RAGGED)):
        ensemble = EnsembleClassifier(model, 3, sampler=RandomUnderSampler(), random_state=0)
        expected = ensemble.fit(X, Y).predict_proba(X)
        with joblib.parallel_config(backend):
            parallel = clone(ensemble).set_params(n_jobs=2).fit(X, Y)
        np.testing.assert_allclose(parallel.predict_proba(X), expected, rtol=1e-12)


def test_prior_correction_gives_the_base_rate():
    rng = np.random.RandomState(0)
    y = (rng.rand(3000) < 0.05).astype(int)
    X = rng.randn(3000, 2) + y[:, np.newaxis]
    ensemble = EnsembleClassifier(LogisticRegression(), 5, sampler=RandomUnderSampler(), random_state=0)
    balanced = ensemble.fit(X, y).predict_proba(X)[:, 1]
    corrected = clone(ensemble).set_params(prior_correction=True).fit(X, y)
    proba = corrected.predict_proba(X)[:, 1]
    assert balanced.mean() > 0.25
    assert abs(proba.mean() - y.mean()) < 0.01
    by_hand = np.mean([member.predict_proba(X) for member in corrected.estimators_], axis=0)
    np.testing.assert_allclose(corrected.predict_proba(X), by_hand)
    odds = corrected.estimators_[0].estimator_.predict_proba(X)[:, 1]
    odds = odds / (1 - odds) * y.mean() / (1 - y.mean())
    np.testing.assert_allclose(corrected.estimators_[0].predict_proba(X)[:, 1], odds / (1 + odds))


@pytest.mark.parametrize("sampler", [None, "passthrough", RandomUnderSampler()])
def test_class_weights_that_the_correction_leaves_are_noticed(sampler):
    weighted = LogisticRegression(class_weight="balanced")
    ensemble = EnsembleClassifier(weighted, 2, sampler=sampler, random_state=0, prior_correction=True)
    with pytest.warns(
        UserWarning, match="prior_correction=True undoes the sampler.*has class_weight='balanced'"
    ) as caught:
        ensemble.fit(TABLE, Y)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        clone(ensemble).set_params(estimator__class_weight=None).fit(TABLE, Y)
        clone(ensemble).set_params(prior_correction=False).fit(TABLE, Y)


class DropsOneClass(BaseEstimator):
    """Leave out one class, another one for each seed."""

    def __init__(self, random_state=None):
        self.random_state = random_state

    def fit_resample(self, X, y):
        kept = y != np.random.RandomState(self.random_state).choice(np.unique(y))
        return X[kept], y[kept]


def test_members_may_lack_classes():
    y = np.repeat([3, 5, 9], 20)
    ensemble = EnsembleClassifier(GaussianNB(), 12, sampler=DropsOneClass(), random_state=0).fit(TABLE, y)
    assert {len(member.classes_) for member in ensemble.estimators_} == {2}
    assert len({tuple(member.classes_) for member in ensemble.estimators_}) == 3
    proba = ensemble.predict_proba(TABLE)
    assert proba.shape == (60, 3)
    np.testing.assert_allclose(proba.sum(axis=1), 1)
    by_hand = np.zeros((60, 3))
    for member in ensemble.estimators_:
        for k, label in enumerate(member.classes_):
            by_hand[:, [3, 5, 9].index(label)] += member.predict_proba(TABLE)[:, k] / 12
    np.testing.assert_allclose(proba, by_hand)


class AddsAClass(BaseEstimator):
    def fit_resample(self, X, y):
        return X, np.where(np.arange(len(y)) < 5, "new", y)


@pytest.mark.parametrize(
    ("ensemble", "error", "message"),
    [
        (EnsembleClassifier(TREE, 0), ValueError, "n_estimators == 0, must be >= 1"),
        (EnsembleClassifier(TREE, 2.5), TypeError, "n_estimators"),
        (EnsembleClassifier(TREE, True), TypeError, "n_estimators must be a number, got the boolean"),
        (EnsembleClassifier(TREE, n_jobs=0), ValueError, "n_jobs=0 is not an option"),
        (EnsembleClassifier(TREE, random_state="x"), ValueError, "random_state='x'"),
        (EnsembleClassifier(TREE, prior_correction=1), TypeError, "prior_correction must be True or False"),
        (EnsembleClassifier(TREE, sampler=SMOTE), TypeError, r"sampler is the class SMOTE; give an instance"),
        (EnsembleClassifier(TREE, sampler=TREE), TypeError, "has no fit_resample"),
        (EnsembleClassifier(LinearSVC()), TypeError, "which has no predict_proba"),
        (EnsembleClassifier(None), TypeError, "estimator is None"),
        (EnsembleClassifier(LinearRegression()), TypeError, "has no predict_proba"),
        (
            EnsembleClassifier(MinimumCostClassifier(TREE, [[0, 1], [9, 0]])),
            ValueError,
            r"the decisions of MinimumCostClassifier.*Turn it round: MinimumCostClassifier\(EnsembleClassifier",
        ),
        (EnsembleClassifier(TREE, sampler=AddsAClass()), ValueError, r"classes \['new'\], which are not in y"),
    ],
)
def test_errors_leave_it_as_it_was(ensemble, error, message):
    with pytest.raises(error, match=message):
        ensemble.fit(TABLE, Y)
    assert not hasattr(ensemble, "estimators_")
    fitted = EnsembleClassifier(TREE, 2, random_state=0).fit(TABLE, Y)
    before = dict(vars(fitted))
    fitted.set_params(**ensemble.get_params(deep=False))
    with pytest.raises(error, match=message):
        fitted.fit(TABLE, Y)
    assert fitted.estimators_ is before["estimators_"]


@pytest.mark.parametrize(
    ("X", "y"), [(TABLE, Y[:-1]), (TABLE, None), (TABLE, np.linspace(0, 1, 60)), (np.full((60, 3), "a"), Y)]
)
def test_data_that_cannot_be_used(X, y):
    ensemble = EnsembleClassifier(TREE, 2, sampler=SMOTE())
    with pytest.raises((TypeError, ValueError)):
        ensemble.fit(X, y)
    assert not hasattr(ensemble, "classes_")


def test_not_fitted():
    ensemble = EnsembleClassifier(TREE)
    for method in ("predict", "predict_proba", "predict_log_proba"):
        with pytest.raises(NotFittedError):
            getattr(ensemble, method)(TABLE)
    assert not hasattr(ensemble, "n_features_in_")


def test_sample_weight_and_metadata():
    weights = np.linspace(0, 2, 60)
    ensemble = EnsembleClassifier(LogisticRegression(), 2).fit(TABLE, Y, sample_weight=weights)
    expected = LogisticRegression().fit(TABLE, Y, sample_weight=weights).predict_proba(TABLE)
    np.testing.assert_allclose(ensemble.predict_proba(TABLE), expected)
    with pytest.raises(ValueError, match="sample_weight was given to the estimator, but the sampler resamples"):
        EnsembleClassifier(TREE, sampler=RandomUnderSampler()).fit(TABLE, Y, sample_weight=weights)


class Remembers(LogisticRegression):
    def fit(self, X, y, note=None):
        self.note_ = note
        return super().fit(X, y)


@pytest.mark.parametrize("sampler", [None, RandomUnderSampler()])
def test_routed_metadata(sampler):
    with sklearn.config_context(enable_metadata_routing=True):
        ensemble = EnsembleClassifier(Remembers().set_fit_request(note=True), 2, sampler=sampler).fit(
            TABLE, Y, note="heard"
        )
        inner = [getattr(member, "estimator_", member) for member in ensemble.estimators_]
        assert [member.note_ for member in inner] == ["heard", "heard"]
        with pytest.raises(TypeError, match="got unexpected argument"):
            ensemble.fit(TABLE, Y, other=1)
        weighted = LogisticRegression().set_fit_request(sample_weight=True)
        ensemble = EnsembleClassifier(weighted, 2).set_score_request(sample_weight=False)
        search = GridSearchCV(ensemble, {"n_estimators": [1, 2]}, cv=2)
        search.fit(TABLE, Y, sample_weight=np.ones(60))


@pytest.mark.parametrize("sampler", [None, RandomUnderSampler(), SMOTE(k_neighbors=2)])
@pytest.mark.parametrize(
    "X",
    [
        RAGGED,
        [pd.DataFrame(x, columns=["a", "b"]) for x in RAGGED],
        RNG.randn(60, 4, 2),
        pd.DataFrame(TABLE, columns=list("abc")),
        pl.DataFrame(TABLE, schema=list("abc")),
    ],
    ids=["ragged", "frames", "3-D", "pandas", "polars"],
)
def test_what_networks_take(X, sampler):
    ensemble = EnsembleClassifier(SMALL, 2, sampler=sampler, random_state=0).fit(X, Y)
    proba = ensemble.predict_proba(X)
    assert proba.shape == (60, 2)
    np.testing.assert_allclose(proba.sum(axis=1), 1)
    assert ensemble.n_features_in_ == ensemble.estimators_[0].n_features_in_
    if hasattr(X, "columns"):
        assert ensemble.feature_names_in_.tolist() == ["a", "b", "c"]


def test_texts():
    texts = [f"a {'loud' if label == 'rare' else 'quiet'} night {i}" for i, label in enumerate(Y)]
    bag = make_stock_pipeline(CountVectorizer(), LogisticRegression())
    assert EnsembleClassifier(bag, 3, sampler=RandomUnderSampler(), random_state=0).fit(texts, Y).score(texts, Y) == 1
    network = make_pipeline(TokenEncoder(), RNNClassifier(3, embedding_dim=2, max_iter=1, batch_size=32))
    EnsembleClassifier(network, 2, sampler=RandomUnderSampler(), random_state=0).fit(texts, Y).predict(texts)


def test_float32_stays():
    X = RNG.randn(60, 4, 2).astype(np.float32)
    assert EnsembleClassifier(SMALL, 2).fit(X, Y).predict_proba(X).dtype == SMALL.fit(X, Y).predict_proba(X).dtype


@pytest.mark.parametrize("sampler", [None, RandomUnderSampler()])
def test_taggers(sampler):
    y = [np.where(np.arange(len(x)) < 2, label, "step") for x, label in zip(RAGGED, Y)]
    ensemble = EnsembleClassifier(RNNTagger(3, max_iter=2, batch_size=32), 2, sampler=sampler, random_state=0)
    proba = ensemble.fit(RAGGED, y).predict_proba(RAGGED)
    members = [member.predict_proba(RAGGED) for member in ensemble.estimators_]
    for mean, one, other in zip(proba, *members):
        np.testing.assert_allclose(mean, (one + other) / 2)
    labels = ensemble.predict(RAGGED)
    assert [len(row) for row in labels] == [len(x) for x in RAGGED]
    steps, true = np.concatenate(list(labels)), np.concatenate(y)
    assert ensemble.score(RAGGED, y) == np.mean(steps == true)


def test_inside_and_around_other_tools():
    costs = [[0, 1], [20, 0]]
    ensemble = EnsembleClassifier(TREE, 3, sampler=RandomUnderSampler(), prior_correction=True, random_state=0)
    decides = MinimumCostClassifier(ensemble, costs).fit(TABLE, Y)
    assert (decides.predict(TABLE) == "rare").sum() > (ensemble.fit(TABLE, Y).predict(TABLE) == "rare").sum()
    scores = cross_val_score(make_pipeline(StandardScaler(), ensemble), TABLE, Y, cv=3, scoring="roc_auc")
    assert np.isfinite(scores).all()
    nested = EnsembleClassifier(ResampledClassifier(TREE, RandomUnderSampler()), 2, random_state=0).fit(TABLE, Y)
    assert nested.estimators_[0].sampler_.random_state != nested.estimators_[1].sampler_.random_state
