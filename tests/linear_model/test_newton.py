import numpy as np
import pytest

from skseq.linear_model import _newton
from skseq.linear_model._newton import minimize_newton_cg, minimize_newton_cholesky


class Bowl:
    """sum_i a_i (cosh(x_i - 1) - 1): convex, with its minimum at one; its Hessian can be asked for."""

    resolution = 1e-14

    def __init__(self, curvatures, rough=None):
        self.curvatures = np.array(curvatures)
        self.rough = rough or self
        self.hessians = 0

    def __call__(self, x):
        with np.errstate(over="ignore", invalid="ignore"):
            return float(self.curvatures @ (np.cosh(x - 1) - 1)), self.curvatures * np.sinh(x - 1)

    def hessian(self, x):
        self.hessians += 1
        return np.diag(self.curvatures * np.cosh(x - 1))

    def hessian_product(self, x):
        hessian = self.hessian(x)
        return lambda direction: hessian @ direction


SOLVERS = [minimize_newton_cholesky, minimize_newton_cg]


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


def test_a_hessian_is_used_again_while_it_serves():
    near, far = Bowl([1.0, 100.0]), Bowl([1.0, 100.0])
    minimum = minimize_newton_cholesky(near, np.array([1.1, 0.9]), 1e-12, 100)
    assert near.hessians == 1
    assert minimum.n_iter > 1
    minimize_newton_cholesky(far, np.array([9.0, -5.0]), 1e-12, 100)
    assert far.hessians > 3


def test_a_rough_hessian_that_misleads_gives_way_to_the_whole():
    rough = Bowl([1e-6, 1e6])  # steps a million times too long in one direction and too short in the other
    objective = Bowl([1.0, 100.0], rough)
    minimum = minimize_newton_cholesky(objective, np.array([2.0, -2.0]), 1e-10, 100)
    np.testing.assert_allclose(minimum.point, 1.0, atol=1e-9)
    assert (rough.hessians, minimum.converged) == (1, True)
    assert objective.hessians >= 1


def test_wrong_gradients_end_in_no_convergence():
    class Wrong(Bowl):
        def __call__(self, x):
            value, gradient = super().__call__(x)
            return value, -gradient

    minimum = minimize_newton_cholesky(Wrong([1.0, 2.0]), np.array([2.0, 0.0]), 1e-9, 100)
    assert not minimum.converged


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
    factor = _newton._factor(np.ones((3, 3)))
    assert np.isfinite(_newton.cho_solve(factor, np.ones(3))).all()
