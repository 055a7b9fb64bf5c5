"""Early stopping."""

from dataclasses import replace

import numpy as np

from skseq.training import EarlyStopping, EpochRecord

RECORD = EpochRecord(epoch=1, loss=1.0, grad_norm=1.0, clipped=0.0, learning_rate=0.1, seconds=0.1)


def run(losses, patience, tol=0.0):
    """Return the stopping and the epoch after which it asked to stop, None if it did not."""
    stopping = EarlyStopping(patience, tol)
    weights = np.zeros(2)
    for epoch, loss in enumerate(losses, start=1):
        weights[...] = epoch  # in place, as training does
        if stopping.update(replace(RECORD, epoch=epoch, validation_loss=loss), weights):
            return stopping, epoch
    return stopping, None


def test_the_best_weights_are_kept():
    stopping, stopped = run([3, 2, 1, 1.5, 2], patience=10)
    assert stopped is None
    assert stopping.best_epoch == 3
    np.testing.assert_array_equal(stopping.best_weights, [3, 3])


def test_training_stops_after_patience_epochs_without_improvement():
    stopping, stopped = run([3, 2, 2.5, 2.4, 2.3, 1], patience=3)
    assert stopped == 5
    assert stopping.best_epoch == 2


def test_an_improvement_starts_the_count_anew():
    assert run([3, 4, 4, 2, 4, 4, 1, 4, 4], patience=3)[1] is None


def test_by_score_the_highest_score_is_best_and_the_loss_breaks_ties():
    stopping = EarlyStopping(10, 0.0, by_score=True)
    for epoch, (loss, score) in enumerate([(1, 0.5), (3, 0.8), (2, 0.8), (0.5, 0.7)], start=1):
        stopping.update(replace(RECORD, epoch=epoch, validation_loss=loss, validation_score=score), np.zeros(1))
    assert stopping.best_epoch == 3


def test_an_equal_loss_is_no_improvement():
    stopping, stopped = run([2, 2, 2], patience=2)
    assert stopped == 3
    assert stopping.best_epoch == 1


def test_an_improvement_within_tol_does_not_count_but_its_weights_are_kept():
    stopping, stopped = run([2, 1.95, 1.91], patience=2, tol=0.1)
    assert stopped == 3
    assert stopping.best_epoch == 3


def test_slow_progress_adds_up():
    # Each step is less than tol, but every third is more than tol below the last that counted.
    assert run([2 - 0.04 * k for k in range(30)], patience=4, tol=0.1)[1] is None


def test_a_loss_that_is_never_finite_stops_without_weights():
    stopping, stopped = run([np.nan] * 5, patience=3)
    assert stopped == 3
    assert stopping.best_weights is None
