"""The network inside an estimator, and X as it gets there."""

import sklearn.pipeline
from sklearn.utils.validation import check_is_fitted

from skseq._pipeline_fit import passing_samplers
from skseq.neural_network._base import BaseSequenceEstimator

#: Where meta-estimators keep the estimator that they have fitted.
FITTED_INSIDE = ("best_estimator_", "estimator_")


def inner_network(estimator, X=None):
    """Return the sequence estimator inside ``estimator``, and X as the steps before it transform it.

    Parameters
    ----------
    estimator : estimator
        A network for sequences; or one at the end of a Pipeline, or in a fitted search or meta-estimator.
    X : array-like or list of sequences, default=None
        None is not transformed.

    Returns
    -------
    network : BaseSequenceEstimator
        It need not be fitted, except inside another estimator.
    X
        As it takes it.

    Raises
    ------
    TypeError
        If there is no such network.
    """
    inside = estimator
    while not isinstance(inside, BaseSequenceEstimator):
        attribute = next((name for name in FITTED_INSIDE if hasattr(inside, name)), None)
        if isinstance(inside, sklearn.pipeline.Pipeline):
            check_is_fitted(inside)
            *before, (_, last) = inside.steps
            if before and X is not None:
                X = sklearn.pipeline.Pipeline(passing_samplers(before)).transform(X)
            inside = last
        elif attribute is not None:
            inside = getattr(inside, attribute)
        else:
            raise TypeError(
                f"{type(estimator).__name__} has no network for sequences inside. Give a network such as "
                "RNNClassifier, or a fitted pipeline, search or meta-estimator of one."
            )
    return inside, X
