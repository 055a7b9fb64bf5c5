"""Tables and the picture of Chawla's experiment, from chawla.csv and chawla_points.csv."""

import _roc_picture
from _markdown import by, table, unique
from _roc import area

#: The amount of SMOTE that the picture shows: the paper's best.
SHOWN = {"pima": 100, "phoneme": 200, "satimage": 200}


def areas(rows, figure="auc"):
    """Return the lines of a table: data sets and sources of the figures down, amounts of SMOTE across."""
    amounts = unique(row["amount"] for row in rows)
    lines = []
    for (name,), group in by(rows, "data"):
        published = {row["amount"]: row["published"] for row in group if row["published"] != ""}
        if figure == "auc":
            lines.append([name, "paper, C4.5", *_line(published, amounts)])
        for (tree,), own in by(group, "tree"):
            deviations = {row["amount"]: row[f"{figure}_sd"] for row in own}
            lines.append(
                [name, f"ours, {tree}", *_line({row["amount"]: row[figure] for row in own}, amounts, deviations)]
            )
    return table(["data", "who", "under-sampling alone", *(f"SMOTE {amount} %" for amount in amounts[1:])], lines)


def _line(figures, amounts, deviations=None):
    """Return the figures as texts, the best one bold, with their deviations."""
    best = max(figures.values())
    cells = []
    for amount in amounts:
        if amount not in figures:
            cells.append("")
            continue
        text = f"{figures[amount]:.4f}"
        text = f"**{text}**" if figures[amount] == best else text
        cells.append(f"{text} ± {deviations[amount]:.4f}" if deviations and deviations[amount] != "" else text)
    return cells


def against_under_sampling(rows, figure):
    """Return [(tree, data, curves with SMOTE above under-sampling, all of them, mean difference)]."""
    found = []
    for (tree, name), group in by(rows, "tree", "data"):
        base, *others = [row[figure] for row in sorted(group, key=lambda row: row["amount"])]
        found.append((tree, name, sum(other > base for other in others), len(others), sum(others) / len(others) - base))
    return found


def without_the_raw_data(points):
    """Return how many curves with SMOTE lie above under-sampling if they do not begin at the tree of the raw data.

    Parameters
    ----------
    points : list of dict
        Of chawla_points.csv.

    Returns
    -------
    above, n_curves : int
    """
    above = []
    for _, group in by(points, "tree", "data"):
        base, *others = [area([(row["fp"], row["tp"]) for row in own]) for _, own in by(group, "amount")]
        above += [other > base for other in others]
    return sum(above), len(above)


def wins(rows):
    """Return the lines of a table: how many amounts of SMOTE have the larger area, by kind of area."""
    points, hulls = (against_under_sampling(rows, figure) for figure in ("auc", "hull"))
    lines = [
        [tree, name, f"{above} of {n}, {difference:+.4f}", f"{above_hull} of {n}, {difference_hull:+.4f}"]
        for (tree, name, above, n, difference), (_, _, above_hull, _, difference_hull) in zip(points, hulls)
    ]
    return table(["tree", "data", "area under the points", "area under the convex hull"], lines)


def draw(points, path):
    """Draw operating points and hulls, trees down, data sets across."""
    names, trees = unique(row["data"] for row in points), unique(row["tree"] for row in points)
    panels = []
    for tree in trees:
        line = []
        for name in names:
            own = [row for row in points if (row["tree"], row["data"]) == (tree, name)]
            curves = [
                [(row["fp"], row["tp"]) for row in own if row["amount"] == amount or row["amount"] == row["under"] == 0]
                for amount in (0, SHOWN[name])
            ]
            line.append((f"{name}, {tree} tree, SMOTE {SHOWN[name]} %", dict(zip(_roc_picture.STYLES, curves))))
        panels.append(line)
    _roc_picture.draw(panels, path)
