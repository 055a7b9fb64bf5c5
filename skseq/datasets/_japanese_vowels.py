"""Japanese Vowels: nine speakers, one utterance each row."""

import numpy as np
from sklearn.utils import Bunch

from skseq._optional import import_pandas
from skseq._validation import check_bool, check_option

from ._bundled import read_columns

DESCR = """\
Japanese Vowels
---------------
640 utterances of the two Japanese vowels /ae/ by nine male speakers. Each utterance is a sequence of 7 to 29
steps (frames of 25.6 ms, shifted by 6.4 ms, of sound sampled at 10 kHz); each step holds 12 LPC cepstrum
coefficients without unit. The task is to recognise the speaker.

The official split trains on 270 utterances, 30 a speaker, and tests on 370 recorded on other occasions: 31,
35, 88, 44, 29, 24, 40, 50 and 29 of speakers 1 to 9.

Source: M. Kudo, J. Toyama and M. Shimbo, "Multidimensional curve classification using passing-through
regions", Pattern Recognition Letters 20 (11-13), pages 1103-1111, 1999. UCI Machine Learning Repository,
data set 128, https://archive.ics.uci.edu/dataset/128/japanese+vowels
Licence: Creative Commons Attribution 4.0 International (CC BY 4.0). The numbers are unchanged; the two files
of the original are joined into one table.
"""


def load_japanese_vowels(*, subset="all", return_X_y=False, as_frame=False):
    """Load the Japanese Vowels: ragged sequences of nine speakers (classification).

    =================   =======================================
    Sequences           640 (270 train, 370 test)
    Steps               7 to 29
    Features a step     12 LPC cepstrum coefficients, no unit
    Classes             9 speakers
    =================   =======================================

    Parameters
    ----------
    subset : {"all", "train", "test"}, default="all"
        Which part of the official split to load. "all" has the 270 training utterances first.
    return_X_y : bool, default=False
        Return ``(data, target)`` instead of a Bunch.
    as_frame : bool, default=False
        Give ``data``, ``target`` and ``frame`` as pandas objects, in long format: one row a step.

    Returns
    -------
    data : :class:`~sklearn.utils.Bunch`
        With the attributes

        data : list of n ndarrays of shape (steps_i, 12), float64
            With ``as_frame=True`` a DataFrame (total steps, 12) with the index (sequence, step).
        target : ndarray of shape (n,), int64
            The speaker, 1 to 9. With ``as_frame=True`` a Series with the index sequence.
        split : ndarray of shape (n,), str
            "train" or "test": the part of the official split that each utterance belongs to.
        target_names : ndarray of shape (9,), str
            The nine speakers.
        feature_names : list of 12 str
            The coefficients.
        frame : DataFrame of shape (total steps, 16)
            Only with ``as_frame=True``: sequence, split, speaker, step and the 12 coefficients.
        DESCR : str
            Description, source and licence.
    (data, target) : tuple
        If ``return_X_y=True``.

    Raises
    ------
    ValueError
        If ``subset`` is not an option.
    ImportError
        If ``as_frame=True`` and pandas is not installed.

    Notes
    -----
    Licence: CC BY 4.0, UCI Machine Learning Repository, data set 128 [1]_.

    References
    ----------
    .. [1] M. Kudo, J. Toyama and M. Shimbo, "Multidimensional curve classification using passing-through
       regions", Pattern Recognition Letters 20 (11-13), pages 1103-1111, 1999.

    Examples
    --------
    >>> from skseq.datasets import load_japanese_vowels
    >>> X_train, y_train = load_japanese_vowels(subset="train", return_X_y=True)
    >>> len(X_train), X_train[0].shape, y_train[0]
    (270, (20, 12), np.int64(1))
    """
    check_option("subset", subset, ("all", "train", "test"))
    return_X_y, as_frame = check_bool("return_X_y", return_X_y), check_bool("as_frame", as_frame)
    pandas = import_pandas("as_frame=True", "as_frame=False") if as_frame else None
    columns = _read(subset)
    feature_names = [f"lpc{i}" for i in range(1, 13)]
    first = np.flatnonzero(columns["step"] == 0)
    split, target = columns["split"][first], columns["speaker"][first]
    frame = None
    if as_frame:
        frame = pandas.DataFrame(columns)
        data = frame.set_index(["sequence", "step"])[feature_names]
        target = pandas.Series(target, index=pandas.Index(columns["sequence"][first], name="sequence"), name="speaker")
    else:
        values = np.column_stack([columns[name] for name in feature_names])
        # Copies: changing one utterance, or keeping it alone, must not touch or hold the others.
        data = [part.copy() for part in np.split(values, first[1:])]
    if return_X_y:
        return data, target
    return Bunch(
        data=data,
        target=target,
        split=split,
        frame=frame,
        target_names=np.array([f"speaker {i}" for i in range(1, 10)]),
        feature_names=feature_names,
        DESCR=DESCR,
    )


def _read(subset):
    """Return the columns of the file as arrays, one entry a step, of the rows in ``subset``."""
    texts = read_columns("japanese_vowels.csv.gz")
    kinds = {"split": np.str_, "sequence": np.int64, "speaker": np.int64, "step": np.int64}
    columns = {name: np.array(text, dtype=kinds.get(name, np.float64)) for name, text in texts.items()}
    if subset == "all":
        return columns
    kept = columns["split"] == subset
    return {name: column[kept] for name, column in columns.items()}
