"""
=====================================
A grid search over the whole pipeline
=====================================

Scaling, sampler, cell and pooling are parts of one estimator, so scikit-learn's ``GridSearchCV`` chooses among all of
them together. The sampler may be left out altogether: that is a candidate like any other. Each candidate is scored on
recordings that it was neither scaled, resampled nor fitted with.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from skseq import SMOTE, Pipeline, RNNClassifier
from skseq.compose import EachStep
from skseq.datasets import load_japanese_vowels

# %%
# One speaker of nine
# -------------------
# 30 of the 270 utterances to train on are his. They have 7 to 29 steps, so X is a list. Noise is added, as over a bad
# line: without it most candidates find him every time, and there is nothing to choose.

SPEAKER = 5


def load(subset):
    """Return noisy utterances in float32, which is fast, and whether the speaker is ours."""
    X, y = load_japanese_vowels(subset=subset, return_X_y=True)
    rng = np.random.RandomState(len(X))
    return [(x + 0.3 * rng.standard_normal(x.shape)).astype(np.float32) for x in X], y == SPEAKER


X_train, y_train = load("train")
X_test, y_test = load("test")

# %%
# The pipeline and its grid
# -------------------------
# A step is searched by its name, a parameter of a step by its path. ``"passthrough"`` leaves a step out.

pipeline = Pipeline(
    [
        ("scale", EachStep(StandardScaler())),
        ("sampler", SMOTE(random_state=0)),
        ("network", RNNClassifier(16, max_iter=20, learning_rate="cosine", random_state=0)),
    ]
)
grid = {
    "scale__transformer": [FunctionTransformer(), StandardScaler()],
    "sampler": ["passthrough", SMOTE(random_state=0)],
    "network__cell": ["rnn", "gru"],
    "network__pooling": ["last", "mean"],
    "network__learning_rate_init": [0.005, 0.02],
}
folds = StratifiedKFold(3, shuffle=True, random_state=0)
search = GridSearchCV(pipeline, grid, scoring="average_precision", cv=folds).fit(X_train, y_train)

# %%
# What it found
# -------------
# Average precision ranks: it asks how far ahead of the others the speaker's utterances are, whatever the threshold.

results = search.cv_results_
mean, by_fold = results["mean_test_score"], np.array([results[f"split{fold}_test_score"] for fold in range(3)])
print(f"{len(mean)} candidates, {3 * len(mean) + 1} fits")
print(f"best: {mean.max():.3f}, by fold {by_fold[:, search.best_index_].round(3)}")
for name, value in search.best_params_.items():
    print(f"  {name} = {value}")
test_score = average_precision_score(y_test, search.predict_proba(X_test)[:, 1])
print(f"on the 370 test utterances: {test_score:.3f}")

# %%
# One picture
# -----------
# At the left is every candidate, at the right the same with the folds. Where their ranges overlap, the order of the
# candidates is as much chance as merit. It is the coarse differences that tell.


def short(name, value):
    """Return a choice in few words."""
    words = {"FunctionTransformer": "not scaled", "StandardScaler": "scaled", "SMOTE": "SMOTE", "str": "no sampler"}
    if name in ("sampler", "scale__transformer"):
        return words[type(value).__name__]
    return f"rate {value}" if name.endswith("init") else str(value)


def cell(params, *names):
    """Return the choices of a candidate for some names."""
    return ", ".join(short(name, params[name]) for name in names)


rows = [
    cell(params, "network__cell", "network__pooling", "network__learning_rate_init") for params in results["params"]
]
columns = [cell(params, "scale__transformer", "sampler") for params in results["params"]]
row_names, column_names = list(dict.fromkeys(rows)), list(dict.fromkeys(columns))
table = np.zeros((len(row_names), len(column_names)))
for row, column, score in zip(rows, columns, mean):
    table[row_names.index(row), column_names.index(column)] = score

figure, (heat, spread) = plt.subplots(1, 2, figsize=(14, 6), width_ratios=[1.1, 1], layout="constrained")
heat.imshow(table, cmap="Blues", aspect="auto", vmin=mean.min(), vmax=1)
middle = (mean.min() + 1) / 2
for (row, column), score in np.ndenumerate(table):
    color = "white" if score > middle else "black"
    weight = "bold" if score == mean.max() else "normal"
    heat.text(column, row, f"{score:.3f}", ha="center", va="center", color=color, weight=weight)
heat.set_xticks(range(len(column_names)), [name.replace(", ", "\n") for name in column_names])
heat.set_yticks(range(len(row_names)), row_names)
heat.set_title("Mean average precision (bold: best)")

COLORS = {"SMOTE": "#D55E00", "no sampler": "#0072B2"}  # told apart by the colour-blind too
order = np.argsort(-mean)
for place, candidate in enumerate(order):
    sampler = short("sampler", results["params"][candidate]["sampler"])
    spread.plot(by_fold[:, candidate], [place] * 3, "-", color=COLORS[sampler], linewidth=1)
    spread.plot(mean[candidate], place, "os"[sampler == "SMOTE"], color=COLORS[sampler])
for sampler, marker in (("no sampler", "o"), ("SMOTE", "s")):
    spread.plot([], [], marker + "-", color=COLORS[sampler], label=sampler)
spread.axvline(test_score, color="black", linestyle=":", label="the best one, on the test utterances")
spread.set(xlabel="average precision: mean and range of three folds", ylabel="candidates, best first")
spread.set_title("How far chance goes")
spread.invert_yaxis()
spread.legend(loc="upper left")

path = Path("grid_search.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
