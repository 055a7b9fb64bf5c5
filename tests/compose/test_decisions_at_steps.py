"""Costs, corrections and resampling around estimators that label every step of a sequence."""

import pickle

import numpy as np
import pandas as pd
import pytest
import sklearn
from imblearn.under_sampling import RandomUnderSampler
from sklearn.base import BaseEstimator, clone, is_classifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score
from sklearn.pipeline import make_pipeline as make_stock_pipeline
from sklearn.preprocessing import StandardScaler

from skseq import RNNClassifier
from skseq.compose import EachStep, EnsembleClassifier, MinimumCostClassifier, ResampledClassifier
from skseq.estimator_checks import check_grid_search, sequence_checks
from skseq.metrics import expected_cost, make_cost_scorer, per_step_score
from skseq.neural_network import RNNTagger
from skseq.over_sampling import SMOTE, RandomOverSampler
from skseq.pipeline import make_pipeline

rng = np.random.RandomState(0)
LENGTHS = rng.randint(1, 9, size=40)
Y = [np.where(rng.rand(n) < 0.15, "fault", "ok") for n in LENGTHS]
X = [rng.standard_normal((n, 2)) + (y == "fault")[:, None] for n, y in zip(LENGTHS, Y)]
X_EQUAL, Y_EQUAL = rng.standard_normal((12, 5, 2)), np.where(rng.rand(12, 5) < 0.3, "fault", "ok")
COSTS = {"fault": {"ok": 20}, "ok": {"fault": 1}}
MATRIX = np.array([[0.0, 20.0], [1.0, 0.0]])  # "fault" stands before "ok"


class StepClassifier(BaseEstimator):
    """A logistic regression of each step by itself: a tagger that is quick and not of this package."""

    def fit(self, X, y, sample_weight=None):
        self.steps_ = LogisticRegression().fit(np.concatenate(X), np.concatenate(y), sample_weight)
        self.classes_ = self.steps_.classes_
        return self

    def predict(self, X):
        return [self.steps_.predict(x) for x in X]

    def predict_proba(self, X):
        return [self.steps_.predict_proba(x) for x in X]


def tagger():
    return RNNTagger(4, max_iter=3, random_state=0)


def flat(values):
    return np.concatenate(list(values))


@pytest.fixture(params=[tagger, StepClassifier, lambda: make_stock_pipeline(EachStep(StandardScaler()), tagger())])
def inner(request):
    return request.param()


def test_every_step_is_decided(inner):
    classifier = MinimumCostClassifier(inner, COSTS).fit(X, Y)
    proba = flat(clone(inner).fit(X, Y).predict_proba(X))
    predicted, costs = classifier.predict(X), classifier.expected_costs(X)
    assert predicted.shape == costs.shape == (40,)
    assert [len(labels) for labels in predicted] == LENGTHS.tolist()
    np.testing.assert_allclose(flat(costs), proba @ MATRIX)
    np.testing.assert_array_equal(flat(predicted), classifier.classes_[(proba @ MATRIX).argmin(axis=1)])
    np.testing.assert_array_equal(flat(predicted), np.where(proba[:, 0] > 1 / 21, "fault", "ok"))
    np.testing.assert_array_equal(flat(classifier.predict_proba(X)), proba)
    assert classifier.score(X, Y) == np.mean(flat(predicted) == flat(Y))
    weights = np.arange(1.0, 41)
    expected = np.average(flat(predicted) == flat(Y), weights=np.repeat(weights, LENGTHS))
    assert classifier.score(X, Y, weights) == pytest.approx(expected)
    for same in (pickle.loads(pickle.dumps(classifier)), clone(classifier).fit(X, Y)):
        np.testing.assert_array_equal(flat(same.predict(X)), flat(predicted))


