"""Threads that share the rows of a batch or of a table.

Each Python thread has one BLAS thread, so that elementwise calls run on both cores as products do. The BLAS's own
threads are left out: below some millions of multiplications a product is over before a second thread has woken up, and
on a busy machine waiting for it was measured to cost ten times the product.
"""

from concurrent.futures import ThreadPoolExecutor, wait

from skseq._blas import allowed_threads

#: Parts that rows are divided into where that pays.
PARTS = 2


class Crew:
    """Threads that share work while the context is open.

    Parameters
    ----------
    parts : int
        The most threads that have work at once; no more are used than :func:`~skseq._blas.allowed_threads`.
    """

    def __init__(self, parts):
        self.threads = min(parts, allowed_threads())
        self._pool = ThreadPoolExecutor(self.threads - 1) if self.threads > 1 else None

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self._pool is not None:
            self._pool.shutdown()

    def map(self, function, *arguments):
        """Return ``function`` of each set of arguments, in order; the calling thread computes the first one."""
        sets = list(zip(*arguments))
        if self._pool is None:
            return [function(*own) for own in sets]
        futures = [self._pool.submit(function, *own) for own in sets[1:]]
        try:
            first = function(*sets[0])
        finally:
            wait(futures)  # even after an error here: they work on memory of the caller
        return [first] + [future.result() for future in futures]
