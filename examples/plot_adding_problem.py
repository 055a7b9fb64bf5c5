"""
====================================
Numbers from sequences: RNNRegressor
====================================

Each sequence is thirty-odd pairs of a random number and a marker. Two of the numbers are marked, and the target is
half their mean, moved to lie between 0 and 1: a network has to pick two numbers out of noise, keep the first one over
many steps, and add (Hochreiter & Schmidhuber 1997). Gates make it easy; a linear model on the same numbers and the
vanilla cell see next to nothing.
"""

import warnings
from pathlib import Path
from textwrap import fill

import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import Ridge

from skseq import RNNRegressor
from skseq.datasets import make_adding_problem
from skseq.exceptions import GradientWarning

X_train, y_train = make_adding_problem(3000, 30, random_state=0)
X_test, y_test = make_adding_problem(1000, 30, random_state=1)
print(f"{len(X_train)} sequences of {min(map(len, X_train))} to {max(map(len, X_train))} steps; the first:")
print(np.array(X_train[0])[:5].round(2), "...  target", y_train[0].round(3))

# %%
# A linear model
# --------------
# It needs rows of one length: the sequences are cut to the shortest.

shortest = min(map(len, X_train))
rows_train, rows_test = (np.array([x[:shortest].ravel() for x in X]) for X in (X_train, X_test))
baseline = Ridge().fit(rows_train, y_train)
print(f"{'Ridge on flat rows':20} R2 {baseline.score(rows_test, y_test):6.3f}")

# %%
# Three cells
# -----------
# Lengths differ, so X is a list. Early stopping holds a part out, which is where the curves come from. The gradients of
# the vanilla cell vanish on their way back, and its fit says so.

models = {}
for cell in ("rnn", "gru", "lstm"):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", GradientWarning)
        models[cell] = RNNRegressor(
            32, cell=cell, learning_rate_init=0.01, early_stopping=True, n_iter_no_change=30, random_state=0
        ).fit(X_train, y_train)
    for warning in caught:
        text = f"{type(warning.message).__name__}: {warning.message}"
        print(fill(text, 100, initial_indent=f"{cell:21}", subsequent_indent=" " * 21))
    right = np.mean(np.abs(models[cell].predict(X_test) - y_test) < 0.04)
    print(f"{cell:20} R2 {models[cell].score(X_test, y_test):6.3f}   off by less than 0.04: {right:4.0%}")

# %%
# One picture
# -----------

COLORS = {"rnn": "#D55E00", "gru": "#0072B2", "lstm": "#009E73"}  # told apart by the colour-blind too
figure, (curves, points) = plt.subplots(1, 2, figsize=(11, 4.5), layout="constrained")
for (cell, model), style in zip(models.items(), (":", "-", "--")):
    loss = model.validation_loss_curve_
    curves.plot(range(1, len(loss) + 1), loss, style, color=COLORS[cell], label=f'cell="{cell}"')
curves.axhline(0.5, color="gray", linewidth=1, label="always the mean")
curves.set(xlabel="epoch", ylabel="loss on the part held out (scaled targets)", yscale="log")
curves.set_title("How the cells learn")
curves.legend()
points.plot(y_test, baseline.predict(rows_test), "x", color="gray", markersize=4, label="Ridge on flat rows")
points.plot(y_test, models["gru"].predict(X_test), ".", color=COLORS["gru"], markersize=4, label='cell="gru"')
points.axline((0, 0), slope=1, color="black", linewidth=1)
points.set(xlabel="target", ylabel="prediction", xlim=(0, 1), ylim=(0, 1), aspect="equal")
points.set_title("1,000 sequences that were not trained on")
points.legend()

path = Path("adding_problem.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