def test_arrays_of_equal_sequences():
    classifier = MinimumCostClassifier(tagger(), COSTS).fit(X_EQUAL, Y_EQUAL)
    as_lists = MinimumCostClassifier(tagger(), COSTS).fit(list(X_EQUAL), list(Y_EQUAL))
    assert classifier.predict(X_EQUAL).shape == (12, 5)
    assert classifier.expected_costs(X_EQUAL).shape == (12, 5, 2)
    np.testing.assert_array_equal(classifier.predict(X_EQUAL), np.stack(list(as_lists.predict(list(X_EQUAL)))))
    first = np.where(np.arange(12) % 3 == 0, "fault", "ok")[:, None]
    one_step = MinimumCostClassifier(tagger(), COSTS).fit(X_EQUAL[:, :1], first)
    assert one_step.predict(X_EQUAL[:, :1]).shape == (12, 1)
    assert 0 <= one_step.score(X_EQUAL[:, :1], first) <= 1


@pytest.mark.parametrize("container", [list, tuple, pd.Series, lambda y: np.array([*y, None], dtype=object)[:-1]])
def test_containers_of_labels(container):
    expected = MinimumCostClassifier(StepClassifier(), COSTS).fit(X, Y).predict(X)
    given = container(Y)
    classifier = MinimumCostClassifier(StepClassifier(), COSTS).fit(X, given)
    np.testing.assert_array_equal(flat(classifier.predict(X)), flat(expected))
    assert classifier.score(X, given) == np.mean(flat(expected) == flat(Y))


def test_costs_of_sequences_and_of_steps():
    classifier = MinimumCostClassifier(StepClassifier()).fit(X, Y)
    proba = flat(classifier.predict_proba(X))
    each = np.random.RandomState(1).rand(LENGTHS.sum(), 2, 2)
    ragged = np.split(each, np.cumsum(LENGTHS)[:-1])
    expected = np.einsum("ni,nij->nj", proba, each)
    np.testing.assert_allclose(flat(classifier.expected_costs(X, ragged)), expected)
    np.testing.assert_array_equal(flat(classifier.predict(X, ragged)), classifier.classes_[expected.argmin(axis=1)])
    of_sequences = each[:40]
    repeated = np.split(of_sequences.repeat(LENGTHS, axis=0), np.cumsum(LENGTHS)[:-1])
    np.testing.assert_array_equal(flat(classifier.predict(X, of_sequences)), flat(classifier.predict(X, repeated)))
    np.testing.assert_array_equal(
        flat(classifier.predict(X, COSTS)), flat(MinimumCostClassifier(StepClassifier(), COSTS).fit(X, Y).predict(X))
    )
    assert make_cost_scorer()(classifier, X, Y, cost_matrix=ragged) == pytest.approx(
        -expected_cost(Y, classifier.predict(X, ragged), ragged)
    )
    for costs, message in (
        (each, f"holds {len(each)} matrices, but there are 40 sequences"),
        (ragged[:-1], "list of 39 arrays, but there are 40 sequences"),
        ([*ragged[:-1], ragged[-1][:0]], r"cost_matrix\[39\] has shape \(0, 2, 2\)"),
    ):
        with pytest.raises(ValueError, match=message):
            classifier.predict(X, costs)


