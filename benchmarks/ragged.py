"""What sequences of different lengths cost: lengths uniform in 10 to 200, eight batches.

    python benchmarks/ragged.py [--threads 2] [--cells rnn gru lstm] [--flush-denormals] [--quick]

RNNClassifier on ragged sequences against three peers, in one process, in turn:

- itself on as many sequences of the mean length, 105 steps: the same number of valid steps;
- itself on the sequences padded to the longest, as a tool without ragged input would have them;
- PyTorch with packed sequences, as pack_padded_sequence makes them of each batch. Padding is done beforehand and not
  counted. For predictions PyTorch is given the better of two batch sizes: the training batch and 1,024 rows.

fit trains one epoch, and against itself also five, which reading the sequences and the first use of memory weigh on
as they do on a real fit. ``--flush-denormals`` is explained in fit_and_predict.py. The grid's own steps are not used;
the table has the mean length in their place.
"""

import _torch_peer as peer
import numpy as np
import torch
from _comparison import compare, write
from _grid import compared, faster, in_turn, make_data
from _options import read_options

from skseq import RNNClassifier

SHORTEST, LONGEST = 10, 200
EPOCHS = 5


def draw_lengths(n, longest=LONGEST, shortest=SHORTEST, seed=0):
    """Return n lengths, uniform between the two; each has its mirror, so that their mean is the middle exactly."""
    rng = np.random.RandomState(seed)
    half = rng.randint(shortest, longest + 1, n // 2)
    return rng.permutation(np.concatenate([half, shortest + longest - half]))


class Contest:
    """The data of one point of the grid, in four forms."""

    def __init__(self, cell, shape, options):
        self.cell, (self.batch, _, features, self.units) = cell, shape
        shortest, longest = (2, 6) if options.smoke else (SHORTEST, LONGEST)
        n = max(8 * self.batch, 16)
        X, self.y = make_data(n, longest, features)
        self.ragged = [x[:length].copy() for x, length in zip(X, draw_lengths(n, longest, shortest))]
        self.equal = X[:, : (shortest + longest) // 2].copy()
        self.padded, self.lengths = peer.pad(self.ragged)
        self.flush = options.flush_denormals

    def own_fits(self, epochs):
        """Return functions that train for so many epochs: ragged, equal, padded."""
        settings = {"cell": self.cell, "batch_size": self.batch, "max_iter": epochs, "random_state": 0}
        return [
            lambda X=X: RNNClassifier(self.units, **settings).fit(X, self.y)
            for X in (self.ragged, self.equal, self.padded)
        ]

    def fits(self):
        """Return functions that train for one epoch: ragged, equal, padded, PyTorch."""

        def packed():
            peer.fit(self.cell, self.padded, self.y, self.units, self.batch, 1, lengths=self.lengths)

        return [*self.own_fits(1), peer.flushing(packed, self.flush)]

    def predictions(self):
        """Return functions that predict: ragged, equal, padded, PyTorch."""
        model = RNNClassifier(self.units, cell=self.cell, max_iter=1, random_state=0)
        model.fit(self.equal[:16], self.y[:16])
        network = peer.fit(self.cell, self.equal[:16], self.y[:16], self.units, 16, 1)
        packed = faster(
            [
                lambda size=size: peer.predict_proba(network, self.padded, size, self.lengths)
                for size in sorted({self.batch, 1024})
            ]
        )
        ours = [lambda X=X: model.predict_proba(X) for X in (self.ragged, self.equal, self.padded)]
        return [*ours, packed]


def measure(cell, shape, options):
    """Yield (what, peer, (ours, theirs, ratio))."""
    contest = Contest(cell, shape, options)
    for what, runs in (
        ("fit", contest.fits()),
        (f"fit, {EPOCHS} epochs", contest.own_fits(EPOCHS)),
        ("predict_proba", contest.predictions()),
    ):
        ragged, *others = in_turn(runs, options.rounds, options.seconds).T
        for name, theirs in zip(("equal lengths", "padded", "torch"), others):
            yield what, name, compared(ragged, theirs)


def main():
    """Print and write the table."""
    options = read_options(__doc__, threads=(2,), peer=True)
    options.grid = [(batch, (SHORTEST + LONGEST) // 2, features, units) for batch, _, features, units in options.grid]
    write(options, "ragged", compare(options, measure, torch.set_num_threads))


if __name__ == "__main__":
    main()
