"""Equal rows of small data as one row: a weight of two is then a row given twice, to the last bit.

Training multiplies rounding errors, by a factor of millions in a few hundred steps. A fit with weights equals one with
repeated rows only if both do the same arithmetic, as they do on merged rows. In larger data, rows are not compared:
there the draw of the minibatches makes a larger difference than the weight of a few of them. Data without weights
whose rows all differ keep their order.
"""

from itertools import pairwise

import numpy as np

#: The most distinct rows that are merged.
MOST = 32


def merge_equal_rows(sequences, targets, weights):
    """Return the distinct rows in a canonical order, their weights added up; rows of a weight of zero are left out.

    Where there are more than :data:`MOST` of them, everything is returned as it is.

    Parameters
    ----------
    sequences : Sequences
    targets, weights : ndarray of shape (n, ...), or (total_steps,) for one of each step

    Returns
    -------
    sequences, targets, weights
    """
    n, starts = len(sequences), sequences.starts
    bounds = np.arange(n + 1) if len(targets) == n else np.append(starts, len(targets))
    owns = [slice(start, stop) for start, stop in pairwise(bounds)]
    keys = (
        (sequences.values[start : start + steps].tobytes(), targets[own].tobytes())
        for start, steps, own in zip(starts, sequences.lengths, owns)
    )
    groups = equal_rows(keys, [weights[own] for own in owns])
    if groups is None:
        return sequences, targets, weights
    firsts = [rows[0] for rows in groups]
    added = [np.sum([weights[owns[row]] for row in rows], axis=0) for rows in groups]
    return (
        sequences.take(np.array(firsts)),
        np.concatenate([targets[owns[row]] for row in firsts]),
        np.concatenate(added),
    )


def equal_rows(keys, weights):
    """Return the numbers of the rows with equal keys as lists, sorted by key.

    Rows of a weight of zero are left out. If all others differ and have a weight of one, they keep their order. None if
    there are too many keys, or if all differ and all weights are one.

    Parameters
    ----------
    keys : iterable
        One of each row; they can be hashed and sorted.
    weights : sequence of float or of ndarray
    """
    groups = {}
    for row, (key, weight) in enumerate(zip(keys, weights)):
        if np.any(weight):
            groups.setdefault(key, []).append(row)
            if len(groups) > MOST:
                return None
    kept = sorted(row for rows in groups.values() for row in rows)
    if len(groups) == len(kept) and all(np.all(weights[row] == 1) for row in kept):
        # As without the rows left out, which are then not sorted either.
        return None if len(kept) == len(weights) else [[row] for row in kept] or None
    return [groups[key] for key in sorted(groups)] or None
