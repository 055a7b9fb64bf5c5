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
    np.testing.assert_array_equal(logits, [0.0, 0.0, 1.0, -1.0])
    logits = np.array([[size, -size], [-size, size]]) / 2
    assert softmax_loss(logits, np.array([0, 0]), np.ones(2)) == pytest.approx(size)
    np.testing.assert_array_equal(logits, [[0.0, -1.0], [0.0, 1.0]])


def test_tiny_losses_keep_their_digits():
    assert binary_loss(np.array([40.0]), np.ones(1), np.ones(1)) == pytest.approx(np.exp(-40.0), rel=1e-12)
