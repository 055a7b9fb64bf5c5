"""What all over-samplers share: the order in which a sampler reads, plans, builds and labels."""

from abc import ABCMeta, abstractmethod

from sklearn.base import BaseEstimator

from skseq._validation import all_or_nothing

from ._containers import read_rows
from ._sampling_strategy import resolve_sampling_strategy
from ._target import read_target


class BaseSampler(BaseEstimator, metaclass=ABCMeta):
    """Template of an over-sampler.

    A subclass stores ``sampling_strategy`` and its other parameters, and says how to check them
    (``_check_parameters``) and how to make new rows (``_resample``). It never has ``transform``: a
    Pipeline of scikit-learn would call that at predict.
    """

    def fit(self, X, y):
        """Check X and y and work out how many new rows each class will get.

        Nothing is resampled; :meth:`fit_resample` does it all and needs no ``fit`` before.

        Parameters
        ----------
        X : array-like, sparse matrix, data frame or list of sequences
            The rows, in any form that :meth:`fit_resample` takes.
        y : array-like of shape (n,)
            The class of each row.

        Returns
        -------
        object
            The sampler, with ``sampling_strategy_`` and ``n_features_in_`` set.
        """
        with all_or_nothing(self):
            self._read(X, y)
        return self

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
        with all_or_nothing(self):
            rows, target = self._read(X, y)
            X_resampled, origins = self._resample(rows, target)
        return X_resampled, target.extended(origins)

    def _read(self, X, y):
        """Check everything, forget the last fit and return X and y in the forms that samplers work on."""
        self._check_parameters()
        for name in [name for name in vars(self) if name.endswith("_")]:
            delattr(self, name)
        rows = self._read_rows(X)
        target = read_target(y, len(rows), type(self).__name__)
        self.sampling_strategy_ = resolve_sampling_strategy(self.sampling_strategy, target)
        return rows, target

    def _read_rows(self, X):
        """Return X in the form that ``_resample`` works on, and learn ``n_features_in_``."""
        return read_rows(self, X)

    @abstractmethod
    def _check_parameters(self):
        """Raise a ValueError or TypeError if a parameter is not valid."""

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

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.estimator_type = "sampler"
        tags.target_tags.required = True
        tags.input_tags.sparse = True
        tags.input_tags.three_d_array = True
        return tags
