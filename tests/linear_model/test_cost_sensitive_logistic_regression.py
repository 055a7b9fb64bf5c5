import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_wine, make_classification
from sklearn.ensemble import BaggingClassifier
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

from skseq.linear_model import CostSensitiveLogisticRegression
from skseq.linear_model import _cost_sensitive_logistic_regression as module
from skseq.linear_model._cost_sensitive_logistic_regression import SOLVERS

# Not with fit_intercept=False or prior_correction=True: class weights then move the border little or not at
# all, and scikit-learn's check that they do fails, as it does for its own
# LogisticRegression(fit_intercept=False).
CHECKED = [
    CostSensitiveLogisticRegression(),
    CostSensitiveLogisticRegression(None, C=10.0, tol=1e-8, warm_start=True),
    CostSensitiveLogisticRegression(C=0.01, solver="lbfgs"),
    CostSensitiveLogisticRegression(C=0.1, solver="newton-cg"),
]


# A list, since parametrize_with_checks of the oldest scikit-learn gives pytest a generator, which it
# deprecates.
@pytest.mark.parametrize(
    ("estimator", "check"), [pair for model in CHECKED for pair in estimator_checks_generator(model)]
)
def test_sklearn_checks(estimator, check):
    check(estimator)


def binary():
    return make_classification(400, 6, n_informative=4, n_redundant=1, weights=[0.9], flip_y=0.1, random_state=0)


def multinomial():
    X, y = load_wine(return_X_y=True)
    return X, np.array(["red", "rose", "white"])[y]


DATA = {"binary": binary, "multinomial": multinomial}
CONTAINERS = {"float64": np.asarray, "float32": np.float32, "csr": sparse.csr_array, "fortran": np.asfortranarray}


def dict_weights(y, sample_weight=None):
    classes, codes = np.unique(y, return_inverse=True)
    counts = np.bincount(codes, weights=sample_weight)
    return dict(zip(classes.tolist(), counts.sum() / (len(classes) * counts)))


def reference(X, y, sample_weight=None, **params):
    return LogisticRegression(solver="newton-cholesky", tol=1e-8, max_iter=1000, **params).fit(X, y, sample_weight)


def assert_same_model(model, expected, rtol=1e-5):
    # Relative to the largest: coefficients near zero have no digits of their own.
    for name in ("coef_", "intercept_"):
        value, reference_value = getattr(model, name), getattr(expected, name)
        assert value.shape == reference_value.shape
        np.testing.assert_allclose(value, reference_value, atol=rtol * np.abs(reference_value).max(), rtol=0)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("C", [0.01, 1.0, 100.0])
def test_same_coefficients_as_scikit_learn(data, container, C):
    X, y = DATA[data]()
    X = X.astype(np.float32)  # the same numbers in each container
    model = CostSensitiveLogisticRegression(C=C, tol=1e-10).fit(CONTAINERS[container](X), y)
    expected = reference(X.astype(np.float64), y, C=C, class_weight="balanced")
    assert_same_model(model, expected)
    assert model.classes_.tolist() == expected.classes_.tolist()
    np.testing.assert_allclose(model.predict_proba(X), expected.predict_proba(X.astype(float)), atol=1e-5)


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("C", [0.01, 100.0])
@pytest.mark.parametrize("solver", SOLVERS)
def test_every_solver_finds_the_same_optimum(solver, data, container, C):
    X, y = DATA[data]()
    X = CONTAINERS[container](X.astype(np.float32))
    model = CostSensitiveLogisticRegression(C=C, solver=solver, tol=1e-9).fit(X, y)
    assert model.solver_ == solver
    assert_same_model(model, CostSensitiveLogisticRegression(C=C, tol=1e-10).fit(X, y))


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("n_classes", [2, 3])
def test_starting_from_a_sample_changes_no_optimum(solver, n_classes, monkeypatch):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(3000, 3))
    y = np.digitize(X @ [1.0, -1.0, 0.5] + rng.logistic(size=3000), [2.0, 4.0][: n_classes - 1])
    order = np.argsort(y, kind="stable")  # sorted classes must not make a sample of one class
    sampled = CostSensitiveLogisticRegression(solver=solver, tol=1e-10).fit(X[order], y[order])
    monkeypatch.setattr("skseq.linear_model._stages.SAMPLE_SHARE", 10**9)
    whole = CostSensitiveLogisticRegression(solver=solver, tol=1e-10).fit(X[order], y[order])
    assert_same_model(sampled, whole, rtol=1e-6)


