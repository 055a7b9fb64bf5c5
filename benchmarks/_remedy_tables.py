"""Tables of what the remedies do, from the rows of imbalance.csv."""

from itertools import pairwise

import numpy as np
from _markdown import table, unique
from _ranks import critical_difference, friedman, mean_ranks
from _remedies import (
    AGAIN,
    NONE,
    OURS,
    REMEDIES,
    SMOTE_CORRECTED,
    THEIRS,
    THRESHOLD,
    WEIGHTS,
    WEIGHTS_CORRECTED,
)

TITLES = {
    "auc": "AUC",
    "average_precision": "average precision",
    "g_mean": "G-mean",
    "balanced_accuracy": "balanced accuracy",
    "log_loss": "log loss",
    "brier": "Brier score",
}
LOSSES = {"log_loss", "brier"}
#: Where a threshold or a correction changes nothing by construction, it is left out of the ranks.
RANKING = (NONE, WEIGHTS, OURS, THEIRS)
PROBABILITIES = (NONE, WEIGHTS, WEIGHTS_CORRECTED, OURS, THEIRS, SMOTE_CORRECTED)
DECISIONS = (*PROBABILITIES, THRESHOLD)
COMPARED = {
    "auc": RANKING,
    "average_precision": RANKING,
    "g_mean": DECISIONS,
    "balanced_accuracy": DECISIONS,
    "log_loss": PROBABILITIES,
    "brier": PROBABILITIES,
}
#: Bounds of the strata by imbalance ratio, common rows for each rare one.
RATIOS = (0, 10, 30, np.inf)


class Scores:
    """The measures of one classifier, data sets in a fixed order.

    Parameters
    ----------
    rows : list of dict
        Of imbalance.csv.
    classifier : str
    """

    def __init__(self, rows, classifier):
        self.classifier = classifier
        own = [row for row in rows if row["classifier"] == classifier]
        self.found = {(row["data"], row["remedy"]): row for row in own}
        self.names = unique(row["data"] for row in own)
        self.sources = np.array([self.found[name, NONE]["source"] for name in self.names])
        self.ratios = np.array([self.found[name, NONE]["ratio"] for name in self.names])
        self.shares = np.array([self.found[name, NONE]["rare"] / self.found[name, NONE]["rows"] for name in self.names])

    def of(self, measure, remedy):
        """Return a measure with a remedy for each data set, (n_sets,)."""
        return np.array([self.found[name, remedy][measure] for name in self.names], dtype=float)

    def strata(self):
        """Return a mask (n_sets,) for each stratum of :data:`RATIOS`."""
        return [(self.ratios >= low) & (self.ratios < high) for low, high in pairwise(RATIOS)]

    def compared(self, measure):
        """Return the remedies that are compared by a measure."""
        return [remedy for remedy in COMPARED[measure] if remedy in REMEDIES[self.classifier]]

    def table(self, measure, sources=False):
        """Return a measure of the remedies that are compared by it, (n_sets, n_remedies); or means over sources."""
        scores = np.column_stack([self.of(measure, remedy) for remedy in self.compared(measure)])
        if sources:
            scores = np.array([scores[self.sources == source].mean(axis=0) for source in unique(self.sources.tolist())])
        return scores

    def ranks(self, measure, sources=False):
        """Return ({remedy: mean rank}, critical difference, p of Friedman's test)."""
        scores = self.table(measure, sources)
        ranks = mean_ranks(scores, measure not in LOSSES)
        return dict(zip(self.compared(measure), ranks)), critical_difference(*scores.shape), friedman(scores)


def means(scores):
    """Return the lines of a table: remedies down, means of the measures over data sets across."""
    lines = []
    for remedy in REMEDIES[scores.classifier]:
        if remedy != AGAIN:
            share = np.median(scores.of("predicted_share", remedy) / scores.shares)
            lines.append([remedy, *(f"{scores.of(measure, remedy).mean():.3f}" for measure in TITLES), f"{share:.2f}"])
    return table(["remedy", *TITLES.values(), "predicted share / true share"], lines)


