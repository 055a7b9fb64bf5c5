"""Matrix products in blocks that the BLAS is fast at.

A BLAS packs large matrices before it multiplies them. Where it leaves small ones as they lie (see :mod:`skseq._blas`),
a product is cut into blocks of rows, as large as are left unpacked; ``np.matmul`` computes all of them in one call. On
such a machine that was measured to make most products of a recurrence 1.2 to 1.5 times as fast.
"""

from functools import lru_cache, partial

import numpy as np

import skseq._blas as _blas

#: Rows below which a block is slower than the whole product.
BLOCK_ROWS = 8

#: Inner length of the products that give gradients; long enough for the BLAS to run at full rate.
PRODUCT_COLUMNS = 512

#: Steps of narrow batches that are taken together; backward looks after each such chunk whether its gradient vanished.
PRODUCT_STEPS = 32


def count_blocks(rows, most_rows):
    """Return the least number of equal blocks of at most ``most_rows`` rows; 1 if they would be too short."""
    if most_rows >= rows or not _blas.leaves_unpacked():
        return 1
    fewest = -(-rows // max(1, most_rows))
    return next((blocks for blocks in range(fewest, rows // BLOCK_ROWS + 1) if rows % blocks == 0), 1)


class StepProduct:
    """The product of an operator (rows, inner) with a step's columns (inner, width).

    Parameters
    ----------
    rows, inner, width : int
    """

    def __init__(self, rows, inner, width):
        self.blocks = count_blocks(rows, _blas.UNPACKED_MULTIPLICATIONS // (inner * width))

    def by(self, operator):
        """Return a function of (columns, out) that computes the product; ``out`` is what :meth:`view` returned."""
        if self.blocks == 1:
            return operator.dot
        return partial(np.matmul, operator.reshape(self.blocks, -1, operator.shape[1]))

    def view(self, out):
        """Return ``out`` (..., rows, width) as the function takes it."""
        return out if self.blocks == 1 else out.reshape(*out.shape[:-2], self.blocks, -1, out.shape[-1])


@lru_cache
def _gradient_blocks(m, n, inner):
    outputs = min(_blas.UNPACKED_OUTPUTS, _blas.UNPACKED_MULTIPLICATIONS // inner)
    return count_blocks(m, outputs // n)


def product_steps(width):
    """Return how many steps of so many columns :func:`add_products` should take together."""
    return min(PRODUCT_STEPS, max(1, PRODUCT_COLUMNS // width))


def product_chunks(steps, width):
    """Return the slices of so many steps that :func:`add_products` should take one after another."""
    size = product_steps(width)
    return [slice(first, min(first + size, steps)) for first in range(0, steps, size)]


def add_products(out, left, right, workspace):
    """Add sum_t left[t] @ right[t].T to ``out`` (m, n), for left (steps, m, width) and right (steps, n, width).

    The steps are gathered side by side, so that the inner length is long enough for the BLAS; a product for each
    step would spend its time in calls.
    """
    steps, m, width = left.shape
    n, inner = right.shape[1], steps * width
    if steps == 1:
        a, b = left[0], right[0]
    else:
        a = workspace.array("product.left", (m, steps, width), out.dtype)
        b = workspace.array("product.right", (n, steps, width), out.dtype)
        a[...] = left.transpose(1, 0, 2)
        b[...] = right.transpose(1, 0, 2)
    product = workspace.array("product", (m, n), out.dtype)
    blocks = _gradient_blocks(m, n, inner)
    np.matmul(a.reshape(blocks, -1, inner), b.reshape(n, inner).T, out=product.reshape(blocks, -1, n))
    out += product
