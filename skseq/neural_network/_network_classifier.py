"""Classes, their weights and their priors, for classifiers of sequences and of steps."""

import numpy as np

from skseq._priors import correct_prior_logits
from skseq._validation import check_bool, check_classes, named_classes, resolve_class_weight, with_mean_of_one
from skseq.training import SoftmaxCrossEntropy

from ._base import BaseSequenceEstimator


class BaseNetworkClassifier(BaseSequenceEstimator):
    """Learns classes; a subclass says in ``_read_targets`` what has one, and in ``_strata`` how rows are held out."""

    _loss = SoftmaxCrossEntropy

    def _prepare(self, X, y, sample_weight, *, continued, seen=None, classes=None):
        """Check everything that came; return sequences, class codes and the weight of each in the loss."""
        self._check_hyperparameters()
        check_bool("prior_correction", self.prior_correction)
        sequences = self._read(X, reset=not continued)
        y, sample_weight = self._read_targets(y, sample_weight, sequences)
        named = None if classes is None else named_classes(classes)
        if not continued:
            self.classes_ = np.unique(y) if named is None else named
            check_classes(self.classes_, type(self).__name__)
        elif named is not None and not np.array_equal(named, self.classes_):
            raise ValueError(
                f"classes={named.tolist()} are not those of the first call, {self.classes_.tolist()}. "
                "Pass the same classes at every call, or None."
            )
        sequences, codes, sample_weight = self._merged(sequences, self._codes_of(y), sample_weight, continued)
        weights = self._weigh(codes, sample_weight, seen)
        if self.prior_correction:
            self._correct(np.zeros((1, len(self.classes_))))  # says now if a class has no weight
        return sequences, codes, weights

    def _codes_of(self, y, cure="Name all classes at the first call, or fit a new estimator."):
        unknown = np.setdiff1d(y, self.classes_)
        if len(unknown):
            raise ValueError(
                f"y has the classes {unknown.tolist()}, which are not among {self.classes_.tolist()}: the network has "
                f"no output for them. {cure}"
            )
        return np.searchsorted(self.classes_, y)

    def _read_validation(self, X, y, sample_weight):
        sequences = self._read(X, reset=False)
        y, sample_weight = self._read_targets(y, sample_weight, sequences)
        codes = self._codes_of(y, "Leave out the rows of these classes, or train on rows of them too.")
        return sequences, codes, sample_weight * self.class_weight_[codes]

    def _to_score(self, X, y):
        """Return the sequences and the targets of the fitted network's loss."""
        sequences = self._read(X, reset=False)
        return sequences, self._codes_of(self._read_targets(y, None, sequences)[0])

    @property
    def weights_(self):
        """The weights of the network, a dict from name to read-only array."""
        weights = super().weights_
        if self.prior_correction:
            bias = self._correct(weights["output.bias"][np.newaxis])[0]
            bias.flags.writeable = False
            weights["output.bias"] = bias
        return weights

    @property
    def _n_outputs(self):
        return len(self.classes_)

    def _weigh(self, codes, sample_weight, seen=None):
        """Return the weight of each row in the loss, one on average over all the rows seen so far.

        ``seen`` holds what earlier calls of partial_fit saw of each class: rows and total sample weight.
        """
        k = len(self.classes_)
        totals = np.array([np.bincount(codes, minlength=k), np.bincount(codes, sample_weight, minlength=k)])
        self._totals = totals if seen is None else seen + totals
        rows, counts = self._totals
        self.class_weight_ = resolve_class_weight(self.class_weight, self.classes_, counts)
        with np.errstate(over="ignore"):
            total = np.dot(counts, self.class_weight_)
        if np.isinf(total):
            raise ValueError("sample_weight times class_weight adds up to infinity. Divide the weights by a constant.")
        if not total:
            raise ValueError(
                "class_weight and sample_weight together give every row a weight of zero, so nothing is left to "
                "learn from."
            )
        return with_mean_of_one(sample_weight, rows.sum(), total) * self.class_weight_[codes]

    def _correct(self, logits):
        counts = self._totals[1]
        return correct_prior_logits(logits, counts, counts * self.class_weight_)
