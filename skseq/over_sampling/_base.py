"""What all over-samplers share: new rows after those of X."""

from abc import abstractmethod

from skseq._samplers import BaseSampler

from ._containers import read_rows
from ._sampling_strategy import resolve_sampling_strategy


class BaseOverSampler(BaseSampler):
    """Template of an over-sampler: a subclass checks its parameters and makes new rows (``_resample``)."""

    def fit_resample(self, X, y):
        """Return the rows of X and y with new rows of the rare classes after them.

        Parameters
        ----------
        X : array-like, sparse matrix, data frame or list of sequences
            The rows; it is never changed. Accepted are an array (n, columns) or (n, steps, features), a
            sparse matrix or array, a pandas or polars DataFrame, and a list, tuple or object array of
            sequences, each an array (steps_i, features) or (steps_i,).
        y : array-like of shape (n,)
            The class of each row: an array, a list, or a pandas or polars Series.

        Returns
        -------
        X_resampled : same container as X
            The n rows of X first, with their values untouched, then the new rows. A pandas result is
            indexed 0, 1, 2, ..., so that labels are row numbers: new rows have no label of their own.
        y_resampled : same container as y
            The class of each row, in the dtype (and under the name) of y.

        Raises
        ------
        ValueError, TypeError
            If a parameter is not valid, if X or y cannot be used, or if there are too few rows to learn
            from.
        """
        return self._fit_resample(X, y)

    def _read_rows(self, X):
        return read_rows(self, X)

    def _resolve_strategy(self, target):
        return resolve_sampling_strategy(self.sampling_strategy, target)

    def _resampled(self, rows, target):
        X_resampled, origins = self._resample(rows, target)
        return X_resampled, target.extended(origins)

    @abstractmethod
    def _resample(self, rows, target):
        """Make the new rows that ``sampling_strategy_`` asks for.

        Parameters
        ----------
        rows : what ``_read_rows`` returns
        target : Target

        Returns
        -------
        X_resampled : container of X
        origins : ndarray of shape (n_new,), intp
            For each new row, a row of X of the same class.
        """
