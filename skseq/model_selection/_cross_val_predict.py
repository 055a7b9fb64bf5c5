"""Out-of-fold predictions, of rows and of the steps of sequences."""

from sklearn.base import BaseEstimator, clone
from sklearn.model_selection import cross_val_predict as cross_val_predict_rows
from sklearn.utils.metadata_routing import get_routing_for_object

from skseq._validation import check_option
from skseq.sequences import array_of, holds_steps


def cross_val_predict(estimator, X, y=None, *, method="predict", **options):
    """Return what models say of sequences that they were not fitted on.

    As :func:`sklearn.model_selection.cross_val_predict`, which refuses ``method="predict_proba"`` for an estimator that
    labels the steps of sequences, such as :class:`~skseq.neural_network.RNNTagger`: it takes labels for those of rows.
    For labels of rows it is that function.

    Parameters
    ----------
    estimator : estimator
        Cloned and fitted once per fold.
    X : array-like, DataFrame or list of sequences of length n
        Data, as the estimator accepts them.
    y : list of n array-likes of shape (steps_i,), array of shape (n, steps), or array-like of shape (n,), default=None
        Targets.
    method : {"predict", "predict_proba", "predict_log_proba", "decision_function"}, default="predict"
        The method that is called on the sequences that were held out.
    **options : dict
        ``groups``, ``cv``, ``n_jobs``, ``verbose``, ``params`` and ``pre_dispatch`` of scikit-learn's function.

    Returns
    -------
    ndarray of shape (n, ...)
        One result for each row or sequence, in the order of X. For lists of sequences an array of n arrays
        (steps_i, ...).

    Raises
    ------
    AttributeError
        If the estimator has no such method.
    ValueError
        If ``method`` is not an option, or the estimator or scikit-learn raises.

    See Also
    --------
    skseq.metrics.per_step_score : Scores of steps in cross-validation.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq.model_selection import cross_val_predict
    >>> from skseq.neural_network import RNNTagger
    >>> rng = np.random.RandomState(0)
    >>> X = [rng.standard_normal(rng.randint(5, 15)) for _ in range(30)]
    >>> y = [np.where(x > 0, "up", "down") for x in X]
    >>> proba = cross_val_predict(RNNTagger(8, max_iter=5, random_state=0), X, y, method="predict_proba", cv=3)
    >>> proba[0].shape == (len(X[0]), 2)
    True
    """
    check_option("method", method, ("predict", "predict_proba", "predict_log_proba", "decision_function"))
    if method == "predict" or not holds_steps(y):
        return cross_val_predict_rows(estimator, X, y, method=method, **options)
    return cross_val_predict_rows(_Answering(estimator, method), X, y, **options)


class _Answering(BaseEstimator):
    """An estimator whose ``predict`` is another method, of which scikit-learn expects nothing about the labels."""

    def __init__(self, estimator, method):
        self.estimator = estimator
        self.method = method

    def fit(self, X, y, **params):
        self.estimator_ = clone(self.estimator).fit(X, y, **params)
        return self

    def predict(self, X):
        values = getattr(self.estimator_, self.method)(X)
        return array_of(values) if isinstance(values, list) else values

    def get_metadata_routing(self):
        return get_routing_for_object(self.estimator)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags
