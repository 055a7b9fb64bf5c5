"""A long table, one row a step, to sequences."""

from skseq._validation import check_option

from ._columns import block_of, is_category, numbers
from ._frames import refuse_column
from ._runs import Runs
from ._tables import labels, listed, open_table


def from_long(table, *, by, sort=None, features=None, y=None, y_per="sequence", static=None):
    """Return the sequences of a long table, which has one row per step.

    Parameters
    ----------
    table : DataFrame of pandas or polars, or Table of pyarrow
        Its rows in any order.
    by : str or list of str
        The column that identifies the sequence of each row, or several that do together. With pandas, levels of the
        index may be named as well.
    sort : str or list of str, default=None
        The column by which the steps of a sequence are ordered, such as a time stamp. None keeps the order of the rows.
    features : str or list of str, default=None
        The columns of the features. None takes all except those of ``by``, ``sort``, ``y`` and ``static``.
    y : str, default=None
        The column of the targets.
    y_per : {"sequence", "step"}, default="sequence"
        Whether y is one target per sequence, the same on all of its rows, or one per step.
    static : str or list of str, default=None
        Columns that describe a sequence as a whole, such as the age of a person: the same on all rows of a sequence, or
        missing on some. The value is repeated at each step, as a feature after those of ``features``.

    Returns
    -------
    X : list of ndarrays of shape (steps_i, features), or of frames
        The sequences in the order of ``keys``. Arrays are views of one block, float32 or integer if all features are,
        else float64, with booleans as 0 and 1 and missing values as NaN. If a feature holds no numbers but text or
        categories, X is a list of frames of the table's library; ``features="word"``, a single name of such a column,
        gives arrays (steps_i,) of objects instead.
    y : ndarray of shape (n_sequences,), list of ndarrays of shape (steps_i,), or None
        None if no ``y`` was named.
    keys : Index, Series or Array
        The value of ``by`` of each sequence, sorted; of several columns a MultiIndex, DataFrame or Table.

    Raises
    ------
    TypeError
        If ``table`` is not a table, a feature holds dates, durations, lists or structs, or ``by`` or ``sort`` values
        that have no order.
    ValueError
        If the table is empty, a column is missing or named twice, ``by``, ``sort`` or ``y`` has missing values, a
        sequence has two steps of equal ``sort``, or ``y`` or a static column changes within a sequence.

    See Also
    --------
    to_long : The way back, for predictions.
    from_padded : Sequences from a padded array.

    Notes
    -----
    The table is sorted once, and not at all if it is in order. That takes about as long as
    ``table.sort_values([by, sort])`` of pandas, as ``benchmarks/long_tables.py`` measures.

    Examples
    --------
    >>> import pandas as pd
    >>> from skseq.sequences import from_long
    >>> table = pd.DataFrame({
    ...     "machine": ["b", "a", "b", "a", "b"],
    ...     "hour": [0, 1, 2, 0, 1],
    ...     "load": [5.0, 2.0, 7.0, 1.0, 6.0],
    ...     "age": [3, 9, 3, 9, 3],
    ...     "state": ["ok", "worn", "ok", "worn", "ok"],
    ... })
    >>> X, y, keys = from_long(table, by="machine", sort="hour", y="state", static="age")
    >>> X
    [array([[1., 9.],
           [2., 9.]]), array([[5., 3.],
           [6., 3.],
           [7., 3.]])]
    >>> y, list(keys)
    (array(['worn', 'ok'], dtype=object), ['a', 'b'])
    """
    opened = open_table(table)
    check_option("y_per", y_per, ("sequence", "step"))
    named = by
    by, sort, static = (_names(opened, name, names) for name, names in (("by", by), ("sort", sort), ("static", static)))
    if not by:
        raise ValueError(f"by={named!r} names no column. Name the column that identifies each sequence.")
    single = features if features is not None and not _is_several(opened, features) else None
    features = _features(opened, features, by, sort, y, static)
    runs = Runs(opened, by, sort)
    columns = {}
    for name in dict.fromkeys([*features, *static]):
        column = opened.locate(name, "features")
        columns[name] = runs.repeated(column, name) if name in static else runs.in_order(column)
    keys = opened.keys({name: opened.take(opened.locate(name, "by"), runs.first_rows) for name in by})
    return _split(opened, columns, runs, single), _targets(runs, y, y_per), keys


def _is_several(opened, names):
    """Whether a parameter lists names; a tuple may be one name, of a column of pandas with several levels."""
    if isinstance(names, (str, bytes)) or not hasattr(names, "__iter__"):
        return False
    return not (isinstance(names, tuple) and names in opened.names)


def _names(opened, parameter, names):
    """Return the names of columns that a parameter gives as a list."""
    names = [] if names is None else list(names) if _is_several(opened, names) else [names]
    for i, name in enumerate(names):
        opened.locate(name, parameter)
        if name in names[:i]:
            raise ValueError(f"{parameter}={names!r} names {name!r} twice. Name each column once.")
    return names


def _features(opened, features, by, sort, y, static):
    targets = [] if y is None else [y]
    if y is not None:
        opened.locate(y, "y")
    for parameter, names, other, others in (
        ("y", targets, "by", by),
        ("static", static, "by", by),
        ("static", static, "y", targets),
    ):
        shared = [name for name in names if name in others]
        if shared:
            raise ValueError(f"{parameter} and {other} both name the column {shared[0]!r}. Name it in one of them.")
    if features is None:
        features = [name for name in opened.names if name not in [*by, *sort, *targets, *static]]
    else:
        features = _names(opened, "features", features)
        for parameter, names in (("by", by), ("y", targets)):
            shared = [name for name in features if name in names]
            if shared:
                raise ValueError(
                    f"features and {parameter} both name the column {shared[0]!r}. Name it in one of them."
                )
    if not features and not static:
        raise ValueError(f"No column is left for the features: the columns are {listed(opened.names)}.")
    return features


def _split(opened, columns, runs, single):
    """Return the sequences of sorted columns, a dict by name."""
    starts, stops = runs.starts.tolist(), runs.stops.tolist()
    arrays = {name: numbers(column) for name, column in columns.items()}
    for name, values in arrays.items():
        if values is None and not is_category(columns[name]):
            refuse_column(columns[name], name)
    if all(values is not None for values in arrays.values()):
        block = block_of(list(arrays.values()), opened.n_rows)
        return [block[start:stop] for start, stop in zip(starts, stops)]
    if single is not None and len(columns) == 1:
        values = labels(columns[single])
        return [values[start:stop] for start, stop in zip(starts, stops)]
    return opened.pieces(opened.frame(columns), starts, stops)


def _targets(runs, y, y_per):
    if y is None:
        return None
    column = runs.opened.locate(y, "y")
    if y_per == "sequence":
        return labels(runs.constant(column, y))
    runs.refuse_missing(column, y, "y")
    values = labels(runs.in_order(column))
    return [values[start:stop] for start, stop in zip(runs.starts.tolist(), runs.stops.tolist())]
