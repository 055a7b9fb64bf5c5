"""Parts of a classifier that matter for its probabilities and decisions: class weights, samplers, thresholds."""

from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.model_selection import FixedThresholdClassifier, TunedThresholdClassifierCV
from sklearn.pipeline import Pipeline

from skseq._resampling import is_absent, is_sampler

#: Attributes in which meta-estimators keep the estimator inside, fitted ones first.
_INSIDE = ("best_estimator_", "estimator_", "estimator", "final_estimator_", "final_estimator")


def balance_inside(estimator):
    """Return what moves the probabilities of ``estimator`` away from the class frequencies of y, and the cure.

    Class weights and samplers do, unless ``prior_correction=True`` or a calibration moves them back. Looks through
    pipelines, searches and other meta-estimators, and at the final estimator of a stack.

    Parameters
    ----------
    estimator : estimator
        Fitted or not.

    Returns
    -------
    (str, str) or None
        What it is, and what to set in its place.
    """
    for part in _from_outside(estimator):
        if isinstance(part, CalibratedClassifierCV) or getattr(part, "prior_correction", False) is True:
            return None
        if getattr(part, "voting", None) == "soft":  # VotingClassifier, whose import takes long
            members = getattr(part, "estimators_", [member for _, member in part.estimators])
            return next(filter(None, map(balance_inside, members)), None)
        name, corrects = type(part).__name__, hasattr(part, "prior_correction")
        if isinstance(part, Pipeline):
            for step, sampler in part.steps:
                if is_sampler(sampler):
                    return f"the sampler {step!r} resamples", (
                        "leave it out, or put it into ResampledClassifier(..., prior_correction=True)"
                    )
        elif hasattr(part, "sampler") and is_sampler(part.sampler) and not is_absent(part.sampler):
            return f"{name} resamples", "set prior_correction=True" if corrects else "leave the sampler out"
        elif _is_weighted(getattr(part, "class_weight", None)):
            return f"{name} has class_weight={part.class_weight!r}", (
                "set class_weight=None or prior_correction=True" if corrects else "set class_weight=None"
            )
    return None


def decision_inside(estimator):
    """Return the estimator inside ``estimator``, or itself, that decides by costs or by a threshold; None if none does.

    Whoever reads its probabilities alone loses these decisions.
    """
    for part in _from_outside(estimator):
        if isinstance(part, (FixedThresholdClassifier, TunedThresholdClassifierCV)):
            return part
        if getattr(part, "cost_matrix", None) is not None and hasattr(part, "expected_costs"):
            return part
    return None


def labels_steps(estimator):
    """Return whether what predicts inside ``estimator`` labels every step of a sequence."""
    return any(getattr(part, "targets_each_step", False) is True for part in _from_outside(estimator))


def _from_outside(estimator):
    """Yield ``estimator``, the estimator inside it that predicts, and so on; fitted ones where there are."""
    seen = set()
    while estimator is not None and id(estimator) not in seen and not isinstance(estimator, (str, type)):
        seen.add(id(estimator))
        if not isinstance(estimator, FrozenEstimator):  # which has the attributes of what is inside
            yield estimator
        if isinstance(estimator, Pipeline):
            estimator = estimator.steps[-1][1] if estimator.steps else None
        else:
            attributes = getattr(estimator, "__dict__", {})
            estimator = next((attributes[name] for name in _INSIDE if name in attributes), None)


def _is_weighted(class_weight):
    if isinstance(class_weight, dict):
        return len(set(class_weight.values())) > 1
    return class_weight is not None
