"""TransformerClassifier against ``nn.TransformerEncoder`` in plain PyTorch: training steps and predictions.

    python benchmarks/transformer.py [--threads 1 2] [--quick]

float32, the same network, batches, Adam and clipping on both sides, in one process, in turn; initial weights are each
side's own. A step is the sixteenth part of a fit of two epochs with eight batches each. Ragged sequences have lengths
from half to one and a half of the steps; PyTorch pads each batch to its longest and masks the padding, as its users do.
For predictions PyTorch is given the better of two batch sizes, 64 and 256 rows, like lengths together.
"""

import _torch_encoder as peer
import numpy as np
import torch
from _grid import blas_threads, faster, geometric_mean, make_data, paired
from _options import read_options
from _results import write_rows
from _torch_peer import pad

from skseq.neural_network import TransformerClassifier

HEADER = ["what", "data", "threads", "batch", "steps", "width", "heads", "layers", "skseq_s", "peer_s", "ratio"]

#: (batch, steps, width, heads, layers); feed-forward networks are four times as wide.
SHAPES = [(64, 100, 64, 4, 2), (32, 50, 32, 4, 2), (64, 30, 128, 8, 2), (16, 400, 64, 4, 2)]
SMOKE_SHAPES = [(8, 6, 4, 2, 1)]

FEATURES, EPOCHS, BATCHES = 8, 2, 8


def make_ragged(n, steps):
    """Return sequences of half to one and a half of so many steps, and classes."""
    X, y = make_data(n, steps + steps // 2, FEATURES)
    lengths = np.random.RandomState(0).randint(steps - steps // 2, steps + steps // 2 + 1, size=n)
    return [x[:length] for x, length in zip(X, lengths)], y


def measure(shape, data, options):
    """Yield (what, (ours, theirs, ratio)) for a training step and for predictions."""
    batch, steps, width, heads, layers = shape
    X, y = make_data(BATCHES * batch, steps, FEATURES) if data == "equal" else make_ragged(BATCHES * batch, steps)
    padded, lengths = (X, None) if data == "equal" else pad(X)
    model = TransformerClassifier(layers, width=width, n_heads=heads, batch_size=batch, max_iter=EPOCHS, random_state=0)
    settings = padded, y, lengths, width, heads, layers, batch, EPOCHS
    figures = paired(lambda: model.fit(X, y), lambda: peer.fit(*settings), options.rounds, options.seconds)
    n_steps = EPOCHS * BATCHES
    yield "training step", (figures[0] / n_steps, figures[1] / n_steps, figures[2])
    network = peer.fit(*settings[:-1], 1)
    theirs = faster([lambda size=size: peer.predict_proba(network, padded, lengths, size) for size in (64, 256)])
    yield "predict_proba", paired(lambda: model.predict_proba(X), theirs, options.rounds, options.seconds)


def main():
    """Print and write the table."""
    options = read_options(__doc__, threads=(1, 2), cells=None)
    rows = []
    for threads in options.threads:
        torch.set_num_threads(threads)
        for data in ("equal", "ragged"):
            for shape in SMOKE_SHAPES if options.smoke else SHAPES:
                with blas_threads(threads):
                    for what, figures in measure(shape, data, options):
                        rows.append((what, data, threads, *shape, *figures))
                        ours, theirs, ratio = figures
                        print(
                            f"{what:13} {data:6} threads {threads}  {shape!s:23} {ours * 1e3:9.2f} ms "
                            f"{theirs * 1e3:9.2f} ms  ratio {ratio:.2f}",
                            flush=True,
                        )
    print(f"geometric mean of ratios {geometric_mean(row[-1] for row in rows):.2f}")
    write_rows(options.results, "transformer", HEADER, rows)


if __name__ == "__main__":
    main()
