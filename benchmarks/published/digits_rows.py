"""Digits, as 8 steps of a row.

The 1,797 pictures of 8 x 8 pixels that scikit-learn carries, five stratified folds. IRNN is the vanilla cell with ReLU
and an identity at the start. The training part is joined by each of its pictures moved by one pixel up, down, left and
right. The candidates of each cell are judged anew for each fold, on a third of its training part.
"""

from functools import partial

from ._digits import CELLS, Reading

BASE = {"batch_size": 64, "learning_rate": "cosine", "bidirectional": True}
CANDIDATES = {
    "two directions, dropout": {**BASE, "max_iter": 15, "dropout": 0.3},
    "two directions, wide": {**BASE, "max_iter": 20, "dropout": 0.5, "hidden_layer_sizes": 128},
}
READING = Reading(8, CANDIDATES, {cell: list(CANDIDATES) for cell in CELLS})

judgements, judge, units, run = READING.judgements, READING.judge, READING.units, READING.run
rows = partial(READING.rows, reach=0.985)
