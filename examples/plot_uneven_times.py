"""
=================================
Readings at uneven times
=================================

Blood is drawn a few times after a drug was given, whenever there is time to. Patients who break the drug down slowly
need a lower dose. A falling concentration says nothing unless one knows how many hours lie between two samples.

A network reads steps, not hours. ``ForwardFillImputer(time=...)`` turns the column of time stamps into log(1 + hours
since the sample before), which is what it needs.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from skseq import RNNClassifier, make_pipeline
from skseq.compose import EachStep
from skseq.preprocessing import ForwardFillImputer

# %%
# 500 patients
# ------------
# The concentration halves every 4 hours, in slow patients every 8. Time stamps are hours since the beginning of the
# year. The time between samples varies between minutes and half a day, and one sample in five is lost.


def make_patients(n, seed):
    """Return n arrays (samples, 2) of the time stamp and the log concentration, and whether each patient is slow."""
    rng = np.random.RandomState(seed)
    slow = rng.uniform(size=n) < 0.3
    X = []
    for half_life in np.where(slow, 8.0, 4.0):
        hours = np.exp(rng.normal(0.7, 0.9, rng.randint(4, 10))).cumsum()
        concentration = rng.normal(4, 0.7) - np.log(2) * hours / half_life + rng.normal(0, 0.15, len(hours))
        concentration[1:][rng.uniform(size=len(hours) - 1) < 0.2] = np.nan
        X.append(np.column_stack([rng.uniform(0, 8760) + hours, concentration]))
    return X, slow


X_train, y_train = make_patients(500, seed=0)
X_test, y_test = make_patients(1000, seed=1)
print(X_train[0].round(2))

# %%
# Three ways to tell a network the time
# -------------------------------------
# Not at all, as the time stamp itself, and as the time since the sample before.

network = RNNClassifier(16, batch_size=32, max_iter=30, learning_rate_init=0.01, learning_rate="cosine", random_state=0)


def without_time(X):
    """Return the sequences without their time stamps."""
    return [x[:, 1:] for x in X]


readers = {
    "no time": (ForwardFillImputer(add_indicator=True), without_time),
    "the time stamp itself": (ForwardFillImputer(add_indicator=True), list),
    "time since the sample before": (ForwardFillImputer(add_indicator=True, time=0), list),
}
scores, probabilities = {}, {}
for name, (imputer, select) in readers.items():
    model = make_pipeline(imputer, EachStep(StandardScaler()), network).fit(select(X_train), y_train)
    probabilities[name] = model.predict_proba(select(X_test))[:, 1]
    scores[name] = roc_auc_score(y_test, probabilities[name])
    print(f"{name:28} area under the ROC curve {scores[name]:.3f}")

# %%
# The picture: what is to be told apart, and how far apart the three networks put it.

figure, axes = plt.subplots(1, 2, figsize=(12, 4.5), layout="constrained", width_ratios=[1, 1.3])
for label, color in ((False, "#0072B2"), (True, "#D55E00")):
    for i, x in enumerate([x for x, slow in zip(X_train, y_train) if slow == label][:4]):
        kind = ("slow" if label else "normal") if i == 0 else None
        seen = ~np.isnan(x[:, 1])
        axes[0].plot(x[seen, 0] - x[0, 0], x[seen, 1], "o-", color=color, markersize=4, linewidth=1, label=kind)
axes[0].set(xlabel="hours since the first sample", ylabel="log concentration", title="Eight patients")
axes[0].legend()
for place, probability in enumerate(probabilities.values()):
    for label, color, shift in ((False, "#0072B2", -0.16), (True, "#D55E00", 0.16)):
        parts = axes[1].violinplot([probability[y_test == label]], positions=[place + shift], widths=0.3)
        for part in (*parts["bodies"], parts["cbars"], parts["cmins"], parts["cmaxes"]):
            part.set_color(color)
axes[1].set_xticks(range(3), [f"{name}\nAUC {score:.2f}" for name, score in scores.items()])
axes[1].set(ylabel="probability of being slow", title="1,000 new patients", ylim=(0, 1))

path = Path("uneven_times.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
