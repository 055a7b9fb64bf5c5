"""What the benchmarks of the engine share: the grid, the data and paired timing."""

from time import perf_counter, sleep

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
#: The grid of a run that only shows that a script works.
SMOKE_GRID = [(8, 6, 3, 4)]
CELLS = ("rnn", "gru", "lstm")

#: Seconds of rest before each run. Idle threads of a BLAS or of OpenMP go on spinning for up to 30 ms in the hope of
#: more work, and would take the cores from whoever runs next.
REST = 0.03
#: Shorter runs are repeated for so many seconds and their mean is taken: the first after a rest is slow.
BURST = 0.01


def make_data(n, steps, features, seed=0):
    """Return X (n, steps, features) float32 and y (n,) of two classes."""
    rng = np.random.RandomState(seed)
    X = rng.standard_normal((n, steps, features)).astype(np.float32)
    return X, (X[:, -1, 0] > 0).astype(np.int64)


def in_turn(runs, min_rounds=5, seconds=2.0):
    """Run functions in turn, first to warm up and then round by round; return the times of a run (rounds, runs).

    The order changes from round to round, so that nobody always runs on the same other's warm caches.
    """
    bursts = [_warm_up(run) for run in runs]
    times, begin = [], perf_counter()
    while len(times) < min_rounds or perf_counter() - begin < seconds:
        own = [0.0] * len(runs)
        order = range(len(runs))
        for k in order if len(times) % 2 else reversed(order):
            sleep(REST)
            own[k] = _seconds(runs[k], bursts[k])
        times.append(own)
    return np.array(times)


def _warm_up(run):
    """Run a function and return how many runs fill a burst."""
    if _seconds(run) >= BURST:
        return 1
    return max(1, round(BURST / _seconds(run)))


def _seconds(run, times=1):
    """Return the mean time of some runs in a row."""
    start = perf_counter()
    for _ in range(times):
        run()
    return (perf_counter() - start) / times


def compared(ours, theirs):
    """Return (median seconds of ours, of theirs, median ratio) of the times of paired runs."""
    return float(np.median(ours)), float(np.median(theirs)), float(np.median(np.divide(ours, theirs)))


def paired(ours, theirs, min_pairs=5, seconds=2.0):
    """Run two functions in turn; return (median seconds of ours, of theirs, median ratio)."""
    return compared(*in_turn([ours, theirs], min_pairs, seconds).T)


def faster(runs, rounds=3):
    """Return the function whose best run is the fastest."""
    return runs[int(in_turn(runs, rounds, 0.0).min(axis=0).argmin())]


def blas_threads(threads):
    """Limit the BLAS of NumPy and SciPy to so many threads, as a context."""
    return threadpool_limits(threads)


def geometric_mean(ratios):
    """Return the geometric mean."""
    return float(np.exp(np.mean(np.log(list(ratios)))))
