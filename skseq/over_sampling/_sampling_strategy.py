"""The number of new rows of each class."""

from skseq._samplers import name_of, totals_after

#: Options of ``sampling_strategy`` given as text.
NAMES = {
    "auto": "not majority",
    "minority": "minority",
    "not majority": "not majority",
    "not minority": "not minority",
    "all": "all",
}


def resolve_sampling_strategy(strategy, target):
    """Return the number of new rows of each targeted class.

    Parameters
    ----------
    strategy : str, float, dict or callable
        A name brings its classes up to the size of the largest.
    target : Target

    Returns
    -------
    dict
        Class to number of new rows, zero included, in the sorted order of the classes.

    Raises
    ------
    ValueError, TypeError
        If the strategy is not one of the forms, or asks for fewer rows than there are.
    """
    counts = target.counts
    totals = totals_after(strategy, target, NAMES, max, _of_ratio)
    for label, total in totals.items():
        if total < counts[label]:
            raise ValueError(
                f"{name_of(strategy)} asks for {total} rows of class {label!r}, which has {counts[label]} already. "
                "Over-sampling only adds rows: give that number or more, or leave the class out."
            )
    return {label: total - counts[label] for label, total in totals.items()}


def _of_ratio(ratio, counts):
    """Bring the smaller of two classes up to ``ratio`` times the larger."""
    majority = max(counts, key=counts.get)
    (minority,) = (label for label in counts if label != majority)
    n, largest = counts[minority], counts[majority]
    total = int(largest * ratio)
    if int(largest * ratio - n) <= 0:
        raise ValueError(
            f"sampling_strategy={ratio!r} asks for {total} rows of class {minority!r}, which "
            f"has {n} already, so there is nothing to add. Give a ratio well above {n}/{largest} = "
            f"{n / largest:.4g}, or 'auto', which lets classes of equal size pass."
        )
    return {minority: n + int(largest * ratio - n)}
