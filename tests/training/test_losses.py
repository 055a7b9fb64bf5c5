"""Losses: values, gradients, extreme logits."""

import numpy as np
import pytest
from textbook import assert_gradient, cross_entropy

from skseq.training import SequenceCrossEntropy, SoftmaxCrossEntropy

LOSS = SoftmaxCrossEntropy()


@pytest.fixture
def problem():
    random_state = np.random.RandomState(0)
    outputs = random_state.standard_normal((4, 6))
    return outputs, random_state.randint(4, size=6), random_state.uniform(0.2, 3, size=6), random_state


def test_value(problem):
    outputs, targets, weights, _ = problem
    expected = sum(w * cross_entropy(outputs[:, i], t) for i, (t, w) in enumerate(zip(targets, weights)))
    value, _ = LOSS.value_and_gradient(outputs.copy(), targets, weights)
    assert isinstance(value, float)
    np.testing.assert_allclose(value, expected, rtol=1e-13)


def test_gradient(problem):
    outputs, targets, weights, random_state = problem
    _, gradient = LOSS.value_and_gradient(outputs.copy(), targets, weights)
    assert_gradient(
        lambda: LOSS.value_and_gradient(outputs.copy(), targets, weights)[0], outputs, gradient, random_state
    )


def test_a_weight_of_zero_takes_a_row_out(problem):
    outputs, targets, weights, _ = problem
    weights[2] = 0
    value, gradient = LOSS.value_and_gradient(outputs.copy(), targets, weights)
    assert (gradient[:, 2] == 0).all()
    kept = np.delete(np.arange(6), 2)
    without, _ = LOSS.value_and_gradient(outputs[:, kept], targets[kept], weights[kept])
    np.testing.assert_allclose(value, without, rtol=1e-13)


def test_a_weight_of_two_is_a_row_given_twice(problem):
    outputs, targets, _, _ = problem
    weights = np.ones(6)
    weights[0] = 2
    rows = np.r_[0, np.arange(6)]
    twice, _ = LOSS.value_and_gradient(outputs[:, rows], targets[rows], np.ones(7))
    np.testing.assert_allclose(LOSS.value_and_gradient(outputs.copy(), targets, weights)[0], twice, rtol=1e-13)


def test_the_gradient_of_a_row_sums_to_zero(problem):
    outputs, targets, weights, _ = problem
    _, gradient = LOSS.value_and_gradient(outputs, targets, weights)
    np.testing.assert_allclose(gradient.sum(axis=0), 0, atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("huge", [1e4, 1e30])
def test_huge_logits_stay_finite(dtype, huge):
    outputs = np.array([[huge, huge, -huge, 0], [-huge, huge, huge, 0]], dtype=dtype)
    targets = np.array([1, 0, 1, 0])
    value, gradient = LOSS.value_and_gradient(outputs, targets, np.ones(4, dtype=dtype))
    np.testing.assert_allclose(value, 2 * huge + 2 * np.log(2), rtol=1e-6)
    np.testing.assert_allclose(gradient, [[1, -0.5, 0, -0.5], [-1, 0.5, 0, 0.5]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype_is_kept(problem, dtype):
    outputs, targets, weights, _ = problem
    _, gradient = LOSS.value_and_gradient(outputs.astype(dtype), targets, weights.astype(dtype))
    assert gradient.dtype == dtype


def test_the_score_is_the_weighted_share_of_largest_outputs(problem):
    outputs, targets, weights, _ = problem
    right = [np.argmax(column) == target for column, target in zip(outputs.T, targets)]
    np.testing.assert_allclose(
        LOSS.score(LOSS.answers(outputs), targets, weights), np.dot(right, weights) / weights.sum()
    )


@pytest.mark.parametrize("n_classes", [2, 9])
def test_the_loss_of_a_guess(n_classes):
    value, _ = LOSS.value_and_gradient(np.zeros((n_classes, 1)), np.array([1]), np.ones(1))
    np.testing.assert_allclose(LOSS.guess(np.array([1, 0]), np.array([0.5, 2.0]), n_classes), 2.5 * value)


def test_the_score_of_sequences_is_the_weighted_share_of_those_all_of_whose_tokens_are_right():
    targets = np.array([2, 1, 0, 0, 1, 0, 3, 3, 0])  # 2 1, none, 1, 3 3
    answers = np.array([2, 1, 0, 0, 2, 0, 3, 3, 0])
    weights = np.repeat([1.0, 2.0, 4.0, 1.0], [3, 1, 2, 3])
    loss = SequenceCrossEntropy()
    np.testing.assert_allclose(loss.score(answers, targets, weights), 4 / 8)
    assert loss.score(targets, targets, weights) == 1
    answers[:] = 0
    np.testing.assert_allclose(loss.score(answers, targets, weights), 2 / 8)
