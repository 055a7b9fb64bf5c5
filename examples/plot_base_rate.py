"""
=====================================================
Probabilities after weights and SMOTE: the base rate
=====================================================

Class weights and synthetic rows move the decision towards the rare class. They move the probabilities too: a model
trained on balanced data believes that every other row is rare. Here the data are drawn at a known base rate, so we can
see how far off they are, what ``prior_correction`` mends, and where it mends less: after SMOTE in many columns.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.preprocessing import FunctionTransformer

from skseq import SMOTE, CostSensitiveLogisticRegression, make_pipeline
from skseq.compose import ResampledClassifier
from skseq.metrics import imbalance_report

# %%
# Data whose probabilities are known
# ----------------------------------
# Two Gaussians, one row in twenty rare. Between Gaussians the log-odds are linear in the columns and their squares,
# so a logistic regression on both can get them right. The classes lie equally far apart in 2 and in 20 columns.

BASE_RATE = 0.05
rng = np.random.RandomState(0)


def draw(n, columns):
    """Return n rows and their classes."""
    y = (np.arange(n) < BASE_RATE * n).astype(int)
    return rng.standard_normal((n, columns)) + 1.75 / np.sqrt(columns) * y[:, None], y


# %%
# Five models
# -----------


def with_squares(X):
    """Return the columns and their squares."""
    return np.hstack([X, X**2])


def regression(**settings):
    """Return a logistic regression on the columns and their squares."""
    return make_pipeline(FunctionTransformer(with_squares), CostSensitiveLogisticRegression(**settings))


PLAIN = regression(class_weight=None)
MODELS = {
    "no remedy": PLAIN,
    "balanced weights": regression(),
    "balanced weights, corrected": regression(prior_correction=True),
    "SMOTE": ResampledClassifier(PLAIN, SMOTE(random_state=0)),
    "SMOTE, corrected": ResampledClassifier(PLAIN, SMOTE(random_state=0), prior_correction=True),
}

# %%
# One picture
# -----------
# Rows are grouped by what a model says; a curve on the dotted line says what happens. Weights and SMOTE can lie on each
# other, so the first are drawn broad and the second narrow.

STYLES = {
    "no remedy": {"color": "#000000", "linewidth": 2, "marker": "s"},
    "balanced weights": {"color": "#E69F00", "linewidth": 7, "alpha": 0.5},
    "balanced weights, corrected": {"color": "#0072B2", "linewidth": 7, "alpha": 0.4},
    "SMOTE": {"color": "#D55E00", "linewidth": 1.5, "marker": "o"},
    "SMOTE, corrected": {"color": "#009E73", "linewidth": 1.5, "marker": "o"},
}
figure, panels = plt.subplots(1, 2, figsize=(12, 5.5), layout="constrained", sharey=True)
for columns, ax in zip((2, 20), panels):
    (X_train, y_train), (X_test, y_test) = draw(20_000, columns), draw(100_000, columns)
    print(f"{f'{columns} columns':30}mean probability   log loss     AUC")
    ax.plot([0, 1], [0, 1], color="0.6", linestyle=":", label="as it should be")
    probabilities = {}
    for name, model in MODELS.items():
        probabilities[name] = probability = model.fit(X_train, y_train).predict_proba(X_test)[:, 1]
        loss, auc = log_loss(y_test, probability), roc_auc_score(y_test, probability)
        print(f"{name:30}{probability.mean():16.3f}{loss:11.4f}{auc:8.3f}")
        seen, said = calibration_curve(y_test, probability, n_bins=20, strategy="quantile")
        ax.plot(said, seen, markersize=4, label=name, **STYLES[name])
    ax.set(title=f"{columns} columns", xlabel="predicted probability of the rare class")
    print()
panels[0].set(ylabel="its frequency among these rows", ylim=(-0.02, 0.58))
figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
figure.suptitle(f"Reliability at a base rate of {100 * BASE_RATE:.0f} %")

# %%
# For weights the correction follows from Bayes' rule: they change the class frequencies and nothing else. After SMOTE
# it is an approximation. Synthetic rows lie between the real ones, so the rare class is also narrower than it was,
# and no factor on the classes undoes that. In 2 columns neighbours are close and it hardly shows. In 20 they are far
# away: after the correction the mean probability is close to the base rate, but high probabilities are too high, low
# ones too low, and the ranking (AUC) has suffered.
#
# What the weights buy, and what they cost, in 20 columns:

for name in ("no remedy", "balanced weights"):
    print(f"{name}\n{imbalance_report(y_test, MODELS[name].predict(X_test))}\n")

path = Path("base_rate.png").resolve()
figure.savefig(path, dpi=110)
print(f"Picture: {path}")
