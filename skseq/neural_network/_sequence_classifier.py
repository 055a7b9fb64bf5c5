"""What the classifiers of sequences share: classes, their weights and priors, probabilities."""

import numpy as np
from scipy.special import log_softmax, softmax
from sklearn.base import ClassifierMixin

from skseq._priors import correct_prior_logits
from skseq._validation import (
    all_or_nothing,
    check_bool,
    check_classes,
    check_labels,
    check_sample_weight,
    named_classes,
    resolve_class_weight,
)
from skseq.training import SoftmaxCrossEntropy

from ._base import BaseSequenceEstimator, PooledStatesMixin


class BaseSequenceClassifier(PooledStatesMixin, ClassifierMixin, BaseSequenceEstimator):
    """Learns the class of each sequence; a subclass has the hyperparameters and builds the network."""

    def fit(self, X, y, sample_weight=None):
        """Train the network.

        Parameters
        ----------
        X : array of shape (n, steps, features) or (n, columns), DataFrame, or list of arrays (steps_i, features)
            The sequences; token ids with ``embedding_dim``.
        y : array-like of shape (n,)
            The class of each sequence.
        sample_weight : array-like of shape (n,), default=None
            Weight of each sequence in the loss.

        Returns
        -------
        self
            This estimator, left as it was if an error is raised. Ctrl-C ends training early, with a warning; the best
            weights so far are kept.

        Raises
        ------
        ValueError, TypeError
            If a hyperparameter, X, y or ``sample_weight`` is not valid, or if training diverges.
        """
        with all_or_nothing(self):
            continued = self.warm_start and hasattr(self, "_trainer")
            sequences, codes, sample_weight = self._prepare(X, y, sample_weight, continued)
            weights = self._weigh(codes, sample_weight)
            if self.prior_correction:
                self._correct(np.zeros((1, len(self.classes_))))  # says now if a class has no weight
            trainer = self._trainer_for(sequences, SoftmaxCrossEntropy(), continued, restart=True)
            self._train(trainer, sequences, codes, weights, stratify=codes)
        return self

    def partial_fit(self, X, y, classes=None, sample_weight=None):
        """Train for one epoch over these sequences, going on from where the estimator stands.

        ``class_weight="balanced"`` and ``prior_correction`` go by the class totals of all calls so far.

        Parameters
        ----------
        X : as in ``fit``
        y : array-like of shape (n,)
        classes : array-like of shape (n_classes,), default=None
            All classes there will be; needed at the first call.
        sample_weight : array-like of shape (n,), default=None

        Returns
        -------
        self
            This estimator, left as it was if an error is raised or Ctrl-C is pressed.

        Raises
        ------
        ValueError, TypeError
            If an argument is not valid, ``classes`` is missing at the first call or changes later, training diverges,
            or ``early_stopping`` is set.
        """
        self._refuse_early_stopping()
        with all_or_nothing(self):
            continued = hasattr(self, "_trainer")
            if not continued and classes is None:
                raise ValueError("classes must be passed on the first call to partial_fit: list every class there is.")
            sequences, codes, sample_weight = self._prepare(X, y, sample_weight, continued, classes)
            weights = self._weigh(codes, sample_weight, seen=self._class_totals if continued else None)
            trainer = self._trainer_for(sequences, SoftmaxCrossEntropy(), continued, restart=False)
            next(trainer.epochs(sequences, codes, weights))
            self._publish(trainer, len(trainer.history.records))
        return self

    def _prepare(self, X, y, sample_weight, continued, classes=None):
        """Check everything that came; return sequences, class codes and sample weights."""
        self._check_hyperparameters()
        check_bool("prior_correction", self.prior_correction)
        sequences = self._read(X, reset=not continued)
        y = check_labels(y, len(sequences))
        sample_weight = check_sample_weight(sample_weight, len(sequences))
        named = None if classes is None else named_classes(classes)
        if not continued:
            self.classes_ = np.unique(y) if named is None else named
            check_classes(self.classes_, type(self).__name__)
        elif named is not None and not np.array_equal(named, self.classes_):
            raise ValueError(
                f"classes={named.tolist()} are not those of the first call, {self.classes_.tolist()}. "
                "Pass the same classes at every call, or None."
            )
        unknown = np.setdiff1d(y, self.classes_)
        if len(unknown):
            raise ValueError(
                f"y has the classes {unknown.tolist()}, which are not among {self.classes_.tolist()}: the network has "
                "no output for them. Name all classes at the first call, or fit a new estimator."
            )
        return sequences, np.searchsorted(self.classes_, y), sample_weight

    @property
    def _n_outputs(self):
        return len(self.classes_)

    def _weigh(self, codes, sample_weight, seen=None):
        """Return the weight of each row in the loss, one on average over all the rows seen so far.

        ``seen`` holds what earlier calls of partial_fit saw of each class: rows and total sample weight.
        """
        k = len(self.classes_)
        totals = np.array([np.bincount(codes, minlength=k), np.bincount(codes, sample_weight, minlength=k)])
        self._class_totals = totals if seen is None else seen + totals
        rows, counts = self._class_totals
        self.class_weight_ = resolve_class_weight(self.class_weight, self.classes_, counts)
        with np.errstate(over="ignore"):
            mean = np.dot(counts, self.class_weight_) / rows.sum()
        if np.isinf(mean):
            raise ValueError("sample_weight times class_weight adds up to infinity. Divide the weights by a constant.")
        if not mean:
            raise ValueError(
                "class_weight and sample_weight together give every row a weight of zero, so nothing is left to "
                "learn from."
            )
        return sample_weight * self.class_weight_[codes] / mean

    def _logits(self, X):
        logits = self._outputs(X)
        return self._correct(logits) if self.prior_correction else logits

    def _correct(self, logits):
        counts = self._class_totals[1]
        return correct_prior_logits(logits, counts, counts * self.class_weight_)

    def decision_function(self, X):
        """Return the logits: how strongly the network speaks for each class.

        Parameters
        ----------
        X : as in ``fit``

        Returns
        -------
        ndarray of shape (n, n_classes), or (n,) for two classes
            With two classes, the log-odds of ``classes_[1]``.
        """
        logits = self._logits(X)
        return logits[:, 1] - logits[:, 0] if logits.shape[1] == 2 else logits

    def predict(self, X):
        """Return the most probable class of each sequence, shape (n,)."""
        codes = self._logits(X).argmax(axis=1)  # first: it says if there was no fit
        return self.classes_[codes]

    def predict_proba(self, X):
        """Return the probability of each class, shape (n, n_classes), in the order of ``classes_``."""
        return softmax(self._logits(X), axis=1)

    def predict_log_proba(self, X):
        """Return the logarithm of ``predict_proba``."""
        return log_softmax(self._logits(X), axis=1)
