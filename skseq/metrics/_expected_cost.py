"""The cost of predictions."""

import numpy as np
from sklearn.utils.metadata_routing import MetadataRequest, get_routing_for_object

from skseq._cost_matrix import costs_of, read_costs

from ._targets import check_all_named, check_targets, join_sequences


def expected_cost(y_true, y_pred, cost_matrix, *, labels=None, sample_weight=None):
    r"""Return the mean cost of the predictions.

    .. math:: \frac{1}{n} \sum_i \mathrm{cost}_i[y_i, \hat y_i]

    Parameters
    ----------
    y_true : array-like of shape (n,), or one label per step
        True class labels. Labels of steps are a list of n arrays (steps_i,) or an array (n, steps); each step counts
        alike.
    y_pred : as ``y_true``
        Predicted class labels.
    cost_matrix : array-like of shape (n_classes, n_classes) or (n, n_classes, n_classes), DataFrame or dict
        ``cost_matrix[i, j]`` is the cost of predicting class j for a row of class i, ``cost_matrix[r, i, j]`` that for
        row r. Negative costs are gains. A dict ``{true class: {predicted class: cost}}`` or a DataFrame names the
        classes, in any order; in a dict, a cost may be an array (n,) with one value for each row, and the cost of a
        right prediction is 0 where it is left out. For labels of steps, (n, n_classes, n_classes) holds a matrix for
        each sequence, and a list of n arrays (steps_i, n_classes, n_classes) one for each step.
    labels : array-like of shape (n_classes,), default=None
        The classes in the order of ``cost_matrix``. None takes all classes that occur, sorted; give them if a class
        may be missing from both ``y_true`` and ``y_pred``, or name them in ``cost_matrix``.
    sample_weight : array-like of shape (n,), default=None
        Weights of zero or more, to which the mean is weighted. For labels of steps, also in the form of ``y_true``.

    Returns
    -------
    float
        In the unit of the costs.

    Raises
    ------
    ValueError, TypeError
        If the labels are empty, differ in number, are not class labels or not among ``labels``, or the costs are not
        finite numbers for these classes and rows.

    See Also
    --------
    make_cost_scorer : The same as a scorer.
    skseq.compose.MinimumCostClassifier : Predicts the classes of lowest expected cost.

    References
    ----------
    .. [1] C. Elkan, "The foundations of cost-sensitive learning", IJCAI 17, pages 973-978, 2001.
    .. [2] A. Correa Bahnsen, D. Aouada and B. Ottersten, "Example-dependent cost-sensitive logistic regression for
       credit scoring", ICMLA 13, pages 263-269, 2014, for a cost for each row.

    Examples
    --------
    One row of three misses the rare class, which costs 10:

    >>> from skseq.metrics import expected_cost
    >>> costs = {"ok": {"fault": 1}, "fault": {"ok": 10}}
    >>> round(expected_cost(["ok", "ok", "fault"], ["ok", "ok", "ok"], costs), 3)
    3.333

    A missed fraud costs its amount, a check 3:

    >>> amounts = [20.0, 500.0, 80.0]
    >>> costs = {"ok": {"fraud": 3}, "fraud": {"ok": amounts, "fraud": 3}}
    >>> expected_cost(["ok", "fraud", "fraud"], ["fraud", "fraud", "ok"], costs)
    28.66...
    """
    y_true, y_pred, sample_weight, lengths = join_sequences(y_true, y_pred, sample_weight)
    y_true, y_pred, named, sample_weight = check_targets(y_true, y_pred, labels, sample_weight)
    check_all_named(named, y_true, y_pred)
    try:
        costs = costs_of_targets(y_true, y_pred, cost_matrix, named, lengths)
    except ValueError as error:
        sized = hasattr(cost_matrix, "__len__") and getattr(cost_matrix, "shape", None) != ()
        if labels is not None or not sized or len(cost_matrix) <= len(named):
            raise
        raise ValueError(f"{error} If a class is missing from y_true and y_pred, name all in labels.") from None
    return mean_cost(costs, sample_weight)


def costs_of_targets(y_true, y_pred, cost_matrix, labels, lengths=None):
    """Return the cost (n,) of each prediction.

    Parameters
    ----------
    y_true, y_pred : ndarray of shape (n,)
        All of them among ``labels``.
    cost_matrix : array-like
        As in :func:`expected_cost`.
    labels : ndarray of shape (n_classes,)
    lengths : list of int, optional
        Number of steps of each sequence, where the labels are those of steps laid end to end.
    """
    costs = read_costs(cost_matrix, labels, len(y_true) if lengths is None else len(lengths), lengths)
    code_of = {label: code for code, label in enumerate(labels.tolist())}
    true, predicted = (np.array([code_of[label] for label in y.tolist()]) for y in (y_true, y_pred))
    return costs_of(costs, true, predicted)


def mean_cost(costs, sample_weight=None, rows=None):
    """Return the weighted mean of ``costs`` (n,), of some ``rows`` only if given; 0 for no rows."""
    weights = np.ones(len(costs)) if sample_weight is None else sample_weight
    if rows is not None:
        costs, weights = costs[rows], weights[rows]
    if not weights.any():
        return 0.0
    # Shares first: sums of huge costs or weights overflow where their mean does not.
    shares = weights / weights.max()
    return float(np.dot(shares / shares.sum(), costs))


