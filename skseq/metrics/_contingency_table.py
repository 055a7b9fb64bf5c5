"""The contingency table of true and predicted classes."""

import warnings
from html import escape

import numpy as np
from sklearn.metrics import confusion_matrix

from ._targets import check_targets


class ContingencyTable:
    """Counts of rows by true class and predicted class, with their labels.

    Made by :func:`contingency_table`. ``print`` shows it as text, notebooks show it as a shaded table, and
    ``np.asarray`` gives the counts.

    Parameters
    ----------
    counts : array-like of shape (n_classes, n_classes)
        Rows (or their weights) of true class i (first axis) that were predicted as class j (second axis).
    labels : array-like of shape (n_classes,)
        The classes.

    Attributes
    ----------
    counts : ndarray of shape (n_classes, n_classes), int64, or float64 for weighted rows
        As given.
    labels : ndarray of shape (n_classes,)
        As given.
    rates : ndarray of shape (n_classes, n_classes), float64
        Counts divided by the total of their true class: each row adds up to 1, or is 0 if the class does not occur.
        The diagonal is the recall of each class.
    true_totals : ndarray of shape (n_classes,)
        Rows of each true class.
    predicted_totals : ndarray of shape (n_classes,)
        Rows predicted as each class.
    total : int or float
        All rows.

    Raises
    ------
    ValueError
        If the counts are not a square of numbers of zero or more, with one label for each class.

    See Also
    --------
    contingency_table : Makes one from labels.
    ContingencyTableDisplay : Draws one.

    Examples
    --------
    >>> from skseq.metrics import ContingencyTable
    >>> table = ContingencyTable([[2, 1], [1, 4]], ["rare", "other"])
    >>> table.rates.round(2)
    array([[0.67, 0.33],
           [0.2 , 0.8 ]])
    """

    def __init__(self, counts, labels):
        self.counts = np.asarray(counts)
        self.labels = np.asarray(labels)
        n = len(np.atleast_1d(self.labels))
        if self.counts.shape != (n, n) or self.counts.dtype.kind not in "iuf" or not (self.counts >= 0).all():
            raise ValueError(
                f"counts must be numbers of zero or more of shape ({n}, {n}), one row and column for each of the {n} "
                f"labels, got shape {self.counts.shape} and dtype {self.counts.dtype}. Use contingency_table to count."
            )

    @property
    def true_totals(self):
        """Rows of each true class."""
        return self.counts.sum(axis=1)

    @property
    def predicted_totals(self):
        """Rows predicted as each class."""
        return self.counts.sum(axis=0)

    @property
    def total(self):
        """All rows."""
        return self.counts.sum().item()

    @property
    def rates(self):
        """Counts divided by the total of their true class."""
        return _quotient(self.counts, self.true_totals[:, None])

    def __array__(self, dtype=None, copy=None):
        """Return the counts."""
        return np.array(self.counts, dtype=dtype, copy=copy)

    def __repr__(self):
        return str(self)

    def __str__(self):
        rows = self._rows()
        widths = [max(map(len, column)) for column in zip(*rows)]
        return "\n".join(_line(row, widths) for row in rows)

    def _repr_html_(self):
        """Return the table as HTML, cells shaded by rate."""
        head, *rows = [[escape(cell) for cell in row] for row in self._rows()]
        n = len(self.labels)
        lines = ["".join(f"<th>{cell}</th>" for cell in head)]
        for i, (name, *cells) in enumerate(rows):
            shaded = "".join(map(_html_cell, self.counts[i], self.rates[i])) if i < n else ""
            plain = "".join(f"<td>{cell}</td>" for cell in (cells[n:] if i < n else cells))
            lines.append(f"<th>{name}</th>{shaded}{plain}")
        body = "".join(f"<tr>{line}</tr>" for line in lines)
        return f'<table class="skseq-contingency-table">{body}</table>'

    def _rows(self):
        """Return all that the table shows as lists of text: a head, a row for each class, totals, precision."""
        recall, precision = np.diag(self.rates), _quotient(np.diag(self.counts), self.predicted_totals)
        names = [str(label) for label in self.labels.tolist()]
        rows = [["true \\ predicted", *names, "total", "recall"]]
        for name, counts, total, rate in zip(names, self.counts, self.true_totals, recall):
            rows.append([name, *map(_number, counts), _number(total), _percent(rate, total)])
        rows.append(["total", *map(_number, self.predicted_totals), _number(self.counts.sum()), ""])
        rows.append(["precision", *map(_percent, precision, self.predicted_totals), "", ""])
        return rows


