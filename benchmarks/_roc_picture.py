"""Operating points of trees, with SMOTE and without, and their convex hulls."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from _roc import convex_hull

#: Okabe and Ito's colours, which the colour-blind can tell apart, a shape and a line for each as well.
STYLES = {"under-sampling": ("#0072B2", "o", "-"), "SMOTE and under-sampling": ("#D55E00", "^", "--")}


def draw(panels, path):
    """Draw panels, a list of rows of (title, {curve of STYLES: points (n, 2)}), into a PNG file."""
    shape = len(panels), len(panels[0])
    figure, axes = plt.subplots(*shape, figsize=(4.2 * shape[1], 4.1 * shape[0]), layout="constrained", squeeze=False)
    for row, line in zip(axes, panels):
        for ax, (title, curves) in zip(row, line):
            draw_panel(ax, title, curves)
        row[0].set_ylabel("true positive rate")
    for ax in axes[-1]:
        ax.set_xlabel("false positive rate")
    handles, labels = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(labels), frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def draw_panel(ax, title, curves):
    """Draw the points of each curve and their hull."""
    for name, points in curves.items():
        color, marker, line = STYLES[name]
        x, y = np.transpose(points)
        ax.plot(x, y, marker, color=color, markersize=5, markerfacecolor="none", label=name)
        x, y = convex_hull(points).T
        ax.plot(x, y, line, color=color, linewidth=1.2, label=f"convex hull, {name}")
    ax.set_title(title, fontsize=10)
    ax.grid(color="0.92")
    ax.set_axisbelow(True)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1.01)
    ax.set_aspect("equal", adjustable="box")
