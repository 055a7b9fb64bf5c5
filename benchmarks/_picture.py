"""The picture of the comparisons: a ratio of times for each point of the grid."""

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from _markdown import shape, unique
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

#: What each panel shows, and against whom.
PANELS = (
    ("fit", "PyTorch"),
    ("fit", "PyTorch, denormals flushed"),
    ("predict_proba", "PyTorch"),
    ("whole fit", "skorch"),
)
#: Colours that the colour-blind can tell apart (Okabe and Ito), and a shape for each as well.
STYLES = {"rnn": ("#0072B2", "o"), "gru": ("#E69F00", "s"), "lstm": ("#009E73", "^")}


def draw(rows, path):
    """Draw rows of comparisons (see _comparison.py) into a PNG file."""
    figure, axes = plt.subplots(2, 2, figsize=(11, 9), sharex=True, sharey=True, layout="constrained")
    shapes = unique(shape(row) for row in rows)
    most = max(row["threads"] for row in rows)
    for ax, (what, peer) in zip(axes.flat, PANELS):
        own = [row for row in rows if (row["what"], row["peer"]) == (what, peer)]
        draw_panel(ax, own, shapes, most)
        ax.set_title(f"{what} against {peer}")
    for ax in axes[:, 0]:
        ax.set_ylabel("time of skseq / time of the peer (s / s)")
    for ax in axes[-1]:
        ax.set_xlabel("batch (sequences) x steps x features x units")
    figure.legend(handles=legend(rows, most), loc="outside lower center", ncols=6, frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)
    plt.close(figure)


def draw_panel(ax, rows, shapes, most):
    """Draw the points of one comparison; those of most threads filled."""
    ax.set_yscale("log")
    ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.axhline(1, color="0.3", linewidth=1)
    ax.grid(axis="y", color="0.9", linewidth=0.6)
    for border in range(1, len(shapes)):
        ax.axvline(border - 0.5, color="0.9", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.set_xlim(-0.5, len(shapes) - 0.5)
    ax.set_xticks(range(len(shapes)), shapes, rotation=35, ha="right", rotation_mode="anchor")
    if not rows:
        ax.text(0.5, 0.5, "not measured yet", transform=ax.transAxes, ha="center", va="center", color="0.4")
    cells = list(STYLES)
    for row in rows:
        color, marker = STYLES[row["cell"]]
        filled = row["threads"] == most
        x = shapes.index(shape(row)) + 0.28 * (cells.index(row["cell"]) - 1) + (0.07 if filled else -0.07)
        ax.plot(x, row["ratio"], marker, color=color, markerfacecolor=color if filled else "white", markersize=6.5)


def legend(rows, most):
    """Return one handle for each cell and number of threads, and for the line of equal times."""
    handles = [Line2D([], [], color="0.3", linewidth=1, label="equal times; above, the peer is faster")]
    for cell, (color, marker) in STYLES.items():
        if any(row["cell"] == cell for row in rows):
            handles.append(Line2D([], [], linestyle="", marker=marker, color=color, label=cell))
    for threads in sorted({row["threads"] for row in rows}):
        fill = "0.4" if threads == most else "white"
        label = f"{threads} thread{'s' if threads > 1 else ''}"
        handles.append(Line2D([], [], linestyle="", marker="D", color="0.4", markerfacecolor=fill, label=label))
    return handles
