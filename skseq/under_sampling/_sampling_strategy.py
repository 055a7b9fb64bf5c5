"""The number of rows kept of each class."""

from skseq._samplers import name_of, totals_after

#: Options of ``sampling_strategy`` given as text.
NAMES = {
    "auto": "not minority",
    "majority": "majority",
    "not minority": "not minority",
    "not majority": "not majority",
    "all": "all",
}


def resolve_sampling_strategy(strategy, target):
    """Return the number of rows to keep of each targeted class.

    Parameters
    ----------
    strategy : str, float, dict or callable
        A name reduces its classes to the size of the smallest.
    target : Target

    Returns
    -------
    dict
        Class to number of rows, in the sorted order of the classes.

    Raises
    ------
    ValueError, TypeError
        If the strategy is not one of the forms, or asks for more rows than there are, or for none.
    """
    counts = target.counts
    totals = totals_after(strategy, target, NAMES, min, _of_ratio)
    for label, total in totals.items():
        if not 1 <= total <= counts[label]:
            raise ValueError(
                f"{name_of(strategy)} asks for {total} rows of class {label!r}, which has {counts[label]}. "
                "Under-sampling keeps at least one row of each class and adds none: give a number between, or leave "
                "the class out to keep all its rows."
            )
    return totals


def _of_ratio(ratio, counts):
    """Reduce the larger of two classes until the smaller is ``ratio`` times its size."""
    minority = min(counts, key=counts.get)
    (majority,) = (label for label in counts if label != minority)
    n, largest = counts[minority], counts[majority]
    total = int(n / ratio)
    if total > largest:
        raise ValueError(
            f"sampling_strategy={ratio!r} asks for {total} rows of class {majority!r}, which has {largest}. "
            f"Under-sampling only drops rows: give a ratio of at least {n}/{largest} = {n / largest:.4g}, or 'auto'."
        )
    return {majority: total}
