"""The sections of docs/benchmarks.md: which table each one shows, and how."""

from collections.abc import Callable
from dataclasses import dataclass

from _engine_tables import long_tables, transformer
from _markdown import by, duration, grid_table, means_table, paragraph, shape, table
from _memory_tables import memory, spread_memory
from _rare_class_tables import logistic, smote
from _results import describe, read_commands, read_machine, read_rows

PEERS = {"torch": "PyTorch", "skorch": "skorch"}


@dataclass
class Section:
    """A part of the page.

    Parameters
    ----------
    title : str
    text : str
        What was measured.
    script : str
        The script and its arguments that write the table.
    name : str
        The table.
    lines : callable
        Takes the rows of the table; returns the Markdown lines.
    """

    title: str
    text: str
    script: str
    name: str
    lines: Callable

    def write(self, folder):
        """Return the lines of this section."""
        command = f"python benchmarks/{read_commands(folder).get(self.name, self.script)}"
        rows = read_rows(folder, self.name)
        body = self.lines(rows) if rows else [f"Not measured yet: run `{command}`."]
        machine = read_machine(folder, self.name)
        # What is said of the machine above all sections holds for most of them.
        if rows and machine is not None and machine != read_machine(folder):
            body = [*paragraph(describe(machine)), "", *body]
        return [f"## {self.title}", "", *paragraph(self.text), "", f"    {command}", "", *body, ""]


def grids(rows):
    """Return a table for each measurement, peer and number of threads."""
    lines = []
    for (what, peer, threads), group in by(rows, "what", "peer", "threads"):
        peer = PEERS.get(peer, peer)  # ragged data are compared with skseq on other data, too
        title = f"{what} against {peer}, {threads} thread{'s' if threads > 1 else ''}: ratio (skseq / {peer}, ms)"
        lines += [title, "", *grid_table(group), ""]
    return lines[:-1]


def ragged(rows):
    """Return the geometric means, then every point."""
    named = [{**row, "peer": PEERS.get(row["peer"], row["peer"])} for row in rows]
    return [*means_table(named), "", *grids(rows)]


def startup(rows):
    """Return times and memory, and what skseq adds to scikit-learn."""
    bare = next(row["resident_mb"] for row in rows if row["statement"] == "pass")
    lines = [
        [
            f"`{row['statement']}`",
            f"{row['seconds']:.3f}",
            f"{row['resident_mb']:.0f}",
            f"{row['resident_mb'] - bare:.0f}",
        ]
        for row in rows
    ]
    found = {row["package"]: row for row in rows}  # of two statements, the last
    skseq, sklearn = found["skseq"], found["sklearn"]
    beyond = (
        f"skseq against scikit-learn's own `MLPClassifier`: {skseq['seconds'] - sklearn['seconds']:+.3f} s and "
        f"{skseq['resident_mb'] - sklearn['resident_mb']:+.1f} MB."
    )
    return [*table(["statement", "seconds", "resident MB", "beyond a bare interpreter, MB"], lines), "", beyond]


def scaling(rows):
    """Return one line for each slope."""
    lines = []
    for (what, varies, cell, threads), group in by(rows, "what", "varies", "cell", "threads"):
        times = ", ".join(f"{row['value']}: {duration(row['seconds'])}" for row in group)
        lines.append([what, varies, cell, threads, times, f"{group[0]['slope']:.2f}"])
    return table(["what", "varies", "cell", "threads", "value: ms", "slope"], lines)


def grid_search(rows):
    """Return one line for each cell and shape."""
    lines = [
        [row["cell"], shape(row), row["epochs"], row["fits"]]
        + [f"{row[name]:.2f}" for name in ("one_job_s", "two_jobs_s", "speed_up")]
        for row in rows
    ]
    header = ["cell", "batch x steps x features x units", "epochs", "fits", "one job, s", "two jobs, s", "speed-up"]
    return table(header, lines)


def time_spent(rows):
    """Return one line for each cell and shape."""
    header = ["cell", "(batch, steps, features, units)", "epoch, ms"]
    header += ["products", "tanh", "other passes", "rest", "times the floor"]
    lines = []
    for row in rows:
        shape = tuple(row[name] for name in ("batch", "steps", "features", "units"))
        shares = [f"{row[phase]:.0%}" for phase in ("products", "tanh", "other_passes", "rest")]
        lines.append([row["cell"], str(shape), f"{row['epoch_s'] * 1e3:.1f}", *shares, f"{row['ratio_to_floor']:.1f}"])
    return table(header, lines)