def make_cost_scorer(cost_matrix=None, *, labels=None):
    """Return a scorer for cross-validation: the negative of :func:`expected_cost` of ``predict``.

    Parameters
    ----------
    cost_matrix : array-like of shape (n_classes, n_classes), DataFrame or dict, default=None
        ``cost_matrix[i, j]`` is the cost of predicting class j for a row of class i, as in :func:`expected_cost`. None
        if costs are given when scoring, one matrix for each row.
    labels : array-like of shape (n_classes,), default=None
        The classes in the order of ``cost_matrix``. None takes all classes that occur in a fold, sorted; give them if
        a class may be missing from a fold, or name them in ``cost_matrix``.

    Returns
    -------
    callable
        A scorer ``scorer(estimator, X, y, sample_weight=None, cost_matrix=None)`` whose greatest value is best, as
        :class:`~sklearn.model_selection.GridSearchCV` and ``cross_validate`` of scikit-learn take it. With metadata
        routing enabled, both keywords are requested by ``set_score_request``; ``cost_matrix`` is requested from the
        start if none is given here. Costs given when scoring are handed to ``predict`` too, if the estimator asks for
        them there, as :class:`~skseq.compose.MinimumCostClassifier` does: they are known before the decision.

    Raises
    ------
    ValueError, TypeError
        When scoring, if there are no costs or :func:`expected_cost` raises.

    See Also
    --------
    expected_cost : The measure itself.

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

    A cost for each row, which cross-validation splits as it splits X:

    >>> import numpy as np
    >>> from sklearn import config_context
    >>> from sklearn.model_selection import cross_validate
    >>> from skseq.compose import MinimumCostClassifier
    >>> costs = np.zeros((len(X), 2, 2))
    >>> costs[:, 0, 1] = X[:, 3] / 100  # the larger the tumour, the dearer it is to overlook it
    >>> costs[:, 1, 0] = 1
    >>> model = MinimumCostClassifier(CostSensitiveLogisticRegression(class_weight=None))
    >>> with config_context(enable_metadata_routing=True):
    ...     scores = cross_validate(model, X, y, scoring=make_cost_scorer(), params={"cost_matrix": costs}, cv=3)
    >>> scores["test_score"].shape
    (3,)
    """
    return CostScorer(cost_matrix, labels)


class CostScorer:
    """The scorer that :func:`make_cost_scorer` returns: a class, so that it can be pickled."""

    def __init__(self, cost_matrix, labels):
        self.cost_matrix = cost_matrix
        self.labels = labels
        self._requests = {"sample_weight": None, "cost_matrix": True if cost_matrix is None else None}
        # TunedThresholdClassifierCV reads these from a scorer, to score each threshold.
        self._score_func, self._sign = expected_cost, -1
        self._kwargs = {"cost_matrix": cost_matrix, "labels": labels}

    def set_score_request(self, **requests):
        """Set which metadata this scorer requests where metadata routing is enabled.

        Parameters
        ----------
        **requests : bool, None or str
            ``sample_weight`` and ``cost_matrix``, as in
            :meth:`sklearn.linear_model.LogisticRegression.set_score_request`.

        Returns
        -------
        CostScorer
            This scorer.
        """
        unknown = sorted(set(requests) - set(self._requests))
        if unknown:
            raise TypeError(f"set_score_request got {unknown}, but this scorer takes {list(self._requests)}.")
        self._requests.update(requests)
        return self

    def get_metadata_routing(self):
        """Return the metadata that this scorer requests, a :class:`~sklearn.utils.metadata_routing.MetadataRequest`."""
        request = MetadataRequest(owner=self)
        for name, alias in self._requests.items():
            request.score.add_request(param=name, alias=alias)
        return request

    _get_metadata_request = get_metadata_routing  # for TunedThresholdClassifierCV of scikit-learn 1.6

    def __call__(self, estimator, X, y, sample_weight=None, cost_matrix=None):
        """Return the negative mean cost of what ``estimator`` predicts for X."""
        costs = self.cost_matrix if cost_matrix is None else cost_matrix
        if costs is None:
            raise ValueError(
                "This scorer has no costs. Give them to make_cost_scorer, or pass cost_matrix when scoring: with "
                "metadata routing enabled, cross_validate(..., params={'cost_matrix': costs})."
            )
        given = {} if cost_matrix is None or not _asks_for_costs(estimator) else {"cost_matrix": cost_matrix}
        predicted = estimator.predict(X, **given)
        return -expected_cost(y, predicted, costs, labels=self.labels, sample_weight=sample_weight)

    def __repr__(self):
        return f"make_cost_scorer({self.cost_matrix!r}, labels={self.labels!r})"


def _asks_for_costs(estimator):
    """Return whether ``predict`` of the estimator, or of a part of it, requests ``cost_matrix``."""
    if not hasattr(estimator, "get_metadata_routing"):
        return False
    return "cost_matrix" in get_routing_for_object(estimator).consumes("predict", ["cost_matrix"])
