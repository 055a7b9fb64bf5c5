"""Data frames at the door of a sampler. pandas and polars are never imported: a frame comes from a loaded module."""

import sys

import numpy as np
from sklearn.utils.validation import validate_data


def check_frame(estimator, X):
    """Validate a data frame for ``estimator`` and return pandas or polars, or None if X is not a data frame.

    The values are not looked at.
    """
    pandas, polars = sys.modules.get("pandas"), sys.modules.get("polars")
    if polars is not None and isinstance(X, polars.LazyFrame):
        raise TypeError("X is a polars LazyFrame, but its rows are needed. Give X.collect().")
    if pandas is not None and isinstance(X, pandas.DataFrame):
        module = pandas
    elif polars is not None and isinstance(X, polars.DataFrame):
        module = polars
    else:
        return None
    n, columns = X.shape
    for count, what in ((n, "sample(s)"), (columns, "feature(s)")):
        if not count:
            raise ValueError(
                f"Found array with {count} {what} (shape={X.shape}) while a minimum of 1 is required by "
                f"{type(estimator).__name__}. Give X at least one row and one column."
            )
    _check_unique(X.columns)
    validate_data(estimator, X, skip_check_array=True)
    if module is polars:  # older releases of scikit-learn read no names from it
        estimator.feature_names_in_ = np.array(X.columns, dtype=object)
    return module


def _check_unique(names):
    """Raise if a column name is repeated: scikit-learn's newest release could not read the frame."""
    seen = set()
    repeated = [name for name in names if name in seen or seen.add(name)]
    if repeated:
        raise ValueError(f"X has more than one column named {repeated[0]!r}. Rename or drop one.")