def ranks(scores):
    """Return the lines of a table: remedies down, mean ranks over data sets and over sources across."""
    found = {(measure, sources): scores.ranks(measure, sources) for measure in TITLES for sources in (False, True)}
    lines = []
    for remedy in DECISIONS:
        if remedy in REMEDIES[scores.classifier]:
            cells = [
                " / ".join(_marked(remedy, *found[measure, sources][:2]) for sources in (False, True))
                if remedy in COMPARED[measure]
                else ""
                for measure in TITLES
            ]
            lines.append([remedy, *cells])
    for title, place, form in (("critical difference", 1, "{:.2f}"), ("p of Friedman's test", 2, "{:.1g}")):
        cells = [
            " / ".join(form.format(found[measure, sources][place]) for sources in (False, True)) for measure in TITLES
        ]
        lines.append([f"*{title}*", *cells])
    return table(["remedy", *TITLES.values()], lines)


def _marked(remedy, ranks, difference):
    """Return a mean rank, with a star if it differs from that of doing nothing."""
    star = "\\*" if abs(ranks[remedy] - ranks[NONE]) >= difference else ""
    return f"{ranks[remedy]:.2f}{star}"


def gain(scores, measure, remedy, over):
    """Return how much better a remedy is than another on each data set, (n_sets,)."""
    difference = scores.of(measure, remedy) - scores.of(measure, over)
    return -difference if measure in LOSSES else difference


def tally(gains):
    """Return better, equal and worse, and the median gain, as a text."""
    better, worse = int((gains > 0).sum()), int((gains < 0).sum())
    return f"{better} / {len(gains) - better - worse} / {worse}, {signed(np.median(gains))}"


def signed(value):
    """Return a difference with its sign, as a text; none if it rounds to zero."""
    text = f"{value:+.3f}"
    return text[1:] if float(text) == 0 else text


def gains(scores, over):
    """Return the lines of a table: how often, and by how much, each remedy is better than one of them."""
    lines = []
    for remedy in DECISIONS:
        if remedy != over and remedy in REMEDIES[scores.classifier]:
            own = [
                tally(gain(scores, measure, remedy, over)) if remedy in COMPARED[measure] else "" for measure in TITLES
            ]
            lines.append([remedy, *own])
    return table(["remedy", *TITLES.values()], lines)


def strata(scores, pairs):
    """Return the lines of a table: pairs of remedies and measures down, imbalance ratios across.

    Parameters
    ----------
    scores : Scores
    pairs : list of (measure, remedy, other remedy)
    """
    inside = scores.strata()
    names = [f"below {RATIOS[1]}", f"{RATIOS[1]} to {RATIOS[2]}", f"{RATIOS[2]} and more"]
    header = [f"{name} ({within.sum()} sets)" for name, within in zip(names, inside)]
    lines = [
        [f"{TITLES[measure]}: {remedy} over {over}"]
        + [tally(gain(scores, measure, remedy, over)[within]) for within in inside]
        for measure, remedy, over in pairs
    ]
    return table(["common rows for each rare one", *header], lines)


def agreement(scores):
    """Return the lines of a table: our SMOTE against imbalanced-learn's, and against itself with another seed."""
    lines = []
    for measure, title in TITLES.items():
        line = [title]
        for other in (THEIRS, AGAIN):
            gains = gain(scores, measure, OURS, other)
            line.append(f"{gains.mean():+.4f} ± {gains.std(ddof=1) / len(gains) ** 0.5:.4f}")
            line.append(f"{gains.std(ddof=1):.4f}")
        lines.append(line)
    header = ["measure", "ours - imbalanced-learn's: mean ± standard error", "standard deviation"]
    return table([*header, "ours - ours, another seed: mean ± standard error", "standard deviation"], lines)
