"""ADASYN: synthetic rows where a rare class is hardest to tell from the others."""

import numpy as np

from skseq._user_warnings import warn_user

from ._interpolating_sampler import FirstParents, InterpolatingSampler, every_row
from ._neighborhoods import find_neighborhoods


class ADASYN(InterpolatingSampler):
    """Adaptive synthetic sampling: the more neighbours of other classes a row has, the more children it gets.

    Parameters
    ----------
    sampling_strategy : str, float, dict or callable, default="auto"
        Which classes get new rows, and how many; as in :class:`SMOTE`.
    k_neighbors : int, default=5
        How many nearest rows of any class decide how many children a row gets, and from how many nearest
        neighbours in the class the second parent is drawn. A class with fewer than ``k_neighbors + 1`` rows
        draws from the neighbours it has, with a warning.
    gap : {"row", "feature"}, default="row"
        One gap for each new row, or one for each of its features; as in :class:`SMOTE`.
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
        The gap lambda of each new row (``gap="row"``) or of each of its features (``gap="feature"``), as in
        :class:`SMOTE`.
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
        If a class has fewer than ``k_neighbors + 1`` rows, or no row with a neighbour of another class. Then
        all its rows get the same number of children, as in ``SMOTE(allocation="even")``.

    See Also
    --------
    SMOTE : Takes every row of the class; its notes on containers, distances and sequences hold here too.
    BorderlineSMOTE : Takes the rows at the border of the class, and leaves out what it takes for noise.

    Notes
    -----
    Row i of a class has r_i = Delta_i / k, where Delta_i of its k nearest rows of any class belong to other
    classes, and gets g_i = G r_i / sum(r) of the G new rows of its class [1]_. The g_i are rounded to whole
    numbers by largest remainders (those that lose most by rounding down get one child more, equal ones by
    lot), so that exactly G rows are made. With several classes, all the others together are what the paper
    calls the majority.

    A new row is ``x_new = lambda * x_i + (1 - lambda) * x_j`` with x_j one of the k nearest neighbours of x_i
    in its own class. It is rebuilt from ``parents_`` and ``gaps_`` as in :class:`SMOTE`. The paper's own G is
    a fraction of what balances two classes: give that fraction by ``sampling_strategy``.

    A row deep among other classes, an outlier or a wrong label, gets the most children of all. Where labels
    are noisy, :class:`BorderlineSMOTE` leaves such rows out.

    References
    ----------
    .. [1] He, H., Bai, Y., Garcia, E. A. and Li, S. (2008). ADASYN: Adaptive Synthetic Sampling Approach for
       Imbalanced Learning. IEEE International Joint Conference on Neural Networks, 1322-1328.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq.over_sampling import ADASYN
    >>> X = np.arange(10.0)[:, np.newaxis]
    >>> y = np.array([0, 0, 0, 0, 0, 1, 0, 1, 1, 1])
    >>> sampler = ADASYN(sampling_strategy={1: 10}, k_neighbors=2, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sampler.parents_[:, 0]  # two neighbours of row 5 are of the other class, one of row 7
    array([5, 5, 5, 5, 7, 7])
    """

    #: Children are shared out by the rows' weights; there is nothing to draw.
    allocation = "even"

    def __init__(self, *, sampling_strategy="auto", k_neighbors=5, gap="row", random_state=None, n_jobs=None):
        self.sampling_strategy = sampling_strategy
        self.k_neighbors = k_neighbors
        self.gap = gap
        self.random_state = random_state
        self.n_jobs = n_jobs

    def _first_parents(self, rows, target, members):
        firsts = {}
        for label, around in find_neighborhoods(rows, target, members, self.k_neighbors, self.n_jobs).items():
            foreign = around.foreign_counts
            positions = np.flatnonzero(foreign)
            if len(positions):
                firsts[label] = FirstParents(positions, foreign[positions])
                continue
            warn_user(
                f"No row of class {label!r} has a row of another class among its {around.foreign.shape[1]} nearest. "
                'Its new rows are shared out evenly, as by SMOTE(allocation="even"). Raise k_neighbors, or use SMOTE.',
            )
            firsts[label] = every_row(len(foreign))
        return firsts
