import pickle

import numpy as np
import pytest
import sklearn
from sklearn.base import clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_classification
from sklearn.ensemble import StackingClassifier, VotingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import FixedThresholdClassifier, GridSearchCV, TunedThresholdClassifierCV
from sklearn.multioutput import MultiOutputClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils.estimator_checks import estimator_checks_generator

from skseq.compose import MinimumCostClassifier, ResampledClassifier
from skseq.linear_model import CostSensitiveLogisticRegression
from skseq.over_sampling import SMOTE
from skseq.pipeline import make_pipeline as make_our_pipeline

X, y = make_classification(300, 5, n_informative=4, n_redundant=0, weights=[0.85], random_state=0)
X3, y3 = make_classification(300, 5, n_informative=4, n_redundant=0, n_classes=3, weights=[0.7, 0.2], random_state=0)
COSTS = np.array([[0.0, 1.0], [10.0, 0.0]])
COSTS3 = np.array([[0.0, 1.0, 2.0], [5.0, 0.0, 1.0], [50.0, 10.0, -1.0]])

CHECKED = [
    MinimumCostClassifier(LogisticRegression()),
    MinimumCostClassifier(KNeighborsClassifier()),
]


# A list, since parametrize_with_checks of the oldest scikit-learn gives pytest a generator, which it deprecates.
@pytest.mark.parametrize(
    ("estimator", "check"),
    [
        pytest.param(estimator, check, id=f"{estimator!r}-{check.func.__name__}")
        for classifier in CHECKED
        for estimator, check in estimator_checks_generator(classifier)
    ],
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def test_expected_costs_row_by_row():
    classifier = MinimumCostClassifier(LogisticRegression(), COSTS3).fit(X3, y3)
    proba = LogisticRegression().fit(X3, y3).predict_proba(X3)
    np.testing.assert_array_equal(classifier.predict_proba(X3), proba)
    np.testing.assert_array_equal(classifier.predict_log_proba(X3), np.log(proba))
    predicted = classifier.predict(X3)
    expected_costs = classifier.expected_costs(X3)
    for row in range(len(X3)):
        costs = [sum(proba[row, i] * COSTS3[i, j] for i in range(3)) for j in range(3)]
        np.testing.assert_allclose(expected_costs[row], costs)
        assert predicted[row] == np.argmin(costs)


@pytest.mark.parametrize("costs", [COSTS, [[-1, 3], [8, 1]], [[0, 1], [1, 0]], [[2, 2.5], [7, -4]]])
def test_two_classes_are_elkans_threshold(costs):
    (c00, c01), (c10, c11) = costs
    threshold = (c01 - c00) / (c01 - c00 + c10 - c11)
    proba = LogisticRegression().fit(X, y).predict_proba(X)[:, 1]
    predicted = MinimumCostClassifier(LogisticRegression(), costs).fit(X, y).predict(X)
    np.testing.assert_array_equal(predicted, proba > threshold)
    assert 0 < predicted.sum() < len(X)


def test_costs_lower_the_cost():
    classifier = MinimumCostClassifier(LogisticRegression(), COSTS).fit(X, y)
    plain = LogisticRegression().fit(X, y)
    assert COSTS[y, classifier.predict(X)].sum() < COSTS[y, plain.predict(X)].sum()


def test_costs_that_reach_fit_are_refused():
    costs = np.ones((len(X), 2, 2))
    with pytest.raises(TypeError, match=r"cost_matrix was passed to fit.*at predict.*enable_metadata_routing=True"):
        MinimumCostClassifier(LogisticRegression()).fit(X, y, cost_matrix=costs)


def test_no_costs_are_zero_and_one():
    plain = LogisticRegression().fit(X3, y3)
    for costs in (None, 1 - np.eye(3)):
        classifier = MinimumCostClassifier(LogisticRegression(), costs).fit(X3, y3)
        np.testing.assert_array_equal(classifier.predict(X3), plain.predict(X3))
        np.testing.assert_array_equal(classifier.cost_matrix_, 1 - np.eye(3))
        np.testing.assert_allclose(classifier.expected_costs(X3), 1 - plain.predict_proba(X3))


def test_rows_and_columns_stand_in_the_order_of_the_sorted_classes():
    names = np.array(["z common", "a rare"])[y]  # sorted: "a rare" first
    classifier = MinimumCostClassifier(LogisticRegression(), [[0, 10], [1, 0]]).fit(X, names)
    expected = MinimumCostClassifier(LogisticRegression(), COSTS).fit(X, y).predict(X)
    np.testing.assert_array_equal(classifier.predict(X), np.array(["z common", "a rare"])[expected])


def test_ties_go_to_the_first_class():
    classifier = MinimumCostClassifier(LogisticRegression(), np.zeros((3, 3))).fit(X3, y3)
    assert (classifier.predict(X3) == 0).all()
    assert (classifier.set_params(cost_matrix=[[4, 1, 1]] * 3).fit(X3, y3).predict(X3) == 1).all()


@pytest.mark.parametrize("factor", [1e-300, 1e300, 1e307])
def test_huge_and_tiny_costs(factor):
    expected = MinimumCostClassifier(LogisticRegression(), COSTS).fit(X, y).predict(X)
    scaled = MinimumCostClassifier(LogisticRegression(), COSTS * factor).fit(X, y)
    np.testing.assert_array_equal(scaled.predict(X), expected)


def test_costs_may_be_a_data_frame_or_of_other_types():
    pd = pytest.importorskip("pandas")
    expected = MinimumCostClassifier(LogisticRegression(), COSTS).fit(X, y).predict(X)
    for costs in (COSTS.tolist(), COSTS.astype(int), COSTS.astype(object), pd.DataFrame(COSTS)):
        np.testing.assert_array_equal(MinimumCostClassifier(LogisticRegression(), costs).fit(X, y).predict(X), expected)


def test_a_data_frame_of_costs_may_name_the_classes():
    pd = pytest.importorskip("pandas")
    names = np.array(["common", "rare"])[y]
    expected = MinimumCostClassifier(LogisticRegression(), COSTS).fit(X, names).predict(X)
    named = pd.DataFrame(COSTS, ["common", "rare"], ["common", "rare"])
    several = pd.DataFrame(7.0, ["x", "rare", "common"], ["common", "y", "rare"])
    several.update(named)
    for costs in (named, named.loc[["rare", "common"]], several, named.reset_index(drop=True)):
        classifier = MinimumCostClassifier(LogisticRegression(), costs).fit(X, names)
        np.testing.assert_array_equal(classifier.cost_matrix_, COSTS)
        np.testing.assert_array_equal(classifier.predict(X), expected)
    turned = named.iloc[::-1, ::-1]
    for costs in (turned.reset_index(drop=True), named.set_axis(["a", "b"]), pd.concat([named, named])):
        with pytest.raises(
            ValueError, match=r"cost_matrix has (rows|columns) named .* the classes are \['common', 'rare'\]"
        ):
            MinimumCostClassifier(LogisticRegression(), costs).fit(X, names)
    booleans = MinimumCostClassifier(LogisticRegression(), pd.DataFrame(COSTS[::-1], [True, False], [False, True]))
    np.testing.assert_array_equal(booleans.fit(X, y == 1).cost_matrix_, COSTS)
    with pytest.raises(ValueError, match=r"shape \(2,\)"):
        MinimumCostClassifier(LogisticRegression(), pd.Series([1.0, 2.0])).fit(X, names)


class SometimesNaN(LogisticRegression):
    def predict_proba(self, X):
        proba = super().predict_proba(X)
        proba[3] = np.nan
        return proba


def test_probabilities_that_are_not_numbers_decide_nothing():
    classifier = MinimumCostClassifier(SometimesNaN(), COSTS).fit(X, y)
    for method in (classifier.predict, classifier.expected_costs):
        with pytest.raises(ValueError, match=r"SometimesNaN.predict_proba gave \[nan, nan\] for row 3"):
            method(X)
    corrected = ResampledClassifier(SometimesNaN(), None, prior_correction=True).fit(X, y)
    with pytest.raises(ValueError, match=r"gave .* for row 3"):
        corrected.predict(X)


@pytest.mark.parametrize(
    ("costs", "error", "message"),
    [
        (
            np.zeros((3, 3)),
            ValueError,
            r"cost_matrix has shape \(3, 3\), expected \(2, 2\): a row for each true .*\[0, 1\]",
        ),
        ([0, 1], ValueError, r"shape \(2,\), expected \(2, 2\)"),
        (3, ValueError, r"shape \(\), expected \(2, 2\)"),
        ([], ValueError, r"shape \(0,\)"),
        ([[0, 1], [1]], ValueError, "rows of different lengths"),
        ([[0, np.nan], [1, 0]], ValueError, r"cost_matrix\[0, 1\] is nan"),
        ([[0, 1], [np.inf, 0]], ValueError, r"finite, but cost_matrix\[1, 0\] is inf. Give a large number"),
        ([["a", "b"], ["c", "d"]], TypeError, "must hold real numbers"),
        ([["0", "1"], ["1", "0"]], TypeError, "must hold real numbers"),
        (COSTS * 1j, TypeError, "must hold real numbers"),
        ("balanced", TypeError, "must hold real numbers, got 'balanced'"),
        ({0: 1, 1: 10}, TypeError, "must hold real numbers"),
        ([[0, None], [1, {}]], TypeError, "must hold real numbers"),
    ],
)
def test_wrong_costs_are_found_before_the_estimator_is_fitted(costs, error, message):
    class NeverFitted(LogisticRegression):
        def fit(self, X, y):
            raise AssertionError("fitted")

    classifier = MinimumCostClassifier(NeverFitted(), costs)
    with pytest.raises(error, match=message):
        classifier.fit(X, y)
    assert not [name for name in vars(classifier) if name.endswith("_")]


@pytest.mark.parametrize(
    ("estimator", "message"),
    [
        (LinearSVC(), r"estimator is LinearSVC\(\), which has no predict_proba. .*CalibratedClassifierCV"),
        (LogisticRegression, "estimator is the class LogisticRegression"),
        (None, "estimator is None"),
    ],
)
def test_wrong_estimator(estimator, message):
    with pytest.raises(TypeError, match=message):
        MinimumCostClassifier(estimator, COSTS).fit(X, y)


@pytest.mark.parametrize(
    ("rows", "labels", "message"),
    [
        (X, None, "requires y"),
        (X, y[:-1], "inconsistent numbers of samples"),
        (X, np.where(y, np.nan, 0.0), "NaN"),
        (X, np.linspace(0, 1, len(y)), "continuous"),
        (np.where(X > 2, np.nan, X), y, "NaN"),
    ],
)
def test_wrong_data(rows, labels, message):
    with pytest.raises(ValueError, match=message):
        MinimumCostClassifier(LogisticRegression(), COSTS).fit(rows, labels)


def test_a_failed_fit_changes_nothing():
    classifier = MinimumCostClassifier(LogisticRegression(), COSTS).fit(X, y)
    before = dict(vars(classifier))
    with pytest.raises(ValueError, match=r"expected \(3, 3\)"):
        classifier.fit(X3, y3)
    assert vars(classifier) == before


def test_sample_weight_reaches_the_estimator():
    weights = np.where(y == 1, 3.0, 1.0)
    classifier = MinimumCostClassifier(LogisticRegression(), COSTS).fit(X, y, sample_weight=weights)
    expected = LogisticRegression().fit(X, y, sample_weight=weights)
    np.testing.assert_array_equal(classifier.predict_proba(X), expected.predict_proba(X))
    MinimumCostClassifier(KNeighborsClassifier(), COSTS).fit(X, y, sample_weight=None)
    with sklearn.config_context(enable_metadata_routing=True):
        routed = MinimumCostClassifier(LogisticRegression().set_fit_request(sample_weight="w"), COSTS)
        routed.fit(X, y, w=weights)
        np.testing.assert_array_equal(routed.predict_proba(X), expected.predict_proba(X))
        with pytest.raises(TypeError, match="unexpected argument"):
            routed.fit(X, y, sample_weight=weights)
        stock = make_pipeline(FunctionTransformer(), clone(routed)).fit(X, y, w=weights)
        np.testing.assert_array_equal(stock.predict_proba(X), expected.predict_proba(X))


def test_other_costs_without_fitting_again():
    fitted = LogisticRegression().fit(X, y)
    classifier = MinimumCostClassifier(FrozenEstimator(fitted), COSTS).fit(X[:2], np.array([0, 1]))
    expected = MinimumCostClassifier(LogisticRegression(), COSTS).fit(X, y)
    np.testing.assert_array_equal(classifier.predict(X), expected.predict(X))


def test_with_resampling_and_correction():
    inner = ResampledClassifier(LogisticRegression(), SMOTE(random_state=0), prior_correction=True)
    classifier = MinimumCostClassifier(inner, COSTS).fit(X, y)
    expected = inner.fit(X, y).predict_proba(X) @ COSTS
    np.testing.assert_array_equal(classifier.predict(X), expected.argmin(axis=1))


def means(X):
    return np.array([np.asarray(sequence).mean(axis=0) for sequence in X])


@pytest.mark.parametrize("ragged", [False, True])
def test_sequences_pass_through(ragged):
    rng = np.random.RandomState(0)
    lengths = rng.randint(3, 7, size=60) if ragged else np.full(60, 5)
    labels = np.arange(60) % 3
    sequences = [rng.randn(n, 2) + label for n, label in zip(lengths, labels)]
    sequences = sequences if ragged else np.array(sequences)
    model = make_pipeline(FunctionTransformer(means), LogisticRegression())
    classifier = MinimumCostClassifier(model, COSTS3).fit(sequences, labels)
    assert classifier.predict(sequences).shape == (60,)
    assert classifier.expected_costs(sequences).shape == (60, 3)
    search = GridSearchCV(classifier, {"cost_matrix": [None, COSTS3]}, cv=2).fit(sequences, labels)
    assert search.best_score_ > 0.5


def test_x_is_left_alone_pickle_clone_and_not_fitted():
    frozen = X.copy()
    frozen.flags.writeable = False
    classifier = MinimumCostClassifier(make_pipeline(StandardScaler(), LogisticRegression()), COSTS)
    for method in ("predict", "predict_proba", "expected_costs"):
        with pytest.raises(NotFittedError):
            getattr(classifier, method)(X)
    expected = classifier.fit(frozen, y).predict(frozen)
    assert classifier.n_features_in_ == 5
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(classifier)).predict(X), expected)
    np.testing.assert_array_equal(clone(classifier).fit(X, y).predict(X), expected)
    assert not hasattr(MinimumCostClassifier(LinearSVC()), "predict_log_proba")


