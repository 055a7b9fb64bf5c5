"""
=========================================
Which bases a splice junction is known by
=========================================

A network says where an exon ends. What does it go by? Integrated gradients (Sundararajan, Taly & Yan 2017) divide what
sets a prediction apart from that for a sequence that says nothing among all steps and features, and nothing is left
over.

Molecular biology knows the answer: nearly every intron begins with GT and ends with AG. The network has been told
nothing but windows of 60 bases and their classes.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GroupShuffleSplit

from skseq import RNNClassifier
from skseq.datasets import load_splice_junctions
from skseq.inspection import StepImportanceDisplay, network_summary, step_importance

# %%
# A network for three classes
# ---------------------------
# A border from exon to intron in the middle of the window (EI), one from intron to exon (IE), or none (N). Windows that
# occur twice stay on one side of the split.

data = load_splice_junctions(encoding="ids")
texts = np.array(["".join(data.vocabulary[base] for base in window) for window in data.data])
train, test = next(GroupShuffleSplit(1, test_size=0.25, random_state=0).split(texts, groups=texts))
model = RNNClassifier(32, embedding_dim=8, bidirectional=True, pooling="max", random_state=0)
model.set_params(learning_rate="cosine", learning_rate_init=0.015, max_iter=8, batch_size=40)
model.fit(data.data[train], data.target[train])
print(network_summary(model))
predicted = model.predict(data.data[test])
print(f"\nbalanced accuracy on windows held out: {balanced_accuracy_score(data.target[test], predicted):.3f}")

# %%
# What its predictions rest on
# ----------------------------
# Windows held out whose class is known rightly. The baseline is a window of average bases. Positions count from the
# border: the intron of an EI window begins at +1, that of an IE window ends at -1.

right = test[predicted == data.target[test]]
average_base = model.weights_["embedding.weights"][[data.vocabulary.index(base) for base in "ACGT"]].mean(axis=0)
titles = {"EI": "exon | intron: the intron begins with GT", "IE": "intron | exon: the intron ends with AG"}
figure = plt.figure(figsize=(12, 8), layout="constrained")
axes = figure.subplot_mosaic([["EI"], ["IE"], ["one"]], height_ratios=[1, 1, 1.1])
for junction, title in titles.items():
    windows, ax = right[data.target[right] == junction][:40], axes[junction]
    display = StepImportanceDisplay.from_estimator(
        model, data.data[windows], target=junction, baseline=average_base, row_names=data.vocabulary, ax=ax
    )
    ax.set(ylabel="base", title=f"{title} (mean of {len(windows)} windows)", xlabel="")
    by_step = display.contributions.sum(axis=0)
    most = sorted(np.argsort(-by_step)[:3])
    print(f"{junction}: most by the bases at", ", ".join(f"{data.feature_names[k]} ({by_step[k]:.2f})" for k in most))

# %%
# One window, letter by letter
# ----------------------------
# What its bases contribute adds up to its probability, less that of the baseline.

window = right[data.target[right] == "EI"][0]
found = step_importance(model, data.data[[window]], target="EI", baseline=average_base, n_points=256)
print(
    f"one window: {found.contributions.sum():.3f} in all; the probability of EI rises from "
    f"{found.baseline_predictions[0]:.3f} to {found.predictions[0]:.3f}"
)
one = StepImportanceDisplay(found.contributions, response="probability of EI")
one.plot(ax=axes["one"], step_names=texts[window])
axes["one"].set(title="One window with a border from exon to intron, base by base", xlabel="base", xlim=(-0.5, 59.5))
for name, ax in axes.items():
    ax.axvline(29.5, color="0.3", linewidth=1, linestyle="--")
    if name != "one":
        ax.set_xticks(range(0, 60, 5), data.feature_names[::5])
axes["IE"].set_xlabel("position, counted from the border (dashed)")

path = Path("step_importance.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
