"""The adding problem.

Two numbers of a long sequence are marked, and their sum is to be said at its end. As Hochreiter & Schmidhuber (1997,
experiment 4) do, every training sequence is new, a sequence is right if the error is below 0.04, and 2,560 sequences
are tested. That the spread of memories over the units does no harm was seen with these figures, too. They stopped when
the latest 2,000 training sequences had all been right; here that count stands beside the test after a fixed number of
sequences, over which the learning rate falls along a cosine. Their longest gap near ours is T = 500. Networks have 32
units.

The picture is the version of Le, Jaitly & Hinton (2015) with T = 100: 100 units for the vanilla cells, as they had, and
32 for the gated ones, at constant learning rates. They found the IRNN ahead of the tanh network. They began with tiny
input weights; here the numbers and marks are divided by five instead, since the units of an IRNN add up the inputs of
all steps. Without it most of its trainings diverge. Batches are of 50 sequences for the vanilla cells, with which the
IRNN diverges less often than with 20, and of 20 for the gated ones. With inputs that small an LSTM may not have begun
to learn after 50,000 sequences, as one of the three has not.
"""

from functools import partial

import numpy as np

from skseq import RNNRegressor
from skseq.datasets import make_adding_problem
from skseq.training import DivergenceError

from ._fresh import (
    CHUNK,
    TESTED,
    as_float32,
    learn,
    sequences_until_right,
    test_seed,
    thousands,
    training_seed,
    validation_seed,
)
from ._task import Row, mean_and_range, of, values

SEEDS = 3
CELLS = ("lstm", "gru")
#: For each T: chunks of 1,000 training sequences, what Hochreiter & Schmidhuber presented, and the T of theirs.
HOCHREITER = {100: (40, 74_000, 100), 400: (40, 209_000, 500)}
TOLERANCE = 0.04
CANDIDATES = {
    "fast": {"learning_rate_init": 0.01},
    "slow": {"learning_rate_init": 0.003},
    "no memory, fast": {"learning_rate_init": 0.01, "memory_steps": None},
    "no memory, slow": {"learning_rate_init": 0.003, "memory_steps": None},
}
#: For the vanilla cells of the picture.
RATES = {f"rate {rate}": {"learning_rate_init": rate} for rate in (0.002, 0.0005, 0.0002)}
CANDIDATES |= RATES
JUDGED_CHUNKS = 20

LE_STEPS, LE_CHUNKS = 100, 50
#: Colours that the colour-blind can tell apart (Okabe and Ito), and a line style for each as well.
NETWORKS = {
    "IRNN": ({"cell": "rnn", "activation": "relu", "recurrent_init": "identity"}, "#D55E00", "-"),
    "tanh RNN": ({"cell": "rnn"}, "#999999", "--"),
    "LSTM": ({"cell": "lstm"}, "#0072B2", "-."),
    "GRU": ({"cell": "gru"}, "#009E73", ":"),
}
VANILLA = ("IRNN", "tanh RNN")
LE_SCALE = 0.2


def judgements(smoke):
    """Return one unit a candidate, cell and seed."""
    return [
        {"cell": cell, "candidate": candidate, "seed": seed}
        for cell in CELLS
        for candidate in CANDIDATES
        for seed in range(1 if smoke else 2)
        if candidate not in RATES
    ] + [
        {"network": network, "candidate": candidate, "seed": seed}
        for network in VANILLA
        for candidate in RATES
        for seed in range(1 if smoke else 2)
    ]


def judge(unit, smoke):
    """Return minus the share of wrong validation sequences at T = 100, on training sequences of other seeds.

    For the networks of the picture, minus the mean squared error; that of a training that diverged counts as one.
    """
    if "network" in unit:
        X, y = le(CHUNK, validation_seed(unit["seed"]))
        curve, diverged = run_network(unit, 2 if smoke else JUDGED_CHUNKS, 100 + unit["seed"], X, y)
        return {"score": -1.0 if diverged else -curve[-1]}
    model = new_model(unit, 2 if smoke else JUDGED_CHUNKS)
    draw = partial(hochreiter, 100)
    learn(model, draw, 2 if smoke else JUDGED_CHUNKS, 100 + unit["seed"], count_wrong)
    return {"score": -count_wrong(model, *draw(CHUNK, validation_seed(unit["seed"]))) / CHUNK}


def units(chosen, smoke):
    """Return one unit a T, cell and seed, and one a network of the picture and seed."""
    seeds = range(1 if smoke else SEEDS)
    return [
        {"T": T, "cell": cell, "seed": seed, "candidate": chosen(cell=cell)}
        for T in ((100,) if smoke else reversed(HOCHREITER))
        for cell in CELLS
        for seed in seeds
    ] + [
        {"network": network, "seed": seed, "candidate": chosen(network=network) if network in VANILLA else "fast"}
        for network in NETWORKS
        for seed in seeds
    ]


