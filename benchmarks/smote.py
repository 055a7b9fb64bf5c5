"""SMOTE and SMOTENC against those of imbalanced-learn: time of fit_resample, and peak memory beyond the data.

    python benchmarks/smote.py [--quick]

float64, five neighbours, two classes brought to the same size, defaults on both sides (imbalanced-learn uses all cores
where it computes all distances, and one where it uses a tree). Gaussian data fill all their columns, clustered ones lie
around twenty centres. For SMOTENC half of the columns are categories (2, 3, 4, 5 or 8 of them); it is also held against
SMOTE on as many columns of numbers. Peak memory is the highest resident memory of a fresh process, less what it held
before the call with the data made; a small call goes before it. Needs Linux for the memory. Without imbalanced-learn
only the samplers of skseq are compared.
"""

import subprocess
import sys
from importlib.util import find_spec
from time import perf_counter

import numpy as np
from _grid import compared, geometric_mean, in_turn
from _memory import peak_mb, resident_mb
from _options import read_options
from _results import write_rows

#: (rows, columns, fraction of rare rows)
SHAPES = [(100_000, 10, 0.01), (100_000, 10, 0.2), (1_000_000, 20, 0.01), (20_000, 300, 0.1), (5_000, 1000, 0.1)]
MIXED, MIXED_SMALL = (100_000, 10, 0.1), (10_000, 10, 0.1)
SMOKE_SHAPES, SMOKE_MIXED = [(300, 4, 0.1)], (300, 4, 0.1)
DATA = ("Gaussian", "clustered")
HEADER = ["what", "against", "data", "rows", "columns", "rare", "skseq_s", "peer_s", "ratio"]
HEADER += ["output_mb", "skseq_peak_mb", "peer_peak_mb"]


def make_table(data, shape, seed=0):
    """Return X (float64) and y; rare rows are drawn like the others, a little aside."""
    n, columns, rare = shape
    rng = np.random.default_rng(seed)
    y = (rng.permutation(n) < n * rare).astype(np.int64)
    X = rng.standard_normal((n, columns))
    X += 0.5 * y[:, np.newaxis]
    if data == "clustered":
        X += rng.uniform(-10, 10, (20, columns))[rng.integers(20, size=n)]
    if data == "mixed":
        for j in range(columns // 2, columns):
            X[:, j] = rng.integers((2, 3, 4, 5, 8)[j % 5], size=n)
    return X, y


def make_sampler(who, data, columns):
    """Return the sampler of ``who`` for this kind of data."""
    if who == "skseq":
        from skseq.over_sampling import SMOTE, SMOTENC
    else:
        from imblearn.over_sampling import SMOTE, SMOTENC
    if data == "mixed":
        return SMOTENC(list(range(columns // 2, columns)), random_state=0)
    return SMOTE(random_state=0)


def make_run(who, data, shape):
    """Return a function that resamples."""
    X, y = make_table(data, shape)
    model = make_sampler(who, data, shape[1])
    return lambda: model.fit_resample(X, y)


def report_peak(who, data, shape):
    """Print MB at the peak beyond what was there before; runs in a process of its own."""
    make_run(who, data, (200, shape[1], 0.1))()
    run = make_run(who, data, shape)
    before = resident_mb()
    made = run()
    print(max(peak_mb() - before, 0.0), sum(part.nbytes for part in made) / 1e6)


def peak(who, data, shape):
    """Return (MB at the peak, MB of the output), measured in a fresh process."""
    command = [sys.executable, __file__, "--child", who, data, *map(str, shape)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    return tuple(float(number) for number in result.stdout.split()[-2:])


def measure(ours, theirs, options):
    """Return a row of the table; ``ours`` and ``theirs`` are (who, data, shape)."""
    runs = [make_run(*ours), make_run(*theirs)]
    begin = perf_counter()
    runs[1]()
    rounds = 1 if perf_counter() - begin > 10 else options.rounds  # nobody waits for minutes three times
    times = compared(*in_turn(runs, rounds, options.seconds).T)
    (own_peak, output), (peer_peak, _) = peak(*ours), peak(*theirs)
    names = {"mixed": "SMOTENC"}
    who = {"skseq": "skseq's", "imblearn": "imbalanced-learn's"}[theirs[0]]
    what, against = names.get(ours[1], "SMOTE"), f"{who} {names.get(theirs[1], 'SMOTE')}"
    return (what, against, ours[1], *ours[2], *times, output, own_peak, peer_peak)


def main():
    """Print and write the table."""
    options = read_options(__doc__, cells=None)
    shapes = SMOKE_SHAPES if options.smoke else SHAPES
    pairs = [(("skseq", data, shape), ("imblearn", data, shape)) for data in DATA for shape in shapes]
    small, large = (SMOKE_MIXED, SMOKE_MIXED) if options.smoke else (MIXED_SMALL, MIXED)
    pairs.append((("skseq", "mixed", large), ("skseq", "Gaussian", large)))
    pairs.append((("skseq", "mixed", small), ("imblearn", "mixed", small)))
    if not (options.quick or options.smoke):
        pairs.append((("skseq", "mixed", large), ("imblearn", "mixed", large)))
    if not find_spec("imblearn"):
        pairs = [pair for pair in pairs if pair[1][0] == "skseq"]
    rows = []
    for ours, theirs in pairs:
        rows.append(measure(ours, theirs, options))
        print("  ".join(f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in rows[-1]), flush=True)
    for data in DATA:
        ratios = [row[8] for row in rows if row[2] == data]
        if ratios:
            print(f"SMOTE, {data}: geometric mean of ratios {geometric_mean(ratios):.2f}", flush=True)
    write_rows(options.results, "smote", HEADER, rows)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        n, columns, rare = sys.argv[4:7]
        report_peak(sys.argv[2], sys.argv[3], (int(n), int(columns), float(rare)))
    else:
        main()
