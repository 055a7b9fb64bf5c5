"""The command line that the benchmarks share."""

import argparse
import tempfile
from pathlib import Path

from _grid import CELLS, GRID, SMOKE_GRID

RESULTS = Path(__file__).parent / "results"
#: Tables that docs/evidence.md is made of. The machine they were made on is described beside them.
EVIDENCE = RESULTS / "evidence"


def read_options(doc, *, threads=None, cells=CELLS, peer=False, results=RESULTS, add=None):
    """Return the settings of a run.

    Parameters
    ----------
    doc : str
        The script's docstring.
    threads : tuple of int, optional
        Numbers of threads to measure with; without them there is no ``--threads``.
    cells : tuple of str, optional
        Cells to measure; without them there is no ``--cells``.
    peer : bool
        PyTorch takes part, so there is ``--flush-denormals``.
    results : Path
        The folder of the table, unless another is named.
    add : callable, optional
        Takes the parser and adds options of its own.

    Returns
    -------
    argparse.Namespace
        The options, and what follows from them: ``grid``, ``seconds`` that each measurement takes at least, and
        ``rounds``, the least number of repetitions.
    """
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    if threads:
        parser.add_argument("--threads", type=int, nargs="+", default=list(threads))
    if cells:
        parser.add_argument("--cells", nargs="+", choices=CELLS, default=list(cells))
    if peer:
        parser.add_argument(
            "--flush-denormals",
            action="store_true",
            help="let PyTorch take numbers below 1e-38 as zero; results go to NAME.flushed.csv",
        )
    if add:
        add(parser)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes, once: shows that the script works")
    parser.add_argument(
        "--results",
        type=Path,
        help=f"folder for the table [benchmarks/{results.relative_to(RESULTS.parent)}; with --smoke a new one]",
    )
    options = parser.parse_args()
    options.grid, options.seconds, options.rounds = GRID, 1.5, 3
    if options.quick:
        options.seconds = 0.3
    if options.smoke:
        options.grid, options.seconds, options.rounds = SMOKE_GRID, 0.0, 1
        if threads:
            options.threads = [1]
    if options.results is None:
        options.results = Path(tempfile.mkdtemp(prefix="skseq_bench_")) if options.smoke else results
    return options
