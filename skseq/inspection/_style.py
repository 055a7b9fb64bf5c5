"""Colours of the pictures."""

#: Okabe and Ito's colours for lines on white, which the colour-blind can tell apart too.
LINE_COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


#: What tells lines of one colour apart.
LINE_STYLES = ("-", "--", ":", "-.")


def next_line(ax):
    """Return colour and style for the next line in ``ax``."""
    rounds, place = divmod(len(ax.lines), len(LINE_COLORS))
    return {"color": LINE_COLORS[place], "linestyle": LINE_STYLES[rounds % len(LINE_STYLES)]}


def one_axes(ax):
    """Return ``ax``, or raise a ValueError unless it is one matplotlib Axes."""
    if not hasattr(ax, "plot"):
        raise ValueError(f"ax must be a matplotlib Axes, got {ax!r}. Make one with plt.subplots().")
    return ax
