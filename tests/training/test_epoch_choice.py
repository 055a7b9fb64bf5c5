"""Which epoch is chosen, for outputs whose worth is made up."""

import numpy as np

from skseq.training import EpochChoice, SoftmaxCrossEntropy

N = 200
TARGETS = np.arange(N) % 2


def outputs(share, size=2.0, seed=0):
    """Return logits of which this share is right."""
    right = np.random.RandomState(seed).permutation(N) < share * N
    return np.where((np.arange(2)[:, None] == TARGETS) == right, size, -size) / 2


def choice_after(shares, patience=10):
    choice = EpochChoice(SoftmaxCrossEntropy(), TARGETS, np.ones(N), patience)
    stopped = [
        choice.update(outputs(share, seed=epoch), np.array([float(epoch)]))
        for epoch, share in enumerate(shares, start=1)
    ]
    return choice, stopped


def test_the_last_epoch_is_chosen_unless_another_is_clearly_better():
    for shares in ([0.5, 0.7, 0.9], [0.5, 0.9, 0.89]):
        choice, _ = choice_after(shares)
        assert (choice.epoch, choice.network_weights) == (3, None)
    choice, _ = choice_after([0.5, 0.9, 0.7])
    assert choice.epoch == 2
    np.testing.assert_array_equal(choice.network_weights, [2.0])


def test_more_certain_outputs_are_calibrated_before_they_are_compared():
    choice = EpochChoice(SoftmaxCrossEntropy(), TARGETS, np.ones(N), patience=10)
    choice.update(outputs(0.8, size=1.4))
    first = choice.factor
    choice.update(outputs(0.8, size=14.0))
    assert choice.epoch == 2
    assert first > 0.9
    assert 0.08 < choice.factor < 0.11


def test_training_stops_after_epochs_that_are_all_clearly_worse():
    assert choice_after([0.9, 0.6, 0.6, 0.6], patience=3)[1] == [False, False, False, True]
    assert choice_after([0.9, 0.6, 0.6, 0.9, 0.6, 0.6], patience=3)[1] == [False] * 6
    assert choice_after([0.5] * 30, patience=3)[1] == [False] * 30, "what has not begun to learn yet may still do so"


def test_weights_count():
    choice = EpochChoice(SoftmaxCrossEntropy(), TARGETS, np.where(np.arange(N) < 10, 50.0, 0.01), patience=10)
    right, wrong = outputs(1.0), outputs(0.0)
    choice.update(np.where(np.arange(N) < 10, right, wrong))
    choice.update(np.where(np.arange(N) < 10, wrong, right))
    assert choice.epoch == 1