def test_auto_takes_the_solver_for_the_shape():
    def chosen(n_classes, d, container=np.asarray):
        return module.choose_solver(container(np.zeros((9, d))), n_classes)

    assert [chosen(2, 10), chosen(2, 400), chosen(2, 600)] == ["newton-cholesky", "newton-cholesky", "lbfgs"]
    assert [chosen(3, 10), chosen(20, 20), chosen(20, 40)] == ["newton-cholesky", "newton-cholesky", "lbfgs"]
    assert [chosen(2, 5000), chosen(3, 5000), chosen(100, 2)] == ["newton-cg", "lbfgs", "lbfgs"]
    assert chosen(2, 5000, sparse.csr_array) == "lbfgs"


def test_whitening_changes_no_optimum(monkeypatch):
    X, y = binary()
    whitened = CostSensitiveLogisticRegression(tol=1e-10).fit(X, y)
    monkeypatch.setattr("skseq.linear_model._coordinates.MAX_WHITENED", 0)
    assert_same_model(CostSensitiveLogisticRegression(tol=1e-10).fit(X, y), whitened)
    assert_same_model(CostSensitiveLogisticRegression(tol=1e-10).fit(sparse.csr_array(X), y), whitened)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_same_coefficients_with_sample_weights(data, fit_intercept):
    X, y = DATA[data]()
    X = StandardScaler().fit_transform(X)
    sample_weight = np.random.default_rng(0).random(len(y)) * 3
    model = CostSensitiveLogisticRegression(fit_intercept=fit_intercept, tol=1e-10).fit(X, y, sample_weight)
    # Older versions of scikit-learn do not weigh the counts behind "balanced".
    weights = dict_weights(y, sample_weight)
    expected = reference(X, y, sample_weight, class_weight=weights, fit_intercept=fit_intercept)
    if fit_intercept:
        assert_same_model(model, expected)
    else:
        np.testing.assert_allclose(model.coef_, expected.coef_, atol=1e-5)
        assert not model.intercept_.any()
    np.testing.assert_allclose(model.class_weight_, list(weights.values()))


@pytest.mark.parametrize("class_weight", [None, {1: 20.0}, {0: 0.3, 1: 4.0}])
def test_same_coefficients_with_other_class_weights(class_weight):
    X, y = binary()
    model = CostSensitiveLogisticRegression(class_weight, tol=1e-10).fit(X, y)
    assert_same_model(model, reference(X, y, class_weight=class_weight))
    weights = class_weight or {}
    assert model.class_weight_.tolist() == [weights.get(0, 1.0), weights.get(1, 1.0)]


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("n_classes", [2, 3])
def test_same_probabilities_without_penalty(n_classes, solver):
    X, _ = make_classification(500, 5, n_informative=4, n_redundant=0, random_state=0)
    logits = X @ np.array([1.0, -0.5, 0.3, 0.0, 0.2]) + np.random.default_rng(0).logistic(size=500)
    y = np.digitize(logits, [1.0] if n_classes == 2 else [-1.0, 1.5])
    model = CostSensitiveLogisticRegression(C=np.inf, solver=solver, tol=1e-10).fit(X, y)
    expected = LogisticRegression(C=np.inf, class_weight="balanced", tol=1e-10, max_iter=1000).fit(X, y)
    assert_same_model(model, expected)
    if n_classes == 3:
        np.testing.assert_allclose(model.coef_.sum(axis=0), 0.0, atol=1e-12)


def test_balanced_weights_are_n_over_K_n_j():
    X, y = np.random.default_rng(0).normal(size=(12, 2)), np.repeat(["a", "b", "c"], [2, 4, 6])
    model = CostSensitiveLogisticRegression().fit(X, y)
    np.testing.assert_allclose(model.class_weight_, [12 / (3 * 2), 12 / (3 * 4), 12 / (3 * 6)])


@pytest.mark.parametrize("data", DATA)
def test_weights_equal_duplication(data):
    X, y = DATA[data]()
    counts = np.random.default_rng(0).integers(0, 4, len(y))
    weighted = CostSensitiveLogisticRegression(tol=1e-10).fit(X, y, counts)
    repeated = CostSensitiveLogisticRegression(tol=1e-10).fit(X.repeat(counts, axis=0), y.repeat(counts))
    assert_same_model(weighted, repeated)
    np.testing.assert_allclose(weighted.class_weight_, repeated.class_weight_)


