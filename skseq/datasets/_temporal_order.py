"""The temporal order problem: which symbol came first, long ago."""

from itertools import product
from numbers import Integral

import numpy as np

from skseq._validation import check_number, check_option, check_seed

#: The id of a symbol, and its feature in the one-hot encoding, is its place here.
SYMBOLS = ("E", "B", "a", "b", "c", "d", "X", "Y")
#: Where the relevant symbols stand, as parts of the shortest length in percent (first and last possible
#: step).
WINDOWS = {2: ((10, 20), (50, 60)), 3: ((10, 20), (33, 43), (66, 76))}


def make_temporal_order(n_samples=1000, *, n_relevant=2, n_steps=100, encoding="one-hot", random_state=None):
    """Make sequences of symbols whose class is the order of a few far-apart ones (classification).

    Each sequence starts with E, ends with B and otherwise holds random letters a, b, c, d, except for two or
    three relevant symbols, each X or Y, in fixed ranges of steps. The class is which of them are X and which
    Y, in order.

    Parameters
    ----------
    n_samples : int, default=1000
        Number of sequences, n.
    n_relevant : {2, 3}, default=2
        2 is task 6a of [1]_ (4 classes); 3 is task 6b (8 classes).
    n_steps : int, default=100
        The shortest length T; lengths are T to T + T // 10. At T = 100, as in [1]_, the relevant symbols
        stand at steps 10-20 and 50-60, or at 10-20, 33-43 and 66-76 (both ends included, counted from 0).
        Other T scale these ranges. At least 10.
    encoding : {"one-hot", "ids"}, default="one-hot"
        "one-hot" gives arrays (steps_i, 8); "ids" gives integer arrays (steps_i,), ready for the
        ``embedding_dim`` of the sequence estimators. The order is E, B, a, b, c, d, X, Y: E is 0, Y is 7.
    random_state : int, RandomState instance or None, default=None
        Give an int to get the same sequences each time.

    Returns
    -------
    X : list of n ndarrays of shape (steps_i, 8), float64, or (steps_i,), intp
        The sequences.
    y : ndarray of shape (n,), str
        The relevant symbols in order: "XX", "XY", "YX", "YY" (Q, R, S and U in [1]_), or "XXX" to "YYY". All
        are equally likely.

    Raises
    ------
    ValueError, TypeError
        If a parameter is not of its kind or out of range.

    See Also
    --------
    make_adding_problem : Targets that are sums of distant numbers.

    References
    ----------
    .. [1] S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9 (8), pages
       1735-1780, 1997, experiment 6.

    Examples
    --------
    >>> from skseq.datasets import make_temporal_order
    >>> X, y = make_temporal_order(2, n_steps=10, encoding="ids", random_state=0)
    >>> ["".join("EBabcdXY"[i] for i in x) for x in X]
    ['EdXdbdYcaB', 'EaXcbXddcaB']
    >>> y
    array(['XY', 'XX'], dtype='<U2')
    """
    check_number("n_samples", n_samples, Integral, low=1)
    check_option("n_relevant", n_relevant, (2, 3))
    check_number("n_steps", n_steps, Integral, low=10)
    check_option("encoding", encoding, ("one-hot", "ids"))
    random_state = check_seed(random_state)
    lengths = random_state.randint(n_steps, n_steps + n_steps // 10 + 1, size=n_samples)
    codes = random_state.randint(0, 2**n_relevant, size=n_samples)
    ids = random_state.randint(SYMBOLS.index("a"), SYMBOLS.index("d") + 1, size=(n_samples, lengths.max()))
    rows = np.arange(n_samples)
    for place, (low, high) in enumerate(WINDOWS[n_relevant]):
        steps = random_state.randint(round(n_steps * low / 100), round(n_steps * high / 100) + 1, size=n_samples)
        is_y = codes >> (n_relevant - 1 - place) & 1
        ids[rows, steps] = SYMBOLS.index("X") + is_y
    ids[:, 0] = SYMBOLS.index("E")
    ids[rows, lengths - 1] = SYMBOLS.index("B")
    classes = np.array(["".join(order) for order in product("XY", repeat=n_relevant)])
    symbols = ids.astype(np.intp, copy=False) if encoding == "ids" else np.eye(len(SYMBOLS))[ids]
    return [x[:steps].copy() for x, steps in zip(symbols, lengths)], classes[codes]
