"""SMOTE: synthetic rows between neighbours of a rare class."""

import warnings
from numbers import Integral

import numpy as np

from skseq._validation import check_number, check_option, check_seed

from ._base import BaseSampler
from ._neighbors import nearest_neighbors


class SMOTE(BaseSampler):
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
        Threads for the search of neighbours, as joblib reads it. The result does not depend on it.

    Attributes
    ----------
    sampling_strategy_ : dict
        Number of new rows of each targeted class, in the sorted order of the classes.
    parents_ : ndarray of shape (n_new, 2), intp
        Row numbers in X of the parents (x_i, x_j) of each new row. Row ``r`` of these is row ``n + r`` of
        the result.
    gaps_ : ndarray of shape (n_new,) or (n_new, n_features_in_), or CSR of shape (n_new, n_features_in_)
        The gap lambda of each new row (``gap="row"``) or of each of its features (``gap="feature"``), in
        the dtype of X. For sparse X with ``gap="feature"`` it is sparse: it holds a number where the
        parents differ.
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

    *Containers.* X and y come back in the containers that came, the original rows first. float32 and float64
    are kept. Other numbers become float64, since a row between integers is seldom made of integers; rounding
    is left to you. A data frame keeps the dtype of each column, except that integers become the float of
    their kind (int64 becomes float64, Int64 becomes Float64); its new rows are computed in float64, or in
    float32 if all columns are, and rounded to each column's dtype. A pandas result is indexed 0, 1, 2, ...
    A list of sequences holds the very arrays that came, followed by new ones; nested lists and integer
    sequences come back as arrays.

    *Distances* are Euclidean and computed in float64, over all columns, or all steps and features. Bring them
    to comparable scales first. A row is not its own neighbour, but another row with the same values can be.

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

    def _check_parameters(self):
        check_number("k_neighbors", self.k_neighbors, Integral, low=1)
        check_option("gap", self.gap, ("row", "feature"))
        check_option("allocation", self.allocation, ("random", "even"))
        check_seed(self.random_state)
        if self.n_jobs is not None and check_number("n_jobs", self.n_jobs, Integral) == 0:
            raise ValueError("n_jobs=0 is not an option; use None or 1 for one thread, or -1 for all.")

    def _resample(self, rows, target):
        # One stream for all classes: a seed of its own for each would give them all the same draws.
        random_state = check_seed(self.random_state)
        pairs = [np.empty((0, 2), dtype=np.intp)]
        for label, n_new in self.sampling_strategy_.items():
            if n_new:
                pairs.append(self._draw_parents(rows, target.members(label), label, n_new, random_state))
        self.parents_ = np.concatenate(pairs)
        self.gaps_ = rows.draw_gaps(self.parents_, self.gap, random_state)
        return rows.with_children(self.parents_, self.gaps_), self.parents_[:, 0]

    def _draw_parents(self, rows, members, label, n_new, random_state):
        """Return the parents (n_new, 2) of the new rows of one class, whose rows are ``members``."""
        k = self._available_neighbors(len(members), label)
        neighbors = nearest_neighbors(rows.points(members), k, self.n_jobs)
        if self.allocation == "random":
            first = random_state.randint(len(members), size=n_new)
        else:
            first = share_evenly(len(members), n_new, random_state)
        second = neighbors[first, random_state.randint(k, size=n_new)]
        return members[np.column_stack([first, second])]

    def _available_neighbors(self, n_members, label):
        """Return how many neighbours a class of ``n_members`` rows can offer, ``k_neighbors`` at most."""
        if n_members == 1:
            raise ValueError(
                f"Class {label!r} has one row, so there is no neighbour to interpolate with. Add rows of "
                "that class, repeat it with sklearn.utils.resample, or leave the class out of "
                "sampling_strategy (with a dict)."
            )
        if n_members > self.k_neighbors:
            return self.k_neighbors
        warnings.warn(
            f"Class {label!r} has {n_members} rows, fewer than k_neighbors + 1 = {self.k_neighbors + 1}; its "
            f"new rows use the {n_members - 1} neighbours that each row has. Add rows or lower k_neighbors.",
            UserWarning,
            stacklevel=5,
        )
        return n_members - 1


def share_evenly(n_rows, n_new, random_state):
    """Return the row of each of ``n_new`` children so that no row has more than one child more than another.

    Parameters
    ----------
    n_rows, n_new : int
    random_state : RandomState
        Draws, without replacement, the rows that get one child more.

    Returns
    -------
    ndarray of shape (n_new,), intp
        Row numbers in ascending order.
    """
    each, left_over = divmod(n_new, n_rows)
    children = np.full(n_rows, each)
    children[random_state.permutation(n_rows)[:left_over]] += 1
    return np.repeat(np.arange(n_rows), children)
