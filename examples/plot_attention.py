"""
====================================================
A Transformer beside a GRU, and what it pays heed to
====================================================

``TransformerClassifier`` looks at all steps of a sequence at once, where a recurrent network reads them one by one.
Here both tell nine speakers apart by two Japanese vowels (7 to 29 steps of 12 coefficients): accuracy on the test part
after each epoch. Then the weights of attention are worked out from ``weights_`` for one utterance, to see which steps
look at which.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.special import softmax
from sklearn.preprocessing import StandardScaler

from skseq import RNNClassifier
from skseq.compose import EachStep
from skseq.datasets import load_japanese_vowels
from skseq.neural_network import TransformerClassifier

# %%
# Scaled steps, in float32
# ------------------------
# 270 utterances to learn from, 370 others to test on, of the same speakers.

X_train, y_train = load_japanese_vowels(subset="train", return_X_y=True)
X_test, y_test = load_japanese_vowels(subset="test", return_X_y=True)
scaler = EachStep(StandardScaler()).fit(X_train)
X_train, X_test = ([x.astype(np.float32) for x in scaler.transform(X)] for X in (X_train, X_test))

# %%
# Epoch by epoch
# --------------
# ``partial_fit`` takes one epoch. Batches of 32, so that there are nine steps of the optimizer in each.

EPOCHS = 25
models = {
    "GRU, both directions": RNNClassifier(64, bidirectional=True, pooling="mean", batch_size=32, random_state=0),
    "Transformer": TransformerClassifier(batch_size=32, random_state=0),
}
accuracies = {}
for name, model in models.items():
    accuracies[name] = []
    for _ in range(EPOCHS):
        model.partial_fit(X_train, y_train, classes=np.unique(y_train))
        accuracies[name].append(model.score(X_test, y_test))
    n_weights = sum(array.size for array in model.weights_.values())
    print(f"{name}: accuracy {accuracies[name][-1]:.3f}, {n_weights:,} weights")

# %%
# Who looks at whom
# -----------------
# The first layer of the fitted Transformer, in plain NumPy: the projected steps with their positions, normalised, give
# queries and keys, and the softmax of their products says how much of each step (across) another (down) takes.


def first_attention(x, weights, n_heads):
    """Return the weights of attention (heads, steps, steps) in the first layer for one sequence (steps, features)."""
    states = x @ weights["projection.weights"] + weights["projection.bias"]
    steps, width = states.shape
    angles = np.arange(steps)[:, None] * 10_000.0 ** (-np.arange(0, width, 2) / width)
    states[:, ::2] += np.sin(angles)
    states[:, 1::2] += np.cos(angles)
    states = (states - states.mean(axis=1, keepdims=True)) / np.sqrt(states.var(axis=1, keepdims=True) + 1e-5)
    states = states * weights["layer_0.attention_norm.gain"] + weights["layer_0.attention_norm.bias"]
    projected = states @ weights["layer_0.attention.input_weights"] + weights["layer_0.attention.input_bias"]
    queries, keys, _ = projected.reshape(steps, 3, n_heads, -1).transpose(1, 2, 0, 3)
    return softmax(queries @ keys.transpose(0, 2, 1) / np.sqrt(width / n_heads), axis=2)


transformer = models["Transformer"]
utterance = X_test[int(np.argmax([len(x) for x in X_test]))]
attention = first_attention(utterance, transformer.weights_, transformer.n_heads)
print(f"{len(utterance)} steps; each row of each head adds up to one: {np.allclose(attention.sum(axis=2), 1)}")

# %%
# The picture
# -----------

figure = plt.figure(figsize=(11, 4.6), layout="constrained")
curves, maps = figure.subfigures(1, 2, width_ratios=(1, 1.1))
axes = curves.subplots()
for (name, values), style in zip(accuracies.items(), ({"color": "#999999"}, {"color": "#0072B2"})):
    axes.plot(range(1, EPOCHS + 1), values, label=f"{name} ({values[-1]:.3f})", linewidth=2, **style)
axes.set(xlabel="epoch", ylabel="accuracy on the test part", title="Nine speakers", ylim=(None, 1.0))
axes.legend(loc="lower right", frameon=False)
axes.spines[["top", "right"]].set_visible(False)

maps.suptitle("Attention in the first layer, one utterance")
largest = attention.max()
for head, (one, weights) in enumerate(zip(maps.subplots(2, 2, sharex=True, sharey=True).flat, attention)):
    image = one.imshow(weights, cmap="viridis", vmin=0, vmax=largest, origin="upper")
    one.set_title(f"head {head + 1}", fontsize=9)
    if head % 2 == 0:
        one.set_ylabel("step that looks", fontsize=9)
    if head > 1:
        one.set_xlabel("step looked at", fontsize=9)
maps.colorbar(image, ax=maps.axes, shrink=0.8, label="weight")

picture = Path.cwd() / "attention.png"
figure.savefig(picture, dpi=100)
print(f"Picture: {picture}")
