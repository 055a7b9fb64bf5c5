"""Which rows are held out for validation: a part of each class, and never all rows of one."""

import numpy as np
from sklearn.model_selection import train_test_split

from skseq._user_warnings import warn_user


def hold_out(n, fraction, codes, random_state):
    """Return the rows to train on, those held out, and whether the part of a class differs much from ``fraction``.

    The split is that of :func:`~sklearn.model_selection.train_test_split`, stratified by ``codes``. Where that is
    impossible, since a class has one row or the held-out part is smaller than the number of classes, each class gives
    its share of the held-out rows, rounded, but keeps one row at least.

    Parameters
    ----------
    n : int
    fraction : float or int
        Part of the rows to hold out, or their number.
    codes : ndarray of shape (n,), intp, or None
        The class of each row, if there are classes.
    random_state : RandomState

    Returns
    -------
    rows, held : ndarray, intp
        ``held`` is empty if no class has two rows.
    uneven : bool
        Whether the split could not be stratified.
    """
    try:
        rows, held = train_test_split(np.arange(n), test_size=fraction, stratify=codes, random_state=random_state)
        return rows, held, False
    except ValueError:  # too few rows
        held = _shares(np.zeros(n, dtype=np.intp) if codes is None else codes, fraction, random_state)
        return np.setdiff1d(np.arange(n), held), held, True


def warn_of_uneven(n, held, codes, fraction):
    """Warn that ``held`` is not the part that was asked for, since there are too few of the ``n`` rows."""
    if not len(held):
        warn_user(
            f"early_stopping=True holds out no row of {n}, since {'fit' if codes is None else 'each class'} needs one "
            "to train on. Training runs for max_iter epochs. Give more rows, or give X_val and y_val."
        )
        return
    smallest = "" if codes is None else f" The smallest class has {np.bincount(codes).min()}."
    warn_user(
        f"early_stopping=True cannot hold out validation_fraction={fraction} of {n} rows with every class on both "
        f"sides, so it holds out {len(held)}; every class is trained on.{smallest} Raise validation_fraction, give "
        "X_val and y_val, or set early_stopping=False."
    )


def _shares(codes, fraction, random_state):
    """Return rows of each class in proportion to its size, fewer than the class has and one at least in all."""
    sizes = np.bincount(codes)
    spare = np.maximum(sizes - 1, 0)
    wanted = round(fraction * len(codes)) if fraction < 1 else fraction
    wanted = min(max(1, wanted), int(spare.sum()))
    shares = wanted * sizes / len(codes)
    taken = np.minimum(np.floor(shares).astype(np.intp), spare)
    # The largest remainders first; among equal ones, the order is random.
    order = np.lexsort((random_state.permutation(len(sizes)), taken - shares))
    while taken.sum() < wanted:
        for code in order:
            taken[code] += taken.sum() < wanted and taken[code] < spare[code]
    held = [random_state.permutation(np.flatnonzero(codes == code))[:size] for code, size in enumerate(taken)]
    return np.sort(np.concatenate(held))
