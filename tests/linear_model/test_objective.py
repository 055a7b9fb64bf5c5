import numpy as np
import pytest
from scipy import sparse

from skseq.linear_model._objective import WeightedLogLoss, penalty_of
from skseq.linear_model._rows import Rows
from skseq.linear_model._stages import in_single_precision, plan_stages

N, D = 30, 4


def make(n_classes, container, C=0.7):
    rng = np.random.default_rng(n_classes)
    X = rng.normal(size=(N, D)) * [1.0, 100.0, 0.01, 1.0] + [0.0, 5.0, 0.0, -3.0]
    X[rng.random((N, D)) < 0.3] = 0.0
    codes = np.r_[np.arange(n_classes), rng.integers(0, n_classes, N - n_classes)]
    if container == "csr":
        X = sparse.csr_array(X)
    elif container == "float32":
        X = X.astype(np.float32)
    weights = rng.random(N) + 0.1
    return WeightedLogLoss(Rows(X), codes, weights, n_classes, penalty_of(C, weights.sum()))


def coordinates_of(objective, fit_intercept):
    return plan_stages(objective, fit_intercept, 1e-6)[-1][0]


def difference_quotient(f, point, step=1e-6):
    steps = step * np.eye(len(point))
    return np.array([(f(point + s) - f(point - s)) / (2 * step) for s in steps])


def test_weighted_log_loss_by_hand():
    # Three rows, n_1 = 1 and n_0 = 2, so that w_j = n / (2 n_j) is 3/2 and 3/4.
    x, y = np.array([[1.0], [2.0], [-1.0]]), np.array([1, 0, 0])
    w = np.array([1.5, 0.75, 0.75])
    theta, b = 0.4, -0.1
    p = 1 / (1 + np.exp(-(theta * x[:, 0] + b)))
    by_hand = -(1.5 * np.log(p[0]) + 0.75 * np.log(1 - p[1]) + 0.75 * np.log(1 - p[2])) / 3
    value, coef_gradient, intercept_gradient = WeightedLogLoss(Rows(x), y, w, 2)(np.array([[theta]]), np.array([b]))
    assert value == pytest.approx(by_hand, rel=1e-14)
    assert coef_gradient.item() == pytest.approx((w * (p - y)) @ x[:, 0] / 3, rel=1e-14)
    assert intercept_gradient.item() == pytest.approx((w * (p - y)).sum() / 3, rel=1e-14)
    # The penalty of scikit-learn, ||theta||^2 / 2 beside C times the sum, after division by C times the sum.
    with_penalty, _, _ = WeightedLogLoss(Rows(x), y, w, 2, penalty_of(0.5, 3))(np.array([[theta]]), np.array([b]))
    assert with_penalty == pytest.approx(by_hand + theta**2 / 2 / (0.5 * 3), rel=1e-14)


@pytest.mark.parametrize("container", ["float64", "float32", "csr"])
@pytest.mark.parametrize("n_classes", [2, 3, 5])
@pytest.mark.parametrize("C", [0.7, np.inf])
def test_gradient_is_the_difference_quotient(n_classes, container, C):
    objective = make(n_classes, container, C)
    n_rows = objective.n_rows_coef
    point = np.random.default_rng(0).normal(size=n_rows * (D + 1)) * 0.1

    def at(point):
        return objective(point[: n_rows * D].reshape(n_rows, D), point[n_rows * D :])

    _, coef_gradient, intercept_gradient = at(point)
    gradient = np.r_[coef_gradient.ravel(), intercept_gradient]
    expected = difference_quotient(lambda p: at(p)[0], point)
    np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("container", ["float64", "csr"])
