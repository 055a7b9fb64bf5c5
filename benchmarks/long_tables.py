"""What it costs to make sequences of a long table: a million rows of two features in 20,000 sequences.

    python benchmarks/long_tables.py [--quick]

`from_long` on a table of pandas, polars and pyarrow, its rows in random order, in turn with what must be done at least:
`table.sort_values([id, time])` of pandas on the same table. Ids are integers or texts; in the last case the table is in
order. Beside them the way without `from_long`: a list of the arrays of `groupby`.
"""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
from _grid import compared, in_turn
from _options import read_options
from _results import write_rows

from skseq.sequences import from_long

ROWS, SEQUENCES = 1_000_000, 20_000
HEADER = ["library", "ids", "order", "rows", "sequences", "from_long_s", "sort_s", "ratio", "groupby_s"]


def make_table(n, n_sequences, kind, order, seed=0):
    """Return a DataFrame with the columns id, time, a and b."""
    rng = np.random.RandomState(seed)
    ids = rng.randint(n_sequences, size=n)
    ids = np.array([f"id{i:06d}" for i in range(n_sequences)], dtype=object)[ids] if kind == "text" else ids
    table = pd.DataFrame({"id": ids, "time": rng.permutation(n), "a": rng.standard_normal(n), "b": rng.rand(n)})
    return table.sort_values(["id", "time"], ignore_index=True) if order == "sorted" else table


def by_groups(table):
    """Return a list of arrays, one for each group."""
    ordered = table.sort_values(["id", "time"])
    return [group.to_numpy() for _, group in ordered.groupby("id")[["a", "b"]]]


def main():
    """Print and write the table."""
    options = read_options(__doc__, cells=None)
    n, n_sequences = (1000, 50) if options.smoke else (ROWS, SEQUENCES)
    rows = []
    for kind, order in (("integers", "random"), ("text", "random"), ("integers", "sorted")):
        frame = make_table(n, n_sequences, kind, order)
        tables = {"pandas": frame, "polars": pl.from_pandas(frame), "pyarrow": pa.Table.from_pandas(frame)}
        for library, table in tables.items():
            runs = [
                lambda table=table: from_long(table, by="id", sort="time", features=["a", "b"]),
                lambda frame=frame: frame.sort_values(["id", "time"]),
                lambda frame=frame: by_groups(frame),
            ]
            ours, sorting, groups = in_turn(runs, options.rounds, options.seconds).T
            rows.append((library, kind, order, n, n_sequences, *compared(ours, sorting), float(np.median(groups))))
            print(
                f"{library:8} ids: {kind:8} {order:6}  from_long {rows[-1][5]:.3f} s  sort_values {rows[-1][6]:.3f} s  "
                f"ratio {rows[-1][7]:.2f}  groupby {rows[-1][8]:.3f} s",
                flush=True,
            )
    write_rows(options.results, "long_tables", HEADER, rows)


if __name__ == "__main__":
    main()
