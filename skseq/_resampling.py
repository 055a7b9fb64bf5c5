"""What Pipeline and ResampledClassifier share about samplers: steps that change the rows while fitting."""

from sklearn.pipeline import Pipeline
from sklearn.utils.metadata_routing import MetadataRequest, get_routing_for_object

from skseq._whole_sequences import labels_each_step, resample_sequences


def is_absent(step):
    """Whether ``step`` is None or "passthrough", the two ways to say that nothing is done."""
    return step is None or (isinstance(step, str) and step == "passthrough")


def is_sampler(step):
    """Whether ``step`` resamples: has a method ``fit_resample``."""
    return hasattr(step, "fit_resample")


class SamplerRequests:
    """The metadata that ``sampler`` requests, for a router that calls its ``fit_resample`` while fitting.

    scikit-learn knows no method ``fit_resample``. Samplers request metadata by ``set_fit_request``, those that derive
    from imbalanced-learn by ``set_fit_resample_request``.

    Parameters
    ----------
    sampler : sampler
    """

    def __init__(self, sampler):
        self.sampler = sampler

    def get_metadata_routing(self):
        """Return a request, or the router of a pipeline of samplers, of the caller "fit"."""
        routing = get_routing_for_object(self.sampler)
        if not isinstance(routing, MetadataRequest):
            return routing
        merged = MetadataRequest(owner=self.sampler)
        for method in ("fit", "fit_resample"):
            requests = getattr(getattr(routing, method, None), "requests", {})
            for param, alias in requests.items():
                if alias is not None or param not in merged.fit.requests:
                    merged.fit.add_request(param=param, alias=alias)
        return merged


def check_sampler(sampler, where):
    """Raise a TypeError unless ``sampler`` only resamples.

    Parameters
    ----------
    sampler : object
    where : str
        What the caller's users call it, such as "the step 'smote'".
    """
    if isinstance(sampler, type):
        raise TypeError(f"{where} is the class {sampler.__name__}; give an instance, {sampler.__name__}().")
    if not is_sampler(sampler):
        raise TypeError(
            f"{where} is {sampler!r}, which has no fit_resample. Give a sampler such as SMOTE(), "
            "or 'passthrough' to leave the rows as they are."
        )
    for method in ("transform", "predict"):
        if hasattr(sampler, method):
            raise TypeError(
                f"{where} ({type(sampler).__name__}) has both fit_resample and {method}, so it is not clear "
                "which of them should act. Split it into a sampler and another estimator."
            )
    if isinstance(sampler, Pipeline):
        _check_samplers_alone(sampler, where)


def check_no_ids(sampler, where, estimator):
    """Raise a ValueError if ``sampler`` makes up rows between those that ``estimator`` embeds as token ids.

    Parameters
    ----------
    sampler : sampler
    where : str
        As in :func:`check_sampler`.
    estimator : estimator
        Which gets the rows as they are after resampling.
    """
    if not _interpolates(sampler) or isinstance(estimator, type) or not hasattr(estimator, "get_params"):
        return
    for name, value in estimator.get_params(deep=True).items():
        if value is not None and (name == "embedding_dim" or name.endswith("__embedding_dim")):
            raise ValueError(
                f"{where} ({type(sampler).__name__}) makes up rows between others, but {type(estimator).__name__} with "
                f"{name}={value!r} reads token ids, between which lies nothing. Use RandomOverSampler or "
                "RandomUnderSampler, or leave the sampler out and set class_weight."
            )


def _interpolates(sampler):
    """Return whether new rows of ``sampler``, of skseq or imbalanced-learn, lie between others."""
    if isinstance(sampler, Pipeline):
        return any(_interpolates(step) for _, step in sampler.steps)
    # SMOTEN of imbalanced-learn votes on categories.
    name = type(sampler).__name__
    return name == "ADASYN" or (hasattr(sampler, "k_neighbors") and name != "SMOTEN")


def _check_samplers_alone(pipeline, where):
    """Raise a TypeError if a pipeline that resamples also transforms, which would not happen at predict."""
    for name, step in pipeline.steps:
        if is_sampler(step):
            check_sampler(step, f"{where}, in its step {name!r},")
        elif not is_absent(step):
            raise TypeError(
                f"{where} is a pipeline that resamples and transforms: its step {name!r} "
                f"({type(step).__name__}) would act on the rows while fitting, but not at predict. "
                "Write its steps into the outer pipeline, one by one."
            )


def resample(sampler, X, y, params, each_step=False):
    """Return X and y after ``sampler.fit_resample(X, y, **params)``, and the fitted sampler.

    The sampler is part of the result, so that ``joblib.Memory`` keeps it too. Where y has a label for each step, or
    ``each_step`` tells so, whole sequences are sampled.
    """
    if each_step or labels_each_step(X, y):
        return *resample_sequences(sampler, X, y, params), sampler
    result = sampler.fit_resample(X, y, **params)
    if not isinstance(result, tuple) or len(result) != 2:
        raise TypeError(
            f"{type(sampler).__name__}.fit_resample must return the pair (X, y), but it returned "
            f"{f'{len(result)} values' if isinstance(result, tuple) else type(result).__name__}."
        )
    return *result, sampler


def refuse_sample_weight(params, what, sampler_name):
    """Raise a ValueError if ``params``, meant for rows that were resampled, hold sample weights.

    Parameters
    ----------
    params : dict
        Names and values given to ``what``; a name may have a prefix, as in "clf__sample_weight".
    what, sampler_name : str
        Who would receive the weights and who resamples before it, as in "the step 'clf'".
    """
    for key, value in params.items():
        if value is not None and (key == "sample_weight" or key.endswith("__sample_weight")):
            raise ValueError(
                f"{key} was given to {what}, but {sampler_name} resamples before it, so the weights no "
                "longer match the rows. Weight the classes instead (class_weight='balanced'), give the "
                "weights to a step before the sampler, or set the sampler to 'passthrough'."
            )
