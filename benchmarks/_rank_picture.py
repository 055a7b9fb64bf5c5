"""Critical-difference diagrams: mean ranks on a line, methods that do not differ joined by a bar (Demsar 2006)."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from _ranks import groups
from _remedies import NONE, OURS, SMOTE_CORRECTED, THEIRS, THRESHOLD, WEIGHTS, WEIGHTS_CORRECTED

#: Okabe and Ito's colours, which the colour-blind can tell apart: one for each idea. Names stand beside them.
COLORS = {NONE: "#000000", THRESHOLD: "#0072B2", WEIGHTS: "#D55E00", WEIGHTS_CORRECTED: "#D55E00"}
COLORS |= {OURS: "#00805E", THEIRS: "#00805E", SMOTE_CORRECTED: "#00805E"}
#: Heights above the axis: the critical difference, the first bar and the first name, each with the step to the next.
TOP, BAR, BAR_STEP, NAME, NAME_STEP = 0.85, -0.3, -0.25, -0.75, -0.55
READING = "mean rank (1 is the best); a bar joins remedies that do not differ at 5 % (Nemenyi's test)"


def draw(panels, path):
    """Draw panels, a list of rows of (title, {method: mean rank}, critical difference), into a PNG file."""
    shape = len(panels), len(panels[0])
    figure, axes = plt.subplots(*shape, figsize=(6.6 * shape[1], 2.3 * shape[0]), layout="constrained", squeeze=False)
    for row, line in zip(axes, panels):
        for ax, panel in zip(row, line):
            draw_panel(ax, *panel)
    figure.supxlabel(READING, fontsize=10)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def draw_panel(ax, title, ranks, difference):
    """Draw one diagram; the better half of the methods is named on the left."""
    k = len(ranks)
    ax.set_title(title, fontsize=10, fontweight="bold")
    ax.axis("off")
    _draw_axis(ax, k, difference)
    bars = groups(list(ranks.values()), difference)
    for place, (lowest, highest) in enumerate(bars):
        height = BAR + BAR_STEP * place
        ax.plot([lowest - 0.03, highest + 0.03], [height, height], color="0.45", linewidth=4, solid_capstyle="round")
    first = NAME + BAR_STEP * max(0, len(bars) - 1)
    half = (k + 1) // 2
    for place, name in enumerate(sorted(ranks, key=ranks.get)):
        left = place < half
        height = first + NAME_STEP * (place if left else k - 1 - place)
        edge = 1 - 0.03 * k if left else k + 0.03 * k
        ax.plot([ranks[name], ranks[name], edge], [0, height, height], color=COLORS[name], linewidth=1.2)
        text = f"{name}  {ranks[name]:.2f} " if left else f" {ranks[name]:.2f}  {name}"
        side = "right" if left else "left"
        ax.text(edge, height, text, ha=side, va="center", color=COLORS[name], fontsize=9)
    margin = 0.6 * (k - 1)  # room for the names
    ax.set_xlim(1 - margin, k + margin)
    ax.set_ylim(first + NAME_STEP * (half - 1) - 0.3, TOP + 0.25)


def _draw_axis(ax, k, difference):
    """Draw the line of ranks from 1 to k, and the critical difference above it."""
    ax.plot([1, k], [0, 0], color="0.2", linewidth=1.2)
    for rank in range(1, k + 1):
        ax.plot([rank, rank], [0, 0.13], color="0.2", linewidth=1)
        ax.text(rank, 0.18, f"{rank}", ha="center", va="bottom", fontsize=8, color="0.2")
    ax.plot([1, 1 + difference], [TOP, TOP], color="0.2", linewidth=1.5, marker="|", markersize=8)
    text = f"  critical difference {difference:.2f}"
    ax.text(1 + difference, TOP, text, va="center", fontsize=8, color="0.2")
