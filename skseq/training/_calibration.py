"""Calibration on held-out data: how far outputs are scaled down so that they are as certain as they are right."""

import numpy as np

#: Halvings of the interval that holds the factor, which is then known to six digits.
HALVINGS = 20

#: Least factor: outputs that say nothing about their certainty still say which class is the likeliest.
LEAST = 1e-3

#: Units of the deviance that choosing a factor and an epoch gains by chance.
CHANCE = 4.0


def calibrate(loss, outputs, targets, weights):
    """Return the factor up to 1 that calibrates outputs, and the loss of each column with it.

    It is the one with the lowest loss, less what chance gives. For a softmax, it is the reciprocal of the temperature
    (Guo et al. 2017); numbers are shrunk to their mean. It is never above one: a few held-out sequences that are all
    right are no reason for more certainty. Every loss is convex in the outputs, so its slope along the factor has one
    sign below the best factor and the other above.

    Parameters
    ----------
    loss : SoftmaxCrossEntropy or the like
    outputs : ndarray of shape (n_outputs, columns)
    targets : ndarray of shape (columns, ...)
    weights : ndarray of shape (columns,)

    Returns
    -------
    factor : float
    losses : ndarray of shape (columns,), float64
        Without the weights.
    """
    outputs = outputs.astype(np.float64)

    def falls(factor):
        _, gradient = loss.value_and_gradient(outputs * factor, targets, weights)
        return float(np.vdot(gradient, outputs)) < 0

    low, high = 0.0, 1.0
    if falls(1.0):
        low = 1.0
    elif falls(0.0):
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            low, high = (middle, high) if falls(middle) else (low, middle)
    factor = max(LEAST, low * _beyond_chance(loss, outputs, low, targets, weights))
    return factor, loss.losses(outputs * factor, targets)


def _beyond_chance(loss, outputs, factor, targets, weights):
    """Return the part of a factor that is more than chance, from 0 to 1.

    Where the targets have nothing to do with the outputs, the best factor is above zero by chance all the same. The
    deviance that it gains over outputs of zero is then one on average (Wilks 1938), and more for the best of several
    epochs. Akaike's two units for each of the two choices, factor and epoch, are taken off.
    """
    before, after = (np.dot(weights, loss.losses(outputs * f, targets)) for f in (0.0, factor))
    deviance = 2 * (before - after) / max(loss.dispersion(after / weights.sum()), np.finfo(np.float64).tiny)
    return max(0.0, 1 - CHANCE / deviance) if deviance > 0 else 0.0
