"""Tables of results as Markdown."""

import textwrap

from _grid import geometric_mean


def paragraph(text):
    """Return the lines of a paragraph."""
    return textwrap.wrap(text, 120, break_long_words=False, break_on_hyphens=False)


def table(header, rows):
    """Return the lines of a table."""
    lines = [header, ["---"] * len(header), *rows]
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]


def ratio(value):
    """Return a ratio of times, bold where the peer is faster."""
    text = f"{value:.2f}"
    return f"**{text}**" if float(text) > 1 else text


def duration(seconds):
    """Return a time in milliseconds with three digits."""
    return f"{1e3 * seconds:#.3g}".rstrip(".") if seconds < 1 else f"{1e3 * seconds:.0f}"


def unique(values):
    """Return the values without repetition, in their order."""
    return list(dict.fromkeys(values))


def by(rows, *names):
    """Yield (values, rows) for each combination of values in these columns, the first column changing last."""
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    orders = [unique(row[name] for row in rows) for name in names]
    for values in sorted(groups, key=lambda values: [order.index(value) for order, value in zip(orders, values)]):
        yield values, groups[values]


def shape(row):
    """Return the point of the grid as a text."""
    return " x ".join(str(row[name]) for name in ("batch", "steps", "features", "units"))


def grid_table(rows):
    """Return the lines of a table of ratios: shapes down, cells across, geometric means at the end."""
    cells = unique(row["cell"] for row in rows)
    found = {(shape(row), row["cell"]): row for row in rows}
    lines = []
    for point in unique(shape(row) for row in rows):
        line = [point]
        for cell in cells:
            row = found.get((point, cell))
            times = row and f"{duration(row['skseq_s'])} / {duration(row['peer_s'])}"
            line.append(f"{ratio(row['ratio'])} ({times})" if row else "")
        lines.append(line)
    means = [ratio(geometric_mean(row["ratio"] for row in rows if row["cell"] == cell)) for cell in cells]
    lines.append(["geometric mean", *means])
    return table(["batch x steps x features x units", *cells], lines)


def means_table(rows):
    """Return the lines of a table of geometric means: what and against whom down, cells across."""
    cells = unique(row["cell"] for row in rows)
    lines = []
    for (what, peer, threads), group in by(rows, "what", "peer", "threads"):
        line = [what, peer, threads]
        for cell in cells:
            ratios = [row["ratio"] for row in group if row["cell"] == cell]
            line.append(ratio(geometric_mean(ratios)) if ratios else "")
        above = sum(row["ratio"] > 1 for row in group)
        lines.append([*line, f"{above} of {len(group)}"])
    return table(["what", "against", "threads", *cells, "above 1"], lines)
