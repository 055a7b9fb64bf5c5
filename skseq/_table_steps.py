"""Transformers of tables that get sequences: scikit-learn's error, and the cure it cannot know."""

import re
from functools import wraps

import numpy as np
from sklearn.preprocessing import FunctionTransformer
from sklearn.utils import get_tags

from skseq._resampling import is_absent, is_sampler
from skseq.sequences import sequences_in_cells

#: Parts of the messages of scikit-learn and NumPy for what is no table.
NO_TABLE = re.compile(
    "Found array with dim|inhomogeneous shape|array element with a sequence|1D array instead|2-dimensional container"
    "|uniformly strings or numbers"
)


def naming_each_step(fit):
    """Decorate a method ``fit(self, X, ...)`` of a pipeline, whose errors then say where an EachStep is missing."""

    @wraps(fit)
    def fit_naming(self, X, *args, **kwargs):
        try:
            return fit(self, X, *args, **kwargs)
        except (TypeError, ValueError) as error:
            kind = type(error)
            if kind not in (TypeError, ValueError) or not NO_TABLE.search(str(error)) or not _holds_sequences(X):
                raise
            step = _first_reader_of_tables(self)
            if step is None:
                raise
            what = f"an array of shape {X.shape}" if getattr(X, "ndim", 0) == 3 else "a collection of sequences"
            reason = str(error).splitlines()[0].rstrip(".:")  # more lines print all of X
            raise kind(
                f"{type(step).__name__} reads tables, but X is {what}: {reason}. Apply it to every step with "
                f"skseq.compose.EachStep({step!r})."
            ) from error

    return fit_naming


def _holds_sequences(X):
    """Whether X is an array of three dimensions, or a list, array of objects or frame that holds sequences."""
    if sequences_in_cells(X) is not None:
        return True
    if len(getattr(X, "shape", ())) >= 2:
        return len(X.shape) == 3
    return any(isinstance(item, (list, tuple)) or np.ndim(item) for item in X)


def _first_reader_of_tables(pipeline):
    """Return the first step that gets sequences and takes tables only, None if there is none."""
    for _, step in pipeline.steps:
        if is_absent(step) or is_sampler(step):
            continue
        if isinstance(step, FunctionTransformer) or not hasattr(step, "__sklearn_tags__"):
            return None  # it may take anything
        if not get_tags(step).input_tags.three_d_array:
            return step if hasattr(step, "transform") else None
    return None
