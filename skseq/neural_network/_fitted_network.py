"""A fitted network as plain settings and arrays, for whoever rebuilds it elsewhere."""

from typing import NamedTuple

import numpy as np

from ._network_classifier import BaseNetworkClassifier


class FittedNetwork(NamedTuple):
    """What a fitted sequence estimator computes.

    Attributes
    ----------
    settings : dict
        The hyperparameters that say which network it is, as they were at fit.
    weights : dict of ndarray
        As ``weights_`` of the estimator.
    form : str
        What X looked like in fit, a key of ``skseq.sequences.FORMS``.
    every_step : bool
        Whether there are outputs at every step.
    slope, offset : ndarray of shape (n_outputs,)
        The answer is ``outputs * slope + offset``: logits, or numbers in the unit of y.
    shape : tuple
        Of the answer for one sequence or step: () for one number, (n_outputs,) for several.
    """

    settings: dict
    weights: dict
    form: str
    every_step: bool
    slope: np.ndarray
    offset: np.ndarray
    shape: tuple


def describe(estimator):
    """Return the FittedNetwork of a fitted classifier, tagger or regressor."""
    network = estimator._trainer.network
    zeros, ones = np.zeros((1, network.n_outputs)), np.ones((1, network.n_outputs))
    shape = (network.n_outputs,)
    if isinstance(estimator, BaseNetworkClassifier):
        slope, offset = ones, zeros
    else:
        offset = estimator._scaling.unscale(zeros)
        slope = estimator._scaling.unscale(ones) - offset
        shape = estimator._scaling.shape
    settings = {**estimator._architecture, **getattr(estimator, "_fixed_settings", {})}
    return FittedNetwork(
        settings, estimator.weights_, estimator._input_form, network.every_step, slope.ravel(), offset.ravel(), shape
    )