def test_units_of_the_columns_cost_no_iterations():
    X, y = load_breast_cancer(return_X_y=True)
    X = X[:, :6]
    units = 10.0 ** np.array([-8, 6, 0, 3, -5, 9])
    offsets = np.array([0.0, 1e8, 5.0, -1e5, 0.0, 0.0])
    plain = CostSensitiveLogisticRegression(C=np.inf).fit(X, y)
    scaled = CostSensitiveLogisticRegression(C=np.inf).fit(X * units + offsets, y)
    assert abs(int(scaled.n_iter_[0]) - int(plain.n_iter_[0])) <= 3
    np.testing.assert_allclose(scaled.coef_ * units, plain.coef_, rtol=1e-4)
    np.testing.assert_allclose(scaled.decision_function(X * units + offsets), plain.decision_function(X), atol=1e-3)


@pytest.mark.parametrize("scale", [1e-300, 1e300])
@pytest.mark.parametrize("container", ["float64", "csr"])
def test_huge_and_tiny_values(scale, container):
    X, y = binary()
    plain = CostSensitiveLogisticRegression(C=np.inf).fit(X[:, :3], y)
    scaled = CostSensitiveLogisticRegression(C=np.inf).fit(CONTAINERS[container](X[:, :3] * scale), y)
    np.testing.assert_allclose(scaled.coef_ * scale, plain.coef_, rtol=1e-6)


@pytest.mark.parametrize("value", [0.0, 0.1])
def test_constant_and_repeated_columns(value):
    X, y = binary()
    plain = CostSensitiveLogisticRegression(C=np.inf).fit(X[:, :2], y)
    more = CostSensitiveLogisticRegression(C=np.inf).fit(np.c_[X[:, :2], np.full(len(y), value), X[:, 0]], y)
    assert more.coef_[0, 2] == 0
    np.testing.assert_allclose(
        more.decision_function(np.c_[X[:, :2], X[:, 2:3], X[:, 0]]), plain.decision_function(X[:, :2]), atol=1e-4
    )


def test_prior_correction_gives_base_rate_probabilities():
    X, y = make_classification(3000, 4, weights=[0.95], flip_y=0.02, random_state=1)
    weighted = CostSensitiveLogisticRegression(C=np.inf).fit(X, y)
    corrected = CostSensitiveLogisticRegression(C=np.inf, prior_correction=True).fit(X, y)
    np.testing.assert_array_equal(corrected.coef_, weighted.coef_)
    prior = np.bincount(y) / len(y)
    expected = weighted.predict_proba(X) * prior / 0.5
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(corrected.predict_proba(X), expected, rtol=1e-10)
    assert weighted.predict_proba(X)[:, 1].mean() > 3 * prior[1]
    assert corrected.predict_proba(X)[:, 1].mean() == pytest.approx(prior[1], rel=0.25)
    np.testing.assert_array_equal(corrected.predict(X), corrected.predict_proba(X).argmax(axis=1))
    np.testing.assert_array_equal(corrected.predict(X), (corrected.decision_function(X) > 0).astype(int))


def test_prior_correction_of_several_classes_and_sample_weights():
    X, y = multinomial()
    sample_weight = np.random.default_rng(0).random(len(y))
    class_weight = {"red": 5.0, "rose": 1.0, "white": 0.2}
    weighted = CostSensitiveLogisticRegression(class_weight).fit(X, y, sample_weight)
    corrected = clone(weighted).set_params(prior_correction=True).fit(X, y, sample_weight)
    expected = weighted.predict_proba(X) / [5.0, 1.0, 0.2]
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(corrected.predict_proba(X), expected, rtol=1e-10)
    np.testing.assert_array_equal(corrected.predict(X), corrected.classes_[expected.argmax(axis=1)])


