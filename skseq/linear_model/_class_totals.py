"""The weight of each class. Classes whose rows all have a weight of zero are absent from the objective.

They are given probabilities near zero: their intercepts would go to minus infinity. Bags of BaggingClassifier, which
are sample weights, often lack a class.
"""

import numpy as np

from skseq._priors import correct_prior_logits

#: The largest probability of a class without weight.
NEXT_TO_NOTHING = 1e-9


def total_weights(classes, class_weight, prior):
    """Return the total weight of each class, or raise a ValueError if one is infinite or next to nothing.

    Parameters
    ----------
    classes : ndarray of shape (n_classes,)
        Those that are present.
    class_weight : ndarray of shape (n_classes,)
    prior : ndarray of shape (n_classes,)
        Total sample weight of each class, above zero.
    """
    with np.errstate(over="ignore"):
        totals = class_weight * prior
        total = totals.sum()
    if not np.isfinite(total):
        raise ValueError("sample_weight times class_weight adds up to infinity. Divide the weights by a constant.")
    parts = totals / total  # may vanish beside another class
    if not parts.all():
        label = classes.tolist()[int(np.flatnonzero(parts == 0)[0])]
        raise ValueError(
            f"sample_weight and class_weight give the class {label!r} a total weight of zero, or of nothing beside "
            "the others, so nothing can be learnt about it. Leave its rows out, or give it some weight."
        )
    return totals


def prior_shift(prior, effective_prior, present):
    """Return what the prior correction adds to the intercepts of all classes, shape (1 or n_classes,).

    Parameters
    ----------
    prior, effective_prior : ndarray of shape (n_present,)
        Of the classes that are present. Absent ones are not shifted.
    present : ndarray of shape (n_classes,), bool
    """
    shift = np.zeros(len(present))
    shift[present] = correct_prior_logits(shift[np.newaxis, present], prior, effective_prior)[0]
    return np.diff(shift) if len(present) == 2 else shift - shift.mean()


def renumber(codes, present):
    """Return the codes of the classes that are present, counted from 0; rows of others, without weight, get 0.

    Parameters
    ----------
    codes : ndarray of shape (n,), integers
    present : ndarray of shape (n_classes,), bool
    """
    return codes if present.all() else np.maximum(np.cumsum(present) - 1, 0)[codes]


def penalty_share(present):
    """Return how the penalty on the coefficients of the present classes compares with that of all classes.

    Of more than two classes each has coefficients of its own. If two of them are present, these are c / 2 and -c / 2
    for the c of a model of two classes, so that their penalty is half of that on c.
    """
    return 0.5 if present.sum() == 2 < len(present) else 1.0


def with_absent_classes(coef, intercept, present):
    """Return coefficients and intercepts of all classes.

    Parameters
    ----------
    coef : ndarray of shape (1 or K, d)
        Of the K present classes, those of K > 2 adding up to zero; of one class, zero.
    intercept : ndarray of shape (1 or K,)
    present : ndarray of shape (n_classes,), bool

    Returns
    -------
    coef : ndarray of shape (1 or n_classes, d)
    intercept : ndarray of shape (1 or n_classes,)
    """
    if present.all():
        return coef, intercept
    if present.sum() == 2:
        halves = np.array([-0.5, 0.5])
        coef, intercept = np.outer(halves, coef[0]), halves * intercept[0]
    # The logits of the present classes add up to zero, so that the largest is at least zero.
    every_coef = np.zeros((len(present), coef.shape[1]))
    every_intercept = np.full(len(present), np.log(NEXT_TO_NOTHING))
    every_coef[present], every_intercept[present] = coef, intercept
    if len(present) == 2:
        return every_coef[:1], np.diff(every_intercept)
    return every_coef, every_intercept - every_intercept.mean()