ROW_COSTS = np.random.RandomState(0).uniform(0, 10, (300, 3, 3))


def test_a_cost_for_each_row():
    classifier = MinimumCostClassifier(LogisticRegression()).fit(X3, y3)
    proba = classifier.predict_proba(X3)
    expected = np.array([[proba[r] @ ROW_COSTS[r, :, j] for j in range(3)] for r in range(300)])
    np.testing.assert_allclose(classifier.expected_costs(X3, ROW_COSTS), expected)
    np.testing.assert_array_equal(classifier.predict(X3, ROW_COSTS), expected.argmin(axis=1))
    np.testing.assert_array_equal(classifier.predict(X3, cost_matrix=ROW_COSTS.tolist()), expected.argmin(axis=1))
    np.testing.assert_array_equal(classifier.predict(X3, ROW_COSTS * 1e300), expected.argmin(axis=1))
    np.testing.assert_array_equal(classifier.predict(X3), proba.argmax(axis=1))
    # One matrix at predict takes the place of that of the constructor.
    with_costs = MinimumCostClassifier(LogisticRegression(), COSTS3).fit(X3, y3)
    np.testing.assert_array_equal(classifier.predict(X3, COSTS3), with_costs.predict(X3))
    np.testing.assert_array_equal(with_costs.predict(X3, ROW_COSTS), expected.argmin(axis=1))
    np.testing.assert_array_equal(with_costs.predict(X3, 1 - np.eye(3)), classifier.predict(X3))
    np.testing.assert_array_equal(with_costs.predict(X3[:1], ROW_COSTS[:1]), expected.argmin(axis=1)[:1])


