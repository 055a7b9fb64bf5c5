"""
================================================
A cost for each row: fraud of different amounts
================================================

A fraud that is overlooked costs its amount, a check costs the same few euros whatever the amount. One cost matrix for
all transactions has to use the mean amount; ``MinimumCostClassifier.predict(X, cost_matrix=...)`` takes a matrix for
each of them. Here the same model decides in both ways, on ten simulated data sets.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn import config_context
from sklearn.model_selection import cross_validate
from sklearn.preprocessing import StandardScaler

from skseq import CostSensitiveLogisticRegression, make_pipeline
from skseq.compose import MinimumCostClassifier
from skseq.metrics import expected_cost, imbalance_report, make_cost_scorer

# %%
# Transactions
# ------------
# Two in a hundred are fraud. Amounts are log-normal, and frauds are somewhat larger; five more columns tell a little.

CHECK = 5.0  # of a transaction, in euros


def draw(n, rng):
    """Return n transactions, their classes and their amounts."""
    fraud = rng.random(n) < 0.02
    amounts = rng.lognormal(3.0 + 0.7 * fraud, 1.4)
    signs = rng.standard_normal((n, 5)) + 0.9 * fraud[:, None]
    return np.c_[signs, np.log(amounts)], np.where(fraud, "fraud", "ok"), amounts


# %%
# Costs by name: true class first, then the predicted one. What is right costs nothing unless it is named. A cost may be
# an array with one entry for each row.


def costs_of(amounts):
    """Return the costs of transactions, or of their mean if ``amounts`` is a number."""
    return {"fraud": {"ok": amounts, "fraud": CHECK}, "ok": {"fraud": CHECK}}


# %%
# One model, three decisions, ten data sets
# -----------------------------------------
# Savings are the part of the losses that is avoided: 1 - cost / cost of checking nothing.

DECISIONS = ("most probable class", "one matrix", "a cost for each row")
savings = {name: [] for name in DECISIONS}
for seed in range(10):
    rng = np.random.default_rng(seed)
    (X_train, y_train, train_amounts), (X_test, y_test, amounts) = draw(4000, rng), draw(4000, rng)
    plain = make_pipeline(StandardScaler(), CostSensitiveLogisticRegression(class_weight=None))
    model = MinimumCostClassifier(plain).fit(X_train, y_train)
    mean_amount = train_amounts[y_train == "fraud"].mean()
    predictions = {
        "most probable class": model.predict(X_test),
        "one matrix": model.predict(X_test, cost_matrix=costs_of(mean_amount)),
        "a cost for each row": model.predict(X_test, cost_matrix=costs_of(amounts)),
    }
    nothing = expected_cost(y_test, np.full(len(y_test), "ok"), costs_of(amounts))
    for name, predicted in predictions.items():
        savings[name].append(1 - expected_cost(y_test, predicted, costs_of(amounts)) / nothing)

print("savings                 mean   least    most")
for name, values in savings.items():
    print(f"{name:20}{np.mean(values):8.3f}{min(values):8.3f}{max(values):8.3f}")
better = sum(row > one for row, one in zip(savings["a cost for each row"], savings["one matrix"]))
print(f"A cost for each row is better on {better} of 10 data sets.\n")

# %%
# Recall alone would say the opposite: with a cost for each row fewer frauds are found, for small amounts are let pass,
# and fewer transactions are checked in vain.

for name in DECISIONS[1:]:
    print(f"{name}\n{imbalance_report(y_test, predictions[name], cost_matrix=costs_of(amounts))}\n")

# %%
# In cross-validation
# -------------------
# An array (n, 2, 2), in the sorted order of the classes, is split into folds as X is. With metadata routing enabled it
# reaches the scorer, and the decision that is scored.

costs = np.zeros((len(y_train), 2, 2))
costs[:, 0, 0], costs[:, 0, 1], costs[:, 1, 0] = CHECK, train_amounts, CHECK
with config_context(enable_metadata_routing=True):
    folds = cross_validate(model, X_train, y_train, scoring=make_cost_scorer(), params={"cost_matrix": costs})
print(f"cost of a transaction, five folds: {-folds['test_score'].mean():.2f}")

# %%
# One picture
# -----------
# One matrix is one threshold on the probability, p* = 5 / mean amount. A cost for each row is a threshold for each
# amount, p* = 5 / amount: right of both curves are checks on which the two agree.

figure, (left, right) = plt.subplots(1, 2, figsize=(12, 5), layout="constrained", width_ratios=(3, 2))
proba = model.predict_proba(X_test)[:, 0]
fraud = y_test == "fraud"
left.scatter(proba[~fraud], amounts[~fraud], s=3, color="0.75", label="ok")
left.scatter(proba[fraud], amounts[fraud], s=18, color="#D55E00", label="fraud")
curve = np.geomspace(CHECK, amounts.max() * 1.5, 200)
left.plot(CHECK / curve, curve, color="#0072B2", linewidth=2.5, label="a cost for each row")
left.axvline(CHECK / mean_amount, color="black", linestyle="--", linewidth=1.5, label="one matrix")
left.set(xscale="log", yscale="log", xlim=(1e-4, 1.1), ylim=(1, amounts.max() * 1.5))
left.set(xlabel="probability of fraud", ylabel="amount in euros", title="Checked: what lies right of the line")
left.legend(loc="lower left", markerscale=2)
for one, row in zip(savings["one matrix"], savings["a cost for each row"]):
    right.plot([0, 1], [one, row], color="0.6", marker="o", linewidth=1, markerfacecolor="#0072B2")
right.plot([0, 1], [np.mean(savings[name]) for name in DECISIONS[1:]], color="black", linewidth=3, label="mean")
right.set(xticks=[0, 1], xticklabels=DECISIONS[1:], xlim=(-0.3, 1.3), ylabel="savings", title="Ten data sets")
right.legend(loc="upper left")

path = Path("fraud.png").resolve()
figure.savefig(path, dpi=110)
print(f"Picture: {path}")
