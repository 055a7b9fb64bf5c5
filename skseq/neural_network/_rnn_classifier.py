"""The recurrent classifier: sequences in, one class each out."""

from ._recurrent_estimator import RecurrentEstimator
from ._sequence_classifier import BaseSequenceClassifier


class RNNClassifier(RecurrentEstimator, BaseSequenceClassifier):
    """Recurrent neural network for classifying sequences.

    A vanilla, LSTM or GRU network reads each sequence step by step; its hidden states are pooled into one vector,
    from which a softmax layer gives the class probabilities. Sequences may differ in length, and a result never
    depends on which sequences share a batch, on their order or on padding.

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
    class_weight : None, "balanced" or dict, default=None
        Weight of each class in the loss; "balanced" is w_j = n / (K n_j).
    prior_correction : bool, default=False
        Map the probabilities of a model trained with class weights back to the base rate of the training data,
        p_k ~ p_k / w_k [7]_. Predictions follow the corrected probabilities.
    early_stopping : bool or "auto", default="auto"
        Whether to stop when the loss on validation data no longer falls, and to restore the weights with the lowest
        validation loss. The validation data are ``X_val`` of ``fit``, else a stratified part of the training data.
        With "auto" and ``max_iter="auto"``, held-out data choose the number of epochs and calibrate the outputs,
        see Notes; with "auto" and a number of epochs, all of them are run.
    scoring : "loss", str or callable, default="loss"
        What decides which weights are best in early stopping: the validation loss, or the highest score of a scorer as
        scikit-learn's, a name or a function ``scoring(estimator, X, y)``; "average_precision" suits a rare class.
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
        The score of ``scoring`` there. For "loss" the accuracy, its rows weighted as in the loss.
    history_ : dict of list
        All these curves by epoch: ``pandas.DataFrame(model.history_)`` is a table of them. ``validation_loss`` and
        ``validation_score`` are among them where there were validation data.
    weights_ : dict of ndarray
        Every weight of the network, read-only. For layer l, and with two directions "layer_l.forward" and
        "layer_l.backward": "layer_l.input_weights" (inputs, G * units), "layer_l.recurrent_weights"
        (units, G * units) and "layer_l.bias" (G * units,), the columns in blocks of one gate each: (hidden) for
        "rnn", (output, input, forget, candidate) for "lstm", (candidate, reset, update) for "gru". A GRU also has
        "layer_l.candidate_recurrent_bias" (units,). Then "output.weights" (inputs, n_classes), "output.bias", and
        "embedding.weights" (n_tokens, embedding_dim). The user guide writes out the cells in these names. With
        ``prior_correction=True`` the correction is part of "output.bias".

    See Also
    --------
    skseq.compose.EachStep : Scale or impute every step before the network.
    skseq.compose.MinimumCostClassifier : Decide by costs instead of by the largest probability.
    skseq.linear_model.CostSensitiveLogisticRegression : The baseline for rows of fixed length.

    Notes
    -----
    The loss of a batch is the mean of w_i l_i, where l_i is the cross-entropy of sequence i and the weights
    w_i = sample weight x class weight are scaled to a mean of one over the data.

    The computation runs in the dtype of X: float32 stays float32, everything else becomes float64. float32 is
    faster.

    Without any setting, a network is trained in minibatches of a hundredth of the sequences (32 to 200), at a
    learning rate that falls along a cosine, for the number of epochs that takes 2,000 minibatches (20 to 100).
    Held-out data, of three-fold cross-validation below 500 sequences and of a tenth of them from there on, decide
    two things. If after some epoch their loss was clearly lower than after the last one, training ends there: by
    more than a standard error, or by two in a cross-validation of a classifier. And the outputs are multiplied by
    the factor from 0 to 1 with the lowest loss on them, so that probabilities are calibrated [9]_; epochs are
    compared after this step [10]_. After a cross-validation, the network is trained on all sequences, with that
    number of epochs and that factor. With fewer than 20 sequences nothing is held out. A number of epochs for
    ``max_iter``, or ``early_stopping=False``, leaves all of this out. ``docs/defaults.md`` has the measurements.

    Where there are at most 32 distinct sequences, equal ones are merged and their weights added, so that a weight
    of two equals a sequence given twice to the last bit. In larger data the draw of the minibatches makes a
    difference.

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
    .. [7] M. Saerens, P. Latinne and C. Decaestecker, "Adjusting the outputs of a classifier to new a priori
       probabilities", Neural Computation 14, 2002.
    .. [8] C. Tallec and Y. Ollivier, "Can recurrent neural networks warp time?", ICLR 2018.
    .. [9] C. Guo et al., "On calibration of modern neural networks", ICML 2017.
    .. [10] E. Berta, D. Holzmüller, M. I. Jordan and F. Bach, "Rethinking early stopping: refine, then calibrate",
       arXiv:2501.19195, 2025.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq import RNNClassifier
    >>> rng = np.random.RandomState(0)
    >>> y = np.array(["falling", "rising"] * 30)
    >>> slopes = np.where(y == "rising", 1, -1)
    >>> X = [slope * np.arange(rng.randint(5, 15)) + rng.standard_normal() for slope in slopes]
    >>> model = RNNClassifier(hidden_layer_sizes=16, learning_rate_init=0.02, random_state=0).fit(X, y)
    >>> model.predict(X[:2])
    array(['falling', 'rising'], dtype='<U7')
    >>> model.predict_proba(X).shape
    (60, 2)
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
