"""Micro-batches: the parts of a batch that are held in memory one after another, so that padding costs little."""

import numpy as np

#: Columns (steps times sequences) up to which a batch is held as a whole: there, calls cost more than padding.
WHOLE_COLUMNS = 4096

#: Most columns of a micro-batch, as a multiple of the valid steps of its batch.
PADDED = 1.125


def micro_batches(*lengths, mean_steps=0.0):
    """Cut a batch into micro-batches, each of which is padded to its own longest sequence.

    A network holds as many columns for each step as there are sequences. One sequence of 5,000 steps beside 150 of 3
    steps would need 140 times the memory of the valid steps. So sequences of like length are held together, in at most
    :data:`PADDED` times the columns of the valid steps of the whole batch. The gradients of micro-batches add up to
    that of the batch. The steps of each micro-batch are calls of their own, so there are as few as that limit allows.

    Parameters
    ----------
    *lengths : ndarray of shape (batch,)
        The number of steps of each sequence; of source and target for pairs.
    mean_steps : float, default=0.0
        The mean number of steps over all batches. A batch of shorter sequences than most is not cut for less memory
        than the others need.

    Returns
    -------
    list of ndarray of int
        The places of the sequences of each micro-batch, longest first; in the given order if there is only one.
    """
    lengths = np.stack(lengths)
    n = lengths.shape[1]
    most = max(WHOLE_COLUMNS, PADDED * max(int(lengths.sum()), n * mean_steps))
    if int(lengths.max(axis=1).sum()) * n <= most:
        return [np.arange(n)]
    order = np.argsort(-lengths.sum(axis=0), kind="stable")
    lengths = lengths[:, order]
    parts, first = [], 0
    while first < n:
        longest = np.maximum.accumulate(lengths[:, first:], axis=1).sum(axis=0)
        columns = longest * np.arange(1, n - first + 1)
        stop = first + max(1, int(np.searchsorted(columns, most, side="right")))
        parts.append(order[first:stop])
        first = stop
    return parts
