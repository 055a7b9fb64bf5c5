"""Tables of what the remedies do for networks on sequences, from the rows of sequences.csv."""

import numpy as np
from _markdown import paragraph, table, unique
from _ranks import critical_difference, friedman, mean_ranks
from _sequence_remedies import BASELINE, ENSEMBLE, NETWORKS, PLAIN, REMEDIES, SYNTHETIC

TITLES = {
    "auc": "AUC",
    "average_precision": "average precision",
    "log_loss_raw": "log loss, as trained",
    "log_loss": "log loss, base rate restored",
    "cost_raw": "cost, most probable class",
    "cost": "cost, least expected cost",
}
#: Measures that ranks are taken of: of the best that each remedy offers.
RANKED = ("auc", "average_precision", "log_loss", "cost")
HIGHER = {"auc", "average_precision"}


class SequenceScores:
    """The measures of all remedies, tasks in a fixed order.

    Parameters
    ----------
    rows : list of dict
        Of sequences.csv.
    """

    def __init__(self, rows):
        self.rows = rows
        self.names = unique(row["data"] for row in rows)
        self._found = {(row["data"], row["network"], row["remedy"]): row for row in rows}

    def of(self, measure, network, remedy):
        """Return a measure for each task that has it, as a dict from name to number."""
        keys = {name: (name, network, remedy) for name in self.names}
        return {name: self._found[key][measure] for name, key in keys.items() if key in self._found}

    def blocks(self, measure, remedies):
        """Return a measure (blocks, remedies); a block is a task and a network for which all remedies were run."""
        blocks = []
        for network in NETWORKS:
            columns = [self.of(measure, network, remedy) for remedy in remedies]
            shared = [name for name in self.names if all(name in column for column in columns)]
            blocks += [[column[name] for column in columns] for name in shared]
        return np.array(blocks, dtype=float)

    def gains(self, measure, remedy, over=PLAIN):
        """Return how much better a remedy is than another on each block that has both, (blocks,)."""
        own, other = self.blocks(measure, (remedy, over)).T
        return own - other if measure in HIGHER else other - own


def means(scores):
    """Return the lines of a table for each network: remedies down, means over tasks across."""
    lines = []
    for network in NETWORKS:
        everywhere = [remedy for remedy in REMEDIES if remedy != SYNTHETIC]
        lines += [_mean_line(scores, network, remedy, network) for remedy in everywhere]
    lines.append(_mean_line(scores, "none", BASELINE, "no network"))
    return table(["network", "remedy", *TITLES.values(), "seconds per task"], lines)


def _mean_line(scores, network, remedy, title):
    cells = [f"{np.mean(list(scores.of(measure, network, remedy).values())):.3f}" for measure in TITLES]
    seconds = np.mean(list(scores.of("seconds", network, remedy).values()))
    return [title, remedy, *cells, f"{seconds:.0f}"]


def ranks(scores, remedies):
    """Return the lines of a table of mean ranks over tasks and networks, 1 is the best."""
    found, tests = {}, []
    for measure in RANKED:
        blocks = scores.blocks(measure, remedies)
        found[measure] = mean_ranks(blocks, measure in HIGHER)
        tests.append((critical_difference(*blocks.shape), friedman(blocks)))
    lines = [[remedy, *(f"{found[measure][k]:.2f}" for measure in RANKED)] for k, remedy in enumerate(remedies)]
    lines.append(["*critical difference*", *(f"{difference:.2f}" for difference, _ in tests)])
    lines.append(["*p of Friedman's test*", *(f"{p:.1g}" for _, p in tests)])
    return table(["remedy", *(TITLES[measure] for measure in RANKED)], lines)


def by_task(scores, measure):
    """Return the lines of a table: tasks down, remedies of each network across."""
    lines = []
    for name in scores.names:
        for network in NETWORKS:
            cells = [scores.of(measure, network, remedy).get(name) for remedy in REMEDIES]
            baseline = scores.of(measure, "none", BASELINE)[name]
            lines.append([name, network, *("" if cell is None else f"{cell:.3f}" for cell in cells), f"{baseline:.3f}"])
    return table(["task", "network", *REMEDIES, BASELINE], lines)


def gains(scores):
    """Return the lines of a table: on how many blocks each remedy is better / worse than nothing, and the median."""
    lines = []
    for remedy in REMEDIES:
        if remedy != PLAIN:
            cells = []
            for measure in RANKED:
                found = scores.gains(measure, remedy)
                cells.append(f"{(found > 0).sum()} / {(found < 0).sum()}, {np.median(found):+.3f}")
            lines.append([remedy, *cells])
    return table(["remedy", *(TITLES[measure] for measure in RANKED)], lines)


def head(scores):
    """Return what was done."""
    sets = {row["data"]: row for row in scores.rows}
    sizes = ", ".join(f"{name} ({row['rare']} of {row['rows']})" for name, row in sets.items())
    text = (
        f"{len(sets)} tasks with a rare class of sequences: {sizes}. Means over four stratified folds, the same for "
        "all remedies. Networks have their defaults, with 16-dimensional embeddings for token ids; measurements are "
        "standardised on the training part. Nothing was tuned. A miss costs as many false alarms as there are common "
        "sequences per rare one; costs are divided by that of the better constant decision, so 1 means that the "
        "model is of no use. Tasks of the UCR archive are thinned, and none of them is bundled."
    )
    remedies = (
        '- **class weights**: `class_weight="balanced"`.',
        "- **random over-sampling**, **SMOTE**, **under-sampling**: `ResampledClassifier` with the sampler, balanced. "
        "SMOTE is left out for token ids.",
        f"- **{ENSEMBLE}**: `EnsembleClassifier(network, 4)`; with under-samples, each network has a balanced "
        "under-sample of its own.",
        "- **logit-adjusted loss**: the cross-entropy of the logits plus the logarithms of the class frequencies "
        "(Menon et al. 2021), an experiment of the benchmark.",
        "- **base rate restored**: `prior_correction=True`; least expected cost: `MinimumCostClassifier` on the "
        "probabilities whose base rate is restored.",
    )
    lines = [*paragraph(text), ""]
    for line in remedies:
        lines += [("  " if k else "") + part for k, part in enumerate(paragraph(line))]
    return [*lines, ""]


def section(rows):
    """Return the lines of the second part of docs/evidence.md, without its findings."""
    scores = SequenceScores(rows)
    everywhere = tuple(remedy for remedy in REMEDIES if remedy != SYNTHETIC)
    lines = ["### What was done with networks", "", *head(scores), "### Means over the tasks", "", *means(scores), ""]
    lines += ["### Ranks over tasks and networks", "", *ranks(scores, everywhere), ""]
    lines += ["With SMOTE, on the tasks of measurements:", "", *ranks(scores, REMEDIES), ""]
    lines += ["### How often each remedy is better than nothing", "", *paragraph(GAINS_TEXT), "", *gains(scores), ""]
    for measure in ("average_precision", "cost"):
        lines += [f"### By task: {TITLES[measure]}", "", *by_task(scores, measure), ""]
    return lines


GAINS_TEXT = (
    "Number of tasks and networks on which it is better / worse, and the median gain; for log loss and cost a gain is "
    "a fall."
)
