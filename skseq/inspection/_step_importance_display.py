"""A picture of which steps and features predictions rest on."""

import numpy as np

from skseq._optional import import_pyplot
from skseq._validation import check_option

from ._step_importance import explain
from ._style import LINE_COLORS, one_axes

#: The most kinds of tokens that have a row each.
MOST_TOKENS = 30


class StepImportanceDisplay:
    """Contribution of each step and feature to predictions, as the mean over sequences.

    Purple or blue speaks for the prediction, orange against it. Make it with :meth:`from_estimator`, of one sequence or
    of many.

    Parameters
    ----------
    contributions : array-like of shape (rows, steps)
        What each step contributes, a row for each feature or token.
    row_names : sequence of str, default=None
        Names of the rows; None for numbers.
    response : str, default="prediction"
        What the contributions add up to, and in what unit.
    align : {"start", "end"}, default="start"
        Whether steps are counted from the start of the sequences or from their end.

    Attributes
    ----------
    contributions, row_names, response, align
        As given; the first as an array.
    ax_ : matplotlib Axes
        Where it was drawn.
    figure_ : matplotlib Figure
        The figure of ``ax_``.
    im_ : matplotlib AxesImage or None
        The shades, where there are several rows.
    bars_ : matplotlib BarContainer or None
        The bars, where there is one.

    See Also
    --------
    step_importance : The contributions to each prediction, as numbers.

    Notes
    -----
    Of token ids there is a row for each token, in which a step is zero for sequences that have another one there; of
    more than thirty tokens, there is one row for all.

    Where sequences differ in length, the mean is over those that have the step.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> import numpy as np
    >>> from skseq import RNNClassifier
    >>> from skseq.inspection import StepImportanceDisplay
    >>> X = np.random.RandomState(0).standard_normal((100, 6, 2))
    >>> y = (X[:, -1, 0] > 0).astype(int)
    >>> model = RNNClassifier(8, learning_rate_init=0.02, random_state=0).fit(X, y)
    >>> display = StepImportanceDisplay.from_estimator(model, X[:10], target=1, row_names=["signal", "noise"])
    >>> display.contributions.shape
    (2, 6)
    >>> plt.close(display.figure_)
    """

    def __init__(self, contributions, row_names=None, response="prediction", align="start"):
        self.contributions = np.asarray(contributions, dtype=np.float64)
        self.row_names = row_names
        self.response = response
        self.align = align

    @classmethod
    def from_estimator(
        cls,
        estimator,
        X,
        *,
        target=None,
        response="probability",
        baseline="zero",
        step=-1,
        n_points=64,
        row_names=None,
        align="start",
        **plot_options,
    ):
        """Explain the predictions of an estimator, and draw the mean contributions.

        Parameters
        ----------
        estimator : fitted estimator
            ``RNNClassifier``, ``RNNRegressor``, ``RNNTagger`` or ``TransformerClassifier``; or a pipeline, search or
            meta-estimator of one.
        X : array-like or list of sequences
            Sequences to explain, as in the estimator's ``predict``; a list of one, to see one alone.
        target : class label, array-like of shape (n,) of class labels, or int, default=None
            As in :func:`step_importance`.
        response : {"probability", "log_odds"}, default="probability"
            As in :func:`step_importance`.
        baseline : {"zero", "mean"} or array-like of shape (features,), default="zero"
            As in :func:`step_importance`.
        step : int, default=-1
            Of a tagger, the step whose class is explained.
        n_points : int, default=64
            Points at which the gradient is computed.
        row_names : sequence of str, default=None
            Names of the features, or of all tokens in the order of their ids.
        align : {"start", "end"}, default="start"
            Whether to count steps from the start of the sequences or from their end.
        **plot_options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        StepImportanceDisplay
            Drawn.

        Raises
        ------
        TypeError, ValueError
            As :func:`step_importance`, and if there are not as many ``row_names`` as rows.
        """
        check_option("align", align, ("start", "end"))
        found = explain(estimator, X, target=target, response=response, baseline=baseline, step=step, n_points=n_points)
        contributions, tokens = found.contributions, None
        if contributions.ndim == 1:  # of token ids
            tokens = np.unique(found.sequences.values)
            if len(tokens) > MOST_TOKENS:
                contributions, tokens, row_names = contributions[:, None], None, ["all tokens"]
            elif row_names is not None and len(row_names) <= tokens[-1]:
                raise ValueError(f"row_names has {len(row_names)} names, but X holds the token id {tokens[-1]}.")
            else:
                row_names = [str(token) if row_names is None else row_names[token] for token in tokens]
        rows = _by_step(found.sequences, contributions, tokens, align)
        return cls(rows, row_names, found.response, align).plot(**plot_options)

    def plot(self, *, ax=None, cmap="PuOr", step_names=None, colorbar=True, im_kw=None, bar_kw=None):
        """Draw the contributions.

        Parameters
        ----------
        ax : matplotlib Axes, default=None
            Where to draw; None makes a new figure.
        cmap : str or matplotlib Colormap, default="PuOr"
            Shades from the largest contribution against the prediction to the largest one for it.
        step_names : sequence of str, default=None
            What to write below each step, such as the letters of a sequence; None for numbers.
        colorbar : bool, default=True
            Whether to draw the scale of the shades.
        im_kw : dict, default=None
            Passed to ``ax.imshow``, where there are several rows.
        bar_kw : dict, default=None
            Passed to ``ax.bar``, where there is one.

        Returns
        -------
        StepImportanceDisplay
            This display, with ``ax_``, ``figure_``, ``im_`` and ``bars_``.

        Raises
        ------
        ImportError
            If matplotlib is not installed: ``pip install "skseq[plot]"``.
        """
        pyplot = import_pyplot("StepImportanceDisplay")
        self._check_shapes(step_names)
        n_rows, n_steps = self.contributions.shape
        if ax is None:
            _, ax = pyplot.subplots(figsize=(10, 4 if n_rows == 1 else 2 + min(6, 0.4 * n_rows)), layout="constrained")
        self.ax_, self.figure_ = one_axes(ax), ax.figure
        self.im_ = self.bars_ = None
        first = 0 if self.align == "start" else -n_steps
        steps = np.arange(first, first + n_steps)
        label = f"contribution to the\n{self.response}"
        if n_rows == 1:
            self._draw_bars(steps, bar_kw or {})
            ax.set_ylabel(label)
        else:
            self._draw_image(steps, {"cmap": cmap, **(im_kw or {})})
            if colorbar:
                self.figure_.colorbar(self.im_, ax=ax, label=label, pad=0.01)
        if step_names is not None:
            ax.set_xticks(steps, list(step_names))
        ax.set_xlabel("step" if self.align == "start" else "step, counted from the end")
        return self

    def _draw_bars(self, steps, bar_kw):
        [heights] = self.contributions
        colors = np.where(heights >= 0, LINE_COLORS[0], LINE_COLORS[1])
        self.bars_ = self.ax_.bar(steps, heights, **{"color": colors, "width": 0.9, **bar_kw})
        self.ax_.axhline(0, color="0.3", linewidth=0.8)

    def _draw_image(self, steps, im_kw):
        n_rows = len(self.contributions)
        largest = np.nanmax(np.abs(self.contributions)) or 1.0
        extent = (steps[0] - 0.5, steps[-1] + 0.5, n_rows - 0.5, -0.5)
        style = {"vmin": -largest, "vmax": largest, "aspect": "auto", "interpolation": "nearest", "extent": extent}
        self.im_ = self.ax_.imshow(self.contributions, **{**style, **im_kw})
        names = self.row_names if self.row_names is not None else [f"feature {k}" for k in range(n_rows)]
        self.ax_.set_yticks(np.arange(n_rows), names)

    def _check_shapes(self, step_names):
        if self.contributions.ndim != 2 or 0 in self.contributions.shape:
            raise ValueError(
                f"contributions must be of shape (rows, steps), got {self.contributions.shape}. Make the display with "
                "from_estimator."
            )
        for name, names, length in (
            ("row_names", self.row_names, len(self.contributions)),
            ("step_names", step_names, self.contributions.shape[1]),
        ):
            if names is not None and len(names) != length:
                raise ValueError(f"{name} has {len(names)} names, but there are {length} to give.")


def _by_step(sequences, contributions, tokens, align):
    """Return the mean contributions (rows, steps) over the sequences that have the step.

    Parameters
    ----------
    sequences : Sequences
    contributions : ndarray of shape (total_steps, features), or (total_steps,) with ``tokens``
    tokens : ndarray or None
        The token ids that have a row each, sorted.
    align : {"start", "end"}
    """
    lengths = sequences.lengths
    longest = int(lengths.max())
    steps = np.arange(lengths.sum()) - np.repeat(sequences.starts, lengths)
    if align == "end":
        steps += np.repeat(longest - lengths, lengths)
    totals = np.zeros((contributions.shape[1] if tokens is None else len(tokens), longest))
    if tokens is None:
        np.add.at(totals.T, steps, contributions)
    else:
        np.add.at(totals, (np.searchsorted(tokens, sequences.values), steps), contributions)
    return totals / np.bincount(steps, minlength=longest)
