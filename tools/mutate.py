"""Measure how many small faults in the package its tests notice.

A mutant is a copy of the package with one change: ``<`` for ``<=``, ``+`` for ``-``, a condition negated, a statement
or a keyword left out. It is killed if a test fails, or takes many times as long as usual. ``python tools/mutate.py``
draws mutants of each folder and prints those that survive: each is a missing test, or equivalent to the original code.

    python tools/mutate.py                                 # 10 mutants of each folder, the same ones each time
    python tools/mutate.py metrics compose --sample 50 --seed 1
    python tools/mutate.py layers --only _pooling          # of files whose path contains this

Equivalent mutants are listed in ``tools/equivalent_mutants.toml``, each with the reason, and are never drawn.
"""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue

from _mutants import mutants_of

ROOT = Path(__file__).parents[1]
#: Each folder, or group of modules, with the tests that are run after those of the mutated module itself.
FOLDERS = {
    "layers": ["tests/layers", "tests/networks"],
    "training": ["tests/training", "tests/neural_network/test_rnn_classifier.py"],
    "over_sampling": ["tests/over_sampling"],
    "under_sampling": ["tests/under_sampling"],
    "linear_model": ["tests/linear_model"],
    "compose": ["tests/compose", "tests/test_pipeline.py"],
    "pipeline": ["tests/test_pipeline.py", "tests/compose", "tests/test_held_out_validation.py"],
    "metrics": ["tests/metrics"],
}
#: Modules of a group that is more or less than a folder of its name.
MODULES = {
    "over_sampling": ["over_sampling/*.py", "_samplers/*.py"],
    "pipeline": ["pipeline.py", "_pipeline_fit.py", "_resampling.py"],
}
#: A test run that takes this many times as long as without a mutant does not end.
PATIENCE = 5
#: Address space of a test run in bytes: a mutant may ask for any amount.
MEMORY = 8 << 30


def sources_of(folder):
    """Return the paths of the modules of a folder, relative to the root."""
    package = ROOT / "skseq"
    patterns = MODULES.get(folder, [f"{folder}/*.py"])
    return sorted(path.relative_to(ROOT) for pattern in patterns for path in package.glob(pattern))


def equivalent_mutants():
    """Return the keys of the mutants that no test can notice."""
    with open(Path(__file__).parent / "equivalent_mutants.toml", "rb") as file:
        listed = tomllib.load(file).get("mutant", [])
    return {
        (each["module"], each["scope"], each["before"], each["after"], each.get("number", 1))
        for each in listed
        if each["reason"]
    }


def draw(folder, size, seed, only=""):
    """Return ``size`` mutants of a folder, at most all of them."""
    known = equivalent_mutants()
    paths = [path for path in sources_of(folder) if only in str(path)]
    mutants = [
        mutant
        for path in paths
        for mutant in mutants_of((ROOT / path).read_text(encoding="utf-8"), path.as_posix())
        if mutant.key not in known
    ]
    return random.Random(f"{folder} {seed}").sample(mutants, min(size, len(mutants)))


def stages_of(module, folder):
    """Return lists of test paths, the nearest to the module first."""
    path = Path(module)
    name = f"test_{path.stem.removeprefix('_')}"
    mirrored = sorted((ROOT / "tests" / path.relative_to("skseq").parent).glob(f"{name}*.py"))
    first = [module, *[str(found.relative_to(ROOT)) for found in mirrored]]
    return [first, *[[tests] for tests in FOLDERS[folder] if (ROOT / tests).exists()]]


class Checkout:
    """A copy of the repository in which one mutant at a time is tested.

    Parameters
    ----------
    folder : Path
        Where to make it.
    """

    def __init__(self, folder):
        self.root = folder
        ignored = shutil.ignore_patterns(".git", ".venv*", "__pycache__", "_build", "auto_examples", ".*_cache")
        shutil.copytree(ROOT, folder, ignore=ignored)

    def passes(self, tests, timeout=None):
        """Return whether tests pass; False also if they take longer than ``timeout`` seconds."""
        single = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        environment = os.environ | single | {"PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-m", "pytest", "-x", "-n0", "-p", "no:cacheprovider", *tests]
        with subprocess.Popen(
            command,
            cwd=self.root,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_limit_memory,
            start_new_session=True,
        ) as run:
            try:
                # 5: no tests were collected, as for a module without doctests and a test file of its own.
                return run.wait(timeout) in (0, 5)
            except subprocess.TimeoutExpired:
                os.killpg(run.pid, 9)
                return False

    def survives(self, mutant, stages, seconds):
        """Return whether all tests pass with a mutant.

        Parameters
        ----------
        mutant : Mutant
        stages : list of lists of str
        seconds : dict
            How long each stage takes without a mutant.
        """
        path = self.root / mutant.module
        original = path.read_text(encoding="utf-8")
        path.write_text(mutant.source, encoding="utf-8")
        try:
            return all(self.passes(tests, 30 + PATIENCE * seconds[tuple(tests)]) for tests in stages)
        finally:
            path.write_text(original, encoding="utf-8")


def _limit_memory():
    try:
        import resource
    except ImportError:  # not on Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def survivors_of(mutants, folder, checkouts):
    """Return the mutants that no test notices; print each as it is found."""
    waiting, found = SimpleQueue(), []
    for checkout in checkouts:
        waiting.put(checkout)
    seconds = {}

    def on_a_checkout(function, *arguments):
        checkout = waiting.get()
        try:
            return function(checkout, *arguments)
        finally:
            waiting.put(checkout)

    def measure(checkout, tests):
        start = time.perf_counter()
        if not checkout.passes(tests):
            raise SystemExit(f"The tests fail without any mutant: {' '.join(tests)}. Mend them first.")
        seconds[tuple(tests)] = time.perf_counter() - start

    def judge(checkout, mutant):
        if checkout.survives(mutant, stages_of(mutant.module, folder), seconds):
            found.append(mutant)
            print(f"survives  {mutant}", flush=True)

    stages = {tuple(tests) for mutant in mutants for tests in stages_of(mutant.module, folder)}
    with ThreadPoolExecutor(len(checkouts)) as pool:
        list(pool.map(lambda tests: on_a_checkout(measure, list(tests)), sorted(stages)))
        list(pool.map(lambda mutant: on_a_checkout(judge, mutant), mutants))
    return found


def main():
    """Draw mutants, test them and print the share that is killed in each folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", default=list(FOLDERS), metavar="folder", help=", ".join(FOLDERS))
    parser.add_argument("--sample", type=int, default=10, help="mutants of each folder (default: 10)")
    parser.add_argument("--seed", type=int, default=0, help="which mutants are drawn (default: 0)")
    parser.add_argument("--only", default="", help="mutate the files alone whose path contains this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="test runs at once (default: one per core)")
    parser.add_argument("--at-least", type=float, default=0.9, help="share that must be killed in all (default: 0.9)")
    options = parser.parse_args()
    n_mutants = n_killed = 0
    with tempfile.TemporaryDirectory() as folder:
        checkouts = [Checkout(Path(folder) / str(job)) for job in range(options.jobs)]
        for name in options.folders:
            mutants = draw(name, options.sample, options.seed, options.only)
            killed = len(mutants) - len(survivors_of(mutants, name, checkouts))
            print(f"{name}: {killed} of {len(mutants)} killed", flush=True)
            n_mutants, n_killed = n_mutants + len(mutants), n_killed + killed
    print(f"in all: {n_killed} of {n_mutants} killed, seed {options.seed}")
    return n_killed < options.at_least * n_mutants


if __name__ == "__main__":
    sys.exit(main())
