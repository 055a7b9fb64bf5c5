"""Products in blocks, and sums of products over many steps."""

import numpy as np
import pytest

from skseq import _blas
from skseq.layers import Workspace, _products
from skseq.layers._products import StepProduct, add_products, count_blocks, product_steps


@pytest.fixture
def unpacked(monkeypatch):
    """A BLAS that leaves products of up to 600 multiplications and 100 results unpacked."""
    monkeypatch.setattr(_blas, "leaves_unpacked", lambda: True)
    monkeypatch.setattr(_blas, "UNPACKED_MULTIPLICATIONS", 600)
    monkeypatch.setattr(_blas, "UNPACKED_OUTPUTS", 100)
    _products._gradient_blocks.cache_clear()
    yield
    _products._gradient_blocks.cache_clear()


@pytest.mark.parametrize(
    ("rows", "most_rows", "blocks"),
    [(64, 64, 1), (64, 63, 2), (64, 16, 4), (64, 8, 8), (64, 7, 1), (60, 25, 3), (60, 14, 5), (17, 9, 1), (64, 0, 1)],
)
def test_blocks_are_few_and_equal_but_not_short(rows, most_rows, blocks, unpacked):
    assert count_blocks(rows, most_rows) == blocks


def test_no_blocks_where_the_blas_packs_everything(monkeypatch):
    monkeypatch.setattr(_blas, "leaves_unpacked", lambda: False)
    assert count_blocks(64, 8) == 1


@pytest.mark.parametrize(("rows", "blocks"), [(8, 1), (16, 2), (32, 4), (40, 4), (12, 1)])
def test_a_step_product(rows, blocks, unpacked):
    operator, columns = np.random.RandomState(0).standard_normal((rows, 10)), np.arange(60.0).reshape(10, 6)
    product = StepProduct(rows, 10, 6)
    assert product.blocks == blocks
    out = np.full((rows, 6), np.nan)
    product.by(operator)(columns, product.view(out))
    np.testing.assert_allclose(out, operator @ columns, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("n", [1, 6, 30])
@pytest.mark.parametrize("width", [1, 5])
@pytest.mark.parametrize("steps", [1, 2, 7])
def test_sums_of_products(steps, width, n, unpacked):
    draw = np.random.RandomState(0).standard_normal
    # Neither argument is contiguous, as in the record of a recurrence.
    left, right = draw((steps, 40, width))[:, 4:36], draw((steps, n + 3, width))[:, 3:]
    out = draw((32, n))
    expected = out + np.einsum("tmw,tnw->mn", left, right)
    add_products(out, left, right, Workspace())
    np.testing.assert_allclose(out, expected, rtol=1e-12, atol=1e-12)


def test_the_blocks_of_a_sum_have_few_results(unpacked):
    assert _products._gradient_blocks(64, 6, 5) == 4
    assert _products._gradient_blocks(64, 6, 10) == 8
    assert _products._gradient_blocks(64, 20, 5) == 1


def test_steps_are_taken_together_up_to_a_length():
    assert product_steps(_products.PRODUCT_COLUMNS) == 1
    assert product_steps(10 * _products.PRODUCT_COLUMNS) == 1
    assert product_steps(_products.PRODUCT_COLUMNS // 4) == 4
