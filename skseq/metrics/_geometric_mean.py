"""The geometric mean of the recalls."""

import numpy as np

from ._contingency_table import contingency_table
from ._targets import check_targets


def geometric_mean_score(y_true, y_pred, *, labels=None, sample_weight=None):
    """Return the geometric mean of the recall of each class.

    It is zero as soon as one class is never found, however large the others are; 1 is perfect. A classifier that
    guesses reaches at most 1 / n_classes.

    Parameters
    ----------
    y_true : array-like of shape (n,), or one label per step
        True class labels. Labels of steps, a list of n arrays (steps_i,) or an array (n, steps), are laid end to end.
    y_pred : as ``y_true``
        Predicted class labels.
    labels : array-like of shape (n_classes,), default=None
        The classes to average over, each in ``y_true``. None takes all in ``y_true``.
    sample_weight : array-like of shape (n,), default=None
        Weights of zero or more. Classes whose rows all weigh zero do not count.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError, TypeError
        If the labels are empty, differ in number, are not class labels, or a class in ``labels`` has no row in
        ``y_true``.

    See Also
    --------
    sklearn.metrics.balanced_accuracy_score : The arithmetic mean of the recalls.
    imbalance_report : The recalls themselves.

    References
    ----------
    .. [1] M. Kubat and S. Matwin, "Addressing the curse of imbalanced training sets: one-sided selection", ICML 14,
       pages 179-186, 1997, for two classes.
    .. [2] Y. Sun, M. S. Kamel and Y. Wang, "Boosting for learning multiple classes with imbalanced class distribution",
       ICDM 6, pages 592-602, 2006, for more.

    Examples
    --------
    Recalls of 1/2 and 7/8:

    >>> from skseq.metrics import geometric_mean_score
    >>> y_true = [1, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    >>> y_pred = [1, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    >>> round(geometric_mean_score(y_true, y_pred), 4)
    0.6614
    """
    y_true, y_pred, checked, sample_weight = check_targets(y_true, y_pred, labels, sample_weight)
    weighing = np.unique(y_true if sample_weight is None else y_true[sample_weight > 0])
    if labels is None:
        checked = weighing
    elif not np.isin(checked, weighing).all():
        missing = checked[~np.isin(checked, weighing)].tolist()
        raise ValueError(
            f"labels names {missing}, of which y_true holds no row, so that the recall is undefined. "
            "Leave them out of labels."
        )
    table = contingency_table(y_true, y_pred, sample_weight=sample_weight)
    recalls = np.diag(table.rates)[np.isin(table.labels, checked)]
    if (recalls == 0).any():
        return 0.0
    return float(np.exp(np.log(recalls).mean()))
