import pickle

import numpy as np
import pytest
import sklearn
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, TunedThresholdClassifierCV, cross_val_score, cross_validate
from sklearn.pipeline import make_pipeline as make_stock_pipeline
from sklearn.preprocessing import StandardScaler

from skseq.compose import MinimumCostClassifier
from skseq.metrics import expected_cost, make_cost_scorer

COSTS = [[0.0, 1.0, 3.0], [5.0, -1.0, 2.0], [10.0, 4.0, 0.0]]


def test_mean_cost_row_by_row():
    rng = np.random.default_rng(0)
    y_true, y_pred, weights = rng.integers(0, 3, 50), rng.integers(0, 3, 50), rng.random(50)
    each = np.array([COSTS[i][j] for i, j in zip(y_true, y_pred)])
    assert expected_cost(y_true, y_pred, COSTS) == pytest.approx(each.mean())
    assert expected_cost(y_true, y_pred, COSTS, sample_weight=weights) == pytest.approx(
        np.average(each, weights=weights)
    )


def test_rows_are_true_and_columns_predicted():
    assert expected_cost([0], [1], [[0, 7], [3, 0]]) == 7
    assert expected_cost([1], [0], [[0, 7], [3, 0]]) == 3


def test_labels_give_the_order():
    y_true, y_pred = ["no", "yes", "yes"], ["yes", "yes", "no"]
    assert expected_cost(y_true, y_pred, [[0, 6], [3, 0]]) == pytest.approx((6 + 3) / 3)
    assert expected_cost(y_true, y_pred, [[0, 6], [3, 0]], labels=["yes", "no"]) == pytest.approx((3 + 6) / 3)
    assert expected_cost(["no"], ["yes"], [[0, 6], [3, 0]], labels=["yes", "no"]) == 3


def test_zero_one_costs_are_the_error_rate():
    y_true, y_pred = [0, 1, 2, 2], [0, 1, 1, 0]
    assert expected_cost(y_true, y_pred, 1 - np.eye(3)) == 0.5


def test_huge_costs_do_not_overflow():
    assert expected_cost([0, 1], [1, 0], [[0, 1e308], [1e308, 0]]) == pytest.approx(1e308)


@pytest.mark.parametrize(
    ("costs", "error", "message"),
    [
        ([[0, 1], [1, 0]], ValueError, r"cost_matrix has shape \(2, 2\), expected \(3, 3\).*\[0, 1, 2\]"),
        ([[0, 1], [2]], ValueError, "rows of different lengths"),
        (np.full((3, 3), np.nan), ValueError, r"cost_matrix\[0, 0\] is nan"),
        ([["a"] * 3] * 3, TypeError, "must hold real numbers"),
        (None, ValueError, r"shape \(\)"),
        (np.array(1.0), ValueError, r"shape \(\)"),
    ],
)
def test_bad_costs(costs, error, message):
    with pytest.raises(error, match=message):
        expected_cost([0, 1, 2], [0, 1, 1], costs)


def test_missing_classes_have_to_be_named():
    with pytest.raises(ValueError, match=r"expected \(2, 2\).*If a class is missing from y_true and y_pred, name all"):
        expected_cost([0, 1], [1, 1], COSTS)
    assert expected_cost([0, 1], [1, 1], COSTS, labels=[0, 1, 2]) == 0.0
    with pytest.raises(ValueError, match=r"y_pred holds \[2\], not among labels=\[0, 1\]"):
        expected_cost([0, 1], [1, 2], [[0, 1], [1, 0]], labels=[0, 1])


def test_scorer_prefers_low_costs():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(200, 2)), np.array(["ill", "well"])[(rng.random(200) < 0.8).astype(int)]
    X[y == "ill"] += 1.0
    scorer = make_cost_scorer([[0, 10], [1, 0]])
    model = LogisticRegression().fit(X, y)
    assert scorer(model, X, y) == pytest.approx(-expected_cost(y, model.predict(X), [[0, 10], [1, 0]]))
    grid = {"class_weight": [None, {"ill": 10}]}
    search = GridSearchCV(LogisticRegression(), grid, scoring=scorer, n_jobs=2).fit(X, y)
    assert search.best_params_ == {"class_weight": {"ill": 10}}
    weights = np.where(y == "ill", 2.0, 1.0)
    expected = -expected_cost(y, model.predict(X), [[0, 10], [1, 0]], sample_weight=weights)
    assert scorer(model, X, y, sample_weight=weights) == pytest.approx(expected)
    assert pickle.loads(pickle.dumps(scorer))(model, X, y) == scorer(model, X, y)


