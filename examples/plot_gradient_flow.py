"""
===============================================
Why gradients vanish, and what keeps them level
===============================================

Backpropagation through time multiplies the gradient of a hidden state by the recurrent weights at every step back.
After n steps that is the n-th power of a matrix: it vanishes or explodes (Bengio, Simard & Frasconi 1994). The remedies
of the textbook are clipping, an identity matrix with ReLU (Le, Jaitly & Hinton 2015), and gates (Hochreiter &
Schmidhuber 1997). ``GradientFlowDisplay`` shows what becomes of the gradients before and after training,
``TrainingHistoryDisplay`` how training goes.

The task is the adding problem: add the two marked numbers of a long sequence.
"""

import warnings
from pathlib import Path
from textwrap import fill, indent

import matplotlib.pyplot as plt

from skseq import RNNRegressor
from skseq.datasets import make_adding_problem
from skseq.exceptions import GradientWarning
from skseq.inspection import GradientFlowDisplay, TrainingHistoryDisplay, gradient_flow

X, y = make_adding_problem(600, n_steps=60, random_state=0)
few = slice(0, 50)


def fit(model):
    """Fit the model; return what the fit says of its gradients."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", GradientWarning)
        model.fit(X, y)
    told = [f"{type(warning.message).__name__}: {warning.message}" for warning in caught]
    return "".join("\n" + indent(fill(text, 100), "    ") for text in told)


# %%
# The power of a matrix
# ---------------------
# Networks that are not fitted are taken with their initial weights. ``recurrent_scale`` says what a smaller or a larger
# recurrent matrix would do. Its spectral radius decides; tanh, whose slope is one at the most, lets gradients shrink a
# little faster.

figure, axes = plt.subplots(2, 2, figsize=(12, 9), layout="constrained")
tanh = RNNRegressor(32, cell="rnn", random_state=0)
for scale, name in ((0.6, "small"), (1.0, "orthogonal"), (1.5, "large")):
    norms = gradient_flow(tanh, X[few], y[few], recurrent_scale=scale).norms["layer_0"]
    print(f"tanh, {name:10} by a step back, times {(norms[50] / norms[5]) ** (1 / 45):.2f}")
    GradientFlowDisplay.from_estimator(
        tanh, X[few], y[few], recurrent_scale=scale, name=f"tanh, {name} W", ax=axes[0, 0]
    )
axes[0, 0].set_title("tanh: the n-th power of W vanishes or explodes")

# %%
# Identity and gates
# ------------------
# An identity matrix with ReLU hands the gradient on as it is. Gates protect a state, if they are open: by default they
# begin with memories as long as the sequences. With ``memory_steps=None`` they begin half closed, and the gradient
# vanishes.

remedies = {
    "ReLU, random W": {"cell": "rnn", "activation": "relu", "recurrent_init": "glorot"},
    "ReLU, identity W": {"cell": "rnn", "activation": "relu", "recurrent_init": "identity"},
    "GRU, memory_steps=None": {"cell": "gru", "memory_steps": None},
    "GRU": {"cell": "gru"},
    "LSTM": {"cell": "lstm"},
}
# Told apart by the colour-blind, too.
colors = dict(zip(remedies, ("#999999", "#D55E00", "#CC79A7", "#0072B2", "#009E73")))
for name, settings in remedies.items():
    model = RNNRegressor(32, **settings, random_state=0)
    line = {"color": colors[name]}
    GradientFlowDisplay.from_estimator(model, X[few], y[few], name=name, ax=axes[0, 1], line_kw=line)
axes[0, 1].set_title("Before training: level with an identity")

# %%
# Trained
# -------
# Where no gradient reaches, little is learnt; a fit that learns nothing at all ends with a ``GradientWarning``. Gates
# that began half closed have begun to open, and would need many more epochs.

for name, settings in remedies.items():
    model = RNNRegressor(32, **settings, max_iter=40, learning_rate="cosine", batch_size=50, random_state=0)
    model.set_params(learning_rate_init=0.001 if settings["cell"] == "rnn" else 0.02)
    warned = fit(model)
    print(f"{name:23} R2 on the training part {model.score(X, y):5.2f}{warned}")
    line = {"color": colors[name]}
    GradientFlowDisplay.from_estimator(model, X[few], y[few], name=name, ax=axes[1, 0], line_kw=line)
axes[1, 0].set_title("After training")

# %%
# Clipping
# --------
# A gradient that explodes is still a direction. Clipped to a norm of one, it takes small steps. Unclipped, one step
# throws the weights so far away that the network learns nothing afterwards, or that training diverges.

ways = [
    (1.0, 0.005, {"color": "#0072B2"}),
    (1.0, 0.0003, {"color": "#0072B2", "linestyle": "--"}),
    (None, 0.0003, {"color": "#D55E00", "linestyle": "--"}),
    (None, 0.005, {}),
]
for limit, rate, line in ways:
    irnn = RNNRegressor(32, cell="rnn", activation="relu", recurrent_init="identity", solver="sgd", random_state=0)
    irnn.set_params(learning_rate_init=rate, max_iter=25, batch_size=50, max_grad_norm=limit)
    name = f"{'clipped to 1' if limit else 'not clipped'}, learning rate {rate}"
    try:
        warned = fit(irnn)
    except ValueError as error:
        print(f"{name}: {str(error).partition(',')[0]}")
        continue
    print(f"{name}: the largest mean norm of an epoch is {max(irnn.grad_norm_curve_):.0f}{warned}")
    TrainingHistoryDisplay.from_estimator(irnn, panels="loss", ax=axes[1, 1], line_kw={**line, "label": name})
axes[1, 1].axhline(0.5, color="0.6", linewidth=1, zorder=0)
axes[1, 1].annotate("always the mean", (25, 0.5), (0, 3), textcoords="offset points", ha="right", color="0.4")
axes[1, 1].set(yscale="log", title="In training: explosion and clipping (ReLU, identity W)", ylim=(0.1, 20))
axes[1, 1].legend()

path = Path("gradient_flow.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
