"""Checks of the hyperparameters that the sequence estimators share."""

from numbers import Integral, Real

import numpy as np
from sklearn.metrics import get_scorer_names

from skseq._validation import check_bool, check_number, check_option, check_seed
from skseq.layers import CELLS, POOLINGS
from skseq.training import OPTIMIZERS, SCHEDULES


def layer_sizes(hidden_layer_sizes):
    """Return ``hidden_layer_sizes`` as a tuple of ints."""
    if isinstance(hidden_layer_sizes, Integral) and not isinstance(hidden_layer_sizes, (bool, np.bool_)):
        hidden_layer_sizes = (hidden_layer_sizes,)
    try:
        sizes = tuple(hidden_layer_sizes)
    except TypeError:
        raise TypeError(
            f"hidden_layer_sizes must be an int or a sequence of ints, got {hidden_layer_sizes!r}."
        ) from None
    if not sizes:
        raise ValueError("hidden_layer_sizes is empty; give the units of at least one recurrent layer.")
    for size in sizes:
        check_number("each of hidden_layer_sizes", size, Integral, low=1)
    return tuple(int(size) for size in sizes)


def check_recurrent_network(estimator):
    """Raise a ValueError or TypeError that names the first hyperparameter of a recurrent network that is wrong.

    An estimator may leave some of them out.
    """
    layer_sizes(estimator.hidden_layer_sizes)
    check_option("cell", estimator.cell, list(CELLS))
    check_option("activation", estimator.activation, ["tanh", "relu"])
    if estimator.activation == "relu" and estimator.cell != "rnn":
        raise ValueError(
            f"activation='relu' goes with cell='rnn'; the gates of cell={estimator.cell!r} have their own. "
            "Set cell='rnn' or activation='tanh'."
        )
    if hasattr(estimator, "bidirectional"):
        check_bool("bidirectional", estimator.bidirectional)
    if hasattr(estimator, "pooling"):
        check_option("pooling", estimator.pooling, list(POOLINGS))
    check_steps(estimator)
    check_option("recurrent_init", estimator.recurrent_init, ["orthogonal", "identity", "glorot"])
    if isinstance(getattr(estimator, "memory_steps", None), str):
        check_option("memory_steps", estimator.memory_steps, ["auto", "mean"])
    elif getattr(estimator, "memory_steps", None) is not None:
        check_number("memory_steps", estimator.memory_steps, Integral, low=2)
        if estimator.cell == "rnn":
            raise ValueError(
                f"memory_steps={estimator.memory_steps} sets gates, which cell='rnn' has not. Set cell='lstm' or "
                "cell='gru', or memory_steps='auto'."
            )


def check_steps(estimator):
    """Raise a ValueError or TypeError if the hyperparameters that say what a step of X is are wrong."""
    if estimator.embedding_dim is not None:
        check_number("embedding_dim", estimator.embedding_dim, Integral, low=1)
    if not hasattr(estimator, "features_per_step"):
        return
    check_number("features_per_step", estimator.features_per_step, Integral, low=1)
    if estimator.embedding_dim is not None and estimator.features_per_step != 1:
        raise ValueError(
            f"features_per_step={estimator.features_per_step} has no meaning with embedding_dim="
            f"{estimator.embedding_dim}: a step of a token sequence is one id. Leave features_per_step at 1."
        )


def check_training(estimator):
    """Raise a ValueError or TypeError that names the first hyperparameter of training that is wrong."""
    check_number("dropout", estimator.dropout, Real, low=0, high=1, bounds="left")
    check_option("solver", estimator.solver, list(OPTIMIZERS))
    check_number("learning_rate_init", estimator.learning_rate_init, Real, low=0, bounds="neither")
    if isinstance(estimator.learning_rate, Real) and not isinstance(estimator.learning_rate, (bool, np.bool_)):
        raise ValueError(
            f"learning_rate={estimator.learning_rate!r} is a number, but learning_rate names a schedule: "
            f"{', '.join(map(repr, SCHEDULES))}. Set learning_rate_init={estimator.learning_rate!r}."
        )
    check_option("learning_rate", estimator.learning_rate, ["auto", *SCHEDULES])
    check_number("alpha", estimator.alpha, Real, low=0)
    for name in ("batch_size", "max_iter"):
        if isinstance(value := getattr(estimator, name), str):
            check_option(name, value, ["auto"])
        else:
            check_number(name, value, Integral, low=1)
    if estimator.max_grad_norm is not None:
        check_number("max_grad_norm", estimator.max_grad_norm, Real, low=0, bounds="neither")
    if isinstance(estimator.early_stopping, str):
        check_option("early_stopping", estimator.early_stopping, ["auto"])
    else:
        check_bool("early_stopping", estimator.early_stopping)
    if isinstance(estimator.scoring, str):
        check_option("scoring", estimator.scoring, ["loss", *get_scorer_names()])
    elif not callable(estimator.scoring):
        raise TypeError(
            f"scoring={estimator.scoring!r} is not a scorer. Give 'loss', the name of a scorer of scikit-learn, or a "
            "function scoring(estimator, X, y)."
        )
    check_number("validation_fraction", estimator.validation_fraction, Real, low=0, high=1, bounds="neither")
    check_number("n_iter_no_change", estimator.n_iter_no_change, Integral, low=1)
    check_number("tol", estimator.tol, Real, low=0)
    check_bool("shuffle", estimator.shuffle)
    check_bool("warm_start", estimator.warm_start)
    if not isinstance(estimator.verbose, (bool, np.bool_)):
        check_number("verbose", estimator.verbose, Integral, low=0)
    check_seed(estimator.random_state)
