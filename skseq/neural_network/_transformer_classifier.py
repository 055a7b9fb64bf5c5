"""The Transformer classifier: sequences in, one class each out."""

from numbers import Integral

from skseq._validation import check_number, check_option
from skseq.networks import TransformerNetwork

from ._hyperparameters import check_steps, check_training
from ._sequence_classifier import BaseSequenceClassifier


class TransformerClassifier(BaseSequenceClassifier):
    """Transformer encoder for classifying sequences.

    Every step of a sequence attends to all of its steps [1]_. A layer is multi-head self-attention, then a feed-forward
    network with GELU [2]_ at every step; each has layer normalisation in front of it [3]_ and is added to what it was
    given [4]_. The states of the last layer are normalised and pooled into one vector, from which a softmax layer
    gives the class probabilities. Sequences may differ in length, and a result never depends on which sequences share
    a batch, on their order or on padding.

    Parameters
    ----------
    n_layers : int, default=2
        Layers of the encoder.
    width : int, default=64
        Length of the state of a step; a multiple of ``n_heads``.
    n_heads : int, default=4
        Heads of each attention, with ``width / n_heads`` dimensions each.
    feed_forward_width : int or None, default=None
        Hidden units of the feed-forward networks; None is ``4 * width``.
    positions : {"sinusoidal", "learned"}, default="sinusoidal"
        How the network knows which step comes when. "sinusoidal" adds sine waves of many lengths [1]_, for sequences of
        any length. "learned" adds a learned vector for each step, up to the longest sequence of the (first) fit;
        longer sequences are refused.
    pooling : {"mean", "token"}, default="mean"
        What becomes of the states of the steps: their mean, or the state of a learned token that stands in front of
        every sequence [5]_.
    embedding_dim : int, default=None
        If given, X holds token ids 0, 1, 2, ..., which are embedded into this many dimensions. These are then
        projected to ``width`` dimensions if they are not as many already, as features always are.
    features_per_step : int, default=1
        For X of shape (n, columns): each sequence has ``columns / features_per_step`` steps, step-major.
    dropout : float, default=0.0
        Probability of dropping a unit while training [6]_: of the inputs with their positions, and of what attention
        and feed-forward networks add to the states.
    solver : {"adam", "sgd", "rmsprop"}, default="adam"
        The optimizer; "sgd" has Nesterov momentum 0.9.
    learning_rate_init : float, default=0.001
        Initial learning rate.
    learning_rate : {"auto", "constant", "cosine", "plateau"}, default="auto"
        "cosine" falls to a hundredth over the epochs of a fit, or over ``max_iter`` calls of ``partial_fit``, and then
        restarts; "plateau" halves after five epochs without a lower loss (the validation loss with early stopping).
        "auto" is "cosine" in ``fit`` with ``max_iter="auto"``, else "constant".
    alpha : float, default=0.0
        Decoupled weight decay [7]_: each step shrinks all weights but the biases and the gains of the normalisations by
        ``learning rate * alpha``.
    batch_size : int or "auto", default="auto"
        Number of sequences per minibatch. "auto" is a hundredth of them, but at least 10 and at most 200, rounded so
        that all minibatches are about equal.
    max_iter : int or "auto", default="auto"
        Number of epochs, the largest one if ``early_stopping`` acts. "auto" is the number that takes 2,000 minibatches,
        but at least 20 and at most 100.
    max_grad_norm : float or None, default=1.0
        Gradients are scaled down to this norm.
    class_weight : None, "balanced" or dict, default=None
        Weight of each class in the loss; "balanced" is w_j = n / (K n_j).
    prior_correction : bool, default=False
        Map the probabilities of a model trained with class weights back to the base rate of the training data,
        p_k ~ p_k / w_k [8]_. Predictions follow the corrected probabilities.
    early_stopping : bool or "auto", default="auto"
        Whether to stop when the loss on validation data no longer falls, and to restore the weights with the lowest
        validation loss. The validation data are ``X_val`` of ``fit``, else a stratified part of the training data.
        With "auto" and ``max_iter="auto"``, held-out data choose the number of epochs and calibrate the outputs,
        see the notes of :class:`RNNClassifier`; with "auto" and a number of epochs, all of them are run.
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
        Every weight of the network, read-only. First, where there are such, "embedding.weights" (n_tokens,
        embedding_dim), "projection.weights" (inputs, width) and "projection.bias", "token.weights" (width,) and
        "positions.weights" (steps, width). Then for layer l "layer_l.attention_norm.gain" and ".bias" (width,);
        "layer_l.attention.input_weights" (width, 3 * width) and ".input_bias", whose columns are the queries, the keys
        and the values, head by head in each; "layer_l.attention.output_weights" (width, width) and ".output_bias";
        "layer_l.feed_forward_norm.gain" and ".bias"; "layer_l.feed_forward.hidden_weights" (width,
        feed_forward_width), ".hidden_bias", ".output_weights" (feed_forward_width, width) and ".output_bias". Last
        "norm.gain", "norm.bias", "output.weights" (width, n_classes) and "output.bias". The user guide writes out the
        network in these names. With ``prior_correction=True`` the correction is part of "output.bias".

    See Also
    --------
    RNNClassifier : Reads step by step; often better and faster where sequences are few.
    skseq.compose.EachStep : Scale or impute every step before the network.
    skseq.compose.MinimumCostClassifier : Decide by costs instead of by the largest probability.

    Notes
    -----
    Attention takes time in proportion to the square of a sequence's length, all else in proportion to its length.
    Batches are not padded: each sequence attends to its own steps, and costs what it would cost alone.

    The loss of a batch is the mean of w_i l_i, where l_i is the cross-entropy of sequence i and the weights
    w_i = sample weight x class weight are scaled to a mean of one over the data.

    The defaults follow the rule of :class:`RNNClassifier`, but minibatches have 10 sequences or more: a Transformer
    needs more steps on small data, and small minibatches cost it no more time.

    The computation runs in the dtype of X: float32 stays float32, everything else becomes float64. float32 is
    faster.

    References
    ----------
    .. [1] A. Vaswani et al., "Attention is all you need", NeurIPS 2017.
    .. [2] D. Hendrycks and K. Gimpel, "Gaussian error linear units (GELUs)", arXiv:1606.08415, 2016.
    .. [3] R. Xiong et al., "On layer normalization in the Transformer architecture", ICML 2020; J. L. Ba, J. R. Kiros
       and G. E. Hinton, "Layer normalization", arXiv:1607.06450, 2016.
    .. [4] K. He, X. Zhang, S. Ren and J. Sun, "Deep residual learning for image recognition", CVPR 2016.
    .. [5] J. Devlin, M.-W. Chang, K. Lee and K. Toutanova, "BERT: pre-training of deep bidirectional Transformers for
       language understanding", NAACL 2019.
    .. [6] N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", JMLR 15, 2014.
    .. [7] I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
    .. [8] M. Saerens, P. Latinne and C. Decaestecker, "Adjusting the outputs of a classifier to new a priori
       probabilities", Neural Computation 14, 2002.

    Examples
    --------
    >>> import numpy as np
    >>> from skseq.neural_network import TransformerClassifier
    >>> rng = np.random.RandomState(0)
    >>> y = np.array(["falling", "rising"] * 30)
    >>> slopes = np.where(y == "rising", 1, -1)
    >>> X = [slope * np.arange(rng.randint(5, 15)) + rng.standard_normal() for slope in slopes]
    >>> model = TransformerClassifier(n_layers=1, width=16, random_state=0).fit(X, y)
    >>> model.predict(X[:2])
    array(['falling', 'rising'], dtype='<U7')
    >>> model.predict_proba(X).shape
    (60, 2)
    """

    _least_batch = 10

    def __init__(
        self,
        n_layers=2,
        *,
        width=64,
        n_heads=4,
        feed_forward_width=None,
        positions="sinusoidal",
        pooling="mean",
        embedding_dim=None,
        features_per_step=1,
        dropout=0.0,
        solver="adam",
        learning_rate_init=0.001,
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
        self.n_layers = n_layers
        self.width = width
        self.n_heads = n_heads
        self.feed_forward_width = feed_forward_width
        self.positions = positions
        self.pooling = pooling
        self.embedding_dim = embedding_dim
        self.features_per_step = features_per_step
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

    def _check_hyperparameters(self):
        for name in ("n_layers", "width", "n_heads"):
            check_number(name, getattr(self, name), Integral, low=1)
        if self.width % self.n_heads:
            raise ValueError(
                f"width={self.width} is not a multiple of n_heads={self.n_heads}, so the heads cannot share it evenly. "
                "Set a width that is, or other n_heads."
            )
        if self.feed_forward_width is not None:
            check_number("feed_forward_width", self.feed_forward_width, Integral, low=1)
        check_option("positions", self.positions, ["sinusoidal", "learned"])
        check_option("pooling", self.pooling, ["mean", "token"])
        check_steps(self)
        check_training(self)

    def _architecture_now(self):
        """Return the hyperparameters that a network cannot change any more, as they are set."""
        names = ("n_layers", "width", "n_heads", "positions", "pooling", "embedding_dim", "features_per_step")
        feed_forward_width = 4 * self.width if self.feed_forward_width is None else self.feed_forward_width
        return {**{name: getattr(self, name) for name in names}, "feed_forward_width": feed_forward_width}

    def _build_network(self, n_features, sequences, weights):
        """Return the network for so many features a step, or tokens, and for sequences no longer than these."""
        self._longest = int(sequences.lengths.max())
        settings = self._architecture_now()
        del settings["features_per_step"]
        return TransformerNetwork(
            n_features, self._n_outputs, n_positions=self._longest, dropout=self.dropout, **settings
        )

    def _read(self, X, *, reset):
        sequences = super()._read(X, reset=reset)
        if not reset and self._architecture["positions"] == "learned" and sequences.lengths.max() > self._longest:
            row = int(sequences.lengths.argmax())
            raise ValueError(
                f"X[{row}] has {sequences.lengths[row]} steps, but positions='learned' has positions for "
                f"{self._longest}, the steps of the longest sequence in the (first) fit. Fit with "
                "positions='sinusoidal', which has them for any number of steps, or on sequences as long, or cut those "
                "of X."
            )
        return sequences