def test_rows_of_very_different_costs_are_decided_each_by_itself():
    classifier = MinimumCostClassifier(LogisticRegression()).fit(X, y)
    factors = np.logspace(-300, 300, len(X))[:, None, None]
    np.testing.assert_array_equal(classifier.predict(X, COSTS * factors), classifier.predict(X, COSTS))
    assert (classifier.predict(X, np.zeros((len(X), 2, 2))) == 0).all()


@pytest.mark.parametrize(
    ("costs", "error", "message"),
    [
        (ROW_COSTS[:-1], ValueError, "holds 299 matrices, but there are 300 rows"),
        (ROW_COSTS[:, :2, :2], ValueError, r"shape \(300, 2, 2\), expected \(3, 3\).*shape \(300, 3, 3\)"),
        (ROW_COSTS[None], ValueError, r"shape \(1, 300, 3, 3\)"),
        (np.where(ROW_COSTS > 9.9, np.nan, ROW_COSTS), ValueError, r"cost_matrix\[\d+, \d, \d\] is nan"),
        (np.where(ROW_COSTS > 9.9, -np.inf, ROW_COSTS), ValueError, r"is -inf"),
        (ROW_COSTS[:, 0], ValueError, r"shape \(300, 3\), expected \(3, 3\)"),
        (ROW_COSTS.astype(str), TypeError, "must hold real numbers"),
        ({0: {1: 1, 2: 1}, 1: {0: 1, 2: 1}}, ValueError, r"names the true classes \[0, 1\]"),
    ],
)
def test_wrong_costs_at_predict(costs, error, message):
    classifier = MinimumCostClassifier(LogisticRegression()).fit(X3, y3)
    for method in (classifier.predict, classifier.expected_costs):
        with pytest.raises(error, match=message):
            method(X3, costs)


