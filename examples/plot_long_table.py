"""
==============================================
From a long table to a table of alarms by step
==============================================

Measurements usually lie in one long table: one row per reading, an id, a time stamp, gaps, a category, and facts about
the machine that are repeated on each of its rows. Here it takes one call to make sequences of it, one pipeline to learn
from them, and one call to get a table of alarms back.

The pumps are simulated. What a pump vibrates depends on its state and on its age; a worn bearing adds a little that
grows over the last hours before a failure. A reading alone says little: one has to know what is normal for this pump,
and see it change.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, precision_recall_curve
from sklearn.model_selection import KFold
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from skseq import make_pipeline
from skseq.compose import EachStep
from skseq.neural_network import RNNTagger
from skseq.preprocessing import ForwardFillImputer
from skseq.sequences import from_long, to_long

# %%
# A long table
# ------------
# Every pump is read at uneven times, and some readings of each time are missing. In three of ten pumps a bearing wears.

STATES = ["idle", "run", "boost"]


def read_pump(pump, rng):
    """Return the rows of one pump."""
    steps = rng.randint(40, 100)
    hour = rng.exponential(0.5, steps).cumsum().round(2) + np.arange(steps) * 0.01
    state = np.repeat(rng.choice(STATES, steps), rng.randint(2, 9, steps))[:steps]
    age = rng.randint(1, 15)
    hours_left = hour[-1] - hour if rng.uniform() < 0.3 else np.full(steps, np.inf)
    wear = np.clip(1 - hours_left / 8, 0, 1)
    load = pd.Series(state).map({"idle": 0.0, "run": 1.0, "boost": 2.0}).to_numpy()
    vibration = 0.25 * age + load + 1.2 * wear + 0.3 * rng.standard_normal(steps)
    heat = 40 + 5 * load + 3 * wear + 2 * rng.standard_normal(steps) + 4 * rng.standard_normal()
    vibration[rng.uniform(size=steps) < 0.4] = np.nan
    heat[rng.uniform(size=steps) < 0.4] = np.nan
    label = np.where(wear > 0, "worn", "fine")
    return pd.DataFrame(
        {"pump": pump, "hour": hour, "state": state, "vibration": vibration, "heat": heat, "age": age, "label": label}
    )


rng = np.random.RandomState(0)
table = pd.concat([read_pump(f"P{pump:03}", rng) for pump in range(150)]).sample(frac=1, random_state=0)
print(table.head(4).to_string(index=False))
print(
    f"{len(table)} rows, {np.mean(table['label'] == 'worn'):.1%} of them worn; {table['heat'].isna().mean():.0%} gaps"
)

# %%
# Sequences
# ---------
# ``by`` tells which rows belong together, ``sort`` their order. The label is one per step here. As one column holds
# text, each sequence is a data frame; with numbers alone it would be an array.

X, y, keys = from_long(
    table,
    by="pump",
    sort="hour",
    features=["hour", "state", "vibration", "heat"],
    static="age",
    y="label",
    y_per="step",
)
print(X[0].head(3).to_string())

# %%
# A pipeline
# ----------
# ``EachStep`` takes the columns by name. ``ForwardFillImputer`` then fills each gap with the value before it, marks the
# values that it filled, and turns the time stamps (now column 0) into the time between readings.

columns = make_column_transformer(
    ("passthrough", ["hour"]),
    (OneHotEncoder(categories=[STATES]), ["state"]),
    (StandardScaler(), ["vibration", "heat", "age"]),
)
tagger = RNNTagger(24, batch_size=8, max_iter=12, learning_rate_init=0.01, learning_rate="cosine", random_state=0)
model = make_pipeline(EachStep(columns), ForwardFillImputer(add_indicator=True, time=0), tagger)

# %%
# Alarms of pumps the model has not seen: in each of five folds, the others train it.


def scaled_steps(model, sequences):
    """Return all steps of the sequences as the network of a fitted model gets them."""
    return np.concatenate(model[:-1].transform(sequences))


tables, baseline = [], []
for train, test in KFold(5, shuffle=True, random_state=0).split(X):
    training = [X[i] for i in train], [y[i] for i in train]
    held_out = [X[i] for i in test]
    model.fit(*training)
    worn = list(model.classes_).index("worn")
    probability = [proba[:, worn] for proba in model.predict_proba(held_out)]
    tables.append(to_long(probability, keys[test], names="probability"))
    # The same columns without memory: logistic regression on single steps.
    steps = LogisticRegression(max_iter=1000).fit(scaled_steps(model, training[0]), np.concatenate(training[1]))
    baseline.append(steps.predict_proba(scaled_steps(model, held_out))[:, 1])

# %%
# Back to a table
# ---------------
# ``to_long`` puts the rows in the order of the sorted table, so that its other columns can stand beside them.

predicted = pd.concat(tables).assign(one_step=np.concatenate(baseline)).sort_values(["pump", "step"], ignore_index=True)
alarms = pd.concat([table.sort_values(["pump", "hour"], ignore_index=True), predicted.drop(columns="pump")], axis=1)
alarms["alarm"] = alarms["probability"] > 1 / 11  # a miss costs ten false alarms
print(alarms.groupby("pump").tail(1).head(4).to_string(index=False, float_format="{:.2f}".format))
truth = alarms["label"] == "worn"
scores = {
    "network": average_precision_score(truth, alarms["probability"]),
    "single steps": average_precision_score(truth, alarms["one_step"]),
}
print({name: round(float(score), 3) for name, score in scores.items()})
caught = alarms[truth].groupby("pump")["alarm"].any()
print(f"{caught.sum()} of {len(caught)} worn pumps are noticed before they fail")
print(f"{alarms.loc[~truth, 'alarm'].mean():.0%} of the readings of sound bearings raise an alarm")

# %%
# One worn pump, and all of them. Orange is the truth, blue what the model sees and says.

SHOWN = next(pump for pump in alarms["pump"].unique() if (alarms[alarms["pump"] == pump]["label"] == "worn").sum() > 14)
one = alarms[alarms["pump"] == SHOWN]
begins = one.loc[one["label"] == "worn", "hour"].min()
figure = plt.figure(figsize=(12, 6), layout="constrained")
axes = figure.subplot_mosaic([["reading", "all"], ["state", "all"], ["alarm", "all"]], height_ratios=[2, 0.35, 1.6])
axes["reading"].plot(one["hour"], one["vibration"], "o", markersize=4, color="#0072B2")
axes["reading"].set(ylabel="vibration", title=f"Pump {SHOWN}: readings with gaps, at uneven times")
codes = one["state"].map(STATES.index).to_numpy()[None]
edges = np.r_[one["hour"], one["hour"].iloc[-1] + 0.5]
axes["state"].pcolormesh(edges, [0, 1], codes, cmap="Greys", vmin=-0.5, vmax=3)
axes["state"].set(yticks=[], ylabel="state")
axes["alarm"].step(one["hour"], one["probability"], where="post", color="#0072B2")
axes["alarm"].axhline(1 / 11, color="0.4", linestyle="--", linewidth=1)
axes["alarm"].text(one["hour"].iloc[0], 1 / 11 + 0.03, "alarm above", color="0.4")
axes["alarm"].set(xlabel="hour", ylabel="probability of wear", ylim=(0, 1.02))
for name in ("reading", "state", "alarm"):
    axes[name].set_xlim(edges[0], edges[-1])
    if name != "state":
        axes[name].axvspan(begins, edges[-1], color="#E69F00", alpha=0.25, linewidth=0)
    if name != "alarm":
        axes[name].tick_params(labelbottom=False)
axes["reading"].text(begins, axes["reading"].get_ylim()[1], " wears", va="top", color="#8a5f00")
for name, column, color in (("network", "probability", "#0072B2"), ("single steps", "one_step", "0.5")):
    precision, recall, _ = precision_recall_curve(truth, alarms[column])
    axes["all"].plot(recall, precision, color=color, label=f"{name}: average precision {scores[name]:.2f}")
axes["all"].axhline(truth.mean(), color="0.4", linestyle="--", linewidth=1, label="guessing")
axes["all"].set(
    xlabel="recall", ylabel="precision", ylim=(0, 1.02), title="All steps of 150 pumps, none seen in training"
)
axes["all"].legend(loc="upper right")

path = Path("long_table.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
