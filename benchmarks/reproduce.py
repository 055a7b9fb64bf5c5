"""Published results, reproduced; what ``make reproduce`` does.

    python benchmarks/reproduce.py [TASK ...] [--choose] [--again] [--smoke] [--results DIR] [--docs DIR]

Runs the tasks of the folder ``published``, all of them or those that are named, two processes of one thread each, and
writes docs/published.md. Each run is kept in build/reproduce as soon as it is done, so a command that was interrupted
goes on where it stopped; ``--again`` begins anew, as is needed if the code has changed meanwhile. A finished task
replaces its records in benchmarks/results/published, from which the page is made. When all tasks of a command are done,
what was kept of them is removed, so that the next command runs them again.

``--choose`` judges the candidates of those tasks that have any, by cross-validation within training data, and keeps
the judgements in the same folder; the runs take the best one. A candidate that was judged before is not judged again.
"""

import argparse
import tempfile
from pathlib import Path
from time import perf_counter

from _options import RESULTS
from _results import record_origin
from joblib import Parallel, delayed
from published import TASKS, _records
from published._page import write_page
from published._task import load
from report import DOCS

STATE = Path(__file__).parent.parent / "build" / "reproduce"
PROCESSES = 2


def read_options():
    """Return the settings of a run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*", metavar="TASK", help=f"some of {', '.join(TASKS)} [all]")
    parser.add_argument("--choose", action="store_true", help="judge the candidates instead")
    parser.add_argument("--again", action="store_true", help="forget what an interrupted run has done")
    parser.add_argument("--smoke", action="store_true", help="tiny sizes: shows that the script works")
    parser.add_argument("--results", type=Path, help="folder for the records [benchmarks/results/published]")
    parser.add_argument("--docs", type=Path, default=DOCS, help="folder of the page [docs]")
    options = parser.parse_args()
    unknown = set(options.tasks) - set(TASKS)
    if unknown:
        parser.error(f"there is no task {', '.join(sorted(unknown))}; the tasks are {', '.join(TASKS)}")
    options.tasks = [task for task in TASKS if task in (options.tasks or TASKS)]
    options.state = STATE
    if options.smoke:
        if options.docs == DOCS:
            parser.error("--smoke makes no figures worth keeping: name another folder with --docs.")
        options.state = Path(tempfile.mkdtemp(prefix="skseq_reproduce_"))
        options.results = options.results or options.state / "results"
    options.results = options.results or RESULTS / "published"
    return options


def run_one(task, what, unit, smoke):
    """Return the record of one unit; runs in a process of its own."""
    begin = perf_counter()
    figures = getattr(load(task), what)(unit, smoke)
    seconds = round(perf_counter() - begin, 2)
    return {"unit": unit, "settings": settings_of(task, unit), "figures": figures, "seconds": seconds}


def settings_of(task, unit):
    """Return the settings that a unit's candidate stands for, None if it has none."""
    return getattr(load(task), "CANDIDATES", {}).get(unit.get("candidate"))


def run_all(task, what, units, path, smoke):
    """Do what is not yet in the file ``path``; print a line for each; return the records."""
    # A candidate whose settings have changed since is another one.
    kept = [record for record in _records.read(path) if record.get("settings") == settings_of(task, record["unit"])]
    records = _records.only(kept, units)
    left = [unit for unit in units if unit not in [record["unit"] for record in records]]
    if records:
        print(f"{task}: {len(records)} of {len(units)} were done before", flush=True)
    begin = perf_counter()
    jobs = (delayed(run_one)(task, what, unit, smoke) for unit in left)
    for done in Parallel(PROCESSES, return_as="generator_unordered", inner_max_num_threads=1)(jobs):
        _records.append(path, done)
        records.append(done)
        print(f"{task} {len(records)}/{len(units)}, {perf_counter() - begin:.0f} s: {describe(done)}", flush=True)
    return _records.only(records, units)


def describe(record):
    """Return a record as one line."""
    figures = (f"{name} {value:.4g}" for name, value in record["figures"].items() if isinstance(value, (int, float)))
    return f"{', '.join(f'{k}={v}' for k, v in record['unit'].items())}: {', '.join(figures)}"


def do_task(task, options):
    """Run a task, or judge its candidates, and keep the records; return the file that each was kept in at once."""
    module = load(task)
    what = "judge" if options.choose else "run"
    name = f"{task}.choices" if options.choose else task
    judged = _records.read(options.results / f"{task}.choices.jsonl")
    if options.choose:
        units = module.judgements(options.smoke)
    else:
        units = module.units(_records.chooser(judged), options.smoke)
    path, kept = options.state / f"{name}.jsonl", options.results / f"{name}.jsonl"
    if options.again:
        path.unlink(missing_ok=True)
    records = run_all(task, what, units, path, options.smoke)
    if records != _records.read(kept):  # else they were measured by an earlier command, perhaps elsewhere
        _records.write(kept, records)
        record_origin(options.results, name)
    return path


def main():
    """Run the tasks and write the page."""
    options = read_options()
    finished = []
    for task in options.tasks:
        candidates = hasattr(load(task), "judgements")
        if options.choose and not candidates:
            continue
        if options.smoke and candidates and not options.choose:  # smoke runs have no judgements of their own
            do_task(task, argparse.Namespace(**vars(options) | {"choose": True}))
        finished.append(do_task(task, options))
    write_page(options.results, options.docs)
    if not options.choose:
        for path in finished:
            path.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