@pytest.mark.parametrize("make", [make_pipeline, make_our_pipeline])
def test_costs_of_rows_reach_it_through_pipelines(make):
    pipeline = make(StandardScaler(), MinimumCostClassifier(LogisticRegression())).fit(X3, y3)
    expected = pipeline[-1].predict(pipeline[0].transform(X3), ROW_COSTS)
    np.testing.assert_array_equal(pipeline.predict(X3, cost_matrix=ROW_COSTS), expected)
    with sklearn.config_context(enable_metadata_routing=True):
        np.testing.assert_array_equal(pipeline.predict(X3, cost_matrix=ROW_COSTS), expected)
        pipeline[-1].set_predict_request(cost_matrix="costs")
        np.testing.assert_array_equal(clone(pipeline).fit(X3, y3).predict(X3, costs=ROW_COSTS), expected)
        search = GridSearchCV(clone(pipeline), {"minimumcostclassifier__estimator__C": [1.0]}, cv=2).fit(X3, y3)
        np.testing.assert_array_equal(search.best_estimator_.predict(X3, costs=ROW_COSTS), expected)
        pipeline[-1].set_predict_request(cost_matrix=False)
        with pytest.raises(TypeError, match="unexpected argument"):
            clone(pipeline).fit(X3, y3).predict(X3, cost_matrix=ROW_COSTS)


