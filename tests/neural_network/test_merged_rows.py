"""Equal rows become one, in an order that does not depend on how they were given."""

import numpy as np
import pytest

from skseq.neural_network._merged_rows import equal_rows


@pytest.mark.parametrize(
    ("keys", "weights", "expected"),
    [
        ("cab", [1, 1, 1], None),
        ("cab", [1, 2, 1], [[1], [2], [0]]),
        ("caba", [1, 1, 1, 1], [[1, 3], [2], [0]]),
        # Rows of a weight of zero are as good as absent: the others are not sorted if they would not be alone.
        ("cxab", [1, 0, 1, 1], [[0], [2], [3]]),
        ("cxaba", [1, 0, 1, 1, 0], [[0], [2], [3]]),
        ("cxab", [1, 0, 2, 1], [[2], [3], [0]]),
        ("ab", [0, 0], None),
    ],
)
def test_equal_rows(keys, weights, expected):
    assert equal_rows(list(keys), np.array(weights, float)) == expected
