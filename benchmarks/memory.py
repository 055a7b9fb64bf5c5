"""Peak memory of fit and predict_proba beyond the data, for ever more sequences, each in a fresh process.

    python benchmarks/memory.py [--cells rnn gru lstm] [--quick]

30 steps, 4 features, 16 units, batches of 200, one epoch, float32. What counts is the highest resident memory that
the process has reached, less what it held before the call with the data made. A fit of 16 sequences goes before, so
that what a first call loads once is not counted. The same for plain PyTorch, where it is installed, which predicts in
batches of 200. Threads are as many as there are cores. Needs Linux, which keeps these figures in /proc.
"""

import subprocess
import sys
from importlib.util import find_spec

import numpy as np
from _memory import peak_mb, resident_mb
from _options import read_options
from _results import write_rows

STEPS, FEATURES, UNITS, BATCH = 30, 4, 16, 200
SIZES = (1_000, 10_000, 100_000)
HEADER = ["who", "what", "cell", "n", "steps", "features", "units", "batch", "data_mb", "peak_mb"]


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


def peak(who, what, cell, n):
    """Return what :func:`report_peak` says in a fresh process."""
    command = [sys.executable, __file__, "--child", who, what, cell, str(n)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return tuple(float(number) for number in result.stdout.split()[-2:])


def main():
    """Print and write the table."""
    options = read_options(__doc__)
    sizes = (100, 200) if options.smoke else SIZES[:2] if options.quick else SIZES
    rows = []
    for who in ("skseq", "torch") if find_spec("torch") else ("skseq",):
        for cell in options.cells:
            for what in ("fit", "predict_proba"):
                for n in sizes:
                    data, most = peak(who, what, cell, n)
                    rows.append((who, what, cell, n, STEPS, FEATURES, UNITS, BATCH, data, most))
                    print(f"{who:5} {what:13} {cell:4} n {n:7,}  data {data:6.1f} MB  peak {most:6.1f} MB", flush=True)
    write_rows(options.results, "memory", HEADER, rows)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        report_peak(*sys.argv[2:5], int(sys.argv[5]))
    else:
        main()