def one_against_the_others(table):
    """Return how well each class of a :class:`ContingencyTable` is told from the others.

    Sums only: a difference of sums of weights, such as all rows minus those of the class, is not exactly 0 where it
    should be.

    Returns
    -------
    dict of ndarray of shape (n_classes,)
        "support", "recall", "specificity", "precision", "f1", "g_mean"; a quotient of zero rows is 0.
    """
    shares = table.counts / (table.counts.max() or 1)  # so that no sum overflows
    right = np.diag(shares)
    of_class, predicted = shares.sum(axis=1), shares.sum(axis=0)
    others = ~np.eye(len(right), dtype=bool)
    negatives = np.array([of_class[row].sum() for row in others])
    rejected = np.array([shares[np.ix_(row, row)].sum() for row in others])
    recall, specificity = _quotient(right, of_class), np.minimum(_quotient(rejected, negatives), 1.0)
    return {
        "support": table.true_totals,
        "recall": recall,
        "specificity": specificity,
        "precision": _quotient(right, predicted),
        "f1": _quotient(2 * right, of_class + predicted),
        "g_mean": np.sqrt(recall * specificity),
    }


def _quotient(counts, totals):
    """Return counts / totals, 0 where a total is 0."""
    return np.divide(counts, totals, out=np.zeros(np.shape(counts)), where=totals != 0)


def _number(value):
    return f"{value:d}" if isinstance(value, np.integer) else f"{value:.6g}"


def _percent(rate, total):
    return f"{100 * rate:.1f} %" if total else "-"


def _line(cells, widths):
    first, *others = (
        cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(cells, widths))
    )
    return "  ".join([first, *others]).rstrip()


def _html_cell(count, rate):
    # Opaque shades, and text that turns white on dark ones, so that both can be read on a dark page too.
    red, green, blue = (round(255 - rate * (255 - end)) for end in (8, 81, 156))
    style = f"background: rgb({red}, {green}, {blue}); color: {'white' if rate > 0.75 else 'black'}"
    return f'<td style="{style}">{_number(count)}<br><small>{100 * rate:.1f} %</small></td>'


def contingency_table(y_true, y_pred, *, labels=None, sample_weight=None):
    r"""Count rows by true and predicted class.

    The counts are those of :func:`sklearn.metrics.confusion_matrix`, with labels, rates and totals around them.

    Parameters
    ----------
    y_true : array-like of shape (n,), or one label per step
        True class labels. Labels of steps, a list of n arrays (steps_i,) or an array (n, steps), are laid end to end.
    y_pred : as ``y_true``
        Predicted class labels.
    labels : array-like of shape (n_classes,), default=None
        The classes in the order wanted. Rows with another true or predicted class are left out. None takes all
        classes that occur, sorted.
    sample_weight : array-like of shape (n,), default=None
        Weights of zero or more, which are added up in place of the rows.

    Returns
    -------
    ContingencyTable
        With ``counts``, ``rates``, ``labels``, ``true_totals``, ``predicted_totals`` and ``total``.

    Raises
    ------
    ValueError, TypeError
        If the labels are empty, differ in number, are not class labels, or none of ``labels`` occurs.

    See Also
    --------
    ContingencyTableDisplay : Draws the table.
    imbalance_report : Recall, precision and more of each class.

    Examples
    --------
    >>> from skseq.metrics import contingency_table
    >>> y_true = ["rare", "rare", "rare", "other", "other", "other", "other", "other"]
    >>> y_pred = ["rare", "rare", "other", "other", "other", "other", "other", "rare"]
    >>> table = contingency_table(y_true, y_pred, labels=["rare", "other"])
    >>> print(table)
    true \ predicted    rare   other  total  recall
    rare                   2       1      3  66.7 %
    other                  1       4      5  80.0 %
    total                  3       5      8
    precision         66.7 %  80.0 %
    >>> table.counts
    array([[2, 1],
           [1, 4]])
    """
    y_true, y_pred, labels, sample_weight = check_targets(y_true, y_pred, labels, sample_weight)
    with warnings.catch_warnings():
        # scikit-learn warns that one class gives a matrix without labels; here it has its label.
        warnings.filterwarnings("ignore", "A single label was found", UserWarning)
        # scikit-learn wants a label that occurs in y_true; a table of classes that were only predicted is empty.
        if not np.isin(labels, y_true).any():
            dtype = np.int64 if sample_weight is None else np.float64
            return ContingencyTable(np.zeros((len(labels), len(labels)), dtype=dtype), labels)
        return ContingencyTable(confusion_matrix(y_true, y_pred, labels=labels, sample_weight=sample_weight), labels)
