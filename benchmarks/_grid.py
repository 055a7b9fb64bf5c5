"""What the benchmarks of the engine share: the grid, the data and paired timing."""

from statistics import median
from time import perf_counter

import numpy as np
from threadpoolctl import threadpool_limits

#: (batch, steps, features, units)
GRID = [
    (32, 50, 4, 16),
    (32, 100, 8, 32),
    (64, 100, 16, 64),
    (64, 200, 32, 128),
    (128, 50, 64, 256),
    (200, 140, 1, 64),
    (1, 100, 8, 32),
    (512, 30, 12, 64),
]
CELLS = ("rnn", "gru", "lstm")


def make_data(n, steps, features, seed=0):
    """Return X (n, steps, features) float32 and y (n,) of two classes."""
    rng = np.random.RandomState(seed)
    X = rng.standard_normal((n, steps, features)).astype(np.float32)
    return X, (X[:, -1, 0] > 0).astype(np.int64)


def paired(ours, theirs, min_pairs=5, seconds=2.0):
    """Run two functions in turn; return (median seconds of ours, of theirs, median ratio).

    The order within a pair changes from pair to pair, so that neither always runs on the other's warm caches.
    """
    ours(), theirs()
    times, begin = [], perf_counter()
    while len(times) < min_pairs or perf_counter() - begin < seconds:
        pair = {}
        for run in (ours, theirs) if len(times) % 2 else (theirs, ours):
            start = perf_counter()
            run()
            pair[run] = perf_counter() - start
        times.append((pair[ours], pair[theirs]))
    return (
        median(a for a, _ in times),
        median(b for _, b in times),
        median(a / b for a, b in times),
    )


def blas_threads(threads):
    """Limit the BLAS of NumPy and SciPy to so many threads, as a context."""
    return threadpool_limits(threads)


def geometric_mean(ratios):
    """Return the geometric mean."""
    return float(np.exp(np.mean(np.log(list(ratios)))))
