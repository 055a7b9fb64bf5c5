"""
=============================================
Four samplers, one class: where new rows land
=============================================

SMOTE, BorderlineSMOTE and ADASYN all put new rows between rare ones. They differ in the rows from which they begin.
RandomOverSampler repeats rows as they are. Here they take the same data, and the same classifier learns from what
each of them makes.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.inspection import DecisionBoundaryDisplay
from sklearn.metrics import precision_score, recall_score
from sklearn.svm import SVC

from skseq import SMOTE, make_pipeline
from skseq.metrics import geometric_mean_score
from skseq.over_sampling import ADASYN, BorderlineSMOTE, RandomOverSampler

# %%
# A rare class in two groups
# --------------------------
# Most rare rows lie in a group of their own. Some lie at the edge of the common class, a few amidst it.


def draw(n_common, n_rare, seed):
    """Return rows and classes: common around the origin, rare in a group apart, at the edge and amidst."""
    rng = np.random.RandomState(seed)
    centres = np.array([[3.2, 2.4], [1.6, -1.6], [-0.8, 0.6]])[rng.choice(3, size=n_rare, p=[0.5, 0.3, 0.2])]
    rare = centres + rng.standard_normal((n_rare, 2)) * 0.45
    return np.r_[rng.standard_normal((n_common, 2)), rare], np.repeat([0, 1], [n_common, n_rare])


X, y = draw(400, 24, seed=4)
X_test, y_test = draw(20_000, 1200, seed=1)

# %%
# What each makes of it
# ---------------------
# The classifier, a support vector machine, gives no probabilities that a cost matrix could decide by. That is where
# new rows have their place.
#
# SMOTE begins from every rare row. BorderlineSMOTE begins from those in danger, of whose neighbours at least half are
# common: none in the group apart. ADASYN goes by the number of such neighbours: nearly all of its rows lie where the
# classes meet. Repeated rows lie on each other, so there is no cross to be seen.

SAMPLERS = {
    "no sampler": None,
    "RandomOverSampler": RandomOverSampler(random_state=0),
    "SMOTE": SMOTE(random_state=0),
    "BorderlineSMOTE": BorderlineSMOTE(random_state=0),
    "ADASYN": ADASYN(random_state=0),
}

figure, axes = plt.subplots(2, 3, figsize=(11, 8), sharex=True, sharey=True, layout="constrained")
print(f"{'21,200 new rows':20}{'recall':>8}{'precision':>11}{'G-mean':>8}")
for ax, (name, sampler) in zip(axes.flat, SAMPLERS.items()):
    model = make_pipeline(*[sampler] * (sampler is not None), SVC()).fit(X, y)
    predicted = model.predict(X_test)
    recall, precision = recall_score(y_test, predicted), precision_score(y_test, predicted)
    print(f"{name:20}{recall:8.2f}{precision:11.2f}{geometric_mean_score(y_test, predicted):8.2f}")
    DecisionBoundaryDisplay.from_estimator(model, X, response_method="predict", cmap="Blues", alpha=0.25, ax=ax)
    ax.plot(*X[y == 0].T, ".", color="#999999", markersize=3, label="common")
    if sampler is not None:
        X_new = sampler.fit_resample(X, y)[0][len(X) :]
        ax.plot(*X_new.T, "x", color="#D55E00", markersize=3, alpha=0.5, label="new")
    ax.plot(*X[y == 1].T, "o", color="black", markersize=4, label="rare")
    ax.set(title=f"{name}\nrecall {recall:.2f}, precision {precision:.2f}")
for ax in axes[:, 0]:
    ax.set_ylabel("feature 2")
for ax in (axes[1, 0], axes[1, 1], axes[0, 2]):
    ax.set_xlabel("feature 1")
    ax.tick_params(labelbottom=True)
axes[1, 2].axis("off")
handles, labels = axes[1, 1].get_legend_handles_labels()
handles.append(plt.Rectangle((0, 0), 1, 1, facecolor="#c2cee0"))
axes[1, 2].legend(handles, [*labels, "predicted rare"], loc="center", frameon=False, markerscale=2)

path = Path("samplers.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
