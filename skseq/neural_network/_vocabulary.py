"""Tokens: any collection of token sequences becomes lists, lists become ids, and ids the form that came in."""

from collections.abc import Iterable, Mapping, Set
from itertools import chain
from numbers import Real
from typing import NamedTuple

import numpy as np
from scipy.sparse import issparse

#: What sequences of tokens look like, for error messages.
FORMS = "lists or arrays of str or int tokens, or texts (str), whose tokens are their characters"


class TokenLists(NamedTuple):
    """Sequences of tokens, read.

    Attributes
    ----------
    sequences : list of list of str, or of int
    kind : {str, int} or None
        Of the tokens; None if there are none.
    form : {"text", "list", "array"}
        What a sequence looked like.
    name : str
        What a sequence is called in errors, "{}" where its place stands.
    """

    sequences: list
    kind: type | None
    form: str
    name: str

    @property
    def lengths(self):
        """Tokens of each sequence, shape (n,)."""
        return np.array([len(tokens) for tokens in self.sequences], dtype=np.intp)


class Vocabulary:
    """The tokens that a network knows, with the ids 0, 1, 2, ... in their sorted order.

    Parameters
    ----------
    tokens : iterable of str, or of int
    form : {"text", "list", "array"}
        What :meth:`decode` returns.

    Attributes
    ----------
    tokens : list
        Sorted.
    ids : dict from token to id
    """

    def __init__(self, tokens, form):
        self.tokens = sorted(set(tokens))
        self.form = form
        self.ids = {token: i for i, token in enumerate(self.tokens)}
        self._dtype = np.array(self.tokens).dtype

    @classmethod
    def learn(cls, read):
        """Return the vocabulary of the tokens in ``read``, a TokenLists."""
        return cls(chain.from_iterable(read.sequences), read.form)

    def __len__(self):
        return len(self.tokens)

    def encode(self, read, cure):
        """Return the ids of all tokens, laid end to end.

        Parameters
        ----------
        read : TokenLists
        cure : str
            What to do about a token that is not known.

        Returns
        -------
        ndarray of shape (total_tokens,), intp

        Raises
        ------
        ValueError
            If a token is not known, or a text is given for lists of tokens.
        """
        if read.form == "text" != self.form:
            raise ValueError(
                f"{read.name.format(0)} is the text {shorten(''.join(read.sequences[0]))}, but the sequences of fit were lists of "
                "tokens. Take it apart into such tokens, for words with text.split()."
            )
        try:
            ids = map(self.ids.__getitem__, chain.from_iterable(read.sequences))
            return np.fromiter(ids, dtype=np.intp, count=sum(map(len, read.sequences)))
        except KeyError:
            i, step = next(
                (i, step)
                for i, tokens in enumerate(read.sequences)
                for step, token in enumerate(tokens)
                if token not in self.ids
            )
        raise ValueError(
            f"{read.name.format(i)} holds the token {shorten(read.sequences[i][step])} at step {step}, which is not among "
            f"the {len(self)} known ones. {cure}"
        )

    def decode(self, ids):
        """Return the sequence with these ids: a text, a list of tokens or an array (steps,), as came in."""
        tokens = [self.tokens[i] for i in ids]
        if self.form == "text":
            return "".join(tokens)
        return np.array(tokens, dtype=self._dtype) if self.form == "array" else tokens


