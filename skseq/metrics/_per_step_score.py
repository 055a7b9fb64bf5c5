"""Metrics of rows, applied to the steps of sequences."""

from inspect import signature

from sklearn.utils.metadata_routing import MetadataRequest

from skseq._validation import check_bool, check_option
from skseq.sequences import check_same_steps, join_steps, read_steps, step_weights


def per_step_score(metric, *, response_method="predict", greater_is_better=True, **kwargs):
    """Return a scorer that applies a metric to the steps of all sequences, laid end to end.

    For estimators that predict something of each step. Every step counts alike, so a long sequence counts for more than
    a short one.

    Parameters
    ----------
    metric : callable
        A function ``metric(y_true, y_pred, **kwargs)`` of the labels or values of rows, such as those of
        :mod:`sklearn.metrics` and :mod:`skseq.metrics`.
    response_method : {"predict", "predict_proba"}, default="predict"
        What the metric gets as ``y_pred``. "predict_proba" gives it the probabilities (total_steps, n_classes); with
        two classes those of the second alone, shape (total_steps,), as :func:`sklearn.metrics.make_scorer` does.
    greater_is_better : bool, default=True
        Set to False for a loss, whose sign is then changed, for the greatest score is best.
    **kwargs : dict
        Passed to the metric, for example ``average="macro"``.

    Returns
    -------
    callable
        A scorer ``scorer(estimator, X, y, sample_weight=None)``, as scikit-learn's
        :class:`~sklearn.model_selection.GridSearchCV`, ``cross_val_score`` and the like take it. y is a list of n
        arrays or lists (steps_i,), or an array (n, steps), and so is what the estimator predicts: one entry a step.
        ``sample_weight`` holds one weight for each sequence or, in the form of y, for each step.

    Raises
    ------
    TypeError
        If ``metric`` cannot be called or is a scorer; when scoring, if the estimator lacks ``response_method``.
    ValueError
        If ``response_method`` is not an option; when scoring, if y, the predictions and the weights differ in their
        numbers of sequences or steps, or are not sequences of labels.

    See Also
    --------
    sklearn.metrics.make_scorer : The same for one label a row.

    Examples
    --------
    An estimator that says of each step whether it is above zero:

    >>> import numpy as np
    >>> from sklearn.base import BaseEstimator
    >>> from sklearn.metrics import f1_score
    >>> from skseq.metrics import per_step_score
    >>> class Sign(BaseEstimator):
    ...     def fit(self, X, y):
    ...         return self
    ...     def predict(self, X):
    ...         return [np.where(x > 0, "up", "down") for x in X]
    >>> X = [np.array([0.5, -0.2, 0.1]), np.array([-0.3, 0.7])]
    >>> y = [["up", "down", "up"], ["down", "down"]]
    >>> scorer = per_step_score(f1_score, pos_label="up")
    >>> scorer(Sign(), X, y)
    0.8
    """
    if not callable(metric) or "estimator" in list(signature(metric).parameters)[:1]:
        raise TypeError(
            f"metric={metric!r} is not a function of y_true and y_pred. Give one, such as sklearn.metrics.f1_score."
        )
    check_option("response_method", response_method, ("predict", "predict_proba"))
    return PerStepScorer(metric, response_method, check_bool("greater_is_better", greater_is_better), kwargs)


class PerStepScorer:
    """What :func:`per_step_score` returns: a class, so that it can be pickled."""

    def __init__(self, metric, response_method, greater_is_better, kwargs):
        self.metric = metric
        self.response_method = response_method
        self.greater_is_better = greater_is_better
        self.kwargs = kwargs
        self._weight_request = None

    def set_score_request(self, *, sample_weight):
        """Say whether this scorer wants ``sample_weight`` where metadata routing is enabled.

        Parameters
        ----------
        sample_weight : bool, None or str
            As in :meth:`sklearn.linear_model.LogisticRegression.set_score_request`.

        Returns
        -------
        PerStepScorer
            This scorer.
        """
        self._weight_request = sample_weight
        return self

    def get_metadata_routing(self):
        """Return the metadata that this scorer wants, a :class:`~sklearn.utils.metadata_routing.MetadataRequest`."""
        request = MetadataRequest(owner=self)
        request.score.add_request(param="sample_weight", alias=self._weight_request)
        return request

    def __call__(self, estimator, X, y, sample_weight=None):
        """Return the score of ``estimator`` on the steps of X."""
        response = getattr(estimator, self.response_method, None)
        if response is None:
            raise TypeError(
                f"{type(estimator).__name__} has no {self.response_method}, which this scorer calls. Choose another "
                "response_method, or an estimator that has it."
            )
        name = f"{self.response_method}(X)"
        true, predicted = read_steps("y", y), read_steps(name, response(X))
        check_same_steps("y", true, name, predicted)
        given = {}
        if sample_weight is not None:
            given["sample_weight"] = step_weights(sample_weight, true)
        y_true, y_pred = join_steps("y", true), join_steps(name, predicted)
        if self.response_method == "predict_proba" and y_pred.ndim == 2 and y_pred.shape[1] == 2:
            y_pred = y_pred[:, 1]
        score = self.metric(y_true, y_pred, **given, **self.kwargs)
        return score if self.greater_is_better else -score

    def __repr__(self):
        settings = {"response_method": self.response_method, "greater_is_better": self.greater_is_better, **self.kwargs}
        listed = "".join(f", {name}={value!r}" for name, value in settings.items())
        return f"per_step_score({getattr(self.metric, '__name__', repr(self.metric))}{listed})"
