"""The order in which a sampler reads, plans, builds and labels."""

from abc import ABCMeta, abstractmethod

from sklearn.base import BaseEstimator

from skseq._validation import all_or_nothing

from ._target import read_target


class BaseSampler(BaseEstimator, metaclass=ABCMeta):
    """Template of a sampler.

    A subclass stores ``sampling_strategy`` and its other parameters and defines how to check them
    (``_check_parameters``), how to read X (``_read_rows``) and the strategy (``_resolve_strategy``), and how to make
    the result (``_resampled``). It never has ``transform``: a Pipeline of scikit-learn would call that at predict.
    """

    def fit(self, X, y):
        """Check X and y and work out the number of rows of each class.

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

    def _fit_resample(self, X, y):
        """Return the rows and the labels after resampling; on an error the sampler is as before."""
        with all_or_nothing(self):
            rows, target = self._read(X, y)
            return self._resampled(rows, target)

    def _read(self, X, y):
        """Check everything, forget the last fit and return X and y in the forms that samplers work on."""
        self._check_parameters()
        for name in [name for name in vars(self) if name.endswith("_")]:
            delattr(self, name)
        rows = self._read_rows(X)
        target = read_target(y, len(rows), type(self).__name__)
        self.sampling_strategy_ = self._resolve_strategy(target)
        return rows, target

    @abstractmethod
    def _check_parameters(self):
        """Raise a ValueError or TypeError if a parameter is not valid."""

    @abstractmethod
    def _read_rows(self, X):
        """Return X as rows, which have a length, and learn ``n_features_in_``."""

    @abstractmethod
    def _resolve_strategy(self, target):
        """Return ``sampling_strategy`` as a dict from class to number of rows."""

    @abstractmethod
    def _resampled(self, rows, target):
        """Return X and y after resampling.

        Parameters
        ----------
        rows : what ``_read_rows`` returns
        target : Target

        Returns
        -------
        X_resampled : container of X
        y_resampled : container of y
        """

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.estimator_type = "sampler"
        tags.target_tags.required = True
        tags.input_tags.sparse = True
        tags.input_tags.three_d_array = True
        return tags