@pytest.mark.parametrize("data", DATA)
def test_probabilities_and_logits_agree(data):
    X, y = DATA[data]()
    model = CostSensitiveLogisticRegression().fit(X, y)
    proba, logits = model.predict_proba(X), model.decision_function(X)
    np.testing.assert_allclose(proba.sum(axis=1), 1.0)
    np.testing.assert_allclose(model.predict_log_proba(X), np.log(proba), rtol=1e-9, atol=1e-12)
    if data == "binary":
        assert logits.shape == (len(y),)
        np.testing.assert_allclose(logits, np.log(proba[:, 1] / proba[:, 0]))
    else:
        assert logits.shape == proba.shape
        np.testing.assert_allclose(np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), proba)
    np.testing.assert_array_equal(model.predict(X), model.classes_[proba.argmax(axis=1)])


def test_log_probabilities_do_not_vanish():
    model = CostSensitiveLogisticRegression().fit([[-1.0], [1.0], [-2.0], [2.0]], [0, 1, 0, 1])
    far = model.predict_log_proba([[1e6]])
    assert far[0, 0] == pytest.approx(-model.decision_function([[1e6]])[0])
    assert model.predict_proba([[1e6]])[0, 0] == 0


def test_warm_start_goes_on_from_the_last_fit():
    X, y = multinomial()
    model = CostSensitiveLogisticRegression(warm_start=True).fit(X, y)
    first = model.coef_.copy()
    assert model.n_iter_[0] > 5
    model.fit(X, y)
    assert model.n_iter_[0] <= 2
    np.testing.assert_allclose(model.coef_, first, atol=1e-4)
    model.set_params(C=1.2).fit(X, y)
    assert model.n_iter_[0] > 0
    cold = CostSensitiveLogisticRegression(C=1.2, tol=1e-10).fit(X, y)
    model.set_params(tol=1e-10).fit(X, y)
    assert_same_model(model, cold)


def test_warm_start_on_other_classes_or_columns_starts_anew():
    X, y = multinomial()
    model = CostSensitiveLogisticRegression(warm_start=True).fit(X, y)
    model.fit(X[:, :4], y)
    assert_same_model(model, CostSensitiveLogisticRegression().fit(X[:, :4], y), rtol=1e-12)
    model.fit(X[:, :4], np.where(y == "red", "other", y))
    assert_same_model(model, CostSensitiveLogisticRegression().fit(X[:, :4], np.where(y == "red", "other", y)), 1e-12)


def test_separable_classes_without_penalty_warn():
    X, y = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1])
    with pytest.warns(ConvergenceWarning, match=r"separates the classes.*gradient of .*tol=1e-06.*Set a finite C"):
        model = CostSensitiveLogisticRegression(C=np.inf).fit(X, y)
    assert np.isfinite(model.coef_).all()
    assert model.score(X, y) == 1
    with pytest.warns(ConvergenceWarning, match="separates the classes"):
        CostSensitiveLogisticRegression(C=np.inf).fit(X[[0, 1, 1, 2, 3]], ["a", "b", "b", "c", "c"])
    # Rows of weight zero do not count.
    with pytest.warns(ConvergenceWarning, match="separates the classes"):
        CostSensitiveLogisticRegression(C=np.inf).fit(X, [0, 1, 0, 1], [1, 0, 1, 1])
    CostSensitiveLogisticRegression(C=1e4).fit(X, y)


@pytest.mark.parametrize(("C", "cure"), [(1.0, "Raise max_iter"), (np.inf, "Set a finite C")])
def test_too_few_iterations_warn(C, cure):
    X, y = binary()
    with pytest.warns(ConvergenceWarning, match=rf"gradient of .* after 2 iterations .*max_iter=2.*{cure}"):
        model = CostSensitiveLogisticRegression(C=C, max_iter=2).fit(X, y)
    assert model.n_iter_.tolist() == [2]
    assert model.n_iter_.dtype == np.int32  # as in scikit-learn


def test_verbose_tells_how_it_went(capsys):
    X, y = binary()
    CostSensitiveLogisticRegression().fit(X, y)
    assert capsys.readouterr().out == ""
    model = CostSensitiveLogisticRegression(verbose=1).fit(X, y)
    assert f"{model.n_iter_[0]} iterations" in capsys.readouterr().out
    CostSensitiveLogisticRegression(verbose=2).fit(X, y)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == model.n_iter_[0] + 1
    assert "objective 0." in lines[0]


