"""First names of the US census of 1990."""

from string import ascii_lowercase

import numpy as np
from sklearn.utils import Bunch

from skseq._optional import import_pandas
from skseq._validation import check_bool, check_option

from ._bundled import read_columns

DESCR = """\
First names
-----------
4,275 female and 1,219 male first names of the US census of 1990, with the share of the women (or men) of the
sample who bear each, in percent. Within each sex the most frequent names stand first. The task is to guess
the sex from the letters.

331 names stand under both sexes (Leslie, Jean, ...), so no classifier that sees the letters alone is always
right.

Source: US Census Bureau, Population Division, "Frequently occurring first names and surnames from the 1990
census", files dist.female.first and dist.male.first, 1995. The names cover about 90 percent of the people in
the sample of the Post-Enumeration Survey.
Licence: public domain, a work of the US government. Names are written with one capital; the cumulative
frequency and the rank are left out.
"""


def load_first_names(*, encoding="string", return_X_y=False, as_frame=False):
    """Load the first names of the US census of 1990: short texts, two classes of 3.5 : 1 (classification).

    =================   ==============================
    Sequences           5,494 (4,275 female, 1,219 male)
    Steps               2 to 11 letters
    Classes             female, male
    =================   ==============================

    331 names occur for both sexes. They appear twice, once under each, so some errors cannot be avoided;
    ``percent`` says how common a name is within its sex.

    Parameters
    ----------
    encoding : {"string", "ids"}, default="string"
        "string" gives each name as text ("Mary"); "ids" gives one integer array a name, letters lower-cased,
        ready for the ``embedding_dim`` of the sequence estimators.
    return_X_y : bool, default=False
        Return ``(data, target)`` instead of a Bunch.
    as_frame : bool, default=False
        Give ``data``, ``target``, ``percent`` and ``frame`` as pandas objects. Needs ``encoding="string"``.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        With the attributes

        data : ndarray of shape (5494,), str, or list of 5494 ndarrays of shape (letters_i,), intp
            The names, or their letters as ids.
        target : ndarray of shape (5494,), str
            "female" or "male".
        percent : ndarray of shape (5494,), float64
            Share of the people of that sex who bear the name, in percent, rounded to 0.001, the smallest
            value.
        target_names : ndarray of shape (2,), str
            "female" and "male".
        feature_names : list of str
            ["name"].
        vocabulary : list of 26 str
            ``vocabulary[id]`` is the letter of an id: a is 0, z is 25.
        frame : DataFrame of shape (5494, 3)
            Only with ``as_frame=True``: name, sex and percent.
        DESCR : str
            Description, source and licence.
    (data, target) : tuple
        If ``return_X_y=True``.

    Raises
    ------
    ValueError
        If ``encoding`` is not an option, or is "ids" together with ``as_frame=True``.
    ImportError
        If ``as_frame=True`` and pandas is not installed.

    Notes
    -----
    Licence: public domain, US Census Bureau [1]_.

    References
    ----------
    .. [1] US Census Bureau, Population Division, "Frequently occurring first names and surnames from the 1990
       census", 1995.

    Examples
    --------
    >>> from skseq.datasets import load_first_names
    >>> names = load_first_names()
    >>> print(names.data[0], names.target[0], names.percent[0])
    Mary female 2.629
    >>> X, y = load_first_names(encoding="ids", return_X_y=True)
    >>> X[0]
    array([12,  0, 17, 24])
    """
    check_option("encoding", encoding, ("string", "ids"))
    return_X_y, as_frame = check_bool("return_X_y", return_X_y), check_bool("as_frame", as_frame)
    if as_frame and encoding == "ids":
        raise ValueError(
            "as_frame=True cannot hold encoding='ids', since the names differ in length. "
            "Use encoding='string' for a frame, or as_frame=False for ids."
        )
    pandas = import_pandas("as_frame=True", "as_frame=False") if as_frame else None
    columns = read_columns("first_names.csv.gz")
    data, target = np.array(columns["name"]), np.array(columns["sex"])
    percent = np.array(columns["percent"], dtype=np.float64)
    frame = None
    if as_frame:
        frame = pandas.DataFrame({"name": data, "sex": target, "percent": percent})
        data, target, percent = (frame[column] for column in frame)
    elif encoding == "ids":
        data = [np.frombuffer(name.lower().encode("ascii"), dtype=np.uint8).astype(np.intp) - 97 for name in data]
    if return_X_y:
        return data, target
    return Bunch(
        data=data,
        target=target,
        percent=percent,
        frame=frame,
        target_names=np.array(["female", "male"]),
        feature_names=["name"],
        vocabulary=list(ascii_lowercase),
        DESCR=DESCR,
    )
