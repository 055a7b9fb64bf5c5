"""A picture of how a training went."""

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skseq._optional import import_pyplot

from ._inner_network import inner_network
from ._style import LINE_COLORS, one_axes

#: The panels: what each axis says, and the columns of a history that it shows.
PANELS = {
    "loss": ("mean loss, in its own units", ("loss", "validation_loss")),
    "score": ("score on the part held out", ("validation_score",)),
    "gradient": ("norm of the gradient, before clipping", ("grad_norm",)),
    "clipped": ("share of steps clipped", ("clipped",)),
    "rate": ("learning rate", ("learning_rate",)),
    "seconds": ("seconds an epoch", ("seconds",)),
}
#: Panels whose scale is logarithmic.
LOGARITHMIC = ("gradient", "rate")
#: Panels that are drawn unless others are asked for.
USUAL = ("loss", "score", "gradient", "clipped")
NAMES = {"loss": "training", "validation_loss": "held out"}


class TrainingHistoryDisplay:
    """Curves of a training: losses, score, norm of the gradient, share of steps clipped, learning rate, seconds.

    Make it with :meth:`from_estimator`.

    Parameters
    ----------
    history : dict of array-like of shape (n_epochs,)
        ``history_`` of a network.
    best_iteration : int, default=None
        Epoch, from 1, whose weights are in use; it is marked.
    max_grad_norm : float, default=None
        Where gradients were clipped; it is marked.

    Attributes
    ----------
    history, best_iteration, max_grad_norm
        As given.
    axes_ : ndarray of shape (n_panels,), matplotlib Axes
        Where it was drawn.
    figure_ : matplotlib Figure
        The figure of ``axes_``.
    lines_ : dict of matplotlib Line2D
        The curves, by the names of the columns of ``history``.

    See Also
    --------
    GradientFlowDisplay : What becomes of the gradients on their way back through the steps.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import numpy as np
    >>> from skseq import RNNClassifier
    >>> from skseq.inspection import TrainingHistoryDisplay
    >>> X = np.random.RandomState(0).standard_normal((100, 5, 1))
    >>> y = (X[:, -1, 0] > 0).astype(int)
    >>> model = RNNClassifier(8, early_stopping=True, max_iter=20, random_state=0).fit(X, y)
    >>> display = TrainingHistoryDisplay.from_estimator(model)
    >>> list(display.lines_)
    ['loss', 'validation_loss', 'validation_score', 'grad_norm', 'clipped']
    >>> plt.close(display.figure_)
    """

    def __init__(self, history, best_iteration=None, max_grad_norm=None):
        self.history = history
        self.best_iteration = best_iteration
        self.max_grad_norm = max_grad_norm

    @classmethod
    def from_estimator(cls, estimator, **plot_options):
        """Draw how the training of an estimator went.

        Parameters
        ----------
        estimator : fitted estimator
            A network such as ``RNNClassifier``; or a pipeline, search or meta-estimator of one.
        **plot_options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        TrainingHistoryDisplay
            Drawn.

        Raises
        ------
        TypeError
            If there is no network for sequences inside the estimator.
        """
        estimator, _ = inner_network(estimator)
        check_is_fitted(estimator)
        # After early stopping or Ctrl-C, other weights than the last may be in use.
        best = estimator.best_iteration_ if estimator.validation_loss_curve_ is not None else None
        return cls(estimator.history_, best, estimator.max_grad_norm).plot(**plot_options)

    def plot(self, *, ax=None, panels=None, line_kw=None):
        """Draw the curves, a panel for each kind.

        Parameters
        ----------
        ax : matplotlib Axes or sequence of them, default=None
            Where to draw, one for each panel; None makes a new figure.
        panels : sequence of {"loss", "score", "gradient", "clipped", "rate", "seconds"}, default=None
            What to draw; None for the first four, as far as they are known. "score" needs a validation part.
        line_kw : dict, default=None
            Passed to ``ax.plot``.

        Returns
        -------
        TrainingHistoryDisplay
            This display, with ``axes_``, ``figure_`` and ``lines_``.

        Raises
        ------
        ImportError
            If matplotlib is not installed: ``pip install "skseq[plot]"``.
        ValueError
            If a panel is not known, or ``ax`` has not one Axes for each.
        """
        pyplot = import_pyplot("TrainingHistoryDisplay")
        panels = self._panels(panels)
        if ax is None:
            _, ax = pyplot.subplots(
                1, len(panels), figsize=(4.2 * len(panels), 3.6), layout="constrained", squeeze=False
            )
        self.axes_ = np.ravel(np.asarray(ax, dtype=object))
        if len(self.axes_) != len(panels):
            raise ValueError(
                f"ax has {len(self.axes_)} Axes, but there are {len(panels)} panels: {list(panels)}. Give one for "
                "each, or name the panels."
            )
        self.figure_ = one_axes(self.axes_[0]).figure
        self.lines_ = {}
        for panel, axes in zip(panels, self.axes_):
            self._draw(panel, one_axes(axes), line_kw or {})
        return self

    def _panels(self, panels):
        known = [panel for panel, (_, columns) in PANELS.items() if columns[0] in self.history]
        if panels is None:
            return [panel for panel in USUAL if panel in known]
        panels = [panels] if isinstance(panels, str) else list(panels)
        for panel in panels:
            if panel not in known:
                raise ValueError(f"There is no panel {panel!r} in this history; there are: {', '.join(known)}.")
        return panels

    def _draw(self, panel, ax, line_kw):
        label, columns = PANELS[panel]
        epochs = np.arange(1, len(self.history["loss"]) + 1)
        columns = [column for column in columns if column in self.history]
        marker = "." if len(epochs) == 1 else None  # a line of one point is not seen
        for column, color, dashes in zip(columns, LINE_COLORS, ("-", "--")):
            style = {"color": color, "linestyle": dashes, "marker": marker, "label": NAMES.get(column), **line_kw}
            [self.lines_[column]] = ax.plot(epochs, self.history[column], **style)
        if panel in LOGARITHMIC:
            ax.set_yscale("log")
        if panel == "clipped":
            ax.set_ylim(-0.03, 1.03)
        if panel == "gradient" and self.max_grad_norm is not None:
            ax.axhline(self.max_grad_norm, color="0.4", linewidth=1, linestyle=":", label="clipped to")
        if panel in ("loss", "score") and self.best_iteration is not None:
            ax.axvline(self.best_iteration, color="0.4", linewidth=1, linestyle=":", label="best epoch")
        ax.set(xlabel="epoch", ylabel=label)
        if len(ax.get_legend_handles_labels()[0]) > (panel == "loss" and len(columns) == 1):
            ax.legend()
