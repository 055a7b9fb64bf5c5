"""Dropout masks."""

import numpy as np
import pytest

from skseq.layers import Dropout

DTYPE = np.dtype(np.float64)


def test_no_mask_without_a_rate_or_a_random_state():
    assert Dropout(0.0).mask(np.random.RandomState(0), 3, 4, DTYPE) is None
    assert Dropout(0.5).mask(None, 3, 4, DTYPE) is None


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_units_are_dropped_at_the_rate_and_the_others_scaled(rate):
    mask = Dropout(rate).mask(np.random.RandomState(0), 100, 300, DTYPE)
    assert mask.shape == (100, 300)
    np.testing.assert_allclose(np.unique(mask), [0, 1 / (1 - rate)])
    assert abs((mask == 0).mean() - rate) < 0.01
    assert abs(mask.mean() - 1) < 0.05


def test_one_random_state_gives_one_mask():
    masks = [Dropout(0.4).mask(np.random.RandomState(3), 5, 6, DTYPE) for _ in range(2)]
    np.testing.assert_array_equal(*masks)


def test_dtype_changes_no_draw():
    single = Dropout(0.4).mask(np.random.RandomState(3), 5, 6, np.dtype(np.float32))
    double = Dropout(0.4).mask(np.random.RandomState(3), 5, 6, DTYPE)
    assert single.dtype == np.float32
    np.testing.assert_array_equal(single == 0, double == 0)
