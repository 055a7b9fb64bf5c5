"""The adding problem: remember two marked numbers over a long time."""

from numbers import Integral

import numpy as np

from skseq._validation import check_number, check_option, check_seed


def make_adding_problem(n_samples=1000, n_steps=100, *, variant="hochreiter", random_state=None):
    """Make sequences of numbers of which two are marked; the target is their sum (regression).

    Each step holds a random number and a marker. A model has to keep two exact numbers over many steps of
    noise, which networks with vanishing gradients cannot.

    Parameters
    ----------
    n_samples : int, default=1000
        Number of sequences, n.
    n_steps : int, default=100
        T. Sequences have T to T + T // 10 steps with ``variant="hochreiter"``, and T with ``variant="le"``.
        At least 4.
    variant : {"hochreiter", "le"}, default="hochreiter"
        "hochreiter" is the task of [1]_: numbers from U[-1, 1]; a marker of 1 at one of the first ten steps
        (X_1) and at another one of the first T/2 - 1 that are still unmarked (X_2); -1 at the first and last
        step, 0 elsewhere. The target is 0.5 + (X_1 + X_2) / 4, between 0 and 1. If the first step is drawn
        for X_1, its marker stays -1 and its number is set to 0.
        "le" is the task of [2]_: numbers from U[0, 1], a marker of 1 at one step of each half, 0 elsewhere,
        and the sum as the target, between 0 and 2.
    random_state : int, RandomState instance or None, default=None
        Give an int to get the same sequences each time.

    Returns
    -------
    X : list of n ndarrays of shape (steps_i, 2), or ndarray of shape (n, T, 2), float64
        A list for "hochreiter", an array for "le". ``[:, 0]`` are the numbers, ``[:, 1]`` the markers.
    y : ndarray of shape (n,), float64
        The targets.

    Raises
    ------
    ValueError, TypeError
        If a parameter is not of its kind or out of range.

    See Also
    --------
    make_temporal_order : Classes that depend on the order of distant symbols.

    Notes
    -----
    [1]_ counts a sequence as right if the error is below 0.04. The constant that predicts best has a mean
    squared error of 1/24 (about 0.042) for "hochreiter", the few sequences with X_1 = 0 aside, and of 1/6
    (about 0.167) for "le".

    For T below 20 "the first ten steps" become the first T // 2, so that short sequences can be made for
    quick tests.

    References
    ----------
    .. [1] S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9 (8), pages
       1735-1780, 1997, experiment 4.
    .. [2] Q. V. Le, N. Jaitly and G. E. Hinton, "A simple way to initialize recurrent networks of rectified
       linear units", arXiv:1504.00941, 2015.

    Examples
    --------
    >>> from skseq.datasets import make_adding_problem
    >>> X, y = make_adding_problem(3, n_steps=20, random_state=0)
    >>> [len(x) for x in X]
    [20, 21, 20]
    >>> X, y = make_adding_problem(3, n_steps=20, variant="le", random_state=0)
    >>> X.shape
    (3, 20, 2)
    """
    check_number("n_samples", n_samples, Integral, low=1)
    check_number("n_steps", n_steps, Integral, low=4)
    check_option("variant", variant, ("hochreiter", "le"))
    random_state = check_seed(random_state)
    make = _hochreiter if variant == "hochreiter" else _le
    return make(int(n_samples), int(n_steps), random_state)


def _hochreiter(n, T, random_state):
    lengths = random_state.randint(T, T + T // 10 + 1, size=n)
    first = random_state.randint(0, min(10, T // 2), size=n)
    # The first step carries -1, so the T/2 - 1 candidates of the second mark begin at step 1; they skip the
    # first mark.
    second = random_state.randint(1, T // 2, size=n)
    second += (second >= first) & (first > 0)
    rows = np.arange(n)
    X = np.zeros((n, T + T // 10, 2))
    X[:, :, 0] = random_state.uniform(-1.0, 1.0, size=X.shape[:2])
    X[rows[first == 0], 0, 0] = 0.0
    X[rows, first, 1] = 1.0
    X[rows, second, 1] = 1.0
    X[:, 0, 1] = -1.0
    X[rows, lengths - 1, 1] = -1.0
    y = 0.5 + (X[rows, first, 0] + X[rows, second, 0]) / 4.0
    return [x[:steps].copy() for x, steps in zip(X, lengths)], y


def _le(n, T, random_state):
    first = random_state.randint(0, T // 2, size=n)
    second = random_state.randint(T // 2, T, size=n)
    rows = np.arange(n)
    X = np.zeros((n, T, 2))
    X[:, :, 0] = random_state.uniform(0.0, 1.0, size=(n, T))
    X[rows, first, 1] = 1.0
    X[rows, second, 1] = 1.0
    return X, X[rows, first, 0] + X[rows, second, 0]
