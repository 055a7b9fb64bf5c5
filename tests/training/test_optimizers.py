"""Optimizers against the textbook, one number at a time; clipping."""

from math import sqrt

import numpy as np
import pytest

from skseq.training import OPTIMIZERS
from skseq.training._optimizers import clip_by_norm

SIZE, STEPS = 7, 25
RATES = [0.1 / (1 + 0.2 * t) for t in range(STEPS)]


def sgd_by_hand(w, gradients, rates, momentum=0.9):
    """Nesterov's momentum as Sutskever et al. (2013) write it, the gradient taken ahead at w + m v.

    The weights that the optimizer holds are those ahead.
    """
    v, ahead = 0.0, w
    for g, rate in zip(gradients, rates):
        behind = ahead - momentum * v
        v = momentum * v - rate * g
        ahead = behind + v + momentum * v
    return ahead


def adam_by_hand(w, gradients, rates, beta_1=0.9, beta_2=0.999, epsilon=1e-8):
    """Algorithm 1 of Kingma & Ba (2015)."""
    m = v = 0.0
    for t, (g, rate) in enumerate(zip(gradients, rates), start=1):
        m = beta_1 * m + (1 - beta_1) * g
        v = beta_2 * v + (1 - beta_2) * g**2
        m_hat, v_hat = m / (1 - beta_1**t), v / (1 - beta_2**t)
        w = w - rate * m_hat / (sqrt(v_hat) + epsilon)
    return w


def rmsprop_by_hand(w, gradients, rates, rho=0.9, epsilon=1e-8):
    v = 0.0
    for g, rate in zip(gradients, rates):
        v = rho * v + (1 - rho) * g**2
        w = w - rate * g / (sqrt(v) + epsilon)
    return w


BY_HAND = {"sgd": sgd_by_hand, "adam": adam_by_hand, "rmsprop": rmsprop_by_hand}


def run(name, weights, gradients, rates=RATES, decay=0.0, mask=None):
    weights = weights.copy()
    optimizer = OPTIMIZERS[name](weights.size, weights.dtype, decay, mask)
    for gradient, rate in zip(gradients, rates):
        optimizer.step(weights, gradient.copy(), rate)
    return weights


@pytest.fixture
def problem():
    random_state = np.random.RandomState(0)
    return random_state.standard_normal(SIZE), random_state.standard_normal((STEPS, SIZE))


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_steps_are_those_of_the_textbook(name, problem):
    weights, gradients = problem
    expected = [BY_HAND[name](weights[k], gradients[:, k], RATES) for k in range(SIZE)]
    np.testing.assert_allclose(run(name, weights, gradients), expected, rtol=1e-11)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_weights_change_in_place_and_keep_their_dtype(name):
    weights = np.ones(3, dtype=np.float32)
    optimizer = OPTIMIZERS[name](3, weights.dtype)
    optimizer.step(weights, np.array([1, 0, -1], dtype=np.float32), 0.1)
    assert weights.dtype == np.float32
    assert weights[0] < 1 == weights[1] < weights[2]


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_float32_follows_float64(name, problem):
    weights, gradients = problem
    single = run(name, weights.astype(np.float32), gradients.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, run(name, weights, gradients), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_decay_is_decoupled_and_leaves_the_unmarked_alone(name, problem):
    weights, gradients = problem
    mask = np.array([1.0, 1, 1, 1, 0, 0, 0])
    decay = 0.3
    plain = run(name, weights, gradients)
    decayed = run(name, weights, gradients, decay=decay, mask=mask)
    np.testing.assert_array_equal(decayed[4:], plain[4:])
    # Shrink, then step: with gradients of zero nothing but the shrinking is left.
    still = run(name, weights, np.zeros((STEPS, SIZE)), decay=decay, mask=mask)
    np.testing.assert_allclose(still[:4], weights[:4] * np.prod([1 - rate * decay for rate in RATES]), rtol=1e-12)
    np.testing.assert_array_equal(still[4:], weights[4:])


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_decay_is_no_part_of_the_gradient(name, problem):
    # Decoupled (Loshchilov & Hutter 2019): the step itself, moments included, is that without decay.
    weights, gradients = problem
    expected, kept = weights.copy(), weights.copy()
    mask = np.ones(SIZE)
    one, other = OPTIMIZERS[name](SIZE, weights.dtype, 0.5, mask), OPTIMIZERS[name](SIZE, weights.dtype)
    for gradient in gradients:
        one.step(weights, gradient.copy(), 0.1)
        before = kept.copy()
        other.step(kept, gradient.copy(), 0.1)
        expected = expected * (1 - 0.1 * 0.5) + (kept - before)
    np.testing.assert_allclose(weights, expected, rtol=1e-11)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_a_quadratic_is_minimised(name):
    target = np.array([3.0, -2.0, 0.5])
    weights = np.zeros(3)
    optimizer = OPTIMIZERS[name](3, weights.dtype)
    for step in range(1000):
        optimizer.step(weights, weights - target, 0.1 * 0.99**step)
    np.testing.assert_allclose(weights, target, atol=1e-3)


@pytest.mark.parametrize("name", list(OPTIMIZERS))
def test_zero_gradients_change_nothing(name):
    weights = np.array([1.0, -2.0])
    np.testing.assert_array_equal(run(name, weights, np.zeros((3, 2))), weights)


def test_clipping_scales_to_the_norm_and_returns_the_norm_before():
    gradient = np.array([3.0, -4.0])
    assert clip_by_norm(gradient, 1.0) == 5.0
    np.testing.assert_allclose(gradient, [0.6, -0.8])


@pytest.mark.parametrize("max_norm", [None, 5.0, 100.0, np.inf])
def test_small_gradients_are_not_clipped(max_norm):
    gradient = np.array([3.0, -4.0])
    assert clip_by_norm(gradient, max_norm) == 5.0
    np.testing.assert_array_equal(gradient, [3, -4])


def test_large_float32_gradients_are_clipped_not_lost():
    gradient = np.array([3e30, -4e30], dtype=np.float32)  # their squares overflow float32
    with np.errstate(over="ignore"):
        np.testing.assert_allclose(clip_by_norm(gradient, 1.0), 5e30, rtol=1e-6)
    np.testing.assert_allclose(gradient, [0.6, -0.8], rtol=1e-6)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_norm_tells_what_is_not_finite(bad, dtype):
    with np.errstate(invalid="ignore"):
        assert not np.isfinite(clip_by_norm(np.array([1, bad], dtype=dtype), 1.0))
