"""How long ``import skseq`` takes on top of ``import sklearn``, each in fresh processes.

python benchmarks/import_time.py
"""

import statistics
import subprocess
import sys

CODE = """
import time
start = time.perf_counter()
{statement}
print(time.perf_counter() - start)
"""


def seconds(statement, runs=7):
    """Return the median time of ``statement`` in fresh processes."""
    command = [sys.executable, "-c", CODE.format(statement=statement)]
    times = [float(subprocess.run(command, check=True, capture_output=True, text=True).stdout) for _ in range(runs)]
    return statistics.median(times)


def main():
    """Print the medians."""
    for statement in (
        "import sklearn",
        "import sklearn, skseq",
        "from sklearn.neural_network import MLPClassifier",
        "from skseq import RNNClassifier",
    ):
        print(f"{seconds(statement):6.3f} s  {statement}")


if __name__ == "__main__":
    main()
