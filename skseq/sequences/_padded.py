"""A padded array to sequences of their own lengths."""

import numpy as np

from ._arrays import to_array
from ._values import refuse_kind


def from_padded(array, *, channels_first=False, lengths=None):
    """Return the sequences of an array that pads the shorter ones with NaN.

    Parameters
    ----------
    array : array-like of shape (n, steps, features) or (n, steps)
        Padded at the end. A masked array has NaN where it is masked.
    channels_first : bool, default=False
        Whether the shape is (n, features, steps), as in aeon, sktime and PyTorch's convolutions.
    lengths : array-like of shape (n,), default=None
        Number of steps of each sequence; what follows is cut, whatever it holds. None cuts the steps at the end in
        which every feature is NaN.

    Returns
    -------
    list of n ndarrays of shape (steps_i, features) or (steps_i,)
        Views of ``array``. A NaN before the end stays, for an imputer.

    Raises
    ------
    ValueError
        If the array is not of such a shape, a sequence has no step left, or ``lengths`` do not fit.
    TypeError
        If the array holds no numbers.

    See Also
    --------
    from_long : Sequences from a table with one row per step.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq.sequences import from_padded
    >>> padded = np.array([[[1.0, 2.0, 3.0]], [[4.0, np.nan, np.nan]]])
    >>> padded.shape  # 2 sequences, 1 feature, 3 steps
    (2, 1, 3)
    >>> [x.tolist() for x in from_padded(padded, channels_first=True)]
    [[[1.0], [2.0], [3.0]], [[4.0]]]
    """
    try:
        array = to_array(array, "array", allow_masked=True)
    except ValueError as error:
        if "inhomogeneous" not in str(error):
            raise
        raise ValueError(
            "array has sequences of different shapes. Give an array that is padded to one length."
        ) from None
    refuse_kind(array.dtype, "array")
    if array.dtype == object:
        raise TypeError("array has dtype object, but numbers are needed. Give array.astype(float).")
    if array.ndim != 3 and (array.ndim != 2 or channels_first):
        wanted = "(n, features, steps)" if channels_first else "(n, steps, features) or (n, steps)"
        raise ValueError(f"array has shape {array.shape}, expected {wanted}.")
    if 0 in array.shape:
        raise ValueError(f"array has shape {array.shape}: it is empty. Give at least one sequence of one step.")
    if channels_first:
        array = array.swapaxes(1, 2)
    lengths = _own_lengths(array) if lengths is None else _check_lengths(lengths, array)
    return [sequence[:length] for sequence, length in zip(array, lengths.tolist())]


def _own_lengths(array):
    """Return the number of steps up to the last one with a value."""
    n, steps = array.shape[:2]
    if array.dtype.kind != "f":
        return np.full(n, steps)
    padding = np.isnan(array).reshape(n, steps, -1).all(axis=2)
    lengths = steps - padding[:, ::-1].argmin(axis=1)
    empty = padding.all(axis=1)
    if empty.any():
        raise ValueError(
            f"array[{int(empty.argmax())}] holds NaN only, so no step is left; {int(empty.sum())} of {n} sequences are "
            "empty. Drop them, or give lengths."
        )
    return lengths


def _check_lengths(lengths, array):
    n, steps = array.shape[:2]
    if np.ma.is_masked(lengths):
        raise ValueError("lengths is a masked array with masked values. Give the length of each sequence.")
    lengths = np.asarray(lengths)
    if lengths.shape != (n,):
        raise ValueError(f"lengths has shape {lengths.shape}, expected ({n},). Give one length for each sequence.")
    if lengths.dtype.kind not in "iu":
        whole = lengths.astype(np.intp) if lengths.dtype.kind == "f" and np.isfinite(lengths).all() else None
        if whole is None or (whole != lengths).any():
            raise ValueError(f"lengths has dtype {lengths.dtype}, but integers are needed.")
        lengths = whole
    bad = (lengths < 1) | (lengths > steps)
    if bad.any():
        i = int(bad.argmax())
        raise ValueError(f"lengths[{i}] is {lengths[i]}, but array[{i}] has {steps} steps. Give 1 to {steps}.")
    return lengths
