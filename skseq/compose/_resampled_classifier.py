"""A classifier that resamples its training rows, for use inside stock scikit-learn tools."""

from functools import partial

import numpy as np
from scipy.special import log_softmax
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from skseq._fit_tasks import CallbackSupportMixin, fit_tasks, tells_callbacks
from skseq._held_out_validation import fit_validated, resampled_apart
from skseq._inside import balance_inside, decision_inside, labels_steps
from skseq._priors import correct_prior_logits, correct_priors
from skseq._resampling import SamplerRequests, check_no_ids, check_sampler, is_absent, refuse_sample_weight, resample
from skseq._user_warnings import warn_user
from skseq._validation import all_or_nothing, check_bool

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
from ._responses import Response, finite_proba


def _inner_has(method):
    """Return a check for ``available_if``; with prior_correction the inner estimator needs predict_proba."""

    def available(self):
        inner = getattr(self, "estimator_", self.estimator)
        getattr(inner, method)
        if self.prior_correction:
            inner.predict_proba  # noqa: B018
        return True

    return available


class ResampledClassifier(
    CallbackSupportMixin, FeaturesOfInner, ScoresSteps, ClassifierMixin, MetaEstimatorMixin, BaseEstimator
):
    """A classifier fitted on rows that a sampler has resampled.

    Does what a sampler in :class:`skseq.pipeline.Pipeline` does, as one estimator: it can stand at the end
    of a stock scikit-learn Pipeline, in ``GridSearchCV``, in ``CalibratedClassifierCV`` or in an ensemble.
    The sampler acts in ``fit`` and nowhere else. X is passed on as it comes: an array, a DataFrame, a 3-D
    array, a list of sequences. Around a tagger, such as :class:`~skseq.neural_network.RNNTagger`, whole sequences are
    repeated or left out.

    Parameters
    ----------
    estimator : classifier
        Cloned, then fitted on the resampled rows.
    sampler : sampler, "passthrough" or None
        An object with ``fit_resample(X, y)``, cloned before it acts. "passthrough" and None leave the rows as
        they are, so that a grid can compare. If y has a label for each step, it must be a sampler that repeats or
        drops rows and makes none up, such as :class:`~skseq.over_sampling.RandomOverSampler`; a sequence counts as one
        of the rarest class among its steps.
    prior_correction : bool, default=False
        Map the probabilities back to the class frequencies of y before resampling: p_k becomes proportional
        to p_k * prior_k / effective_prior_k [1]_, [2]_. Then ``predict`` takes the most probable class, and
        ``decision_function``, where the estimator has one, gives the log-odds of the second class (two
        classes) or the log-probabilities (more). The estimator needs ``predict_proba``. Not for random forests,
        which take over little of the balance of the resampled rows, so that the correction goes too far.

    Attributes
    ----------
    estimator_ : classifier
        The fitted estimator.
    sampler_ : sampler or None
        The fitted sampler; None if there is none.
    classes_ : ndarray of shape (n_classes,)
        The class labels, sorted.
    prior_ : ndarray of shape (n_classes,)
        Frequency of each class in y; of steps, where y holds labels of steps.
    effective_prior_ : ndarray of shape (n_classes,)
        Frequency of each class after resampling.
    n_features_in_ : int
        Number of features, if the fitted estimator knows it.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns, if the fitted estimator knows them.

    Raises
    ------
    TypeError
        In fit, if the estimator or the sampler lacks a method that is needed.
    ValueError
        In fit, if ``sample_weight`` is given together with a sampler: the rows have changed. Also if y holds
        no class labels, or with ``prior_correction=True`` a class that the sampler has invented, or if the estimator
        then decides by costs or by a threshold, which would be lost.

    Warns
    -----
    UserWarning
        In fit, if class weights inside the estimator stay uncorrected with ``prior_correction=True``, or if it decides
        by costs on resampled rows.

    See Also
    --------
    skseq.pipeline.Pipeline : Samplers as steps of a pipeline.
    MinimumCostClassifier : Decisions of lowest expected cost from probabilities.

    Notes
    -----
    If the estimator stops early and its ``fit`` takes ``X_val``, its validation data are held out before resampling, as
    in :class:`skseq.pipeline.Pipeline`.

    The correction undoes the sampler alone. Class weights inside the estimator need a correction of their own: set
    ``class_weight=None``, or ``prior_correction=True`` on the estimator too.

    Costs and thresholds belong around this classifier, not inside it:
    ``MinimumCostClassifier(ResampledClassifier(model, sampler, prior_correction=True), costs)``.

    Resampling and correcting leaves the decision close to that of the estimator without resampling: correct
    when probabilities are what matters, and choose the decision by its costs.

    References
    ----------
    .. [1] M. Saerens, P. Latinne & C. Decaestecker (2002). Adjusting the outputs of a classifier to new a
       priori probabilities: a simple procedure. Neural Computation 14(1), 21-41.
    .. [2] C. Elkan (2001). The foundations of cost-sensitive learning. IJCAI 17, 973-978, theorem 2.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from skseq.compose import ResampledClassifier
    >>> from skseq.over_sampling import SMOTE
    >>> X = np.r_[np.linspace(-2, 2, 90), np.linspace(-1, 3, 10)].reshape(-1, 1)
    >>> y = np.r_[np.zeros(90, int), np.ones(10, int)]
    >>> classifier = ResampledClassifier(LogisticRegression(), SMOTE(random_state=0), prior_correction=True)
    >>> classifier.fit(X, y).prior_, classifier.effective_prior_
    (array([0.9, 0.1]), array([0.5, 0.5]))

    Without the correction, the mean probability of the rare class is far above its frequency:

    >>> print(f"{classifier.predict_proba(X)[:, 1].mean():.1f}")
    0.1
    >>> print(f"{classifier.estimator_.predict_proba(X)[:, 1].mean():.1f}")
    0.4
    """

    #: For :mod:`skseq._held_out_validation`: without metadata routing, the estimator gets the parameters of fit.
    _hands_on_fit_params = True

    def __init__(self, estimator, sampler, prior_correction=False):
        self.estimator = estimator
        self.sampler = sampler
        self.prior_correction = prior_correction

    @tells_callbacks(n_tasks=1)
    def fit(self, X, y, **params):
        """Resample X and y, then fit the estimator on the result.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences of length n
            Training data, as the sampler and the estimator accept them.
        y : array-like of shape (n,), or one label per step
            Class labels. For a tagger a list of n arrays (steps_i,) or an array (n, steps).
        **params : dict
            Passed to the fit of the estimator; or, with metadata routing enabled, to the sampler and the
            estimator as they have requested (a sampler with ``set_fit_request`` or ``set_fit_resample_request``).

        Returns
        -------
        ResampledClassifier
            The fitted classifier.
        """
        with all_or_nothing(self):
            resamples = self._check_parameters()
            routed = route_fit(self, params, "estimator")
            fit_params = routed["estimator"]["fit"]
            if resamples:
                refuse_sample_weight(fit_params, "the estimator", "the sampler")
            each_step = labels_steps(self.estimator)
            y, labels = read_labels(y, number_of_rows(X), each_step)
            self.sampler_, validation = None, None
            self.estimator_ = clone(self.estimator)
            if resamples:
                X, y, self.sampler_, validation = self._resampled(X, y, routed, each_step)
            with fit_tasks(self).around("fit-estimator", self.estimator_):
                fit_validated(self.estimator_, X, y, fit_params, validation)
            self.classes_ = fitted_classes(self.estimator_, "estimator")
            self.prior_ = self._frequencies(labels)
            self.effective_prior_ = self._frequencies(read_labels(y, number_of_rows(X), each_step)[1])
            if self.prior_correction:
                # An impossible correction is an error of fit, not of predict.
                correct_priors(np.ones((1, len(self.classes_))), self.prior_, self.effective_prior_)
                self._warn_of_weights()
        return self

    def _resampled(self, X, y, routed, each_step):
        """Return X and y resampled, the fitted sampler, and the validation data that were held out before, or None."""
        sampler = partial(resample, clone(self.sampler), each_step=each_step)
        params = routed.get("sampler", {}).get("fit", {})
        if "X_val" in routed["estimator"]["fit"]:
            return *sampler(X, y, params), None
        resampled, validation = resampled_apart(self.estimator_, X, y, params, sampler)
        return *resampled, validation

    def predict(self, X):
        """Return the predicted class of each row.

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
        if not self.prior_correction:
            return self.estimator_.predict(X)
        response = finite_proba(self.estimator_, X, len(self.classes_))
        proba = correct_priors(response.flat, self.prior_, self.effective_prior_)
        return response.restore(self.classes_[np.argmax(proba, axis=1)])

    @available_if(_inner_has("predict_proba"))
    def predict_proba(self, X):
        """Return the probability of each class.

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
        if not self.prior_correction:
            return self.estimator_.predict_proba(X)
        response = finite_proba(self.estimator_, X, len(self.classes_))
        return response.restore(correct_priors(response.flat, self.prior_, self.effective_prior_))

    @available_if(_inner_has("predict_log_proba"))
    def predict_log_proba(self, X):
        """Return the logarithm of the probability of each class.

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
        if not self.prior_correction:
            return self.estimator_.predict_log_proba(X)
        response, log_proba = self._corrected_log_proba(X)
        return response.restore(log_proba)

    @available_if(_inner_has("decision_function"))
    def decision_function(self, X):
        """Return the scores that decide for a class.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences of length n
            Rows, as in fit.

        Returns
        -------
        ndarray of shape (n,) or (n, n_classes)
            The scores of the estimator. With ``prior_correction=True``, for two classes the log-odds
            ln(p_1 / p_0) of the corrected probabilities, else their logarithms.
        """
        check_is_fitted(self)
        if not self.prior_correction:
            return self.estimator_.decision_function(X)
        response, log_proba = self._corrected_log_proba(X)
        return response.restore(log_proba[:, 1] - log_proba[:, 0] if len(self.classes_) == 2 else log_proba)

    def get_metadata_routing(self):
        """Return which metadata go to the sampler and to the estimator.

        Returns
        -------
        :class:`~sklearn.utils.metadata_routing.MetadataRouter`
            The routing of fit.
        """
        to_fit = MethodMapping().add(caller="fit", callee="fit")
        router = MetadataRouter(owner=self).add_self_request(self)
        router.add(estimator=self.estimator, method_mapping=to_fit)
        if not is_absent(self.sampler):
            router.add(sampler=SamplerRequests(self.sampler), method_mapping=to_fit)
        return router

    def __sklearn_tags__(self):
        tags = inherit_classifier_tags(super().__sklearn_tags__(), self.estimator)
        return inherit_input_tags(tags, [self.estimator, self.sampler])

    def _corrected_log_proba(self, X):
        """Return a response and its log-probabilities at the prior of y, precise where probabilities are near zero."""
        with np.errstate(divide="ignore"):  # the logarithm of a zero is -inf, and stays so
            if hasattr(self.estimator_, "predict_log_proba"):
                response = Response(self.estimator_.predict_log_proba(X), "predict_log_proba(X)")
                log_proba = response.flat
            else:
                response = Response(self.estimator_.predict_proba(X), "predict_proba(X)")
                log_proba = np.log(response.flat)
        return response, log_softmax(correct_prior_logits(log_proba, self.prior_, self.effective_prior_), axis=1)

    def _warn_of_weights(self):
        found = balance_inside(self.estimator_)
        if found is not None:
            what, cure = found
            warn_user(
                f"prior_correction=True undoes the sampler of ResampledClassifier alone, but {what} inside it, so the "
                f"probabilities are not those of the class frequencies in y. For right probabilities, {cure}."
            )

    def _check_decision(self, resamples):
        """Refuse decisions inside that the correction would lose; warn of those that count the rarity twice."""
        inside = decision_inside(self.estimator)
        if inside is None:
            return
        name = type(inside).__name__
        cure = f"Turn it round: {name}(ResampledClassifier(model, sampler, prior_correction=True), ...)."
        if self.prior_correction:
            raise ValueError(
                f"prior_correction=True predicts the most probable class, so that the decisions of {name} inside the "
                f"estimator would be lost. {cure}"
            )
        if resamples and hasattr(inside, "cost_matrix"):
            warn_user(
                f"{name} inside the estimator decides by costs on probabilities of resampled rows, which count the "
                f"rarity of a class twice. {cure}"
            )

    def _check_parameters(self):
        """Raise unless the parameters make sense together; return whether there is a sampler."""
        check_bool("prior_correction", self.prior_correction)
        methods = ["fit", "predict", "predict_proba"] if self.prior_correction else ["fit", "predict"]
        cure = (
            "Give a classifier with predict_proba, or set prior_correction=False."
            if self.prior_correction
            else "Give a classifier such as LogisticRegression()."
        )
        check_estimator_has(self.estimator, "estimator", methods, cure)
        resamples = not is_absent(self.sampler)
        if resamples:
            check_sampler(self.sampler, "sampler")
            check_no_ids(self.sampler, "sampler", self.estimator)
        self._check_decision(resamples)
        return resamples

    def _frequencies(self, labels):
        """Return the frequency of each of ``classes_`` in ``labels``."""
        return np.array([np.mean(labels == label) for label in self.classes_])
