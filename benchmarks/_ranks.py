"""Ranks of several methods over many data sets, and how far apart they must be to count as different.

J. Demsar (2006). Statistical comparisons of classifiers over multiple data sets. Journal of Machine Learning Research
7, 1-30.
"""

import numpy as np
from scipy.stats import f, rankdata, studentized_range


def mean_ranks(scores, higher_is_better=True):
    """Return the mean rank of each method; 1 is the best, equal scores share the mean of their ranks.

    Parameters
    ----------
    scores : array-like of shape (n_sets, n_methods)
    higher_is_better : bool
    """
    return rankdata(np.negative(scores) if higher_is_better else scores, axis=1).mean(axis=0)


def friedman(scores):
    """Return the p-value of the hypothesis that no method is better than another.

    Friedman's test in the form of Iman and Davenport, corrected for ties: the analysis of variance of the ranks, data
    sets as blocks.
    """
    ranks = rankdata(scores, axis=1)
    n, k = ranks.shape
    between = n * ((ranks.mean(axis=0) - (k + 1) / 2) ** 2).sum()
    within = ((ranks - (k + 1) / 2) ** 2).sum() - between
    if within <= 1e-12:  # all data sets agree: perfectly, or that all methods are equal
        return 1.0 if between <= 1e-12 else 0.0
    statistic = between / (k - 1) / (within / ((n - 1) * (k - 1)))
    return float(f.sf(statistic, k - 1, (n - 1) * (k - 1)))


def critical_difference(n_sets, n_methods, level=0.05):
    """Return by how much two mean ranks must differ in Nemenyi's test at this level."""
    q = studentized_range.ppf(1 - level, n_methods, np.inf) / np.sqrt(2)
    return float(q * np.sqrt(n_methods * (n_methods + 1) / (6 * n_sets)))


def groups(ranks, difference):
    """Return the groups of methods that do not differ, as (lowest, highest rank) of each, the best first.

    A group that lies within another is left out, and so is a method that differs from all others.
    """
    ordered = np.sort(ranks)
    found = []
    for lowest in ordered:
        highest = ordered[ordered < lowest + difference].max()
        if highest > lowest and (not found or highest > found[-1][1]):
            found.append((float(lowest), float(highest)))
    return found
