"""The layers of a fitted network."""

from sklearn.utils.validation import check_is_fitted

from ._inner_network import inner_network


def network_summary(estimator):
    """Return the layers of a fitted network, the shapes of their weights and how many parameters they have.

    A notebook shows the same below the diagram of a fitted network.

    Parameters
    ----------
    estimator : fitted estimator
        A network for sequences; or a pipeline, search or meta-estimator of one.

    Returns
    -------
    NetworkSummary
        ``print`` shows it, as does a notebook. ``table`` is a dict of columns for a DataFrame, ``n_parameters`` the
        number of all parameters.

    Raises
    ------
    TypeError
        If there is no network for sequences inside the estimator.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq import RNNClassifier
    >>> from skseq.inspection import network_summary
    >>> X = np.random.RandomState(0).standard_normal((20, 5, 3))
    >>> model = RNNClassifier(16, max_iter=1).fit(X, [0, 1] * 10)
    >>> summary = network_summary(model)
    >>> summary.n_parameters
    1010
    >>> summary.table["layer"]
    ['layer_0', 'output']
    """
    estimator, _ = inner_network(estimator)
    check_is_fitted(estimator)
    return estimator._summary()
