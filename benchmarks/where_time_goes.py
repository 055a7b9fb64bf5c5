"""Where an epoch of training spends its time, and how far it is from what the machine could do.

    python benchmarks/where_time_goes.py [--cells rnn gru lstm] [--quick]

One thread, float32. Matrix products, tanh and the other elementwise calls of the cells are timed inside the fit, each
with NumPy's own overhead; the rest of the epoch is Python, reading batches, the loss and the optimizer. The floor is
the time of the multiplications at the rate of a large product, plus that of the tanhs at the rate of a warm array,
both measured in the same run.
"""

from contextlib import contextmanager
from time import perf_counter
from unittest.mock import patch

import numpy as np
from _grid import blas_threads, make_data
from _options import read_options
from _results import write_rows

from skseq import RNNClassifier
from skseq.layers import _gru_cell, _lstm_cell, _products, _vanilla_cell

HEADER = [
    *("cell", "batch", "steps", "features", "units", "epoch_s"),
    *("products", "tanh", "other_passes", "rest", "floor_s", "ratio_to_floor"),
]
GATES = {"rnn": 1, "gru": 3, "lstm": 4}
TANHS = {"rnn": 1, "gru": 3, "lstm": 5}
PHASES = {"matmul": "products", "tanh": "tanh"}
PHASES |= dict.fromkeys(("multiply", "add", "subtract", "maximum", "greater"), "other_passes")


class Stopwatch:
    """Adds up the seconds of calls, by phase."""

    def __init__(self):
        self.seconds = dict.fromkeys(("products", "tanh", "other_passes"), 0.0)

    def timed(self, function, phase):
        """Return ``function``, timed."""

        def call(*arguments, **options):
            begin = perf_counter()
            result = function(*arguments, **options)
            self.seconds[phase] += perf_counter() - begin
            return result

        return call

    def numpy(self):
        """Return a stand-in for NumPy whose elementwise calls are timed."""
        timed = {name: self.timed(getattr(np, name), phase) for name, phase in PHASES.items()}

        class Timed:
            def __getattr__(self, name):
                return timed.get(name) or getattr(np, name)

        return Timed()

    @contextmanager
    def inside(self):
        """Time what the cells call while the context is open."""
        by, forward_operators = _products.StepProduct.by, _gru_cell.GRUCell.forward_operators

        def timed_by(product, operator):
            function = by(product, operator)
            return function if product.blocks > 1 else self.timed(function, "products")  # blocks go through NumPy

        def timed_operators(cell, weights):
            stacked, candidate = forward_operators(cell, weights)
            return stacked, _TimedOperator(self.timed(candidate.dot, "products"))

        with (
            patch.object(_products.StepProduct, "by", timed_by),
            patch.object(_gru_cell.GRUCell, "forward_operators", timed_operators),
            patch.object(_products, "np", self.numpy()),
            patch.object(_vanilla_cell, "np", self.numpy()),
            patch.object(_gru_cell, "np", self.numpy()),
            patch.object(_lstm_cell, "np", self.numpy()),
        ):
            yield


class _TimedOperator:
    def __init__(self, dot):
        self.dot = dot


def seconds_of(function, repeats):
    """Return the least time of several runs."""
    times = []
    for _ in range(repeats):
        begin = perf_counter()
        function()
        times.append(perf_counter() - begin)
    return min(times)


def machine_rates(repeats):
    """Return (multiplications a second in a large product, seconds of a tanh)."""
    matrix, out = np.random.RandomState(0).standard_normal((1024, 1024)).astype(np.float32), np.empty((1024, 1024), "f")
    values, result = matrix[:32].copy(), np.empty((32, 1024), "f")
    product = seconds_of(lambda: matrix.dot(matrix, out), repeats)
    return 1024**3 / product, seconds_of(lambda: np.tanh(values, result), 20 * repeats) / values.size


def floor(cell, shape, n, rates):
    """Return the least seconds of an epoch over n sequences: forward, backward and the gradient of the weights."""
    _, steps, features, units = shape
    kernel = GATES[cell] * units * (units + 1 + features)
    multiplications = n * steps * (2 * kernel + GATES[cell] * units * units)
    return multiplications / rates[0] + n * steps * units * TANHS[cell] * rates[1]


def measure(cell, shape, rates, repeats):
    """Return a row of the table."""
    batch, steps, features, units = shape
    n = max(8 * batch, 16)
    X, y = make_data(n, steps, features)
    model = RNNClassifier(units, cell=cell, batch_size=batch, max_iter=2, random_state=0)
    model.fit(X, y)
    epoch = seconds_of(lambda: model.fit(X, y), repeats) / 2
    shares = []
    for _ in range(repeats):
        watch = Stopwatch()
        with watch.inside():
            model.fit(X, y)
        shares.append([spent / 2 / epoch for spent in watch.seconds.values()])
    products, tanh, passes = np.min(shares, axis=0)  # the least disturbed run of each
    least = floor(cell, shape, n, rates)
    return (cell, *shape, epoch, products, tanh, passes, max(0.0, 1 - products - tanh - passes), least, epoch / least)


def main():
    """Print and write the table."""
    options = read_options(__doc__, cells=("rnn", "gru", "lstm"))
    repeats = 1 if options.smoke else 3 if options.quick else 7
    rows = []
    with blas_threads(1):
        rates = machine_rates(3 * repeats)
        print(f"{rates[0] / 1e9:.0f} G multiplications a second, {rates[1] * 1e9:.2f} ns a tanh", flush=True)
        for cell in options.cells:
            for shape in options.grid:
                row = measure(cell, shape, rates, repeats)
                rows.append(row)
                print(
                    f"{cell:4} {shape!s:20} epoch {row[5] * 1e3:8.2f} ms: products {row[6]:.0%}, tanh {row[7]:.0%}, "
                    f"other passes {row[8]:.0%}, rest {row[9]:.0%}; {row[11]:.1f} times the floor",
                    flush=True,
                )
    write_rows(options.results, "where_time_goes", HEADER, rows)


if __name__ == "__main__":
    main()
