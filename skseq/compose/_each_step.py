"""Any 2-D transformer, applied to every step of a sequence."""

from contextlib import contextmanager
from copy import deepcopy
from itertools import pairwise
from numbers import Integral

import numpy as np
from scipy.sparse import issparse
from sklearn import config_context
from sklearn.base import BaseEstimator, MetaEstimatorMixin, OneToOneFeatureMixin, TransformerMixin, clone
from sklearn.utils import get_tags
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from skseq._fit_tasks import CallbackSupportMixin, fit_tasks, tells_callbacks
from skseq._validation import all_or_nothing, check_number, check_same_length, check_sample_weight
from skseq.sequences import Sequences, column_names, columns_of, is_frame, library_of, numbers, read_sequences

from ._delegation import check_estimator_has, route_fit
from ._step_table import read_step_table


def _names_columns(self):
    """Whether the output has columns to name; scikit-learn's ``set_output`` leaves it alone if not."""
    self.transformer.get_feature_names_out  # noqa: B018
    if getattr(self, "_input_form", "columns") != "columns":
        raise AttributeError(
            f"This {type(self).__name__} was fitted on sequences, not on columns: its output has no columns. "
            "The features of one step are named by transformer_.get_feature_names_out()."
        )
    return True


def _inverts(self):
    self.transformer.inverse_transform  # noqa: B018
    return True


