"""Probabilities of an estimator, of rows or of the steps of sequences, as one table."""

import numpy as np

from skseq.sequences import array_of, join_steps, read_steps


class Response:
    """Values (n, ...) of rows, or of the steps of sequences laid end to end.

    Parameters
    ----------
    values : ndarray of shape (n, n_classes), (n, steps, n_classes), or n arrays of shape (steps_i, n_classes)
        What an estimator returns.
    name : str
        The method that returned them, for errors.

    Attributes
    ----------
    flat : ndarray of shape (n_rows or total_steps, n_classes)
    lengths : ndarray of shape (n,) or None
        Number of steps of each sequence; None for rows.
    """

    def __init__(self, values, name):
        self._equal_steps = None
        if isinstance(values, list) or getattr(values, "dtype", np.dtype(float)).kind == "O":
            rows = read_steps(name, values)
            self.flat, self.lengths = join_steps(name, rows), np.array([len(row) for row in rows])
            return
        self.flat, self.lengths = np.asarray(values), None
        if self.flat.ndim == 3:
            n, self._equal_steps, k = self.flat.shape
            self.flat, self.lengths = self.flat.reshape(-1, k), np.full(n, self._equal_steps)

    def restore(self, flat):
        """Return ``flat`` (n_rows or total_steps, ...) in the form in which the values came."""
        if self.lengths is None:
            return flat
        if self._equal_steps is not None:
            return flat.reshape(len(self.lengths), self._equal_steps, *flat.shape[1:])
        return array_of(np.split(flat, np.cumsum(self.lengths)[:-1]))

    def where(self, i):
        """Return what the row ``i`` of ``flat`` belongs to, in words."""
        if self.lengths is None:
            return f"row {i} of X"
        ends = np.cumsum(self.lengths)
        row = int(np.searchsorted(ends, i, side="right"))
        return f"step {i - int(ends[row] - self.lengths[row])} of X[{row}]"


def finite_proba(estimator, X, n_classes):
    """Return the :class:`Response` of ``estimator.predict_proba(X)``.

    Raises
    ------
    ValueError
        Where a probability is not finite, since NaN decides nothing, or the columns are not those of the classes.
    """
    name = type(estimator).__name__
    response = Response(estimator.predict_proba(X), f"{name}.predict_proba(X)")
    proba = response.flat
    if proba.ndim != 2 or proba.shape[1] != n_classes:
        raise ValueError(
            f"{name}.predict_proba returned the shape {proba.shape}, expected one column for each of {n_classes} "
            "classes. Give a classifier with one label for each row, or for each step."
        )
    if not np.isfinite(proba).all():
        i = int(np.flatnonzero(~np.isfinite(proba).all(axis=1))[0])
        raise ValueError(
            f"{name}.predict_proba gave {proba[i].tolist()} for {response.where(i)}, from which no class can be "
            "chosen. Give an estimator with finite probabilities, or look at this row."
        )
    return response
