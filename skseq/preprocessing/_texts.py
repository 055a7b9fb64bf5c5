"""The door for texts: any collection of strings becomes a list, with errors that say what came."""

from collections.abc import Iterable, Mapping, Set


def read_texts(X):
    """Return the texts of X as a list of str.

    Raises
    ------
    TypeError
        If X is one text, has no order, is not 1-D, or an item is not a str.
    ValueError
        If X is empty.
    """
    if isinstance(X, (str, bytes)):
        raise TypeError(f"X is the single text {shorten(X)}. Give a list of texts, for one text a list of one: [text].")
    if isinstance(X, (Mapping, Set)) or not isinstance(X, Iterable):
        raise TypeError(f"X is of type {type(X).__name__}, but texts in an order are needed. Give a list of strings.")
    shape = getattr(X, "shape", (0,))
    if len(shape) != 1:
        raise TypeError(
            f"X has shape {tuple(shape)}, but texts are 1-D. Give one column of them, such as frame['text'] or X[:, 0]."
        )
    texts = list(X)
    if not texts:
        raise ValueError("X is empty: 0 texts, while a minimum of 1 is required.")
    for i, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(
                f"X[{i}] is {text!r} of type {type(text).__name__}, but a text (str) is needed. {cure(text)}"
            )
    return texts


def cure(item):
    """Return what to do about an item that is not a text."""
    if isinstance(item, bytes):
        return "Decode it: X[i].decode()."
    if isinstance(item, (list, tuple)):
        return "Join its parts: ' '.join(X[i])."
    return "Leave missing texts out, or write numbers as texts with str(X[i])."


def shorten(text):
    """Return the representation of ``text`` for an error message, cut if it is long."""
    return repr(text) if len(text) <= 40 else f"{text[:37]!r}..."
