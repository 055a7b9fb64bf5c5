import numpy as np
import pytest

from skseq.linear_model._lbfgs import minimize_lbfgs


def rosenbrock(p):
    x, y = p
    return (1 - x) ** 2 + 100 * (y - x**2) ** 2, np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])


def test_finds_the_minimum_and_reports_each_iteration():
    values = []
    minimum = minimize_lbfgs(rosenbrock, np.array([-1.0, 2.0]), 1e-8, 1000, values.append)
    np.testing.assert_allclose(minimum.point, 1.0, rtol=1e-6)
    assert minimum.converged
    assert minimum.gradient_norm <= 1e-8
    assert len(values) == minimum.n_iter
    assert values[-1] < values[0]


def test_says_that_max_iter_was_too_few():
    minimum = minimize_lbfgs(rosenbrock, np.array([-1.0, 2.0]), 1e-8, 3)
    assert not minimum.converged
    assert minimum.n_iter == 3
    assert minimum.gradient_norm == pytest.approx(np.abs(rosenbrock(minimum.point)[1]).max())


def test_wrong_gradients_end_in_no_convergence():
    minimum = minimize_lbfgs(lambda p: (p @ p, -2 * p), np.ones(2), 1e-8, 100)
    assert not minimum.converged


def test_rounding_noise_ends_in_convergence():
    # The objective stands still within rounding before the gradient is below tol.
    minimum = minimize_lbfgs(lambda p: (1e3 + p @ p, 2 * p), np.full(3, 1e-3), 1e-15, 100)
    assert minimum.converged
