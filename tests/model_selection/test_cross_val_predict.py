import numpy as np
import pytest
import sklearn
import sklearn.model_selection
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, KFold
from sklearn.pipeline import make_pipeline as make_stock_pipeline
from sklearn.preprocessing import StandardScaler

from skseq.compose import EachStep, MinimumCostClassifier
from skseq.model_selection import cross_val_predict
from skseq.neural_network import RNNTagger

rng = np.random.RandomState(0)
LENGTHS = rng.randint(1, 8, size=21)
X = [rng.standard_normal((n, 2)) for n in LENGTHS]
Y = [np.where(x[:, 0] > 0, "up", "down") for x in X]
TAGGER = RNNTagger(3, max_iter=2, random_state=0)


def assert_each_equal(actual, expected):
    assert len(actual) == len(expected)
    for one, other in zip(actual, expected):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("method", ["predict", "predict_proba", "predict_log_proba"])
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_each_sequence_is_answered_by_a_model_that_has_not_seen_it(method, n_jobs):
    folds = KFold(3, shuffle=True, random_state=0)
    answers = cross_val_predict(TAGGER, X, Y, method=method, cv=folds, n_jobs=n_jobs)
    expected = np.empty(21, dtype=object)
    for train, test in folds.split(X):
        model = sklearn.clone(TAGGER).fit([X[i] for i in train], [Y[i] for i in train])
        expected[test] = getattr(model, method)([X[i] for i in test])
    assert_each_equal(answers, expected)


def test_arrays_keep_their_form():
    equal, labels = rng.standard_normal((12, 4, 2)), np.where(rng.rand(12, 4) < 0.5, "a", "b")
    answers = cross_val_predict(TAGGER, equal, labels, method="predict_proba", cv=3)
    assert answers.shape == (12, 4, 2)


def test_pipelines_costs_and_metadata():
    model = MinimumCostClassifier(make_stock_pipeline(EachStep(StandardScaler()), TAGGER), [[0, 1], [5, 0]])
    assert [len(proba) for proba in cross_val_predict(model, X, Y, method="predict_proba", cv=2)] == LENGTHS.tolist()
    groups = np.arange(21) % 4
    with sklearn.config_context(enable_metadata_routing=True):
        weighted = sklearn.clone(TAGGER).set_fit_request(sample_weight="w")
        options = {"method": "predict_proba", "cv": GroupKFold(2)}
        answers = cross_val_predict(weighted, X, Y, params={"w": np.arange(21.0) + 1, "groups": groups}, **options)
        plain = cross_val_predict(TAGGER, X, Y, params={"groups": groups}, **options)
    assert len(answers) == 21
    assert not np.array_equal(answers[0], plain[0])


def test_rows_are_left_to_scikit_learn():
    table, labels = rng.standard_normal((30, 2)), np.arange(30) % 2
    for method in ("predict", "predict_proba", "decision_function"):
        expected = sklearn.model_selection.cross_val_predict(LogisticRegression(), table, labels, method=method, cv=3)
        actual = cross_val_predict(LogisticRegression(), table, labels, method=method, cv=3)
        np.testing.assert_array_equal(actual, expected)


def test_errors():
    with pytest.raises(AttributeError, match="decision_function"):
        cross_val_predict(TAGGER, X, Y, method="decision_function", cv=2)
    with pytest.raises(ValueError, match="method"):
        cross_val_predict(TAGGER, X, Y, method="transform_", cv=2)
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        cross_val_predict(TAGGER, X, Y[:-1], method="predict_proba", cv=2)
