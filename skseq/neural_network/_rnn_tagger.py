"""The recurrent tagger: sequences in, a class for every step out."""

from numbers import Integral

from scipy.special import log_softmax, softmax
from sklearn.metrics import accuracy_score
from sklearn.utils.validation import check_is_fitted

from skseq._fit_tasks import tells_callbacks
from skseq._validation import check_number
from skseq.metrics import per_step_score

from ._network_classifier import BaseNetworkClassifier
from ._recurrent_estimator import RecurrentEstimator
from ._step_scorer import StepScorer
from ._step_targets import read_step_labels


class RNNTagger(RecurrentEstimator, BaseNetworkClassifier):
    """Recurrent neural network that labels every step of a sequence.

    A vanilla, LSTM or GRU network reads each sequence step by step; from its hidden state at each step, a softmax layer
    gives the class probabilities of that step. Sequences may differ in length, and a result never depends on which
    sequences share a batch, on their order or on padding.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(64,)
        Units of each recurrent layer, of each direction.
    cell : {"gru", "lstm", "rnn"}, default="gru"
        The recurrent cell; "rnn" is the vanilla one.
    activation : {"tanh", "relu"}, default="tanh"
        Activation of the vanilla cell.
    bidirectional : bool, default=False
        Whether to read each sequence from both ends, so that a step is labelled by what comes after it too. Set it
        where whole sequences are at hand, as with text: it is then mostly better.
    embedding_dim : int, default=None
        If given, X holds token ids 0, 1, 2, ..., which are embedded into this many dimensions.
    features_per_step : int, default=1
        For X of shape (n, columns): each sequence has ``columns / features_per_step`` steps, step-major.
    recurrent_init : {"orthogonal", "identity", "glorot"}, default="orthogonal"
        Initial recurrent weights, for each gate. Biases begin at zero but for ``memory_steps``.
        ``cell="rnn", activation="relu", recurrent_init="identity"`` is the IRNN [3]_.
    memory_steps : int, "auto", "mean" or None, default="auto"
        If a number, the units of an LSTM or GRU are initialized to remember between 2 and ``memory_steps`` steps,
        spread evenly on a logarithmic scale, by the biases of the gates that keep a state [9]_. "mean" is the
        weighted mean length of the sequences in the (first) fit. With None, the bias of the LSTM's forget gate starts
        at one and that of the GRU's update gate at zero. "auto" is None for this estimator, which answers at every
        step: what counts for a step is mostly near it. Give the length of the longest gap if it is long.
    dropout : float, default=0.0
        Probability of dropping a unit of a layer's states while training, one mask for each sequence [6]_.
    solver : {"adam", "sgd", "rmsprop"}, default="adam"
        The optimizer; "sgd" has Nesterov momentum 0.9.
    learning_rate_init : float, default=0.01
        Initial learning rate.
    learning_rate : {"auto", "constant", "cosine", "plateau"}, default="auto"
        "cosine" falls to a hundredth over the epochs of a fit, or over ``max_iter`` calls of ``partial_fit``, and then
        restarts; "plateau" halves after five epochs without a lower loss (the validation loss with early stopping).
        "auto" is "cosine" in ``fit`` with ``max_iter="auto"``, else "constant".
    alpha : float, default=0.0
        Decoupled weight decay [7]_: each step shrinks all weights but the biases by ``learning rate * alpha``.
    batch_size : int or "auto", default="auto"
        Number of sequences per minibatch. "auto" is a hundredth of them, but at least 32 and at most 200, rounded so
        that all minibatches are about equal.
    max_iter : int or "auto", default="auto"
        Number of epochs, the largest one if ``early_stopping`` acts. "auto" is the number that takes 2,000 minibatches,
        but at least 20 and at most 100.
    max_grad_norm : float or None, default=1.0
        Gradients are scaled down to this norm [4]_.
    bptt_steps : int, default=None
        If given, gradients reach back so many steps at the most (truncated backpropagation through time [5]_): the
        network takes a step of the optimizer after each ``bptt_steps`` steps of the sequences, and its hidden states go
        on from there. For long sequences, whose hidden states would fill the memory; not with two directions.
    class_weight : None, "balanced" or dict, default=None
        Weight of each class in the loss; "balanced" is w_j = n / (K n_j), where n counts steps.
    prior_correction : bool, default=False
        Map the probabilities of a model trained with class weights back to the base rate of the training data,
        p_k ~ p_k / w_k [8]_. Predictions follow the corrected probabilities.
    early_stopping : bool or "auto", default="auto"
        Whether to stop when the loss on validation data no longer falls, and to restore the weights with the lowest
        validation loss. The validation data are ``X_val`` of ``fit``, else a part of the training data. With "auto"
        and ``max_iter="auto"``, held-out data choose the number of epochs and calibrate the outputs, see the notes
        of :class:`RNNClassifier`; with "auto" and a number of epochs, all of them are run.
    scoring : "loss", str or callable, default="loss"
        What decides which weights are best in early stopping: the validation loss, or the highest score. The name of a
        scorer of scikit-learn, such as "f1_macro", is applied to the steps of all sequences; a callable
        ``scoring(estimator, X, y)``, such as those of :func:`~skseq.metrics.per_step_score`, gets the sequences.
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
    classes_ : ndarray of shape (n_classes,)
        Sorted class labels.
    class_weight_ : ndarray of shape (n_classes,)
        The w_j in use.
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
        Weighted mean training loss of a step, by epoch.
    grad_norm_curve_ : list of float
        Mean norm of the gradient in each epoch, before clipping.
    clipped_curve_ : list of float
        Share of the steps whose gradient was clipped to ``max_grad_norm``.
    learning_rate_curve_ : list of float
        Learning rate of each epoch.
    seconds_curve_ : list of float
        Time that each epoch took, in seconds.
    validation_loss_curve_ : list of float or None
        The loss of a step on the validation data, given or held out, after each epoch; None without them.
    validation_score_curve_ : list of float or None
        The score of ``scoring`` there. For "loss" the accuracy, its steps weighted as in the loss.
    history_ : dict of list
        All these curves by epoch: ``pandas.DataFrame(model.history_)`` is a table of them. ``validation_loss`` and
        ``validation_score`` are among them where there were validation data.
    weights_ : dict of ndarray
        Every weight of the network, read-only, named as in :class:`RNNClassifier`, with the prior correction in
        "output.bias" too.

    See Also
    --------
    RNNClassifier : One class for a whole sequence.
    skseq.metrics.per_step_score : Any metric of scikit-learn as a scorer of steps.

    Notes
    -----
    The loss of a sequence is the sum of the losses of its steps, L = sum_i l_i, each the cross-entropy of its softmax,
    times its weight. Weights = step's sample weight x class weight are scaled to a mean of one over all steps. A
    gradient is that of the mean over the sequences of a batch, divided by the mean number of steps, so that clipping
    does not depend on how long sequences are. With ``bptt_steps`` it is that of the mean over the steps of a window.

    The computation runs in the dtype of X: float32 stays float32, everything else becomes float64. float32 is
    faster.

    The defaults follow the rule of :class:`RNNClassifier`, with the loss over the steps of held-out sequences.

    scikit-learn's tools take a tagger as they take any estimator, but not as a classifier, whose y has one label a row:
    cross-validation splits sequences at random, and ``scoring`` wants a metric for steps, such as
    ``per_step_score(f1_score, average="macro")``. Without ``scoring`` it is the accuracy of the steps.

    References
    ----------
    .. [1] S. Hochreiter and J. Schmidhuber, "Long short-term memory", Neural Computation 9, 1997.
    .. [2] K. Cho et al., "Learning phrase representations using RNN encoder-decoder", EMNLP 2014.
    .. [3] Q. V. Le, N. Jaitly and G. E. Hinton, "A simple way to initialize recurrent networks of rectified linear
       units", arXiv:1504.00941, 2015.
    .. [4] R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training recurrent neural networks", ICML 2013.
    .. [5] R. J. Williams and J. Peng, "An efficient gradient-based algorithm for on-line training of recurrent network
       trajectories", Neural Computation 2, 1990.
    .. [6] Y. Gal and Z. Ghahramani, "A theoretically grounded application of dropout in recurrent neural networks",
       NeurIPS 2016.
    .. [7] I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
    .. [8] M. Saerens, P. Latinne and C. Decaestecker, "Adjusting the outputs of a classifier to new a priori
       probabilities", Neural Computation 14, 2002.
    .. [9] C. Tallec and Y. Ollivier, "Can recurrent neural networks warp time?", ICLR 2018.

    Examples
    --------
    Is a walk above where it began?

    >>> import numpy as np
    >>> from skseq.neural_network import RNNTagger
    >>> rng = np.random.RandomState(0)
    >>> X = [rng.standard_normal(rng.randint(5, 15)) for _ in range(100)]
    >>> y = [np.where(x.cumsum() > 0, "above", "below") for x in X]
    >>> model = RNNTagger(16, learning_rate_init=0.02, max_iter=60, random_state=0).fit(X[:80], y[:80])
    >>> print(model.predict([np.array([0.5, 0.5, -2.0, -0.5, 2.5])])[0])
    ['above' 'above' 'below' 'below' 'above']
    >>> model.score(X[80:], y[80:]) > 0.9
    True
    """

    _fixed_settings = {"pooling": "none"}
    #: Tells :mod:`skseq.estimator_checks` that y and predictions have an entry for every step.
    targets_each_step = True

    def __init__(
        self,
        hidden_layer_sizes=(64,),
        *,
        cell="gru",
        activation="tanh",
        bidirectional=False,
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
        bptt_steps=None,
        class_weight=None,
        prior_correction=False,
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
        self.bptt_steps = bptt_steps
        self.class_weight = class_weight
        self.prior_correction = prior_correction
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
        y : list of n array-likes of shape (steps_i,), or array-like of shape (n, steps)
            The class of each step.
        sample_weight : array-like of shape (n,), or in the form of y, default=None
            Weight of each sequence, which each of its steps has, or of each step. A step of weight zero is read, but
            what it is labelled does not matter.
        X_val : as X, default=None
            Validation data: the loss and the score on them are recorded after each epoch, and decide for early
            stopping if it is set. They are checked as X is at predict. By default, early stopping holds out a part
            of X. A pipeline transforms them with ``transform_input=["X_val"]``.
        y_val : as y, default=None
            Their classes, which must also be in y.
        sample_weight_val : as ``sample_weight``, default=None
            Their weights.

        Returns
        -------
        self
            This estimator, left as it was if an error is raised. Ctrl-C ends training early, with a warning; the best
            weights so far are kept.

        Raises
        ------
        ValueError, TypeError
            If a hyperparameter, X, y or ``sample_weight`` is not valid, or if training diverges.
        """
        return self._fit(X, y, sample_weight, validation=(X_val, y_val, sample_weight_val))

    def partial_fit(self, X, y, classes=None, sample_weight=None):
        """Train for one epoch over these sequences, going on from where the estimator stands.

        ``class_weight="balanced"`` and ``prior_correction`` go by the class totals of all calls so far.

        Parameters
        ----------
        X, y : as in ``fit``
        classes : array-like of shape (n_classes,), default=None
            All classes there will be; needed at the first call.
        sample_weight : as in ``fit``, default=None

        Returns
        -------
        self
            This estimator, left as it was if an error is raised or Ctrl-C is pressed.

        Raises
        ------
        ValueError, TypeError
            If an argument is not valid, ``classes`` is missing at the first call or changes later, training diverges,
            or ``early_stopping`` is set.
        """
        if classes is None and not hasattr(self, "_trainer"):
            raise ValueError("classes must be passed on the first call to partial_fit: list every class there is.")
        return self._partial_fit(X, y, sample_weight, classes=classes)

    def _check_hyperparameters(self):
        super()._check_hyperparameters()
        if self.bptt_steps is not None:
            check_number("bptt_steps", self.bptt_steps, Integral, low=1)
            if self.bidirectional:
                raise ValueError(
                    f"bptt_steps={self.bptt_steps} reads a sequence window by window, but bidirectional=True needs its "
                    "end first. Set bptt_steps=None or bidirectional=False."
                )

    def _training_settings(self, n, whole_fit):
        return {**super()._training_settings(n, whole_fit), "window_steps": self.bptt_steps}

    def _read_targets(self, y, sample_weight, sequences):
        return read_step_labels(y, sample_weight, sequences)

    def _scorer(self, scorer):
        return StepScorer(scorer) if isinstance(self.scoring, str) else scorer

    def _step_logits(self, X):
        """Return the sequences of X and the logits (total_steps, n_classes) of their steps."""
        check_is_fitted(self)
        sequences = self._read(X, reset=False)
        logits = self._outputs_of(sequences)
        return sequences, self._correct(logits) if self.prior_correction else logits

    def predict(self, X):
        """Return the most probable class of each step.

        Parameters
        ----------
        X : as in ``fit``

        Returns
        -------
        ndarray of shape (n,) of ndarrays of shape (steps_i,), or ndarray of shape (n, steps)
            An array of arrays for lists of sequences, which differ in length.
        """
        sequences, logits = self._step_logits(X)
        return sequences.split(self.classes_[logits.argmax(axis=1)])

    def predict_proba(self, X):
        """Return the probability of each class at each step, in the order of ``classes_``.

        Parameters
        ----------
        X : as in ``fit``

        Returns
        -------
        ndarray of shape (n,) of ndarrays of shape (steps_i, n_classes), or ndarray of shape (n, steps, n_classes)
            An array of arrays for lists of sequences, which differ in length.
        """
        sequences, logits = self._step_logits(X)
        return sequences.split(softmax(logits, axis=1))

    def predict_log_proba(self, X):
        """Return the logarithm of ``predict_proba``."""
        sequences, logits = self._step_logits(X)
        return sequences.split(log_softmax(logits, axis=1))

    def score(self, X, y, sample_weight=None):
        """Return the accuracy over the steps of all sequences.

        Parameters
        ----------
        X, y, sample_weight : as in ``fit``

        Returns
        -------
        float
            The share of the steps, by weight, whose class is predicted.
        """
        return per_step_score(accuracy_score)(self, X, y, sample_weight)
