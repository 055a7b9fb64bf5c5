"""A scikit-learn Pipeline whose samplers act while fitting, and only then."""

from functools import wraps

import sklearn.pipeline
from sklearn import get_config
from sklearn.exceptions import NotFittedError
from sklearn.utils.metadata_routing import MethodMapping
from sklearn.utils.metaestimators import available_if
from sklearn.utils.validation import check_is_fitted

from skseq._fit_tasks import fit_tasks, tells_callbacks
from skseq._held_out_validation import fit_validated, resampled_apart
from skseq._pipeline_fit import all_steps_or_nothing, fit_all_but_last, gives_validation_data, passing_samplers, timed
from skseq._resampling import SamplerRequests, is_absent, is_sampler, resample
from skseq._table_steps import naming_each_step

__all__ = ["Pipeline", "make_pipeline"]


def _at_predict(method_name):
    """Return a method of scikit-learn's Pipeline that leaves the samplers out."""
    inherited = getattr(sklearn.pipeline.Pipeline, method_name)

    def available(pipeline):
        getattr(pipeline._without_samplers(), method_name)  # its AttributeError says which step lacks what
        return True

    @available_if(available)
    @wraps(inherited)
    def method(self, *args, **kwargs):
        return getattr(self._without_samplers(), method_name)(*args, **kwargs)

    return method


def _offers(method_name):
    """Return a check for ``available_if`` of "fit_" + method_name, which samplers turn into two calls."""

    def available(pipeline):
        if pipeline._resamples():
            getattr(pipeline._without_samplers(), method_name)
        getattr(super(Pipeline, pipeline), f"fit_{method_name}")
        return True

    return available


def _ends_in_sampler(pipeline):
    return pipeline._resamples() and is_sampler(pipeline.steps[-1][1])


