"""The weighted log loss of a block of rows and its derivative, in one pass.

Logits stand class-major, (classes, rows) or (rows,) for two classes: sums over the classes then run along
contiguous memory. The class of a row is an integer code; no one-hot array is ever made.
"""

import numpy as np

#: The logits towards the true class from which on a row is taken to be certain.
LARGEST = {np.float32: 80.0, np.float64: 700.0}


def binary_loss(logits, signs, weights):
    """Return the loss of two classes and overwrite ``logits`` with its derivative.

    The loss of a row is -w [y ln p + (1 - y) ln(1 - p)] with p = 1 / (1 + exp(-logit)).

    Parameters
    ----------
    logits : ndarray of shape (rows,), float32 or float64
        ln p / (1 - p) of class 1. Overwritten by w (p - y).
    signs : ndarray of shape (rows,)
        2 y - 1: 1 for class 1, -1 for class 0.
    weights : ndarray of shape (rows,)
        w.

    Returns
    -------
    float
        The sum over the rows.
    """
    # With m the logit towards the true class, the loss is ln(1 + exp(m)) - m. What is missing to a probability of one,
    # 1 / (1 + exp(m)), keeps all its digits; beyond the largest m it is next to nothing, and exp would overflow.
    towards = np.multiply(logits, signs, out=logits)
    np.minimum(towards, LARGEST[logits.dtype.type], out=towards)
    total = np.exp(towards)
    total += 1.0
    losses = np.log(total)
    losses -= towards
    np.divide(weights, total, out=logits)
    logits *= signs
    np.negative(logits, out=logits)
    return float(weights @ losses)


def softmax_loss(logits, codes, weights):
    """Return the loss of K classes and overwrite ``logits`` with its derivative.

    The loss of a row is -w ln p_y with p_k = exp(logit_k) / sum_j exp(logit_j).

    Parameters
    ----------
    logits : ndarray of shape (K, rows), contiguous
        Overwritten by w (p_k - [k = y]).
    codes : ndarray of shape (rows,), integers
        y, 0 to K - 1.
    weights : ndarray of shape (rows,)
        w.

    Returns
    -------
    float
        The sum over the rows.
    """
    # One index in the flat array is a third of the work of two.
    flat, own = logits.reshape(-1), codes * len(codes)
    own += np.arange(len(codes))
    logits -= logits.max(axis=0)
    logits_of_own = flat[own]
    np.exp(logits, out=logits)
    total = logits.sum(axis=0)
    losses = np.log(total)
    losses -= logits_of_own
    logits *= weights / total
    flat[own] -= weights
    return float(weights @ losses)