def test_scikit_learn_around_it():
    classifier = MinimumCostClassifier(tagger(), COSTS)
    assert not is_classifier(classifier)
    grid = {"cost_matrix": [None, COSTS]}
    for scoring in (None, make_cost_scorer(COSTS), per_step_score(f1_score, pos_label="fault")):
        search = GridSearchCV(classifier, grid, scoring=scoring, cv=2, error_score="raise").fit(X, Y)
        assert np.isfinite(search.best_score_)
    assert search.best_params_["cost_matrix"] == COSTS
    assert [len(labels) for labels in cross_val_predict(classifier, X, Y, cv=2)] == LENGTHS.tolist()
    with sklearn.config_context(enable_metadata_routing=True):
        of_sequences = np.random.RandomState(0).rand(40, 2, 2)
        scores = cross_val_score(
            classifier, X, Y, scoring=make_cost_scorer(), params={"cost_matrix": of_sequences}, cv=2
        )
    assert np.isfinite(scores).all()


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (X, Y[:-1], "y has 39 labels but X has 40 rows"),
        (X, [*Y[:-1], Y[-1][:0]], r"y\[39\] is empty"),
        (X, [*Y[:-1], np.full(LENGTHS[-1], None)], "missing label|holds object"),
        (X, [*([0] * n for n in LENGTHS[:-1]), [np.nan] * LENGTHS[-1]], r"NaN: y\[39\] is nan at step 0"),
        (X, [np.eye(2, dtype=int)[[0] * n] for n in LENGTHS], r"y\[0\] has shape \(\d, 2\), but y holds one label"),
        (X, [np.linspace(0, 1, n) for n in LENGTHS], "continuous"),
        (X, [["ok"] * n for n in LENGTHS], "at least two classes"),
        (X, ["ok"] * 20 + ["fault"] * 20, "a sequence of labels is needed.*use RNNClassifier"),
    ],
)
def test_wrong_labels(X, y, message):
    with pytest.raises(ValueError, match=message):
        MinimumCostClassifier(tagger(), COSTS).fit(X, y)


@pytest.mark.parametrize(
    "around",
    [
        lambda inner: MinimumCostClassifier(inner, {0: {1: 1}, 1: {0: 20}}),
        lambda inner: ResampledClassifier(inner, None, prior_correction=True),
        lambda inner: EnsembleClassifier(inner, 2, random_state=0),
    ],
)
def test_steps_that_do_not_count_have_no_class(around):
    y = [(labels == "fault").astype(int) for labels in map(np.asarray, Y)]
    y[3][0] = -100
    weights = [labels != -100 for labels in y]
    classifier = around(tagger()).fit(X, y, sample_weight=weights)
    assert classifier.classes_.tolist() == [0, 1]
    assert classifier.predict_proba(X)[0].shape == (LENGTHS[0], 2)
    assert np.sum(getattr(classifier, "prior_", 1)) == pytest.approx(1)
    with pytest.raises(ValueError, match=r"y\[3\] holds the label -100 at step 0"):
        classifier.fit(X, y)


def test_probabilities_that_are_not_finite_name_the_step():
    class Broken(StepClassifier):
        def predict_proba(self, X):
            proba = super().predict_proba(X)
            proba[3] = np.full_like(proba[3], np.nan)
            return proba

    with pytest.raises(ValueError, match=r"gave \[nan, nan\] for step 0 of X\[3\]"):
        MinimumCostClassifier(Broken(), COSTS).fit(X, Y).predict(X)


def test_whole_sequences_are_resampled(inner):
    classifier = ResampledClassifier(inner, RandomOverSampler(random_state=0), prior_correction=True).fit(X, Y)
    with_fault = np.array(["fault" in y for y in Y])
    rows = np.concatenate([np.arange(40), classifier.sampler_.parents_[:, 0]])
    assert with_fault[rows].mean() == 0.5  # the rarest class of a sequence is the one that it is sampled as
    by_hand = clone(inner).fit([X[i] for i in rows], [Y[i] for i in rows])
    prior, effective = ([np.mean(flat(y) == k) for k in ("fault", "ok")] for y in (Y, [Y[i] for i in rows]))
    np.testing.assert_allclose(classifier.prior_, prior)
    np.testing.assert_allclose(classifier.effective_prior_, effective)
    expected = flat(by_hand.predict_proba(X)) * prior / effective
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(flat(classifier.predict_proba(X)), expected, rtol=1e-6)
    np.testing.assert_array_equal(flat(classifier.predict(X)), classifier.classes_[expected.argmax(axis=1)])
    if hasattr(classifier, "predict_log_proba"):
        np.testing.assert_allclose(flat(classifier.predict_log_proba(X)), np.log(expected), rtol=1e-6)
    assert classifier.score(X, Y) == np.mean(flat(classifier.predict(X)) == flat(Y))
    decided = MinimumCostClassifier(classifier, COSTS).fit(X, Y)
    np.testing.assert_array_equal(flat(decided.predict(X)), classifier.classes_[(expected @ MATRIX).argmin(axis=1)])


