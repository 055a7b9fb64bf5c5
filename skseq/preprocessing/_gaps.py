"""Arithmetic of gaps in sequences whose steps are laid end to end."""

import numpy as np


def means_of_seen(values):
    """Return the mean of the values of each column that are not NaN, in float64; NaN if there are none."""
    counts = np.count_nonzero(~np.isnan(values), axis=0)
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        means = np.nansum(values, axis=0, dtype=np.float64) / counts
        huge = np.isinf(means)  # the sum overflows, the mean does not
        means[huge] = np.nansum(values[:, huge] / counts[huge], axis=0, dtype=np.float64)
    return means


def fill_gaps(values, starts, initial, *, indicate=False, count=False):
    """Fill missing values with the last value seen in the same sequence.

    Parameters
    ----------
    values : ndarray of shape (total_steps, features)
    starts : ndarray of shape (total_steps,)
        Row at which the sequence of each step starts.
    initial : ndarray of shape (features,)
        Fills the gaps before the first value of a sequence.
    indicate : bool, default=False
        Whether to append a block of columns that are 1 where the value was missing.
    count : bool, default=False
        Whether to append a block of columns with the number of steps since the value was seen, counted from the first
        step if never.

    Returns
    -------
    ndarray of shape (total_steps, blocks * features)
        In the dtype of ``values``.
    """
    n_rows, width = values.shape
    filled = np.zeros((n_rows, width * (1 + indicate + count)), dtype=values.dtype)
    filled[:, :width] = values
    rows = np.arange(n_rows)
    for j in range(width):
        missing = np.isnan(values[:, j])
        gaps = np.flatnonzero(missing)
        last = np.maximum.accumulate(np.where(missing, -1, rows))[gaps]
        seen = last >= starts[gaps]  # in the same sequence
        filled[gaps, j] = np.where(seen, values[last, j], initial[j])
        if indicate:
            filled[gaps, width + j] = 1
        if count:
            filled[gaps, j - width] = gaps - np.where(seen, last, starts[gaps] - 1)
    return filled


def log_time_steps(times, starts):
    """Return log(1 + d) for each step, where d is the time since the step before, and 0 at the first step.

    Parameters
    ----------
    times : ndarray of shape (total_steps,)
        Time stamps, increasing within each sequence.
    starts : ndarray of shape (n,)
        Row at which each sequence starts.

    Raises
    ------
    ValueError
        If a time stamp is missing, or not larger than the one before it.
    """
    if np.isnan(times).any():
        i, step = _place(int(np.flatnonzero(np.isnan(times))[0]), starts)
        raise ValueError(
            f"The time stamp of X[{i}] at step {step} is missing. Drop the step, or fill the time stamps first."
        )
    passed = np.diff(times, prepend=times[:1])
    passed[starts] = 0
    inner = np.ones(len(times), dtype=bool)
    inner[starts] = False
    wrong = np.flatnonzero(inner & ~(passed > 0))
    if len(wrong):
        row = int(wrong[0])
        i, step = _place(row, starts)
        if times[row] == times[row - 1]:
            cure = f"Merge steps of equal time{_precision_hint(times)}"
        else:
            cure = "Sort the steps of each sequence by time"
        raise ValueError(
            f"The time stamps of X[{i}] must increase, but the one at step {step}, {times[row]}, follows "
            f"{times[row - 1]}. {cure}."
        )
    return np.log1p(passed)


def _precision_hint(times):
    return ", or give float64: float32 cannot tell large time stamps apart" if times.dtype == np.float32 else ""


def _place(row, starts):
    """Return the number of the sequence and of its step that ``row`` holds."""
    i = int(np.searchsorted(starts, row, side="right")) - 1
    return i, row - int(starts[i])
