"""The weighted log loss of a block of rows and its derivative, in one pass.

Logits stand class-major, (classes, rows) or (rows,) for two classes: sums over the classes then run along
contiguous memory. The class of a row is an integer code; no one-hot array is ever made.
"""

import numpy as np


def binary_loss(logits, signs, weights):
    """Return the loss of two classes and overwrite ``logits`` with its derivative.

    The loss of a row is -w [y ln p + (1 - y) ln(1 - p)] with p = 1 / (1 + exp(-logit)).

    Parameters
    ----------
    logits : ndarray of shape (rows,), float64
        ln p / (1 - p) of class 1. Overwritten by w (p - y).
    signs : ndarray of shape (rows,), float64
        2 y - 1: 1 for class 1, -1 for class 0.
    weights : ndarray of shape (rows,), float64
        w.

    Returns
    -------
    float
        The sum over the rows.
    """
    # With m the logit towards the true class, the loss is ln(1 + exp(-m)); exp(-|m|) cannot overflow.
    towards = logits * signs
    small = np.copysign(towards, -1.0, out=logits)
    np.exp(small, out=small)
    losses = np.log1p(small)
    losses -= np.minimum(towards, 0.0)
    total = small + 1.0
    np.maximum(small, towards <= 0.0, out=small)  # one where the class is missed; a masked copy is slow
    small /= total  # what is missing to a probability of one
    small *= weights
    np.multiply(small, signs, out=small)
    np.negative(small, out=logits)
    return float(weights @ losses)


def softmax_loss(logits, codes, weights):
    """Return the loss of K classes and overwrite ``logits`` with its derivative.

    The loss of a row is -w ln p_y with p_k = exp(logit_k) / sum_j exp(logit_j).

    Parameters
    ----------
    logits : ndarray of shape (K, rows), float64
        Overwritten by w (p_k - [k = y]).
    codes : ndarray of shape (rows,), integers
        y, 0 to K - 1.
    weights : ndarray of shape (rows,), float64
        w.

    Returns
    -------
    float
        The sum over the rows.
    """
    rows = np.arange(len(codes))
    logits -= logits.max(axis=0)
    losses = -logits[codes, rows]
    np.exp(logits, out=logits)
    total = logits.sum(axis=0)
    losses += np.log(total)
    logits *= weights / total
    logits[codes, rows] -= weights
    return float(weights @ losses)
