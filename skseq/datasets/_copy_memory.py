"""The copy memory problem: hold ten symbols over a long time, then write them down."""

from numbers import Integral

import numpy as np

from skseq._validation import check_number, check_seed

#: Symbols of a sequence to be copied, out of so many.
N_COPIED, N_SYMBOLS = 10, 8
#: Ids after those of the symbols, 0 to 7, as in the paper.
BLANK, DELIMITER = 8, 9


def make_copy_memory(n_samples=1000, n_steps=100, *, random_state=None):
    """Make sequences of symbols to be repeated after a long gap (a label for each step).

    Ten random symbols come first, then blanks, and one delimiter among them that says it is time. The ten steps after
    it are to be labelled with the ten symbols in their order, all steps before with the blank. A model has to keep
    thirty bits over the gap, of which nothing reminds it.

    Parameters
    ----------
    n_samples : int, default=1000
        Number of sequences, n.
    n_steps : int, default=100
        T, the steps between the last symbol and the first that is to be repeated: T - 1 blanks and the delimiter. At
        least 1. Sequences have T + 20 steps.
    random_state : int, RandomState instance or None, default=None
        Give an int to get the same sequences each time.

    Returns
    -------
    X : ndarray of shape (n, T + 20), int64
        Ids, ready for the ``embedding_dim`` of :class:`~skseq.neural_network.RNNTagger`: the symbols are 0 to 7, each
        equally likely, the blank is 8 and the delimiter, at step T + 9, is 9.
    y : ndarray of shape (n, T + 20), int64
        The label of each step: 8 up to step T + 9, then the first ten symbols of X.

    Raises
    ------
    ValueError, TypeError
        If a parameter is not of its kind or out of range.

    See Also
    --------
    make_adding_problem : Targets that are sums of distant numbers.
    make_temporal_order : Classes that depend on the order of distant symbols.

    Notes
    -----
    A model without memory knows where the blanks are and guesses the symbols: its cross-entropy, the mean over all
    steps, is 10 ln 8 / (T + 20), about 0.173 for T = 100. This is the baseline of [1]_. Its accuracy is
    (T + 10 + 10 / 8) / (T + 20), about 0.927 for T = 100.

    The task goes back to [2]_.

    References
    ----------
    .. [1] M. Arjovsky, A. Shah and Y. Bengio, "Unitary evolution recurrent neural networks", ICML 2016.
    .. [2] S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9 (8), pages
       1735-1780, 1997.

    Examples
    --------
    >>> from skseq.datasets import make_copy_memory
    >>> X, y = make_copy_memory(1, n_steps=4, random_state=0)
    >>> "".join(map(str, X[0]))
    '475033371388898888888888'
    >>> "".join(map(str, y[0]))
    '888888888888884750333713'
    """
    n = int(check_number("n_samples", n_samples, Integral, low=1))
    T = int(check_number("n_steps", n_steps, Integral, low=1))
    symbols = check_seed(random_state).randint(N_SYMBOLS, size=(n, N_COPIED), dtype=np.int64)
    X = np.full((n, T + 2 * N_COPIED), BLANK, dtype=np.int64)
    y = X.copy()
    X[:, :N_COPIED] = symbols
    X[:, T + N_COPIED - 1] = DELIMITER
    y[:, -N_COPIED:] = symbols
    return X, y