@pytest.mark.parametrize(
    ("params", "error", "message"),
    [
        ({"C": 0}, ValueError, "C == 0, must be > 0"),
        ({"C": "1"}, TypeError, "C must be"),
        ({"C": np.nan}, ValueError, "C must be a number, got NaN"),
        ({"tol": -1.0}, ValueError, "tol"),
        ({"max_iter": 1.5}, TypeError, "max_iter"),
        ({"solver": "saga"}, ValueError, r"solver='saga'.*'auto', 'lbfgs', 'newton-cholesky', 'newton-cg'"),
        ({"class_weight": "even"}, ValueError, r"class_weight='even'.*'balanced'"),
        ({"class_weight": {7: 1.0}}, ValueError, "class_weight names the class 7"),
        ({"class_weight": {0: 0.0}}, ValueError, "class 0 a total weight of zero"),
        ({"class_weight": {0: 1e308, 1: 1e308}}, ValueError, "class_weight adds up to infinity"),
        ({"fit_intercept": "yes"}, TypeError, "fit_intercept"),
        ({"prior_correction": None}, TypeError, "prior_correction"),
        ({"warm_start": 1}, TypeError, "warm_start"),
        ({"verbose": -1}, ValueError, "verbose"),
    ],
)
def test_bad_parameters_are_named_in_fit(params, error, message):
    model = CostSensitiveLogisticRegression(**params)
    with pytest.raises(error, match=message):
        model.fit(*binary())


@pytest.mark.parametrize(
    ("sample_weight", "message"),
    [
        (np.zeros(400), "zero for every row"),
        (np.full(400, -1.0), "Negative values"),
        (np.full(400, np.nan), "NaN"),
        (np.ones(3), "Give one weight for each row"),
        (np.full(400, 1e308), "sample_weight adds up to infinity"),
    ],
)
def test_bad_weights_are_named(sample_weight, message):
    with pytest.raises(ValueError, match=message):
        CostSensitiveLogisticRegression().fit(*binary(), sample_weight)


def test_class_whose_weight_is_set_to_zero_is_named():
    X, y = multinomial()
    with pytest.raises(ValueError, match=r"class 'rose' a total weight of zero.*Leave its rows out"):
        CostSensitiveLogisticRegression({"rose": 0}).fit(X, y)


@pytest.mark.filterwarnings("ignore:A linear function separates the classes")
@pytest.mark.parametrize("params", [{}, {"class_weight": None}, {"prior_correction": True}, {"C": np.inf}])
@pytest.mark.parametrize("data", [binary, multinomial])
def test_class_whose_rows_have_no_weight_has_probabilities_near_zero(data, params):
    X, y = data()
    weights = np.where(y == np.unique(y)[0], 0.0, 1.0)
    proba = CostSensitiveLogisticRegression(**params).fit(X, y, weights).predict_proba(X)
    assert proba[:, 0].max() < 2e-9
    assert np.isfinite(proba).all()


def test_classes_without_weight_leave_the_others_as_scikit_learn_has_them():
    X, y = multinomial()
    X = StandardScaler().fit_transform(X)
    weights = np.where(y == "rose", 0.0, 1.0)
    ours = CostSensitiveLogisticRegression(None, tol=1e-9).fit(X, y, weights)
    theirs = LogisticRegression(tol=1e-9, max_iter=1000).fit(X, y, weights)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-4)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-4)


def test_bags_may_lack_a_class():
    X = np.random.default_rng(0).normal(size=(200, 3))
    y = np.where(np.arange(200) < 1, 2, np.arange(200) % 2)
    bagging = BaggingClassifier(CostSensitiveLogisticRegression(None), 20, random_state=0).fit(X, y)
    lacking = [2 not in y[rows] for rows in bagging.estimators_samples_]
    assert any(lacking)
    for estimator, lacks in zip(bagging.estimators_, lacking):
        assert (estimator.predict_proba(X)[:, -1].max() < 1e-8) == lacks
    assert 0 < bagging.predict_proba(X)[:, 2].mean() < 0.05