class EachStep(CallbackSupportMixin, TransformerMixin, MetaEstimatorMixin, BaseEstimator):
    """Apply a 2-D transformer to every step of every sequence.

    The steps of all sequences are laid end to end, as one table (total_steps, features); the transformer is
    fitted on it and transforms it. Each step gets the same treatment wherever it stands, and sequences may
    have any lengths. The result has the form of X. The steps of data frames are one data frame, so that a
    ``ColumnTransformer`` selects columns by name.

    Parameters
    ----------
    transformer : transformer
        Any transformer of 2-D data that gives one row for each row, such as ``StandardScaler()``,
        ``OneHotEncoder()``, or ``DictVectorizer()`` for steps that are dicts. Cloned, then fitted.
    features_per_step : int, default=1
        For X of shape (n, columns): the columns are ``columns / features_per_step`` steps, one step after
        another, of this many features.

    Attributes
    ----------
    transformer_ : transformer
        The transformer, fitted on the steps.
    n_features_in_ : int
        Number of columns for X of shape (n, columns), else of features of a step. Not defined for steps that are dicts.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns, if X is a DataFrame, or a list of them, whose column names are all strings.

    Raises
    ------
    TypeError
        In fit, if ``transformer`` lacks ``fit`` or ``transform``.
    ValueError
        If X is empty, infinite, of inconsistent widths or of another form than in fit; if X holds text that the
        transformer cannot read; or if the transformer does not give one row for each step. NaN is passed on: the
        transformer decides.

    See Also
    --------
    skseq.preprocessing.ForwardFillImputer : Fill missing values from the steps before.
    sklearn.compose.ColumnTransformer : Transformers for some of the columns.
    skseq.pipeline.Pipeline : Steps before an estimator.

    Notes
    -----
    The transformer gets y as well, one target for each step: its own if y holds as many for each sequence as
    the sequence has steps, else the target of its sequence. ``sample_weight`` holds one weight for each
    sequence, which counts for each of its steps: a long sequence weighs more than a short one, as it does
    without weights.

    A list of data frames of pandas or polars reaches the transformer as one data frame. Missing values in columns of
    numbers are NaN in it, whatever dtype they had. pyarrow tables become data frames.

    ``set_output`` applies to X of shape (n, columns). Sequences come out as arrays. To chain transformers that need
    column names, put them into one ``EachStep(make_pipeline(...))``.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skseq.compose import EachStep
    >>> short = np.array([[0.0, 10.0], [2.0, 30.0]])
    >>> long = np.array([[0.0, 10.0], [2.0, 30.0], [0.0, 10.0], [2.0, 30.0]])
    >>> for sequence in EachStep(StandardScaler()).fit_transform([short, long]):
    ...     print(sequence.tolist())
    [[-1.0, -1.0], [1.0, 1.0]]
    [[-1.0, -1.0], [1.0, 1.0], [-1.0, -1.0], [1.0, 1.0]]

    Columns of data frames by name:

    >>> import pandas as pd
    >>> from sklearn.compose import make_column_transformer
    >>> from sklearn.preprocessing import OneHotEncoder
    >>> frames = [
    ...     pd.DataFrame({"state": ["on", "off"], "heat": [1.0, 3.0]}),
    ...     pd.DataFrame({"state": ["on"], "heat": [2.0]}),
    ... ]
    >>> columns = make_column_transformer((OneHotEncoder(), ["state"]), remainder="passthrough")
    >>> for sequence in EachStep(columns).fit_transform(frames):
    ...     print(sequence.tolist())
    [[0.0, 1.0, 1.0], [1.0, 0.0, 3.0]]
    [[0.0, 1.0, 2.0]]
    """

    def __init__(self, transformer, *, features_per_step=1):
        self.transformer = transformer
        self.features_per_step = features_per_step

    @tells_callbacks(n_tasks=1)
    def fit(self, X, y=None, **params):
        """Fit the transformer on all steps.

        Parameters
        ----------
        X : array (n, steps, features), list of n arrays or data frames (steps_i, features), or array (n, columns)
            Sequences. Their steps may hold text, or be dicts from feature to value, if the transformer reads them.
        y : array-like of shape (n,) or (n, outputs), or list of n arrays (steps_i,), default=None
            Targets of the sequences or of their steps, for transformers that need them.
        **params : dict
            Passed to the fit of the transformer, ``sample_weight`` repeated for each step; or, with metadata
            routing enabled, the metadata that it has requested.

        Returns
        -------
        EachStep
            The fitted transformer.
        """
        with all_or_nothing(self):
            self._check_parameters()
            sequences = self._read(X, reset=True)
            self._on_frames = is_frame(sequences.values)
            fit_params = dict(route_fit(self, params, "transformer")["transformer"]["fit"])
            if fit_params.get("sample_weight") is not None:
                weights = check_sample_weight(fit_params["sample_weight"], len(sequences))
                fit_params["sample_weight"] = np.repeat(weights, sequences.lengths)
            targets = None if y is None else _targets_of_steps(y, sequences.lengths)
            transformer = clone(self.transformer)
            with _transforming(sequences, transformer), fit_tasks(self).around("fit-transformer", transformer):
                self.transformer_ = transformer.fit(sequences.values, targets, **fit_params)
        return self

    def transform(self, X):
        """Transform each step.

        Parameters
        ----------
        X : array (n, steps, features), list of n arrays or data frames (steps_i, features), or array (n, columns)
            Sequences in the form that was given to fit.

        Returns
        -------
        array (n, steps, features_out), list of n arrays (steps_i, features_out), or array (n, columns_out)
            The same sequences, transformed; float32 stays float32 if the transformer keeps it.
        """
        check_is_fitted(self)
        return self._apply(self.transformer_.transform, self._read(X, reset=False))

    @available_if(_inverts)
    def inverse_transform(self, X):
        """Undo the transformation of each step, where the transformer can.

        Parameters
        ----------
        X : array (n, steps, features_out), list of n arrays, or array (n, columns_out)
            What :meth:`transform` returns.

        Returns
        -------
        array (n, steps, features), list of n arrays (steps_i, features), or array (n, columns)
            The sequences in their original features.
        """
        check_is_fitted(self)
        # A reader of its own: the width is that of the output, only the form must be that of fit.
        reader = type(self)(self.transformer)
        sequences = read_sequences(reader, X, reset=True, allow_nan=True, form=self._input_form)
        if sequences.form == "columns":
            sequences = self._split_into_steps(sequences)
        return self._apply(self.transformer_.inverse_transform, sequences)

    @available_if(_names_columns)
    def get_feature_names_out(self, input_features=None):
        """Return the names of the columns after transforming X of shape (n, columns).

        Parameters
        ----------
        input_features : array-like of str of shape (n_features_in_,), default=None
            Names of the columns of X. By default those seen in fit, or x0, x1, ...

        Returns
        -------
        ndarray of str
            The names that the transformer makes from those of each step, with ``step0_``, ``step1_``, ... before
            them if they were not unique.
        """
        names = OneToOneFeatureMixin.get_feature_names_out(self, input_features)
        width = self.features_per_step
        steps = [self.transformer_.get_feature_names_out(names[i : i + width]) for i in range(0, len(names), width)]
        out = np.concatenate(steps)
        if len(set(out)) < len(out):
            out = [f"step{i}_{name}" for i, step in enumerate(steps) for name in step]
        return np.asarray(out, dtype=object)

    def get_metadata_routing(self):
        """Return which metadata go to the transformer.

        Returns
        -------
        :class:`~sklearn.utils.metadata_routing.MetadataRouter`
            The routing of fit.
        """
        mapping = MethodMapping().add(caller="fit", callee="fit").add(caller="fit_transform", callee="fit")
        return MetadataRouter(owner=self).add(transformer=self.transformer, method_mapping=mapping)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        if hasattr(self.transformer, "__sklearn_tags__"):
            inner = get_tags(self.transformer)
            tags.input_tags.allow_nan = inner.input_tags.allow_nan
            tags.input_tags.positive_only = inner.input_tags.positive_only
            tags.target_tags.required = inner.target_tags.required
            tags.transformer_tags = deepcopy(inner.transformer_tags)
            tags.non_deterministic = inner.non_deterministic
        return tags

    def _check_parameters(self):
        """Raise unless the parameters are of the right kinds."""
        cure = "Give a transformer of 2-D data such as StandardScaler()."
        check_estimator_has(self.transformer, "transformer", ["fit", "transform"], cure)
        check_number("features_per_step", self.features_per_step, Integral, low=1)

    def _read(self, X, reset):
        frames = reset or self._on_frames
        return read_step_table(self, X, reset=reset, features_per_step=self.features_per_step, frames=frames)

    def _split_into_steps(self, rows):
        """Return rows of transformed columns, read as single features, with the steps that fit had."""
        n_steps = self.n_features_in_ // self.features_per_step
        width, rest = divmod(rows.equal_steps, n_steps)
        if rest or not width:
            raise ValueError(
                f"X has {rows.equal_steps} columns, but this {type(self).__name__} was fitted on {n_steps} "
                f"steps: expected a multiple of {n_steps} columns, as transform returns them."
            )
        lengths = np.full(len(rows), n_steps, dtype=np.intp)
        return Sequences(rows.values.reshape(-1, width), lengths, rows.form, rows.container)

    def _apply(self, method, sequences):
        """Return ``sequences`` with ``method`` applied to their steps, in the form of X."""
        with _transforming(sequences, self.transformer_):
            values = method(sequences.values)
        if isinstance(values, list) and len(values) == len(sequences.values):  # steps that are dicts, decoded
            return [list(values[i:j]) for i, j in pairwise([*sequences.starts, len(values)])]
        values = values.toarray() if issparse(values) else np.asarray(values)
        if values.ndim != 2 or len(values) != len(sequences.values):
            raise ValueError(
                f"{type(self.transformer_).__name__}.{method.__name__} must return one row for each step: "
                f"expected ({len(sequences.values)}, features), got {values.shape}. Give another transformer."
            )
        return sequences.with_values(_narrowed(values, sequences.values)).unpack()


