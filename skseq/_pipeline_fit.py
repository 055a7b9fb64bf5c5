"""How the steps of a :class:`skseq.pipeline.Pipeline` are checked and fitted, one after another."""

import sys
import time
from contextlib import ExitStack, contextmanager

import sklearn.pipeline
from sklearn import clone, get_config
from sklearn.utils.metadata_routing import get_routing_for_object, process_routing
from sklearn.utils.validation import check_memory

from skseq._inside import decision_inside
from skseq._resampling import check_no_ids, check_sampler, is_absent, is_sampler, refuse_sample_weight, resample
from skseq._user_warnings import warn_user
from skseq._validation import all_or_nothing, check_bool


def passing_samplers(steps):
    """Return the steps with each sampler replaced by "passthrough"."""
    return [(name, "passthrough" if is_sampler(step) else step) for name, step in steps]


@contextmanager
def all_steps_or_nothing(pipeline):
    """Undo every change to ``pipeline``, its steps and the estimators inside them when the block raises.

    Steps are fitted in place, one after another: without this, a fit that fails at the network would leave a new scaler
    beside the network of the fit before.
    """
    try:
        inside = pipeline.get_params(deep=True).values()
    except (AttributeError, TypeError, ValueError):  # steps that are none, which the fit reports
        inside = []
    parts = {id(part): part for part in inside if hasattr(part, "get_params") and hasattr(part, "__dict__")}
    parts = {key: part for key, part in parts.items() if not isinstance(part, type)}
    with ExitStack() as stack:
        for part in (pipeline, *parts.values()):
            stack.enter_context(all_or_nothing(part))
        yield


def fit_all_but_last(pipeline, X, y, params):
    """Fit the steps before the last, as far as possible from the cache.

    Parameters
    ----------
    pipeline : Pipeline
        Whose fit was called; it is not changed, but its steps are fitted unless they are cached.
    X, y
        As given to fit.
    params : dict
        As given to fit.

    Returns
    -------
    X, y
        As the last step gets them.
    steps : list of (str, estimator)
        The steps after fitting: clones, if they are cached.
    step_params : dict
        The parameters of the last step: {method: {name: value}}.
    """
    check_steps(pipeline)
    _warn_of_costs(pipeline.steps)
    routed = _route(pipeline, params)
    _refuse_weights_after_samplers(pipeline.steps, routed)
    memory = check_memory(pipeline.memory)
    caches = getattr(memory, "location", True) is not None
    steps = list(pipeline.steps)
    for i, (name, step) in enumerate(steps[:-1]):
        with timed(pipeline, i):
            if is_absent(step):
                continue
            step = clone(step) if caches else step
            step_params = _transform_params(pipeline, steps[:i], routed[name], params)
            if is_sampler(step):
                X, y, step = memory.cache(resample)(step, X, y, step_params["fit"])
            else:
                X, step = memory.cache(_fit_transform)(step, X, y, step_params)
            steps[i] = (name, step)
    step_params = _transform_params(pipeline, steps[:-1], routed.get(steps[-1][0], {}), params)
    return X, y, steps, step_params


def gives_validation_data(pipeline, params):
    """Whether ``params`` of fit hold validation data for the last step."""
    return "X_val" in _route(pipeline, params).get(pipeline.steps[-1][0], {}).get("fit", {})


def check_steps(pipeline):
    """Raise a TypeError or ValueError unless the steps can be fitted in their order."""
    check_bool("verbose", pipeline.verbose)
    # A plain Pipeline of the same names, in which nothing happens, checks all but the steps themselves.
    absent = [(name, "passthrough") for name, _ in pipeline.steps]
    sklearn.pipeline.Pipeline(absent, transform_input=pipeline.transform_input, memory=pipeline.memory).fit(None)
    for i, (name, step) in enumerate(pipeline.steps):
        if is_sampler(step):
            check_sampler(step, f"The step {name!r}")
            following = (after for _, after in pipeline.steps[i + 1 :] if not (is_absent(after) or is_sampler(after)))
            check_no_ids(step, f"The step {name!r}", next(following, None))
        elif not is_absent(step):
            _check_step(name, step, last=i == len(pipeline.steps) - 1)


