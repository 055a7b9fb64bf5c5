import pickle

import numpy as np
import pandas
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, log_loss, make_scorer, mean_squared_error, roc_auc_score
from sklearn.model_selection import GridSearchCV, KFold, cross_val_score

from skseq.metrics import per_step_score


class StepClassifier(ClassifierMixin, BaseEstimator):
    """Logistic regression of each step."""

    def __init__(self, C=1.0):
        self.C = C

    def fit(self, X, y):
        self.model_ = LogisticRegression(C=self.C).fit(np.concatenate(X), np.concatenate(y))
        self.classes_ = self.model_.classes_
        return self

    def predict(self, X):
        return [self.model_.predict(x) for x in X]

    def predict_proba(self, X):
        return [self.model_.predict_proba(x) for x in X]


class Says(BaseEstimator):
    """Predicts what it was given."""

    def __init__(self, answer):
        self.answer = answer

    def predict(self, X):
        return self.answer


@pytest.fixture(params=[2, 3])
def data(request):
    draw = np.random.RandomState(0)
    X = [draw.normal(size=(draw.randint(1, 9), 2)) for _ in range(30)]
    names = np.array(["a", "bb", "ccc"])[: request.param]
    edges = [0] if request.param == 2 else [-0.5, 0.5]
    return X, [names[np.digitize(x[:, 0] + draw.normal(scale=0.5, size=len(x)), edges)] for x in X]


def test_it_is_the_metric_of_all_steps(data):
    X, y = data
    model = StepClassifier().fit(X, y)
    flat_X, flat_y = np.concatenate(X), np.concatenate(y)
    expected = f1_score(flat_y, model.model_.predict(flat_X), average="macro")
    assert 0.5 < expected < 1
    assert per_step_score(f1_score, average="macro")(model, X, y) == expected
    assert per_step_score(f1_score, average="macro")(model, X, [labels.tolist() for labels in y]) == expected
    for metric, greater, kwargs in [(log_loss, False, {}), (roc_auc_score, True, {"multi_class": "ovr"})]:
        ours = per_step_score(metric, response_method="predict_proba", greater_is_better=greater, **kwargs)
        theirs = make_scorer(metric, response_method="predict_proba", greater_is_better=greater, **kwargs)
        assert ours(model, X, y) == pytest.approx(theirs(model.model_, flat_X, flat_y))


def test_arrays_frames_and_lists_may_stand_for_each_other():
    y = np.array([[0, 1, 1], [0, 0, 1]])
    answer = np.array([[0, 1, 0], [0, 0, 0]])
    score = per_step_score(accuracy_score)
    frame = pandas.DataFrame(y)
    ragged = np.empty(2, dtype=object)
    ragged[:] = list(y)
    for labels in (y, y.tolist(), list(y), frame, ragged, tuple(map(tuple, y))):
        for said in (answer, answer.tolist(), list(answer)):
            assert score(Says(said), None, labels) == pytest.approx(4 / 6)


def test_numbers_of_several_outputs():
    y = [np.zeros((2, 2)), np.ones((3, 2))]
    scorer = per_step_score(mean_squared_error, greater_is_better=False)
    assert scorer(Says([np.ones((2, 2)), np.ones((3, 2))]), None, y) == pytest.approx(-0.4)


def test_weights_of_sequences_and_of_steps():
    y, said = [[1, 1], [1, 0, 0]], [[1, 0], [1, 1, 0]]
    score = per_step_score(accuracy_score)
    assert score(Says(said), None, y, sample_weight=[1, 0]) == 0.5
    assert score(Says(said), None, y, sample_weight=[3, 1]) == pytest.approx((3 + 2) / (6 + 3))
    assert score(Says(said), None, y, sample_weight=[[1, 1], [0, 1, 0]]) == pytest.approx(1 / 3)


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_cross_validation_and_search_on_ragged_labels(data, n_jobs):
    X, y = data
    scorer = per_step_score(accuracy_score)
    scores = cross_val_score(StepClassifier(), X, y, scoring=scorer, cv=KFold(3), n_jobs=n_jobs)
    assert scores.shape == (3,)
    assert scores.min() > 0.5
    search = GridSearchCV(StepClassifier(), {"C": [1e-6, 1.0]}, scoring=scorer, cv=KFold(3), error_score="raise")
    assert search.fit(X, y).best_params_ == {"C": 1.0}
    assert search.score(X, y) == scorer(search.best_estimator_, X, y)


def test_scorers_are_pickled_and_shown():
    scorer = per_step_score(f1_score, average="macro")
    assert (
        repr(scorer) == "per_step_score(f1_score, response_method='predict', greater_is_better=True, average='macro')"
    )
    y = [[0, 1], [1]]
    assert pickle.loads(pickle.dumps(scorer))(Says(y), None, y) == 1


@pytest.mark.parametrize(
    ("y", "answer", "message"),
    [
        ([[0, 1], [1]], [[0, 1]], r"y has 2 sequences but predict\(X\) has 1"),
        ([[0, 1], [1]], [[0, 1], [1, 1]], r"y\[1\] has 1 steps but predict\(X\)\[1\] has 2"),
        ([0, 1], [[0], [1]], r"y\[0\] is 0, but a sequence of labels"),
        (["ab", "c"], [["a", "b"], ["c"]], r"y\[0\] is 'ab'"),
        (np.array([0, 1]), [[0], [1]], r"y\[0\] is .*0.*, but a sequence"),
        ([[0], [1]], [0, 1], r"predict\(X\)\[0\] is 0"),
        ([[0], []], [[0], [1]], r"y\[1\] is empty"),
        ([], [], "y is empty: 0 sequences"),
        (None, [[0]], "y is None"),
        ("ab", [[0]], "y is 'ab'"),
        ([["a"], [1]], [["a"], ["b"]], r"y\[1\] holds int64 but y\[0\] holds <U1"),
        ([[0], [[1]]], [[0], [1]], r"y\[1\] has shape \(1, 1\) but y\[0\] has shape \(1,\)"),
        ([[[0, 1], [1]]], [[0, 1]], r"y\[0\] is a list of parts"),
    ],
)
def test_what_does_not_fit_is_named(y, answer, message):
    with pytest.raises(ValueError, match=message):
        per_step_score(accuracy_score)(Says(answer), None, y)


@pytest.mark.parametrize(
    ("sample_weight", "message"),
    [
        ([1, 1, 1], r"sample_weight.shape == \(3,\), expected \(2,\)"),
        ([[1, 1], [1, 1]], r"sample_weight\[1\] has 2 steps but y\[1\] has 1"),
        ([[1, -1], [1]], "Negative values in sample_weight"),
        ([[1, np.nan], [1]], "sample_weight"),
        ([], "sample_weight"),
        (-2.0, "Negative values in sample_weight"),
    ],
)
def test_bad_weights_are_named(sample_weight, message):
    y = [[0, 1], [1]]
    with pytest.raises(ValueError, match=message):
        per_step_score(accuracy_score)(Says(y), None, y, sample_weight=sample_weight)


def test_bad_settings_are_named():
    for metric in ("accuracy", None, make_scorer(accuracy_score)):
        with pytest.raises(TypeError, match="metric="):
            per_step_score(metric)
    with pytest.raises(ValueError, match="response_method='decide'"):
        per_step_score(accuracy_score, response_method="decide")
    with pytest.raises(TypeError, match="greater_is_better"):
        per_step_score(accuracy_score, greater_is_better="no")
    with pytest.raises(TypeError, match="Says has no predict_proba"):
        per_step_score(log_loss, response_method="predict_proba")(Says([[0]]), None, [[0]])
