"""What meta-estimators ask of, and pass on to, the estimators inside them."""

from copy import deepcopy

import numpy as np
from sklearn import get_config
from sklearn.utils import get_tags
from sklearn.utils.metadata_routing import process_routing


class FeaturesOfInner:
    """What a meta-estimator knows of the columns of X: what its fitted ``estimator_`` knows."""

    @property
    def n_features_in_(self):
        """Number of features seen in fit."""
        return self.estimator_.n_features_in_

    @property
    def feature_names_in_(self):
        """Names of the columns seen in fit."""
        return self.estimator_.feature_names_in_


def number_of_rows(X):
    """Return how many rows (sequences) X holds, whatever it is."""
    if not hasattr(X, "shape") and hasattr(X, "__len__"):
        return len(X)  # ragged lists have no shape
    shape = X.shape if hasattr(X, "shape") else np.asarray(X).shape
    if not shape:
        raise TypeError(f"X must hold rows, got {type(X).__name__}. Give an array, a DataFrame or a list of sequences.")
    return shape[0]


def check_estimator_has(estimator, name, methods, cure):
    """Raise a TypeError unless ``estimator`` is an instance that has all the ``methods``.

    Parameters
    ----------
    estimator : object
    name : str
        The parameter that holds it.
    methods : sequence of str
    cure : str
        What to do otherwise, as a sentence.
    """
    missing = [method for method in methods if not hasattr(estimator, method)]
    if isinstance(estimator, type) or missing:
        what = f"the class {estimator.__name__}" if isinstance(estimator, type) else repr(estimator)
        lacks = f", which has no {' and no '.join(missing)}" if missing else ", not an instance"
        raise TypeError(f"{name} is {what}{lacks}. {cure}")


def fitted_classes(estimator, name):
    """Return the ``classes_`` of a fitted ``estimator``, or raise a TypeError that names its parameter."""
    if not hasattr(estimator, "classes_"):
        raise TypeError(
            f"{name} is {estimator!r}, which has no classes_ after fit, so it is not a classifier. "
            "Give a classifier such as LogisticRegression()."
        )
    return np.asarray(estimator.classes_)


def finite_proba(estimator, X):
    """Return ``estimator.predict_proba(X)``, or raise a ValueError where it is not finite: NaN decides nothing."""
    proba = np.asarray(estimator.predict_proba(X))
    if not np.isfinite(proba).all():
        row = int(np.flatnonzero(~np.isfinite(proba).all(axis=1))[0])
        raise ValueError(
            f"{type(estimator).__name__}.predict_proba gave {proba[row].tolist()} for row {row} of X, from which no "
            "class can be chosen. Give an estimator with finite probabilities, or look at this row."
        )
    return proba


def route_fit(meta_estimator, params, child):
    """Return the parameters of each child's methods in fit: {child: {"fit": {name: value}}}.

    Without metadata routing, all of them belong to the fit of ``child``; those that are None are left out,
    since not every estimator takes them.
    """
    if get_config()["enable_metadata_routing"]:
        return process_routing(meta_estimator, "fit", **params)
    return {child: {"fit": {key: value for key, value in params.items() if value is not None}}}


def inherit_input_tags(tags, estimators):
    """Let ``tags`` say that X may be sparse, NaN or 3-D if all ``estimators`` that have tags say so."""
    inner = [get_tags(estimator) for estimator in estimators if hasattr(estimator, "__sklearn_tags__")]
    for name in ("sparse", "allow_nan", "three_d_array", "positive_only", "categorical", "string"):
        agreed = any if name == "positive_only" else all
        setattr(tags.input_tags, name, bool(inner) and agreed(getattr(t.input_tags, name) for t in inner))
    return tags


def inherit_classifier_tags(tags, estimator):
    """Let ``tags`` say of the classes what those of ``estimator`` say."""
    if hasattr(estimator, "__sklearn_tags__"):
        inner = get_tags(estimator)
        if inner.classifier_tags is not None:
            tags.classifier_tags = deepcopy(inner.classifier_tags)
            tags.classifier_tags.multi_label = False
        tags.non_deterministic = inner.non_deterministic
    return tags
