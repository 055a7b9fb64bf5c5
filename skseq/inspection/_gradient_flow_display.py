"""A picture of gradients on their way back through time."""

import numpy as np

from skseq._optional import import_pyplot
from skseq._validation import check_bool

from ._gradient_flow import gradient_flow
from ._style import next_line, one_axes


class GradientFlowDisplay:
    r"""Norm of the gradient of the hidden states, by how many steps back they lie.

    A line that falls is a gradient that vanishes: what lies so far back teaches the network nothing. One that rises is
    a gradient that explodes. Several estimators can be drawn into the same axes. Make it with :meth:`from_estimator`.

    Parameters
    ----------
    norms : dict of array-like of shape (longest,)
        By layer: the norm of :math:`\partial L / \partial h` k steps before the last one that is read.
    spectral_radius : dict of float, default=None
        Of the recurrent weights, by layer, for the legend.
    estimator_name : str, default=None
        What the legend calls the network.

    Attributes
    ----------
    norms, spectral_radius, estimator_name
        As given.
    ax_ : matplotlib Axes
        Where it was drawn.
    figure_ : matplotlib Figure
        The figure of ``ax_``.
    lines_ : dict of matplotlib Line2D
        The line of each layer.

    See Also
    --------
    gradient_flow : The same as numbers.

    Notes
    -----
    The scale is logarithmic, so the n-th power of a number is a straight line. What has vanished to zero is not drawn.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from skseq import RNNRegressor
    >>> from skseq.datasets import make_adding_problem
    >>> from skseq.inspection import GradientFlowDisplay
    >>> X, y = make_adding_problem(20, n_steps=50, random_state=0)
    >>> vanilla, lstm = (RNNRegressor(16, cell=cell, random_state=0) for cell in ("rnn", "lstm"))
    >>> display = GradientFlowDisplay.from_estimator(vanilla, X, y, name="vanilla")
    >>> display = GradientFlowDisplay.from_estimator(lstm, X, y, name="LSTM", ax=display.ax_)
    >>> [text.get_text() for text in display.ax_.get_legend().get_texts()]
    ['vanilla (spectral radius 1.00)', 'LSTM']
    >>> plt.close(display.figure_)
    """

    def __init__(self, norms, spectral_radius=None, estimator_name=None):
        self.norms = norms
        self.spectral_radius = spectral_radius
        self.estimator_name = estimator_name

    @classmethod
    def from_estimator(cls, estimator, X, y, *, recurrent_scale=1.0, name=None, **plot_options):
        """Backpropagate the loss of an estimator, and draw what becomes of it.

        Parameters
        ----------
        estimator : estimator
            ``RNNClassifier``, ``RNNRegressor``, ``RNNTagger`` or ``RNNGenerator``; or a fitted pipeline, search or
            meta-estimator of one. A network alone that is not fitted is taken with the weights that its training would
            begin with.
        X : array-like or list of sequences
            As in the estimator's ``fit``.
        y : array-like or None
            As in the estimator's ``fit``; None for a language model of the sequences X.
        recurrent_scale : float, default=1.0
            Take the recurrent weights times this.
        name : str, default=None
            What the legend calls the network; None for its class.
        **plot_options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        GradientFlowDisplay
            Drawn.

        Raises
        ------
        TypeError, ValueError
            As :func:`gradient_flow`.
        """
        flow = gradient_flow(estimator, X, y, recurrent_scale=recurrent_scale)
        name = type(estimator).__name__ if name is None else name
        return cls(flow.norms, flow.spectral_radius, name).plot(**plot_options)

    def plot(self, *, ax=None, relative=False, line_kw=None):
        """Draw the norms.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        relative : bool, default=False
            Divide by the norm at the last step, so that all lines begin at one.
        line_kw : dict, default=None
            Passed to ``ax.plot``.

        Returns
        -------
        GradientFlowDisplay
            This display, with ``ax_``, ``figure_`` and ``lines_``.

        Raises
        ------
        ImportError
            If matplotlib is not installed: ``pip install "skseq[plot]"``.
        """
        pyplot = import_pyplot("GradientFlowDisplay")
        check_bool("relative", relative)
        if ax is None:
            _, ax = pyplot.subplots(figsize=(8, 5), layout="constrained")
        self.ax_ = one_axes(ax)
        self.figure_ = ax.figure
        self.lines_ = {}
        for layer, norms in self.norms.items():
            norms = np.asarray(norms, dtype=np.float64)
            if relative and norms[0] > 0:
                norms = norms / norms[0]
            style = {**next_line(ax), "label": self._label(layer), **(line_kw or {})}
            [self.lines_[layer]] = ax.plot(np.where(norms > 0, norms, np.nan), **style)
        norm = r"$\|\partial L / \partial h\|$"
        ax.set(
            yscale="log",
            xlabel="steps back from the last one read",
            ylabel=f"{norm}, times that of the last step" if relative else f"{norm}, loss by unit of a hidden state",
        )
        ax.legend()
        return self

    def _label(self, layer):
        names = [self.estimator_name] if self.estimator_name else []
        label = ", ".join(names + [layer] * (len(self.norms) > 1 or not names))
        radius = (self.spectral_radius or {}).get(layer)
        return label if radius is None else f"{label} (spectral radius {radius:.2f})"
