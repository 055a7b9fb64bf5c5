"""The labels of steps and their weights, read for a tagger."""

import numpy as np

from skseq._validation import check_labels, check_sample_weight
from skseq.sequences import check_no_missing_labels, check_same_steps, join_steps, read_steps, step_weights

#: The label that PyTorch's loss ignores. Nobody means a class by it.
IGNORED_BY_TORCH = -100


def read_step_labels(y, sample_weight, sequences):
    """Return the labels and the weights of all steps, each of shape (total_steps,).

    Parameters
    ----------
    y : list of n array-likes of shape (steps_i,), or array-like of shape (n, steps)
    sample_weight : array-like of shape (n,), or in the form of y, or None
    sequences : Sequences
    """
    if y is None:
        raise ValueError(
            "This estimator requires y to be passed, but the target y is None. Give one label for each step of X."
        )
    rows = read_steps("y", y, "To learn one label for each sequence, use RNNClassifier or TransformerClassifier.")
    check_same_steps("y", rows, "X", [range(steps) for steps in sequences.lengths])
    check_no_missing_labels("y", rows)
    labels = join_steps("y", rows)
    if labels.ndim > 1:
        raise ValueError(
            f"y[0] has shape {rows[0].shape}, but y holds one label for each step: give arrays of shape (steps,)."
        )
    labels = check_labels(labels, len(labels))
    weights = check_sample_weight(None, len(labels)) if sample_weight is None else step_weights(sample_weight, rows)
    return _without_ignored(labels, weights, sequences), weights


def _without_ignored(labels, weights, sequences):
    """Return labels in which -100 is no class: an error where such a step counts, another label where it does not."""
    if labels.dtype.kind not in "if":
        return labels
    ignored = labels == IGNORED_BY_TORCH
    if not ignored.any() or (labels[~ignored] < 0).any() or ignored.all():
        return labels
    counted = ignored & (weights > 0)
    if counted.any():
        step = int(counted.argmax())
        i = int(np.searchsorted(sequences.starts, step, side="right")) - 1
        raise ValueError(
            f"y[{i}] holds the label -100 at step {step - sequences.starts[i]}, one of {int(counted.sum())}. If steps "
            "labelled so are not to count, as in PyTorch, give them a sample_weight of 0: sample_weight=[np.asarray("
            "labels) != -100 for labels in y]."
        )
    return np.where(ignored, labels[~ignored][0], labels)
