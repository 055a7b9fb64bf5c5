"""Passes over the rows of X, dense or CSR, that need no second X."""

from contextlib import contextmanager
from functools import reduce

import numpy as np
from scipy.sparse import csr_array, issparse

from skseq._blas import one_blas_thread
from skseq._threads import PARTS, Crew

#: Numbers of a dense block; with those that are computed from them they stay in a core's second-level cache.
BLOCK_VALUES = 2**17
#: The fewest and the most rows of a dense block, and what they are a multiple of. Calls on fewer are mostly overhead.
FEWEST, MOST = 64, 4096
#: Numbers of X that are worth a second pass over them, in whatever way; of CSR, those from which a second thread pays.
PAYS = 200_000


@contextmanager
def reading(X):
    """Yield :class:`Rows` of X with threads to read them."""
    with Crew(PARTS) as crew, one_blas_thread:
        yield Rows(X, crew)


class Rows:
    """The rows of X, gone through in blocks; large CSR in two halves, by two threads.

    Parameters
    ----------
    X : ndarray or CSR of shape (n, d), float32 or float64
        Never changed or copied as a whole. Blocks are views of X if it is of ``dtype``, else converted one by one.
        (Of CSR the stored values are converted once, since SciPy would do so in each product.)
    crew : Crew, optional
        Threads; without them the calling thread does it all.
    dtype : dtype, default=float64
        Of the blocks, in which all that is elementwise is computed. Sums are float64.
    shift : ndarray of shape (d,), optional
        What is subtracted from the columns of the blocks; of dense X, which stays as it is.
    """

    def __init__(self, X, crew=None, dtype=np.float64, shift=None):
        self.shape = X.shape
        self.dtype = np.dtype(dtype)
        self.is_sparse = issparse(X)
        n, d = X.shape
        if self.is_sparse:
            X = csr_array((X.data.astype(dtype, copy=False), X.indices, X.indptr), shape=X.shape)
        self.X, self.shift = X, shift
        self.crew, self._map = crew, map if crew is None else crew.map
        # The sums run over parts, so parts must not depend on the number of threads. Calls on dense blocks that fit the
        # cache are so short that two threads would mostly wait for the interpreter.
        parts = PARTS if self.is_sparse and X.nnz >= PAYS else 1
        size = -(-n // parts) if self.is_sparse else int(np.clip(BLOCK_VALUES // d // FEWEST * FEWEST, FEWEST, MOST))
        slices = [slice(start, min(start + size, n)) for start in range(0, n, size)]
        half = -(-len(slices) // parts)
        self.parts = [slices[start : start + half] for start in range(0, len(slices), half)]
        self._pieces = {rows.start: self._piece(rows) for rows in slices} if self.is_sparse else {}

    def blocks(self, part):
        """Yield (slice, rows) over one part."""
        for rows in part:
            yield rows, self.block(rows)

    def block(self, rows):
        """Return the rows of a slice in the dtype."""
        if self.is_sparse:
            return self._pieces[rows.start]
        block = self.X[rows].astype(self.dtype, copy=False)
        return block if self.shift is None else block - self.shift

    def shifted(self, shift):
        """Return the rows of X - shift.

        Parameters
        ----------
        shift : ndarray of shape (d,)
            Of CSR, zero for each column in which a value is not stored that counts.
        """
        if not self.is_sparse:
            return Rows(self.X, self.crew, self.dtype, shift)
        X = self.X
        data = X.data - shift[X.indices]
        return Rows(csr_array((data, X.indices, X.indptr), shape=X.shape), self.crew, self.dtype)

    def stored_everywhere(self, rows):
        """Return which columns have a stored value in all ``rows`` (n,), a mask; shape (d,), bool."""
        d = self.shape[1]
        if not self.is_sparse:
            return np.ones(d, dtype=bool)
        of_rows = np.repeat(rows, np.diff(self.X.indptr))
        return np.bincount(self.X.indices[of_rows], minlength=d) == np.count_nonzero(rows)

    def _piece(self, rows):
        """Return rows of CSR as views; SciPy's own slices are copies, and so may be what its constructor is given."""
        first, stop = self.X.indptr[rows.start], self.X.indptr[rows.stop]
        piece = csr_array((rows.stop - rows.start, self.shape[1]))
        piece.data, piece.indices = self.X.data[first:stop], self.X.indices[first:stop]
        piece.indptr = self.X.indptr[rows.start : rows.stop + 1] - first
        return piece

    def reduce(self, term, *operations):
        """Combine ``term(slice, rows)``, a list of arrays or numbers, over all blocks.

        Parameters
        ----------
        term : callable
        *operations : ufunc
            One for each entry of the list, such as ``np.add``.

        Returns
        -------
        list
        """

        def combine(totals, terms):
            return [operation(a, b) for operation, a, b in zip(operations, totals, terms)]

        def over(part):
            return reduce(combine, (term(*block) for block in self.blocks(part)))

        return reduce(combine, self._map(over, self.parts))

    def each(self, function):
        """Call ``function(slice, rows)``, which returns nothing, for all blocks."""

        def over(part):
            for block in self.blocks(part):
                function(*block)

        list(self._map(over, self.parts))

    def take(self, rows):
        """Return the rows of these numbers as :class:`Rows`, copied."""
        return Rows(self.X[rows], self.crew, self.dtype, self.shift)

    def linear(self, coef, intercept):
        """Return the logits coef x + intercept of each row, class-major: shape (classes, n), float64.

        They are infinite or NaN where they overflow.
        """
        logits = np.empty((len(coef), self.shape[0]))

        def write(rows, block):
            with np.errstate(over="ignore", invalid="ignore"):  # each thread has its own
                logits[:, rows] = block_logits(block, coef, intercept)

        self.each(write)
        return logits


def block_logits(block, coef, intercept):
    """Return the logits of one block of rows in its dtype, contiguous, shape (classes, rows)."""
    coef = coef.astype(block.dtype, copy=False)
    if issparse(block) and len(coef) == 1:
        logits = (block @ coef[0])[None]  # SciPy is twice as fast with one vector as with a matrix of one column
    else:
        logits = np.ascontiguousarray(coef @ block.T)
    logits += intercept.astype(block.dtype, copy=False)[:, None]
    return logits


def columns_of(logits, block):
    """Return the product of logits (classes, rows) and a block (rows, d), and the sums of the logits, in float64."""
    product = (block.T @ logits[0])[None] if issparse(block) and len(logits) == 1 else logits @ block
    return [product.astype(np.float64, copy=False), logits.sum(axis=1).astype(np.float64, copy=False)]
