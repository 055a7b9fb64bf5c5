"""How the time of fit and predict_proba grows with the number of sequences, with steps and with units.

    python benchmarks/scaling.py [--threads 2] [--cells rnn gru lstm] [--quick]

One of the three varies, the others stay at 1,000 sequences, 50 steps and 32 units; 4 features, batches of 200, one
epoch, float32. The slope is that of a line through the logarithms: 1 means that twice as much takes twice as long.
Overhead that does not grow lowers it; units raise it towards 2, since a product of matrices has units squared times
batch multiplications.
"""

import numpy as np
from _grid import blas_threads, in_turn, make_data
from _options import read_options
from _results import write_rows

from skseq import RNNClassifier

BASE = {"n": 1000, "steps": 50, "units": 32}
VALUES = {"n": (250, 500, 1000, 2000, 4000), "steps": (12, 25, 50, 100, 200), "units": (16, 32, 64, 128, 256)}
SMOKE_BASE = {"n": 20, "steps": 5, "units": 4}
SMOKE_VALUES = {name: (value, 2 * value) for name, value in SMOKE_BASE.items()}
FEATURES, BATCH = 4, 200
HEADER = ["what", "cell", "threads", "varies", "value", "n", "steps", "units", "seconds", "slope"]


def slope(values, seconds):
    """Return the slope of the line through log(seconds) over log(values)."""
    return float(np.polyfit(np.log(values), np.log(seconds), 1)[0])


def runs(cell, sizes):
    """Return {what: function} for one choice of sizes."""
    X, y = make_data(sizes["n"], sizes["steps"], FEATURES)
    model = RNNClassifier(sizes["units"], cell=cell, batch_size=min(BATCH, sizes["n"]), max_iter=1, random_state=0)
    fitted = RNNClassifier(sizes["units"], cell=cell, max_iter=1, random_state=0).fit(X[:20], y[:20])
    return {"fit": lambda: model.fit(X, y), "predict_proba": lambda: fitted.predict_proba(X)}


def measure(cell, varies, base, values, options):
    """Yield (what, values, median seconds)."""
    functions = [runs(cell, {**base, varies: value}) for value in values]
    for what in functions[0]:
        times = in_turn([function[what] for function in functions], options.rounds, options.seconds)
        yield what, np.median(times, axis=0)


def main():
    """Print and write the table."""
    options = read_options(__doc__, threads=(2,))
    base, all_values = (SMOKE_BASE, SMOKE_VALUES) if options.smoke else (BASE, VALUES)
    rows = []
    for threads in options.threads:
        for cell in options.cells:
            for varies, values in all_values.items():
                with blas_threads(threads):
                    for what, seconds in measure(cell, varies, base, values, options):
                        steepness = slope(values, seconds)
                        for value, second in zip(values, seconds):
                            sizes = {**base, varies: value}
                            rows.append((what, cell, threads, varies, value, *sizes.values(), float(second), steepness))
                        line = "  ".join(f"{value}: {1e3 * s:.1f} ms" for value, s in zip(values, seconds))
                        print(f"{what:13} {cell:4} {varies:5}  slope {steepness:.2f}  {line}", flush=True)
    write_rows(options.results, "scaling", HEADER, rows)


if __name__ == "__main__":
    main()
