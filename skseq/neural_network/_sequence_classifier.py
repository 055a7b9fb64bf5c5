"""What the classifiers of whole sequences share: one label and one weight each, probabilities."""

from scipy.special import log_softmax, softmax
from sklearn.base import ClassifierMixin

from skseq._fit_tasks import tells_callbacks
from skseq._validation import check_labels, check_sample_weight, refuse_masked
from skseq.sequences import holds_steps

from ._base import PooledStatesMixin
from ._network_classifier import BaseNetworkClassifier


class BaseSequenceClassifier(PooledStatesMixin, ClassifierMixin, BaseNetworkClassifier):
    """Learns the class of each sequence; a subclass has the hyperparameters and builds the network."""

    @tells_callbacks
    def fit(self, X, y, sample_weight=None, *, X_val=None, y_val=None, sample_weight_val=None):
        """Train the network.

        Parameters
        ----------
        X : array of shape (n, steps, features) or (n, columns), DataFrame, or list of arrays (steps_i, features)
            The sequences; token ids with ``embedding_dim``.
        y : array-like of shape (n,)
            The class of each sequence.
        sample_weight : array-like of shape (n,), default=None
            Weight of each sequence in the loss.
        X_val : as X, default=None
            Validation data: the loss and the score on them are recorded after each epoch, and decide for early
            stopping if it is set. They are checked as X is at predict. By default, early stopping holds out a part
            of X. A pipeline transforms them with ``transform_input=["X_val"]``.
        y_val : as y, default=None
            Their classes, which must also be in y.
        sample_weight_val : as ``sample_weight``, default=None
            Their weights.

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
        return self._fit(X, y, sample_weight, validation=(X_val, y_val, sample_weight_val))

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
        if classes is None and not hasattr(self, "_trainer"):
            raise ValueError("classes must be passed on the first call to partial_fit: list every class there is.")
        return self._partial_fit(X, y, sample_weight, classes=classes)

    def _read_targets(self, y, sample_weight, sequences):
        refuse_masked(y, "y", "Drop the rows that have no label.")
        if holds_steps(y, single=False):
            raise ValueError(
                f"y holds several labels for each sequence, but {type(self).__name__} learns one label per sequence: "
                "expected shape (n,). To learn a label for each step, use RNNTagger."
            )
        return check_labels(y, len(sequences)), check_sample_weight(sample_weight, len(sequences))

    def _strata(self, codes):
        return codes

    def _logits(self, X):
        logits = self._outputs(X)
        return self._correct(logits) if self.prior_correction else logits

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
