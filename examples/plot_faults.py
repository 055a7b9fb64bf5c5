"""
==============================================
Faults in long recordings: events, not steps
==============================================

A sensor runs for hours, a fault lasts a few steps. A tagger gives the probability of a fault at every step. Its most
probable class misses many faults, since a single step of one looks almost normal. The costs of a miss and of a false
alarm decide better, and ``event_report`` counts what matters: faults found and false alarms.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.preprocessing import StandardScaler

from skseq import make_pipeline
from skseq.compose import EachStep, MinimumCostClassifier
from skseq.metrics import contingency_table, event_report, expected_cost
from skseq.model_selection import cross_val_predict
from skseq.neural_network import RNNTagger

# %%
# Recordings
# ----------
# Two channels of autocorrelated noise, 300 to 500 steps each. A fault is a shift of both channels that sets in at once
# and fades; three in four recordings have one or two of them.

rng = np.random.default_rng(0)


def record(rng):
    """Return one recording (steps, 2) and its labels (steps,)."""
    steps = rng.integers(300, 500)
    noise = rng.standard_normal((steps, 2))
    for t in range(1, steps):
        noise[t] += 0.5 * noise[t - 1]
    labels = np.full(steps, "ok", dtype="U5")
    for start in rng.integers(20, steps - 30, size=rng.choice([0, 1, 1, 2])):
        length = rng.integers(8, 16)
        noise[start : start + length] += rng.uniform(1.0, 2.4) * np.linspace(1, 0.5, length)[:, None]
        labels[start : start + length] = "fault"
    return noise, labels


X, y = zip(*(record(rng) for _ in range(80)))
X_train, y_train, X_test, y_test = list(X[:50]), list(y[:50]), list(X[50:]), list(y[50:])
share = np.mean(np.concatenate(y_train) == "fault")
print(f"{100 * share:.1f} % of the steps are faulty.\n")

# %%
# A tagger and its decisions
# --------------------------
# A step of a fault that is not reported costs as much as five steps of a false alarm.

COSTS = {"fault": {"ok": 5}, "ok": {"fault": 1}}
settings = {"bidirectional": True, "learning_rate_init": 0.01, "batch_size": 10, "max_iter": 12, "random_state": 0}
tagger = make_pipeline(EachStep(StandardScaler()), RNNTagger(16, **settings))
decide = MinimumCostClassifier(tagger, COSTS).fit(X_train, y_train)

predictions = {"most probable class": decide.estimator_.predict(X_test), "by costs": decide.predict(X_test)}
for name, predicted in predictions.items():
    print(f"{name}: a step costs {expected_cost(y_test, predicted, COSTS):.4f}")
    print(contingency_table(y_test, predicted), "\n")

# %%
# Steps are not what an engineer counts. A run of faulty steps is one event, a run of predicted ones one alarm; an alarm
# that comes up to three steps before or after still finds the event.

reports = {name: event_report(y_test, p, positive="fault", tolerance=3) for name, p in predictions.items()}
for name, report in reports.items():
    print(
        f"{name:20} found {report.found:2} of {report.events}, {report.false_alarms:2} false alarms in "
        f"{report.steps} steps, mean delay {report.delay:.1f} steps"
    )

# %%
# Which costs give which events
# -----------------------------
# Probabilities of sequences that a model has not seen show it on the training data, in one line. For two classes a
# threshold p* on the probability of a fault is the cost matrix {fault: {ok: 1 - p*}, ok: {fault: p*}}.

proba = cross_val_predict(tagger, X_train, y_train, method="predict_proba", cv=2)
fault = int(decide.classes_.tolist().index("fault"))
thresholds = np.array([0.5, 0.3, 0.2, 0.1, 0.05, 0.02])
found, false_alarms = [], []
for threshold in thresholds:
    labels = [np.where(p[:, fault] > threshold, "fault", "ok") for p in proba]
    report = event_report(y_train, labels, positive="fault", tolerance=3)
    found.append(report.found / report.events)
    false_alarms.append(1000 * report.false_alarms / report.steps)
    print(f"threshold {threshold:4.2f}: found {found[-1]:4.0%}, false alarms in 1,000 steps {false_alarms[-1]:.2f}")

# %%
# One picture
# -----------
# A recording of the test data in which the costs change the outcome, over time.

parts = zip(*(report.per_sequence for report in reports.values()))
gains = [after.found - before.found - after.false_alarms / 10 for before, after in parts]
i = int(np.argmax(gains))
p = decide.predict_proba(X_test)[i][:, fault]
figure, (signal, belief, rows, trade) = plt.subplots(
    4, 1, figsize=(11, 9), layout="constrained", height_ratios=(3, 2, 1.3, 2.5)
)
signal.plot(X_test[i], linewidth=0.8)
signal.set(ylabel="two channels", title=f"Recording {i} of the test data; true faults are shaded")
belief.plot(p, color="black", linewidth=1.2)
belief.axhline(0.5, color="0.5", linestyle=":", label="most probable class")
belief.axhline(1 / 6, color="#D55E00", linestyle="--", label="by costs, p* = 1/6")
belief.set(ylabel="probability of a fault", ylim=(0, 1))
belief.legend(loc="upper right", ncols=2)
lines = {"true": y_test[i], **{name: predicted[i] for name, predicted in predictions.items()}}
colors = ("0.3", "#0072B2", "#D55E00")
for row, (labels, color) in enumerate(zip(lines.values(), colors)):
    rows.fill_between(np.arange(len(p)), row, row + 0.8, where=labels == "fault", step="mid", color=color)
rows.set(yticks=np.arange(3) + 0.4, yticklabels=list(lines), ylim=(3, -0.2), xlabel="step")
for panel in (signal, belief, rows):
    panel.set_xlim(0, len(p))
    shaded = {"where": y_test[i] == "fault", "transform": panel.get_xaxis_transform(), "color": "#F0E442", "alpha": 0.4}
    panel.fill_between(np.arange(len(p)), 0, 1, zorder=0, **shaded)
trade.plot(false_alarms, np.array(found) * 100, color="0.4", marker="o")
for threshold, x, height in zip(thresholds, false_alarms, found):
    trade.annotate(f"{threshold:g}", (x, 100 * height), xytext=(4, -12), textcoords="offset points")
trade.set(xlabel="false alarms in 1,000 steps", ylabel="faults found, %", title="Thresholds, on held-out folds")
trade.margins(0.08, 0.15)

path = Path("faults.png").resolve()
figure.savefig(path, dpi=110)
print(f"Picture: {path}")