def test_frozen_estimators_know_classes_that_y_lacks():
    names = np.array(["common", "rare"])[y]
    frozen = FrozenEstimator(LogisticRegression().fit(X, names))
    common = X[y == 0]
    expected = MinimumCostClassifier(LogisticRegression(), COSTS).fit(X, names).predict(X)
    for model in (frozen, make_pipeline(FunctionTransformer(), frozen)):
        classifier = MinimumCostClassifier(model, COSTS).fit(common, names[y == 0])
        np.testing.assert_array_equal(classifier.predict(X), expected)
        np.testing.assert_array_equal(classifier.classes_, ["common", "rare"])


def test_one_class_in_y():
    with pytest.raises(ValueError, match="MinimumCostClassifier needs at least two classes in y, got 1 class"):
        MinimumCostClassifier(LogisticRegression(), COSTS).fit(X, np.zeros(len(y)))
    classifier = MinimumCostClassifier(DecisionTreeClassifier()).fit(X, np.zeros(len(y)))
    assert (classifier.predict(X) == 0).all()


def test_several_columns_of_labels():
    both = np.c_[y, 1 - y]
    with pytest.raises(ValueError, match="Put MultiOutputClassifier around this classifier"):
        MinimumCostClassifier(DecisionTreeClassifier(), COSTS).fit(X, both)
    assert MultiOutputClassifier(MinimumCostClassifier(LogisticRegression(), COSTS)).fit(X, both).predict(X).shape == (
        300,
        2,
    )


INSIDE = [
    MinimumCostClassifier(LogisticRegression(), COSTS),
    FixedThresholdClassifier(LogisticRegression(), threshold=0.1),
    TunedThresholdClassifierCV(LogisticRegression()),
    make_pipeline(StandardScaler(), MinimumCostClassifier(LogisticRegression(), COSTS)),
    GridSearchCV(FixedThresholdClassifier(LogisticRegression()), {"threshold": [0.1]}),
    FrozenEstimator(MinimumCostClassifier(LogisticRegression(), COSTS)),
]


@pytest.mark.parametrize("inside", INSIDE, ids=lambda inside: type(inside).__name__)
def test_decisions_inside_are_not_lost(inside):
    with pytest.raises(
        ValueError, match=r"decisions of (Min|Fix|Tun)\w+ inside the estimator would be lost. Give a cost"
    ):
        MinimumCostClassifier(inside).fit(X, y)
    with pytest.raises(ValueError, match=r"would be lost. Turn it round: \w+\(ResampledClassifier\(model"):
        ResampledClassifier(inside, None, prior_correction=True).fit(X, y)


