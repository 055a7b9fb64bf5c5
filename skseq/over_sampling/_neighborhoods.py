"""Where a rare class meets the others: the nearest rows of any class."""

from dataclasses import dataclass

import numpy as np

from ._neighbors import nearest_neighbors


@dataclass(frozen=True)
class Neighborhood:
    """The nearest rows of any class, for the rows of one class.

    Attributes
    ----------
    neighbors : ndarray of shape (n_members, k), intp
        Row numbers in X, nearest first.
    foreign : ndarray of shape (n_members, k), bool
        Which of them belong to another class.
    """

    neighbors: np.ndarray
    foreign: np.ndarray

    @property
    def foreign_counts(self):
        """How many neighbours of each row belong to another class, shape (n_members,)."""
        return np.count_nonzero(self.foreign, axis=1)

    @property
    def nearest_foreign(self):
        """The nearest row of another class, shape (n_members,); meaningless where there is none."""
        return self.neighbors[np.arange(len(self.foreign)), self.foreign.argmax(axis=1)]


def find_neighborhoods(rows, target, members, k, n_jobs):
    """Return the :class:`Neighborhood` of each class, from one search for all of them.

    Parameters
    ----------
    rows : what :func:`read_rows` returns
    target : Target
    members : dict
        From class to the row numbers of the class.
    k : int
        Neighbours wanted; fewer if X has fewer other rows.
    n_jobs : int or None

    Returns
    -------
    dict
    """
    if not members:
        return {}
    points = rows.points(np.arange(len(rows)))
    queries = np.concatenate(list(members.values()))
    neighbors = nearest_neighbors(points, min(k, len(rows) - 1), n_jobs, queries=queries)
    foreign = target.codes[neighbors] != target.codes[queries, np.newaxis]
    ends = np.cumsum([len(own) for own in members.values()])[:-1]
    parts = zip(np.split(neighbors, ends), np.split(foreign, ends))
    return {label: Neighborhood(*part) for label, part in zip(members, parts)}
