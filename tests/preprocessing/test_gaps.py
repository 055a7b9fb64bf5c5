import numpy as np
import pytest

from skseq.preprocessing._gaps import forward_fill, log_time_steps, means_of_seen, steps_since_seen

NAN = np.nan


def test_gaps_of_two_sequences():
    values = np.array([[NAN, 1.0], [2.0, NAN], [NAN, 3.0], [NAN, NAN]])
    missing, starts = np.isnan(values), np.array([0, 0, 2, 2])
    filled = forward_fill(values, missing, starts, np.array([8.0, 9.0]))
    assert filled.tolist() == [[8, 1], [2, 1], [8, 3], [8, 3]]
    assert steps_since_seen(missing, starts).tolist() == [[1, 0], [0, 1], [1, 0], [2, 1]]
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
