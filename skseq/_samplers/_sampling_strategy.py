"""The number of rows of each class after resampling, in the forms that imbalanced-learn has made familiar."""

from numbers import Integral, Real

#: Which classes a name stands for, given the first of the largest (smallest) classes as the majority (minority).
TARGETED = {
    "minority": lambda label, majority, minority: label == minority,
    "majority": lambda label, majority, minority: label == majority,
    "not minority": lambda label, majority, minority: label != minority,
    "not majority": lambda label, majority, minority: label != majority,
    "all": lambda label, majority, minority: True,
}


def forms_of(names):
    """Return what ``sampling_strategy`` may be if these are its names, for error messages."""
    return (
        f"one of {', '.join(map(repr, names))}, a float (the ratio of the minority to the majority class, for "
        "two classes only), a dict from class to its number of rows after resampling, or a callable that takes y "
        "and returns such a dict"
    )


def totals_after(strategy, target, names, size, of_ratio):
    """Return the number of rows of each targeted class after resampling.

    Parameters
    ----------
    strategy : str, float, dict or callable
    target : Target
    names : dict
        From each name that is allowed to a key of :data:`TARGETED`.
    size : callable
        Takes the numbers of rows of all classes and returns that of the classes that a name stands for.
    of_ratio : callable
        Takes a float and the dict of counts of two classes, and returns a dict as this function does.

    Returns
    -------
    dict
        Class to number of rows, in the sorted order of the classes; not compared with what there is.

    Raises
    ------
    ValueError, TypeError
        If the strategy is not one of the forms.
    """
    counts = target.counts
    if isinstance(strategy, str):
        if strategy not in names:
            raise ValueError(f"sampling_strategy={strategy!r} is not an option; give {forms_of(names)}.")
        targeted = TARGETED[names[strategy]]
        majority, minority = max(counts, key=counts.get), min(counts, key=counts.get)
        totals = {label: size(counts.values()) for label in counts if targeted(label, majority, minority)}
    elif isinstance(strategy, dict):
        totals = _checked(strategy, counts, name_of(strategy))
    elif isinstance(strategy, Real) and not isinstance(strategy, bool):
        totals = of_ratio(_check_ratio(float(strategy), counts), counts)
    elif callable(strategy):
        totals = _checked(strategy(target.labels), counts, name_of(strategy))
    else:
        raise ValueError(f"sampling_strategy={strategy!r} cannot be used; give {forms_of(names)}.")
    return {label: totals[label] for label in counts if label in totals}


def name_of(strategy):
    """Return what errors call a strategy, at the start of a sentence."""
    return "The callable sampling_strategy" if callable(strategy) else "sampling_strategy"


def _check_ratio(ratio, counts):
    if not 0 < ratio <= 1:
        raise ValueError(f"sampling_strategy={ratio!r} must be above 0 and at most 1 when it is a float.")
    if len(counts) != 2:
        raise ValueError(
            f"sampling_strategy={ratio!r} can be a float only when y has two classes, and y has "
            f"{len(counts)}. Give a dict from class to its number of rows after resampling."
        )
    return ratio


def _checked(totals, counts, name):
    """Return a dict of whole numbers for classes of y, or raise."""
    if not isinstance(totals, dict):
        raise TypeError(
            f"{name} returned {totals!r}, but it must return a dict from class to its number of rows after resampling."
        )
    for label, total in totals.items():
        if label not in counts:
            raise ValueError(f"{name} names the class {label!r}, which is not in y; the classes are {list(counts)}.")
        if not isinstance(total, Integral) or isinstance(total, bool):
            raise TypeError(f"{name} asks for {total!r} rows of class {label!r}; give a whole number.")
    return {label: int(total) for label, total in totals.items()}
