"""The recurrent regressor: sequences in, one or more numbers each out."""

import numpy as np
from sklearn.base import RegressorMixin

from skseq._fit_tasks import tells_callbacks
from skseq._validation import (
    check_option,
    check_same_length,
    check_sample_weight,
    float_targets,
    refuse_masked,
    with_mean_of_one,
)
from skseq.sequences import holds_steps
from skseq.training import REGRESSION_LOSSES

from ._base import BaseSequenceEstimator, PooledStatesMixin
from ._recurrent_estimator import RecurrentEstimator
from ._target_scaling import TargetScaling


class RNNRegressor(RecurrentEstimator, PooledStatesMixin, RegressorMixin, BaseSequenceEstimator):
    """Recurrent neural network for predicting numbers from sequences.

    A vanilla, LSTM or GRU network reads each sequence step by step; its hidden states are pooled into one vector,
    from which a linear layer gives the targets. Targets are scaled inside, so their units do not matter. Sequences
    may differ in length, and a result never depends on which sequences share a batch, on their order or on padding.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(64,)
        Units of each recurrent layer, of each direction.
    cell : {"gru", "lstm", "rnn"}, default="gru"
        The recurrent cell; "rnn" is the vanilla one.
    activation : {"tanh", "relu"}, default="tanh"
        Activation of the vanilla cell.
    bidirectional : bool, default=False
        Read each sequence from both ends.
    pooling : {"last", "mean", "max"}, default="last"
        What becomes of the hidden states of the valid steps. With two directions, "last" takes the final state
        of each.
    embedding_dim : int, default=None
        If given, X holds token ids 0, 1, 2, ..., which are embedded into this many dimensions.
    features_per_step : int, default=1
        For X of shape (n, columns): each sequence has ``columns / features_per_step`` steps, step-major.
    recurrent_init : {"orthogonal", "identity", "glorot"}, default="orthogonal"
        Initial recurrent weights, for each gate. Biases begin at zero but for ``memory_steps``.
        ``cell="rnn", activation="relu", recurrent_init="identity"`` is the IRNN [3]_.
    memory_steps : int, "auto", "mean" or None, default="auto"
        If a number, the units of an LSTM or GRU are initialized to remember between 2 and ``memory_steps`` steps,
        spread evenly on a logarithmic scale, by the biases of the gates that keep a state [8]_. "mean" is the
        weighted mean length of the sequences in the (first) fit. With None, the bias of the LSTM's forget gate starts
        at one and that of the GRU's update gate at zero, so every unit forgets within a few steps. "auto" is "mean"
        for this estimator, which answers once per sequence. Give the length of the longest gap if you know it.
    dropout : float, default=0.0
        Probability of dropping a unit of a layer's states while training, one mask for each sequence [5]_.
    solver : {"adam", "sgd", "rmsprop"}, default="adam"
        The optimizer; "sgd" has Nesterov momentum 0.9.
    learning_rate_init : float, default=0.01
        Initial learning rate.
    learning_rate : {"auto", "constant", "cosine", "plateau"}, default="auto"
        "cosine" falls to a hundredth over the epochs of a fit, or over ``max_iter`` calls of ``partial_fit``, and then
        restarts; "plateau" halves after five epochs without a lower loss (the validation loss with early stopping).
        "auto" is "cosine" in ``fit`` with ``max_iter="auto"``, else "constant".
    alpha : float, default=0.0
        Decoupled weight decay [6]_: each step shrinks all weights but the biases by ``learning rate * alpha``.
    batch_size : int or "auto", default="auto"
        Number of sequences per minibatch. "auto" is a hundredth of them, but at least 32 and at most 200, rounded so
        that all minibatches are about equal.
    max_iter : int or "auto", default="auto"
        Number of epochs, the largest one if ``early_stopping`` acts. "auto" is the number that takes 2,000 minibatches,
        but at least 20 and at most 100.
    max_grad_norm : float or None, default=1.0
        Gradients are scaled down to this norm [4]_.
    loss : {"squared_error", "absolute_error", "huber"}, default="squared_error"
        What is minimised: half the squared residual, its magnitude, or the square up to one standard deviation of the
        targets and the magnitude beyond [7]_. The last two mind outliers of y less.
    early_stopping : bool or "auto", default="auto"
        Whether to stop when the loss on validation data no longer falls, and to restore the weights with the lowest
        validation loss. The validation data are ``X_val`` of ``fit``, else a part of the training data. With "auto"
        and ``max_iter="auto"``, held-out data choose the number of epochs and calibrate the outputs, see the notes
        of :class:`RNNClassifier`; with "auto" and a number of epochs, all of them are run.
    scoring : "loss", str or callable, default="loss"
        What decides which weights are best in early stopping: the validation loss, or the highest score of a scorer as
        scikit-learn's, a name or a function ``scoring(estimator, X, y)``.
    validation_fraction : float, default=0.1
        Part of the training data that early stopping holds out if ``fit`` gets no ``X_val``.
    n_iter_no_change : int, default=10
        Number of epochs that early stopping waits for an improvement.
    tol : float, default=1e-4
        The smallest change of the validation loss, or of the score, that counts as an improvement.
    shuffle : bool, default=True
        Draw the minibatches anew each epoch.
    warm_start : bool, default=False
        Go on from the weights of the previous fit, for ``max_iter`` epochs more and with a new learning rate.
    random_state : int, RandomState or None, default=None
        Decides initial weights, minibatches, dropout and the validation part.
    verbose : int, default=0
        1 prints one line an epoch; 2 shows a progress bar with the time left, of rich or tqdm where one is installed,
        and nothing where the output is neither a terminal nor a notebook.

    Attributes
    ----------
    n_outputs_ : int
        Targets of each sequence.
    n_features_in_ : int
        Columns of X of shape (n, columns), else features of a step.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Column names, where X is a DataFrame.
    output_scale_ : float
        Factor from 0 to 1 by which the outputs were multiplied to calibrate them, the reciprocal of a temperature.
        It is part of the weights of the last layer; 1 without held-out data.
    n_iter_ : int
        Epochs run.
    best_iteration_ : int
        Epoch, from 1, whose weights are in use.
    loss_curve_ : list of float
        Weighted mean training loss of each epoch.
    grad_norm_curve_ : list of float
        Mean norm of the gradient in each epoch, before clipping.
    clipped_curve_ : list of float
        Share of the steps whose gradient was clipped to ``max_grad_norm``.
    learning_rate_curve_ : list of float
        Learning rate of each epoch.
    seconds_curve_ : list of float
        Time that each epoch took, in seconds.
    validation_loss_curve_ : list of float or None
        The loss on the validation data, given or held out, after each epoch; None without them.
    validation_score_curve_ : list of float or None
        The score of ``scoring`` there. For "loss" R^2, its rows weighted as in the loss.
    history_ : dict of list
        All these curves by epoch: ``pandas.DataFrame(model.history_)`` is a table of them. ``validation_loss`` and
        ``validation_score`` are among them where there were validation data.
    weights_ : dict of ndarray
        Every weight of the network, read-only. For layer l, and with two directions "layer_l.forward" and
        "layer_l.backward": "layer_l.input_weights" (inputs, G * units), "layer_l.recurrent_weights"
        (units, G * units) and "layer_l.bias" (G * units,), the columns in blocks of one gate each: (hidden) for
        "rnn", (output, input, forget, candidate) for "lstm", (candidate, reset, update) for "gru". A GRU also has
        "layer_l.candidate_recurrent_bias" (units,). Then "output.weights" (inputs, n_outputs), "output.bias", and
        "embedding.weights" (n_tokens, embedding_dim). The user guide writes out the cells in these names.

    See Also
    --------
    RNNClassifier : Classes instead of numbers; its notes on dtypes and batches hold here too.
    skseq.compose.EachStep : Scale or impute every step before the network.

    Notes
    -----
    The network learns (y - mean) / deviation, with the weighted mean and standard deviation of each target. Where
    ``warm_start`` or ``partial_fit`` continue a training, these are updated with the new data, and the output layer is
    re-expressed so that the update alone changes no prediction [9]_. Losses and gradient norms are in these units. A
    target that has never varied is predicted as it is.

    Predictions have the dtype of the computation, unless the targets are too large or too small for it: then float64.

    The loss of a batch is the mean of w_i l_i, where l_i is the mean loss over the targets of sequence i, and the
    weights w_i are scaled to a mean of one over the data.

    The defaults are those of :class:`RNNClassifier`. The factor that calibrates the outputs shrinks the predictions to
    the mean of the targets, nearly all the way where X holds nothing about y.

    References
    ----------
    .. [1] S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9, 1997.
    .. [2] K. Cho et al., "Learning phrase representations using RNN encoder-decoder", EMNLP 2014.
    .. [3] Q. V. Le, N. Jaitly and G. E. Hinton, "A simple way to initialize recurrent networks of rectified linear
       units", arXiv:1504.00941, 2015.
    .. [4] R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013.
    .. [5] Y. Gal and Z. Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks",
       NeurIPS 2016.
    .. [6] I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
    .. [7] P. J. Huber, "Robust estimation of a location parameter", Annals of Mathematical Statistics 35, 1964.
    .. [8] C. Tallec and Y. Ollivier, "Can recurrent neural networks warp time?", ICLR 2018.
    .. [9] H. van Hasselt, A. Guez, M. Hessel, V. Mnih and D. Silver, "Learning values across many orders of magnitude",
       NeurIPS 2016.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq import RNNRegressor
    >>> rng = np.random.RandomState(0)
    >>> X = [rng.uniform(0, 1, size=rng.randint(3, 9)) for _ in range(100)]
    >>> y = np.array([x[-1] - x[0] for x in X])
    >>> model = RNNRegressor(hidden_layer_sizes=16, learning_rate_init=0.02, max_iter=100, random_state=0).fit(X, y)
    >>> model.predict(X[:2]).shape
    (2,)
    >>> bool(model.score(X, y) > 0.9)
    True
    """

    def __init__(
        self,
        hidden_layer_sizes=(64,),
        *,
        cell="gru",
        activation="tanh",
        bidirectional=False,
        pooling="last",
        embedding_dim=None,
        features_per_step=1,
        recurrent_init="orthogonal",
        memory_steps="auto",
        dropout=0.0,
        solver="adam",
        learning_rate_init=0.01,
        learning_rate="auto",
        alpha=0.0,
        batch_size="auto",
        max_iter="auto",
        max_grad_norm=1.0,
        loss="squared_error",
        early_stopping="auto",
        scoring="loss",
        validation_fraction=0.1,
        n_iter_no_change=10,
        tol=1e-4,
        shuffle=True,
        warm_start=False,
        random_state=None,
        verbose=0,
    ):
        self.hidden_layer_sizes = hidden_layer_sizes
        self.cell = cell
        self.activation = activation
        self.bidirectional = bidirectional
        self.pooling = pooling
        self.embedding_dim = embedding_dim
        self.features_per_step = features_per_step
        self.recurrent_init = recurrent_init
        self.memory_steps = memory_steps
        self.dropout = dropout
        self.solver = solver
        self.learning_rate_init = learning_rate_init
        self.learning_rate = learning_rate
        self.alpha = alpha
        self.batch_size = batch_size
        self.max_iter = max_iter
        self.max_grad_norm = max_grad_norm
        self.loss = loss
        self.early_stopping = early_stopping
        self.scoring = scoring
        self.validation_fraction = validation_fraction
        self.n_iter_no_change = n_iter_no_change
        self.tol = tol
        self.shuffle = shuffle
        self.warm_start = warm_start
        self.random_state = random_state
        self.verbose = verbose

    @tells_callbacks
    def fit(self, X, y, sample_weight=None, *, X_val=None, y_val=None, sample_weight_val=None):
        """Train the network.

        Parameters
        ----------
        X : array of shape (n, steps, features) or (n, columns), DataFrame, or list of arrays (steps_i, features)
            The sequences; token ids with ``embedding_dim``.
        y : array-like of shape (n,) or (n, n_outputs)
            The targets of each sequence.
        sample_weight : array-like of shape (n,), default=None
            Weight of each sequence in the loss.
        X_val : as X, default=None
            Validation data: the loss and the score on them are recorded after each epoch, and decide for early
            stopping if it is set. They are checked as X is at predict. By default, early stopping holds out a part
            of X. A pipeline transforms them with ``transform_input=["X_val"]``.
        y_val : as y, default=None
            Their targets.
        sample_weight_val : as ``sample_weight``, default=None
            Their weights.

        Returns
        -------
        RNNRegressor
            This estimator, left as it was if an error is raised. Ctrl-C ends training early, with a warning; the best
            weights so far are kept.

        Raises
        ------
        ValueError, TypeError
            If a hyperparameter, X, y or ``sample_weight`` is not valid, or if training diverges.
        """
        return self._fit(X, y, sample_weight, validation=(X_val, y_val, sample_weight_val))

    def partial_fit(self, X, y, sample_weight=None):
        """Train for one epoch over these sequences, going on from where the estimator stands.

        The scale of the targets is that of all calls so far.

        Parameters
        ----------
        X : as in ``fit``
        y : array-like of shape (n,) or (n, n_outputs)
        sample_weight : array-like of shape (n,), default=None

        Returns
        -------
        RNNRegressor
            This estimator, left as it was if an error is raised or Ctrl-C is pressed.

        Raises
        ------
        ValueError, TypeError
            If an argument is not valid, training diverges, or ``early_stopping`` is set.
        """
        return self._partial_fit(X, y, sample_weight)

    def _loss(self):
        return REGRESSION_LOSSES[self.loss]()

    def _prepare(self, X, y, sample_weight, *, continued, seen=None):
        """Check everything that came; return sequences, scaled targets and weights, one on average.

        The average is over all rows seen so far: ``seen`` holds their number and total weight in earlier calls of
        partial_fit.
        """
        self._check_hyperparameters()
        check_option("loss", self.loss, list(REGRESSION_LOSSES))
        sequences = self._read(X, reset=not continued)
        y = _read_targets(y, len(sequences))
        sample_weight = check_sample_weight(sample_weight, len(sequences))
        sequences, y, sample_weight = self._merged(sequences, y, sample_weight, continued)
        if continued:
            self._check_shape(y)
        self.n_outputs_ = 1 if y.ndim == 1 else y.shape[1]
        weight, scaling = sample_weight.sum(), TargetScaling(y, sample_weight)
        if continued:
            scaling = self._scaling.merged(scaling, weight / (self._weight_seen + weight))
        self._weight_seen = weight + (self._weight_seen if continued else 0.0)
        self._scaling = scaling
        totals = np.array([len(y), weight])
        self._totals = totals if seen is None else seen + totals
        return sequences, self._scaling.scale(y), with_mean_of_one(sample_weight, *self._totals)

    def _begin(self, data, continued, **named):
        before = self._scaling if continued else None
        trainer, prepared = super()._begin(data, continued, **named)
        if before is not None:
            output = trainer.parameters.of("output")
            before.rescale_outputs(self._scaling, output["kernel"].T, output["bias"])
        return trainer, prepared

    def _check_shape(self, y):
        if y.shape[1:] != self._scaling.shape:
            raise ValueError(
                f"y has shape {y.shape}, but the fit to go on with had targets of shape {('n', *self._scaling.shape)}. "
                "Give targets of that shape, or begin anew: fit with warm_start=False."
            )

    def _read_validation(self, X, y, sample_weight):
        sequences, targets = self._to_score(X, y)
        with np.errstate(over="ignore"):
            finite = np.isfinite(targets.astype(self._trainer.parameters.dtype)).all(axis=1)
        if not finite.all():
            row = int(np.flatnonzero(~finite)[0])
            raise ValueError(f"y[{row}] is {y[row]!r}, too far from the targets y of fit. Give targets of their scale.")
        return sequences, targets, check_sample_weight(sample_weight, len(sequences))

    def _to_score(self, X, y):
        """Return the sequences and the targets of the fitted network's loss."""
        sequences = self._read(X, reset=False)
        y = _read_targets(y, len(sequences))
        self._check_shape(y)
        return sequences, self._scaling.scale(y)

    @property
    def _n_outputs(self):
        return self.n_outputs_

    def predict(self, X):
        """Return the targets of each sequence, shaped as y was in ``fit``: (n,) or (n, n_outputs)."""
        outputs = self._outputs(X)  # first: it says if there was no fit
        return self._scaling.unscale(outputs)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        # An R^2 of 0.5 on 50 rows of training can be memorized, but not predicted, as a cross-validation finds.
        tags.regressor_tags.poor_score = (self.max_iter, self.early_stopping) == ("auto", "auto")
        return tags


def _read_targets(y, n_rows):
    """Return y as floats (n,) or (n, n_outputs)."""
    if y is None:
        raise ValueError(
            "This estimator requires y to be passed, but the target y is None. Give the targets of each sequence."
        )
    refuse_masked(y, "y", "Drop the rows that have no target.")
    shape = np.shape(y) if hasattr(y, "shape") else None
    if (shape is None or len(shape) == 1) and holds_steps(y) and len({np.size(own) for own in y}) > 1:
        raise ValueError(
            "y holds arrays of different lengths, as of one number for each step, but RNNRegressor learns the same "
            "number of targets for each sequence: expected shape (n,) or (n, n_outputs)."
        )
    y = float_targets(y)
    if y.ndim > 2:
        raise ValueError(f"y has shape {y.shape}; give (n,) or (n, n_outputs), the targets of each sequence.")
    check_same_length(n_rows, y)
    return y