def read_tokens(X, name, allow_empty=False):
    """Return sequences of tokens as :class:`TokenLists`.

    Parameters
    ----------
    X : iterable of n sequences of tokens, or array or DataFrame of shape (n, steps)
        See :data:`FORMS`. Floats that are whole numbers count as ints.
    name : str
        What X is called, for the errors.
    allow_empty : bool, default=False
        Whether a sequence may have no tokens.

    Raises
    ------
    TypeError, ValueError
        If X is not sequences of tokens of one kind, or there are none.
    """
    if isinstance(X, (str, bytes)):
        raise TypeError(f"{name} is the single text {shorten(X)}. Give a list of sequences: [{name}] for a list of one.")
    if isinstance(X, (Mapping, Set)) or not isinstance(X, Iterable) or issparse(X):
        raise TypeError(f"{name} is of type {type(X).__name__}, but a list of sequences is needed: {FORMS}.")
    items = list(np.asarray(X) if hasattr(X, "columns") else X)
    if not items:
        raise ValueError(f"{name} is empty: 0 sequences, while a minimum of 1 is required.")
    read = [_read_sequence(item, f"{name}[{i}]", allow_empty) for i, item in enumerate(items)]
    sequences = [tokens for tokens, _ in read]
    forms = [form for _, form in read]
    for i, form in enumerate(forms):
        if (form == "text") != (forms[0] == "text"):
            raise TypeError(
                f"{name}[0] is of type {type(items[0]).__name__} but {name}[{i}] of type {type(items[i]).__name__}. "
                f"Give all sequences in one form: {FORMS}."
            )
    form = "text" if forms[0] == "text" else "array" if set(forms) == {"array"} else "list"
    return TokenLists(sequences, _common_kind(sequences, f"{name}[{{}}]"), form, f"{name}[{{}}]")


def read_prompt(prompt, name):
    """Return one sequence, which may be empty, as :class:`TokenLists`."""
    tokens, form = _read_sequence(prompt, name, allow_empty=True)
    return TokenLists([tokens], _common_kind([tokens], name), form, name)


def _read_sequence(item, name, allow_empty):
    """Return the tokens of one sequence as a list of str or of int, and its form."""
    if isinstance(item, str):
        tokens, form = list(item), "text"
    elif isinstance(item, (list, tuple)):
        tokens, form = list(item), "list"
    elif not isinstance(item, bytes) and len(getattr(item, "shape", ())) == 1 and not issparse(item):
        tokens, form = np.asarray(item).tolist(), "array"
    else:
        what = f"an array of shape {item.shape}" if hasattr(item, "shape") else f"{item!r} of type {type(item).__name__}"
        raise TypeError(f"{name} is {what}, but a sequence of tokens is needed: {FORMS}.")
    if not tokens and not allow_empty:
        raise ValueError(f"{name} is an empty sequence. Drop it, or give it at least one token.")
    if not {type(token) for token in tokens} <= {str, int}:
        tokens = [_read_token(token, f"{name} at step {step}") for step, token in enumerate(tokens)]
    return tokens, form


def _read_token(token, name):
    """Return one token as str or int."""
    if isinstance(token, str):
        return str(token)
    if isinstance(token, Real) and not isinstance(token, (bool, np.bool_)) and token == token // 1:
        return int(token)
    is_nan = isinstance(token, (float, np.floating)) and token != token
    if token is None or is_nan or type(token).__name__ in ("NAType", "NaTType"):
        raise ValueError(f"{name} is {token!r}: a missing token. Drop it, or write a token of your own, such as '?'.")
    raise TypeError(
        f"{name} is {token!r} of type {type(token).__name__}, but tokens are str or int. Write it as str(token), or give "
        "measurements to another estimator."
    )


def _common_kind(sequences, name):
    """Return what all tokens are, str or int; None if there are none."""
    first = {}
    for i, tokens in enumerate(sequences):
        for kind in {type(token) for token in tokens}:
            first.setdefault(kind, i)
    if len(first) > 1:
        raise TypeError(
            f"{name.format(first[str])} holds tokens of type str and {name.format(first[int])} of type int. Give tokens "
            "of one type, for example str(token) for each."
        )
    return next(iter(first), None)


def shorten(token):
    """Return the representation of a token or text for an error message, cut if it is long."""
    shown = repr(token)
    return shown if len(shown) <= 42 else f"{shown[:38]}...{shown[-1]}"
