import numpy as np
import pytest

from skseq.linear_model import _quasi_newton
from skseq.linear_model._newton_cg import minimize_newton_cg
from skseq.linear_model._quasi_newton import Curvature, minimize_lbfgs, minimize_newton_cholesky


class Bowl:
    """sum_i a_i (cosh(x_i - 1) - 1): convex, with its minimum at one; its Hessian can be asked for."""

    resolution = 1e-14
    hessian_passes = 2

    def __init__(self, curvatures, rough=None):
        self.curvatures = np.array(curvatures)
        self.rough = rough or self
        self.calls = self.hessians = 0

    def __call__(self, x):
        self.calls += 1
        with np.errstate(over="ignore", invalid="ignore"):
            return float(self.curvatures @ (np.cosh(x - 1) - 1)), self.curvatures * np.sinh(x - 1)

    def is_near(self, x, distance, tol):
        return True

    def hessian(self, x):
        self.hessians += 1
        return np.diag(self.curvatures * np.cosh(x - 1))

    def hessian_product(self, x):
        hessian = self.hessian(x)
        return lambda direction: hessian @ direction


SOLVERS = [minimize_lbfgs, minimize_newton_cholesky, minimize_newton_cg]


@pytest.mark.parametrize("solver", SOLVERS)
def test_finds_the_minimum_and_reports_each_iteration(solver):
    values = []
    minimum = solver(Bowl([1.0, 100.0, 0.01]), np.array([-3.0, 2.0, 5.0]), 1e-9, 1000, values.append)
    np.testing.assert_allclose(minimum.point, 1.0, atol=1e-6)
    assert minimum.converged
    assert minimum.gradient_norm <= 1e-9
    assert len(values) == minimum.n_iter
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("solver", SOLVERS)
def test_says_that_max_iter_was_too_few(solver):
    objective = Bowl([1.0, 100.0])
    minimum = solver(objective, np.array([-9.0, 8.0]), 1e-9, 2)
    assert not minimum.converged
    assert minimum.n_iter == 2
    assert minimum.gradient_norm == pytest.approx(np.abs(objective(minimum.point)[1]).max())


@pytest.mark.parametrize("solver", SOLVERS)
def test_starting_at_the_minimum_takes_no_step(solver):
    minimum = solver(Bowl([1.0, 2.0]), np.ones(2), 1e-9, 10)
    assert (minimum.n_iter, minimum.converged) == (0, True)


def test_lbfgs_goes_round_a_bend():
    class Rosenbrock(Bowl):
        def __call__(self, point):
            x, y = point
            value = (1 - x) ** 2 + 100 * (y - x**2) ** 2
            return value, np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])

    minimum = minimize_lbfgs(Rosenbrock([1.0, 1.0]), np.array([-1.0, 2.0]), 1e-8, 1000)
    assert minimum.converged
    np.testing.assert_allclose(minimum.point, 1.0, rtol=1e-6)


def test_a_hessian_is_taken_where_it_pays():
    def hessians(price):
        objective = Bowl([1.0, 100.0, 0.01, 5.0])
        objective.hessian_passes = price
        assert minimize_newton_cholesky(objective, np.full(4, 4.0), 1e-10, 1000).converged
        return objective.hessians

    assert hessians(1) > hessians(4) > 0
    assert hessians(1000) == 0


def test_a_hessian_is_corrected_on_the_way():
    # The Hessian far away is wrong near the minimum; taken but once, it would leave a fixed part of the gradient.
    start, tol = np.array([3.0, -1.0, 2.0]), 1e-10
    objective = Bowl([1.0, 2.0, 3.0])
    objective.hessian_passes = 1000
    curvature = Curvature()
    curvature.take(objective.hessian(start))
    minimum = minimize_newton_cholesky(objective, start, tol, 100, None, curvature)
    assert minimum.converged
    assert minimum.n_iter < 20
    assert objective.hessians == 1


def test_newton_goes_on_where_the_gradient_is_small_but_the_way_is_long():
    class Far(Bowl):
        hessian_passes = 1

        def is_near(self, x, distance, tol):
            return np.abs(distance).max() <= tol

    flat = [1.0, 1e-6]
    assert abs(minimize_newton_cholesky(Bowl(flat), np.full(2, 0.5), 1e-6, 100).point[1] - 1) > 1e-3
    np.testing.assert_allclose(minimize_newton_cholesky(Far(flat), np.full(2, 0.5), 1e-6, 100).point, 1.0, atol=1e-5)


