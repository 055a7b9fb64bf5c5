"""Threads: how many the BLAS may use, and how many Python threads predict.

Below some thousand values a product is over before a second BLAS thread has woken up, and on a busy machine waiting
for it costs a hundred times the product. Above, rows are better divided between Python threads with one BLAS thread
each: elementwise calls, which the BLAS does not do, then run on both cores too.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock, local

#: Batch times units from which a second BLAS thread pays.
BLAS_PAYS = 4_000

#: Batch times units of each thread from which a second Python thread pays; below, threads wait for each other's calls.
PYTHON_PAYS = 32_768


@lru_cache(maxsize=1)
def _blas():
    """Return a controller of the loaded BLAS libraries, or None; looking for them takes a millisecond."""
    try:
        from threadpoolctl import ThreadpoolController  # comes with scikit-learn
    except ImportError:
        return None
    return ThreadpoolController().select(user_api="blas")


def allowed_threads():
    """Return how many threads the BLAS may use now: what the user, the machine or joblib has allowed."""
    controller = _blas()
    counts = [library["num_threads"] for library in controller.info()] if controller else []
    return max(counts, default=1)


class _OneBlasThread:
    """Limits the BLAS to one thread while anyone is inside; several threads may be."""

    def __init__(self):
        self._lock = Lock()
        self._inside = 0
        self._limiter = None

    def __enter__(self):
        with self._lock:
            if not self._inside and _blas() is not None:
                self._limiter = _blas().limit(limits=1)
            self._inside += 1

    def __exit__(self, *error):
        with self._lock:
            self._inside -= 1
            # Only the last one out restores what the first one found.
            if not self._inside and self._limiter is not None:
                self._limiter.restore_original_limits()
                self._limiter = None


one_blas_thread = _OneBlasThread()


@contextmanager
def blas_threads_for(values):
    """Let the BLAS use its threads for states of so many values (batch times units) only if that pays."""
    if values >= BLAS_PAYS:
        yield
    else:
        with one_blas_thread:
            yield


def map_in_threads(function, items, threads, new_scratch):
    """Yield ``function(item, scratch)`` for each item, in order, from so many threads.

    Parameters
    ----------
    function : callable
    items : list
    threads : int
    new_scratch : callable
        Makes the scratch memory of a thread.
    """
    if threads < 2 or len(items) < 2:
        scratch = new_scratch()
        for item in items:
            yield function(item, scratch)
        return
    own = local()

    def run(item):
        if not hasattr(own, "scratch"):
            own.scratch = new_scratch()
        return function(item, own.scratch)

    with one_blas_thread, ThreadPoolExecutor(threads) as pool:
        yield from pool.map(run, items)
