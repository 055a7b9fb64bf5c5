"""Scorers of rows, applied to the steps of sequences."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin

from skseq.sequences import join_steps, read_steps, step_weights


class StepScorer:
    """A scorer ``scorer(tagger, X, y, sample_weight=None)`` that takes each step for a row.

    Parameters
    ----------
    scorer : callable
        A scorer of classifiers of rows.
    """

    def __init__(self, scorer):
        self.scorer = scorer

    def __call__(self, tagger, X, y, sample_weight=None):
        """Return the score of ``tagger`` on the steps of X; steps of a weight of zero are left out."""
        true = read_steps("y", y)
        labels = join_steps("y", true)
        if sample_weight is None:
            return self.scorer(_Steps(tagger, slice(None)), X, labels)
        weights = step_weights(sample_weight, true)
        counted = np.flatnonzero(weights)
        return self.scorer(_Steps(tagger, counted), X, labels[counted], sample_weight=weights[counted])


class _Steps(ClassifierMixin, BaseEstimator):
    """A fitted tagger as a classifier whose rows are the steps, or those of them that count."""

    def __init__(self, tagger, counted):
        self.tagger = tagger
        self.counted = counted
        self.classes_ = tagger.classes_

    def predict(self, X):
        return self._joined(self.tagger.predict(X))

    def predict_proba(self, X):
        return self._joined(self.tagger.predict_proba(X))

    def predict_log_proba(self, X):
        return self._joined(self.tagger.predict_log_proba(X))

    def _joined(self, values):
        return np.concatenate(list(values))[self.counted]
