"""Copy memory.

Ten symbols out of eight, T = 100 steps of nothing, then the ten are to be repeated. Arjovsky, Shah & Bengio (2016) hold
the cross-entropy against that of a model without memory, 10 ln 8 / (T + 20). Here it is in percent of that: 100 is no
memory at all, 0 is all ten symbols right. Every training sequence is new; symbols are one-hot in float32; the learning
rate falls along a cosine, and each cell has the settings that were best on validation sequences after a shorter
training. The training was made three times as long after a first result.
"""

import numpy as np

from skseq.datasets import make_copy_memory
from skseq.neural_network import RNNTagger
from skseq.training import DivergenceError

from ._fresh import CHUNK, TESTED, test_seed, training_seed, validation_seed
from ._task import Row, mean_and_range, of

SEEDS = 3
T = 100
BASELINE = 10 * np.log(8) / (T + 20)
UNITS = 64
CHUNKS, JUDGED_CHUNKS = 120, 15
NETWORKS = {
    "LSTM": {"cell": "lstm"},
    "GRU": {"cell": "gru"},
    "tanh RNN": {"cell": "rnn"},
    "IRNN": {"cell": "rnn", "activation": "relu", "recurrent_init": "identity"},
}
GATED = ("LSTM", "GRU")
CANDIDATES = {
    "fast": {"learning_rate_init": 0.01},
    "slow": {"learning_rate_init": 0.003},
    "slowest": {"learning_rate_init": 0.001},
    "memories, fast": {"learning_rate_init": 0.01, "memory_steps": "mean"},
    "memories, slow": {"learning_rate_init": 0.003, "memory_steps": "mean"},
}


def judgements(smoke):
    """Return one unit a network and candidate; only gates have memory_steps."""
    return [
        {"network": network, "candidate": candidate, "seed": 0}
        for network in NETWORKS
        for candidate, settings in CANDIDATES.items()
        if network in GATED or "memory_steps" not in settings
    ]


def judge(unit, smoke):
    """Return minus the cross-entropy on validation sequences, after training sequences of other seeds."""
    try:
        model = train(unit, 100 + unit["seed"], 1 if smoke else JUDGED_CHUNKS)
    except DivergenceError:
        return {"score": -999.0}
    return {"score": -percent_of_baseline(model, CHUNK, validation_seed(unit["seed"]))}


def units(chosen, smoke):
    """Return one unit a network and seed."""
    return [
        {"network": network, "seed": seed, "candidate": chosen(network=network)}
        for network in NETWORKS
        for seed in range(1 if smoke else SEEDS)
    ]


def run(unit, smoke):
    """Return the cross-entropy on 2,560 sequences in percent of the baseline, and how many symbols are right."""
    presented = (1 if smoke else CHUNKS) * CHUNK
    try:
        model = train(unit, unit["seed"], presented // CHUNK)
    except DivergenceError:  # held to be no better than without memory
        return {"percent": 100.0, "symbols": 1 / 8, "sequences": presented, "diverged": True}
    X, y = sequences(TESTED, test_seed(unit["seed"]))
    right = (model.predict(X) == y)[:, -10:]
    percent = percent_of_baseline(model, TESTED, test_seed(unit["seed"]))
    return {"percent": percent, "symbols": float(right.mean()), "sequences": presented, "diverged": False}


def train(unit, seed, chunks):
    """Return a network after so many chunks of 1,000 sequences."""
    model = RNNTagger(
        UNITS,
        batch_size=20,
        learning_rate="cosine",
        max_iter=chunks,
        random_state=seed,
        **NETWORKS[unit["network"]],
        **CANDIDATES[unit["candidate"]],
    )
    for k in range(chunks):
        model.partial_fit(*sequences(CHUNK, training_seed(seed, k)), classes=range(9))
    return model


def sequences(n, seed):
    """Return n sequences, one-hot in float32, and their labels."""
    X, y = make_copy_memory(n, T, random_state=seed)
    return np.eye(10, dtype=np.float32)[X], y


def percent_of_baseline(model, n, seed):
    """Return the cross-entropy a step on n sequences, in percent of that without memory."""
    X, y = sequences(n, seed)
    log_proba = np.take_along_axis(model.predict_log_proba(X), y[..., np.newaxis], axis=2)
    return -100 * float(log_proba.mean(dtype=np.float64)) / BASELINE


def rows(records):
    """Return a row of the table a network."""
    found = []
    for network in NETWORKS:
        percent = of(records, "percent", network=network)
        if not percent:
            continue
        symbols = mean_and_range(of(records, "symbols", network=network), 0, 100, " %")
        used = of(records, "sequences", network=network)[0]
        fallen = sum(of(records, "diverged", network=network))
        diverged = f"; {fallen} of {len(percent)} diverged, held to be 100 %" if fallen else ""
        found.append(
            Row(
                f"Copy memory, T = {T}, {network}",
                f"without memory {BASELINE:.4f} nats a step (Arjovsky, Shah & Bengio 2016)",
                "below 100 % of it",
                f"{mean_and_range(percent, 1, unit=' %')} after {used:,} sequences; symbols right {symbols}{diverged}",
                max(percent) < 100,
            )
        )
    return found
