"""A picture of what a sampler adds."""

from numbers import Integral

import numpy as np
from sklearn.base import clone

from skseq._optional import import_pyplot
from skseq._resampling import check_sampler
from skseq._validation import check_labels, check_number

from ._projection import project

#: Okabe and Ito's colours, which the colour-blind can tell apart too; the first is for the largest class.
COLORS = ("#999999", "#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


class ResamplingDisplay:
    """Rows before and after over-sampling, side by side, each new row joined to its parents.

    Make it with :meth:`from_sampler` or, of data that is resampled already, with :meth:`from_resampled`.

    Parameters
    ----------
    points : array-like of shape (n + n_new, 2)
        Where each row is drawn: the n original ones, then the new ones.
    labels : array-like of shape (n + n_new,)
        The class of each row.
    parents : array-like of shape (n_new, n_parents), int
        Positions among the original rows of the parents of each new row; with n_parents = 0 no lines are drawn.
    axis_names : sequence of two str, default=("", "")
        What the coordinates are.

    Attributes
    ----------
    points, labels, parents, axis_names
        As given; the first three as arrays.
    axes_ : ndarray of shape (2,), matplotlib Axes
        Where it was drawn: before, after.
    figure_ : matplotlib Figure
        The figure of ``axes_``.
    lines_ : matplotlib Line2D
        The lines from parents to children, as one path with gaps; None if there are none.

    See Also
    --------
    skseq.over_sampling.SMOTE : ``parents_`` and ``gaps_`` say where each row comes from, in numbers.

    Notes
    -----
    Rows of two columns are drawn as they are. Others are standardised and projected on their first two principal
    components, learnt from the original rows alone. Sequences are first laid out as rows: the values of all steps,
    ragged ones resampled to their mean number of steps, as for the distances of SMOTE. Columns of tables that
    do not hold numbers are left out. A single column is drawn against the class.

    A projection hides distances: rows that lie on each other in the picture can be far apart. Its axes say how much
    of the variance they show.

    The colours are those of [1]_; from the ninth class on, all are taken from the colour map "viridis".

    References
    ----------
    .. [1] M. Okabe and K. Ito (2008). Color Universal Design: how to make figures and presentations that are friendly
       to colorblind people.

    Examples
    --------
    >>> import matplotlib.pyplot as plt
    >>> from sklearn.datasets import make_classification
    >>> from skseq.inspection import ResamplingDisplay
    >>> from skseq.over_sampling import SMOTE
    >>> X, y = make_classification(weights=[0.8], flip_y=0, random_state=0)
    >>> display = ResamplingDisplay.from_sampler(SMOTE(random_state=0), X, y)
    >>> [ax.get_title() for ax in display.axes_]
    ['before: 100 rows', 'after: 162 rows']
    >>> plt.close(display.figure_)
    """

    def __init__(self, points, labels, parents, axis_names=("", "")):
        self.points = np.asarray(points)
        self.labels = np.asarray(labels)
        self.parents = np.asarray(parents)
        self.axis_names = axis_names

    @classmethod
    def from_sampler(cls, sampler, X, y, *, projection=None, **plot_options):
        """Resample X and y with a clone of ``sampler``, and draw the result.

        Parameters
        ----------
        sampler : over-sampler
            An object with ``fit_resample`` that puts the new rows after the original ones. Without ``parents_``, as
            in other packages, no lines are drawn. Give it an int as ``random_state`` for the same picture each time.
        X : array-like, sparse matrix, data frame or list of sequences
            Rows, as the sampler takes them.
        y : array-like of shape (n,)
            Class labels.
        projection : transformer, default=None
            What turns X into two columns, instead of principal components: cloned, and fitted on X.
        **plot_options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        ResamplingDisplay
            Drawn.

        Raises
        ------
        TypeError, ValueError
            If ``sampler`` is none or removes rows, or if X does not hold numbers and ``projection`` is None.
        """
        check_sampler(sampler, "sampler")
        sampler = clone(sampler)
        X_resampled, y_resampled = sampler.fit_resample(X, y)
        n, n_resampled = len(np.asarray(y)), len(np.asarray(y_resampled))
        if n_resampled < n:
            raise ValueError(
                f"{type(sampler).__name__} turned {n} rows into {n_resampled}, but only rows that are added can be "
                "drawn. Give an over-sampler such as SMOTE()."
            )
        parents = getattr(sampler, "parents_", np.empty((n_resampled - n, 0), dtype=np.intp))
        return cls.from_resampled(X_resampled, y_resampled, parents, projection=projection, **plot_options)

    @classmethod
    def from_resampled(cls, X_resampled, y_resampled, parents, *, projection=None, **plot_options):
        """Draw what a sampler has returned.

        Parameters
        ----------
        X_resampled : array-like, sparse matrix, data frame or list of sequences
            The original rows, then the new ones: what ``fit_resample`` returned.
        y_resampled : array-like of shape (n + n_new,)
            Class labels.
        parents : array-like of shape (n_new, n_parents), int
            ``parents_`` of the sampler.
        projection : transformer, default=None
            What turns X into two columns, instead of principal components: cloned, and fitted on the original rows.
        **plot_options : dict
            Passed to :meth:`plot`.

        Returns
        -------
        ResamplingDisplay
            Drawn.

        Raises
        ------
        TypeError, ValueError
            If X does not hold numbers and ``projection`` is None, or the arguments do not fit each other.
        """
        parents = np.asarray(parents)
        n_rows = len(np.asarray(y_resampled))
        _check_parents(parents, n_rows)
        points, names = project(X_resampled, n_rows - len(parents), projection)
        labels = check_labels(y_resampled, len(points))
        if points.shape[1] == 1:
            codes = np.unique(labels, return_inverse=True)[1]
            points, names = np.column_stack([points, codes]), [*names, "class, in sorted order"]
        return cls(points, labels, parents, names).plot(**plot_options)

    def plot(self, *, ax=None, max_lines=500, original_kw=None, new_kw=None, line_kw=None):
        """Draw the rows before and after.

        Parameters
        ----------
        ax : sequence of two matplotlib Axes, default=None
            Where to draw before and after; None makes a new figure.
        max_lines : int, default=500
            New rows, spread evenly over all, that are joined to their parents; 0 for none.
        original_kw : dict, default=None
            Passed to ``ax.scatter`` for the original rows.
        new_kw : dict, default=None
            Passed to ``ax.scatter`` for the new rows.
        line_kw : dict, default=None
            Passed to ``ax.plot`` for the lines.

        Returns
        -------
        ResamplingDisplay
            This display, with ``axes_``, ``figure_`` and ``lines_``.

        Raises
        ------
        ImportError
            If matplotlib is not installed: ``pip install "skseq[plot]"``.
        """
        pyplot = import_pyplot("ResamplingDisplay")
        check_number("max_lines", max_lines, Integral, low=0)
        self._check_shapes()
        if ax is None:
            _, ax = pyplot.subplots(1, 2, figsize=(11, 5), layout="constrained", sharex=True, sharey=True)
        before, after = self.axes_ = _two_axes(ax)
        self.figure_ = before.figure
        n = len(self.points) - len(self.parents)
        colors = _colors(self.labels, n, pyplot)
        original_style = {"marker": "o", "s": 16, "linewidths": 0, **(original_kw or {})}
        for axes, n_rows, title in ((before, n, "before"), (after, len(self.points), "after")):
            originals = self._scatter(axes, slice(0, n), colors, original_style)
            axes.set(title=f"{title}: {n_rows:,} rows", xlabel=self.axis_names[0], ylabel=self.axis_names[1])
        # The search for an empty corner takes seconds, and warns of it, where there are many rows.
        corner = "best" if len(self.points) <= 5_000 else "upper right"
        before.legend(handles=originals, title="original rows", loc=corner)
        # The new rows lie over the original ones, and the lines between them.
        line_style = {"color": "0.25", "linewidth": 0.4, "zorder": 1.5, **(line_kw or {})}
        self.lines_ = self._join(after, max_lines, line_style)
        new_style = {"marker": "x", "s": 16, "linewidths": 0.8, "zorder": 2, **(new_kw or {})}
        handles = self._scatter(after, slice(n, None), colors, new_style)
        if handles:
            after.legend(handles=handles + [self.lines_] * (self.lines_ is not None), title="new rows", loc=corner)
        return self

    def _check_shapes(self):
        """Raise a ValueError unless the arrays fit each other."""
        if self.points.ndim != 2 or self.points.shape[1] != 2 or len(self.labels) != len(self.points):
            raise ValueError(
                f"points must be of shape (n, 2) with one label each, got points of shape {self.points.shape} and "
                f"{len(self.labels)} labels. Make the display with from_sampler or from_resampled."
            )
        _check_parents(self.parents, len(self.points))

    def _scatter(self, axes, rows, colors, style):
        """Draw ``rows``, those of rare classes over those of common ones; return one handle for each class."""
        points, labels = self.points[rows], self.labels[rows]
        handles = []
        for label, color in colors.items():
            own = points[labels == label]
            if len(own):
                handles.append(axes.scatter(*own.T, color=color, label=f"{label} ({len(own):,})", **style))
        return handles

    def _join(self, axes, max_lines, style):
        """Draw a line from each child to each of its parents, as one object, and return it."""
        n_new, n_parents = self.parents.shape
        if not min(n_new, n_parents, max_lines):
            return None
        drawn = np.linspace(0, n_new - 1, min(n_new, max_lines)).round().astype(np.intp)
        children = np.repeat(drawn + len(self.points) - n_new, n_parents)
        ends = np.stack([self.points[self.parents[drawn].ravel()], self.points[children]], axis=1)
        path = np.full((len(ends), 3, 2), np.nan)  # NaN lifts the pen between two lines
        path[:, :2] = ends
        label = "from parent to child" + (f" ({len(drawn):,} of {n_new:,})" if len(drawn) < n_new else "")
        return axes.plot(*path.reshape(-1, 2).T, label=label, **style)[0]


def _two_axes(ax):
    axes = np.ravel(np.asarray(ax, dtype=object))
    if len(axes) != 2 or not all(hasattr(one, "scatter") for one in axes):
        raise ValueError(
            f"ax must be two matplotlib Axes, for before and after, got {ax!r}. Make them with plt.subplots(1, 2)."
        )
    return axes


def _colors(labels, n, pyplot):
    """Return a dict from each class, first the largest among the first ``n`` rows, to its colour."""
    classes, codes = np.unique(labels, return_inverse=True)
    counts = np.bincount(codes[:n], minlength=len(classes))
    colors = COLORS
    if len(classes) > len(COLORS):
        colors = pyplot.get_cmap("viridis")(np.linspace(0, 1, len(classes)))
    return dict(zip(classes[np.argsort(-counts, kind="stable")].tolist(), colors))


def _check_parents(parents, n_rows):
    """Raise unless ``parents`` are row numbers of the rows before the last ``len(parents)`` of ``n_rows``."""
    if parents.ndim != 2 or parents.dtype.kind not in "iu":
        raise ValueError(
            f"parents has shape {parents.shape} and dtype {parents.dtype}, but row numbers of shape (n_new, n_parents) "
            "are needed: parents_ of a fitted sampler."
        )
    n = n_rows - len(parents)
    if n < 3 or (parents.size and not (parents.min() >= 0 and parents.max() < n)):
        raise ValueError(
            f"parents says that {len(parents)} of {n_rows} rows are new and where they come from, which does not fit: "
            "three or more rows must be original, and all parents among these. Give X and y after resampling, and "
            "parents_ of the sampler that made them."
        )