class Pipeline(sklearn.pipeline.Pipeline):
    """Transformers, samplers and a final estimator, one after another.

    This is :class:`sklearn.pipeline.Pipeline` with steps that resample: a step with a method
    ``fit_resample`` changes the rows that the later steps are fitted on, and is left out at predict, score
    and transform. Samplers of skseq and of imbalanced-learn, and any object with ``fit_resample(X, y)``, can
    be steps. X may be whatever the steps accept: an array, a DataFrame, a 3-D array or a list of sequences of
    different lengths.

    Parameters
    ----------
    steps : list of (str, estimator) tuples
        The steps in their order. All but the last are transformers, samplers, "passthrough" or None.
    transform_input : list of str, default=None
        Names of metadata that are transformed (never resampled) on their way to the step that consumes them,
        such as a validation set. Needs metadata routing to be enabled.
    memory : str or object with the joblib.Memory interface, default=None
        Where fitted transformers and samplers are cached, with their results. The last step is never cached.
        With a cache, the steps are cloned before they are fitted.
    verbose : bool, default=False
        Print the time that fitting each step takes.

    Attributes
    ----------
    named_steps : :class:`~sklearn.utils.Bunch`
        The steps by name.
    classes_ : ndarray of shape (n_classes,)
        The class labels, if the last step is a classifier.
    n_features_in_ : int
        Number of features seen by the first step, or by the next one if the first is a sampler without it.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Names of the features, where that step has them.

    Raises
    ------
    TypeError
        While fitting, if a step has both ``fit_resample`` and ``transform``, or neither.
    ValueError
        While fitting, if ``sample_weight`` is given to a step after a sampler: the rows have changed.

    See Also
    --------
    make_pipeline : The same, with names made from the classes.
    skseq.compose.ResampledClassifier : Resampling inside a stock scikit-learn Pipeline.

    Notes
    -----
    ``fit_transform(X, y)`` equals ``fit(X, y).transform(X)``, and ``fit_predict(X, y)`` equals
    ``fit(X, y).predict(X)``, with samplers too: results always belong to the rows of X.

    If the last step is a sampler, the pipeline is a sampler: it has ``fit_resample``, but no ``transform`` or
    ``predict``. It can be a step of another pipeline if it holds samplers only: transformers would not act at predict.

    With metadata routing enabled, a sampler requests metadata with ``set_fit_request`` or, if it derives from
    imbalanced-learn, ``set_fit_resample_request``; they are passed to its ``fit_resample``. Samplers that measure
    distances, such as SMOTE, stand after the scaler.

    If the last step stops early and its ``fit`` takes ``X_val`` (the networks of skseq and, from scikit-learn 1.7,
    :class:`~sklearn.ensemble.HistGradientBoostingClassifier`), its validation data are held out before the first step:
    no sampler sees them, and no transformer is fitted on them. The split is stratified, with the
    ``validation_fraction`` and the ``random_state`` of the last step. Other estimators that hold out validation data
    after a sampler, such as :class:`~sklearn.neural_network.MLPClassifier`, get a warning.

    Callbacks (scikit-learn 1.9) set on a pipeline with samplers are called for its fit and for that of the last step.

    Examples
    --------
    >>> import numpy as np
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skseq.over_sampling import SMOTE
    >>> from skseq.pipeline import Pipeline
    >>> X = np.r_[np.linspace(-2, 2, 90), np.linspace(-1, 3, 10)].reshape(-1, 1)
    >>> y = np.r_[np.zeros(90, int), np.ones(10, int)]
    >>> steps = [("scale", StandardScaler()), ("smote", SMOTE(random_state=0)), ("lr", LogisticRegression())]
    >>> pipeline = Pipeline(steps).fit(X, y)
    >>> int(pipeline.predict(X)[y == 1].sum())
    6
    >>> pipeline = pipeline.set_params(smote="passthrough").fit(X, y)
    >>> int(pipeline.predict(X)[y == 1].sum())
    0
    """

    def _resamples(self):
        """Return whether any step is a sampler."""
        try:
            return any(is_sampler(step) for _, step in self.steps)
        except (TypeError, ValueError):  # no pairs of name and estimator
            return False

    def _without_samplers(self):
        """Return a plain Pipeline of the same steps, in which only a sampler at the end is left."""
        steps = self.steps
        if self._resamples():
            steps = passing_samplers(steps[:-1]) + [steps[-1]]
        return sklearn.pipeline.Pipeline(
            steps, transform_input=self.transform_input, memory=self.memory, verbose=self.verbose
        )

    @naming_each_step
    def fit(self, X, y=None, **params):
        """Fit all steps, each on what the steps before it made of X and y.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences
            Training data, as the first step accepts them.
        y : array-like, default=None
            Training targets. Samplers need them.
        **params : dict
            ``step__name=value`` for each step; or, with metadata routing enabled, the metadata that the steps
            have requested.

        Returns
        -------
        Pipeline
            The pipeline itself. If a step raises, all steps are left as they were.
        """
        with all_steps_or_nothing(self):
            if not self._resamples():
                return super().fit(X, y, **params)
            if _ends_in_sampler(self):
                self.fit_resample(X, y, **params)
                return self
            return self._fit_and_resample(X, y, params)

    @tells_callbacks(n_tasks=1)
    def _fit_and_resample(self, X, y, params):
        tasks = fit_tasks(self)
        last = self.steps[-1][1]
        if is_absent(last) or gives_validation_data(self, params):
            (X, y, step_params), validation = self._fit_all_but_last(X, y, params), None
        else:
            resampled, validation = resampled_apart(last, X, y, params, self._fit_all_but_last)
            X, y, step_params = resampled
            validation = self._transformed(validation)
        with timed(self, len(self.steps) - 1):
            if not is_absent(last):
                with tasks.around("fit-final-estimator", last):
                    fit_validated(last, X, y, step_params, validation)
        return self

    def _transformed(self, validation):
        """Return (X_val, y_val), X_val after the transformers before the last step."""
        if validation is None:
            return None
        before = sklearn.pipeline.Pipeline([*passing_samplers(self.steps[:-1]), ("last", "passthrough")])
        return before.transform(validation[0]), validation[1]

    @available_if(_offers("transform"))
    @naming_each_step
    def fit_transform(self, X, y=None, **params):
        """Fit all steps and return X transformed: the same as ``fit(X, y).transform(X)``.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences
            Training data, as the first step accepts them.
        y : array-like, default=None
            Training targets. Samplers need them.
        **params : dict
            As in :meth:`fit`.

        Returns
        -------
        array-like
            One row for each row of X.
        """
        if not self._resamples():
            with all_steps_or_nothing(self):
                return super().fit_transform(X, y, **params)
        fit_params, transform_params = self._split(params, "transform")
        return self.fit(X, y, **fit_params).transform(X, **transform_params)

    @available_if(_offers("predict"))
    @naming_each_step
    def fit_predict(self, X, y=None, **params):
        """Fit all steps and return predictions for X.

        With a sampler among the steps this is ``fit(X, y).predict(X)``, and the last step needs ``predict``.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences
            Training data, as the first step accepts them.
        y : array-like, default=None
            Training targets. Samplers need them.
        **params : dict
            As in :meth:`fit`.

        Returns
        -------
        ndarray
            One prediction for each row of X.
        """
        if not self._resamples():
            with all_steps_or_nothing(self):
                return super().fit_predict(X, y, **params)
        fit_params, predict_params = self._split(params, "predict")
        return self.fit(X, y, **fit_params).predict(X, **predict_params)

    @available_if(_ends_in_sampler)
    @naming_each_step
    def fit_resample(self, X, y, **params):
        """Fit all steps and return X and y transformed and resampled. Only if the last step is a sampler.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences
            Training data, as the first step accepts them.
        y : array-like
            Training targets.
        **params : dict
            As in :meth:`fit`.

        Returns
        -------
        X_resampled : container of X
            The rows after the last sampler.
        y_resampled : container of y
            Their targets.
        """
        with all_steps_or_nothing(self):
            X, y, step_params = self._fit_all_but_last(X, y, params)
            with timed(self, len(self.steps) - 1):
                X, y, _ = resample(self.steps[-1][1], X, y, step_params)
        return X, y

    predict = _at_predict("predict")
    predict_proba = _at_predict("predict_proba")
    predict_log_proba = _at_predict("predict_log_proba")
    decision_function = _at_predict("decision_function")
    score_samples = _at_predict("score_samples")
    score = _at_predict("score")
    transform = _at_predict("transform")
    inverse_transform = _at_predict("inverse_transform")

    @property
    def n_features_in_(self):
        """Number of features seen by the first step that knows it."""
        return self._from_first_step().n_features_in_

    @property
    def feature_names_in_(self):
        """Names of the features seen by the first step that knows them."""
        return self._from_first_step().feature_names_in_

    def _from_first_step(self):
        """Return a plain Pipeline without the samplers at the beginning that know nothing of the columns."""
        steps = list(self.steps)
        while len(steps) > 1 and is_sampler(steps[0][1]) and not hasattr(steps[0][1], "n_features_in_"):
            steps.pop(0)
        return sklearn.pipeline.Pipeline(steps)

    def get_feature_names_out(self, input_features=None):
        """Return the names of the features after the last step.

        Parameters
        ----------
        input_features : array-like of str, default=None
            Names of the columns of X. By default those seen in fit.

        Returns
        -------
        ndarray of str
            One name for each column.
        """
        return sklearn.pipeline.Pipeline(passing_samplers(self.steps)).get_feature_names_out(input_features)

    def get_metadata_routing(self):
        """Return which metadata go to which step.

        Returns
        -------
        :class:`~sklearn.utils.metadata_routing.MetadataRouter`
            The routing of all steps.
        """
        router = self._without_samplers().get_metadata_routing()
        for name, step in self.steps:
            if is_sampler(step):
                mapping = MethodMapping()
                for caller in ("fit", "fit_transform", "fit_predict"):
                    mapping.add(caller=caller, callee="fit")
                router.add(method_mapping=mapping, **{name: SamplerRequests(step)})
        return router

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        if self._resamples():
            tags.target_tags.required = True
        return tags

    def __sklearn_is_fitted__(self):
        try:
            check_is_fitted(self._without_samplers())
        except NotFittedError:
            return False
        return True

    def _fit_all_but_last(self, X, y, params):
        """Fit the steps before the last; return X and y as the last step gets them, and its parameters."""
        X, y, steps, step_params = fit_all_but_last(self, X, y, params)
        self.steps = steps
        return X, y, step_params.get("fit", {})

    def _split(self, params, method):
        """Return the parameters for fit, and those of ``method`` called after it."""
        if not get_config()["enable_metadata_routing"]:
            return params, {}
        router = self.get_metadata_routing()
        later = router.consumes(method, params)
        only_later = later - router.consumes("fit", params)
        return {k: v for k, v in params.items() if k not in only_later}, {k: params[k] for k in later}


def make_pipeline(*steps, memory=None, transform_input=None, verbose=False):
    """Return a :class:`Pipeline` whose steps are named after their classes in lower case.

    Parameters
    ----------
    *steps : estimators
        The steps in their order: transformers, samplers and a final estimator.
    memory : str or object with the joblib.Memory interface, default=None
        As in :class:`Pipeline`.
    transform_input : list of str, default=None
        As in :class:`Pipeline`.
    verbose : bool, default=False
        As in :class:`Pipeline`.

    Returns
    -------
    Pipeline
        The pipeline, not fitted.

    See Also
    --------
    Pipeline : The same, with names of your own.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skseq.pipeline import make_pipeline
    >>> list(make_pipeline(StandardScaler(), LogisticRegression()).named_steps)
    ['standardscaler', 'logisticregression']
    """
    named = sklearn.pipeline.make_pipeline(*steps).steps
    return Pipeline(named, memory=memory, transform_input=transform_input, verbose=verbose)
