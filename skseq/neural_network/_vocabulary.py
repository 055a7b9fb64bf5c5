"""Sequences of tokens of any kind, and the ids that a network has for them."""

from collections.abc import Iterable, Mapping, Set
from numbers import Integral

import numpy as np
from scipy.sparse import issparse

from skseq.sequences import is_frame, single_column

#: What each kind of sequence looks like, for error messages.
KINDS = {
    "text": "a text, whose characters are the tokens",
    "strings": "a sequence of strings",
    "integers": "a sequence of integers",
}


#: The largest integer that an array of tokens holds.
LARGEST = np.iinfo(np.int64).max


def read_token_sequences(items, name, may_be_empty=False):
    """Return (kind, tokens), the tokens of each item as a list of lists.

    Parameters
    ----------
    items : list, tuple, array, Series
        Texts (str), or 1-D sequences of strings or of integers; also one column of them, such as an array (n, 1).
    name : str
        What to call them in errors.
    may_be_empty : bool, default=False
        Whether an item may have no tokens.

    Returns
    -------
    kind : str or None
        A key of :data:`KINDS`; None if all items are empty sequences.
    tokens : list of lists of str or int

    Raises
    ------
    TypeError, ValueError
        If there are no items, or one is not a sequence, empty, or of another kind than the others.
    """
    if isinstance(items, (str, bytes)):
        raise TypeError(f"{name} is the single text {_shorten(items)}. Give a list of texts, for one a list of one.")
    items = single_column(items)  # a text or sequence in each cell
    if isinstance(items, (Mapping, Set)) or not isinstance(items, Iterable) or issparse(items):
        raise TypeError(f"{name} is of type {type(items).__name__}. Give a list of {' or '.join(KINDS.values())}.")
    if getattr(items, "shape", None) == ():
        raise TypeError(f"{name} is the single value {items!r}. Give a list of {' or '.join(KINDS.values())}.")
    items = list(np.asarray(items) if is_frame(items) else items)  # other data frames by their rows
    if not items:
        raise ValueError(f"{name} is empty: 0 sequences, while a minimum of 1 is required.")
    kind, first = None, 0
    sequences = []
    for i, item in enumerate(items):
        own, tokens = _read_one(item, f"{name}[{i}]")
        if not tokens and not may_be_empty:
            raise ValueError(
                f"{name}[{i}] is {_shorten(item)}, an empty sequence. Drop it: it needs at least one token."
            )
        if kind is None:
            kind, first = own, i
        elif own not in (kind, None):
            raise TypeError(f"{name}[{first}] is {KINDS[kind]}, but {name}[{i}] is {KINDS[own]}. Give all of one kind.")
        sequences.append(tokens)
    return kind, sequences


def read_one_sequence(item, name):
    """Return (kind, tokens) of a single sequence, which may be empty."""
    return _read_one(item, name)


def read_tokens(tokens, kind, name):
    """Return a set of tokens that the user names, checked to be of ``kind``."""
    own, named = _read_one(list(tokens) if isinstance(tokens, (Set, Mapping)) else tokens, name)
    if own not in (kind, None) and {own, kind} != {"text", "strings"}:
        raise TypeError(f"{name} is {KINDS[own]}, but the data hold {KINDS[kind]}. Name tokens of their kind.")
    return set(named)


def _read_one(item, name):
    """Return the kind and the tokens of one item; the kind of an empty sequence is None, unless it is a text."""
    if isinstance(item, str):
        return "text", list(item)
    shape = getattr(item, "shape", (0,))
    if isinstance(item, (bytes, Mapping, Set)) or not isinstance(item, Iterable) or len(shape) != 1:
        raise TypeError(
            f"{name} is {_shorten(item)} of type {type(item).__name__}. Give {' or '.join(KINDS.values())}."
        )
    tokens = item.tolist() if isinstance(item, np.ndarray) else list(item)
    if not tokens:
        return None, tokens
    if all(isinstance(token, str) for token in tokens):
        return "strings", [str(token) for token in tokens]
    strings = isinstance(tokens[0], str)
    for step, token in enumerate(tokens):
        # What is unlike the first one, whose kind is meant.
        if not isinstance(token, str if strings else Integral) or isinstance(token, (bool, np.bool_)):
            raise TypeError(
                f"{name} holds {token!r} of type {type(token).__name__} at step {step}. The tokens of a sequence are "
                "strings, or they are integers."
            )
    tokens = [int(token) for token in tokens]
    if max(tokens) > LARGEST or min(tokens) < -LARGEST:
        raise ValueError(f"{name} holds an integer of more than 63 bits. Number the tokens, or write them as strings.")
    return "integers", tokens


def _shorten(item):
    text = repr(item)
    return text if len(text) <= 60 else f"{text[:57]}..."


class Vocabulary:
    """Ids from 1 on for the tokens of one side; 0 is for what is not in it.

    Parameters
    ----------
    kind : str
        A key of :data:`KINDS`.
    tokens : iterable of str or int
    """

    def __init__(self, kind, tokens):
        self.kind = kind
        self.tokens = sorted(tokens)
        self.ids = {token: i for i, token in enumerate(self.tokens, start=1)}

    def __len__(self):
        """Return the number of ids, with 0."""
        return len(self.tokens) + 1

    def check_kind(self, kind, name):
        """Raise unless sequences of ``kind`` have tokens like those of the vocabulary."""
        if kind not in (self.kind, None):
            raise TypeError(f"{name} holds {KINDS[kind]}, but in fit it held {KINDS[self.kind]}. Give the same.")

    def encode(self, tokens):
        """Return the ids of the tokens of one sequence, 0 where one is not in the vocabulary."""
        ids = self.ids
        return np.array([ids.get(token, 0) for token in tokens], dtype=np.intp)

    def decode(self, ids):
        """Return the sequence that ids from 1 on stand for: a str, a list of str or an array of integers."""
        tokens = [self.tokens[i - 1] for i in ids]
        if self.kind == "text":
            return "".join(tokens)
        return tokens if self.kind == "strings" else np.array(tokens, dtype=np.int64)