def test_decisions_inside_a_resampling_without_correction_are_kept():
    inside = INSIDE[0]
    kept = ResampledClassifier(inside, None).fit(X, y)
    np.testing.assert_array_equal(kept.predict(X), clone(inside).fit(X, y).predict(X))
    with pytest.warns(UserWarning, match="decides by costs on probabilities of resampled rows"):
        ResampledClassifier(inside, SMOTE(random_state=0)).fit(X, y)


BALANCED = LogisticRegression(class_weight="balanced")
REWEIGHTED = [
    (BALANCED, "LogisticRegression has class_weight='balanced'.*set class_weight=None"),
    (CostSensitiveLogisticRegression(), "CostSensitiveLogisticRegression has .*or prior_correction=True"),
    (LogisticRegression(class_weight={0: 1, 1: 5}), "has class_weight={0: 1, 1: 5}"),
    (make_pipeline(StandardScaler(), BALANCED), "LogisticRegression has class_weight"),
    (GridSearchCV(LogisticRegression(), {"class_weight": ["balanced"]}), "LogisticRegression has class_weight"),
    (make_our_pipeline(SMOTE(random_state=0), LogisticRegression()), "the sampler 'smote' resamples"),
    (
        ResampledClassifier(LogisticRegression(), SMOTE(random_state=0)),
        "ResampledClassifier resamples.*prior_correction",
    ),
    (VotingClassifier([("a", LogisticRegression()), ("b", BALANCED)], voting="soft"), "LogisticRegression has class_w"),
    (StackingClassifier([("a", LogisticRegression())], BALANCED, cv=2), "LogisticRegression has class_weight"),
]


@pytest.mark.parametrize(("model", "message"), REWEIGHTED)
def test_costs_on_top_of_a_balance_are_noticed(model, message):
    with pytest.warns(UserWarning, match=f"{message}") as caught:
        MinimumCostClassifier(model, COSTS).fit(X, y)
    assert caught[0].filename == __file__
    classifier = MinimumCostClassifier(model).fit(X, y)  # no costs, no warning
    with pytest.warns(UserWarning, match="would count the rarity of a class twice"):
        classifier.predict(X, COSTS)


@pytest.mark.parametrize(
    "model",
    [
        CostSensitiveLogisticRegression(prior_correction=True),
        LogisticRegression(class_weight={0: 1, 1: 1}),
        CalibratedClassifierCV(BALANCED),
        ResampledClassifier(LogisticRegression(), SMOTE(random_state=0), prior_correction=True),
        ResampledClassifier(LogisticRegression(), None),
        VotingClassifier([("a", LogisticRegression()), ("b", "drop")], voting="soft"),
        StackingClassifier([("a", BALANCED)], cv=2),
        make_our_pipeline("passthrough", LogisticRegression()),
    ],
)
def test_costs_on_right_probabilities_are_not_warned_of(model):
    MinimumCostClassifier(model, COSTS).fit(X, y).predict(X, COSTS)


@pytest.mark.parametrize("sampler", [None, SMOTE(random_state=0), SMOTE(sampling_strategy=0.3, random_state=0)])
def test_a_balance_inside_a_correction_is_noticed_and_the_cure_works(sampler):
    balanced = ResampledClassifier(CostSensitiveLogisticRegression(), sampler, prior_correction=True)
    with pytest.warns(UserWarning, match="undoes the sampler of ResampledClassifier alone.*or prior_correction=True"):
        balanced.fit(X, y)
    for cure in ({"class_weight": None}, {"prior_correction": True}):
        cured = clone(balanced)
        cured.estimator.set_params(**cure)
        assert abs(cured.fit(X, y).predict_proba(X)[:, 1].mean() - y.mean()) < 0.02


def test_named_costs_inside_a_meta_estimator_that_numbers_the_classes():
    names = np.array(["common", "rare"])[y]
    costs = {"rare": {"common": 10}, "common": {"rare": 1}}
    voting = VotingClassifier([("a", MinimumCostClassifier(LogisticRegression(), costs))])
    with pytest.raises(
        ValueError, match=r"VotingClassifier, .* number the classes.*put MinimumCostClassifier around them"
    ):
        voting.fit(X, names)
    outermost = MinimumCostClassifier(VotingClassifier([("a", LogisticRegression())], voting="soft"), costs)
    np.testing.assert_array_equal(outermost.fit(X, names).cost_matrix_, COSTS)
