"""Losses of numbers: values, gradients, R^2, extreme residuals."""

import numpy as np
import pytest
from sklearn.metrics import r2_score
from textbook import assert_gradient

from skseq.training import REGRESSION_LOSSES

#: The loss of one residual, as the papers write it.
FORMULAS = {
    "squared_error": lambda r: r**2 / 2,
    "absolute_error": abs,
    "huber": lambda r: r**2 / 2 if abs(r) <= 1 else abs(r) - 1 / 2,
}


@pytest.fixture(params=REGRESSION_LOSSES)
def name(request):
    return request.param


@pytest.fixture
def problem():
    random_state = np.random.RandomState(0)
    outputs, targets = 2 * random_state.standard_normal((3, 6)), random_state.standard_normal((6, 3))
    return outputs, targets, random_state.uniform(0.2, 3, size=6), random_state


def test_value(name, problem):
    outputs, targets, weights, _ = problem
    formula = FORMULAS[name]
    assert np.abs(outputs.T - targets).min() < 1 < np.abs(outputs.T - targets).max()  # both parts of Huber's
    expected = sum(w * np.mean([formula(r) for r in row]) for w, row in zip(weights, outputs.T - targets))
    value, _ = REGRESSION_LOSSES[name]().value_and_gradient(outputs.copy(), targets, weights)
    assert isinstance(value, float)
    np.testing.assert_allclose(value, expected, rtol=1e-13)


def test_gradient(name, problem):
    outputs, targets, weights, random_state = problem
    loss = REGRESSION_LOSSES[name]()
    _, gradient = loss.value_and_gradient(outputs.copy(), targets, weights)
    assert_gradient(
        lambda: loss.value_and_gradient(outputs.copy(), targets, weights)[0], outputs, gradient, random_state
    )


def test_no_residual_no_gradient(name):
    value, gradient = REGRESSION_LOSSES[name]().value_and_gradient(np.ones((2, 3)), np.ones((3, 2)), np.ones(3))
    assert value == 0
    assert not gradient.any()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept(name, problem, dtype):
    outputs, targets, weights = (part.astype(dtype) for part in problem[:3])
    _, gradient = REGRESSION_LOSSES[name]().value_and_gradient(outputs, targets, weights)
    assert gradient.dtype == dtype


def test_huge_residuals_have_bounded_slopes():
    for name in ("absolute_error", "huber"):
        value, gradient = REGRESSION_LOSSES[name]().value_and_gradient(
            np.array([[1e300, -1e300]]), np.zeros((2, 1)), np.ones(2)
        )
        np.testing.assert_allclose(value, 2e300)
        np.testing.assert_array_equal(gradient, [[1, -1]])


@pytest.mark.parametrize("scale", [1.0, 1e-3, 1e3])
def test_the_score_is_r2(name, problem, scale):
    outputs, targets, weights, _ = problem
    expected = r2_score(targets, outputs.T, sample_weight=weights)
    score = REGRESSION_LOSSES[name]().score(scale * outputs, scale * targets, weights)
    np.testing.assert_allclose(score, expected, rtol=1e-6)


@pytest.mark.parametrize(("output", "expected"), [(2.0, 1.0), (2.5, 0.0)])
def test_the_score_of_targets_that_do_not_vary(output, expected):
    score = REGRESSION_LOSSES["huber"]().score(np.full((1, 4), output), np.full((4, 1), 2.0), np.ones(4))
    assert score == expected == r2_score(np.full(4, 2.0), np.full(4, output))


def test_the_loss_of_a_guess():
    loss = REGRESSION_LOSSES["squared_error"]()
    np.testing.assert_allclose(loss.guess(np.array([[-3.0], [3.0]]), np.array([1.0, 2.0]), 1), 3 * 9 / 2)
    np.testing.assert_allclose(loss.guess(np.zeros((2, 1)), np.array([1.0, 2.0]), 1), 3 * 1 / 2)
