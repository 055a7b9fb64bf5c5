"""What an import costs: seconds and resident memory, each statement in fresh processes.

    python benchmarks/startup.py [--quick]

The statements take turns, so that a busy moment of the machine meets them all alike; files are in the disk cache
after a first round that is not counted. The bare interpreter shows what of the memory is Python's own. PyTorch and
skorch are left out if they are not installed.
"""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from _options import read_options
from _results import write_rows

STATEMENTS = (
    ("bare interpreter", "pass"),
    ("numpy", "import numpy"),
    ("sklearn", "import sklearn"),
    ("sklearn", "from sklearn.neural_network import MLPClassifier"),
    ("skseq", "from skseq import RNNClassifier"),
    ("torch", "import torch"),
    ("skorch", "from skorch import NeuralNetClassifier"),
)
CODE = """
import sys, time
sys.path.append({folder!r})
from _memory import resident_mb
start = time.perf_counter()
{statement}
print(time.perf_counter() - start, resident_mb())
"""


def run(statement):
    """Return (seconds, resident MB) of a statement in a fresh process."""
    code = CODE.format(folder=str(Path(__file__).parent), statement=statement)
    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    seconds, resident = result.stdout.split()[-2:]
    return float(seconds), float(resident)


def measure(statements, rounds):
    """Return {statement: (median seconds, median MB)}."""
    found = {statement: [] for statement in statements}
    for k in range(rounds + 1):
        print(f"round {k} of {rounds}", flush=True)
        for statement in statements if k % 2 else reversed(statements):
            figures = run(statement)
            if k:
                found[statement].append(figures)
    return {statement: tuple(median(column) for column in zip(*runs)) for statement, runs in found.items()}


def main():
    """Print and write the table."""
    options = read_options(__doc__, cells=None)
    rounds = 1 if options.smoke else 3 if options.quick else 9
    installed = [(who, code) for who, code in STATEMENTS if who == "bare interpreter" or find_spec(who)]
    figures = measure([code for _, code in installed], rounds)
    rows = [(who, code, *figures[code]) for who, code in installed]
    for _, code, seconds, resident in rows:
        print(f"{seconds:7.3f} s  {resident:7.1f} MB  {code}")
    write_rows(options.results, "startup", ["package", "statement", "seconds", "resident_mb"], rows)


if __name__ == "__main__":
    main()
