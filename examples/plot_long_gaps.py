"""
===============================================
Long gaps: clipping, ReLU with identity, gates
===============================================

Two symbols hide among distracting ones, and the class is which of them came first (Hochreiter & Schmidhuber 1997).
The longer the sequence, the farther the gradient has to go back. Here are the plain cell and the three tricks of the
tutorial, over a short and a longer gap.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from skseq import RNNClassifier
from skseq.datasets import make_temporal_order

# %%
# Six networks
# ------------
# They differ in the cell, in where the recurrent weights begin, and in clipping. All else is the same.

NETWORKS = {
    "tanh": {"cell": "rnn", "recurrent_init": "glorot", "max_grad_norm": None},
    "tanh, orthogonal, clipped": {"cell": "rnn"},
    "ReLU + identity": {"cell": "rnn", "activation": "relu", "recurrent_init": "identity", "max_grad_norm": None},
    "ReLU + identity, clipped": {"cell": "rnn", "activation": "relu", "recurrent_init": "identity"},
    "LSTM, clipped": {"cell": "lstm"},
    "GRU, clipped": {"cell": "gru"},
}


def sequences(n_samples, n_steps, seed):
    """Return sequences in float32, which is fast, and their classes."""
    X, y = make_temporal_order(n_samples, n_steps=n_steps, random_state=seed)
    return [x.astype(np.float32) for x in X], y


accuracy, models = {}, {}
for n_steps, epochs in ((20, 8), (60, 16)):
    X_train, y_train = sequences(2000, n_steps, seed=0)
    X_test, y_test = sequences(1000, n_steps, seed=1)
    for name, options in NETWORKS.items():
        model = RNNClassifier(
            24, learning_rate_init=0.005, batch_size=50, max_iter=epochs, random_state=0, **options
        ).fit(X_train, y_train)
        accuracy[name, n_steps] = model.score(X_test, y_test)
        models[name] = model

print(f"{'accuracy on 1,000 new sequences':34}{'20 steps':>10}{'60 steps':>10}")
for name in NETWORKS:
    print(f"{name:34}{accuracy[name, 20]:10.3f}{accuracy[name, 60]:10.3f}")

# %%
# What is seen
# ------------
# Over 20 steps anything learns. Over 60 the gradient of the tanh cell hardly reaches the first symbol. Clipping does
# not help there, for it only shortens gradients. ReLU with the identity lets the gradient through, so much of it that
# clipping is needed. Gates begin with memories as long as the sequences, and learn in a few epochs.

COLORS = ["#000000", "#999999", "#E69F00", "#D55E00", "#0072B2", "#009E73"]  # told apart by the colour-blind too
figure, (curves, norms) = plt.subplots(1, 2, figsize=(12, 4.8), layout="constrained")
for (name, model), color, style in zip(models.items(), COLORS, ["-", "--", "-.", "-", "--", "-"]):
    epochs = range(1, model.n_iter_ + 1)
    curves.plot(epochs, model.loss_curve_, style, color=color, label=f"{name}: {accuracy[name, 60]:.2f}")
    norms.plot(epochs, model.grad_norm_curve_, style, color=color)
curves.axhline(np.log(4), color="black", linewidth=0.8, linestyle=":", label="guessing")
curves.set(xlabel="epoch", ylabel="training loss", ylim=(0, 3), title="60 steps: loss, and accuracy on new sequences")
curves.legend(fontsize=8, loc="upper right")
norms.axhline(1, color="black", linewidth=0.8, linestyle=":", label="clipped to this norm")
norms.legend(fontsize=8, loc="lower left")
norms.set(xlabel="epoch", ylabel="norm of the gradient, before clipping", yscale="log")
norms.set_title("60 steps: what comes back")

path = Path("long_gaps.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
