"""A network that predicts the next token: what it learns from sequences, and the probabilities it gives them."""

import numpy as np
from sklearn.base import DensityMixin
from sklearn.utils.validation import check_is_fitted

from skseq._fit_tasks import tells_callbacks
from skseq._validation import check_bool, check_sample_weight, with_mean_of_one
from skseq.training import SoftmaxCrossEntropy, predict_states

from ._base import BaseSequenceEstimator
from ._embedded_tokens import MAX_EMBEDDING
from ._next_token_data import NextTokenCoder, merge_equal_sequences, read_token_data
from ._sampling import next_token_probabilities

#: Logits that are held at once, of many steps where tokens are few.
LOGITS = 4_000_000


class BaseNextTokenModel(DensityMixin, BaseSequenceEstimator):
    """Learns the probability of each token after those before it; a subclass builds the network and samples."""

    _loss = SoftmaxCrossEntropy

    @tells_callbacks
    def fit(self, X, y=None, sample_weight=None, *, X_val=None, y_val=None, sample_weight_val=None):
        """Learn the probabilities of sequences.

        Parameters
        ----------
        X : list of n sequences of tokens, or array-like of shape (n, n_features)
            The sequences; with ``y``, a vector for each sequence of it.
        y : list of n sequences of tokens, default=None
            The sequences, where X holds vectors.
        sample_weight : array-like of shape (n,), default=None
            Weight of each sequence in the loss.
        X_val : as X, default=None
            Validation data: the loss and the score on them are recorded after each epoch, and decide for early
            stopping if it is set. They are checked as X is at predict. By default, early stopping holds out a part
            of X. A pipeline transforms them with ``transform_input=["X_val"]``.
        y_val : as y, default=None
            Their sequences, where X_val holds vectors.
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

    def partial_fit(self, X, y=None, sample_weight=None):
        """Train for one epoch over these sequences, going on from where the estimator stands.

        The tokens there are stay those of ``vocabulary`` or, without it, of the first call.

        Parameters
        ----------
        X, y : as in ``fit``
        sample_weight : array-like of shape (n,), default=None

        Returns
        -------
        self
            This estimator, left as it was if an error is raised or Ctrl-C is pressed.

        Raises
        ------
        ValueError, TypeError
            If an argument is not valid, a later call has a new token, training diverges, or ``early_stopping`` is set.
        """
        return self._partial_fit(X, y, sample_weight)

    def _prepare(self, X, y, sample_weight, *, continued, seen=None):
        """Check everything that came; return sequences, and the target and weight of every step, one on average.

        The average is over all steps seen so far: ``seen`` holds their number and total weight in earlier calls of
        partial_fit. Sequences of a weight of zero are left out.
        """
        self._check_hyperparameters()
        data = self._read_data(X, y, reset=not continued)
        weights = check_sample_weight(sample_weight, len(data.tokens))
        rows = np.flatnonzero(weights)
        data, weights = data.take(rows), weights[rows]
        if not continued and self._merges():
            data, weights = merge_equal_sequences(data, weights)
        if continued:
            self._coder.check_named(self.vocabulary)
        else:
            self._coder = NextTokenCoder(data, self.vocabulary)
        sequences, targets = self._coder.lay_out(data)
        steps = sequences.lengths
        with np.errstate(over="ignore"):
            totals = np.array([steps.sum(), np.dot(steps, weights)])
        if np.isinf(totals[1]):
            raise ValueError("sample_weight adds up to infinity over all steps. Divide the weights by a constant.")
        self._totals = totals if seen is None else seen + totals
        return sequences, targets, np.repeat(with_mean_of_one(weights, *self._totals), steps)

    def _read_data(self, X, y, *, reset, may_be_empty=False):
        if reset:
            self._has_vectors = y is not None
            for name in ("n_features_in_", "feature_names_in_"):  # of vectors in a fit before
                if hasattr(self, name):
                    delattr(self, name)
        elif self._has_vectors != (y is not None):
            raise ValueError(
                f"This {type(self).__name__} was fitted on vectors X and sequences y, but y is None. Give both."
                if self._has_vectors
                else f"This {type(self).__name__} was fitted on sequences X alone, but y is not None. Give X alone."
            )
        return read_token_data(self, X, y, reset=reset, may_be_empty=may_be_empty)

    @property
    def vocabulary_(self):
        """The column of each token in ``predict_next_proba``, a dict; that of the end has the key None."""
        if not hasattr(self, "_coder"):
            raise AttributeError(f"This {type(self).__name__} has no vocabulary_ yet: call fit first.")
        return {None: 0, **self._coder.vocabulary.ids}

    @property
    def _n_outputs(self):
        return len(self._coder.vocabulary)

    def _count_tokens(self, sequences):
        if self._n_outputs * self.embedding_dim > MAX_EMBEDDING:
            raise ValueError(
                f"There are {self._n_outputs - 1} different tokens, so embedding_dim={self.embedding_dim} would need a "
                f"table of {self._n_outputs} x {self.embedding_dim} values. Write one token of your own for all rare "
                "ones; measurements are no tokens."
            )
        return self._n_outputs

    def _dtype(self, sequences):
        return np.dtype(np.float64) if sequences.context is None else sequences.context.dtype

    def _training_settings(self, n, whole_fit):
        return {**super()._training_settings(n, whole_fit), "window_steps": self.bptt_steps}

    def _read_validation(self, X, y, sample_weight):
        sequences, targets = self._coder.lay_out(self._read_data(X, y, reset=False, may_be_empty=True))
        weights = check_sample_weight(sample_weight, len(sequences))
        return sequences, targets, np.repeat(weights, sequences.lengths)

    def _to_score(self, X, y):
        """Return Sequences and targets to predict with the fitted network; sequences may be empty here."""
        check_is_fitted(self)
        return self._coder.lay_out(self._read_data(X, y, reset=False, may_be_empty=True))

    def _logits_of_steps(self, sequences, wanted):
        """Yield (places, logits (n_outputs, len(places))) of the ``wanted`` steps, a mask, some at a time."""
        network, parameters = self._trainer.network, self._trainer.parameters
        at_once = max(1, LOGITS // network.n_outputs)
        for places, states in predict_states(network, parameters, sequences):
            columns = np.flatnonzero(wanted[places])
            for first in range(0, len(columns), at_once):
                some = columns[first : first + at_once]
                with np.errstate(over="ignore", invalid="ignore"):
                    logits = network.outputs(parameters, states[:, some])
                finite = np.isfinite(logits).all(axis=0)
                if not finite.all():
                    step = places[some[~finite][0]]
                    self._overflowed(int(np.searchsorted(sequences.starts, step, side="right")) - 1)
                yield places[some], logits

    def _overflowed(self, row):
        cure = "Scale X as the training data were scaled, for example with StandardScaler()."
        if not self._has_vectors:
            cure = "Fit a network whose states are bounded, for example with cell='gru'."
        raise ValueError(f"The network's states for X[{row}] overflow {self._trainer.parameters.dtype}. {cure}")

    def predict_next_proba(self, X, y=None):
        """Return the probability of each token to come next.

        Parameters
        ----------
        X : list of n sequences of tokens, or array-like of shape (n, n_features)
            Prompts: the tokens so far, none or more. With ``y``, the vectors.
        y : list of n sequences of tokens, default=None
            The prompts, where the network was fitted on vectors and sequences.

        Returns
        -------
        ndarray of shape (n, n_tokens + 1)
            The columns are in the order of ``vocabulary_``; the first is the end of the sequence.
        """
        return self._next_probabilities(*self._to_score(X, y))

    def _next_probabilities(self, sequences, _):
        ends = sequences.starts + sequences.lengths - 1
        wanted = np.zeros(len(sequences.values), dtype=bool)
        wanted[ends] = True
        result = np.empty((len(sequences), self._n_outputs), dtype=self._trainer.parameters.dtype)
        for places, logits in self._logits_of_steps(sequences, wanted):
            result[np.searchsorted(ends, places)] = next_token_probabilities(logits).T
        return result

    def score_samples(self, X, y=None):
        """Return the logarithm of the probability of each sequence, its end included.

        Parameters
        ----------
        X, y : as in ``fit``
            Sequences may be empty.

        Returns
        -------
        ndarray of shape (n,)
            In nats. Longer sequences tend to be less probable; ``score`` is by token.
        """
        return self._log_probabilities(*self._to_score(X, y))

    def _log_probabilities(self, sequences, targets):
        chosen = np.empty(len(targets), dtype=self._trainer.parameters.dtype)
        for places, logits in self._logits_of_steps(sequences, np.ones(len(targets), dtype=bool)):
            logits -= logits.max(axis=0)
            own = logits[targets[places], np.arange(len(places))]
            chosen[places] = own - np.log(np.exp(logits, out=logits).sum(axis=0))
        return np.add.reduceat(chosen, sequences.starts)

    def score(self, X, y=None, sample_weight=None):
        """Return the mean logarithm of the probability of a token: the negative logarithm of ``perplexity``.

        Parameters
        ----------
        X, y : as in ``fit``
        sample_weight : array-like of shape (n,), default=None

        Returns
        -------
        float
            Zero or less, in nats; higher is better. The ends of the sequences count as tokens.
        """
        return self._mean_log_probability(X, y, sample_weight, count_end=True)

    def perplexity(self, X, y=None, *, sample_weight=None, count_end=True):
        r"""Return the perplexity: among how many equally likely tokens the network would be as uncertain.

        .. math:: \exp\Bigl(-\frac{\sum_i w_i \ln p(\text{sequence } i)}{\sum_i w_i (n_i + 1)}\Bigr)

        for sequences of n_i tokens and an end.

        Parameters
        ----------
        X, y : as in ``fit``
        sample_weight : array-like of shape (n,), default=None
        count_end : bool, default=True
            Whether the end of a sequence counts as a token, as in language models it does. False divides by the sum of
            w_i n_i. p(sequence i) has the factor of its end either way. Where the last token says that the sequence
            ends, as the full stop in :func:`~skseq.datasets.make_elman_sentences`, this is the figure by word.

        Returns
        -------
        float
            One or more; lower is better.
        """
        check_bool("count_end", count_end)
        return float(np.exp(-self._mean_log_probability(X, y, sample_weight, count_end)))

    def _mean_log_probability(self, X, y, sample_weight, count_end):
        sequences, targets = self._to_score(X, y)
        weights = check_sample_weight(sample_weight, len(sequences))
        weights = weights / weights.max()
        total = np.dot(weights, self._log_probabilities(sequences, targets).astype(np.float64))
        n_tokens = np.dot(weights, sequences.lengths - (not count_end))
        if not n_tokens:
            raise ValueError("All sequences are empty, so there is no token. Set count_end=True to count the ends.")
        return float(total / n_tokens)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.input_tags.three_d_array = False
        tags.target_tags.required = False
        return tags
