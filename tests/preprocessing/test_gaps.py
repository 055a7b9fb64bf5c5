import numpy as np
import pytest

from skseq.preprocessing._gaps import fill_gaps, log_time_steps, means_of_seen

NAN = np.nan


def test_gaps_of_two_sequences():
    values = np.array([[NAN, 1.0], [2.0, NAN], [NAN, 3.0], [NAN, NAN]])
    starts, initial = np.array([0, 0, 2, 2]), np.array([8.0, 9.0])
    filled = [[8, 1], [2, 1], [8, 3], [8, 3]]
    indicators = [[1, 0], [0, 1], [1, 0], [1, 1]]
    elapsed = [[1, 0], [0, 1], [1, 0], [2, 1]]
    for blocks, choice in (
        ([filled], {}),
        ([filled, indicators], {"indicate": True}),
        ([filled, elapsed], {"count": True}),
        ([filled, indicators, elapsed], {"indicate": True, "count": True}),
    ):
        np.testing.assert_array_equal(fill_gaps(values, starts, initial, **choice), np.hstack(blocks))
    assert np.isnan(values).sum() == 5


def test_means_of_what_was_seen():
    with np.errstate(all="raise"):
        means = means_of_seen(np.array([[1.0, NAN, 1e308], [3.0, NAN, 1e308]], dtype=np.float64))
    np.testing.assert_allclose(means, [2, NAN, 1e308])


def test_time_between_steps():
    times = np.array([5.0, 6.0, 100.0, 101.0, 104.0])
    np.testing.assert_allclose(log_time_steps(times, np.array([0, 2])), np.log1p([0, 1, 0, 1, 3]))
    np.testing.assert_array_equal(log_time_steps(times[:1], np.array([0])), [0])
    with pytest.raises(ValueError, match=r"X\[1\] must increase, but the one at step 1"):
        log_time_steps(times[[0, 1, 3, 2, 4]], np.array([0, 2]))
