"""
===================================================
Digits, read row by row and pixel by pixel
===================================================

A picture of 8 by 8 pixels can be read as a sequence: 8 steps of 8 pixels, or 64 steps of one. The first is easy. The
second asks a network to remember where it is, and what it saw eight steps ago. A linear model that sees all 64 pixels
at once is the baseline for both.
"""

from pathlib import Path
from time import perf_counter

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from skseq import CostSensitiveLogisticRegression, RNNClassifier
from skseq.neural_network import RNNTagger

# %%
# The same array, three ways
# --------------------------
# ``features_per_step=8`` reads the 64 columns as 8 steps of 8, row after row, and ``features_per_step=1``, the default,
# as 64 steps. So X stays a table, and tools for tables can stand before the network.

X, y = load_digits(return_X_y=True)
X = (X / 16).astype(np.float32)
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.4, stratify=y, random_state=0)

MODELS = {
    "all 64 pixels: linear": CostSensitiveLogisticRegression(class_weight=None),
    "8 steps of 8: GRU": RNNClassifier(32, features_per_step=8, learning_rate_init=0.01, batch_size=50, random_state=0),
    "64 steps of 1: GRU": RNNClassifier(32, learning_rate_init=0.01, batch_size=50, max_iter=60, random_state=0),
}
print(f"{'719 pictures that were not trained on':40}{'accuracy':>9}{'seconds':>9}")
for name, model in MODELS.items():
    start = perf_counter()
    model.fit(X_train, y_train)
    print(f"{name:40}{model.score(X_test, y_test):9.3f}{perf_counter() - start:9.1f}")

# %%
# What it thinks on the way
# -------------------------
# A network that reads arrays (n, steps, features) takes sequences of any length, so it can be asked after every row:
# what would you say if the picture ended here? The classifier was trained on whole pictures, and has no good answer.
# ``RNNTagger`` is trained to answer at every step: its y has the digit once for each row.

rows_train, rows_test = X_train.reshape(-1, 8, 8), X_test.reshape(-1, 8, 8)
settings = {"learning_rate_init": 0.01, "batch_size": 50, "random_state": 0}
classifier = RNNClassifier(32, **settings).fit(rows_train, y_train)
tagger = RNNTagger(32, **settings).fit(rows_train, np.repeat(y_train[:, None], 8, axis=1))
accuracy = {
    "RNNClassifier, trained on whole pictures": [classifier.score(rows_test[:, :read], y_test) for read in range(1, 9)],
    "RNNTagger, trained on every row": np.mean(tagger.predict(rows_test) == y_test[:, None], axis=0),
}
for name, curve in accuracy.items():
    print(f"{name:40} after 1, 2, ..., 8 rows:", "  ".join(f"{a:.2f}" for a in curve))

# %%
# One picture
# -----------

shown = [np.flatnonzero(y_test == digit)[0] for digit in (0, 3, 4, 7)]
figure, axes = plt.subplots(2, 5, figsize=(14, 6), width_ratios=[1, 1, 1, 1, 2], layout="constrained")
for (image, thoughts), row in zip(axes[:, :4].T, shown):
    image.imshow(X_test[row].reshape(8, 8), cmap="gray_r")
    image.set(title=f"a {y_test[row]}", xticks=[], yticks=range(8), yticklabels=range(1, 9))
    drawn = thoughts.imshow(
        tagger.predict_proba(rows_test[row : row + 1])[0], cmap="Blues", vmin=0, vmax=1, aspect="auto"
    )
    thoughts.set(xticks=range(10), yticks=range(8), yticklabels=range(1, 9), xlabel="digit")
axes[0, 0].set_ylabel("row of the picture")
axes[1, 0].set_ylabel("after this many rows")
figure.colorbar(drawn, ax=axes[1, 3], label="probability")
for ax in axes[:, 4]:
    ax.remove()
curves = figure.add_subplot(axes[0, 4].get_subplotspec().get_gridspec()[:, 4])
for (name, curve), style in zip(accuracy.items(), ("o--", "s-")):
    curves.plot(range(1, 9), curve, style, color="#0072B2", label=name)
for (name, model), color, style in zip(MODELS.items(), ("#000000", "#009E73", "#D55E00"), (":", "--", "-.")):
    curves.axhline(model.score(X_test, y_test), color=color, linestyle=style, linewidth=1, label=name)
curves.set(xlabel="rows read", ylabel="accuracy", ylim=(0, 1.4), title="How soon it knows")
curves.set_yticks(np.linspace(0, 1, 6))
curves.legend(fontsize=8, loc="upper left")

path = Path("digits.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