def test_tuned_thresholds_and_several_scorers():
    rng = np.random.default_rng(0)
    y = (rng.random(300) < 0.2).astype(int)
    X = rng.normal(size=(300, 2)) + y[:, None]
    tuned = TunedThresholdClassifierCV(LogisticRegression(), scoring=make_cost_scorer([[0, 1], [10, 0]]), cv=3).fit(
        X, y
    )
    assert tuned.best_threshold_ < 0.3
    costs = np.tile([[0.0, 1.0], [10.0, 0.0]], (300, 1, 1))
    with sklearn.config_context(enable_metadata_routing=True):
        scoring = {"cost": make_cost_scorer(), "accuracy": "accuracy"}
        model = MinimumCostClassifier(LogisticRegression())
        result = cross_validate(model, X, y, scoring=scoring, params={"cost_matrix": costs}, cv=3)
    known = cross_val_score(
        MinimumCostClassifier(LogisticRegression(), costs[0]), X, y, scoring=make_cost_scorer(costs[0]), cv=3
    )
    np.testing.assert_allclose(result["test_cost"], known)


def test_scorer_with_labels_bears_folds_without_a_class():
    X, y = np.zeros((9, 1)), np.array([0, 0, 0, 0, 0, 0, 1, 1, 2])
    scorer = make_cost_scorer(COSTS, labels=[0, 1, 2])
    scores = cross_val_score(
        DummyClassifier(), X, y, scoring=scorer, cv=[(np.arange(9), [0, 1]), (np.arange(9), [6, 8])]
    )
    np.testing.assert_allclose(scores, [0.0, -7.5])


def test_a_data_frame_of_costs_names_the_classes_that_are_missing():
    pd = pytest.importorskip("pandas")
    costs = pd.DataFrame([[0, 6], [3, 0]], ["yes", "no"], ["yes", "no"])
    assert expected_cost(["no", "no"], ["no", "no"], costs) == 0
    assert expected_cost(["no"], ["yes"], costs) == 3
    assert expected_cost(["no"], ["yes"], costs, labels=["no", "yes"]) == 3
    with pytest.raises(ValueError, match=r"rows named \['yes', 'no'\], but the classes are \['maybe', 'yes'\]"):
        expected_cost(["maybe"], ["yes"], costs)


def test_costs_by_name_and_for_each_row():
    y_true, y_pred = np.array(["ok", "fraud", "fraud", "ok"]), np.array(["fraud", "ok", "fraud", "ok"])
    amounts = np.array([10.0, 200.0, 30.0, 7.0])
    by_name = {"fraud": {"ok": amounts, "fraud": 3}, "ok": {"fraud": 3}}
    assert expected_cost(y_true, y_pred, by_name) == pytest.approx((3 + 200 + 3 + 0) / 4)
    costs = np.zeros((4, 2, 2))
    costs[:, 0, 0], costs[:, 0, 1], costs[:, 1, 0] = 3, amounts, 3
    assert expected_cost(y_true, y_pred, costs) == pytest.approx(206 / 4)
    weights = [1, 2, 3, 4]
    assert expected_cost(y_true, y_pred, costs, sample_weight=weights) == pytest.approx((3 + 400 + 9) / 10)
    assert expected_cost(y_true, y_pred, costs[:, ::-1, ::-1], labels=["ok", "fraud"]) == pytest.approx(206 / 4)


def test_costs_of_sequences_and_steps():
    y_true, y_pred = [[0, 1], [1]], [[1, 0], [0]]
    assert expected_cost(y_true, y_pred, [[0, 1], [10, 0]]) == 7
    of_sequences = np.array([[[0, 1], [10, 0]], [[0, 2], [20, 0]]])
    assert expected_cost(y_true, y_pred, of_sequences) == pytest.approx((1 + 10 + 20) / 3)
    of_steps = [np.array([[[0, 1], [9, 0]], [[0, 9], [5, 0]]]), np.array([[[0, 9], [3, 0]]])]
    assert expected_cost(y_true, y_pred, of_steps) == pytest.approx((1 + 5 + 3) / 3)


