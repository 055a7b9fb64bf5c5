"""The formula of SMOTE, for every way in which rows are stored.

    x_new = lambda x_i + (1 - lambda) x_j = x_j + lambda (x_i - x_j)

The second form is the one computed: where both parents have the same value, so does the child, bit for
bit.
"""

import numpy as np
from scipy import sparse

from skseq._samplers import chunks, in_parts

#: Values handled at once, so that the rows at hand stay in the processor's cache.
CHUNK_VALUES = 1 << 15


def interpolate_dense(values, parents, gaps, out):
    """Write the children of ``parents`` into ``out``.

    Parameters
    ----------
    values : ndarray of shape (n, ...)
        Floats, or integers: their children are computed in the dtype of ``gaps`` and rounded.
    parents : ndarray of shape (n_new, 2), intp
    gaps : ndarray that broadcasts against (n_new, ...)
    out : ndarray of shape (n_new, ...), of the dtype of ``values``, or of that of ``gaps``
    """
    size = values[:1].size
    first, second = parents.T
    same = out.dtype == values.dtype == gaps.dtype

    def build(start, stop):
        # Memory is taken once: threads that take and return it for each chunk wait for each other.
        steps = np.empty((max(1, CHUNK_VALUES // max(1, size)), *values.shape[1:]), dtype=gaps.dtype)
        for chunk in chunks(start, stop, size, CHUNK_VALUES):
            step, child = steps[: chunk.stop - chunk.start], out[chunk]
            if same:
                np.take(values, second[chunk], axis=0, out=child, mode="clip")
                np.take(values, first[chunk], axis=0, out=step, mode="clip")
            else:
                child = values[second[chunk]].astype(gaps.dtype)
                step[...] = values[first[chunk]]
            step -= child
            step *= gaps[chunk]
            child += step
            if not same:
                out[chunk] = np.rint(child) if out.dtype.kind in "iu" else child

    in_parts(build, len(parents), size)


def interpolate_sparse(values, parents, gaps):
    """Return the children of ``parents`` as CSR in the dtype of ``values``, rounded if these are integers.

    Parameters
    ----------
    values : CSR of shape (n, columns)
    parents : ndarray of shape (n_new, 2), intp
    gaps : ndarray of shape (n_new,), or CSR of shape (n_new, columns)
        A sparse gap holds a number wherever the parents differ.
    """
    floats = values.astype(gaps.dtype, copy=False)
    other = floats[parents[:, 1]]
    step = floats[parents[:, 0]] - other
    if sparse.issparse(gaps):
        step = step.multiply(gaps).tocsr()
    else:
        step.data *= np.repeat(gaps, np.diff(step.indptr))
    children = (other + step).tocsr()
    if values.dtype.kind == "f":
        return children
    np.rint(children.data, out=children.data)
    children.eliminate_zeros()
    return children.astype(values.dtype)


def interpolate_ragged(values, starts, lengths, parents, gaps):
    """Return the steps of the children of ``parents``, laid end to end, and the children's lengths.

    Parameters
    ----------
    values : ndarray of shape (total_steps, features)
    starts, lengths : ndarray of shape (n,)
        First step and number of steps of each sequence.
    parents : ndarray of shape (n_new, 2), intp
    gaps : ndarray of shape (n_new,) or (n_new, features)

    Returns
    -------
    steps : ndarray of shape (sum of child_lengths, features)
    child_lengths : ndarray of shape (n_new,)
    """
    mean_gap = gaps.mean(axis=1, dtype=np.float64) if gaps.ndim == 2 else gaps.astype(np.float64)
    first, second = lengths[parents[:, 0]], lengths[parents[:, 1]]
    child_lengths = np.rint(second + mean_gap * (first - second)).astype(np.intp)
    steps = np.empty((child_lengths.sum(), values.shape[1]), dtype=values.dtype)
    size = max(1, int(CHUNK_VALUES // max(1.0, values.shape[1] * lengths.mean())))
    done = 0
    for start in range(0, len(parents), size):
        chunk = slice(start, start + size)
        ends = child_lengths[chunk]
        step = resample_steps(values, starts, lengths, parents[chunk, 0], ends)
        other = resample_steps(values, starts, lengths, parents[chunk, 1], ends)
        step -= other
        step *= np.repeat(gaps[chunk] if gaps.ndim == 2 else gaps[chunk, np.newaxis], ends, axis=0)
        np.add(other, step, out=steps[done : done + len(step)])
        done += len(step)
    return steps, child_lengths


def resample_steps(values, starts, lengths, rows, new_lengths):
    """Return the sequences ``rows``, stretched or shrunk to ``new_lengths`` steps by linear interpolation.

    First and last steps stay first and last; a sequence that has the wanted length already comes back bit
    for bit. A sequence shrunk to one step keeps its first.

    Parameters
    ----------
    values : ndarray of shape (total_steps, features)
    starts, lengths : ndarray of shape (n,)
    rows : ndarray of shape (m,), intp
    new_lengths : ndarray of shape (m,), intp

    Returns
    -------
    ndarray of shape (sum of new_lengths, features)
    """
    step = np.arange(new_lengths.sum()) - np.repeat(np.cumsum(new_lengths) - new_lengths, new_lengths)
    last = np.repeat(lengths[rows] - 1, new_lengths)
    new_last = np.repeat(np.maximum(new_lengths - 1, 1), new_lengths)
    # Step s of the child lies at s * last / new_last of the parent: whole part and remainder are exact.
    below, remainder = np.divmod(step * last, new_last)
    first = np.repeat(starts[rows], new_lengths)
    lower = values[first + below]
    upper = values[first + np.minimum(below + 1, last)]
    upper -= lower
    upper *= (remainder / new_last).astype(values.dtype)[:, np.newaxis]
    lower += upper
    return lower
