"""Every measure that tells a rare class from a common one, side by side."""

import numpy as np

from skseq._optional import import_pandas
from skseq._validation import check_option

from ._contingency_table import contingency_table, one_against_the_others
from ._expected_cost import costs_of_targets, mean_cost
from ._geometric_mean import geometric_mean_score
from ._targets import check_all_named, check_targets, join_sequences


def imbalance_report(y_true, y_pred, *, labels=None, cost_matrix=None, sample_weight=None, output="text"):
    """Report how well each class is told from the others.

    Parameters
    ----------
    y_true : array-like of shape (n,), or one label per step
        True class labels. Labels of steps, a list of n arrays (steps_i,) or an array (n, steps), are laid end to end.
    y_pred : as ``y_true``
        Predicted class labels.
    labels : array-like of shape (n_classes,), default=None
        All classes in the order wanted. None takes those that occur, sorted.
    cost_matrix : array-like of shape (n_classes, n_classes) or (n, n_classes, n_classes), default=None
        ``cost_matrix[i, j]`` is the cost of predicting class j for a row of class i, in the order of ``labels``, unless
        a dict or a DataFrame names the classes; with n matrices each row has its own. See :func:`expected_cost`. None
        leaves costs out.
    sample_weight : array-like of shape (n,), default=None
        Weights of zero or more. For labels of steps, also in the form of ``y_true``.
    output : {"text", "dict", "frame"}, default="text"
        A table to print, nested dicts, or a pandas DataFrame.

    Returns
    -------
    str, dict or DataFrame
        For each class

        - support: its rows (or their weight);
        - recall: the part of them that was predicted so;
        - specificity: the part of the other rows that was not;
        - precision: the part of the rows predicted so that are of the class;
        - f1: the harmonic mean of precision and recall;
        - g_mean: the geometric mean of recall and specificity;
        - cost: the mean cost of a row of the class, with ``cost_matrix``.

        A quotient of zero rows is 0. Under them "mean" has the sum of the supports and the mean of the others over the
        classes that occur in ``y_true``; the cost there is the mean over rows, :func:`expected_cost`; the recall is
        the balanced accuracy. The dict is ``{"classes": {label: {...}}, "mean": {...}, "accuracy": ...,
        "geometric_mean": ...}``, where "geometric_mean" is :func:`geometric_mean_score`, and "expected_cost" is added
        with ``cost_matrix``. The frame has the classes and "mean" as rows and the other numbers in ``attrs``.

    Raises
    ------
    ValueError, TypeError
        If the labels are empty, differ in number, are not class labels or not among ``labels``, or the cost matrix is
        not a finite one for these classes.
    ImportError
        If ``output="frame"`` and pandas is not installed.

    See Also
    --------
    contingency_table : The counts behind the report.
    sklearn.metrics.classification_report : Precision, recall and F1.

    Examples
    --------
    >>> from skseq.metrics import imbalance_report
    >>> y_true = ["rare"] * 4 + ["other"] * 16
    >>> y_pred = ["rare"] * 3 + ["other"] * 15 + ["rare"] * 2
    >>> print(imbalance_report(y_true, y_pred, labels=["rare", "other"], cost_matrix=[[0, 10], [1, 0]]))
           support  recall  specificity  precision     f1  g_mean   cost
    rare         4   0.750        0.875      0.600  0.667   0.810  2.500
    other       16   0.875        0.750      0.933  0.903   0.810  0.125
    mean        20   0.812        0.812      0.767  0.785   0.810  0.600
    <BLANKLINE>
    accuracy 0.850   geometric mean 0.810   expected cost 0.600
    """
    check_option("output", output, ("text", "dict", "frame"))
    pandas = import_pandas("output='frame'", "output='text' or 'dict'") if output == "frame" else None
    report = _measure(y_true, y_pred, labels, cost_matrix, sample_weight)
    if output == "dict":
        return report
    return _as_text(report) if output == "text" else _as_frame(report, pandas)


def _measure(y_true, y_pred, labels, cost_matrix, sample_weight):
    """Return the report as nested dicts."""
    y_true, y_pred, sample_weight, lengths = join_sequences(y_true, y_pred, sample_weight)
    y_true, y_pred, labels, sample_weight = check_targets(y_true, y_pred, labels, sample_weight)
    check_all_named(labels, y_true, y_pred)
    table = contingency_table(y_true, y_pred, labels=labels, sample_weight=sample_weight)
    columns = one_against_the_others(table)
    occurs = columns["support"] > 0
    mean = {name: column[occurs].mean() for name, column in columns.items()}
    mean["support"] = columns["support"].sum()
    overall = {
        "accuracy": (np.diag(table.counts) / table.total).sum(),
        "geometric_mean": geometric_mean_score(y_true, y_pred, sample_weight=sample_weight),
    }
    if cost_matrix is not None:
        costs = costs_of_targets(y_true, y_pred, cost_matrix, labels, lengths)
        columns["cost"] = np.array([mean_cost(costs, sample_weight, y_true == label) for label in labels])
        mean["cost"] = overall["expected_cost"] = mean_cost(costs, sample_weight)
    names = labels.tolist()
    return {
        "classes": {name: {key: _plain(column[k]) for key, column in columns.items()} for k, name in enumerate(names)},
        "mean": {key: _plain(value) for key, value in mean.items()},
        **{key: _plain(value) for key, value in overall.items()},
    }


def _plain(value):
    """Return a Python number, which prints and serialises as such."""
    return np.asarray(value).item()


def _as_text(report):
    rows = [*report["classes"].items(), ("mean", report["mean"])]  # a class may be called "mean" too
    keys = list(report["mean"])
    lines = [["", *keys]]
    for name, row in rows:
        lines.append([str(name), f"{row['support']:.6g}", *(_three_digits(row[key]) for key in keys[1:])])
    widths = [max(map(len, column)) for column in zip(*lines)]
    table = [
        "  ".join([line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:]))])
        for line in lines
    ]
    others = [
        f"{key.replace('_', ' ')} {_three_digits(report[key])}" for key in report if key not in ("classes", "mean")
    ]
    return "\n".join([*table, "", "   ".join(others)])


def _three_digits(value):
    return f"{value:.3f}" if abs(value) < 1e4 else f"{value:.4g}"


def _as_frame(report, pandas):
    frame = pandas.DataFrame([*report["classes"].values(), report["mean"]], index=[*report["classes"], "mean"])
    frame.attrs.update({key: value for key, value in report.items() if key not in ("classes", "mean")})
    return frame
