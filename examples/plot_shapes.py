"""
================================
Four shapes of sequence problems
================================

What goes in and what comes out decides which estimator to take: one answer for a whole sequence, one for every step, a
sequence from a single vector, or a sequence of another length. All read their sequences with the same recurrent cells.
"""

from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch

INPUT, STATE, OUTPUT = "#56B4E9", "#CCCCCC", "#E69F00"  # told apart by the colour-blind too


def draw_box(ax, x, y, text, color):
    """Draw a box of one step around (x, y)."""
    ax.add_patch(FancyBboxPatch((x - 0.36, y - 0.26), 0.72, 0.52, boxstyle="round,pad=0.04", facecolor=color, lw=0.8))
    ax.text(x, y, text, ha="center", va="center", fontsize=11 if len(text) < 5 else 8.5)


def draw_arrow(ax, begin, end):
    """Draw an arrow between the edges of two boxes."""
    ax.annotate("", end, begin, arrowprops={"arrowstyle": "-|>", "color": "black", "lw": 1.1})


def draw_shape(ax, inputs, outputs, n_states):
    """Draw inputs below, hidden states between and outputs above, each a dict from step to text."""
    for step in range(n_states):
        draw_box(ax, step, 1.2, "h", STATE)
        if step:
            draw_arrow(ax, (step - 0.6, 1.2), (step - 0.4, 1.2))
    for step, text in inputs.items():
        draw_box(ax, step, 0, text, INPUT)
        draw_arrow(ax, (step, 0.32), (step, 0.9))
    for step, text in outputs.items():
        draw_box(ax, step, 2.4, text, OUTPUT)
        draw_arrow(ax, (step, 1.5), (step, 2.08))
    ax.set(xlim=(-0.6, n_states - 0.4), ylim=(-0.55, 2.9), aspect="equal")
    ax.axis("off")


def steps(text, first=0):
    """Return a dict from step to character."""
    return dict(enumerate(text, first))


# %%
# The picture
# -----------
# Many to one: a name, and whether it is female or male. Many to many, in step: a recording, and who speaks at each
# step. One to many: the image of a digit, spelled out. Many to many, out of step: a date as it is written, and as a
# computer writes it.

SHAPES = {
    "many to one": ("RNNClassifier, RNNRegressor,\nTransformerClassifier", steps("Ella"), {3: "female"}, 4),
    "many to many, in step": (
        "RNNTagger",
        {step: f"$x_{step + 1}$" for step in range(4)},
        {0: "Ann", 1: "Ann", 2: "Bob", 3: "Bob"},
        4,
    ),
    "one to many": ("RNNGenerator", {0: "image"}, steps("seven"), 5),
    "many to many, out of step": ("RNNTranslator", steps("3/5"), steps("05-03", 3), 8),
}
figure, axes = plt.subplots(2, 2, figsize=(8, 7), layout="constrained", subplot_kw={"anchor": "N"})
figure.get_layout_engine().set(h_pad=0.12, hspace=0.1)
for ax, (title, (estimators, *shape)) in zip(axes.flat, SHAPES.items()):
    draw_shape(ax, *shape)
    ax.text(0.5, 1.02, title, transform=ax.transAxes, ha="center", va="bottom", fontsize=13, fontweight="bold")
    ax.text(0.5, -0.02, estimators, transform=ax.transAxes, ha="center", va="top", fontsize=11)
figure.legend(
    handles=[plt.Rectangle((0, 0), 1, 1, color=color) for color in (INPUT, STATE, OUTPUT)],
    labels=["input", "hidden state of a step", "output"],
    loc="outside lower center",
    ncols=3,
    frameon=False,
)

path = Path("shapes.png").resolve()
figure.savefig(path, dpi=110)
print(f"\nPicture: {path}")
