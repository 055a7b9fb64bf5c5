"""
====================================================
Balanced bagging of sequences: under-sample, average
====================================================

Under-sampling makes a small training set: all sequences of the rare class and as few of the common one. One network
that is trained on it has not seen most of the data. Several networks, each on another draw, see all of it together, and
their mean is steadier than each. ``EnsembleClassifier`` does both, for ragged sequences as well as for tables.
"""

from pathlib import Path
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import average_precision_score, log_loss

from skseq import RNNClassifier
from skseq.compose import EnsembleClassifier
from skseq.under_sampling import RandomUnderSampler

# %%
# A rare event inside noise
# -------------------------
# One sequence in twenty holds a short dip and rebound at a random place. The others hold the same two halves, in the
# other order or apart, so that no summary of the values tells them from it. The sequences have 16 to 32 steps.

SHAPE = np.repeat([-1.5, 1.5], 4)


def draw(n, rng):
    """Return n ragged sequences (steps, 1) and their classes."""
    y = (np.arange(n) % 20 == 0).astype(int)
    X = [rng.standard_normal((rng.randint(16, 33), 1)) for _ in range(n)]
    for sequence, label in zip(X, y):
        start = rng.randint(len(sequence) - len(SHAPE))
        sequence[start : start + len(SHAPE), 0] += SHAPE if label else -SHAPE
    return X, y


rng = np.random.RandomState(0)
X_train, y_train = draw(600, rng)
X_test, y_test = draw(2000, rng)
print(f"{len(X_train)} sequences, {y_train.sum()} of them rare")

# %%
# One network or eight, on all rows or on under-samples
# -----------------------------------------------------
# An under-sample is a tenth of the data, so it gets more epochs: about as many updates in half the time or less.
# ``prior_correction=True`` maps the probabilities of networks trained on equal parts back to one in twenty.

settings = {"batch_size": 20, "learning_rate_init": 0.01}
ENSEMBLES = {
    "all rows": EnsembleClassifier(RNNClassifier(12, max_iter=12, **settings), 8, random_state=0),
    "under-samples": EnsembleClassifier(
        RNNClassifier(12, max_iter=50, **settings),
        8,
        sampler=RandomUnderSampler(),
        random_state=0,
        prior_correction=True,
    ),
}
scores = {}
print(f"{'':32}average precision   log loss   seconds")
for name, ensemble in ENSEMBLES.items():
    start = perf_counter()
    ensemble.fit(X_train, y_train)
    seconds = perf_counter() - start
    alone = np.array([member.predict_proba(X_test)[:, 1] for member in ensemble.estimators_])
    together = np.cumsum(alone, axis=0) / np.arange(1, len(alone) + 1)[:, None]
    scores[name] = [[average_precision_score(y_test, p) for p in proba] for proba in (alone, together)]
    losses = [log_loss(y_test, p) for p in alone]
    for who, precision, loss, time in (
        ("one network", np.mean(scores[name][0]), np.mean(losses), seconds / 8),  # the mean over the members
        ("eight networks", scores[name][1][-1], log_loss(y_test, together[-1]), seconds),
    ):
        print(f"{f'{who}, {name}':32}{precision:17.3f}{loss:11.3f}{time:10.1f}")

# %%
# What averaging gives
# --------------------
# Dots are single networks; lines are the means of the first 1, 2, ..., 8 of them.

figure, ax = plt.subplots(figsize=(7.5, 4.8), layout="constrained")
members = np.arange(1, 9)
for (name, (alone, together)), color in zip(scores.items(), ("#0072B2", "#D55E00")):
    ax.plot(members, together, color=color, linewidth=2, label=f"mean of networks, {name}")
    ax.scatter(members, alone, color=color, s=25, alpha=0.5, label=f"single network, {name}")
ax.set(xlabel="number of networks", ylabel="average precision", title="One sequence in twenty, found by shape alone")
figure.legend(loc="outside lower center", ncols=2)

# %%
# Single networks differ much, since 30 sequences are few to learn from. A network on an under-sample is trained in half
# the time or less and ranks worse: it has seen a tenth of the data. The mean of eight is about as good as a single one
# on all rows, and steadier. Averaging helps networks on all rows just as much, so they stay ahead, with the better
# probabilities. Under-sampling saves time and memory: take it where the common class is too large to train on.

path = Path("ensemble.png").resolve()
figure.savefig(path, dpi=110)
print(f"Picture: {path}")
