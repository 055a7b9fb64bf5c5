"""RandomOverSampler: rows of the rare classes, repeated."""

import numpy as np

from skseq._samplers import read_any_rows
from skseq._validation import check_seed

from ._base import BaseOverSampler


class RandomOverSampler(BaseOverSampler):
    """Repeat rows of the rare classes, drawn with replacement.

    It takes rows of any kind, since it does not look at them: text, categories, dates and missing values
    beside numbers, in tables, data frames and lists of sequences. Class weights do the same to most
    models without adding a row; try them first where the model has ``class_weight``.

    Parameters
    ----------
    sampling_strategy : str, float, dict or callable, default="auto"
        Which classes get new rows, and how many; as in :class:`SMOTE`.
    random_state : int, RandomState instance or None, default=None
        Seed of all draws. Give an int for the same rows at every call.

    Attributes
    ----------
    sampling_strategy_ : dict
        Number of new rows of each targeted class, in the sorted order of the classes.
    parents_ : ndarray of shape (n_new, 1), intp
        Row number in X of the row that each new row repeats. Row ``r`` of these is row ``n + r`` of the
        result.
    n_features_in_ : int
        Columns of X, or the length of the last axis of an array with more than two. Not set for lists and
        other containers of one dimension.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns, when X is a data frame whose column names are all strings.

    Raises
    ------
    ValueError
        If a parameter or a label is not valid, if X is empty, complex or one number for each row, or if y
        has one class.

    See Also
    --------
    SMOTE : New rows between rows instead of copies.
    skseq.linear_model.CostSensitiveLogisticRegression : Weights instead of new rows.

    Notes
    -----
    X may be an array (n, columns), or of more dimensions, of any dtype but complex; a sparse matrix; a
    pandas or polars DataFrame; or one thing for each row: a list, a tuple, a 1-D array or a Series of texts,
    or a list, a tuple or an object array of sequences, dicts or any other objects. A class of one row is
    enough.

    The result has the container and all dtypes of X, the original rows first. A pandas result is indexed
    0, 1, 2, ... A list holds the very objects that came, followed by shallow copies (``copy.copy``), so that
    work in place on one row does not reach another.

    Examples
    --------
    >>> from skseq.over_sampling import RandomOverSampler
    >>> X = [["red", None], ["blue", 3.5], ["red", 2.0], ["green", 1.0]]
    >>> y = ["common", "common", "common", "rare"]
    >>> sampler = RandomOverSampler(random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> X_resampled[4:], y_resampled[4:]
    ([['green', 1.0], ['green', 1.0]], ['rare', 'rare'])
    >>> sampler.parents_.tolist()
    [[3], [3]]
    """

    def __init__(self, *, sampling_strategy="auto", random_state=None):
        self.sampling_strategy = sampling_strategy
        self.random_state = random_state

    def _check_parameters(self):
        check_seed(self.random_state)

    def _read_rows(self, X):
        return read_any_rows(self, X)

    def _resample(self, rows, target):
        random_state = check_seed(self.random_state)
        drawn = [np.empty(0, dtype=np.intp)]
        for label, n_new in self.sampling_strategy_.items():
            members = target.members(label)
            drawn.append(members[random_state.randint(len(members), size=n_new)])
        self.parents_ = np.concatenate(drawn)[:, np.newaxis]
        return rows.with_copies(self.parents_[:, 0]), self.parents_[:, 0]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        tags.input_tags.categorical = True
        tags.input_tags.string = True
        return tags
