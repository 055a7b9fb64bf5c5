"""The labels: read once, and extended or reduced in their container."""

import sys
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from skseq._validation import check_classes, check_labels

from ._encoding import encode
from ._parts import chunks

#: Labels copied at once.
CHUNK_VALUES = 1 << 15


@dataclass(frozen=True)
class Target:
    """The labels of the rows and where each class is.

    Attributes
    ----------
    y : list, tuple, ndarray, or Series or DataFrame of one column
        The labels in the container that a result will have.
    labels : ndarray of shape (n,)
    codes : ndarray of shape (n,)
        Each row's position among the classes.
    counts : dict
        Rows of each class, in the sorted order of the classes.
    """

    y: object
    labels: np.ndarray
    codes: np.ndarray
    counts: dict

    def members(self, label):
        """Return the row numbers of the class ``label``."""
        return np.flatnonzero(self.codes == list(self.counts).index(label))

    def extended(self, origins):
        """Return y followed by the labels of the rows ``origins``, in the container and dtype of y."""
        if isinstance(self.y, np.ndarray):
            extended = np.empty(len(self.y) + len(origins), dtype=self.y.dtype)
            extended[: len(self.y)] = self.y
            new = extended[len(self.y) :]
            for chunk in chunks(0, len(origins), 1, CHUNK_VALUES):  # so that no copy of them is ever held
                new[chunk] = self.y[origins[chunk]]
            return extended
        extended = self.taken(np.concatenate([np.arange(len(self.labels)), origins]))
        return extended.reset_index(drop=True) if hasattr(extended, "iloc") else extended

    def taken(self, rows):
        """Return the labels of ``rows``, in the container and dtype of y; of pandas, with their index."""
        if isinstance(self.y, (list, tuple)):
            taken = [self.y[row] for row in rows.tolist()]
            return taken if isinstance(self.y, list) else tuple(taken)
        return self.y.iloc[rows] if hasattr(self.y, "iloc") else self.y[rows]


def read_target(y, n_rows, name):
    """Return ``y`` as a :class:`Target`.

    Raises
    ------
    ValueError
        If y is None, not one label for each row, has missing labels, or holds fewer than two classes.
    """
    try:
        shape = np.asarray(y).shape  # np.shape asks y itself, which need not answer
    except ValueError:
        raise ValueError(
            "y holds lists of different lengths, but one label for each row (each sequence) of X is needed."
        ) from None
    if len(shape) > 1 and shape[1] != 1:
        raise ValueError(
            f"Multilabel and multioutput targets are not supported: y has shape {shape}, but one label a "
            f"row is needed. {_cure_of_columns(y)}"
        )
    labels = check_labels(_column(y), n_rows)
    classes, codes, counts = encode(labels)
    check_classes(classes, name)
    keeps_container = isinstance(y, (list, tuple)) and len(shape) == 1
    if not keeps_container and not _is_frame_like(y):
        y = labels
    return Target(y, labels, codes, dict(zip(classes.tolist(), counts.tolist())))


def _cure_of_columns(y):
    """Return what to do with labels in several columns."""
    columns = np.asarray(y)
    with suppress(TypeError, ValueError):
        if columns.ndim == 2 and ((columns != 0).sum(axis=1) == 1).all():
            return "Turn one-hot columns into labels with np.asarray(y).argmax(axis=1)."
    return (
        "Resample for each label on its own: MultiOutputClassifier(make_pipeline(SMOTE(), classifier)), with "
        "skseq.pipeline.make_pipeline. (y.argmax(axis=1) is for columns of which each row has exactly one.)"
    )


def _is_frame_like(y):
    """Whether y is a Series or a DataFrame of pandas or polars; neither is imported if the user has not."""
    loaded = [sys.modules[name] for name in ("pandas", "polars") if name in sys.modules]
    return any(isinstance(y, (module.Series, module.DataFrame)) for module in loaded)


def _column(y):
    """Return the only column of a DataFrame y, and any other y as it is."""
    if not _is_frame_like(y) or len(y.shape) == 1:
        return y
    return y.iloc[:, 0] if hasattr(y, "iloc") else y.to_series(0)