def run(unit, smoke):
    """Return how many sequences it took and how many of 2,560 are wrong, or the curve of the test error."""
    if "network" in unit:
        X, y = le(TESTED, test_seed(unit["seed"]))
        curve, diverged = run_network(unit, 2 if smoke else LE_CHUNKS, unit["seed"], X, y)
        mean = float(np.var(y))
        return {"mse": mean if diverged else curve[-1], "mean": mean, "curve": curve, "diverged": diverged}
    chunks = 2 if smoke else HOCHREITER[unit["T"]][0]
    model = new_model(unit, chunks)
    draw = partial(hochreiter, unit["T"])
    wrong = learn(model, draw, chunks, unit["seed"], count_wrong)
    X, y = draw(TESTED, test_seed(unit["seed"]))
    return {
        "wrong": count_wrong(model, X, y),
        "mse": float(np.mean((model.predict(X) - y) ** 2)),
        "until_right": sequences_until_right(wrong),
        "sequences": chunks * CHUNK,
    }


def new_model(unit, chunks):
    """Return the network of a candidate, whose learning rate falls over so many calls of partial_fit."""
    return RNNRegressor(
        32,
        cell=unit["cell"],
        batch_size=20,
        learning_rate="cosine",
        max_iter=chunks,
        random_state=unit["seed"],
        **CANDIDATES[unit["candidate"]],
    )


def hochreiter(n_steps, n, seed):
    """Return n sequences of the first paper and their targets."""
    X, y = make_adding_problem(n, n_steps, random_state=seed)
    return as_float32(X), y


def count_wrong(model, X, y):
    """Return how many errors are not below the tolerance."""
    return int(np.sum(np.abs(model.predict(X) - y) >= TOLERANCE))


def run_network(unit, chunks, seed, X, y):
    """Return the mean squared error on X after each 1,000 training sequences, and whether training diverged."""
    network = unit["network"]
    model = RNNRegressor(
        100 if network in VANILLA else 32,
        batch_size=50 if network in VANILLA else 20,
        random_state=seed,
        **NETWORKS[network][0],
        **CANDIDATES[unit["candidate"]],
    )
    curve = []
    for k in range(chunks):
        try:
            model.partial_fit(*le(CHUNK, training_seed(seed, k)))
        except DivergenceError:
            return curve, True
        curve.append(float(np.mean((model.predict(X) - y) ** 2)))
    return curve, False


def le(n, seed):
    """Return n sequences of the second paper and their targets."""
    X, y = make_adding_problem(n, LE_STEPS, variant="le", random_state=seed)
    return as_float32(LE_SCALE * X), y


def rows(records):
    """Return a row of the table a T and cell, and one of the IRNN."""
    found = []
    for T, (_, presented, their_T) in HOCHREITER.items():
        for cell in CELLS:
            wrong = of(records, "wrong", T=T, cell=cell)
            if wrong:
                right = thousands(of(records, "until_right", T=T, cell=cell))
                used = of(records, "sequences", T=T, cell=cell)[0]
                found.append(
                    Row(
                        f"Adding problem, T = {T}, {cell.upper()}",
                        f"LSTM, T = {their_T}: {presented:,} sequences until the latest 2,000 were right, "
                        f"{1 if their_T == 100 else 0} of 2,560 wrong (Hochreiter & Schmidhuber 1997)",
                        f"at most 1 of 2,560 wrong, within {presented:,} sequences",
                        f"{mean_and_range(wrong, 1)} wrong after {used:,} sequences; sequences until the latest 2,000 "
                        f"were right: {right}",
                        max(wrong) <= 1 and used <= presented,
                    )
                )
    irnn, tanh = (of(records, "mse", network=network) for network in ("IRNN", "tanh RNN"))
    if irnn:
        found.append(
            Row(
                f"Adding problem, T = {LE_STEPS}, IRNN and tanh RNN",
                "the IRNN learns it, the tanh RNN does not (Le, Jaitly & Hinton 2015, figure 1)",
                "the IRNN's mean squared error below that of the tanh RNN",
                f"IRNN {mean_and_range(irnn, 4)}, tanh RNN {mean_and_range(tanh, 4)} after {LE_CHUNKS * CHUNK:,} "
                f"sequences; the mean alone {np.mean(of(records, 'mean', network='IRNN')):.3f}; "
                f"{sum(of(records, 'diverged', network='IRNN'))} of {len(irnn)} IRNNs diverged, held to be the mean",
                max(irnn) < min(tanh),
            )
        )
    return found


def draw(records):
    """Return a figure: the test error over the training sequences, a line a run."""
    import matplotlib.pyplot as plt

    figure, ax = plt.subplots(figsize=(8, 4.8), layout="constrained")
    for network in values([record for record in records if "network" in record["unit"]], "network"):
        _, color, style = NETWORKS[network]
        for k, curve in enumerate(of(records, "curve", network=network)):
            presented = CHUNK * np.arange(1, len(curve) + 1)
            ax.plot(presented, curve, style, color=color, linewidth=1.6, label=None if k else network)
    mean = np.mean(of(records, "mean", network="IRNN"))
    ax.axhline(mean, color="black", linewidth=0.8)
    end = (LE_CHUNKS * CHUNK, mean)  # where no curve of a network that learns is near
    ax.annotate("always the mean", end, (0, 4), textcoords="offset points", fontsize=9, ha="right")
    ax.set(
        yscale="log", xlabel="training sequences presented", ylabel=f"mean squared error on {TESTED:,} new sequences"
    )
    ax.set_title(f"Adding problem of Le, Jaitly & Hinton, T = {LE_STEPS}, three seeds")
    ax.legend()
    ax.grid(color="0.9", linewidth=0.6)
    return figure
