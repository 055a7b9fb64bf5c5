import numpy as np
import pytest

from skseq.linear_model._losses import binary_loss, softmax_loss


def signs_of(codes):
    return 2.0 * codes - 1.0


def test_binary_loss_is_the_formula():
    logits, codes, weights = np.array([0.3, -1.2, 2.0]), np.array([1, 0, 0]), np.array([0.5, 2.0, 1.0])
    p = 1 / (1 + np.exp(-logits))
    expected = -(0.5 * np.log(p[0]) + 2.0 * np.log(1 - p[1]) + np.log(1 - p[2]))
    derivative = weights * (p - codes)
    assert binary_loss(logits, signs_of(codes), weights) == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(logits, derivative, rtol=1e-14)


def test_softmax_loss_is_the_formula():
    logits = np.array([[0.3, -1.0, 2.0, 0.0], [0.1, 0.5, 0.0, 1.0], [-0.2, 3.0, 0.0, 1.0]])
    codes, weights = np.array([0, 2, 1, 2]), np.array([0.5, 2.0, 1.0, 0.0])
    p = np.exp(logits) / np.exp(logits).sum(axis=0)
    expected = -sum(w * np.log(p[k, i]) for i, (k, w) in enumerate(zip(codes, weights)))
    derivative = weights * (p - (np.arange(3)[:, None] == codes))
    assert softmax_loss(logits, codes, weights) == pytest.approx(expected, rel=1e-14)
    np.testing.assert_allclose(logits, derivative, rtol=1e-13, atol=1e-16)


def test_two_classes_agree_with_softmax():
    rng = np.random.default_rng(0)
    logits, codes, weights = rng.normal(size=20) * 5, rng.integers(0, 2, 20), rng.random(20)
    both = np.vstack([np.zeros(20), logits])
    assert binary_loss(logits, signs_of(codes), weights) == pytest.approx(softmax_loss(both, codes, weights))
    np.testing.assert_allclose(both[1], logits, atol=1e-15)


@pytest.mark.parametrize("size", [800.0, 1e6, 1e300])
def test_huge_logits_do_not_overflow(size):
    logits, weights = np.array([size, -size, size, -size]), np.ones(4)
    loss = binary_loss(logits, np.array([1.0, -1.0, -1.0, 1.0]), weights)
    assert loss == pytest.approx(2 * size)
    np.testing.assert_allclose(logits, [0.0, 0.0, 1.0, -1.0], atol=1e-300)
    logits = np.array([[size, -size], [-size, size]]) / 2
    assert softmax_loss(logits, np.array([0, 0]), np.ones(2)) == pytest.approx(size)
    np.testing.assert_array_equal(logits, [[0.0, -1.0], [0.0, 1.0]])


def test_the_smallest_derivatives_keep_their_digits():
    logits = np.array([40.0, -100.0])
    assert binary_loss(logits, np.array([1.0, -1.0]), np.ones(2)) == pytest.approx(0.0, abs=1e-15)
    np.testing.assert_allclose(logits, [-np.exp(-40.0), np.exp(-100.0)], rtol=1e-12)


@pytest.mark.parametrize("size", [1.0, 20.0, 1e4, 1e30])
def test_single_precision_agrees_with_double(size):
    rng = np.random.default_rng(0)
    logits, codes, weights = rng.normal(size=(3, 50)) * size, rng.integers(0, 2, 50), rng.random(50)
    single, double = logits.astype(np.float32), logits.astype(np.float32).astype(np.float64)
    for loss, chosen, answers in [(binary_loss, 0, signs_of(codes)), (softmax_loss, slice(None), codes)]:
        own, expected = single.copy(), double.copy()
        value = loss(own[chosen], answers.astype(np.float32) if chosen == 0 else answers, weights.astype(np.float32))
        assert value == pytest.approx(loss(expected[chosen], answers, weights), rel=1e-5)
        np.testing.assert_allclose(own[chosen], expected[chosen], atol=1e-6)