@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("whiten", [True, False])
def test_gradient_in_coordinates_is_the_difference_quotient(n_classes, container, fit_intercept, whiten, monkeypatch):
    if not whiten:
        monkeypatch.setattr("skseq.linear_model._coordinates.MAX_WHITENED", 0)
    coordinates = coordinates_of(make(n_classes, container), fit_intercept)
    assert (coordinates.mix is not None) == whiten
    point = np.random.default_rng(0).normal(size=len(coordinates.start()))
    expected = difference_quotient(lambda p: coordinates(p)[0], point)
    np.testing.assert_allclose(coordinates(point)[1], expected, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("n_classes", [2, 3])
def test_point_and_parameters_are_inverse(n_classes, fit_intercept):
    coordinates = coordinates_of(make(n_classes, "float64"), fit_intercept)
    rng = np.random.default_rng(0)
    coef = rng.normal(size=coordinates.shape)
    intercept = rng.normal(size=len(coef)) if fit_intercept else np.zeros(len(coef))
    coef_again, intercept_again = coordinates.parameters(coordinates.point(coef, intercept))
    np.testing.assert_allclose(coef_again, coef, rtol=1e-10)
    np.testing.assert_allclose(intercept_again, intercept, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("container", ["float64", "csr"])
def test_curvature_at_the_start_is_the_identity(container, monkeypatch):
    monkeypatch.setattr("skseq.linear_model._coordinates.ROWS_OF_A_CLASS", 10)  # all of them
    # Equal parts and an intercept: the Hessian at zero is exactly what the coordinates were made from.
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3)) @ rng.normal(size=(3, 3)) * [1.0, 1e4, 1e-4] + [0.0, 1e4, 1e-3]
    X = sparse.csr_array(X) if container == "csr" else X
    coordinates = coordinates_of(WeightedLogLoss(Rows(X), np.arange(60) % 2, np.ones(60), 2, 1 / 600), True)
    start = coordinates.start()
    step = 1e-5
    hessian = np.array([(coordinates(start + s)[1] - coordinates(start - s)[1]) / (2 * step) for s in step * np.eye(4)])
    np.testing.assert_allclose(hessian, np.eye(4), atol=1e-6)


@pytest.mark.parametrize("container", ["float64", "float32", "csr"])
@pytest.mark.parametrize("n_classes", [2, 3, 5])
@pytest.mark.parametrize("fit_intercept", [True, False])
@pytest.mark.parametrize("whiten", [True, False])
def test_hessian_and_its_products_are_difference_quotients(n_classes, container, fit_intercept, whiten, monkeypatch):
    if not whiten:
        monkeypatch.setattr("skseq.linear_model._coordinates.MAX_WHITENED", 0)
    coordinates = coordinates_of(make(n_classes, container), fit_intercept)
    point = np.random.default_rng(0).normal(size=len(coordinates.start())) * 0.3
    steps = 1e-5 * np.eye(len(point))
    expected = np.array([(coordinates(point + s)[1] - coordinates(point - s)[1]) / 2e-5 for s in steps])
    product = coordinates.hessian_product(point)
    np.testing.assert_allclose([product(unit) for unit in np.eye(len(point))], expected, atol=1e-6)
    hessian = coordinates.hessian(point)
    if n_classes > 2:  # what softmax does not see is set to one
        common = np.kron(np.full((n_classes, n_classes), 1 / n_classes), np.eye(D))
        expected[: len(common), : len(common)] += common
        expected[len(common) :, len(common) :] += 1 / n_classes if fit_intercept else 0
    np.testing.assert_allclose(hessian, expected, atol=1e-6)
    assert np.linalg.eigvalsh(hessian).min() > 1e-4


@pytest.mark.parametrize("container", ["float64", "csr"])
def test_a_sample_keeps_the_parts_of_the_classes_and_the_penalty(container):
    objective = make(3, container)
    sample = objective.sample(2)
    assert sample.rows.shape[0] < N / 2
    assert (np.bincount(sample.codes, minlength=3) >= 2).all()
    np.testing.assert_allclose(sample.class_priors, objective.class_priors)
    assert sample.penalty == objective.penalty
    whole = objective.sample(N)
    coef, intercept = np.full((3, D), 0.1), np.zeros(3)
    assert whole(coef, intercept)[0] == pytest.approx(objective(coef, intercept)[0])


