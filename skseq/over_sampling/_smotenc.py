"""SMOTE-NC: synthetic rows of numerical and categorical columns."""

from ._categories import choose_columns
from ._interpolating_sampler import InterpolatingSampler
from ._mixed_rows import read_mixed_rows


class SMOTENC(InterpolatingSampler):
    """SMOTE for tables with numerical and categorical columns (SMOTE-NC).

    Numerical columns of a new row lie between those of a row of a rare class and one of its nearest neighbours;
    each category is the most frequent one among all the neighbours of that row. Try class weights and a moved
    decision threshold beside it: they add no rows to learn from.

    Parameters
    ----------
    categorical_features : "auto", or array-like of int, str or bool
        The categorical columns: positions, names (for data frames) or a mask of booleans, one for each column.
        "auto", for data frames only, takes columns of categories, enums, strings, booleans and Python objects.
        At least one column, and not all of them.
    sampling_strategy : str, float, dict or callable, default="auto"
        Which classes get new rows, and how many.

        - "auto" or "not majority": every class but the largest gets as many rows as the largest has.
        - "minority": only the smallest class does. "not minority": every class but the smallest.
        - "all": every class (the largest has its number already).
        - float, above 0 and at most 1, for two classes only: the rows of the minority after resampling, as a
          fraction of the rows of the majority.
        - dict: from class to its number of rows after resampling. Classes left out stay as they are.
        - callable: takes the labels, an array (n,), and returns such a dict.
    k_neighbors : int, default=5
        How many nearest neighbours vote on the categories, and from how many the second parent is drawn. A class
        with fewer than ``k_neighbors + 1`` rows uses the neighbours it has, with a warning.
    gap : {"row", "feature"}, default="row"
        "row" draws one gap lambda for each new row, "feature" one for each numerical column.
    allocation : {"random", "even"}, default="random"
        "random" draws the first parent of each new row at random among the rows of the class. "even"
        gives every row of the class the same number of children, as the paper does; what is left over
        goes to rows drawn without replacement.
    random_state : int, RandomState instance or None, default=None
        Seed of all draws. Give an int for the same rows at every call.
    n_jobs : int or None, default=None
        Threads for the search of neighbours, as joblib reads it, but never more than the BLAS may use; None is as
        many as that. The result does not depend on it.

    Attributes
    ----------
    sampling_strategy_ : dict
        Number of new rows of each targeted class, in the sorted order of the classes.
    categorical_features_ : ndarray of shape (n_categorical,), intp
        Positions of the categorical columns, in ascending order.
    parents_ : ndarray of shape (n_new, 2), intp
        Row numbers in X of the parents (x_i, x_j) of each new row. Row ``r`` of these is row ``n + r`` of
        the result.
    gaps_ : ndarray of shape (n_new,) or (n_new, n_features_in_ - n_categorical)
        The gap lambda of each new row (``gap="row"``) or of each of its numerical columns (``gap="feature"``), in
        the dtype of these columns; float64 if they are integers.
    n_features_in_ : int
        Columns of X.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns, when X is a data frame whose column names are all strings.

    Raises
    ------
    ValueError
        If a parameter or a label is not valid, if all columns are categorical or none is, if a numerical column
        has missing or infinite values, if y has one class, or if a class that should get new rows has only one.
    TypeError
        If X is sparse, or if a numerical column holds strings, categories, booleans or dates.

    Warns
    -----
    UserWarning
        If a class has fewer than ``k_neighbors + 1`` rows.

    See Also
    --------
    SMOTE : For numbers alone, dense or sparse, and for sequences.
    RandomOverSampler : Repeats rows of any kind; the choice if all columns are categorical.
    skseq.pipeline.Pipeline : Resamples while fitting, and never at predict.

    Notes
    -----
    *Distances* [1]_ are Euclidean over the numerical columns, and each categorical column in which two rows differ
    adds ``Med ** 2`` to the squared distance. Med is the median of the standard deviations (with divisor n) of the
    numerical columns within the class. If it is zero, because half of these columns are constant there, it is the
    median of the others, and 1 if all are constant. So a category that differs weighs as much as a typical difference
    of numbers: bring numerical columns to comparable scales first. Of two rows at the same distance the first one
    is nearer.

    *Categories* of a new row are the most frequent ones among the k neighbours of its first parent x_i, which does
    not vote itself; of categories that are equally frequent, that of the nearest neighbour. All children of a
    row therefore share their categories. A missing category (NaN, None, NA or null) is a category of its own.

    *Numerical columns* are those of :class:`SMOTE`: ``lambda * x_i + (1 - lambda) * x_j``, computed as::

        i, j = sampler.parents_.T
        gaps = sampler.gaps_[:, None]  # gap="feature": sampler.gaps_
        numbers[j] + gaps * (numbers[i] - numbers[j])

    and rounded to the nearest integer where the column holds integers. Numbers are computed in float32 if all
    numerical columns are, else in float64.

    *Containers.* X comes back in the container that came, the original rows first, and each column of a data frame
    in its dtype: numbers, nullable numbers, categories and enums (with all their categories), strings, booleans,
    dates. Mixed columns of an array must be objects (``dtype=object``): NumPy makes text of all
    of them otherwise. A pandas result is indexed 0, 1, 2, ...

    *Memory* grows with the rows, not with their square, and not with the number of categories.

    References
    ----------
    .. [1] Chawla, N. V., Bowyer, K. W., Hall, L. O. and Kegelmeyer, W. P. (2002). SMOTE: Synthetic Minority
       Over-sampling Technique. Journal of Artificial Intelligence Research 16, 321-357, section 6.1.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq.over_sampling import SMOTENC
    >>> rows = [(1.0, "red"), (2.0, "red"), (3.0, "blue"), (1.5, "blue"), (7.0, "red"), (8.0, "red"), (9.0, "blue")]
    >>> X = np.array(rows, dtype=object)
    >>> y = np.array([0, 0, 0, 0, 1, 1, 1])
    >>> sampler = SMOTENC([1], k_neighbors=2, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> X_resampled[7, 1], y_resampled[7].item()
    ('red', 1)
    >>> i, j = sampler.parents_[0]
    >>> bool(X_resampled[7, 0] == X[j, 0] + sampler.gaps_[0] * (X[i, 0] - X[j, 0]))
    True
    """

    def __init__(
        self,
        categorical_features,
        *,
        sampling_strategy="auto",
        k_neighbors=5,
        gap="row",
        allocation="random",
        random_state=None,
        n_jobs=None,
    ):
        self.categorical_features = categorical_features
        self.sampling_strategy = sampling_strategy
        self.k_neighbors = k_neighbors
        self.gap = gap
        self.allocation = allocation
        self.random_state = random_state
        self.n_jobs = n_jobs

    def _read_rows(self, X):
        def choose(X):
            return choose_columns(self.categorical_features, X, type(self).__name__)

        rows = read_mixed_rows(self, X, choose)
        self.categorical_features_ = rows.columns
        return rows

    def _find_partners(self, rows, members, positions, k):
        partners = super()._find_partners(rows, members, positions, k)
        rows.vote(members[positions], partners)
        return partners

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = False
        tags.input_tags.three_d_array = False
        tags.input_tags.string = True  # "categorical" stays False: a check of scikit-learn 1.6 fails where it is set
        return tags
