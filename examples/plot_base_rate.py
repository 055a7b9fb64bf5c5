"""
=====================================================
Probabilities after weights and SMOTE: the base rate
=====================================================

Class weights and synthetic rows move the decision towards the rare class. They move the probabilities too: a model
trained on balanced data believes that every other row is rare. Here the true probabilities are known, so we can see
how far off they are, and what ``prior_correction`` mends.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss

from skseq import SMOTE, CostSensitiveLogisticRegression
from skseq.compose import ResampledClassifier
from skseq.metrics import imbalance_report

# %%
# Data whose probabilities are known
# ----------------------------------
# Two Gaussians, one row in twenty rare. Between Gaussians of one spread the log-odds are linear, so a logistic
# regression can get them right.

BASE_RATE = 0.05
rng = np.random.RandomState(0)


def draw(n):
    """Return n rows and their classes."""
    y = (rng.random_sample(n) < BASE_RATE).astype(int)
    return rng.standard_normal((n, 2)) + 1.2 * y[:, None], y


X_train, y_train = draw(20_000)
X_test, y_test = draw(20_000)

# %%
# Five models
# -----------


def unweighted(**settings):
    """Return a logistic regression without class weights."""
    return CostSensitiveLogisticRegression(class_weight=None, **settings)


MODELS = {
    "no remedy": unweighted(),
    "balanced weights": CostSensitiveLogisticRegression(),
    "balanced weights, corrected": CostSensitiveLogisticRegression(prior_correction=True),
    "SMOTE": ResampledClassifier(unweighted(), SMOTE(random_state=0)),
    "SMOTE, corrected": ResampledClassifier(unweighted(), SMOTE(random_state=0), prior_correction=True),
}
probabilities = {name: model.fit(X_train, y_train).predict_proba(X_test)[:, 1] for name, model in MODELS.items()}

print(f"base rate: {y_train.mean():.3f} in training, {y_test.mean():.3f} in the test part\n")
print(f"{'':30}mean probability   log loss")
for name, probability in probabilities.items():
    print(f"{name:30}{probability.mean():16.3f}{log_loss(y_test, probability):11.4f}")

# %%
# The correction is exact for weights, since they change the class frequencies and nothing else. After SMOTE it is an
# approximation: synthetic rows lie between the real ones, so the rare class is also narrower than it was.
#
# What the weights buy, and what they cost:

print()
for name in ("no remedy", "balanced weights"):
    print(f"{name}\n{imbalance_report(y_test, MODELS[name].predict(X_test))}\n")

# %%
# One picture
# -----------

# Weights and SMOTE lie on each other, so the first are drawn broad and the second narrow.
STYLES = {
    "no remedy": {"color": "#000000", "linewidth": 2, "marker": "s"},
    "balanced weights": {"color": "#E69F00", "linewidth": 7, "alpha": 0.5},
    "balanced weights, corrected": {"color": "#0072B2", "linewidth": 7, "alpha": 0.4},
    "SMOTE": {"color": "#D55E00", "linewidth": 1.5, "marker": "o"},
    "SMOTE, corrected": {"color": "#009E73", "linewidth": 1.5, "marker": "o"},
}
figure, ax = plt.subplots(figsize=(8, 5), layout="constrained")
ax.plot([0, 0.55], [0, 0.55], color="0.6", linestyle=":", label="as it should be")
for name, probability in probabilities.items():
    seen, said = calibration_curve(y_test, probability, n_bins=12, strategy="quantile")
    ax.plot(said, seen, markersize=4, label=name, **STYLES[name])
ax.set(
    xlabel="predicted probability of the rare class",
    ylabel="its frequency among these rows",
    title=f"Reliability at a base rate of {100 * BASE_RATE:.0f} %",
)
ax.set_ylim(top=0.58)
ax.legend(loc="upper right")
path = Path("base_rate.png").resolve()
figure.savefig(path, dpi=110)
print(f"Picture: {path}")
