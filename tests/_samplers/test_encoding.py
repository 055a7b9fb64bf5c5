import numpy as np
import pytest

from skseq._samplers._encoding import SMALL, encode


@pytest.mark.parametrize(
    "values",
    [
        np.array([3, 0, 3, 7]),
        np.array([5], dtype=np.uint8),
        np.array([2.0, 0.0, -0.0, 5.0], dtype=np.float32),
        np.array([0, SMALL - 1, SMALL]),
        np.array([1, -1, 1]),
        np.array([0.5, 1.0, 0.5]),
        np.array([1.0, np.nan, np.nan]),
        np.array([1.0, np.inf]),
        np.array([2**63], dtype=np.uint64),
        np.array(["b", "a", "b"]),
        np.array([True, False]),
    ],
)
def test_equals_unique(values):
    distinct, codes, counts = encode(values)
    expected = np.unique(values, return_inverse=True, return_counts=True)
    assert distinct.dtype == values.dtype
    np.testing.assert_array_equal(distinct, expected[0])
    np.testing.assert_array_equal(codes, expected[1])
    np.testing.assert_array_equal(counts, expected[2])
