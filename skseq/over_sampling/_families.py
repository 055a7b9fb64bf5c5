"""Which rows of a resampled data set descend from the same rows, for cross-validation by families."""

from numbers import Integral

import numpy as np
from scipy import sparse
from sklearn.utils import column_or_1d

from skseq._validation import check_not_missing, check_number


def row_families(parents, n_rows, groups=None):
    """Return the family of each row after resampling, so that parents and children can be kept together.

    A family is a set of rows that are joined by parentage, directly or through others. A split by families,
    such as :class:`sklearn.model_selection.GroupKFold` makes, never has a row on one side and its child on the
    other.

    Parameters
    ----------
    parents : array-like of shape (n_new, n_parents), int
        Row numbers of the parents of each new row: ``parents_`` of a fitted sampler.
    n_rows : int
        Rows before resampling.
    groups : array-like of shape (n_rows,), default=None
        Groups of the rows before resampling that must stay together too, such as the patient of each row, or
        the families of an earlier resampling.

    Returns
    -------
    ndarray of shape (n_rows + n_new,), int
        The number of each row's family, from 0 on: first of the rows before resampling, then of the new ones,
        in the order of ``fit_resample``.

    Raises
    ------
    ValueError, TypeError
        If ``parents`` are not numbers of rows below ``n_rows``, or ``groups`` not one for each row.

    See Also
    --------
    skseq.pipeline.Pipeline : Resamples inside each fold, which needs no families and is the better way.

    Notes
    -----
    Resample inside the folds where you can: in a :class:`skseq.pipeline.Pipeline` each test part holds real rows
    only, at the base rate, and no row knows another's child. Families are for data that has been resampled
    already, or that goes to a tool which cannot resample.

    Even then the limit is soon reached. Every synthetic row between two rows joins their families, so with a
    few neighbours to choose from and one or more children a row, a class is soon a single family, which no split
    can divide. Families stay small after :class:`RandomOverSampler` (each row and its copies), after SMOTE with
    ``k_neighbors=1``, and when few rows are added. And test parts still have the class ratio of the resampled
    data, so that precision and probabilities measured on them are not those of real data.

    Examples
    --------
    >>> from skseq.over_sampling import row_families
    >>> row_families([[0, 2], [2, 3]], n_rows=5)  # rows 5 and 6 join 0, 2 and 3
    array([0, 1, 0, 0, 2, 0, 0])
    >>> row_families([[0, 2], [2, 3]], n_rows=5, groups=["a", "b", "c", "d", "b"])
    array([0, 1, 0, 0, 1, 0, 0])
    """
    n_rows = int(check_number("n_rows", n_rows, Integral, low=1))
    parents = _check_parents(parents, n_rows)
    edges = [parents[:, [0, column]] for column in range(1, parents.shape[1])]
    if groups is not None:
        codes = _group_codes(groups, n_rows)
        first_of_group = np.unique(codes, return_index=True)[1]
        edges.append(np.column_stack([first_of_group[codes], np.arange(n_rows)]))
    start, end = np.concatenate([np.empty((0, 2), dtype=np.intp), *edges]).T
    graph = sparse.coo_array((np.ones(len(start), dtype=bool), (start, end)), shape=(n_rows, n_rows))
    families = sparse.csgraph.connected_components(graph, directed=False)[1].astype(np.intp)
    return np.concatenate([families, families[parents[:, 0]]])


def _check_parents(parents, n_rows):
    """Return ``parents`` as an array (n_new, n_parents) of row numbers, or raise."""
    try:
        parents = np.asarray(parents)
    except ValueError as error:
        raise ValueError("parents must have the same number of parents for each new row.") from error
    if parents.ndim != 2 or not parents.shape[1]:
        raise ValueError(
            f"parents has shape {parents.shape}, but (n_new, n_parents) is needed: parents_ of a fitted sampler."
        )
    if parents.dtype.kind not in "iu":
        raise TypeError(f"parents has dtype {parents.dtype}, but row numbers are integers. Give parents_ of a sampler.")
    if parents.size and not (parents.min() >= 0 and parents.max() < n_rows):
        raise ValueError(
            f"parents has row numbers from {parents.min()} to {parents.max()}, but n_rows={n_rows} allows 0 to "
            f"{n_rows - 1}. Give the number of rows before resampling."
        )
    return parents.astype(np.intp)


def _group_codes(groups, n_rows):
    """Return the number of each row's group, or raise unless each row has one."""
    groups = column_or_1d(groups)
    if len(groups) != n_rows:
        raise ValueError(f"groups has {len(groups)} entries, but n_rows={n_rows}. Give each row before resampling one.")
    if groups.dtype.kind in "fO":
        check_not_missing(groups, "groups", "Give the row a group of its own.")
    try:
        return np.unique(groups, return_inverse=True)[1]
    except TypeError as error:
        raise TypeError(f"groups mixes types that cannot be sorted: {error}. Make them all strings.") from error