#: The page, in order. A new table needs a line here and a function that turns its rows into lines.
SECTIONS = [
    Section(
        "Training and prediction against plain PyTorch",
        "One training epoch and `predict_proba` against a loop in plain PyTorch with the same network, batches, Adam "
        "and clipping.",
        "fit_and_predict.py",
        "fit_and_predict",
        grids,
    ),
    Section(
        "Training against PyTorch without denormal numbers",
        "Gradients that vanish over many steps become denormal numbers, on which processors are slow. Here PyTorch "
        "takes them as zero (`torch.set_flush_denormal(True)`), not its default. skseq runs as it always does.",
        "fit_and_predict.py --flush-denormals",
        "fit_and_predict.flushed",
        grids,
    ),
    Section(
        "The whole fit against skorch",
        "`RNNClassifier(...).fit(X, y)` against `NeuralNetClassifier(...).fit(X, y)`: three epochs, construction "
        "included.",
        "whole_fit.py",
        "whole_fit",
        grids,
    ),
    Section(
        "The whole fit against skorch without denormal numbers",
        "The same, PyTorch taking denormal numbers as zero.",
        "whole_fit.py --flush-denormals",
        "whole_fit.flushed",
        grids,
    ),
    Section(
        "The Transformer against plain PyTorch",
        "A training step and `predict_proba` of `TransformerClassifier` against `nn.TransformerEncoder` with the same "
        "network, batches, Adam and clipping. Ragged sequences have half to one and a half of the steps; PyTorch pads "
        "and masks them.",
        "transformer.py",
        "transformer",
        transformer,
    ),
    Section(
        "Import time and memory",
        "Each statement in fresh processes, medians.",
        "startup.py",
        "startup",
        startup,
    ),
    Section(
        "How time grows",
        "One of three varies, the others stay at 1,000 sequences, 50 steps and 32 units. The slope is that of a line "
        "through the logarithms: 1 means that twice as much takes twice as long.",
        "scaling.py",
        "scaling",
        scaling,
    ),
    Section(
        "Peak memory",
        "One epoch of `fit`, and `predict_proba`, each in a fresh process.",
        "memory.py",
        "memory",
        memory,
    ),
    Section(
        "Lengths far apart",
        "Peak memory beyond the data, and time, of one epoch with all sequences in one batch and 64 GRU units, each in "
        "a fresh process. Padding would multiply both: to 140 times the valid steps beside the sequence of 5,000.",
        "memory.py",
        "spread_memory",
        spread_memory,
    ),
    Section(
        "Ragged data",
        "Lengths uniform in 10 to 200, eight batches; skseq on ragged sequences against skseq on as many sequences of "
        "the mean length (the same number of valid steps), skseq on the padded sequences, and PyTorch with packed "
        "sequences.",
        "ragged.py",
        "ragged",
        ragged,
    ),
    Section(
        "Grid search on two cores",
        "`GridSearchCV` with `n_jobs=2` against `n_jobs=1`, the workers running beforehand.",
        "grid_search.py",
        "grid_search",
        grid_search,
    ),
    Section(
        "Sequences from a long table",
        "`from_long` on a million rows of two features in 20,000 sequences, against sorting the same table with "
        "`sort_values([id, time])` of pandas, and against a list of the arrays of `groupby`.",
        "long_tables.py",
        "long_tables",
        long_tables,
    ),
    Section(
        "Where the time goes",
        "Shares of an epoch of training on one thread: matrix products, tanh, the other elementwise calls of the "
        "cells, and the rest: Python, reading batches, the loss and the optimizer. Each call is timed with NumPy's own "
        "overhead, so shares of small networks are mostly overhead. The floor is the time of the multiplications at "
        "the rate of a large product, plus that of the tanhs at the rate of a warm array.",
        "where_time_goes.py",
        "where_time_goes",
        time_spent,
    ),
    Section(
        "Class-weighted logistic regression",
        "`CostSensitiveLogisticRegression()` against the solver of scikit-learn's "
        "`LogisticRegression(class_weight='balanced')` that reaches the same objective first: its tolerance falls "
        "until the objective is within 1e-6 of the optimum. The gap is the distance to the optimum, relative. "
        "Non-zeros: 100 a row of CSR.",
        "logistic.py",
        "logistic",
        logistic,
    ),
    Section(
        "SMOTE and SMOTENC",
        "`fit_resample` of two classes brought to the same size, float64, defaults on both sides. The peak is that of "
        "a fresh process, beyond the data; the output is X and y, old rows and new. Columns of mixed data are "
        "half numbers, half categories.",
        "smote.py",
        "smote",
        smote,
    ),
]
