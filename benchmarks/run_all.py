"""Run every benchmark and write the report; what ``make bench`` does.

    python benchmarks/run_all.py [--quick | --smoke] [--results DIR] [--docs DIR]

Each script runs in a process of its own and prints as it goes. One that fails does not keep the others from running.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from time import perf_counter

HERE = Path(__file__).parent
RUNS = (
    ("startup.py",),
    ("fit_and_predict.py",),
    ("fit_and_predict.py", "--flush-denormals"),
    ("whole_fit.py",),
    ("whole_fit.py", "--flush-denormals"),
    ("ragged.py",),
    ("transformer.py",),
    ("scaling.py",),
    ("memory.py",),
    ("grid_search.py",),
    ("long_tables.py",),
    ("where_time_goes.py",),
    ("logistic.py",),
    ("smote.py",),
)


def main():
    """Run them all; exit with 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--smoke", action="store_true")
    parser.add_argument("--results", type=Path, default=HERE / "results")
    parser.add_argument("--docs", type=Path, default=HERE.parent / "docs")
    options = parser.parse_args()
    if options.smoke and (options.results == HERE / "results" or options.docs == HERE.parent / "docs"):
        parser.error("--smoke makes no figures worth keeping: name other folders with --results and --docs.")
    settings = [f"--{name}" for name in ("quick", "smoke") if getattr(options, name)]
    results, failed = ["--results", str(options.results)], []
    commands = [(*run, *settings, *results) for run in RUNS]
    commands.append(("report.py", *results, "--docs", str(options.docs)))
    for k, (script, *arguments) in enumerate(commands, 1):
        print(f"\n[{k}/{len(commands)}] {script} {' '.join(arguments)}", flush=True)
        begin = perf_counter()
        if subprocess.run([sys.executable, str(HERE / script), *arguments]).returncode:
            failed.append(script)
        print(f"[{k}/{len(commands)}] {perf_counter() - begin:.0f} s", flush=True)
    if failed:
        sys.exit(f"Failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
