"""Whole sequences, resampled with the labels of their steps."""

import numpy as np

from skseq._row_selection import take_rows
from skseq._validation import check_labels, check_same_length
from skseq.sequences import holds_steps, join_steps, read_steps


def labels_each_step(X, y):
    """Return whether y has a label for each step of the sequences X.

    Columns of indicators beside a table, one for each class, are labels of rows, as imbalanced-learn reads them.
    """
    if not holds_steps(y, single=False):
        return False
    if getattr(X, "ndim", 0) != 2 or getattr(y, "ndim", 0) != 2:
        return True
    values = np.asarray(y)
    return not (np.isin(values, (0, 1)).all() and (values.sum(axis=1) == 1).all())


def sequence_labels(rows):
    """Return for each sequence the rarest class among its steps.

    Parameters
    ----------
    rows : list of ndarray of shape (steps_i,)
        The labels of the steps.

    Returns
    -------
    ndarray of shape (n,)
    """
    labels = join_steps("y", rows)
    classes, codes, counts = np.unique(check_labels(labels, len(labels)), return_inverse=True, return_counts=True)
    by_rarity = np.argsort(counts, kind="stable")
    ranks = np.argsort(by_rarity)[codes]
    starts = np.cumsum([0] + [len(row) for row in rows[:-1]])
    return classes[by_rarity[np.minimum.reduceat(ranks, starts)]]


def resample_sequences(sampler, X, y, params):
    """Return the sequences X and the labels y of their steps, whole sequences repeated or left out by ``sampler``.

    A sequence counts as one of the rarest class among its steps.

    Parameters
    ----------
    sampler : sampler
        Repeats or drops rows of any kind, and makes none up.
    X : array, DataFrame or list of n sequences
    y : list of n array-likes of shape (steps_i,), or array of shape (n, steps)
    params : dict
        Passed to ``fit_resample``.

    Raises
    ------
    TypeError
        If the sampler needs numbers, as those that make up rows do.
    ValueError
        If all sequences count as of one class.
    """
    rows = read_steps("y", y)
    check_same_length(len(X), rows)
    labels = sequence_labels(rows)
    if (labels == labels[0]).all():
        raise ValueError(
            f"Every sequence counts as one of class {labels[:1].tolist()[0]!r}, the rarest among its steps, so whole "
            "sequences cannot be balanced. Cut them into windows, or weight the steps with class_weight."
        )
    # Names in place of the sequences: no sampler can interpolate between them.
    names = np.array([[f"sequence {i}"] for i in range(len(rows))], dtype=object)
    try:
        kept, _ = sampler.fit_resample(names, labels, **params)
    except (TypeError, ValueError) as error:
        if type(sampler).__name__ in ("RandomOverSampler", "RandomUnderSampler"):
            raise  # of a parameter: these take any rows
        raise TypeError(
            f"{type(sampler).__name__} cannot resample whole sequences: {error} Each step has its own label, so "
            "sequences can be repeated or dropped, but not made up. Use RandomOverSampler or "
            "RandomUnderSampler."
        ) from error
    vars(sampler).pop("n_features_in_", None)  # that of the names
    numbers = np.array([int(name.removeprefix("sequence ")) for name in np.asarray(kept)[:, 0]])
    return take_rows(X, numbers), take_rows(y, numbers)
