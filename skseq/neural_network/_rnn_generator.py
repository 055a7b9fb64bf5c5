"""The recurrent generator: the probabilities of sequences of tokens, learnt from examples, and new sequences."""

from numbers import Integral, Real

import numpy as np
from sklearn.utils.validation import check_is_fitted, validate_data

from skseq._validation import check_number, check_seed

from ._next_token_model import BaseNextTokenModel
from ._next_tokens import NextTokens
from ._recurrent_estimator import RecurrentEstimator
from ._sampling import SIDE_BY_SIDE, Draws, StepReader, draw_sequences
from ._vocabulary import read_prompt


class RNNGenerator(RecurrentEstimator, BaseNextTokenModel):
    """X"""

    def __init__(
        self,
        hidden_layer_sizes=(64,),
        *,
        cell="gru",
        activation="tanh",
        embedding_dim=32,
        vocabulary=None,
        recurrent_init="orthogonal",
        dropout=0.0,
        solver="adam",
        learning_rate_init=0.005,
        learning_rate="constant",
        alpha=0.0,
        batch_size="auto",
        max_iter=30,
        max_grad_norm=1.0,
        bptt_steps=None,
        early_stopping=False,
        validation_fraction=0.1,
        n_iter_no_change=10,
        tol=1e-4,
        shuffle=True,
        warm_start=False,
        random_state=None,
        verbose=0,
    ):
        self.hidden_layer_sizes = hidden_layer_sizes
        self.cell = cell
        self.activation = activation
        self.embedding_dim = embedding_dim
        self.vocabulary = vocabulary
        self.recurrent_init = recurrent_init
        self.dropout = dropout
        self.solver = solver
        self.learning_rate_init = learning_rate_init
        self.learning_rate = learning_rate
        self.alpha = alpha
        self.batch_size = batch_size
        self.max_iter = max_iter
        self.max_grad_norm = max_grad_norm
        self.bptt_steps = bptt_steps
        self.early_stopping = early_stopping
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.shuffle = shuffle
        self.warm_start = warm_start
        self.random_state = random_state
        self.verbose = verbose

    def _check_hyperparameters(self):
        super()._check_hyperparameters()
        check_number("embedding_dim", self.embedding_dim, Integral, low=1)
        if self.bptt_steps is not None:
            check_number("bptt_steps", self.bptt_steps, Integral, low=1)

    @property
    def _fixed_settings(self):
        return {"pooling": "none", "n_context": self.n_features_in_ if self._conditional else 0}

    def sample(self, n=1, *, X=None, prompt=None, temperature=1.0, top_k=None, max_steps=1000, random_state=None):
        """Draw sequences token by token, each token from the probabilities of the next one.

        Parameters
        ----------
        n : int, default=1
            Number of sequences; with ``X``, for each of its rows.
        X : array-like of shape (m, n_features), default=None
            Vectors to begin with, where the network was fitted on vectors and sequences.
        prompt : sequence of tokens, default=None
            What each sequence begins with.
        temperature : float, default=1.0
            Zero or more. Probabilities are those of the logits divided by it: below one, probable tokens are drawn more
            often than the network says, above one less often; with zero always the most probable one is taken.
        top_k : int, default=None
            Draw among the so many most probable tokens only, and those as probable as the last of them [5]_.
        max_steps : int, default=1000
            A sequence that has not ended after so many tokens, those of the prompt not counted, is cut.
        random_state : int, RandomState or None, default=None
            Give an int to get the same sequences each time. The first of them do not depend on ``n``: each has a
            random stream of its own.

        Returns
        -------
        list of n sequences, or m * n with ``X``, those of its first row first
            In the form of those of ``fit``: texts, lists of tokens or arrays. The prompt is part of them, the end is not.

        Raises
        ------
        ValueError, TypeError
            If an argument is not valid, or the prompt has a token that is not known.
        """
        check_is_fitted(self)
        check_number("n", n, Integral, low=1)
        check_number("temperature", temperature, Real, low=0, high=np.finfo(np.float64).max)
        if top_k is not None:
            check_number("top_k", top_k, Integral, low=1)
        vectors = self._read_vectors(X)
        if vectors is not None:
            vectors = np.repeat(vectors, n, axis=0)
            n = len(vectors)
        seeds = check_seed(random_state).randint(np.iinfo(np.int32).max, size=n)
        return self._draw(n, vectors, prompt, max_steps, seeds, temperature, top_k)

    def predict(self, X, max_steps=1000):
        """Return the sequence of each vector, token by token the most probable one.

        Parameters
        ----------
        X : array-like of shape (n, n_features)
            As in ``fit`` with ``y``.
        max_steps : int, default=1000
            A sequence that has not ended after so many tokens is cut.

        Returns
        -------
        list of n sequences
            In the form of those of ``fit``. This is ``sample(X=X, temperature=0)``.

        Raises
        ------
        ValueError, TypeError
            If X is not valid, or the network was fitted on sequences alone: ``sample(temperature=0)`` is for those.
        """
        check_is_fitted(self)
        vectors = self._read_vectors(X)
        return self._draw(len(vectors), vectors, None, max_steps)

    def _read_vectors(self, X):
        """Return the vectors to begin with, None if there are none in this network."""
        if self._conditional != (X is not None):
            raise ValueError(
                f"This {type(self).__name__} was fitted on vectors X and sequences y. Give X, a vector for each sequence "
                "to draw."
                if self._conditional
                else f"This {type(self).__name__} was fitted on sequences alone, so it has no use for X. Call sample "
                "without X; with temperature=0 it gives the most probable tokens."
            )
        return None if X is None else validate_data(self, X, reset=False, dtype=self._trainer.parameters.dtype)

    def _draw(self, n, vectors, prompt, max_steps, seeds=None, temperature=0, top_k=None):
        """Return ``n`` sequences that begin with ``prompt``, in the form of those of fit."""
        check_number("max_steps", max_steps, Integral, low=1)
        prompt = self._encode(read_prompt([] if prompt is None else prompt, "prompt"))
        begin = np.insert(prompt, 0, self._boundary)
        network, parameters = self._trainer.network, self._trainer.parameters
        drawn = []
        for first in range(0, n, SIDE_BY_SIDE):
            some = slice(first, min(first + SIDE_BY_SIDE, n))
            reader = StepReader(network, parameters, None if vectors is None else vectors[some])
            draws = Draws([] if seeds is None else seeds[some], temperature, top_k)
            drawn += draw_sequences(reader, draws, begin, some.stop - first, end=self._boundary, max_steps=max_steps)
        return [self._vocabulary.decode([*prompt, *ids]) for ids in drawn]

    def next_tokens(self, prompt=(), *, X=None, n=10):
        """Return the most probable tokens after a prompt, ranked: a table to print, or to see in a notebook.

        Parameters
        ----------
        prompt : sequence of tokens, default=()
            The tokens so far, none or more.
        X : array-like of shape (n_features,), default=None
            The vector to begin with, where the network was fitted on vectors and sequences.
        n : int, default=10
            The most tokens to show.

        Returns
        -------
        NextTokens
            With ``tokens``, a list whose entry None is the end of the sequence, and ``probabilities`` (n,). Iterating over
            it gives pairs (token, probability). ``predict_next_proba`` has the probabilities of all tokens.

        Raises
        ------
        ValueError, TypeError
            If an argument is not valid, or the prompt has a token that is not known.
        """
        check_is_fitted(self)
        check_number("n", n, Integral, low=1)
        read = read_prompt(prompt, "prompt")
        vectors = self._read_vectors(None if X is None else np.atleast_2d(X))
        [probabilities] = self._next_probabilities(*self._shift(vectors, read))
        order = np.argsort(-probabilities, kind="stable")[:n]
        tokens = [*self._vocabulary.tokens, None]
        shown = ("" if read.form == "text" else " ").join(map(str, read.sequences[0]))
        return NextTokens(shown, [tokens[i] for i in order], probabilities[order], len(probabilities) - len(order))
