"""Missing values of sequences, filled with the last value seen before them."""

from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.utils.validation import check_is_fitted

from skseq._fit_tasks import CallbackSupportMixin, tells_callbacks
from skseq._user_warnings import warn_user
from skseq._validation import all_or_nothing, check_bool, check_number, check_option
from skseq.sequences import read_sequences

from ._gaps import fill_gaps, log_time_steps, means_of_seen


# No set_output: a list of sequences is no table. The names of the output are in get_feature_names_out.
class ForwardFillImputer(CallbackSupportMixin, TransformerMixin, BaseEstimator, auto_wrap_output_keys=None):
    """Fill the missing values of each sequence with the last value seen before them.

    Gaps before the first value of a sequence get the mean of the training data. Two more blocks of columns can tell the
    next estimator which values were measured and how old the others are, as in GRU-Simple [1]_. Time stamps become the
    time that has passed since the step before.

    Parameters
    ----------
    add_indicator : bool, default=False
        Whether to append one column per feature that is 1 where its value was missing and 0 where it was not.
    add_elapsed : bool, default=False
        Whether to append one column per feature with the number of steps since its value was last seen: 0 where it was
        seen, k at the k-th missing value in a row, counted from the first step if none has been seen yet.
    time : int, str or None, default=None
        The column of time stamps, by index or by name. They become log(1 + d), where d is the time since the step
        before, in the unit of the time stamps, and 0 at the first step. They must increase within each sequence and
        cannot be missing. None if no column holds time stamps.
    initial_strategy : {"mean", "zero"}, default="mean"
        Value of the gaps before the first value of a sequence: the mean of all values of the feature in fit, or zero.
    features_per_step : int, default=1
        For X of shape (n, columns): the number of features per step; each row holds ``columns / features_per_step``
        steps, one after another.

    Attributes
    ----------
    statistics_ : ndarray of shape (features,), float64
        The value of each feature that fills gaps before the first value of a sequence.
    time_column_ : int or None
        Index of the column of time stamps, from 0.
    n_features_in_ : int
        Number of columns for X of shape (n, columns), otherwise the number of features per step.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Column names. Defined only if X consists of data frames whose column names are all strings.

    Raises
    ------
    TypeError
        If a parameter has the wrong type.
    ValueError
        If a parameter is out of range, X is empty, infinite, of inconsistent widths or in another form than in fit, or
        if time stamps are missing, repeated or out of order. The message names the sequence and the step.

    Warns
    -----
    UserWarning
        If a feature has no value at all in fit: its gaps are filled with zero.

    See Also
    --------
    skseq.compose.EachStep : Apply ``SimpleImputer`` or a scaler to every step.
    sklearn.impute.SimpleImputer : Fill missing values regardless of the order of the rows.

    Notes
    -----
    The output columns are the d filled features, then d indicators if ``add_indicator=True``, then d numbers of steps
    if ``add_elapsed=True``, always for every feature, so that the width does not depend on where values were missing in
    fit. For X of shape (n, columns), each step has these columns.

    Values are filled from the past of their own sequence only, so the output at a step does not depend on later steps.

    Numbers of steps can be large beside standardized values. Scale after imputing if gaps are long:
    ``make_pipeline(ForwardFillImputer(add_elapsed=True), EachStep(StandardScaler()), RNNClassifier())``.

    References
    ----------
    .. [1] Z. Che, S. Purushotham, K. Cho, D. Sontag and Y. Liu, "Recurrent neural networks for multivariate time series
       with missing values", Scientific Reports 8, 2018.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq.preprocessing import ForwardFillImputer
    >>> nan = np.nan
    >>> first = np.array([[1.0, nan], [nan, 8.0], [nan, nan]])
    >>> second = np.array([[nan, 6.0], [3.0, nan]])
    >>> imputer = ForwardFillImputer(add_indicator=True, add_elapsed=True)
    >>> for sequence in imputer.fit_transform([first, second]):
    ...     print(sequence)
    [[1. 7. 0. 1. 0. 1.]
     [1. 8. 1. 0. 1. 0.]
     [1. 8. 1. 1. 2. 1.]]
    [[2. 6. 1. 0. 1. 0.]
     [3. 6. 0. 1. 0. 1.]]
    >>> imputer.statistics_
    array([2., 7.])

    Time stamps become the logarithm of the time between steps:

    >>> stamped = [np.array([[0.0, 5.0], [1.0, nan], [8.0, 6.0]])]
    >>> ForwardFillImputer(time=0).fit_transform(stamped)[0].round(2)
    array([[0.  , 5.  ],
           [0.69, 5.  ],
           [2.08, 6.  ]])
    """

    def __init__(
        self, *, add_indicator=False, add_elapsed=False, time=None, initial_strategy="mean", features_per_step=1
    ):
        self.add_indicator = add_indicator
        self.add_elapsed = add_elapsed
        self.time = time
        self.initial_strategy = initial_strategy
        self.features_per_step = features_per_step

    @tells_callbacks(n_tasks=0)
    def fit(self, X, y=None):
        """Learn the values that fill gaps at the beginning of sequences.

        Parameters
        ----------
        X : array-like of shape (n, steps, features) or (n, columns), or list of n arrays (steps_i, features)
            Sequences, in any form that a sequence estimator takes; NaN marks missing values.
        y : None
            Ignored.

        Returns
        -------
        ForwardFillImputer
            The fitted imputer.
        """
        with all_or_nothing(self):
            self._check_parameters()
            self._width = int(self.features_per_step)
            sequences = self._read(X, reset=True)
            self.time_column_ = self._find_time_column(sequences.n_features)
            self.statistics_ = self._initial_values(sequences)
            # A fitted imputer transforms with the parameters of its fit.
            self._indicates, self._counts = bool(self.add_indicator), bool(self.add_elapsed)
            self._time_differences(sequences)
        return self

    def transform(self, X):
        """Fill the missing values.

        Parameters
        ----------
        X : array-like of shape (n, steps, features) or (n, columns), or list of n arrays (steps_i, features)
            Sequences in the form that was given to fit.

        Returns
        -------
        array (n, steps, features_out), list of n arrays (steps_i, features_out), or array (n, columns_out)
            The same sequences without missing values; float32 stays float32, everything else becomes float64.
        """
        check_is_fitted(self)
        sequences = self._read(X, reset=False)
        values, initial = sequences.values, self.statistics_
        if (np.abs(initial) > np.finfo(values.dtype).max).any():
            values = values.astype(np.float64)  # means of float64 may be beyond float32
        filled = fill_gaps(
            values,
            np.repeat(sequences.starts, sequences.lengths),
            initial.astype(values.dtype),
            indicate=self._indicates,
            count=self._counts,
        )
        if self.time_column_ is not None:
            filled[:, self.time_column_] = self._time_differences(sequences)
        return sequences.with_values(filled).unpack()

    def get_feature_names_out(self, input_features=None):
        """Return the names of the output columns.

        Parameters
        ----------
        input_features : array-like of str of shape (n_features_in_,), default=None
            Names of the columns of X. By default ``feature_names_in_``, or x0, x1, ...

        Returns
        -------
        ndarray of str objects
            The names of the columns of each step, or of all columns for X of shape (n, columns). Those of added columns
            start with ``missingindicator_`` and ``elapsed_``.
        """
        check_is_fitted(self)
        names = self._names_in(input_features)
        width = len(self.statistics_)
        prefixes = [""] + ["missingindicator_"] * self._indicates + ["elapsed_"] * self._counts
        steps = [names[first : first + width] for first in range(0, len(names), width)]
        return np.array([f"{prefix}{name}" for step in steps for prefix in prefixes for name in step], dtype=object)

    def _names_in(self, input_features):
        known = getattr(self, "feature_names_in_", None)
        if input_features is None:
            return [f"x{i}" for i in range(self.n_features_in_)] if known is None else known
        names = np.asarray(input_features, dtype=object)
        if known is not None and not np.array_equal(names, known):
            raise ValueError(
                f"input_features is not equal to feature_names_in_: got {names.tolist()}, expected {known.tolist()}. "
                "Leave input_features out."
            )
        if len(names) != self.n_features_in_:
            raise ValueError(
                f"input_features should have length equal to number of features ({self.n_features_in_}), got "
                f"{len(names)}. Give one name per column of X."
            )
        return names

    def _check_parameters(self):
        check_bool("add_indicator", self.add_indicator)
        check_bool("add_elapsed", self.add_elapsed)
        check_option("initial_strategy", self.initial_strategy, ("mean", "zero"))
        check_number("features_per_step", self.features_per_step, Integral, low=1)

    def _read(self, X, reset):
        return read_sequences(self, X, reset=reset, features_per_step=self._width, allow_nan=True)

    def _find_time_column(self, n_features):
        """Return the index of the column of time stamps, from 0, or None."""
        if self.time is None:
            return None
        if isinstance(self.time, str):
            names = list(getattr(self, "feature_names_in_", ()))
            if not names:
                raise ValueError(
                    f"time={self.time!r} is a column name, but the features of X have no names. Give the index of the "
                    "column, or X as a list of data frames."
                )
            if self.time not in names[:n_features]:
                raise ValueError(
                    f"time={self.time!r} is not among the names of the features, {names[:n_features]}. Give one of "
                    "them, or an index."
                )
            return names.index(self.time)
        check_number("time", self.time, Integral)
        if not -n_features <= self.time < n_features:
            raise ValueError(
                f"time={self.time} is out of range: X has {n_features} features per step. Give an index from 0 to "
                f"{n_features - 1}, or a column name."
            )
        return int(self.time) % n_features

    def _initial_values(self, sequences):
        """Return the value that fills the gaps of each feature before its first value."""
        if self.initial_strategy == "zero":
            return np.zeros(sequences.n_features)
        means = means_of_seen(sequences.values)
        unseen = np.flatnonzero(np.isnan(means))
        if len(unseen):
            names = getattr(self, "feature_names_in_", None)
            listed = unseen.tolist() if names is None else [names[i] for i in unseen]
            warn_user(
                f"The features {listed} have no value in X, so they have no mean: their gaps are filled with zero. "
                "Drop these features, or set initial_strategy='zero'.",
            )
        return np.nan_to_num(means, nan=0.0)

    def _time_differences(self, sequences):
        """Return log(1 + time since the step before) of each step, None without time stamps."""
        if self.time_column_ is None:
            return None
        return log_time_steps(sequences.values[:, self.time_column_], sequences.starts)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        tags.input_tags.allow_nan = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags
