"""How gradients fare on their way back through time, and the recurrent weights that decide it."""

from numbers import Real

import numpy as np
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.utils import Bunch
from sklearn.utils.validation import check_is_fitted

from skseq._validation import check_number
from skseq.layers import Recurrence
from skseq.networks import RecurrentNetwork
from skseq.training import Parameters, gradient_norms

from ._inner_network import inner_network

#: A learning rate that changes no weight.
STANDSTILL = 1e-200


def gradient_flow(estimator, X, y, *, recurrent_scale=1.0):
    r"""Return the norm of the gradient of every hidden state, and the spectrum of the recurrent weights.

    Backpropagation through time multiplies the gradient of a hidden state at every step back by the transpose of the
    step's Jacobian, for the vanilla cell

    .. math:: \frac{\partial L}{\partial h_{t-1}} = W_{hh} \, \mathrm{diag}(f'(a_t)) \frac{\partial L}{\partial h_t}

    so that it vanishes or explodes with the n-th power of :math:`W_{hh}` [1]_ [2]_. Where it vanishes, nothing is
    learnt about what lies that far back.

    Parameters
    ----------
    estimator : estimator
        ``RNNClassifier``, ``RNNRegressor``, ``RNNTagger`` or ``RNNGenerator``; or a fitted pipeline, search or
        meta-estimator of one. A network alone that is not fitted is taken with the weights that its training would
        begin with.
    X : array-like or list of sequences
        As in the estimator's ``fit``.
    y : array-like or None
        As in the estimator's ``fit``; None for a language model of the sequences X.
    recurrent_scale : float, default=1.0
        Take the recurrent weights times this, to see what another scale of them would do. The estimator stays as it is.

    Returns
    -------
    :class:`~sklearn.utils.Bunch`
        With the attributes

        norms : dict of ndarray of shape (longest,), float64
            By layer, with two directions "layer_0.forward" and "layer_0.backward": entry k is the norm of
            :math:`\partial L_i / \partial h`, k steps before the last step that is read, as the mean over the
            sequences i that are so long. L_i is the loss of the sequence in the units of ``loss_curve_``; of a tagger,
            the sum over its steps. Zero stands for what is smaller than 1e-277.
        singular_values : dict of ndarray of shape (units,), float64
            Of :math:`W_{hh}`, descending, by layer; where a cell has gates, of each one's part: "layer_0.update".
        spectral_radius : dict of float
            The largest magnitude of its eigenvalues, by the same keys.

    Raises
    ------
    TypeError
        If there is no such network inside the estimator: a Transformer has no recurrence, and a translator has two.
    ValueError
        If the states overflow.

    See Also
    --------
    GradientFlowDisplay : Draws the norms.

    References
    ----------
    .. [1] Y. Bengio, P. Simard and P. Frasconi, "Learning long-term dependencies with gradient descent is difficult",
       IEEE Transactions on Neural Networks 5, 1994.
    .. [2] R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013.

    Examples
    --------
    >>> from skseq import RNNRegressor
    >>> from skseq.datasets import make_adding_problem
    >>> from skseq.inspection import gradient_flow
    >>> X, y = make_adding_problem(50, n_steps=100, random_state=0)
    >>> vanilla = RNNRegressor(32, cell="rnn", recurrent_init="glorot", random_state=0)
    >>> for scale in (0.5, 1.5):
    ...     flow = gradient_flow(vanilla, X, y, recurrent_scale=scale)
    ...     norms = flow.norms["layer_0"]
    ...     print(f"spectral radius {flow.spectral_radius['layer_0']:.1f}: from {norms[0]:.0e} to {norms[-1]:.0e}")
    spectral radius 0.5: from 1e+00 to 7e-35
    spectral radius 1.5: from 1e+00 to 3e+01
    """
    check_number("recurrent_scale", recurrent_scale, Real, low=0)
    estimator, X = inner_network(estimator, X)
    estimator = _with_weights(estimator, X, y)
    network = estimator._trainer.network
    if not (isinstance(network, RecurrentNetwork) and hasattr(estimator, "_to_score")):
        raise TypeError(
            f"The gradients of {type(estimator).__name__} do not flow back through the steps of one recurrence, so "
            "there is nothing to show. Give an RNNClassifier, RNNRegressor, RNNTagger or RNNGenerator."
        )
    sequences, targets = estimator._to_score(X, y)
    fitted = estimator._trainer.parameters
    parameters = Parameters(fitted.shapes, np.float64, fitted.flat.astype(np.float64))
    recurrences = {name: layer for name, layer in network.named_layers().items() if isinstance(layer, Recurrence)}
    for name, layer in recurrences.items():
        parameters.of(name)["kernel"][:, : layer.cell.units] *= recurrent_scale
    norms = gradient_norms(network, parameters, estimator._trainer.loss, sequences, targets)
    if any(np.isnan(of_layer).any() for of_layer in norms.values()):
        raise ValueError(
            "The hidden states overflow, so they have no gradient. Lower recurrent_scale, and scale X as the training "
            "data were scaled."
        )
    matrices = {}
    for name, layer in recurrences.items():
        matrices.update(_matrices(name, layer, parameters))
    return Bunch(
        norms=norms,
        singular_values={key: np.linalg.svd(matrix, compute_uv=False) for key, matrix in matrices.items()},
        spectral_radius={key: float(np.abs(np.linalg.eigvals(matrix)).max()) for key, matrix in matrices.items()},
    )


def _with_weights(estimator, X, y):
    """Return ``estimator`` if it is fitted, else a clone with the weights that its training would begin with."""
    try:
        check_is_fitted(estimator)
    except NotFittedError:
        initial = clone(estimator)
        if hasattr(initial, "set_callbacks"):
            initial.set_callbacks()
        initial.set_params(max_iter=1, learning_rate_init=STANDSTILL, early_stopping=False, warm_start=False, verbose=0)
        return initial.fit(X, y)
    return estimator


def _matrices(name, layer, parameters):
    """Return the recurrent weights (units, units) of each gate of a layer, by layer and gate."""
    gates = layer.cell.gates
    parts = np.split(layer.named(parameters.of(name))["recurrent_weights"], len(gates), axis=1)
    return {f"{name}.{gate}" if len(gates) > 1 else name: part for gate, part in zip(gates, parts)}
