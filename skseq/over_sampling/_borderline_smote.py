"""BorderlineSMOTE: synthetic rows from the rows of a rare class that are in danger of being taken for others."""

from numbers import Integral

import numpy as np
from scipy import sparse

from skseq._user_warnings import warn_user
from skseq._validation import check_number, check_option

from ._interpolating_sampler import FirstParents, InterpolatingSampler, every_row
from ._neighborhoods import find_neighborhoods


class BorderlineSMOTE(InterpolatingSampler):
    """SMOTE from the rows at the border of a rare class only.

    A row of the class is in danger if at least half, but not all, of its ``m_neighbors`` nearest rows are of
    other classes. These rows are the first parents. A row with fewer such neighbours is safe and needs no
    help; one that has only such neighbours is taken for noise.

    Parameters
    ----------
    sampling_strategy : str, float, dict or callable, default="auto"
        Which classes get new rows, and how many; as in :class:`SMOTE`.
    k_neighbors : int, default=5
        From how many nearest neighbours in the class the second parent is drawn. A class with fewer than
        ``k_neighbors + 1`` rows uses the neighbours it has, with a warning.
    m_neighbors : int, default=10
        How many nearest rows of any class decide whether a row is in danger; 2 or more. If X has fewer than
        ``m_neighbors + 1`` rows, all others are used.
    kind : {"borderline-1", "borderline-2"}, default="borderline-1"
        "borderline-1" draws the second parent among the ``k_neighbors`` nearest rows of the class.
        "borderline-2" draws it among these and the nearest row of another class, all with the same
        probability. A child of a row of another class has a gap of 1/2 to 1 and so lies nearer to the
        parent of its own class.
    gap : {"row", "feature"}, default="row"
        One gap for each new row, or one for each of its features; as in :class:`SMOTE`.
    allocation : {"random", "even"}, default="random"
        "random" draws the first parent of each new row at random among the rows in danger. "even" gives
        each of them the same number of children, what is left over going to rows drawn without
        replacement.
    random_state : int, RandomState instance or None, default=None
        Seed of all draws. Give an int for the same rows at every call.
    n_jobs : int or None, default=None
        Threads for the search of neighbours, as joblib reads it, but never more than the BLAS may use; None is as
        many as that. The result does not depend on it.

    Attributes
    ----------
    sampling_strategy_ : dict
        Number of new rows of each targeted class, in the sorted order of the classes.
    danger_ : ndarray of shape (n_danger,), intp
        Row numbers in X of the rows in danger, in ascending order, of all classes that get new rows.
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
        If a class has fewer than ``k_neighbors + 1`` rows, or no row in danger. Then all its rows are first
        parents, as in SMOTE, so that the number of new rows is the one that was asked for.

    See Also
    --------
    SMOTE : Takes every row of the class; its notes on containers, distances and sequences hold here too.
    ADASYN : Gives every row children by its share of neighbours of other classes.

    Notes
    -----
    The definitions of danger, borderline-1 and borderline-2 are those of [1]_. Where the paper leaves a choice,
    this is taken: second parents of "borderline-2" are drawn with equal probabilities, so that on average one
    child in ``k_neighbors + 1`` lies towards another class; and with several classes, all the others together
    are what the paper calls the majority.

    A new row is ``x_new = lambda * x_i + (1 - lambda) * x_j`` with x_i in danger. It is rebuilt from
    ``parents_`` and ``gaps_`` as in :class:`SMOTE`. The paper writes the gap from x_i, as 1 - lambda: its
    numbers between 0 and 0.5 are lambda between 0.5 and 1 here.

    References
    ----------
    .. [1] Han, H., Wang, W.-Y. and Mao, B.-H. (2005). Borderline-SMOTE: A New Over-Sampling Method in
       Imbalanced Data Sets Learning. Advances in Intelligent Computing, ICIC 2005, Lecture Notes in Computer
       Science 3644, 878-887.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq.over_sampling import BorderlineSMOTE
    >>> X = np.arange(10.0)[:, np.newaxis]
    >>> y = np.array([0, 0, 0, 0, 0, 1, 0, 1, 1, 1])
    >>> sampler = BorderlineSMOTE(k_neighbors=2, m_neighbors=2, random_state=0)
    >>> X_resampled, y_resampled = sampler.fit_resample(X, y)
    >>> sampler.danger_  # row 5 is taken for noise, rows 8 and 9 are safe
    array([7])
    >>> sampler.parents_.tolist()
    [[7, 8], [7, 5]]
    """

    def __init__(
        self,
        *,
        sampling_strategy="auto",
        k_neighbors=5,
        m_neighbors=10,
        kind="borderline-1",
        gap="row",
        allocation="random",
        random_state=None,
        n_jobs=None,
    ):
        self.sampling_strategy = sampling_strategy
        self.k_neighbors = k_neighbors
        self.m_neighbors = m_neighbors
        self.kind = kind
        self.gap = gap
        self.allocation = allocation
        self.random_state = random_state
        self.n_jobs = n_jobs

    def _check_parameters(self):
        super()._check_parameters()
        # Of one neighbour, "at least half but not all" is never true.
        check_number("m_neighbors", self.m_neighbors, Integral, low=2)
        check_option("kind", self.kind, ("borderline-1", "borderline-2"))

    def _first_parents(self, rows, target, members):
        neighborhoods = find_neighborhoods(rows, target, members, self.m_neighbors, self.n_jobs)
        firsts, danger = {}, [np.empty(0, dtype=np.intp)]
        for label, around in neighborhoods.items():
            m = around.foreign.shape[1]
            foreign = around.foreign_counts
            positions = np.flatnonzero((2 * foreign >= m) & (foreign < m))
            danger.append(members[label][positions])
            if not len(positions):
                self._warn_of_no_danger(label, m, foreign)
                firsts[label] = every_row(len(foreign))
                continue
            outsiders = around.nearest_foreign[positions, np.newaxis] if self.kind == "borderline-2" else None
            firsts[label] = FirstParents(positions, np.ones(len(positions), dtype=np.intp), outsiders)
        self.danger_ = np.sort(np.concatenate(danger))
        return firsts

    def _warn_of_no_danger(self, label, m, foreign):
        noise = np.count_nonzero(foreign == m)
        warn_user(
            f"Class {label!r} has no row in danger: {len(foreign) - noise} of its rows have fewer than half of their "
            f"{m} nearest rows in other classes, and {noise} have all. New rows come from all rows of the class, as "
            "in SMOTE. Change m_neighbors, or use SMOTE.",
        )

    def _draw_gaps(self, rows, target, random_state):
        gaps = super()._draw_gaps(rows, target, random_state)
        own, other = target.codes[self.parents_].T
        towards_others = own != other
        if sparse.issparse(gaps):
            drawn, near_own = gaps.data, np.repeat(towards_others, np.diff(gaps.indptr))
        else:
            drawn, near_own = gaps, towards_others
        drawn[near_own] = (1 + drawn[near_own]) / 2
        return gaps