@pytest.mark.parametrize("solver", [minimize_lbfgs, minimize_newton_cholesky])
def test_what_was_learnt_shortens_the_next_stage(solver):
    curvatures, curvature = np.geomspace(1, 100, 8), Curvature()
    start = 1.0 + np.linspace(-0.1, 0.1, 8)
    first, again, anew = Bowl(curvatures), Bowl(curvatures), Bowl(curvatures)
    halfway = solver(first, start, 1e-2, 100, None, curvature).point
    solver(again, halfway, 1e-8, 100, None, curvature)
    solver(anew, halfway, 1e-8, 100)
    assert again.calls + again.hessians < anew.calls + anew.hessians


def test_the_inverse_of_the_curvature_solves_for_what_was_seen():
    rng = np.random.default_rng(0)
    root = rng.normal(size=(5, 5))
    hessian = root @ root.T + np.eye(5)
    curvature = Curvature()
    assert curvature.is_unknown()
    gradient = rng.normal(size=5)
    np.testing.assert_array_equal(curvature.solve(gradient), gradient)
    curvature.take(hessian)
    np.testing.assert_allclose(curvature.solve(hessian @ gradient), gradient, rtol=1e-8)
    step, other = rng.normal(size=(2, 5))
    curvature.learn(step, (hessian + np.eye(5)) @ step)
    np.testing.assert_allclose(curvature.solve((hessian + np.eye(5)) @ step), step)  # the secant equation
    curvature.learn(other, -other)  # no convex function does that: it is not remembered
    assert len(curvature.pairs) == 1
    curvature.forget()
    assert curvature.is_unknown()


def test_many_parameters_have_a_short_memory(monkeypatch):
    monkeypatch.setattr(_quasi_newton, "MANY_PARAMETERS", 4)
    curvature = Curvature()
    for step in np.random.default_rng(0).normal(size=(20, 5)):
        curvature.learn(step, step)
    assert len(curvature.pairs) == _quasi_newton.MEMORY_OF_MANY


def test_a_rough_hessian_that_misleads_gives_way_to_the_whole():
    rough = Bowl([1e-6, 1e6])  # steps a million times too long in one direction and too short in the other
    objective = Bowl([1.0, 100.0], rough)
    minimum = minimize_newton_cholesky(objective, np.array([2.0, -2.0]), 1e-10, 100)
    np.testing.assert_allclose(minimum.point, 1.0, atol=1e-9)
    assert (rough.hessians, minimum.converged) == (1, True)
    assert objective.hessians >= 1


@pytest.mark.parametrize("solver", [minimize_lbfgs, minimize_newton_cholesky])
def test_wrong_gradients_end_in_no_convergence(solver):
    class Wrong(Bowl):
        def __call__(self, x):
            value, gradient = super().__call__(x)
            return value, -gradient

    minimum = solver(Wrong([1.0, 2.0]), np.array([2.0, 0.0]), 1e-9, 100)
    assert not minimum.converged


@pytest.mark.parametrize("solver", [minimize_lbfgs, minimize_newton_cholesky])
def test_noise_ends_a_stage_soon(solver):
    class Noisy(Bowl):
        resolution = 1e-4

        def __call__(self, x):
            value, gradient = super().__call__(x)
            return 1.0 + np.round(value, 4), gradient + 1e-4 * np.sin(1e9 * x)

    objective = Noisy([1.0, 2.0, 3.0])
    minimum = solver(objective, np.zeros(3), 1e-9, 1000)
    assert not minimum.converged
    assert minimum.gradient_norm < 1e-2
    assert objective.calls < 60


@pytest.mark.parametrize("solver", SOLVERS)
def test_rounding_noise_ends_in_convergence(solver):
    class Raised(Bowl):
        def __call__(self, x):
            value, gradient = super().__call__(x)
            return value + 1e3, gradient

    minimum = solver(Raised([1.0, 1.0]), np.full(2, 1.001), 1e-300, 100)
    assert minimum.gradient_norm < 1e-6
    assert minimum.converged


def test_a_singular_hessian_is_made_definite():
    factor = _quasi_newton._factor(np.ones((3, 3)))
    assert np.isfinite(_quasi_newton.cho_solve(factor, np.ones(3))).all()