@pytest.mark.parametrize("class_weight", [{"rare": 9, "common": 1, "unseen": 5}])
def test_class_weight_may_name_classes_that_a_fold_lacks(class_weight):
    X, y = binary()
    y = np.where(y == 1, "rare", "common")
    model = CostSensitiveLogisticRegression(class_weight).fit(X, y)
    np.testing.assert_array_equal(model.class_weight_, [1, 9])
    with pytest.raises(ValueError, match=r"names the class 0, .*VotingClassifier.* by their number"):
        CostSensitiveLogisticRegression({0: 1, 1: 9}).fit(X, y)


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("data", [binary, multinomial])
def test_coefficients_and_intercept_give_the_corrected_logits(data, fit_intercept):
    X, y = data()
    model = CostSensitiveLogisticRegression(prior_correction=True, fit_intercept=fit_intercept).fit(X, y)
    logits = X @ model.coef_.T + model.intercept_
    np.testing.assert_allclose(model.decision_function(X), logits[:, 0] if len(model.classes_) == 2 else logits)
    assert not np.allclose(model.intercept_, clone(model).set_params(prior_correction=False).fit(X, y).intercept_)


def test_warm_start_does_not_count_the_prior_correction_twice():
    X, y = binary()
    model = CostSensitiveLogisticRegression(prior_correction=True, warm_start=True).fit(X, y)
    first = model.intercept_
    assert model.fit(X, y).n_iter_ == 0
    np.testing.assert_allclose(model.intercept_, first, rtol=1e-12)
    plain = CostSensitiveLogisticRegression().fit(X, y)
    np.testing.assert_allclose(model.set_params(prior_correction=False).fit(X, y).intercept_, plain.intercept_, 1e-4)


@pytest.mark.parametrize("offset", [1e14, 1e15, 1e18, 1e100])
def test_sparse_columns_whose_spread_is_near_the_rounding_of_their_mean_are_finite(offset):
    X, y = np.random.RandomState(0).randn(120, 3), np.arange(120) % 7 == 0
    with pytest.warns(ConvergenceWarning, match="scale the data"):
        model = CostSensitiveLogisticRegression().fit(sparse.csr_array(offset + X), y)
    assert np.isfinite(model.predict_proba(offset + X)).all()


@pytest.mark.parametrize("offset", [1e4, 1.7e9, -1e9, 1e12])
@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("form", [np.asarray, sparse.csr_matrix])
@pytest.mark.parametrize("data", [binary, multinomial])
def test_columns_far_from_zero(data, form, solver, offset):
    X, y = data()
    X = (X - X.mean(axis=0)) / X.std(axis=0) + offset - offset  # rounded as X + offset is
    near = CostSensitiveLogisticRegression(solver=solver).fit(X, y)
    far = CostSensitiveLogisticRegression(solver=solver).fit(form(X + offset), y)  # without a ConvergenceWarning
    step = np.spacing(abs(offset))
    np.testing.assert_allclose(far.coef_, near.coef_, atol=1e-5)
    np.testing.assert_allclose(far.predict_proba(form(X + offset)), near.predict_proba(X), atol=1e-5 + 20 * step)


def test_one_sparse_column_of_times_and_one_with_zeros():
    X = np.c_[1.7e9 + np.arange(50.0), np.where(np.arange(50) % 3, 0, 1e6)]
    y = (np.arange(50) > 20) ^ (np.arange(50) % 7 == 0)
    weights = np.ones(51)
    weights[50] = 0  # a row of zeros without weight changes nothing
    padded = sparse.csr_matrix(np.r_[X, np.zeros((1, 2))])
    model = CostSensitiveLogisticRegression().fit(padded, np.r_[y, False], weights)
    expected = CostSensitiveLogisticRegression().fit(X - [1.7e9, 0], y)
    np.testing.assert_allclose(model.coef_, expected.coef_, rtol=1e-4, atol=1e-9)
    np.testing.assert_allclose(model.predict_proba(X), expected.predict_proba(X - [1.7e9, 0]), atol=1e-5)


def test_warm_start_far_from_zero():
    X, y = binary()
    model = CostSensitiveLogisticRegression(warm_start=True).fit(X + 1e6, y)
    coef = model.coef_
    assert model.fit(X + 1e6, y).n_iter_ <= 1
    np.testing.assert_allclose(model.coef_, coef, rtol=1e-4)


def test_masked_values_are_refused():
    X, y = binary()
    masked = np.ma.masked_array(X, mask=X > 2)
    with pytest.raises(ValueError, match=r"X is a masked array with \d+ masked of \d+ values.*impute"):
        CostSensitiveLogisticRegression().fit(masked, y)
    with pytest.raises(ValueError, match="y is a masked array"):
        CostSensitiveLogisticRegression().fit(X, np.ma.masked_equal(y, 1))
    with pytest.raises(ValueError, match="sample_weight is a masked array"):
        CostSensitiveLogisticRegression().fit(X, y, np.ma.masked_less(np.arange(len(y)), 3))
    model = CostSensitiveLogisticRegression().fit(np.ma.masked_array(X), y)  # nothing is masked
    with pytest.raises(ValueError, match="X is a masked array"):
        model.predict_proba(masked)