def test_under_sampling_and_pipelines():
    sampler = RandomUnderSampler(random_state=0)
    classifier = ResampledClassifier(StepClassifier(), sampler).fit(X, Y)
    pipeline = make_pipeline(EachStep(StandardScaler()), RandomOverSampler(random_state=0), tagger()).fit(X, Y)
    assert pipeline.n_features_in_ == 2
    for model in (classifier, pipeline):
        assert [len(labels) for labels in model.predict(X)] == LENGTHS.tolist()
    equal = ResampledClassifier(tagger(), RandomOverSampler(random_state=0)).fit(X_EQUAL, Y_EQUAL[:, ::-1])
    assert equal.predict(X_EQUAL).shape == (12, 5)
    stopped = clone(tagger()).set_params(early_stopping=True, validation_fraction=0.25)
    stopped = ResampledClassifier(stopped, RandomOverSampler(random_state=0)).fit(X, Y)
    assert stopped.sampler_.parents_.max() < 30  # of 40 sequences, ten were held out before
    frames = [pd.DataFrame(x, columns=["a", "b"]) for x in X]
    ResampledClassifier(tagger(), RandomOverSampler(random_state=0)).fit(frames, Y).predict(frames)


def test_samplers_that_make_rows_up_are_refused():
    for build in (
        lambda sampler: ResampledClassifier(tagger(), sampler),
        lambda sampler: make_pipeline(sampler, tagger()),
    ):
        with pytest.raises(TypeError, match=r"SMOTE cannot resample whole sequences: .*Use RandomOverSampler"):
            build(SMOTE()).fit(X, Y)
    for sampler in (RandomOverSampler(sampling_strategy={"x": 3}), RandomUnderSampler(sampling_strategy={"x": 3})):
        with pytest.raises(ValueError, match=r"^sampling_strategy names the class 'x'|^The \{'x'\}"):
            ResampledClassifier(tagger(), sampler).fit(X, Y)
    with pytest.raises(ValueError, match=r"counts as one of class 'fault'.*Cut them into windows"):
        ResampledClassifier(tagger(), RandomOverSampler()).fit(X[:2], [["fault"] * n for n in LENGTHS[:2]])


def test_columns_of_indicators_beside_a_table_are_labels_of_rows():
    table, labels = np.random.RandomState(0).randn(30, 3), np.arange(30) % 6 == 0
    sampler = RandomUnderSampler(random_state=0)
    pipeline = make_pipeline(sampler, StepOfTable()).fit(table, np.c_[labels, ~labels].astype(int))
    assert pipeline[-1].n_ == 10


class StepOfTable(BaseEstimator):
    def fit(self, X, y):
        self.n_ = len(X)
        return self

    def predict(self, X):
        return np.zeros(len(X))


IN_THIS_PROCESS = [check for check in sequence_checks() if check is not check_grid_search]


@pytest.mark.parametrize("check", IN_THIS_PROCESS, ids=lambda check: check.__name__)
@pytest.mark.parametrize(
    "estimator",
    [
        MinimumCostClassifier(tagger(), 1 - np.eye(3)),
        MinimumCostClassifier(RNNClassifier(4, max_iter=3, random_state=0), 1 - np.eye(3)),
        ResampledClassifier(tagger(), None, prior_correction=True),  # each sequence of the checks has all classes
    ],
    ids=["costs of steps", "costs", "correction of steps"],
)
def test_sequence_checks(estimator, check):
    check(estimator)
