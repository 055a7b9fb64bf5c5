"""How long to train, in batches of which size, where the user leaves it open: numbers that depend on the data."""

from math import ceil

import numpy as np

#: Sequences per minibatch with ``batch_size="auto"``: a hundredth of them, within these limits. Small batches make many
#: steps of few sequences; large ones are computed faster.
LEAST_BATCH, LARGEST_BATCH, BATCHES = 32, 200, 100

#: Steps of the optimizer that ``max_iter="auto"`` aims at, and the limits of the number of epochs that take them.
STEPS = 2000
LEAST_EPOCHS, MOST_EPOCHS = 20, 100

#: Rows from which one part is held out; fewer are cross-validated in this number of folds.
HOLD_OUT_ROWS = 500
FOLDS = 3

#: Rows below which nothing is held out: there would be too few to learn from and to compare by.
LEAST_ROWS = 20


def auto_batch_size(n, least=LEAST_BATCH, batches=BATCHES):
    """Return the number of sequences per minibatch for ``n`` sequences, so that all batches are about equal.

    Parameters
    ----------
    n, least : int
    batches : int
        Number of minibatches per epoch, as far as the limits allow.
    """
    size = min(max(n // batches, least), LARGEST_BATCH)
    return ceil(n / ceil(n / size))


def auto_epochs(n, batch_size):
    """Return the number of epochs for ``n`` sequences."""
    return min(max(ceil(STEPS / ceil(n / batch_size)), LEAST_EPOCHS), MOST_EPOCHS)


def stratified_folds(n, codes, random_state):
    """Return the rows that each of :data:`FOLDS` folds holds out, one or more each.

    Every class is spread evenly over the folds. A class with fewer rows than folds is never held out, so that each
    class is trained on in every fold.

    Parameters
    ----------
    n : int
    codes : ndarray of shape (n,), intp, or None
        The class of each row, if there are classes.
    random_state : RandomState

    Returns
    -------
    list of ndarray
        Empty if no class has as many rows as there are folds.
    """
    codes = np.zeros(n, dtype=np.intp) if codes is None else codes
    order = random_state.permutation(n)
    order = order[np.bincount(codes)[codes[order]] >= FOLDS]
    order = order[np.argsort(codes[order], kind="stable")]
    return [np.sort(order[fold::FOLDS]) for fold in range(FOLDS)] if len(order) else []
