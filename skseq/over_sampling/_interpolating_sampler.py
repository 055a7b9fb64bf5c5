"""What SMOTE and its relatives share: new rows between two parents."""

from dataclasses import dataclass
from numbers import Integral

import numpy as np

from skseq._user_warnings import warn_user
from skseq._validation import check_number, check_option, check_seed

from ._base import BaseOverSampler
from ._neighbors import nearest_neighbors


@dataclass(frozen=True)
class FirstParents:
    """The rows of one class that may be the first parent of a new row.

    Attributes
    ----------
    positions : ndarray of shape (m,), intp
        Where they stand among the rows of the class, in ascending order.
    weights : ndarray of shape (m,), int
        Their shares of the children when ``allocation="even"``; above zero.
    outsiders : ndarray of shape (m, e), intp, or None
        Row numbers in X that are second parents beside the neighbours of the class.
    """

    positions: np.ndarray
    weights: np.ndarray
    outsiders: np.ndarray | None = None


def every_row(n_members):
    """Return the :class:`FirstParents` of a class whose rows all have the same share of the children."""
    return FirstParents(np.arange(n_members), np.ones(n_members, dtype=np.intp))


class InterpolatingSampler(BaseOverSampler):
    """Template of a sampler whose new rows lie between two rows of X, their parents.

    A subclass stores ``sampling_strategy``, ``k_neighbors``, ``gap``, ``allocation``, ``random_state`` and
    ``n_jobs``. Left at that, it is SMOTE; it may change which rows are first parents (``_first_parents``), where
    the second ones come from (``_find_partners``) and how gaps are drawn (``_draw_gaps``).
    """

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
        self.parents_ = self._draw_parents(rows, target, random_state)
        self.gaps_ = self._draw_gaps(rows, target, random_state)
        return rows.with_children(self.parents_, self.gaps_), self.parents_[:, 0]

    def _draw_parents(self, rows, target, random_state):
        """Return the parents (n_new, 2) of all new rows, class by class."""
        members = {label: target.members(label) for label, n_new in self.sampling_strategy_.items() if n_new}
        k = {}
        for label, own in members.items():
            k[label] = self._available_neighbors(len(own), label)
        firsts = self._first_parents(rows, target, members)
        pairs = [np.empty((0, 2), dtype=np.intp)]
        for label, own in members.items():
            first = firsts[label]
            partners = self._find_partners(rows, own, first.positions, k[label])
            if first.outsiders is not None:
                partners = np.hstack([partners, first.outsiders])
            drawn = self._allocate(first.weights, self.sampling_strategy_[label], random_state)
            second = partners[drawn, random_state.randint(partners.shape[1], size=len(drawn))]
            pairs.append(np.column_stack([own[first.positions[drawn]], second]))
        return np.concatenate(pairs)

    def _first_parents(self, rows, target, members):
        """Return which rows of each class may be first parents; here all of them.

        Parameters
        ----------
        rows : what ``_read_rows`` returns
        target : Target
        members : dict
            From each class that gets new rows to the row numbers of the class.

        Returns
        -------
        dict
            From each of these classes to its :class:`FirstParents`.
        """
        return {label: every_row(len(own)) for label, own in members.items()}

    def _find_partners(self, rows, members, positions, k):
        """Return the rows of X that may be second parents: the k nearest others of the class.

        Parameters
        ----------
        rows : what ``_read_rows`` returns
        members : ndarray of shape (n_members,), intp
            Row numbers of the class.
        positions : ndarray of shape (m,), intp
            Which of them are first parents.
        k : int

        Returns
        -------
        ndarray of shape (m, k), intp
            Row numbers in X, nearest first.
        """
        points = rows.points(members)
        if len(positions) == len(members):
            return members[nearest_neighbors(points, k, self.n_jobs)]
        return members[nearest_neighbors(points, k, self.n_jobs, queries=positions)]

    def _allocate(self, weights, n_new, random_state):
        """Return for each of ``n_new`` children which of the first parents (``len(weights)``) it has."""
        if self.allocation == "random":
            return random_state.randint(len(weights), size=n_new)
        return share(weights, n_new, random_state)

    def _draw_gaps(self, rows, target, random_state):
        """Return the gaps of the children of ``parents_``."""
        return rows.draw_gaps(self.parents_, self.gap, random_state)

    def _available_neighbors(self, n_members, label):
        """Return how many neighbours a class of ``n_members`` rows can offer, ``k_neighbors`` at most."""
        if n_members == 1:
            raise ValueError(
                f"Class {label!r} has one row, so there is no neighbour to interpolate with. Add rows of "
                "that class, repeat it with RandomOverSampler, or leave the class out of "
                "sampling_strategy (with a dict)."
            )
        if n_members > self.k_neighbors:
            return self.k_neighbors
        warn_user(
            f"Class {label!r} has {n_members} rows, fewer than k_neighbors + 1 = {self.k_neighbors + 1}; its "
            f"new rows use the {n_members - 1} neighbours that each row has. Add rows or lower k_neighbors.",
        )
        return n_members - 1


def share(weights, n_new, random_state):
    """Return the first parent of each of ``n_new`` children, shared out in proportion to ``weights``.

    Each gets its share rounded down; those that lose most by the rounding get one child more, until all are
    shared out (largest remainders). With equal weights no parent has more than one child more than another.

    Parameters
    ----------
    weights : ndarray of shape (m,), int
        Zero or more, and not all zero.
    n_new : int
    random_state : RandomState
        Decides between equal remainders.

    Returns
    -------
    ndarray of shape (n_new,), intp
        Positions in ``weights``, in ascending order.
    """
    # Whole numbers throughout, so that equal shares are equal.
    children, remainders = np.divmod(n_new * weights, weights.sum())
    shuffled = random_state.permutation(len(weights))
    most_lost = shuffled[np.argsort(-remainders[shuffled], kind="stable")]
    children[most_lost[: n_new - children.sum()]] += 1
    return np.repeat(np.arange(len(weights)), children)
