"""Warnings of skseq."""

from sklearn.exceptions import ConvergenceWarning

__all__ = ["GradientWarning"]


class GradientWarning(ConvergenceWarning):
    """A network was trained on gradients that vanish or explode on their way back through the steps.

    Issued at the end of a fit, with the figures and the cure, if one of two things holds. Either the mean norm of the
    gradient, before clipping, was above a thousand (and a thousand times ``max_grad_norm``) in most of the later
    epochs. Or, after ten epochs or more, the loss is still that of a guess by the frequencies of the classes or by the
    mean, and the gradient of hidden states 15 steps back or more is less than a millionth of that of the last ones.

    Parameters
    ----------
    message : str
        The figures and the cure.

    See Also
    --------
    skseq.inspection.gradient_flow : How far back gradients reach.

    Examples
    --------
    The gradient of rectified linear units does not reach over two hundred steps, unless they begin with the identity:

    >>> import warnings
    >>> from skseq import RNNRegressor
    >>> from skseq.datasets import make_adding_problem
    >>> from skseq.exceptions import GradientWarning
    >>> X, y = make_adding_problem(50, n_steps=200, random_state=0)
    >>> settings = {"cell": "rnn", "activation": "relu", "recurrent_init": "glorot", "max_iter": 10}
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always", GradientWarning)
    ...     model = RNNRegressor(8, **settings, random_state=0).fit(X, y)
    >>> print(caught[0].message)
    The network has learnt nothing in 10 epochs, and its gradients vanish: ... Use cell='lstm' or ...
    """

    def __init__(self, message):
        super().__init__(message)