def _narrowed(values, steps):
    """Return objects that are all numbers as floats, and float32 for steps of a polars frame that were."""
    if values.dtype == object:
        as_numbers = numbers(values.ravel())
        return values if as_numbers is None else as_numbers.reshape(values.shape).astype(np.float64)
    if library_of(steps) == "polars" and values.dtype == np.float64:
        single = all(str(dtype) == "Float32" for dtype in steps.dtypes)  # scikit-learn reads them as float64
        return values.astype(np.float32) if single else values
    return values


@contextmanager
def _transforming(sequences, transformer):
    """Keep ``set_config(transform_output=...)`` to the result, and name the cure where text cannot be read."""
    try:
        with config_context(transform_output="default"):
            yield
    except (TypeError, ValueError) as error:
        name = type(transformer).__name__
        if "could not be promoted" in str(error) and is_frame(sequences.values):
            columns = zip(column_names(sequences.values), columns_of(sequences.values))
            texts = [column_name for column_name, column in columns if numbers(column) is None]
            raise TypeError(
                f"X holds dates or other values that are no numbers in the columns {texts}, which {name} cannot read. "
                "Subtract a start and divide by a unit, such as one hour, or leave the columns out."
            ) from error
        if "could not convert string to float" not in str(error):
            raise
        cure = "EachStep(OneHotEncoder(handle_unknown='ignore'))"
        if is_frame(sequences.values):
            texts = [
                column_name
                for column_name, column in zip(column_names(sequences.values), columns_of(sequences.values))
                if numbers(column) is None
            ]
            cure = f"EachStep(make_column_transformer((OneHotEncoder(), {texts}), remainder={name}()))"
        raise type(error)(
            f"X holds text, which {name} cannot read: {error}. Encode it by step, for example with {cure}."
        ) from error


def _targets_of_steps(y, lengths):
    """Return the target of each step, given those of the steps or those of the sequences."""
    rows = y if isinstance(y, (list, tuple)) else np.atleast_1d(np.asarray(y))
    check_same_length(len(lengths), rows)
    if all(np.ndim(row) == 1 and len(row) == steps for row, steps in zip(rows, lengths)):
        return np.concatenate(rows)
    try:
        return np.repeat(np.asarray(rows), lengths, axis=0)
    except ValueError:
        raise ValueError(
            "y holds lists of different lengths, but not one target for each step of each sequence. "
            "Give one target for each sequence, or one for each step."
        ) from None