def test_a_sample_has_no_rows_without_weight():
    weights = np.ones(20)
    weights[:10:2] = 0.0  # every other row of class 0
    sample = WeightedLogLoss(Rows(np.eye(20)), np.arange(20) // 10, weights, 2, 1.0).sample(5)
    assert np.bincount(sample.codes).tolist() == [5, 5]
    np.testing.assert_allclose(sample.class_priors, [1 / 3, 2 / 3])


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("fit_intercept", [True, False])
def test_single_precision_is_the_same_objective_of_the_same_flat_vector(n_classes, fit_intercept):
    # Columns with a spread that is small beside their mean: float32 would leave them no digits unscaled.
    objective = make(n_classes, "float64")
    objective.rows.X[:, 1] += 1e7
    double = coordinates_of(objective, fit_intercept)
    single = in_single_precision(objective, fit_intercept, double.mean, double.unit)
    single.mix = double.mix
    point = np.random.default_rng(0).normal(size=len(double.start()))
    (value, gradient), (value32, gradient32) = double(point), single(point)
    assert single.objective.rows.dtype == np.float32
    assert value32 == pytest.approx(value, rel=1e-6)
    assert gradient32.dtype == np.float64
    np.testing.assert_allclose(gradient32, gradient, atol=2e-6)
    np.testing.assert_allclose(single.hessian(point), double.hessian(point), atol=2e-5)
    product = double.hessian_product(point)(gradient)
    np.testing.assert_allclose(single.hessian_product(point)(gradient), product, atol=1e-5)


def test_stages_go_from_a_sample_in_single_to_all_rows_in_double(monkeypatch):
    monkeypatch.setattr("skseq.linear_model._stages.PAYS", 1)
    monkeypatch.setattr("skseq.linear_model._stages.SAMPLE_SHARE", 4)
    monkeypatch.setattr("skseq.linear_model._stages.FEWEST", 1)
    stages = plan_stages(make(2, "float64"), True, 1e-6)
    rows = [stage.objective.rows for stage, _ in stages]
    assert [own.dtype for own in rows] == [np.float32, np.float32, np.float64]
    assert rows[0].shape[0] < rows[1].shape[0] == rows[2].shape[0] == N
    tolerances = [tol for _, tol in stages]
    assert tolerances == sorted(tolerances, reverse=True)
    assert tolerances[-1] == 0
    assert all(stage.rough is stages[0][0] and stage.mix is stages[0][0].mix for stage, _ in stages)
    assert len(plan_stages(make(2, "csr"), True, 1e-6)) == 2  # CSR is not copied


def test_single_precision_is_asked_for_no_more_than_it_can_tell(monkeypatch):
    monkeypatch.setattr("skseq.linear_model._stages.PAYS", 1)
    rng = np.random.default_rng(0)
    X = rng.normal(size=(200, 3))

    def tolerance(X):
        (_, tol), (_, last) = plan_stages(WeightedLogLoss(Rows(X), np.arange(200) % 2, np.ones(200), 2), True, 1e-6)
        assert last == 0
        return tol

    assert tolerance(X) == 1e-6
    # Coefficients of columns that nearly repeat each other are about 1e4 times as large.
    assert 1e-4 < tolerance(np.c_[X, X[:, :1] + 1e-4 * rng.normal(size=(200, 1))]) < 1e-2


def test_a_column_that_the_sampled_rows_do_not_show_keeps_its_scale(monkeypatch):
    monkeypatch.setattr("skseq.linear_model._coordinates.ROWS_OF_A_CLASS", 1)
    X = np.random.default_rng(0).normal(size=(400, 3))
    X[:, 2] = 0.0
    X[2:6, 2] = 1.0  # between the rows that are taken
    objective = WeightedLogLoss(Rows(X), np.arange(400) % 2, np.ones(400), 2)
    assert not X[objective.sampled_weights(4) > 0, 2].any()
    assert abs(coordinates_of(objective, True).mix[2, 2]) == pytest.approx(1.0, rel=0.1)
