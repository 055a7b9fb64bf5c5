"""The factor that calibrates outputs, against a search over all factors, and on outputs of known worth."""

import numpy as np
import pytest
from scipy.special import softmax

from skseq.training import REGRESSION_LOSSES, SoftmaxCrossEntropy, calibrate


def classes_of(logits, rng):
    """Draw a class of each column with the probabilities of its logits."""
    chances = softmax(logits, axis=0).cumsum(axis=0)
    return (rng.uniform(size=logits.shape[1]) > chances).sum(axis=0)


def mean_loss(loss, outputs, targets, weights, factor):
    return loss.value_and_gradient(outputs * factor, targets, weights)[0] / weights.sum()


@pytest.mark.parametrize("factor", [0.1, 0.5, 1.0])
def test_logits_that_are_too_large_are_scaled_back(factor):
    rng = np.random.RandomState(0)
    right = 2 * rng.standard_normal((3, 20_000))
    targets = classes_of(right, rng)
    found, _ = calibrate(SoftmaxCrossEntropy(), right / factor, targets, np.ones(20_000))
    assert found == pytest.approx(factor, rel=0.05)


def test_uncertain_logits_are_left_alone():
    rng = np.random.RandomState(0)
    right = 4 * rng.standard_normal((3, 5000))
    targets = classes_of(right, rng)
    assert calibrate(SoftmaxCrossEntropy(), right / 3, targets, np.ones(5000))[0] == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("make_loss", [SoftmaxCrossEntropy, *REGRESSION_LOSSES.values()])
def test_the_factor_has_the_lowest_loss_less_what_chance_gives(make_loss):
    loss = make_loss()
    rng = np.random.RandomState(1)
    outputs = 3 * rng.standard_normal((2, 2000))
    weights = rng.uniform(0.5, 2, size=2000)
    targets = classes_of(outputs / 3, rng) if type(loss) is SoftmaxCrossEntropy else outputs.T / 3 + rng.randn(2000, 2)
    before = outputs.copy()
    factor, losses = calibrate(loss, outputs, targets, weights)
    np.testing.assert_array_equal(outputs, before)
    candidates = np.linspace(0, 1, 201)
    best = candidates[np.argmin([mean_loss(loss, outputs, targets, weights, f) for f in candidates])]
    assert best - 0.05 < factor <= best + 0.005
    assert np.dot(weights, losses) / weights.sum() == pytest.approx(mean_loss(loss, outputs, targets, weights, factor))


@pytest.mark.parametrize("seed", range(5))
def test_outputs_that_have_nothing_to_do_with_the_targets_nearly_vanish(seed):
    rng = np.random.RandomState(seed)
    outputs, targets = rng.standard_normal((1, 200)), rng.standard_normal((200, 1))
    assert calibrate(REGRESSION_LOSSES["squared_error"](), outputs, targets, np.ones(200))[0] < 0.1


def test_perfect_and_perverse_outputs():
    targets = np.arange(30) % 2
    logits = np.where(np.arange(2)[:, None] == targets, 20.0, -20.0)
    assert calibrate(SoftmaxCrossEntropy(), logits, targets, np.ones(30))[0] > 0.9
    factor, losses = calibrate(SoftmaxCrossEntropy(), -logits, targets, np.ones(30))
    assert factor == 0.001, "nearly nothing, but not a tie"
    np.testing.assert_allclose(losses, np.log(2), atol=0.03)
    zeros = np.zeros((1, 30))
    assert calibrate(REGRESSION_LOSSES["squared_error"](), zeros, zeros.T, np.ones(30))[0] == 0.001
