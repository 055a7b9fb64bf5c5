"""A network that predicts the next token: what it learns from sequences, and the probabilities it gives them."""

from collections.abc import Mapping, Set
from itertools import chain

import numpy as np
from sklearn.base import DensityMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from skseq._validation import all_or_nothing, check_bool, check_sample_weight
from skseq.sequences import Sequences
from skseq.training import SoftmaxCrossEntropy, predict_states

from ._base import MAX_EMBEDDING, BaseSequenceEstimator
from ._sampling import next_token_probabilities
from ._vocabulary import Vocabulary, read_one_sequence, read_token_sequences

#: Logits that are held at once, of many steps where tokens are few.
LOGITS = 4_000_000


class BaseNextTokenModel(DensityMixin, BaseSequenceEstimator):
    """Learns the probability of each token after those before it; a subclass builds the network and samples.

    Sequence i is read as [begin, t_1, .., t_n] and predicted as [t_1, .., t_n, end]. The id 0, which no token has, is
    the begin where it is read and the end where it is predicted.
    """

    def fit(self, X, y=None, sample_weight=None):
        """Learn the probabilities of sequences.

        Parameters
        ----------
        X : list of n sequences of tokens, or array-like of shape (n, n_features)
            The sequences; with ``y``, a vector for each sequence of it.
        y : list of n sequences of tokens, default=None
            The sequences, where X holds vectors.
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
            sequences, targets, weights = self._prepare(X, y, sample_weight, continued)
            trainer = self._trainer_for(sequences, SoftmaxCrossEntropy(), continued, restart=True)
            self._train(trainer, sequences, targets, weights)
        return self

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
        self._refuse_early_stopping()
        with all_or_nothing(self):
            continued = hasattr(self, "_trainer")
            seen = self._step_totals if continued else None
            sequences, targets, weights = self._prepare(X, y, sample_weight, continued, seen)
            trainer = self._trainer_for(sequences, SoftmaxCrossEntropy(), continued, restart=False)
            next(trainer.epochs(sequences, targets, weights))
            self._publish(trainer, len(trainer.history.records))
        return self

    def _prepare(self, X, y, sample_weight, continued, seen=None):
        """Check everything that came; return sequences, and the target and weight of every step, one on average.

        The average is over all steps seen so far: ``seen`` holds their number and total weight in earlier calls of
        partial_fit. Sequences of a weight of zero are left out.
        """
        self._check_hyperparameters()
        vectors, kind, tokens = self._read_pair(X, y, reset=not continued)
        weights = check_sample_weight(sample_weight, len(tokens))
        rows = np.flatnonzero(weights)
        vectors, weights = None if vectors is None else vectors[rows], weights[rows]
        tokens = [tokens[row] for row in rows]
        self._learn_vocabulary(kind, tokens, continued)
        sequences, targets = self._shift(vectors, kind, tokens, rows=rows)
        steps = sequences.lengths
        with np.errstate(over="ignore"):
            totals = np.array([steps.sum(), np.dot(steps, weights)])
        if np.isinf(totals[1]):
            raise ValueError("sample_weight adds up to infinity over all steps. Divide the weights by a constant.")
        self._step_totals = totals if seen is None else seen + totals
        mean = self._step_totals[1] / self._step_totals[0]
        return sequences, targets, np.repeat(weights / mean, steps)

    def _read_pair(self, X, y, *, reset, may_be_empty=False):
        """Return (vectors (n, n_features) or None, kind of the tokens, the tokens of each sequence)."""
        if reset:
            self._has_vectors = y is not None
        elif self._has_vectors != (y is not None):
            raise ValueError(
                f"This {type(self).__name__} was fitted on vectors X and sequences y, but y is None. Give both."
                if self._has_vectors
                else f"This {type(self).__name__} was fitted on sequences X alone, but y is not None. Give X alone."
            )
        if y is None:
            for name in ("n_features_in_", "feature_names_in_"):  # of vectors in a fit before
                if reset and hasattr(self, name):
                    delattr(self, name)
            return None, *read_token_sequences(X, "X", may_be_empty)
        _refuse_tokens(X)
        X = validate_data(self, X, reset=reset, dtype=[np.float64, np.float32])
        kind, tokens = read_token_sequences(y, "y", may_be_empty)
        if len(tokens) != len(X):
            raise ValueError(
                f"X has {len(X)} rows but y has {len(tokens)} sequences: they have inconsistent numbers of samples. "
                "Give one sequence for each row of X."
            )
        return X, kind, tokens

    def _learn_vocabulary(self, kind, tokens, continued):
        """Set the tokens that the network is to know, or raise if a network to go on with knows others."""
        if continued:
            if self.vocabulary is not None and self._named_tokens() != set(self._vocabulary.tokens):
                raise ValueError(
                    f"vocabulary names other tokens than the {len(self._vocabulary.tokens)} that the network to go on "
                    "with knows. Set it back, or begin anew: fit with warm_start=False."
                )
            return
        known = set(chain.from_iterable(tokens)) if self.vocabulary is None else self._named_tokens()
        self._vocabulary = Vocabulary(kind, known)
        self.vocabulary_ = {None: 0, **self._vocabulary.ids}

    def _named_tokens(self):
        """Return the tokens that the parameter ``vocabulary`` names."""
        named = self.vocabulary
        if isinstance(named, Mapping):
            named = [token for token in named if token is not None]  # None is the end in vocabulary_
        tokens = set(read_one_sequence(list(named) if isinstance(named, Set) else named, "vocabulary")[1])
        if not tokens:
            raise ValueError(
                "vocabulary is empty. Name at least one token, or leave it None to learn the tokens of fit."
            )
        return tokens

    def _shift(self, vectors, kind, tokens, name=None, rows=None):
        """Return what the network reads, as Sequences, and what it is to predict, (total_steps,).

        In errors the sequences are called ``name``, by default as in fit, and are the ``rows`` of what came.
        """
        name = name or ("X[{}]" if vectors is None else "y[{}]")
        ids = self._encode(kind, tokens, name, rows)
        lengths = np.array([len(sequence) for sequence in tokens], dtype=np.intp)
        stops = np.cumsum(lengths)
        inputs = np.insert(ids, stops - lengths, 0)
        return Sequences(inputs, lengths + 1, "token lists", "list", vectors), np.insert(ids, stops, 0)

    def _encode(self, kind, tokens, name, rows=None):
        """Return the ids of the tokens of all sequences, laid end to end."""
        if (kind, self._vocabulary.kind) == ("text", "strings"):
            raise TypeError(
                f"{name.format(0)} is a text, but the sequences of fit were lists of strings. Take it apart into such "
                "tokens, for words with text.split()."
            )
        self._vocabulary.check_kind(kind, name.format(0))
        ids = self._vocabulary.encode(chain.from_iterable(tokens))
        if ids.all():
            return ids
        i, step = next(
            (i, step)
            for i, sequence in enumerate(tokens)
            for step, token in enumerate(sequence)
            if token not in self._vocabulary.ids
        )
        raise ValueError(
            f"{name.format(i if rows is None else rows[i])} holds the token {tokens[i][step]!r} at step {step}, which "
            f"is none of the {len(self._vocabulary.tokens)} that the network knows. Name all tokens in vocabulary=... "
            "before fit, or write one token of your own, such as '?', for all rare ones."
        )

    @property
    def _n_outputs(self):
        return len(self._vocabulary)

    def _count_tokens(self, sequences):
        if self._n_outputs * self.embedding_dim > MAX_EMBEDDING:
            raise ValueError(
                f"There are {self._n_outputs - 1} different tokens, so embedding_dim={self.embedding_dim} would need a "
                f"table of {self._n_outputs} x {self.embedding_dim} values. Write one token of your own for all rare ones; "
                "measurements are no tokens."
            )
        return self._n_outputs

    def _dtype(self, sequences):
        return np.dtype(np.float64) if sequences.context is None else sequences.context.dtype

    def _training_settings(self, n):
        return {**super()._training_settings(n), "window_steps": self.bptt_steps}

    def _to_score(self, X, y):
        """Return Sequences and targets to predict with the fitted network; sequences may be empty here."""
        check_is_fitted(self)
        return self._shift(*self._read_pair(X, y, reset=False, may_be_empty=True))

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


def _refuse_tokens(X):
    """Raise a ValueError if X, which comes with y, looks like sequences of tokens."""
    first = next(iter(X), None) if isinstance(X, (list, tuple)) else None
    if isinstance(first, str) or (isinstance(first, (list, tuple)) and any(isinstance(part, str) for part in first)):
        raise ValueError(
            f"X[0] is {first!r:.60}, but where y is given, X holds a vector of numbers for each sequence of y. Give "
            "sequences alone as X, without y."
        )