@pytest.fixture
def fraud():
    rng = np.random.default_rng(0)
    amounts = rng.lognormal(3, 1.5, 300)
    y = np.where(rng.random(300) < 0.2, "fraud", "ok")
    X = np.c_[rng.normal(size=300) + (y == "fraud"), np.log(amounts)]
    costs = np.zeros((300, 2, 2))
    costs[:, 0, 0], costs[:, 0, 1], costs[:, 1, 0] = 3, amounts, 3
    return X, y, costs


@pytest.mark.parametrize("wrap", [lambda model: model, lambda model: make_stock_pipeline(StandardScaler(), model)])
def test_costs_are_routed_to_the_scorer_and_to_the_decision(fraud, wrap):
    X, y, costs = fraud
    model = wrap(MinimumCostClassifier(LogisticRegression()))
    folds = [(np.arange(0, 300, 2), np.arange(1, 300, 2)), (np.arange(1, 300, 2), np.arange(0, 300, 2))]
    with sklearn.config_context(enable_metadata_routing=True):
        result = cross_validate(
            model, X, y, scoring=make_cost_scorer(), params={"cost_matrix": costs}, cv=folds, return_estimator=True
        )
        search = GridSearchCV(model, {}, scoring=make_cost_scorer(), cv=folds, n_jobs=2)
        search.fit(X, y, cost_matrix=costs)
    for (_, test), estimator, score in zip(folds, result["estimator"], result["test_score"]):
        proba = estimator.predict_proba(X[test])
        decided = np.array(["fraud", "ok"])[np.einsum("ni,nij->nj", proba, costs[test]).argmin(axis=1)]
        assert score == pytest.approx(-expected_cost(y[test], decided, costs[test]))
        assert score > -expected_cost(y[test], estimator.predict(X[test]), costs[test])
    assert search.best_score_ == pytest.approx(result["test_score"].mean())


@pytest.mark.parametrize("routing", [False, True])
def test_costs_at_score(fraud, routing):
    X, y, costs = fraud
    model, plain = MinimumCostClassifier(LogisticRegression()).fit(X, y), LogisticRegression().fit(X, y)
    weights = np.linspace(1, 2, 300)
    with sklearn.config_context(enable_metadata_routing=routing):
        scorer = make_cost_scorer()
        decided = model.predict(X, cost_matrix=costs)
        expected = -expected_cost(y, decided, costs, sample_weight=weights)
        assert scorer(model, X, y, sample_weight=weights, cost_matrix=costs) == pytest.approx(expected)
        # An estimator that takes no costs decides as ever.
        assert scorer(plain, X, y, cost_matrix=costs) == pytest.approx(-expected_cost(y, plain.predict(X), costs))
        assert pickle.loads(pickle.dumps(scorer))(plain, X, y, cost_matrix=costs) == scorer(plain, X, y, None, costs)
        with pytest.raises(ValueError, match=r"This scorer has no costs. Give them to make_cost_scorer, or pass"):
            scorer(model, X, y)
        with pytest.raises(TypeError, match=r"set_score_request got \['costs'\]"):
            scorer.set_score_request(costs=True)
    assert repr(make_cost_scorer([[0, 1], [1, 0]])) == "make_cost_scorer([[0, 1], [1, 0]], labels=None)"


def test_metadata_of_the_scorer_are_requested(fraud):
    X, y, costs = fraud
    model = MinimumCostClassifier(LogisticRegression())
    given = {"sample_weight": np.ones(300), "cost_matrix": costs}
    with sklearn.config_context(enable_metadata_routing=True):
        with pytest.raises(sklearn.exceptions.UnsetMetadataPassedError, match="sample_weight"):
            cross_validate(model, X, y, scoring=make_cost_scorer(), params=given, cv=2)
        scorer = make_cost_scorer([[0, 1], [1, 0]]).set_score_request(sample_weight=False, cost_matrix="costs")
        model.estimator.set_fit_request(sample_weight=True)
        given = {"sample_weight": np.ones(300), "costs": costs}
        assert len(cross_validate(model, X, y, scoring=scorer, params=given, cv=2)["test_score"]) == 2
