"""Write docs/benchmarks.md and its picture from the tables in benchmarks/results.

    python benchmarks/report.py [--results benchmarks/results] [--docs docs]

Every number on the page comes from the tables. What was not measured is said to be missing.
"""

import argparse
from pathlib import Path

from _markdown import means_table, paragraph
from _options import RESULTS
from _picture import draw
from _results import describe, read_machine, read_rows
from _sections import PEERS, SECTIONS

DOCS = Path(__file__).parents[1] / "docs"
READING = (
    "`make bench` repeats all of it. Times are medians; a ratio is the median over paired runs of skseq's time divided "
    "by the peer's, float32, the same number of threads on both sides. Below 1 skseq is faster; above 1, in bold, the "
    "peer is. Beside each table stands the command that measured it; `--quick` means fewer repetitions."
)


def comparisons(folder):
    """Return the rows of all comparisons with PyTorch and skorch, the peers' names written out."""
    rows = []
    for name in ("fit_and_predict", "whole_fit"):
        rows += [{**row, "peer": PEERS[row["peer"]]} for row in read_rows(folder, name) or []]
        flushed = read_rows(folder, f"{name}.flushed") or []
        rows += [{**row, "peer": PEERS[row["peer"]] + ", denormals flushed"} for row in flushed]
    return rows


def introduction(folder):
    """Return what stands above the sections."""
    lines = ["# Benchmarks", "", *paragraph(READING), ""]
    found = read_machine(folder)
    if found:
        lines += [*paragraph(describe(found)), ""]
    rows = comparisons(folder)
    if rows:
        lines += ["![Ratios of times on a grid of shapes](images/benchmarks.png)", ""]
        lines += ["Geometric means over the grid, and how many of its ratios are above 1:", "", *means_table(rows), ""]
    return lines


def main():
    """Write the page and the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=RESULTS)
    parser.add_argument("--docs", type=Path, default=DOCS)
    options = parser.parse_args()
    lines = introduction(options.results)
    for section in SECTIONS:
        lines += section.write(options.results)
    options.docs.mkdir(parents=True, exist_ok=True)
    page = options.docs / "benchmarks.md"
    page.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print(f"Page: {page}")
    rows = comparisons(options.results)
    if rows:
        picture = options.docs / "images" / "benchmarks.png"
        draw(rows, picture)
        print(f"Picture: {picture}")


if __name__ == "__main__":
    main()