def test_failed_fit_leaves_the_last_one():
    X, y = binary()
    model = CostSensitiveLogisticRegression().fit(X, y)
    before = model.predict_proba(X)
    with pytest.raises(ValueError, match="NaN"):
        model.fit(np.full((4, 2), np.nan), [0, 1, 0, 1])
    np.testing.assert_array_equal(model.predict_proba(X), before)
    fresh = CostSensitiveLogisticRegression()
    with pytest.raises(ValueError, match="at least two classes"):
        fresh.fit(X, np.zeros(len(y)))
    assert not [name for name in vars(fresh) if name.endswith("_")]
    with pytest.raises(NotFittedError):
        fresh.predict(X)


def test_overflowing_logits_are_an_error():
    model = CostSensitiveLogisticRegression(C=np.inf).fit(
        [[0.0, 0.0], [1.0, 1.0], [2.0, 1.0], [1.5, 0.0]], [0, 1, 0, 1]
    )
    with pytest.raises(ValueError, match=r"logits of X\[1\] overflow"):
        model.predict([[0.0, 0.0], [1.7e308, -1.7e308]])


def test_read_only_input_is_neither_changed_nor_needed_writable():
    X, y = binary()
    weights = np.ones(len(y))
    S = sparse.csr_array(X)
    before = X.copy()
    for array in (X, y, weights, S.data, S.indices, S.indptr):
        array.flags.writeable = False
    for data in (X, S):
        model = CostSensitiveLogisticRegression(C=np.inf).fit(data, y, weights)
        model.predict_proba(data)
    np.testing.assert_array_equal(X, before)
    np.testing.assert_array_equal(S.toarray(), before)


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_frames(frame):
    X, y = binary()
    names = [f"c{i}" for i in range(X.shape[1])]
    table = frame(dict(zip(names, X.T)))
    model = CostSensitiveLogisticRegression().fit(table, y)
    if frame is pd.DataFrame:  # older versions of scikit-learn see no names in polars
        assert model.feature_names_in_.tolist() == names
    np.testing.assert_allclose(model.predict_proba(table), CostSensitiveLogisticRegression().fit(X, y).predict_proba(X))


def test_pickle_clone_grid_search_and_threads():
    X, y = binary()
    search = GridSearchCV(
        make_pipeline(StandardScaler(), CostSensitiveLogisticRegression()),
        {"costsensitivelogisticregression__C": [0.1, 1.0]},
        scoring="balanced_accuracy",
        n_jobs=2,
        cv=3,
    ).fit(X, y)
    assert search.best_score_ > 0.6
    model = CostSensitiveLogisticRegression().fit(X, y)
    again = pickle.loads(pickle.dumps(model))
    np.testing.assert_array_equal(again.predict_proba(X), model.predict_proba(X))
    np.testing.assert_array_equal(clone(model).fit(X, y).coef_, model.coef_)
    with ThreadPoolExecutor(2) as pool:
        models = list(pool.map(lambda _: CostSensitiveLogisticRegression().fit(X, y), range(4)))
    assert all((m.coef_ == model.coef_).all() for m in models)


@pytest.mark.parametrize("solver", SOLVERS)
def test_columns_that_repeat_each_other_share_without_a_penalty(solver):
    rng = np.random.default_rng(0)
    X = np.repeat(rng.normal(size=(300, 2)), 2, axis=1)
    y = (X[:, 0] + rng.logistic(size=300) > 1).astype(int)
    model = CostSensitiveLogisticRegression(C=np.inf, solver=solver, tol=1e-8).fit(X, y)
    alone = CostSensitiveLogisticRegression(C=np.inf, tol=1e-8).fit(X[:, ::2], y)
    np.testing.assert_allclose(model.coef_[0, ::2] + model.coef_[0, 1::2], alone.coef_[0], rtol=1e-3)
    assert np.abs(model.coef_).max() < 10 * np.abs(alone.coef_).max()
