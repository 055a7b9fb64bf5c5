"""RandomUnderSampler: some rows of the frequent classes, drawn at random."""

import numpy as np

from skseq._samplers import BaseSampler, read_any_rows
from skseq._validation import check_bool, check_seed

from ._sampling_strategy import resolve_sampling_strategy


class RandomUnderSampler(BaseSampler):
    """Keep all rows of the rare class and as many of the others, drawn at random.

    It takes rows of any kind, since it does not look at them: tables, data frames, sparse matrices, 3-D arrays, lists
    of sequences, texts. A model trains faster on the rows that are left, and loses what the others had to tell.
    :class:`~skseq.compose.EnsembleClassifier` gives each of several models a draw of its own, so that little is lost.

    Parameters
    ----------
    sampling_strategy : str, float, dict or callable, default="auto"
        Which classes lose rows, and how many rows they keep.

        - "auto" or "not minority": all but the smallest class, down to its size.
        - "majority": the largest class only; "not majority": all but the largest.
        - "all": every class.
        - float, for two classes: the ratio of the smaller to the larger class after resampling.
        - dict from class to its number of rows after resampling. Classes that are left out keep all rows.
        - callable that takes y and returns such a dict.
    replacement : bool, default=False
        Whether to draw with replacement, so that a row may be kept more than once and another, even of the smallest
        class with "all", not at all.
    random_state : int, RandomState instance or None, default=None
        Seed of all draws. Give an int for the same rows at every call.

    Attributes
    ----------
    sampling_strategy_ : dict
        Number of rows kept of each targeted class, in the sorted order of the classes.
    parents_ : ndarray of shape (n_kept, 1), intp
        Row number in X of each row of the result.
    sample_indices_ : ndarray of shape (n_kept,), intp
        The same, under the name and in the shape that imbalanced-learn uses.
    n_features_in_ : int
        Columns of X, or the length of the last axis of an array with more than two. Not set for lists and
        other containers of one dimension.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns, when X is a data frame whose column names are all strings.

    Raises
    ------
    ValueError, TypeError
        If a parameter or a label is not valid, if X is empty, complex or one number for each row, or if y
        has one class.

    See Also
    --------
    skseq.over_sampling.RandomOverSampler : Repeats rows of the rare classes.
    skseq.compose.EnsembleClassifier : Several models, each on its own under-sample.
    skseq.compose.ResampledClassifier : Resamples before a classifier and corrects its probabilities.

    Notes
    -----
    The rows that are kept are in the order of X, so that a result of rows in time is in time. The result has the
    container and all dtypes of X; a pandas result keeps its index. A list holds the very objects of X; with
    replacement, repeats are shallow copies (``copy.copy``).

    Probabilities of a model trained on the result are those at the new class frequencies:
    ``ResampledClassifier(..., prior_correction=True)`` maps them back.

    Examples
    --------
    >>> from skseq.under_sampling import RandomUnderSampler
    >>> X = ["all quiet", "quiet", "a bang", "nothing", "still nothing", "another bang"]
    >>> y = ["common", "common", "rare", "common", "common", "rare"]
    >>> sampler = RandomUnderSampler(random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> X_resampled
    ['a bang', 'nothing', 'still nothing', 'another bang']
    >>> sampler.sample_indices_
    array([2, 3, 4, 5])
    """

    def __init__(self, *, sampling_strategy="auto", replacement=False, random_state=None):
        self.sampling_strategy = sampling_strategy
        self.replacement = replacement
        self.random_state = random_state

    def fit_resample(self, X, y):
        """Return the rows of X and y that are kept.

        Parameters
        ----------
        X : array-like, sparse matrix, data frame or list
            The rows, of any kind; it is never changed.
        y : array-like of shape (n,)
            The class of each row: an array, a list, or a pandas or polars Series.

        Returns
        -------
        X_resampled : same container as X
            The rows kept, in the order of X.
        y_resampled : same container as y
            Their classes, in the dtype (and under the name) of y.

        Raises
        ------
        ValueError, TypeError
            If a parameter is not valid, or if X or y cannot be used.
        """
        return self._fit_resample(X, y)

    def _check_parameters(self):
        check_bool("replacement", self.replacement)
        check_seed(self.random_state)

    def _read_rows(self, X):
        return read_any_rows(self, X)

    def _resolve_strategy(self, target):
        return resolve_sampling_strategy(self.sampling_strategy, target)

    def _resampled(self, rows, target):
        random_state = check_seed(self.random_state)
        kept = []
        for label in target.counts:
            members = target.members(label)
            if label in self.sampling_strategy_:
                size = self.sampling_strategy_[label]
                members = random_state.choice(members, size=size, replace=self.replacement)
            kept.append(members)
        self.sample_indices_ = np.sort(np.concatenate(kept))
        self.parents_ = self.sample_indices_[:, np.newaxis]
        return rows.take(self.sample_indices_), target.taken(self.sample_indices_)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags
