"""Sequences of tokens, alone or with a vector each, to what a network reads and what it is to predict."""

from collections.abc import Mapping, Set
from itertools import chain
from typing import NamedTuple

import numpy as np
from sklearn.utils.validation import validate_data

from skseq.sequences import Sequences

from ._merged_rows import equal_rows
from ._vocabulary import Vocabulary, read_one_sequence, read_token_sequences


class TokenData(NamedTuple):
    """Sequences of tokens, checked.

    Attributes
    ----------
    tokens : list of lists of str or int
    kind : str or None
        A key of :data:`~skseq.neural_network._vocabulary.KINDS`; None if there are no tokens.
    vectors : ndarray of shape (n, n_features), or None
    name : str
        What a sequence is called in errors, with "{}" for its row.
    rows : sequence of int
        The row of each sequence in what came.
    """

    tokens: list
    kind: str | None
    vectors: np.ndarray | None
    name: str
    rows: np.ndarray | range

    def take(self, places):
        """Return the sequences at these places."""
        return self._replace(
            tokens=[self.tokens[place] for place in places],
            vectors=None if self.vectors is None else self.vectors[places],
            rows=[self.rows[place] for place in places],
        )


def merge_equal_sequences(data, weights):
    """Return the distinct sequences in a canonical order and their weights added up, or the same if too many."""
    vectors = [b""] * len(data.tokens) if data.vectors is None else [vector.tobytes() for vector in data.vectors]
    groups = equal_rows(((tuple(tokens), vector) for tokens, vector in zip(data.tokens, vectors)), weights)
    if groups is None:
        return data, weights
    return data.take([rows[0] for rows in groups]), np.array([weights[rows].sum() for rows in groups])


def read_token_data(estimator, X, y, *, reset, may_be_empty=False):
    """Return :class:`TokenData` of sequences X, or of vectors X and sequences y; see :meth:`RNNGenerator.fit`."""
    if y is None:
        kind, tokens = read_token_sequences(X, "X", may_be_empty)
        return TokenData(tokens, kind, None, "X[{}]", range(len(tokens)))
    X = read_vectors(estimator, X, reset=reset)
    kind, tokens = read_token_sequences(y, "y", may_be_empty)
    if len(tokens) != len(X):
        raise ValueError(
            f"X has {len(X)} rows but y has {len(tokens)} sequences: they have inconsistent numbers of samples. "
            "Give one sequence for each row of X."
        )
    return TokenData(tokens, kind, X, "y[{}]", range(len(tokens)))


def read_prompt(prompt, vectors=None):
    """Return :class:`TokenData` of one sequence, which may be empty; None is the same."""
    kind, tokens = read_one_sequence([] if prompt is None else prompt, "prompt")
    return TokenData([tokens], kind, vectors, "prompt", range(1))


def read_vectors(estimator, X, *, reset, dtype=(np.float64, np.float32)):
    """Return X as an array (n, n_features)."""
    try:
        return validate_data(estimator, X, reset=reset, dtype=dtype)
    except (TypeError, ValueError) as error:
        if any(part in str(error) for part in ("convert string", "array element with a sequence", "float() argument")):
            raise ValueError(
                f"X cannot be read as numbers: {str(error).rstrip('.')}. Where y is given, X holds a vector of numbers "
                "for each sequence of y. Give sequences alone as X, without y."
            ) from error
        raise


class NextTokenCoder:
    """Knows the tokens, and lays sequences of them out for a network that predicts the next one.

    Sequence i is read as [begin, t_1, .., t_n] and predicted as [t_1, .., t_n, end]. The id 0, which no token has, is
    the begin where it is read and the end where it is predicted.

    Parameters
    ----------
    data : TokenData
    named : str, list, array, set or dict, or None
        All tokens there will be, if ``data`` need not show them.

    Attributes
    ----------
    vocabulary : Vocabulary
    """

    def __init__(self, data, named):
        known = set(chain.from_iterable(data.tokens)) if named is None else read_named(named)
        self.vocabulary = Vocabulary(data.kind, known)

    def check_named(self, named):
        """Raise a ValueError if the parameter ``vocabulary`` is now another one."""
        if named is not None and read_named(named) != set(self.vocabulary.tokens):
            raise ValueError(
                f"vocabulary names other tokens than the {len(self.vocabulary.tokens)} that the network to go on with "
                "knows. Set it back, or begin anew: fit with warm_start=False."
            )

    def lay_out(self, data):
        """Return (:class:`Sequences` to read, their vectors as context; targets (total_steps,) to predict)."""
        ids = self.encode(data)
        lengths = np.array([len(tokens) for tokens in data.tokens], dtype=np.intp)
        stops = np.cumsum(lengths)
        inputs, targets = np.insert(ids, stops - lengths, 0), np.insert(ids, stops, 0)
        return Sequences(inputs, lengths + 1, "token lists", "list", data.vectors), targets

    def encode(self, data):
        """Return the ids of the tokens of all sequences, laid end to end.

        Raises
        ------
        ValueError, TypeError
            If a token is not known, or the sequences are not of the kind seen in fit.
        """
        if (data.kind, self.vocabulary.kind) == ("text", "strings"):
            raise TypeError(
                f"{data.name.format(0)} is a text, but the sequences of fit were lists of strings. Take it apart into "
                "such tokens, for words with text.split()."
            )
        self.vocabulary.check_kind(data.kind, data.name.format(0))
        ids = self.vocabulary.encode(chain.from_iterable(data.tokens))
        if not ids.all():
            self._refuse_unknown(data)
        return ids

    def _refuse_unknown(self, data):
        row, step, token = next(
            (row, step, token)
            for row, tokens in zip(data.rows, data.tokens)
            for step, token in enumerate(tokens)
            if token not in self.vocabulary.ids
        )
        raise ValueError(
            f"{data.name.format(row)} holds the token {token!r} at step {step}, which is none of the "
            f"{len(self.vocabulary.tokens)} that the network knows. Name all tokens in vocabulary=... before fit, or "
            "write one token of your own, such as '?', for all rare ones."
        )


def read_named(named):
    """Return the set of tokens that the parameter ``vocabulary`` names."""
    if isinstance(named, Mapping):
        named = [token for token in named if token is not None]  # None is the end in vocabulary_
    tokens = set(read_one_sequence(list(named) if isinstance(named, Set) else named, "vocabulary")[1])
    if not tokens:
        raise ValueError("vocabulary is empty. Name at least one token, or leave it None to learn the tokens of fit.")
    return tokens
