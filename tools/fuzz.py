"""Call every public name with random arguments, right ones and wrong ones.

Each call must end in an error that a user can act on, a ValueError or TypeError that is raised on purpose and names the
parameter, or in a result that is finite and does not depend on the order of rows, on pickling or on calling twice.
Warnings of NumPy count as failures too.

    python tools/fuzz.py                       # three minutes, the same cases each time
    python tools/fuzz.py --seconds 600 --seed 1
    python tools/fuzz.py SMOTE RNNTagger       # these names alone
    python tools/fuzz.py SMOTE --case 123      # one case again, with its traceback
"""

import argparse
import contextlib
import io
import sys
import time
import traceback
import warnings
from collections import Counter
from importlib import import_module
from itertools import count
from pkgutil import iter_modules
from zlib import crc32

import matplotlib.pyplot as plt
import numpy as np
from _fuzz_oracle import Violation, check_error, check_warnings
from _fuzz_targets import Case, kind_of

import skseq


def public_names():
    """Return a dict of all public names, without their module, and the objects."""
    modules = [module.name for module in iter_modules(skseq.__path__) if not module.name.startswith("_")]
    found = {}
    for module in map(import_module, [f"skseq.{name}" for name in sorted(modules)]):
        for name in getattr(module, "__all__", []):
            if module.__name__.split(".")[1] not in ("layers", "networks", "training"):
                found[name] = getattr(module, name)
    return dict(sorted(found.items()))


class Result:
    """The outcome of one case.

    Attributes
    ----------
    name : str
        The public name that was called.
    outcome : {"result", "error", "violation"}
    text : str
        The violation or the error; empty for a result.
    notes : list of str
        What was drawn.
    error : Exception or None
    """

    def __init__(self, name, outcome, text, notes, error):
        self.name, self.outcome, self.text, self.notes, self.error = name, outcome, text, notes, error


def run(name, number, seed, fuzz):
    """Run one case of a public name. The same ``name``, ``number`` and ``seed`` always give the same case."""
    rng = np.random.default_rng([seed, crc32(name.encode()), number])
    case = Case(rng)
    with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("always")
        try:
            fuzz(case)
            check_warnings(caught)
        except Violation as violation:
            return Result(name, "violation", str(violation), case.notes, violation)
        except Exception as error:
            try:
                check_error(error, case.names)
                check_warnings(caught)
            except Violation as violation:
                return Result(name, "violation", str(violation), case.notes, violation)
            return Result(name, "error", f"{type(error).__name__}: {error}", case.notes, error)
    return Result(name, "result", "", case.notes, None)


def targets_of(names=()):
    """Return a dict of names and functions that fuzz them; of all public names if none are given."""
    public = public_names()
    targets = {}
    for name in names or public:
        if name not in public:
            raise SystemExit(f"there is no public name {name}; the names are {', '.join(public)}")
        fuzz = kind_of(public[name])
        if fuzz:
            targets[name] = lambda case, fuzz=fuzz, name=name: fuzz(case, public[name])
    return targets


def show(result):
    """Print what was drawn, the outcome and the traceback of one case."""
    print(f"{result.name}: {'; '.join(result.notes)}\n{result.outcome}: {result.text}")
    if result.error:
        traceback.print_exception(result.error)


def main():
    """Run cases until the time is over, and print each violation once for each name."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("names", nargs="*", help="public names, without their module (default: all)")
    parser.add_argument("--seconds", type=float, default=180.0, help="how long to run (default: 180)")
    parser.add_argument("--seed", type=int, default=0, help="which cases are drawn (default: 0)")
    parser.add_argument("--case", type=int, help="run this case of each name alone")
    options = parser.parse_args()
    targets = targets_of(options.names)
    plt.switch_backend("agg")
    if options.case is not None:
        for name, fuzz in targets.items():
            show(run(name, options.case, options.seed, fuzz))
        return 0
    outcomes, seen, end = Counter(), set(), time.monotonic() + options.seconds
    cases = ((name, number) for number in count() for name in targets)
    while time.monotonic() < end:
        name, number = next(cases)
        result = run(name, number, options.seed, targets[name])
        outcomes[result.outcome] += 1
        kind = result.name, "".join(c for c in result.text if not c.isdigit())[:60]
        if result.outcome == "violation" and kind not in seen:
            seen.add(kind)
            print(f"{name} --case {number}: {result.text}\n    {'; '.join(result.notes)}", flush=True)
    counts = ", ".join(f"{times} {outcome}s" for outcome, times in sorted(outcomes.items()))
    print(f"{outcomes.total()} cases of {len(targets)} names, seed {options.seed}: {counts}")
    return bool(seen)


if __name__ == "__main__":
    sys.exit(main())
