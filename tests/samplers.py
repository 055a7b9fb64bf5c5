"""Data and a mixin for tests of samplers."""

import warnings

import numpy as np


def make_rows(counts=(40, 12, 7), columns=3, dtype=np.float64, seed=0):
    """Return rows of overlapping classes, one standard deviation apart, in random order."""
    rng = np.random.RandomState(seed)
    y = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    return (rng.randn(len(y), columns) + y[:, np.newaxis]).astype(dtype), y


class ResamplesAtFit:
    """scikit-learn's checks only know ``fit``: let it do all the work."""

    def fit(self, X, y):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            self.fit_resample(X, y)
        return self
