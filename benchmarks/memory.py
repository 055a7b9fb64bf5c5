"""Peak memory of fit and predict_proba beyond the data, for ever more sequences, each in a fresh process.

    python benchmarks/memory.py [--cells rnn gru lstm] [--quick]

30 steps, 4 features, 16 units, batches of 200, one epoch, float32. What counts is the highest resident memory that
the process has reached, less what it held before the call with the data made. A fit of 16 sequences goes before, so
that what a first call loads once is not counted. The same for plain PyTorch, where it is installed, which predicts in
batches of 200. Threads are as many as there are cores. Needs Linux, which keeps these figures in /proc.

A second table is for lengths far apart, with the memory and the time of one epoch for each recurrent estimator, 64 GRU
units and all sequences in one batch: one long sequence beside short ones against the long one with a single short
one; and log-normal lengths against equal ones of the same total.
"""

import subprocess
import sys
import warnings
from importlib.util import find_spec
from time import perf_counter

import numpy as np
from _memory import peak_mb, resident_mb
from _options import read_options
from _results import write_rows
from _spread import CALLS, cases, make_estimator
from _spread import UNITS as SPREAD_UNITS
from _spread import make_data as make_spread

STEPS, FEATURES, UNITS, BATCH = 30, 4, 16, 200
SIZES = (1_000, 10_000, 100_000)
HEADER = ["who", "what", "cell", "n", "steps", "features", "units", "batch", "data_mb", "peak_mb"]
SPREAD_HEADER = ["case", "estimator", "what", "units", "peak_mb", "compared_mb", "seconds", "compared_s"]


def make_data(n):
    """Return X and y without taking more memory on the way than they need."""
    X = np.empty((n, STEPS, FEATURES), dtype=np.float32)
    np.random.default_rng(0).standard_normal(dtype=np.float32, out=X)
    return X, (X[:, -1, 0] > 0).astype(np.int64)


def skseq_calls(cell):
    """Return (fit, predict): functions of X and y, of the fitted model and X."""
    from skseq import RNNClassifier

    def fit(X, y):
        return RNNClassifier(UNITS, cell=cell, batch_size=BATCH, max_iter=1, random_state=0).fit(X, y)

    return fit, lambda model, X: model.predict_proba(X)


def torch_calls(cell):
    """Return the same in plain PyTorch."""
    import _torch_peer as peer

    return (
        lambda X, y: peer.fit(cell, X, y, UNITS, BATCH, 1),
        lambda network, X: peer.predict_proba(network, X, BATCH),
    )


def report_peak(who, what, cell, n):
    """Print (MB of the data, MB at the peak beyond what was there before); runs in a process of its own."""
    fit, predict = {"skseq": skseq_calls, "torch": torch_calls}[who](cell)
    model = fit(*make_data(16))
    predict(model, make_data(16)[0])
    X, y = make_data(n)
    before = resident_mb()
    if what == "fit":
        fit(X, y)
    else:
        predict(model, X)
    print(X.nbytes / 1e6, max(peak_mb() - before, 0.0))


def report_spread(name, what, lengths, repeats):
    """Print (MB at the peak beyond what was there before, seconds of the fastest run); in a process of its own."""
    warnings.simplefilter("ignore")  # one epoch does not converge
    call = CALLS[name][what]
    model = make_estimator(name).fit(*make_spread(name, [3] * 4))
    if call is not None:
        call(model, *make_spread(name, [3] * 4))
    data = make_spread(name, lengths)
    before, seconds = resident_mb(), []
    for _ in range(repeats):
        begin = perf_counter()
        if call is None:
            make_estimator(name).fit(*data)
        else:
            call(model, *data)
        seconds.append(perf_counter() - begin)
    print(max(peak_mb() - before, 0.0), min(seconds))


def in_fresh_process(*arguments):
    """Return the numbers that a child prints."""
    command = [sys.executable, __file__, "--child", *map(str, arguments)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return tuple(float(number) for number in result.stdout.split()[-2:])


def measure_spread(options):
    """Return the rows of the second table."""
    repeats = 1 if options.smoke else 2 if options.quick else 3
    rows = []
    for case, both in cases(options.smoke).items():
        for name, calls in CALLS.items():
            for what in calls:
                ours, theirs = (
                    in_fresh_process("spread", name, what, repeats, ",".join(map(str, lengths))) for lengths in both
                )
                rows.append((case, name, what, SPREAD_UNITS, *ours, *theirs))
                print(
                    f"{case:48} {name:13} {what:13} {ours[0]:7.1f} MB / {theirs[0]:7.1f} MB   "
                    f"{ours[1]:6.2f} s / {theirs[1]:6.2f} s",
                    flush=True,
                )
    return rows


def main():
    """Print and write the tables."""
    options = read_options(__doc__)
    sizes = (100, 200) if options.smoke else SIZES[:2] if options.quick else SIZES
    rows = []
    for who in ("skseq", "torch") if find_spec("torch") else ("skseq",):
        for cell in options.cells:
            for what in ("fit", "predict_proba"):
                for n in sizes:
                    data, most = in_fresh_process(who, what, cell, n)
                    rows.append((who, what, cell, n, STEPS, FEATURES, UNITS, BATCH, data, most))
                    print(f"{who:5} {what:13} {cell:4} n {n:7,}  data {data:6.1f} MB  peak {most:6.1f} MB", flush=True)
    write_rows(options.results, "memory", HEADER, rows)
    write_rows(options.results, "spread_memory", SPREAD_HEADER, measure_spread(options))


if __name__ == "__main__":
    if sys.argv[1:3] == ["--child", "spread"]:
        report_spread(*sys.argv[3:5], [int(steps) for steps in sys.argv[6].split(",")], int(sys.argv[5]))
    elif sys.argv[1:2] == ["--child"]:
        report_peak(*sys.argv[2:5], int(sys.argv[5]))
    else:
        main()
