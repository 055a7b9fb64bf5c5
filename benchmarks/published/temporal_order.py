"""Temporal order, task 6a.

Two of 100 to 110 symbols are X or Y, around steps 15 and 55, and the class is which is which. As Hochreiter &
Schmidhuber (1997, experiment 6a) do, every training sequence is new and 2,560 sequences are tested. They stopped when
the latest 2,000 training sequences had all been right; here that count stands beside the test after a fixed number of
sequences, over which the learning rate falls along a cosine. Networks have 32 units.
"""

import numpy as np

from skseq import RNNClassifier
from skseq.datasets import make_temporal_order

from ._fresh import (
    CHUNK,
    TESTED,
    as_float32,
    learn,
    sequences_until_right,
    test_seed,
    thousands,
    validation_seed,
)
from ._task import Row, mean_and_range, of

SEEDS = 3
CELLS = ("lstm", "gru")
CHUNKS, PRESENTED = 20, 31_390
N_STEPS = 100
CANDIDATES = {
    "fast": {"learning_rate_init": 0.01},
    "slow": {"learning_rate_init": 0.003},
    "no memory, fast": {"learning_rate_init": 0.01, "memory_steps": None},
    "no memory, slow": {"learning_rate_init": 0.003, "memory_steps": None},
}
ORDERS = ("XX", "XY", "YX", "YY")


def judgements(smoke):
    """Return one unit a candidate, cell and seed."""
    return [
        {"cell": cell, "candidate": candidate, "seed": seed}
        for cell in CELLS
        for candidate in CANDIDATES
        for seed in range(1 if smoke else 2)
    ]


def judge(unit, smoke):
    """Return minus the share of wrong validation sequences, on training sequences of other seeds."""
    model, _ = train(unit, 100 + unit["seed"], smoke)
    return {"score": -count_wrong(model, *sequences(CHUNK, validation_seed(unit["seed"]))) / CHUNK}


def units(chosen, smoke):
    """Return one unit a cell and seed."""
    return [
        {"cell": cell, "seed": seed, "candidate": chosen(cell=cell)}
        for cell in CELLS
        for seed in range(1 if smoke else SEEDS)
    ]


def run(unit, smoke):
    """Return how many sequences it took and how many of 2,560 are wrong."""
    model, wrong = train(unit, unit["seed"], smoke)
    return {
        "wrong": count_wrong(model, *sequences(TESTED, test_seed(unit["seed"]))),
        "until_right": sequences_until_right(wrong),
        "sequences": (2 if smoke else CHUNKS) * CHUNK,
    }


def train(unit, seed, smoke):
    """Return the network of a candidate, trained, and how many of each chunk were wrong before."""
    chunks = 2 if smoke else CHUNKS
    model = RNNClassifier(
        32,
        cell=unit["cell"],
        batch_size=20,
        learning_rate="cosine",
        max_iter=chunks,
        random_state=seed,
        **CANDIDATES[unit["candidate"]],
    )
    return model, learn(model, sequences, chunks, seed, count_wrong, classes=ORDERS)


def sequences(n, seed):
    """Return n sequences and their classes."""
    X, y = make_temporal_order(n, n_steps=N_STEPS, random_state=seed)
    return as_float32(X), y


def count_wrong(model, X, y):
    """Return how many classes are wrong."""
    return int(np.sum(model.predict(X) != y))


def rows(records):
    """Return a row of the table a cell."""
    found = []
    for cell in CELLS:
        wrong = of(records, "wrong", cell=cell)
        if not wrong:
            continue
        used = of(records, "sequences", cell=cell)[0]
        found.append(
            Row(
                f"Temporal order 6a, {cell.upper()}",
                f"LSTM: {PRESENTED:,} sequences until the latest 2,000 were right, 1 of 2,560 wrong (Hochreiter & "
                "Schmidhuber 1997)",
                f"at most 1 of 2,560 wrong, within {PRESENTED:,} sequences",
                f"{mean_and_range(wrong, 1)} wrong after {used:,} sequences; sequences until the latest 2,000 were "
                f"right: {thousands(of(records, 'until_right', cell=cell))}",
                max(wrong) <= 1 and used <= PRESENTED,
            )
        )
    return found
