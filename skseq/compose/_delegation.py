"""What meta-estimators ask of, and pass on to, the estimators inside them."""

from copy import deepcopy

import numpy as np
from sklearn import get_config
from sklearn.metrics import accuracy_score
from sklearn.utils import get_tags
from sklearn.utils.metadata_routing import process_routing

from skseq._inside import labels_steps
from skseq._validation import check_labels, check_same_length
from skseq.sequences import (
    check_no_missing_labels,
    check_same_steps,
    holds_steps,
    join_steps,
    read_steps,
    refuse_unordered,
    step_weights,
)

#: The label of steps that do not count, as RNNTagger and PyTorch read it.
IGNORED = -100


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
    refuse_unordered(X, "an array, a DataFrame or a list of sequences")
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
    if getattr(estimator, "final_estimator", "") is None:
        missing = []  # StackingClassifier, which has the methods of its default only once it is fitted
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
    if isinstance(estimator.classes_, list):
        raise ValueError(
            f"{name} is {estimator!r}, fitted to {len(estimator.classes_)} columns of y, each with classes of its own. "
            "Put MultiOutputClassifier around this classifier, not inside it."
        )
    return np.asarray(estimator.classes_)


def read_labels(y, n_rows, each_step):
    """Return y for the fit of an estimator, and its class labels one after another.

    Parameters
    ----------
    y : array-like of shape (n_rows,), or one label per step
        For steps, a list of arrays (steps_i,) or an array (n_rows, steps).
    n_rows : int
        Number of rows or sequences of X.
    each_step : bool
        Whether the estimator is known to label steps, so that an array (n_rows, 1) holds one step for each sequence.

    Returns
    -------
    y : ndarray of shape (n_rows,), or as given for steps
    labels : ndarray of shape (n_rows,) or (number of labelled steps,)
        Without the label -100, which RNNTagger reads as no class for steps of weight zero, and refuses for others.
    """
    if y is None or not (each_step or holds_steps(y, single=False)):
        labels = check_labels(y, n_rows)
        return labels, labels
    rows = read_steps("y", y, "To learn one label for each sequence, use RNNClassifier or TransformerClassifier.")
    check_same_length(n_rows, rows)
    check_no_missing_labels("y", rows)
    labels = join_steps("y", rows)
    if labels.ndim > 1:
        raise ValueError(
            f"y[0] has shape {rows[0].shape}, but y holds one label for each step: give arrays of shape (steps,)."
        )
    labels = check_labels(labels, len(labels))
    if each_step and labels.dtype.kind in "if":
        counted = labels != IGNORED
        if counted.any() and (labels[counted] >= 0).all():  # else -100 is a class among others
            labels = labels[counted]
    return y, labels


class ScoresSteps:
    """Accuracy of rows, or of all steps where predictions are sequences of labels."""

    @property
    def targets_each_step(self):
        """Whether y and predictions have an entry for every step, as far as the estimator inside tells."""
        return labels_steps(self.estimator)

    def score(self, X, y, sample_weight=None):
        """Return the accuracy of the predictions.

        Parameters
        ----------
        X : array-like, DataFrame or list of sequences of length n
            Rows, as in fit.
        y : array-like of shape (n,), or one label per step
            True class labels.
        sample_weight : array-like of shape (n,), or one weight per step, default=None
            Weights of zero or more.

        Returns
        -------
        float
            The share of the rows, or of the steps of all sequences, whose class is predicted.
        """
        predicted = self.predict(X)
        if labels_steps(self) or (holds_steps(y) and holds_steps(predicted)):
            true, predicted = read_steps("y", y), read_steps("predict(X)", predicted)
            check_same_steps("y", true, "predict(X)", predicted)
            sample_weight = None if sample_weight is None else step_weights(sample_weight, true)
            y, predicted = join_steps("y", true), join_steps("predict(X)", predicted)
        return accuracy_score(y, predicted, sample_weight=sample_weight)


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
    if labels_steps(estimator):  # y has more than one label for each row: no classifier for scikit-learn
        tags.estimator_type, tags.classifier_tags = None, None
    elif hasattr(estimator, "__sklearn_tags__"):
        inner = get_tags(estimator)
        if inner.classifier_tags is not None:
            tags.classifier_tags = deepcopy(inner.classifier_tags)
            tags.classifier_tags.multi_label = False
        tags.non_deterministic = inner.non_deterministic
    return tags
