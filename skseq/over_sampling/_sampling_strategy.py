"""How many new rows each class gets, in the forms that imbalanced-learn has made familiar."""

from numbers import Integral, Real

#: Options of ``sampling_strategy`` given as text.
NAMED = ("auto", "minority", "not majority", "not minority", "all")

#: What a strategy may be, for error messages.
FORMS = (
    f"one of {', '.join(map(repr, NAMED))}, a float (the ratio of the minority to the majority class, for "
    "two classes only), a dict from class to its number of rows after resampling, or a callable that takes y "
    "and returns such a dict"
)


def resolve_sampling_strategy(strategy, target):
    """Return how many new rows each targeted class gets.

    Parameters
    ----------
    strategy : str, float, dict or callable
        See :data:`FORMS`.
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
    if isinstance(strategy, str):
        new_rows = _from_name(strategy, counts)
    elif isinstance(strategy, dict):
        new_rows = _from_totals(strategy, counts, "sampling_strategy")
    elif isinstance(strategy, Real) and not isinstance(strategy, bool):
        new_rows = _from_ratio(strategy if isinstance(strategy, Integral) else float(strategy), counts)
    elif callable(strategy):
        totals = strategy(target.labels)
        if not isinstance(totals, dict):
            raise TypeError(
                f"The callable sampling_strategy returned {totals!r}, but it must return a dict from class "
                "to its number of rows after resampling."
            )
        new_rows = _from_totals(totals, counts, "The callable sampling_strategy")
    else:
        raise ValueError(f"sampling_strategy={strategy!r} cannot be used; give {FORMS}.")
    return {label: new_rows[label] for label in counts if label in new_rows}


def _from_name(name, counts):
    """Bring the named classes up to the size of the largest."""
    if name not in NAMED:
        raise ValueError(f"sampling_strategy={name!r} is not an option; give {FORMS}.")
    largest = max(counts.values())
    # Of several largest (or smallest) classes the first is the majority (the minority).
    majority = max(counts, key=counts.get)
    minority = min(counts, key=counts.get)
    chosen = {
        "auto": lambda label: label != majority,
        "not majority": lambda label: label != majority,
        "not minority": lambda label: label != minority,
        "minority": lambda label: label == minority,
        "all": lambda label: True,
    }[name]
    return {label: largest - n for label, n in counts.items() if chosen(label)}


def _from_ratio(ratio, counts):
    """Bring the smaller of two classes up to ``ratio`` times the larger."""
    if not 0 < ratio <= 1:
        raise ValueError(f"sampling_strategy={ratio!r} must be above 0 and at most 1 when it is a float.")
    if len(counts) != 2:
        raise ValueError(
            f"sampling_strategy={ratio!r} can be a float only when y has two classes, and y has "
            f"{len(counts)}. Give a dict from class to its number of rows after resampling."
        )
    majority = max(counts, key=counts.get)
    largest = counts[majority]
    new_rows = {label: int(largest * ratio - n) for label, n in counts.items() if label != majority}
    (minority, n_new), *_ = new_rows.items()
    if n_new <= 0:
        n = counts[minority]
        raise ValueError(
            f"sampling_strategy={ratio!r} asks for {int(largest * ratio)} rows of class {minority!r}, which "
            f"has {n} already, so there is nothing to add. Give a ratio well above {n}/{largest} = "
            f"{n / largest:.4g}, or 'auto', which lets classes of equal size pass."
        )
    return new_rows


def _from_totals(totals, counts, name):
    """Read a dict from class to its number of rows after resampling."""
    new_rows = {}
    for label, total in totals.items():
        if label not in counts:
            raise ValueError(f"{name} names the class {label!r}, which is not in y; the classes are {list(counts)}.")
        if not isinstance(total, Integral) or isinstance(total, bool):
            raise TypeError(f"{name} asks for {total!r} rows of class {label!r}; give a whole number.")
        if total >= 2**63:
            raise ValueError(f"{name} asks for 2**63 rows of class {label!r} or more; give the number that is wanted.")
        if total < counts[label]:
            raise ValueError(
                f"{name} asks for {total} rows of class {label!r}, which has {counts[label]} already. "
                "Over-sampling only adds rows: give that number or more, or leave the class out."
            )
        new_rows[label] = int(total) - counts[label]
    return new_rows
