"""SMOTE: synthetic rows between neighbours of a rare class."""

from ._interpolating_sampler import InterpolatingSampler


class SMOTE(InterpolatingSampler):
    """Synthetic Minority Over-sampling Technique, for tables and for sequences.

    Each new row lies on the segment between a row of a rare class and one of its nearest neighbours in the
    same class. Try class weights and a moved decision threshold beside it: they add no rows to learn from.

    Parameters
    ----------
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
        From how many nearest neighbours the second parent is drawn. A class with fewer than
        ``k_neighbors + 1`` rows uses the neighbours it has, with a warning.
    gap : {"row", "feature"}, default="row"
        "row" draws one gap lambda for each new row, which then lies on the segment between its parents.
        "feature" draws one for each column, as the pseudo-code of the paper does; the row then lies in
        the box spanned by its parents. For sequences one gap is drawn for each feature of a step and
        holds for all steps, so that smooth sequences have smooth children.
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
    parents_ : ndarray of shape (n_new, 2), intp
        Row numbers in X of the parents (x_i, x_j) of each new row. Row ``r`` of these is row ``n + r`` of
        the result.
    gaps_ : ndarray of shape (n_new,) or (n_new, n_features_in_), or CSR of shape (n_new, n_features_in_)
        The gap lambda of each new row (``gap="row"``) or of each of its features (``gap="feature"``), in
        the dtype of X, or float64 if X holds integers. For sparse X with ``gap="feature"`` it is sparse: it
        holds a number where the parents differ.
    n_features_in_ : int
        Columns of X; for sequences the features of a step.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns, when X is a data frame whose column names are all strings.

    Raises
    ------
    ValueError
        If a parameter or a label is not valid, if X has missing or infinite values, if y has one class,
        or if a class that should get new rows has only one.
    TypeError
        If X holds strings, categories, booleans or dates, which cannot be interpolated.

    Warns
    -----
    UserWarning
        If a class has fewer than ``k_neighbors + 1`` rows.

    See Also
    --------
    BorderlineSMOTE : Takes as first parents only rows at the border to other classes.
    ADASYN : Gives more children to rows among other classes.
    SMOTENC : For tables with categorical columns.
    RandomOverSampler : Repeats rows of any kind, text and categories included.
    row_families : Families of parents and children, for cross-validation of resampled data.
    skseq.pipeline.Pipeline : Resamples while fitting, and never at predict.
    skseq.linear_model.CostSensitiveLogisticRegression : Weights instead of new rows.

    Notes
    -----
    A new row is ``x_new = lambda * x_i + (1 - lambda) * x_j`` with lambda drawn from U(0, 1) and x_j one of
    the k nearest neighbours of x_i in its class [1]_. It is computed in the dtype of X, and this rebuilds it
    bit for bit from the fitted attributes (for 3-D X give the gaps one more axis)::

        i, j = sampler.parents_.T
        gaps = sampler.gaps_[:, None]  # gap="feature": sampler.gaps_
        X[j] + gaps * (X[i] - X[j])

    Where both parents have the same value, so has the child.

    *Containers.* X and y come back in the containers and dtypes that came, the original rows first. New rows of
    integers are computed in float64 and rounded to the nearest integer (half to even), so that the formula above
    rebuilds them with ``np.rint`` around it. float16 arrays, Python numbers in arrays of objects and columns of
    such become float64. The new rows of a data frame are computed in float64, or in float32 if all columns are, and
    rounded to each column's dtype. A pandas result is indexed 0, 1, 2, ... A list of sequences holds the very
    arrays that came, followed by new ones; nested lists come back as arrays.

    *Distances* are Euclidean and computed in float64, over all columns, or all steps and features. Bring them
    to comparable scales first. A row is not its own neighbour, but another row with the same values can be; of two
    rows at the same distance the first one is nearer.

    *Sequences* of equal lengths, as an array (n, steps, features) or a list, are compared and interpolated
    step by step. Others are first resampled linearly: for distances to the mean length of their class,
    rounded up; for interpolation to the length of the child, which is lambda * len_i + (1 - lambda) * len_j
    rounded to the nearest integer (half to even; with ``gap="feature"`` lambda is here the mean of the
    child's gaps). Step s of M lies at step s * (L - 1) / (M - 1) of a sequence of L steps. This suits
    sequences that run slower or faster as a whole. It does not align events within them, as dynamic time
    warping would: of an event that comes early in one parent and late in the other, the child has two
    faint ones.

    References
    ----------
    .. [1] Chawla, N. V., Bowyer, K. W., Hall, L. O. and Kegelmeyer, W. P. (2002). SMOTE: Synthetic Minority
       Over-sampling Technique. Journal of Artificial Intelligence Research 16, 321-357.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq.over_sampling import SMOTE
    >>> X = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [5.0, 5.0], [6.0, 5.0]])
    >>> y = np.array(["common", "common", "common", "rare", "rare"])
    >>> sampler = SMOTE(k_neighbors=1, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sampler.sampling_strategy_
    {'rare': 1}
    >>> X_resampled.shape, y_resampled[-1].item()
    ((6, 2), 'rare')
    >>> i, j = sampler.parents_.T
    >>> gaps = sampler.gaps_[:, None]
    >>> bool((X_resampled[5:] == X[j] + gaps * (X[i] - X[j])).all())
    True

    Sequences of different lengths:

    >>> X = [np.arange(steps, dtype=float) for steps in (3, 4, 5, 8, 10)]
    >>> X_resampled, y_resampled = SMOTE(k_neighbors=1, random_state=0).fit_resample(X, y)
    >>> [len(sequence) for sequence in X_resampled]
    [3, 4, 5, 8, 10, 9]
    """

    def __init__(
        self,
        *,
        sampling_strategy="auto",
        k_neighbors=5,
        gap="row",
        allocation="random",
        random_state=None,
        n_jobs=None,
    ):
        self.sampling_strategy = sampling_strategy
        self.k_neighbors = k_neighbors
        self.gap = gap
        self.allocation = allocation
        self.random_state = random_state
        self.n_jobs = n_jobs
