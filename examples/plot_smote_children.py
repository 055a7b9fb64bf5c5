"""
=======================================
Where synthetic rows come from: a look
=======================================

SMOTE puts new rows between a row of a rare class and one of its neighbours. Here we see them there: in a table, in two
principal components, and in speech, where parents have different lengths and the child has one between.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import load_breast_cancer

from skseq import SMOTE
from skseq.datasets import load_japanese_vowels
from skseq.inspection import ResamplingDisplay

# %%
# A table
# -------
# Tumours, benign and malignant, by 30 measurements. We keep 25 of the malignant ones, which makes them rare. Each child
# lies on the straight line between its parents. Neighbours in 30 columns can look far apart in the plane, and strangers
# close: the axes say how much of the variance the plane shows.

X, y = load_breast_cancer(return_X_y=True)
labels = np.array(["malignant", "benign"])[y]
kept = np.r_[np.flatnonzero(labels == "malignant")[:25], np.flatnonzero(labels == "benign")]
X, labels = X[kept], labels[kept]
X = (X - X.mean(axis=0)) / X.std(axis=0)

figure = plt.figure(figsize=(11, 9.5), layout="constrained")
table, speech = figure.subfigures(2, 1, height_ratios=[1.15, 1])
display = ResamplingDisplay.from_sampler(
    SMOTE(random_state=0), X, labels, ax=table.subplots(1, 2, sharex=True, sharey=True)
)
print(f"table: {len(X)} rows, {len(display.parents)} of them new")

# %%
# Sequences
# ---------
# Utterances of one speaker among those of the others, each a sequence of steps of 12 coefficients. We look for the
# child whose parents differ most in length and whose gap is near the middle.

X, y = load_japanese_vowels(subset="train", return_X_y=True)
is_speaker = (y == y[0]).astype(int)
sampler = SMOTE(random_state=0)
X_resampled, _ = sampler.fit_resample(X, is_speaker)
lengths = np.array([len(x) for x in X])
i, j = sampler.parents_.T
child = np.argmax(np.abs(lengths[i] - lengths[j]) - 20 * np.abs(sampler.gaps_ - 0.5))
gap = sampler.gaps_[child]
family = {
    f"parent i: {lengths[i[child]]} steps": X[i[child]],
    f"parent j: {lengths[j[child]]} steps": X[j[child]],
    f"child: {len(X_resampled[len(X) + child])} steps, gap {gap:.2f}": X_resampled[len(X) + child],
}
for name in family:
    print(name)

# %%
# One picture
# -----------
# Lower left: the sequences as they are, over their steps. Lower right: over the part of the sequence that has passed.
# Each point of the child lies between those of its parents at the same part, which is how SMOTE aligns them. An event
# that one parent has early and the other late is not aligned: the child shows it twice, and faintly.

STYLES = [
    {"color": "#0072B2", "marker": "o"},
    {"color": "#009E73", "marker": "s"},
    {"color": "#D55E00", "marker": "x", "linewidth": 2},
]
steps, parts = speech.subplots(1, 2, sharey=True)
for (name, sequence), style in zip(family.items(), STYLES):
    steps.plot(sequence[:, 0], markersize=4, label=name, **style)
    parts.plot(np.linspace(0, 1, len(sequence)), sequence[:, 0], markersize=4, label=name, **style)
steps.set(xlabel="step", ylabel="first coefficient", title="Two utterances and their child")
parts.set(xlabel="part of the sequence", title="The same, aligned as SMOTE aligns them")
steps.legend()
path = Path("smote_children.png").resolve()
figure.savefig(path, dpi=110)
print(f"Picture: {path}")