def _warn_of_costs(steps):
    """Warn of decisions by costs after a sampler, which count the rarity of a class twice."""
    sampler = next((name for name, step in steps if is_sampler(step)), None)
    inside = None if sampler is None else decision_inside(steps[-1][1])
    if inside is not None and hasattr(inside, "cost_matrix"):
        warn_user(
            f"{type(inside).__name__} in the step {steps[-1][0]!r} decides by costs on probabilities of rows that "
            f"{sampler!r} has resampled, which count the rarity of a class twice. Turn it round: "
            "MinimumCostClassifier(ResampledClassifier(model, sampler, prior_correction=True), costs), at the end."
        )


def _check_step(name, step, last):
    transforms = hasattr(step, "transform") and (hasattr(step, "fit") or hasattr(step, "fit_transform"))
    if isinstance(step, type) or not (hasattr(step, "fit") if last else transforms):
        wanted = "an estimator with fit" if last else "a transformer (fit and transform) or a sampler (fit_resample)"
        raise TypeError(
            f"The step {name!r} is {step!r} (type {type(step).__name__}), but it must be {wanted}, "
            "'passthrough' or None."
        )


def _route(pipeline, params):
    """Return the parameters of each step in fit: {step: {method: {name: value}}}."""
    if get_config()["enable_metadata_routing"]:
        return process_routing(pipeline, "fit", **params)
    routed = {name: {} for name, _ in pipeline.steps}
    for key, value in params.items():
        name, found, parameter = key.partition("__")
        if not found or name not in routed:
            raise ValueError(
                f"Pipeline.fit does not accept the {key} parameter. "
                f"Give it to a step as stepname__parameter; the steps are {list(routed)}."
            )
        routed[name][parameter] = value
    return {name: {"fit": p, "fit_transform": p, "transform": {}} for name, p in routed.items()}


def _refuse_weights_after_samplers(steps, routed):
    """Raise a ValueError if a step after a sampler is given sample_weight."""
    sampler = None
    for name, step in steps:
        if sampler is not None and not is_absent(step):
            for step_params in routed[name].values():
                refuse_sample_weight(step_params, f"the step {name!r}", f"the step {sampler!r}")
        if is_sampler(step):
            sampler = name


def _transform_params(pipeline, fitted_steps, step_params, params):
    """Return the parameters of a step, those in ``transform_input`` transformed by the steps before it."""
    if not pipeline.transform_input or not params or not fitted_steps:
        return step_params
    before = sklearn.pipeline.Pipeline(passing_samplers(fitted_steps))
    consumed = get_routing_for_object(before).consumes("transform", params)
    metadata = {key: params[key] for key in consumed}

    def transformed(value):
        if isinstance(value, tuple):  # several sets, such as XGBoost's eval_set
            return tuple(transformed(item) for item in value)
        return before.transform(value, **metadata)

    return {
        method: {k: transformed(v) if k in pipeline.transform_input else v for k, v in values.items()}
        for method, values in step_params.items()
    }


def _fit_transform(transformer, X, y, params):
    """Return X transformed by ``transformer``, fitted on it, and the fitted transformer."""
    if hasattr(transformer, "fit_transform"):
        return transformer.fit_transform(X, y, **params["fit_transform"]), transformer
    return transformer.fit(X, y, **params["fit"]).transform(X, **params["transform"]), transformer


@contextmanager
def timed(pipeline, i):
    """Print how long the block took, as scikit-learn's Pipeline does for step ``i``, if it is verbose."""
    start = time.perf_counter()
    yield
    if pipeline.verbose:
        seconds = time.perf_counter() - start
        name, n_steps = pipeline.steps[i][0], len(pipeline.steps)
        message = f" (step {i + 1} of {n_steps}) Processing {name}, total={seconds:6.1f}s"
        sys.stdout.write(f"[Pipeline] {message:.>59}\n")
