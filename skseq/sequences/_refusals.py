"""Containers of sequences that are not accepted as X, with errors that name a way to unpack them."""

from collections.abc import Iterator, Mapping, Set
from numbers import Number

from scipy.sparse import issparse

from ._columns import library_of

STATIC = (
    "Features of a sequence as a whole are repeated at each step: np.column_stack([x, np.tile(s, (len(x), 1))]) for "
    "each sequence x with its row s, or skseq.sequences.from_long(..., static=...)."
)


def refuse_kinds(X, name, wanted):
    """Raise if X is of a kind that no estimator reads.

    Parameters
    ----------
    X : object
    name : str
        Of the estimator.
    wanted : str
        The forms of X that it reads.
    """
    kind = type(X).__name__
    if issparse(X):
        raise TypeError(
            f"Sparse data was passed for X, but dense data is required: {name} reads every step. "
            "Use X.toarray(), or reduce the columns first."
        )
    refuse_unordered(X, wanted, STATIC)
    if hasattr(X, "batch_sizes") and hasattr(X, "data"):
        raise TypeError(
            f"X is a {kind} of torch. Give a list of its sequences: [x.numpy() for x in "
            "torch.nn.utils.rnn.unpack_sequence(X)]."
        )
    if kind.endswith("GroupBy"):
        raise TypeError(f"X is a {kind}. Make sequences of its table with skseq.sequences.from_long(table, by=...).")
    if X is None or isinstance(X, Number):
        raise TypeError(f"X is {X!r}, no sequences. Give {wanted}.")
    if type(X).__module__.startswith("polars") and kind == "LazyFrame":
        raise TypeError("X is a polars LazyFrame, but its rows are needed. Give X.collect().")
    if isinstance(X, (tuple, list)) and len(X) == 2 and _is_collection(X[0]) and _shares_rows(*X):
        raise ValueError(
            f"X is a {kind} of two parts with {len(X[0])} rows each, but one collection of sequences is needed. "
            f"{STATIC}"
        )
    refuse_texts(X)


def refuse_unordered(X, wanted, more=""):
    """Raise if X is a dict, a set or a generator, whose items have no number."""
    kind = type(X).__name__
    if isinstance(X, Mapping) and not issparse(X):  # one kind of sparse matrix is a dict of its entries
        raise TypeError(
            f"X is of type {kind}, with {len(X)} keys, but one collection of sequences is needed: {wanted}. Give "
            f"list(X.values()) if its values are the sequences. {more}".rstrip()
        )
    if isinstance(X, (Iterator, Set)):
        cure = "Give list(X)." if isinstance(X, Iterator) else "Give a list, which has an order."
        raise TypeError(f"X is of type {kind}, but {wanted} is needed. {cure}")


def _is_collection(part):
    """Whether ``part`` is itself a collection of sequences (steps, features)."""
    if hasattr(part, "shape"):
        return len(part.shape) == 3 or (len(part.shape) == 1 and _holds_arrays(part))
    return isinstance(part, (list, tuple)) and _holds_arrays(part)


def _holds_arrays(part):
    return len(part) > 0 and all(len(getattr(item, "shape", ())) == 2 for item in part)


def _shares_rows(first, second):
    return hasattr(second, "__len__") and not isinstance(second, str) and len(second) == len(first)


def refuse_texts(X):
    """Raise if X is a list of texts or of bytes, of which NumPy would say that it is not 2-D."""
    if isinstance(X, (str, bytes)):
        raise ValueError(
            f"X is of type {type(X).__name__}, a single string: the text {X[:40]!r}, but numbers are needed. Encode "
            "text by TokenEncoder as integer ids for a network with embedding_dim, and give a list of sequences."
        )
    if not (isinstance(X, (list, tuple)) or len(getattr(X, "shape", ())) == 1 or library_of(X) == "pyarrow"):
        return
    first = next(iter(X), None)
    first = first.as_py() if hasattr(first, "as_py") else first
    if isinstance(first, bytes):
        raise ValueError(
            f"X[0] is the bytes {first!r}, but numbers are needed. Give list(X[i]) for the ids 0 to 255 of its bytes, "
            "with embedding_dim set, or decode it to text and encode that with skseq.preprocessing.TokenEncoder."
        )
    if isinstance(first, str):
        raise ValueError(
            f"X[0] is the text {first!r}, but numbers are needed. Encode each text as a list of integer ids with "
            "skseq.preprocessing.TokenEncoder, for a network with embedding_dim."
        )
