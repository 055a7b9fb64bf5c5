"""The door for texts: any collection of strings, of lists of words or of ids becomes a list of what to encode."""

from collections.abc import Iterable, Mapping, Set
from numbers import Integral

#: What X holds at each level, for error messages.
WANTED = {
    "text": "Give a list of strings.",
    "word": "Give a list of strings, or a list of lists of words.",
    "id": "Give a list of 1-D integer arrays.",
}

#: Ids are below this, which is what an array of integers holds.
ID_LIMIT = 2**63


def read_texts(X, level="text"):
    """Return the texts of X: a list of str, or of lists of tokens.

    Parameters
    ----------
    X : iterable of n texts
    level : {"text", "word", "id"}, default="text"
        "text": every text is a str. "word": it may also be a list or 1-D array of str, its words. "id": it is a list or
        1-D array of integers.

    Returns
    -------
    list of n str, lists of str or lists of int

    Raises
    ------
    TypeError
        If X is one text, has no order, has no such items, or an item has no such tokens.
    ValueError
        If X or an item is empty, or an id is negative or too large.
    """
    if isinstance(X, (str, bytes)):
        raise TypeError(f"X is the single text {shorten(X)}. Give a list of texts, for one text a list of one: [text].")
    if isinstance(X, (Mapping, Set)) or not isinstance(X, Iterable):
        raise TypeError(f"X is of type {type(X).__name__}, but texts in an order are needed. {WANTED[level]}")
    shape = getattr(X, "shape", (0,))
    if len(shape) != 1 and not (level == "id" and len(shape) == 2 and not hasattr(X, "columns")):
        raise TypeError(
            f"X has shape {tuple(shape)}, but texts are 1-D. Give one column of them, such as frame['text'] or X[:, 0]."
        )
    texts = X.to_pylist() if hasattr(X, "to_pylist") else list(X)  # pyarrow has scalars of its own
    if not texts:
        raise ValueError("X is empty: 0 texts, while a minimum of 1 is required.")
    return [_read_one(text, f"X[{i}]", level) for i, text in enumerate(texts)]


def _read_one(text, name, level):
    if isinstance(text, str) and level != "id":
        return text
    if level == "text" or not _is_list(text):
        kind = "a 1-D array of integers" if level == "id" else "a text (str)"
        words = " or a list of words" if level == "word" else ""
        raise TypeError(
            f"{name} is {shorten(text)} of type {type(text).__name__}, but {kind}{words} is needed. {cure(text, level)}"
        )
    tokens = text.tolist() if hasattr(text, "tolist") else list(text)
    if not tokens:
        raise ValueError(f"{name} is empty, but a sequence needs at least one step. Leave it out.")
    return _read_ids(tokens, name) if level == "id" else _read_words(tokens, name)


def _is_list(item):
    """Whether ``item`` is a list or a 1-D array."""
    return isinstance(item, (list, tuple)) or len(getattr(item, "shape", ())) == 1


def _read_words(tokens, name):
    for step, token in enumerate(tokens):
        if not isinstance(token, str):
            raise TypeError(
                f"{name} holds {shorten(token)} of type {type(token).__name__} at step {step}, but a word (str) is "
                "needed. Leave missing words out, write numbers as texts, or set level='id' for integers."
            )
        if not token:
            raise ValueError(f"{name} holds an empty word at step {step}. Leave it out.")
    return [str(token) for token in tokens]


def _read_ids(tokens, name):
    for step, token in enumerate(tokens):
        if not isinstance(token, Integral) or isinstance(token, bool):
            raise TypeError(
                f"{name} holds {shorten(token)} of type {type(token).__name__} at step {step}, but level='id' encodes "
                "integers. Set level='word' for lists of strings."
            )
        if not 0 <= token < ID_LIMIT:
            raise ValueError(
                f"{name} holds the id {token} at step {step}; ids are 0 or more, and below 2**63. Cut padding off, "
                "or write the ids as strings and set level='word'."
            )
    return [int(token) for token in tokens]


def cure(item, level="text"):
    """Return what to do about an item that is not a text."""
    if level == "id":
        return WANTED["id"]
    if isinstance(item, bytes):
        return "Decode it: X[i].decode()."
    if _is_list(item):
        return "Set level='word', which takes lists of words."
    return "Leave missing texts out, or write numbers as texts with str(X[i])."


def shorten(item):
    """Return the representation of ``item`` for an error message, cut if it is long."""
    text = item if isinstance(item, str) else repr(item)
    shown = repr(text) if isinstance(item, str) else text
    if len(text) <= 40:
        return shown
    return f"{text[:37]!r}..." if isinstance(item, str) else f"{text[:37]}..."
