"""A picture of the contingency table."""

import numpy as np

from skseq._optional import import_pyplot
from skseq._validation import check_bool, check_option

from ._contingency_table import ContingencyTable, contingency_table


class ContingencyTableDisplay:
    """Picture of a contingency table, its cells shaded by rate.

    Each cell is shaded by its part of the rows of its true class, not by its count: beside a common class, the counts
    of a rare one would all look empty. Make it with :meth:`from_estimator` or :meth:`from_predictions`.

    Parameters
    ----------
    table : ContingencyTable
        What :func:`contingency_table` returns.

    Attributes
    ----------
    table : ContingencyTable
        As given.
    ax_ : matplotlib Axes
        Where it was drawn.
    figure_ : matplotlib Figure
        The figure of ``ax_``.
    im_ : matplotlib AxesImage
        The shades.
    text_ : ndarray of shape (n_classes, n_classes), matplotlib Text
        The text in each cell; None with ``values=None``.

    See Also
    --------
    contingency_table : The table as numbers and text.
    sklearn.metrics.ConfusionMatrixDisplay : A confusion matrix shaded by its values.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from skseq.metrics import ContingencyTableDisplay
    >>> y_true, y_pred = ["rare", "other", "other", "other"], ["rare", "rare", "other", "other"]
    >>> display = ContingencyTableDisplay.from_predictions(y_true, y_pred, labels=["rare", "other"])
    >>> display.ax_.get_xlabel()
    'predicted'
    >>> plt.close(display.figure_)
    """

    def __init__(self, table):
        self.table = table

    @classmethod
    def from_estimator(cls, estimator, X, y, *, labels=None, sample_weight=None, **plot_options):
        """Draw the table of an estimator's predictions.

        Parameters
        ----------
        estimator : fitted classifier
            Its ``predict`` is called.
        X : array-like
            What it predicts from.
        y : array-like of shape (n,), or one label per step
            True class labels.
        labels : array-like of shape (n_classes,), default=None
            The classes in the order wanted; None for all that occur, sorted.
        sample_weight : array-like of shape (n,), default=None
            Weights of zero or more.
        **plot_options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        ContingencyTableDisplay
            Drawn.
        """
        y_pred = estimator.predict(X)
        return cls.from_predictions(y, y_pred, labels=labels, sample_weight=sample_weight, **plot_options)

    @classmethod
    def from_predictions(cls, y_true, y_pred, *, labels=None, sample_weight=None, **plot_options):
        """Draw the table of true and predicted labels.

        Parameters
        ----------
        y_true : array-like of shape (n,), or one label per step
            True class labels, as in :func:`contingency_table`.
        y_pred : as ``y_true``
            Predicted class labels.
        labels : array-like of shape (n_classes,), default=None
            The classes in the order wanted; None for all that occur, sorted.
        sample_weight : array-like of shape (n,), default=None
            Weights of zero or more.
        **plot_options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        ContingencyTableDisplay
            Drawn.
        """
        table = contingency_table(y_true, y_pred, labels=labels, sample_weight=sample_weight)
        return cls(table).plot(**plot_options)

    def plot(self, *, ax=None, values="both", cmap="Blues", colorbar=False, title=None, im_kw=None, text_kw=None):
        """Draw the table.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        values : {"both", "counts", "rates"} or None, default="both"
            What to write into the cells.
        cmap : str or matplotlib Colormap, default="Blues"
            Shades from rate 0 to rate 1.
        colorbar : bool, default=False
            Whether to draw the scale of the shades.
        title : str, default=None
            Title of the axes.
        im_kw : dict, default=None
            Passed to ``ax.imshow``.
        text_kw : dict, default=None
            Passed to ``ax.text``.

        Returns
        -------
        ContingencyTableDisplay
            This display, with ``ax_``, ``figure_``, ``im_`` and ``text_``.

        Raises
        ------
        ImportError
            If matplotlib is not installed: ``pip install "skseq[plot]"``.
        """
        pyplot = import_pyplot("ContingencyTableDisplay")
        check_option("values", values, ("both", "counts", "rates", None))
        check_bool("colorbar", colorbar)
        if not isinstance(self.table, ContingencyTable):
            raise TypeError(f"table must be what contingency_table returns, got {type(self.table).__name__}.")
        if ax is None:
            side = 1.6 + 0.75 * max(3, len(self.table.labels))
            _, ax = pyplot.subplots(figsize=(side, side), layout="constrained")
        self.ax_, self.figure_ = ax, ax.figure
        self.im_ = ax.imshow(self.table.rates, **{"cmap": cmap, "vmin": 0.0, "vmax": 1.0, **(im_kw or {})})
        self.text_ = None if values is None else self._write(values, text_kw or {})
        self._label(title)
        if colorbar:
            self.figure_.colorbar(self.im_, ax=ax, label="part of the true class")
        return self

    def _write(self, values, text_kw):
        """Write each cell's numbers, in the end of the scale that stands out from the cell."""
        counts, rates = self.table.counts, self.table.rates
        shades, ends = self.im_.cmap(self.im_.norm(rates)), self.im_.cmap([0.0, 1.0])
        texts = np.empty(counts.shape, dtype=object)
        for i, j in np.ndindex(*counts.shape):
            count = f"{counts[i, j]:.6g}"
            rate = f"{100 * rates[i, j]:.1f} %"
            both = f"{count}\n{rate}" if counts[i, j] else "0"
            words = {"counts": count, "rates": rate, "both": both}[values]
            ink = max(ends, key=lambda end: _contrast(end, shades[i, j]))
            style = {"ha": "center", "va": "center", "color": ink, **text_kw}
            texts[i, j] = self.ax_.text(j, i, words, **style)
        return texts

    def _label(self, title):
        names = [str(label) for label in self.table.labels.tolist()]
        places = np.arange(len(names))
        # Long names stand upright, so that they do not run into each other.
        rotation = "vertical" if max(map(len, names)) > 10 else "horizontal"
        self.ax_.set_xticks(places, names, rotation=rotation)
        self.ax_.set_yticks(places, [f"{name} ({total:.6g})" for name, total in zip(names, self.table.true_totals)])
        self.ax_.set(xlabel="predicted", ylabel="true (rows)")
        if title is not None:
            self.ax_.set_title(title)


def _contrast(color, other):
    """Return the contrast of two colours (red, green, blue, alpha): from 1, the same, to 21, black on white.

    As the Web Content Accessibility Guidelines 2.2 define it, with a power of 2.2 in place of the curve of sRGB.
    """
    darker, lighter = sorted(np.dot(np.power(rgba[:3], 2.2), (0.2126, 0.7152, 0.0722)) for rgba in (color, other))
    return (lighter + 0.05) / (darker + 0.05)
