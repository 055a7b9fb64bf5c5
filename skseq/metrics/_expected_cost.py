"""What the predictions cost."""

from sklearn.metrics import make_scorer

from skseq._cost_matrix import check_cost_matrix

from ._contingency_table import contingency_table
from ._targets import check_all_named, check_targets


def expected_cost(y_true, y_pred, cost_matrix, *, labels=None, sample_weight=None):
    r"""Return the mean cost of a row.

    .. math:: \frac{1}{n} \sum_i \mathrm{cost}[y_i, \hat y_i]

    Parameters
    ----------
    y_true : array-like of shape (n,)
        True class labels.
    y_pred : array-like of shape (n,)
        Predicted class labels.
    cost_matrix : array-like of shape (n_classes, n_classes)
        ``cost_matrix[i, j]`` is the cost of predicting class j for a row of class i. Negative costs are gains. A pandas
        DataFrame may name its rows and columns after the classes, in any order.
    labels : array-like of shape (n_classes,), default=None
        The classes in the order of ``cost_matrix``. None takes all classes that occur, sorted; give them if a class
        may be missing from both ``y_true`` and ``y_pred``, or name them in ``cost_matrix``.
    sample_weight : array-like of shape (n,), default=None
        Weights of zero or more, to which the mean is weighted.

    Returns
    -------
    float
        In the unit of the costs.

    Raises
    ------
    ValueError, TypeError
        If the labels are empty, differ in number, are not class labels or not among ``labels``, or the cost matrix is
        not a finite one for these classes.

    See Also
    --------
    make_cost_scorer : The same as a scorer.
    skseq.compose.MinimumCostClassifier : Predicts such that the expected cost is least.

    References
    ----------
    .. [1] C. Elkan, "The foundations of cost-sensitive learning", IJCAI 17, pages 973-978, 2001.

    Examples
    --------
    One row of three misses the rare class 1, which costs 10:

    >>> from skseq.metrics import expected_cost
    >>> round(expected_cost([0, 0, 1], [0, 0, 0], [[0, 1], [10, 0]], labels=[0, 1]), 3)
    3.333
    """
    y_true, y_pred, named, sample_weight = check_targets(y_true, y_pred, labels, sample_weight)
    check_all_named(named, y_true, y_pred)
    costs = _costs(cost_matrix, named, labels is None)
    table = contingency_table(y_true, y_pred, labels=named, sample_weight=sample_weight)
    # Shares first: sums of huge costs overflow where their mean does not.
    return float((table.counts / table.total * costs).sum())


def _costs(cost_matrix, labels, inferred):
    """Return the cost matrix, with one more hint for the error if a class may be missing."""
    try:
        return check_cost_matrix(cost_matrix, labels)
    except ValueError as error:
        if not inferred or not hasattr(cost_matrix, "__len__") or len(cost_matrix) <= len(labels):
            raise
        raise ValueError(f"{error} If a class is missing from y_true and y_pred, name all in labels.") from None


def make_cost_scorer(cost_matrix, *, labels=None):
    """Return a scorer for cross-validation: the negative of :func:`expected_cost` of ``predict``.

    Parameters
    ----------
    cost_matrix : array-like of shape (n_classes, n_classes)
        ``cost_matrix[i, j]`` is the cost of predicting class j for a row of class i. A pandas DataFrame may name its
        rows and columns after the classes, in any order.
    labels : array-like of shape (n_classes,), default=None
        The classes in the order of ``cost_matrix``. None takes all classes that occur in a fold, sorted; give them if
        a class may be missing from a fold, or name them in ``cost_matrix``.

    Returns
    -------
    callable
        A scorer ``scorer(estimator, X, y)`` whose greatest value is best, as scikit-learn's
        :class:`~sklearn.model_selection.GridSearchCV` and the like take it.

    See Also
    --------
    expected_cost : The measure itself.
    sklearn.metrics.make_scorer : What makes the scorer.

    Examples
    --------
    >>> from sklearn.datasets import load_breast_cancer
    >>> from sklearn.model_selection import cross_val_score
    >>> from skseq.linear_model import CostSensitiveLogisticRegression
    >>> from skseq.metrics import make_cost_scorer
    >>> X, y = load_breast_cancer(return_X_y=True)
    >>> scorer = make_cost_scorer([[0, 5], [1, 0]])
    >>> scores = cross_val_score(CostSensitiveLogisticRegression(), X, y, scoring=scorer, cv=3)
    >>> bool((scores <= 0).all())
    True
    """
    return make_scorer(expected_cost, greater_is_better=False, cost_matrix=cost_matrix, labels=labels)
