"""Weights, samplers, ensembles and costs with networks, on sequences with one rare class.

    python benchmarks/sequence_remedies.py [--quick] [--resume] [--data FOLDER]

RNNClassifier and TransformerClassifier with their defaults and each remedy of _sequence_remedies.py, on the tasks of
_rare_sequences.py. Measures are means over four stratified folds, the same for all remedies. ``--data`` names a folder
with the tables of the UCR archive, BasicMotions_long.csv.gz and ItalyPowerDemand_long.csv.gz, which are not bundled.
``--resume`` keeps what the table has already.
"""

import os
from pathlib import Path
from time import perf_counter

from _options import EVIDENCE, read_options
from _rare_sequences import tasks
from _results import read_rows, write_rows
from _sequence_remedies import BASELINE, MEASURES, NETWORKS, PLAIN, REMEDIES, SYNTHETIC, cross_validated
from joblib import Parallel, delayed
from sklearn.model_selection import StratifiedKFold

NAME = "sequences"
HEADER = ["data", "rows", "rare", "network", "remedy", *MEASURES, "seconds"]
FOLDS = 4
#: Runs of one table: (network, remedy); the baseline has no network.
RUNS = [("none", BASELINE), *((network, remedy) for network in NETWORKS for remedy in REMEDIES)]


def add_options(parser):
    """Add what only this script has."""
    parser.add_argument("--resume", action="store_true", help="keep what the table has already")
    parser.add_argument("--data", type=Path, help="folder with tables of the UCR archive")


def run(task, network, remedy, folds):
    """Return the row of the table for one task, network and remedy."""
    begin = perf_counter()
    split = StratifiedKFold(folds, shuffle=True, random_state=0).split(task.y, task.y)
    measures = cross_validated(task, network, remedy, list(split))
    return (task.name, len(task.y), int(task.y.sum()), network, remedy, *measures, perf_counter() - begin)


def main():
    """Print progress and write the table."""
    options = read_options(__doc__, cells=None, results=EVIDENCE, add=add_options)
    found = tasks(options.data)
    folds = 2 if options.quick or options.smoke else FOLDS
    runs = [(task, *run) for task in found for run in RUNS]
    # SMOTE interpolates token ids, which are no numbers.
    runs = [run for run in runs if not (run[0].tokens and run[2] == SYNTHETIC)]
    if options.smoke:
        runs = [run for run in runs if run[0].name.startswith("BasicMotions") or run[2] == PLAIN][:2]
    order = [(task.name, network, remedy) for task, network, remedy in runs]
    rows = [tuple(row.values()) for row in read_rows(options.results, NAME) or []] if options.resume else []
    have = {(row[0], row[3], row[4]) for row in rows}
    todo = [run for run, key in zip(runs, order) if key not in have]
    results = Parallel(1 if options.smoke else os.cpu_count(), return_as="generator_unordered")(
        delayed(run)(*task, folds) for task in todo
    )
    for done, row in enumerate(results, 1):
        rows.append(row)
        about = dict(zip(HEADER, row))
        print(f"[{done}/{len(todo)}] " + ", ".join(f"{name} {about[name]}" for name in HEADER), flush=True)
        write_rows(options.results, NAME, HEADER, sorted(rows, key=lambda row: order.index((row[0], row[3], row[4]))))


if __name__ == "__main__":
    main()
