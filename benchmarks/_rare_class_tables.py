"""Tables of docs/benchmarks.md on what is for rare classes: rows of results as lines of Markdown."""

from _grid import geometric_mean
from _markdown import by, duration, ratio, table


def logistic(rows):
    """Return geometric means, then one line for each table of data."""
    means = [
        [kind.split()[0], threads, f"{geometric_mean(row['ratio'] for row in group):.2f}", len(group)]
        for (kind, threads), group in by([{**row, "kind": row["kind"].split()[0]} for row in rows], "kind", "threads")
    ]
    lines = [
        [f"{row['rows']:,} x {row['columns']:,}", row["classes"], row["kind"], row["threads"]]
        + [
            f"{row['solver']} ({row['gap']:.0e})",
            f"{row['peer_solver']}, tol={row['peer_tol']:g} ({row['peer_gap']:.0e})",
        ]
        + [f"{ratio(row['ratio'])} ({duration(row['skseq_s'])} / {duration(row['peer_s'])})"]
        for row in rows
    ]
    header = ["rows x columns", "classes", "kind", "threads", "skseq's solver (gap)", "scikit-learn's best (gap)"]
    return [
        *table(["kind", "threads", "geometric mean of the ratios", "tables"], means),
        "",
        *table([*header, "ratio (skseq / scikit-learn, ms)"], lines),
    ]


def smote(rows):
    """Return geometric means, then one line for each comparison."""
    smote = [row for row in rows if row["what"] == "SMOTE"]
    means = [[data, f"{geometric_mean(row['ratio'] for row in group):.2f}"] for (data,), group in by(smote, "data")]
    lines = [
        [f"{row['what']} against {row['against']}", row["data"]]
        + [f"{row['rows']:,} x {row['columns']:,}, {row['rare']:.0%}"]
        + [f"{ratio(row['ratio'])} ({duration(row['skseq_s'])} / {duration(row['peer_s'])})"]
        + [f"{row['skseq_peak_mb']:.1f} / {row['peer_peak_mb']:.1f}", f"{row['output_mb']:.1f}"]
        for row in rows
    ]
    header = ["what", "data", "rows x columns, rare", "ratio (ms)", "peak MB", "output MB"]
    return [*table(["SMOTE on", "geometric mean of the ratios"], means), "", *table(header, lines)]
