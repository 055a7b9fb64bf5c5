"""
==================================================
Families: cross-validation and resampled rare rows
==================================================

A synthetic row is made of its parents. If rare rows are resampled first and cross-validated afterwards, a row and its
child, or two copies of one row, stand on both sides of a split: the model is tested on what it was trained on. The
score is far too high, and nothing warns.

The remedy is to resample inside the folds, with a ``Pipeline``. If the data comes resampled, ``row_families`` says
which rows must stay together. Here is what each way of scoring says, beside the truth, and where families end.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import make_classification
from sklearn.ensemble import RandomForestClassifier
from sklearn.metrics import recall_score
from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_predict

from skseq import SMOTE, make_pipeline
from skseq.over_sampling import RandomOverSampler, row_families

# %%
# The data
# --------
# Three small data sets of 600 rows, 8 % of them rare, and 10,000 rows more to tell the truth. The figure is the recall
# of the rare class: of its rows, the share that is found. It does not depend on how many rare rows there are.

N_SETS, N_ROWS = 3, 600
X, y = make_classification(
    N_SETS * N_ROWS + 10_000, 20, n_informative=6, n_redundant=4, weights=[0.92], class_sep=0.7, random_state=0
)
SETS = [slice(start, start + N_ROWS) for start in range(0, N_SETS * N_ROWS, N_ROWS)]
X_truth, y_truth = X[N_SETS * N_ROWS :], y[N_SETS * N_ROWS :]

SAMPLERS = {
    "RandomOverSampler()": RandomOverSampler(random_state=0),
    "SMOTE(k_neighbors=1)": SMOTE(k_neighbors=1, random_state=0),
    "SMOTE()": SMOTE(random_state=0),
}
FOREST = RandomForestClassifier(15, random_state=0)
SHUFFLED = StratifiedKFold(5, shuffle=True, random_state=0)

# %%
# Three ways to score
# -------------------


def leaking(X, y, sampler):
    """Resample, then cross-validate: children of the training rows are in the test part."""
    X_res, y_res = sampler.fit_resample(X, y)
    return recall_score(y_res, cross_val_predict(FOREST, X_res, y_res, cv=SHUFFLED))


def by_families(X, y, sampler):
    """Resample, then cross-validate with each family on one side."""
    X_res, y_res = sampler.fit_resample(X, y)
    families = row_families(sampler.parents_, len(X))
    return recall_score(y_res, cross_val_predict(FOREST, X_res, y_res, cv=GroupKFold(5), groups=families))


def in_the_folds(X, y, sampler):
    """Cross-validate a pipeline, which resamples each training part and tests on real rows."""
    return recall_score(y, cross_val_predict(make_pipeline(sampler, FOREST), X, y, cv=SHUFFLED))


def truth(X, y, sampler):
    """Fit on all rows and look at 10,000 new ones."""
    model = make_pipeline(sampler, FOREST).fit(X, y)
    return recall_score(y_truth, model.predict(X_truth))


WAYS = {
    "resampled first, plain folds": leaking,
    "resampled first, folds of families": by_families,
    "Pipeline: resampled in the folds": in_the_folds,
    "truth: 10,000 new rows": truth,
}

print(f"{'recall of the rare class: mean (least to largest)':52}" + "".join(f"{name:>26}" for name in SAMPLERS))
recalls = {}
for way, score in WAYS.items():
    for name, sampler in SAMPLERS.items():
        recalls[way, name] = np.array([score(X[rows], y[rows], sampler) for rows in SETS])
    cells = [recalls[way, name] for name in SAMPLERS]
    print(f"{way:52}" + "".join(f"{r.mean():10.2f} ({r.min():.2f} to {r.max():.2f})" for r in cells))

# %%
# Where families end
# ------------------
# A row and its copies are a family, however many they are. SMOTE's children join the families of both parents, so the
# more neighbours there are to choose from and the more children, the fewer families are left. Soon the whole class is
# one, which no split can divide: the folds of families then train without a rare row, and find none. With one
# neighbour a few families are left, and the score is too low, for each fold misses whole regions of the class. In a
# Pipeline none of this matters.

NEIGHBORS = (1, 2, 5)
GROWTHS = (0.1, 0.25, 0.5, 1, 2, 4, 8)  # new rows for each rare row


def count_families(k_neighbors, growth):
    """Return into how many families SMOTE joins the rare rows of the first set."""
    rows = SETS[0]
    total = n_rare + round(growth * n_rare)
    sampler = SMOTE(sampling_strategy={1: total}, k_neighbors=k_neighbors, random_state=0)
    sampler.fit_resample(X[rows], y[rows])
    return len(np.unique(row_families(sampler.parents_, N_ROWS)[:N_ROWS][y[rows] == 1]))


n_rare = int(y[SETS[0]].sum())
left = {k: [count_families(k, growth) for growth in GROWTHS] for k in NEIGHBORS}
for k, counts in left.items():
    print(f"families of {n_rare} rare rows with k_neighbors={k} and {GROWTHS} new rows a row: {counts}")

# %%
# One picture
# -----------

COLORS = ["#D55E00", "#E69F00", "#0072B2", "#000000"]  # told apart by the colour-blind too
figure, (scores, families) = plt.subplots(1, 2, figsize=(14, 5), width_ratios=[1.6, 1], layout="constrained")
places = np.arange(len(SAMPLERS))
for shift, (way, color) in enumerate(zip(WAYS, COLORS)):
    cells = np.array([recalls[way, name] for name in SAMPLERS])
    at = places + (shift - 1.5) * 0.2
    scores.bar(at, cells.mean(axis=1), width=0.18, color=color, label=way)
    scores.plot(np.repeat(at, N_SETS), cells.ravel(), "o", color="white", markeredgecolor=color, markersize=4)
scores.set(xticks=places, xticklabels=SAMPLERS, ylabel="recall of the rare class", ylim=(0, 1.35))
scores.set_yticks(np.linspace(0, 1, 6))
scores.set_title("What each way of scoring says (points: three data sets)")
scores.legend(fontsize=8, ncols=2, loc="upper center")
for (k, counts), marker in zip(left.items(), "osv"):
    families.plot(GROWTHS, counts, marker=marker, label=f"SMOTE(k_neighbors={k})")
families.axhline(n_rare, color="gray", linestyle="--", label="RandomOverSampler(): one a row")
families.set(xlabel="new rows for each rare row", ylabel=f"families of the {n_rare} rare rows", xscale="log", ylim=0)
families.set_xticks(GROWTHS, map(str, GROWTHS))
families.minorticks_off()
families.set_title("How many families are left to split")
families.legend(fontsize=8)

path = Path("lineage.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
