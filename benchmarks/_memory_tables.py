"""Tables of memory."""

from _markdown import by, ratio, table, unique

PEERS = {"torch": "PyTorch"}


def memory(rows):
    """Return peaks, numbers of sequences across."""
    sizes = unique(row["n"] for row in rows)
    data = {row["n"]: row["data_mb"] for row in rows}
    lines = []
    for (who, what, cell), group in by(rows, "who", "what", "cell"):
        peaks = {row["n"]: f"{row['peak_mb']:.1f}" for row in group}
        lines.append([PEERS.get(who, who), what, cell, *(peaks.get(n, "") for n in sizes)])
    header = ["who", "what", "cell", *(f"n = {n:,} ({data[n]:.1f} MB of data)" for n in sizes)]
    return [*table(header, lines), "", "MB at the peak, beyond the data."]


def spread_memory(rows):
    """Return one line for each case, estimator and call."""
    header = ["lengths; compared with", "estimator", "call", "MB", "compared", "ratio", "s", "compared", "ratio"]
    lines = []
    for row in rows:
        line = [row["case"], f"`{row['estimator']}`", f"`{row['what']}`"]
        for name, compared, digits in (("peak_mb", "compared_mb", 1), ("seconds", "compared_s", 2)):
            ours, theirs = row[name], row[compared]
            line += [f"{ours:.{digits}f}", f"{theirs:.{digits}f}", ratio(ours / theirs) if theirs else ""]
        lines.append(line)
    return table(header, lines)
