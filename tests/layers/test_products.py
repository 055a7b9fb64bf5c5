"""Products over many steps at once."""

import numpy as np
import pytest

from skseq.layers import Workspace, _products


@pytest.mark.parametrize("columns", [1, 9, 1000])
@pytest.mark.parametrize(("steps", "width"), [(1, 1), (1, 7), (13, 1), (13, 7)])
def test_products_are_added_up_over_the_steps(steps, width, columns, monkeypatch):
    monkeypatch.setattr(_products, "PRODUCT_COLUMNS", columns)
    random_state = np.random.RandomState(0)
    left = random_state.standard_normal((steps, 4, width))
    right = random_state.standard_normal((steps, 3, width))
    out = random_state.standard_normal((4, 3))
    expected = out + sum(left[t] @ right[t].T for t in range(steps))
    # Parts of larger arrays, as the cells give them.
    _products.add_products(out, np.repeat(left, 2, axis=1)[:, ::2], np.repeat(right, 2, axis=0)[::2], Workspace())
    np.testing.assert_allclose(out, expected, rtol=1e-12)
