"""Splice junctions: windows of primate DNA."""

import numpy as np
from sklearn.utils import Bunch

from skseq._optional import import_pandas
from skseq._validation import check_bool, check_option

from ._bundled import read_columns

#: The ambiguity codes of the file, then the bases; the id of a letter is its place here. The letters that every
#: part of the data has come last, so that a model fitted on a part knows all ids up to the largest.
VOCABULARY = ["D", "N", "R", "S", "A", "C", "G", "T"]

DESCR = """\
Splice junctions
----------------
3,190 windows of 60 bases of primate DNA from GenBank 64.1. The task is to say what lies between the 30th and
the 31st base: a border from exon to intron ("EI", donor, 767 windows), from intron to exon ("IE", acceptor,
768), or neither ("N", 1,655).

Letters: A, C, G and T are the bases. 15 windows hold ambiguity codes: D is A, G or T; N is any base; R is
A or G; S is C or G. 185 windows repeat another one, so a random split puts some windows on both sides.

Source: M. O. Noordewier, G. G. Towell and J. W. Shavlik, "Training knowledge-based neural networks to
recognize genes in DNA sequences", Advances in Neural Information Processing Systems 3, 1991. UCI Machine
Learning Repository, data set 69 (Molecular Biology: Splice-junction Gene Sequences),
https://archive.ics.uci.edu/dataset/69
Licence: Creative Commons Attribution 4.0 International (CC BY 4.0). The letters are unchanged; the names of
the genes are left out.
"""


def load_splice_junctions(*, encoding="string", return_X_y=False, as_frame=False):
    """Load the splice junctions: DNA windows of equal length (classification).

    =================   ==============================
    Sequences           3,190
    Steps               60 letters
    Classes             EI 767, IE 768, N 1,655
    =================   ==============================

    Parameters
    ----------
    encoding : {"string", "ids"}, default="string"
        "string" gives each window as a text of 60 letters; "ids" gives integers (n, 60), ready for the
        ``embedding_dim`` of the sequence estimators.
    return_X_y : bool, default=False
        Return ``(data, target)`` instead of a Bunch.
    as_frame : bool, default=False
        Give ``data``, ``target`` and ``frame`` as pandas objects.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        With the attributes

        data : ndarray of shape (3190,), str, or of shape (3190, 60), intp
            The letters A, C, G, T and, in few places, the ambiguity codes D (A, G or T), N (any base), R (A
            or G) and S (C or G). With ``as_frame=True`` a Series of texts, or a DataFrame of ids.
        target : ndarray of shape (3190,), str
            "EI", "IE" or "N".
        target_names : ndarray of shape (3,), str
            "EI", "IE" and "N".
        feature_names : list of str
            ["sequence"], or the 60 positions "-30" ... "-1", "+1" ... "+30" around the border.
        vocabulary : list of 8 str
            ``vocabulary[id]`` is the letter of an id: D, N, R, S, A, C, G, T are 0 to 7.
        frame : DataFrame
            Only with ``as_frame=True``: ``data`` and the column "junction".
        DESCR : str
            Description, source and licence.
    (data, target) : tuple
        If ``return_X_y=True``.

    Raises
    ------
    ValueError
        If ``encoding`` is not an option.
    ImportError
        If ``as_frame=True`` and pandas is not installed.

    Notes
    -----
    185 of the windows repeat another one. Group equal windows (:class:`~sklearn.model_selection.GroupKFold`)
    to keep them on one side of a split.

    Licence: CC BY 4.0, UCI Machine Learning Repository, data set 69 [1]_.

    References
    ----------
    .. [1] M. O. Noordewier, G. G. Towell and J. W. Shavlik, "Training knowledge-based neural networks to
       recognize genes in DNA sequences", Advances in Neural Information Processing Systems 3, 1991.

    Examples
    --------
    >>> from skseq.datasets import load_splice_junctions
    >>> junctions = load_splice_junctions()
    >>> print(junctions.data[0], junctions.target[0])
    AGACCCGCCGGGAGGCGGAGGACCTGCAGGGTGAGCCCCACCGCCCCTCCGTGCCCCCGC EI
    >>> X, y = load_splice_junctions(encoding="ids", return_X_y=True)
    >>> X.shape, X[0, :5]
    ((3190, 60), array([4, 6, 4, 5, 5]))
    """
    check_option("encoding", encoding, ("string", "ids"))
    return_X_y, as_frame = check_bool("return_X_y", return_X_y), check_bool("as_frame", as_frame)
    pandas = import_pandas("as_frame=True", "as_frame=False") if as_frame else None
    columns = read_columns("splice_junctions.csv.gz")
    data, target = np.array(columns["sequence"]), np.array(columns["junction"])
    feature_names = ["sequence"]
    if encoding == "ids":
        data = _to_ids(data)
        feature_names = [f"{position:+d}" for position in (*range(-30, 0), *range(1, 31))]
    frame = None
    if as_frame:
        frame = pandas.DataFrame(data.reshape(len(data), -1), columns=feature_names)
        data = frame["sequence"] if encoding == "string" else frame
        target = pandas.Series(target, name="junction")
        frame = frame.assign(junction=target)
    if return_X_y:
        return data, target
    return Bunch(
        data=data,
        target=target,
        frame=frame,
        target_names=np.array(["EI", "IE", "N"]),
        feature_names=feature_names,
        vocabulary=list(VOCABULARY),
        DESCR=DESCR,
    )


def _to_ids(windows):
    """Return the letters of equally long texts as ids, shape (n, letters)."""
    letters = windows.view("U1").reshape(len(windows), -1)
    order = np.argsort(VOCABULARY)
    return order[np.searchsorted(np.array(VOCABULARY)[order], letters)].astype(np.intp, copy=False)
