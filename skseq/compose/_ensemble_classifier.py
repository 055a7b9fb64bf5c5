"""The mean of the probabilities of several classifiers, each with a seed and a resample of its own."""

from numbers import Integral

import numpy as np
from joblib import effective_n_jobs
from sklearn.base import BaseEstimator, ClassifierMixin, MetaEstimatorMixin, clone
from sklearn.utils.metadata_routing import MetadataRouter, MethodMapping
from sklearn.utils.parallel import Parallel, delayed
from sklearn.utils.validation import check_is_fitted

from skseq._fit_tasks import CallbackSupportMixin, fit_tasks, tells_callbacks
from skseq._inside import balance_inside, decision_inside, labels_steps
from skseq._resampling import check_no_ids, check_sampler, is_absent
from skseq._user_warnings import warn_user
from skseq._validation import all_or_nothing, check_bool, check_number, check_seed

from ._delegation import (
    ScoresSteps,
    check_estimator_has,
    fitted_classes,
    inherit_classifier_tags,
    inherit_input_tags,
    number_of_rows,
    read_labels,
    route_fit,
)
from ._resampled_classifier import ResampledClassifier
from ._responses import finite_proba


class EnsembleClassifier(CallbackSupportMixin, ScoresSteps, ClassifierMixin, MetaEstimatorMixin, BaseEstimator):
    """Mean probabilities of several fits of a classifier, each with its own seed and its own resample.

    With :class:`~skseq.under_sampling.RandomUnderSampler` it is balanced bagging [1]_: each member sees all rows of the
    rare class and another draw of the others, so that none of them is lost to all. Without a sampler all members see
    all rows and differ by their seeds alone, which for networks makes the probabilities steadier and better
    calibrated [2]_. X is passed on as it is: a table, a 3-D array, a list of sequences, texts; what
    ``BaggingClassifier`` refuses. Around a tagger, such as :class:`~skseq.neural_network.RNNTagger`, the probabilities
    of each step are averaged.

    Parameters
    ----------
    estimator : classifier
        Cloned for each member; needs ``predict_proba``. Every parameter of it named ``random_state``, also of
        estimators inside it, is set to a seed that differs between members.
    n_estimators : int, default=10
        Number of members.
    sampler : sampler, "passthrough" or None, default=None
        An object with ``fit_resample(X, y)``, cloned for each member and seeded in the same way. None and
        "passthrough" give all rows to all members, which then differ only if the estimator has a ``random_state``
        that matters.
    n_jobs : int or None, default=None
        Number of members that are fitted at once, as joblib reads it. The result does not depend on it.
    random_state : int, RandomState instance or None, default=None
        Seed from which those of the members are drawn. Give an int for the same result at every fit.
    prior_correction : bool, default=False
        Whether to map the probabilities of each member back to the class frequencies of y, as in
        :class:`ResampledClassifier`. Without a sampler there is nothing to correct.

    Attributes
    ----------
    estimators_ : list of classifiers
        The fitted members; with a sampler, each is a :class:`ResampledClassifier`, with ``estimator_`` and
        ``sampler_``.
    classes_ : ndarray of shape (n_classes,)
        The class labels, sorted. A member whose resample lacks a class gives it a probability of zero.
    n_features_in_ : int
        Number of features, if the members know it.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the columns, if the members know them.

    Raises
    ------
    TypeError
        In fit, if the estimator or the sampler lacks a method that is needed.
    ValueError
        In fit, if a parameter is not valid, if ``sample_weight`` is given together with a sampler, if y holds no class
        labels, or if the estimator decides by costs or by a threshold, since only its probabilities are read.

    Warns
    -----
    UserWarning
        In fit, if class weights inside the estimator stay uncorrected with ``prior_correction=True``.

    See Also
    --------
    ResampledClassifier : One fit on one resample.
    MinimumCostClassifier : Decisions of lowest expected cost; put it around the ensemble.
    skseq.under_sampling.RandomUnderSampler : A sampler for rows of any kind.

    References
    ----------
    .. [1] B. C. Wallace, K. Small, C. E. Brodley & T. A. Trikalinos (2011). Class imbalance, redux. IEEE International
       Conference on Data Mining, 754-763.
    .. [2] B. Lakshminarayanan, A. Pritzel & C. Blundell (2017). Simple and scalable predictive uncertainty estimation
       using deep ensembles. Advances in Neural Information Processing Systems 30.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> from skseq.compose import EnsembleClassifier
    >>> from skseq.under_sampling import RandomUnderSampler
    >>> X = np.r_[np.linspace(-2, 2, 90), np.linspace(-1, 3, 10)].reshape(-1, 1)
    >>> y = np.r_[np.zeros(90, int), np.ones(10, int)]
    >>> ensemble = EnsembleClassifier(
    ...     DecisionTreeClassifier(max_depth=2), 25, sampler=RandomUnderSampler(), random_state=0, prior_correction=True
    ... )
    >>> ensemble.fit(X, y).predict_proba([[-2], [0], [3]])[:, 1].round(2)
    array([0.03, 0.09, 0.97])
    """

    #: For :mod:`skseq._held_out_validation`: without metadata routing, the estimator gets the parameters of fit.
    _hands_on_fit_params = True

    def __init__(
        self, estimator, n_estimators=10, *, sampler=None, n_jobs=None, random_state=None, prior_correction=False
    ):
        self.estimator = estimator
        self.n_estimators = n_estimators
        self.sampler = sampler
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.prior_correction = prior_correction

    @property
    def n_features_in_(self):
        """Number of features seen in fit."""
        return self._first_member().n_features_in_

    @property
    def feature_names_in_(self):
        """Names of the columns seen in fit."""
        return self._first_member().feature_names_in_

    @tells_callbacks
    def fit(self, X, y, **params):
        """Fit the members.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences of length n
            Training data, as the sampler and the estimator accept them.
        y : array-like of shape (n,), or one label per step
            Class labels. For a tagger a list of n arrays (steps_i,) or an array (n, steps).
        **params : dict
            Passed to the fit of each member, such as ``sample_weight`` where there is no sampler; or, with metadata
            routing enabled, to the sampler and the estimator as they have requested.

        Returns
        -------
        EnsembleClassifier
            The fitted classifier, left as it was if an error is raised.
        """
        with all_or_nothing(self):
            self._check_parameters()
            fit_params = route_fit(self, params, "estimator")["estimator"]["fit"]
            y, labels = read_labels(y, number_of_rows(X), labels_steps(self.estimator))
            self.classes_ = np.unique(labels)
            random_state = check_seed(self.random_state)
            members = [self._seeded_member(random_state) for _ in range(self.n_estimators)]
            self.estimators_ = self._fitted(members, X, y, fit_params)
            for member in self.estimators_:
                self._columns_of(member)  # an unknown class is an error of fit, not of predict
            if self.prior_correction and is_absent(self.sampler):
                self._warn_of_weights()
        return self

    def predict(self, X):
        """Return the class of the highest mean probability.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences of length n
            Rows, as in fit.

        Returns
        -------
        ndarray of shape (n,), or of labels per step for a tagger
            Class labels.
        """
        response, proba = self._mean_proba(X)
        return response.restore(self.classes_[np.argmax(proba, axis=1)])

    def predict_proba(self, X):
        """Return the mean over the members of the probability of each class.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences of length n
            Rows, as in fit.

        Returns
        -------
        ndarray of shape (n, n_classes), or of such arrays per sequence for a tagger
            Probabilities, in the order of ``classes_``.
        """
        response, proba = self._mean_proba(X)
        return response.restore(proba)

    def predict_log_proba(self, X):
        """Return the logarithm of the mean probability of each class.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences of length n
            Rows, as in fit.

        Returns
        -------
        ndarray of shape (n, n_classes), or of such arrays per sequence for a tagger
            Log-probabilities, in the order of ``classes_``; -inf where all members are sure.
        """
        response, proba = self._mean_proba(X)
        with np.errstate(divide="ignore"):
            return response.restore(np.log(proba))

    def get_metadata_routing(self):
        """Return which metadata go to the sampler and to the estimator.

        Returns
        -------
        :class:`~sklearn.utils.metadata_routing.MetadataRouter`
            The routing of fit.
        """
        router = MetadataRouter(owner=self).add_self_request(self)
        to_fit = MethodMapping().add(caller="fit", callee="fit")
        return router.add(estimator=self._member(), method_mapping=to_fit)

    def _first_member(self):
        """Return a fitted member, or raise an AttributeError: hasattr is False before fit."""
        if "estimators_" not in vars(self):
            raise AttributeError(f"This {type(self).__name__} is not fitted yet. Call fit first.")
        return self.estimators_[0]

    def _member(self):
        """Return an unfitted member that shares the estimator and the sampler with this ensemble."""
        if is_absent(self.sampler):
            return self.estimator
        return ResampledClassifier(self.estimator, self.sampler, prior_correction=self.prior_correction)

    def _seeded_member(self, random_state):
        """Return a clone of a member in which every random_state is a seed of its own."""
        member = clone(self._member())
        names = sorted(member.get_params(deep=True))
        seeded = [name for name in names if name == "random_state" or name.endswith("__random_state")]
        return member.set_params(**{name: int(random_state.randint(np.iinfo(np.int32).max)) for name in seeded})

    def _fitted(self, members, X, y, params):
        if effective_n_jobs(self.n_jobs) > 1:
            return Parallel(n_jobs=self.n_jobs)(delayed(_fit)(member, X, y, params) for member in members)
        for member in members:
            with fit_tasks(self).around("fit-estimator", member):
                member.fit(X, y, **params)
        return members

    def _columns_of(self, member):
        """Return the positions among ``classes_`` of the classes that a member has."""
        classes = fitted_classes(member, "estimator")
        unknown = classes[~np.isin(classes, self.classes_)]
        if len(unknown):
            raise ValueError(
                f"A member was fitted on the classes {unknown.tolist()}, which are not in y: {self.classes_.tolist()}. "
                f"Give a sampler that adds no classes, not {self.sampler!r}."
            )
        return np.searchsorted(self.classes_, classes)

    def _mean_proba(self, X):
        """Return the response of a member, by whose form to restore, and the mean probabilities (rows, n_classes)."""
        check_is_fitted(self)
        run = Parallel(n_jobs=self.n_jobs, require="sharedmem")
        responses = run(delayed(finite_proba)(member, X, len(self._columns_of(member))) for member in self.estimators_)
        total = np.zeros((len(responses[0].flat), len(self.classes_)))
        for member, response in zip(self.estimators_, responses):
            total[:, self._columns_of(member)] += response.flat
        total /= len(responses)
        return responses[0], total.astype(np.result_type(*(response.flat.dtype for response in responses)), copy=False)

    def _warn_of_weights(self):
        found = balance_inside(self.estimators_[0])
        if found is not None:
            what, cure = found
            warn_user(
                f"prior_correction=True undoes the sampler of EnsembleClassifier alone, but {what} inside it, so the "
                f"probabilities are not those of the class frequencies in y. For right probabilities, {cure}."
            )

    def _check_parameters(self):
        check_number("n_estimators", self.n_estimators, Integral, low=1)
        if self.n_jobs is not None and check_number("n_jobs", self.n_jobs, Integral) == 0:
            raise ValueError("n_jobs=0 is not an option; use None or 1 for one at a time, or -1 for all processors.")
        check_bool("prior_correction", self.prior_correction)
        check_estimator_has(
            self.estimator, "estimator", ["fit", "predict_proba"], "Give a classifier with predict_proba."
        )
        if not is_absent(self.sampler):
            check_sampler(self.sampler, "sampler")
            check_no_ids(self.sampler, "sampler", self.estimator)
        inside = decision_inside(self.estimator)
        if inside is not None:
            name = type(inside).__name__
            raise ValueError(
                f"The ensemble reads probabilities, so that the decisions of {name} inside the estimator would be "
                f"lost. Turn it round: {name}(EnsembleClassifier(model, ...), ...)."
            )

    def __sklearn_tags__(self):
        tags = inherit_classifier_tags(super().__sklearn_tags__(), self.estimator)
        return inherit_input_tags(tags, [self.estimator, self.sampler])


def _fit(member, X, y, params):
    return member.fit(X, y, **params)
