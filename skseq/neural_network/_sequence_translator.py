"""What translators share: pairs of token sequences in, targets that a network decodes out."""

import copy

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skseq._fit_tasks import tells_callbacks
from skseq._validation import check_sample_weight, with_mean_of_one
from skseq.sequences import array_of
from skseq.training import SequenceCrossEntropy, attend, decode

from ._base import BaseSequenceEstimator
from ._token_pairs import PairCoder, lay_out, merge_equal_pairs, read_pairs


class BaseTranslator(BaseSequenceEstimator):
    """Learns pairs of token sequences; a subclass has the hyperparameters and builds the encoder-decoder."""

    _loss = SequenceCrossEntropy
    #: For :mod:`skseq.estimator_checks`: y holds sequences of other lengths than those of X.
    targets_any_length = True

    @tells_callbacks
    def fit(self, X, y, sample_weight=None, *, X_val=None, y_val=None, sample_weight_val=None):
        """Train the network.

        Parameters
        ----------
        X : list, tuple, array or Series of n sequences
            The sources: str, or lists or 1-D arrays of str or of int, of one token at least.
        y : list, tuple, array or Series of n sequences
            Their targets, which may be empty.
        sample_weight : array-like of shape (n,), default=None
            Weight of each pair in the loss.
        X_val : as X, default=None
            Validation data: the loss and the score on them are recorded after each epoch, and decide for early
            stopping if it is set. They are checked as X is at predict. By default, early stopping holds out a part
            of X. A pipeline transforms them with ``transform_input=["X_val"]``.
        y_val : as y, default=None
            Their targets.
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

    def partial_fit(self, X, y, sample_weight=None, *, source_tokens=None, target_tokens=None):
        """Train for one epoch over these pairs, going on from where the estimator stands.

        The vocabularies are those of the first call. In later calls, other source tokens are read as the unknown one;
        other target tokens are an error.

        Parameters
        ----------
        X, y : as in ``fit``
        sample_weight : array-like of shape (n,), default=None
        source_tokens, target_tokens : iterable of str or int, default=None
            At the first call, all tokens there will be, if it does not show them all.

        Returns
        -------
        self
            This estimator, left as it was if an error is raised or Ctrl-C is pressed.

        Raises
        ------
        ValueError, TypeError
            If an argument is not valid, the tokens are not those of the first call, training diverges, or
            ``early_stopping`` is set.
        """
        return self._partial_fit(X, y, sample_weight, source_tokens=source_tokens, target_tokens=target_tokens)

    def predict(self, X):
        """Return the target found for each source.

        Parameters
        ----------
        X : as in ``fit``

        Returns
        -------
        ndarray of shape (n,), object
            Each is a str, a list of str or an array of integers, as the targets in ``fit`` were.
        """
        return self._decode(self._translate(self._encode(X)))

    def predict_with_attention(self, X):
        """Return the target found for each source, and what each of its tokens looked at.

        Parameters
        ----------
        X : as in ``fit``

        Returns
        -------
        targets : ndarray of shape (n,), object
            As from ``predict``.
        attention : list of n ndarrays of shape (target tokens, source tokens)
            The weights a_j of the source's tokens when each token of the target was decided; each row adds up to one.
        """
        sources = self._encode(X)
        trainer = self._trainer
        if trainer.network.attention is None:
            raise ValueError(
                f"This {type(self).__name__} was fitted with attention=False. Fit with attention=True, or use predict."
            )
        ids = self._translate(sources)
        attention = [None] * len(ids)
        for rows, weights in attend(trainer.network, trainer.parameters, lay_out(sources, ids)[0]):
            for row, own in zip(rows, weights):
                attention[row] = own
        return self._decode(ids), attention

    def score(self, X, y, sample_weight=None):
        """Return the exact match: the share of the sources whose whole target is predicted right.

        Parameters
        ----------
        X, y : as in ``fit``
        sample_weight : array-like of shape (n,), default=None

        Returns
        -------
        float
            From 0 to 1.
        """
        sources = self._encode(X)
        targets = self._coder.read_targets(y, len(sources))
        weights = check_sample_weight(sample_weight, len(sources))
        found = [list(target) for target in self._decode(self._translate(sources))]
        return float(np.average([own == target for own, target in zip(found, targets)], weights=weights))

    @property
    def source_vocabulary_(self):
        """The id of each token of the sources."""
        return dict(self._fitted_coder("source_vocabulary_").sources.ids)

    @property
    def target_vocabulary_(self):
        """The id of each token of the targets."""
        return dict(self._fitted_coder("target_vocabulary_").targets.ids)

    def _fitted_coder(self, wanted):
        if not hasattr(self, "_coder"):
            raise AttributeError(f"This {type(self).__name__} has no {wanted} yet: call fit first.")
        return self._coder

    def _encode(self, X):
        """Return the ids of each source for a fitted network."""
        check_is_fitted(self)
        self._check_decoding()
        return self._coder.encode_sources(X)

    def _decode(self, ids):
        """Return the sequences that the ids of targets stand for, an array of objects."""
        return array_of([self._coder.targets.decode(own) for own in ids])

    def _translate(self, sources):
        """Return the ids of the target of each source."""
        trainer = self._trainer
        longest = max(1, 2 * self._coder.longest_target) if self.max_target_steps is None else self.max_target_steps
        found = [None] * len(sources)
        pairs, _ = lay_out(sources)
        for rows, targets in decode(trainer.network, trainer.parameters, pairs, self.beam_width, longest):
            for row, ids in zip(rows, targets):
                if ids is None:
                    raise ValueError(
                        f"The network's states for X[{row}] overflow {trainer.parameters.dtype}: it is too long for "
                        f"activation={self.activation!r}. Give shorter sources, or fit a network with gates."
                    )
                found[row] = ids
        return found

    def _prepare(self, X, y, sample_weight, *, continued, seen=None, **named):
        """Check everything that came; return the sources with the tokens before each step, targets and their weights.

        The weights are one on average over all targets seen so far: ``seen`` holds their number and total weight in
        earlier calls of partial_fit. ``named`` holds the tokens that its first call names.
        """
        self._check_hyperparameters()
        pairs, weights = read_pairs(X, y, sample_weight)
        if continued:
            self._coder.check_named(**named)
            coder = copy.copy(self._coder)  # this one stays as it is if the fit fails
        else:
            coder = PairCoder(pairs, self.min_frequency, **named)
            if self._merges():
                pairs, weights = merge_equal_pairs(pairs, weights)
        sequences, targets = lay_out(*coder.encode_pairs(pairs))
        self._coder = coder
        weights = np.repeat(weights, sequences.context_lengths)
        with np.errstate(over="ignore"):
            totals = np.array([len(weights), weights.sum()])
        self._totals = totals if seen is None else seen + totals
        if np.isinf(self._totals[1]):
            raise ValueError("sample_weight adds up to infinity over all tokens. Divide the weights by a constant.")
        return sequences, targets, with_mean_of_one(weights, *self._totals)

    def _read_validation(self, X, y, sample_weight):
        weights = check_sample_weight(sample_weight, len(X))
        sources = self._coder.encode_sources(X)
        targets = self._coder.encode_targets(y, len(sources))
        sequences, targets = lay_out(sources, targets)
        return sequences, targets, np.repeat(weights, sequences.context_lengths)

    def _count_tokens(self, sequences):
        return len(self._coder.sources)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False  # nor are tables of numbers
        tags.input_tags.three_d_array = False
        tags.target_tags.required = True
        return tags
