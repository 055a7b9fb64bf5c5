"""RNNClassifier against plain PyTorch: training epochs and predictions, cell by cell, on a grid of shapes.

    python benchmarks/fit_and_predict.py [--threads 1 2] [--cells rnn gru lstm] [--quick]

float32, the same network, batches, Adam and clipping on both sides, in one process, in turn. For predictions PyTorch
is given the better of two batch sizes: the training batch and 1,024 rows.
"""

import argparse
import csv
from pathlib import Path

import _torch_peer as peer
import torch
from _grid import CELLS, GRID, blas_threads, geometric_mean, make_data, paired

from skseq import RNNClassifier

RESULTS = Path(__file__).parent / "results"


def measure_fit(cell, shape, seconds):
    """Return (ours, theirs, ratio) for an epoch of training."""
    batch, steps, features, units = shape
    X, y = make_data(max(8 * batch, 16), steps, features)
    epochs = 2
    model = RNNClassifier(units, cell=cell, batch_size=batch, max_iter=epochs, random_state=0)
    ours, theirs, ratio = paired(
        lambda: model.fit(X, y), lambda: peer.fit(cell, X, y, units, batch, epochs), seconds=seconds
    )
    return ours / epochs, theirs / epochs, ratio


def measure_predict(cell, shape, seconds):
    """Return (ours, theirs, ratio) for the probabilities of many rows."""
    batch, steps, features, units = shape
    n = 1 if batch == 1 else max(8 * batch, 1024)
    X, y = make_data(max(n, 8), steps, features)
    model = RNNClassifier(units, cell=cell, batch_size=batch, max_iter=1, random_state=0).fit(X[:64], y[:64])
    network = peer.fit(cell, X[:64], y[:64], units, min(batch, 64), 1)
    X = X[:n]
    return min(
        (
            paired(
                lambda: model.predict_proba(X),
                lambda size=size: peer.predict_proba(network, X, size),
                seconds=seconds,
            )
            for size in {batch, 1024}
        ),
        key=lambda result: -result[2],
    )


def main():
    """Print and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--cells", nargs="+", default=CELLS)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    arguments = parser.parse_args()
    seconds = 0.4 if arguments.quick else 2.0
    rows = []
    for threads in arguments.threads:
        torch.set_num_threads(threads)
        for cell in arguments.cells:
            for what, measure in (("fit", measure_fit), ("predict_proba", measure_predict)):
                for shape in GRID:
                    with blas_threads(threads):
                        ours, theirs, ratio = measure(cell, shape, seconds)
                    rows.append((what, cell, threads, *shape, ours, theirs, ratio))
                    print(
                        f"{what:13} {cell:4} threads {threads}  {shape!s:20} {ours * 1e3:9.2f} ms "
                        f"{theirs * 1e3:9.2f} ms  ratio {ratio:.2f}",
                        flush=True,
                    )
                mean = geometric_mean(row[-1] for row in rows if row[:3] == (what, cell, threads))
                print(f"{what:13} {cell:4} threads {threads}  geometric mean {mean:.2f}\n", flush=True)
    RESULTS.mkdir(exist_ok=True)
    with open(RESULTS / "fit_and_predict.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(
            ["what", "cell", "threads", "batch", "steps", "features", "units", "skseq_s", "torch_s", "ratio"]
        )
        writer.writerows(rows)


if __name__ == "__main__":
    main()
