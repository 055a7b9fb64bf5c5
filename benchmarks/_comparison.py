"""Going through threads, cells and the grid, and the table that comes of it."""

from _grid import blas_threads, geometric_mean
from _results import write_rows

#: Seconds are medians; ``ratio`` is the median of the pairs' ratios, ours over the peer's.
HEADER = ["what", "peer", "cell", "threads", "batch", "steps", "features", "units", "skseq_s", "peer_s", "ratio"]


def compare(options, measure, set_threads):
    """Measure every cell at every point of the grid with each number of threads; return rows under :data:`HEADER`.

    Parameters
    ----------
    options : argparse.Namespace
        From :func:`_options.read_options`.
    measure : callable
        Takes (cell, (batch, steps, features, units), options); yields (what, peer, (ours, theirs, ratio)).
    set_threads : callable
        Sets the peer's threads.
    """
    rows = []
    for threads in options.threads:
        set_threads(threads)
        for cell in options.cells:
            for shape in options.grid:
                with blas_threads(threads):
                    for what, peer, figures in measure(cell, shape, options):
                        rows.append((what, peer, cell, threads, *shape, *figures))
                        show(rows[-1])
            show_means(rows, cell, threads)
    return rows


def show(row):
    """Print one line."""
    what, peer, cell, threads, *shape, ours, theirs, ratio = row
    print(
        f"{what:13} {peer:22} {cell:4} threads {threads}  {tuple(shape)!s:20} {ours * 1e3:9.2f} ms "
        f"{theirs * 1e3:9.2f} ms  ratio {ratio:.2f}",
        flush=True,
    )


def show_means(rows, cell, threads):
    """Print the geometric means of a cell with so many threads."""
    groups = {}
    for row in rows:
        if row[2:4] == (cell, threads):
            groups.setdefault(row[:2], []).append(row[-1])
    for (what, peer), ratios in groups.items():
        print(
            f"{what:13} {peer:22} {cell:4} threads {threads}  geometric mean of ratios {geometric_mean(ratios):.2f}",
            flush=True,
        )
    print(flush=True)


def write(options, name, rows):
    """Write the table; runs in which PyTorch flushes denormal numbers have one of their own."""
    write_rows(options.results, f"{name}.flushed" if options.flush_denormals else name, HEADER, rows)
