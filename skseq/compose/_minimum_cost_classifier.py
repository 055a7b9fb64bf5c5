"""Decisions of lowest expected cost from a classifier's probabilities."""

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from skseq._cost_matrix import check_cost_matrix
from skseq._fit_tasks import CallbackSupportMixin, fit_tasks, tells_callbacks
from skseq._validation import all_or_nothing, check_labels

from ._delegation import (
    FeaturesOfInner,
    check_estimator_has,
    finite_proba,
    fitted_classes,
    inherit_classifier_tags,
    inherit_input_tags,
    number_of_rows,
    route_fit,
)


def _inner_has_log_proba(self):
    getattr(self, "estimator_", self.estimator).predict_log_proba  # noqa: B018
    return True


class MinimumCostClassifier(CallbackSupportMixin, FeaturesOfInner, ClassifierMixin, MetaEstimatorMixin, BaseEstimator):
    r"""Predict the class of lowest expected cost.

    A classifier estimates the probability p_i of each class i; this one predicts the class j for which
    sum_i p_i cost[i, j] is smallest [1]_. The probabilities stay as they are. X is passed on as it comes: an
    array, a DataFrame, a 3-D array, a list of sequences.

    Parameters
    ----------
    estimator : classifier with predict_proba
        Cloned, then fitted. Its probabilities should be calibrated: neither resampled nor weighted, or
        corrected with ``prior_correction=True``.
    cost_matrix : array-like of shape (n_classes, n_classes), default=None
        ``cost_matrix[i, j]`` is the cost of predicting class j for a row of class i, in any unit; rows and
        columns stand in the sorted order of the classes (``classes_``), unless a pandas DataFrame names them
        after the classes. Negative costs are gains. None means 1 for each error and 0 otherwise: the most
        probable class.

    Attributes
    ----------
    estimator_ : classifier
        The fitted estimator.
    classes_ : ndarray of shape (n_classes,)
        The class labels, sorted.
    cost_matrix_ : ndarray of shape (n_classes, n_classes)
        The costs in use.
    n_features_in_ : int
        Number of features, if the fitted estimator knows it.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns, if the fitted estimator knows them.

    Raises
    ------
    TypeError
        In fit, if the estimator lacks ``predict_proba`` or the costs are not numbers.
    ValueError
        In fit, if the cost matrix is not of shape (n_classes, n_classes) or not finite.

    See Also
    --------
    ResampledClassifier : Probabilities after resampling, corrected for it.
    sklearn.model_selection.TunedThresholdClassifierCV : A threshold chosen on data, for two classes.

    Notes
    -----
    For two classes this is the threshold [1]_

    .. math:: p^* = \frac{c_{01} - c_{00}}{c_{01} - c_{00} + c_{10} - c_{11}}

    on the probability of the second class, where :math:`c_{ij}` is ``cost_matrix[i, j]``. If several classes
    have the same expected cost, the first of them in ``classes_`` is predicted.

    The costs act at predict only. To try other costs on a model that is already fitted, wrap it in
    :class:`sklearn.frozen.FrozenEstimator`.

    References
    ----------
    .. [1] C. Elkan (2001). The foundations of cost-sensitive learning. IJCAI 17, 973-978.

    Examples
    --------
    Overlooking the rare class costs ten times as much as a false alarm:

    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skseq.compose import MinimumCostClassifier
    >>> X = np.r_[np.linspace(-2, 2, 90), np.linspace(-1, 3, 10)].reshape(-1, 1)
    >>> y = np.r_[np.zeros(90, int), np.ones(10, int)]
    >>> int(LogisticRegression().fit(X, y).predict(X)[y == 1].sum())
    0
    >>> costs = [[0, 1], [10, 0]]
    >>> classifier = MinimumCostClassifier(LogisticRegression(), costs).fit(X, y)
    >>> int(classifier.predict(X)[y == 1].sum())
    7
    """

    #: For :mod:`skseq._held_out_validation`: without metadata routing, the estimator gets the parameters of fit.
    _hands_on_fit_params = True

    def __init__(self, estimator, cost_matrix=None):
        self.estimator = estimator
        self.cost_matrix = cost_matrix

    @tells_callbacks(n_tasks=1)
    def fit(self, X, y, **params):
        """Check the costs and fit the estimator.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences of length n
            Training data, as the estimator accepts them.
        y : array-like of shape (n,)
            Class labels.
        **params : dict
            Passed to the fit of the estimator, such as ``sample_weight``; or, with metadata routing enabled,
            the metadata that it has requested.

        Returns
        -------
        MinimumCostClassifier
            The fitted classifier.
        """
        with all_or_nothing(self):
            check_estimator_has(
                self.estimator,
                "estimator",
                ["fit", "predict_proba"],
                "Give a classifier with predict_proba, or wrap it in CalibratedClassifierCV.",
            )
            y = check_labels(y, number_of_rows(X))
            _costs(self.cost_matrix, np.unique(y))  # before the costly part
            fit_params = route_fit(self, params, "estimator")["estimator"]["fit"]
            self.estimator_ = clone(self.estimator)
            with fit_tasks(self).around("fit-estimator", self.estimator_):
                self.estimator_.fit(X, y, **fit_params)
            self.classes_ = fitted_classes(self.estimator_, "estimator")
            self.cost_matrix_ = _costs(self.cost_matrix, self.classes_)
        return self

    def predict(self, X):
        """Return the class of lowest expected cost for each row.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences of length n
            Rows, as in fit.

        Returns
        -------
        ndarray of shape (n,)
            Class labels.
        """
        check_is_fitted(self)
        proba = finite_proba(self.estimator_, X)
        if self.cost_matrix is None:
            return self.classes_[np.argmax(proba, axis=1)]
        scale = np.abs(self.cost_matrix_).max() or 1.0  # huge costs must not overflow in the sum
        return self.classes_[np.argmin(proba @ (self.cost_matrix_ / scale), axis=1)]

    def expected_costs(self, X):
        """Return the expected cost of predicting each class.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences of length n
            Rows, as in fit.

        Returns
        -------
        ndarray of shape (n, n_classes)
            The sum over i of p_i cost[i, j] for each class j of ``classes_``, in the unit of the costs.
        """
        check_is_fitted(self)
        return finite_proba(self.estimator_, X) @ self.cost_matrix_

    def predict_proba(self, X):
        """Return the probability of each class, as the estimator gives it.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences of length n
            Rows, as in fit.

        Returns
        -------
        ndarray of shape (n, n_classes)
            Probabilities, in the order of ``classes_``.
        """
        check_is_fitted(self)
        return self.estimator_.predict_proba(X)

    @available_if(_inner_has_log_proba)
    def predict_log_proba(self, X):
        """Return the logarithm of the probability of each class, as the estimator gives it.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences of length n
            Rows, as in fit.

        Returns
        -------
        ndarray of shape (n, n_classes)
            Log-probabilities, in the order of ``classes_``.
        """
        check_is_fitted(self)
        return self.estimator_.predict_log_proba(X)

    def get_metadata_routing(self):
        """Return which metadata go to the estimator.

        Returns
        -------
        :class:`~sklearn.utils.metadata_routing.MetadataRouter`
            The routing of fit.
        """
        to_fit = MethodMapping().add(caller="fit", callee="fit")
        router = MetadataRouter(owner=self).add_self_request(self)
        return router.add(estimator=self.estimator, method_mapping=to_fit)

    def __sklearn_tags__(self):
        tags = inherit_classifier_tags(super().__sklearn_tags__(), self.estimator)
        return inherit_input_tags(tags, [self.estimator])


def _costs(cost_matrix, classes):
    """Return the costs as a float64 array (n_classes, n_classes); 0 and 1 if they are None."""
    return 1.0 - np.eye(len(classes)) if cost_matrix is None else check_cost_matrix(cost_matrix, classes)
