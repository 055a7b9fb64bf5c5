"""Decisions of lowest expected cost from a classifier's probabilities."""

import numpy as np
from sklearn import get_config
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted, has_fit_parameter

from skseq._cost_matrix import check_cost_matrix, read_costs
from skseq._fit_tasks import CallbackSupportMixin, fit_tasks, tells_callbacks
from skseq._inside import balance_inside, decision_inside, labels_steps
from skseq._user_warnings import warn_user
from skseq._validation import all_or_nothing, check_classes

from ._delegation import (
    FeaturesOfInner,
    ScoresSteps,
    check_estimator_has,
    fitted_classes,
    inherit_classifier_tags,
    inherit_input_tags,
    number_of_rows,
    read_labels,
    route_fit,
)
from ._responses import finite_proba


def _inner_has_log_proba(self):
    getattr(self, "estimator_", self.estimator).predict_log_proba  # noqa: B018
    return True


class MinimumCostClassifier(
    CallbackSupportMixin, FeaturesOfInner, ScoresSteps, ClassifierMixin, MetaEstimatorMixin, BaseEstimator
):
    r"""Predict the class of lowest expected cost.

    A classifier estimates the probability p_i of each class i; this one predicts the class j for which
    sum_i p_i cost[i, j] is smallest [1]_. The probabilities stay as they are. The costs are the same for all rows, or
    given for each row at predict [2]_. X is passed on as it comes: an array, a DataFrame, a 3-D array, a list of
    sequences. Around a tagger, such as :class:`~skseq.neural_network.RNNTagger`, every step is decided.

    Parameters
    ----------
    estimator : classifier with predict_proba
        Cloned, then fitted. Its probabilities should be calibrated: neither resampled nor weighted, or
        corrected with ``prior_correction=True``.
    cost_matrix : array-like of shape (n_classes, n_classes), DataFrame or dict, default=None
        ``cost_matrix[i, j]`` is the cost of predicting class j for a row of class i, in any unit; rows and
        columns stand in the sorted order of the classes (``classes_``). A dict
        ``{true class: {predicted class: cost}}`` or a DataFrame names the classes, in any order, and may name classes
        that y lacks; in a dict, the cost of a right prediction is 0 where it is left out. Negative costs are gains.
        None means 1 for each error and 0 otherwise: the most probable class.

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
        In fit, if the estimator lacks ``predict_proba``, the costs are not numbers, or ``cost_matrix`` is passed to
        fit.
    ValueError
        In fit, if the cost matrix is not of shape (n_classes, n_classes) or not finite, or if it is None although the
        estimator decides by costs or by a threshold, which would be lost.

    Warns
    -----
    UserWarning
        In fit, if class weights or a sampler inside the estimator move its probabilities away from the class
        frequencies of y, so that costs would count the rarity of a class twice.

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

    Keep this classifier outermost. Meta-estimators that read the probabilities of what is inside them decide by
    themselves, and the costs are lost: ``BaggingClassifier``, ``VotingClassifier(voting="soft")``,
    ``StackingClassifier``, ``CalibratedClassifierCV``, ``OneVsRestClassifier``, ``OneVsOneClassifier``,
    ``FixedThresholdClassifier`` and ``TunedThresholdClassifierCV``, and of this package ``EnsembleClassifier`` and
    ``ResampledClassifier(prior_correction=True)``. Pipelines and searches pass the decisions on.

    With metadata routing enabled, ``predict`` requests ``cost_matrix`` from the start, so that
    ``pipeline.predict(X, cost_matrix=costs)`` reaches it.

    References
    ----------
    .. [1] C. Elkan (2001). The foundations of cost-sensitive learning. IJCAI 17, 973-978.
    .. [2] A. Correa Bahnsen, D. Aouada & B. Ottersten (2014). Example-dependent cost-sensitive logistic regression for
       credit scoring. ICMLA 13, 263-269.

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

    Overlooking costs another amount for each row:

    >>> amounts = np.linspace(1, 30, 100)
    >>> costs = {0: {1: 1}, 1: {0: amounts}}
    >>> int(classifier.predict(X, cost_matrix=costs)[y == 1].sum())
    10
    """

    #: For :mod:`skseq._held_out_validation`: without metadata routing, the estimator gets the parameters of fit.
    _hands_on_fit_params = True
    __metadata_request__predict = {"cost_matrix": True}

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
        y : array-like of shape (n,), or one label per step
            Class labels. For a tagger a list of n arrays (steps_i,) or an array (n, steps).
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
            self._check_decisions()
            routed = get_config()["enable_metadata_routing"] or has_fit_parameter(self.estimator, "cost_matrix")
            if params.get("cost_matrix") is not None and not routed:
                raise TypeError(
                    "cost_matrix was passed to fit, but the costs of each row act at predict. Give them to predict, "
                    "or one matrix for all rows to the constructor. To pass them through cross_validate and other "
                    "tools of scikit-learn, call sklearn.set_config(enable_metadata_routing=True)."
                )
            y, labels = read_labels(y, number_of_rows(X), each_step=labels_steps(self.estimator))
            estimator = clone(self.estimator)
            # An estimator that is frozen knows its classes already, which a small y may lack.
            self._check_costs(np.asarray(getattr(estimator, "classes_", np.unique(labels))))  # before the costly part
            fit_params = route_fit(self, params, "estimator")["estimator"]["fit"]
            self.estimator_ = estimator
            with fit_tasks(self).around("fit-estimator", self.estimator_):
                self.estimator_.fit(X, y, **fit_params)
            self.classes_ = fitted_classes(self.estimator_, "estimator")
            self.cost_matrix_ = self._check_costs(self.classes_)
            if self.cost_matrix is not None:
                self._warn_of_balance()
        return self

    def predict(self, X, cost_matrix=None):
        """Return the class of lowest expected cost for each row.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences of length n
            Rows, as in fit.
        cost_matrix : array-like of shape (n, n_classes, n_classes) or (n_classes, n_classes), default=None
            Costs of each row, or of all rows, in place of those of the constructor: ``cost_matrix[r, i, j]`` is the
            cost of predicting class j for row r if it is of class i. In a dict by name, as in the constructor, a cost
            may be an array (n,). Around a tagger, (n, n_classes, n_classes) holds a matrix for each sequence,
            and a list of n arrays (steps_i, n_classes, n_classes), or an array (n, steps, n_classes, n_classes), one
            for each step.

        Returns
        -------
        ndarray of shape (n,)
            Class labels. Around a tagger an array of n arrays (steps_i,), or an array (n, steps).

        Raises
        ------
        ValueError, TypeError
            If the costs do not fit the rows and classes or are not finite numbers, or a probability is not finite.
        """
        response, costs = self._read(X, cost_matrix)
        if costs is None:
            return response.restore(self.classes_[np.argmax(response.flat, axis=1)])
        # Huge costs must not overflow in the sum; the scale of a row does not change its decision.
        scale = np.abs(costs).max(axis=(-2, -1), keepdims=True)
        scaled = costs / np.where(scale > 0, scale, 1.0)
        return response.restore(self.classes_[np.argmin(_expected(response.flat, scaled), axis=1)])

    def expected_costs(self, X, cost_matrix=None):
        """Return the expected cost of predicting each class.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences of length n
            Rows, as in fit.
        cost_matrix : array-like of shape (n, n_classes, n_classes) or (n_classes, n_classes), default=None
            As in :meth:`predict`.

        Returns
        -------
        ndarray of shape (n, n_classes)
            The sum over i of p_i cost[i, j] for each class j of ``classes_``, in the unit of the costs. Around a tagger
            an array of n arrays (steps_i, n_classes), or an array (n, steps, n_classes).
        """
        response, costs = self._read(X, cost_matrix)
        return response.restore(_expected(response.flat, self.cost_matrix_ if costs is None else costs))

    def _read(self, X, cost_matrix):
        """Return the probabilities of X and the costs in use, None for the most probable class."""
        check_is_fitted(self)
        response = finite_proba(self.estimator_, X, len(self.classes_))
        if cost_matrix is None:
            return response, None if self.cost_matrix is None else self.cost_matrix_
        if self.cost_matrix is None:
            self._warn_of_balance()
        n = len(response.flat) if response.lengths is None else len(response.lengths)
        return response, read_costs(cost_matrix, self.classes_, n, response.lengths)

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

    def _check_costs(self, classes):
        """Return the costs as a float64 array (n_classes, n_classes); 0 and 1 if they are None."""
        if self.cost_matrix is None:
            return 1.0 - np.eye(len(classes))
        check_classes(classes, type(self).__name__)
        return check_cost_matrix(self.cost_matrix, classes)

    def _check_decisions(self):
        """Raise a ValueError if the estimator decides by itself and there are no costs to decide by instead."""
        inside = decision_inside(self.estimator)
        if self.cost_matrix is None and inside is not None:
            raise ValueError(
                f"cost_matrix=None predicts the most probable class, so that the decisions of {type(inside).__name__} "
                "inside the estimator would be lost. Give a cost_matrix, or use the estimator without "
                "MinimumCostClassifier."
            )

    def _warn_of_balance(self):
        found = balance_inside(self.estimator_)
        if found is not None:
            what, cure = found
            warn_user(
                f"{what}, so the probabilities are not those of the class frequencies in y, and costs would count the "
                f"rarity of a class twice. To decide by costs, {cure}."
            )

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


def _expected(proba, costs):
    """Return the expected cost (n, n_classes) of predicting each class, for one matrix or one for each row."""
    return proba @ costs if costs.ndim == 2 else np.einsum("ni,nij->nj", proba, costs)
