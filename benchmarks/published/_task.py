"""What a task is made of, and a row of the table.

A task is a module of this folder with:

__doc__
    The first line is the task's title; the rest is the text of its section on the page.
units(chosen, smoke)
    A list of dicts of numbers and texts: the runs that the task consists of, each of them one line of progress and
    one record. ``chosen(**where)`` returns the candidate that cross-validation found best among the judgements whose
    units agree with ``where``.
run(unit, smoke)
    Do one of them; return a dict of figures. It runs in a process of its own, on one thread.
rows(records)
    Return the rows of the table, given the records: dicts of ``unit``, ``figures`` and ``seconds``.

and, where there is something to choose:

judgements(smoke)
    A list of units with a ``candidate`` each, to be judged on training data alone.
judge(unit, smoke)
    Return a dict of figures; the candidate with the greatest mean ``score`` is chosen.

and, where there is more to show:

lines(records)
    Return lines of Markdown, say a table.
draw(records)
    Return a matplotlib figure.

``smoke`` asks for a run of a few seconds that shows that the code works.
"""

from dataclasses import dataclass
from importlib import import_module

import numpy as np
from sklearn.model_selection import StratifiedKFold

#: Learning rate of candidates that do not name one.
RATE = 0.005


@dataclass(frozen=True)
class Row:
    """A row of the table: what was published, what is to be reached, and what was found."""

    task: str
    published: str
    reach: str
    ours: str
    reached: bool


def load(name):
    """Return the module of a task."""
    return import_module(f"published.{name}")


def of(records, figure, **where):
    """Return the values of a figure in the records whose units agree with ``where``."""
    return [record["figures"][figure] for record in records if where.items() <= record["unit"].items()]


def values(records, name):
    """Return the values of one entry of the units, without repetition, in their order."""
    return list(dict.fromkeys(record["unit"][name] for record in records))


def fold_rows(y, n_splits, number):
    """Return the rows of the training and test part of one of so many stratified folds."""
    folds = StratifiedKFold(n_splits, shuffle=True, random_state=0).split(np.zeros(len(y)), y)
    return list(folds)[number]


def in_double(proba):
    """Return probabilities (n, classes) in float64, where their rows add up to one."""
    proba = proba.astype(np.float64)
    return proba / proba.sum(axis=1, keepdims=True)


def mean_and_range(numbers, digits=3, scale=1.0, unit=""):
    """Return a text like ``0.987 (0.984 to 0.992)``: the mean, the least and the greatest."""
    numbers = scale * np.asarray(numbers, dtype=float)
    mean, least, greatest = (f"{number:.{digits}f}{unit}" for number in (numbers.mean(), numbers.min(), numbers.max()))
    return f"{mean} ({least} to {greatest})"
