"""Learning rates by epoch."""

from itertools import pairwise
from math import cos, pi

import numpy as np
import pytest

from skseq.training import SCHEDULES


def rates(name, losses, initial=0.1, max_epochs=None):
    """Return the rate of each epoch, and of the one after the last."""
    schedule = SCHEDULES[name](initial, len(losses) if max_epochs is None else max_epochs)
    assert schedule.initial == initial
    result = [schedule.rate]
    for epoch, loss in enumerate(losses, start=1):
        schedule.after_epoch(epoch, loss)
        result.append(schedule.rate)
    return result


def test_constant():
    assert rates("constant", [1, 2, 3, np.nan]) == [0.1] * 5


def test_cosine_by_hand():
    n = 11
    expected = [0.1 * (0.01 + 0.99 * (1 + cos(pi * t / (n - 1))) / 2) for t in range(n)]
    np.testing.assert_allclose(rates("cosine", [1.0] * n)[:-1], expected, rtol=1e-12)


def test_cosine_ends_at_a_hundredth_in_the_last_epoch_and_begins_anew():
    found = rates("cosine", [1.0] * 25, max_epochs=10)
    assert found[0] == 0.1
    assert all(later < sooner for sooner, later in pairwise(found[:10]))
    np.testing.assert_allclose(found[9], 0.001)
    np.testing.assert_array_equal(found[10:20], found[:10])
    np.testing.assert_array_equal(found[20:], found[:6])


@pytest.mark.parametrize("max_epochs", [1, 2])
def test_cosine_of_hardly_any_epochs(max_epochs):
    assert rates("cosine", [1.0] * 5, max_epochs=max_epochs)[::max_epochs] == [0.1] * (6 // max_epochs)


def test_plateau_halves_after_five_epochs_without_improvement():
    found = rates("plateau", [3, 2] + [2] * 5 + [2] * 5 + [1, 1])
    np.testing.assert_allclose(found, [0.1] * 7 + [0.05] * 5 + [0.025] * 3)


def test_plateau_waits_anew_after_an_improvement():
    assert rates("plateau", [5, 5, 5, 5, 4, 4, 4, 4, 4]) == [0.1] * 10


def test_plateau_ends_at_a_thousandth():
    np.testing.assert_allclose(rates("plateau", [1] * 200)[-1], 0.0001)


def test_settings():
    schedule = SCHEDULES["plateau"](0.1, 10)
    for _ in range(20):
        schedule.after_epoch(1, 1.0)
    assert schedule.has_settings_of(SCHEDULES["plateau"](0.1, 10))
    assert not schedule.has_settings_of(SCHEDULES["plateau"](0.2, 10))
    assert not schedule.has_settings_of(SCHEDULES["plateau"](0.1, 11))
    assert not schedule.has_settings_of(SCHEDULES["cosine"](0.1, 10))
