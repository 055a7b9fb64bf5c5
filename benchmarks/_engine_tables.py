"""Tables of docs/benchmarks.md for the Transformer and for long tables."""

from _markdown import duration, ratio, table


def transformer(rows):
    """Return one line for each shape, data and number of threads."""
    lines = []
    for row in rows:
        point = " x ".join(str(row[name]) for name in ("batch", "steps", "width", "heads", "layers"))
        times = f"{duration(row['skseq_s'])} / {duration(row['peer_s'])}"
        lines.append([row["what"], row["data"], row["threads"], point, f"{ratio(row['ratio'])} ({times})"])
    header = ["what", "sequences", "threads", "batch x steps x width x heads x layers", "ratio (skseq / PyTorch, ms)"]
    return table(header, lines)


def long_tables(rows):
    """Return one line for each library and kind of id."""
    lines = [
        [row["library"], row["ids"], row["order"]]
        + [f"{row[name]:.2f}" for name in ("from_long_s", "sort_s")]
        + [ratio(row["ratio"]), f"{row['groupby_s']:.2f}"]
        for row in rows
    ]
    header = ["table", "ids", "rows", "`from_long`, s", "`sort_values` of pandas, s", "ratio", "list of groups, s"]
    return table(header, lines)
