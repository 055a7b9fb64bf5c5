"""The recurrent translator: sequences of tokens in, sequences of other tokens and other lengths out."""

from numbers import Integral

import numpy as np

from skseq._validation import check_bool, check_number
from skseq.networks import EncoderDecoder

from ._recurrent_estimator import RecurrentEstimator
from ._sequence_translator import BaseTranslator


class RNNTranslator(RecurrentEstimator, BaseTranslator):
    """Recurrent encoder and decoder with attention: from sequences of tokens to sequences of other lengths.

    The encoder reads a source token by token. The decoder writes the target token by token; at each step it sees the
    token before and what its state looks at among the encoder's states (Bahdanau et al. 2015 [2]_), or without
    ``attention`` only what the encoder's last state told it at the beginning (Sutskever et al. 2014 [1]_). It decides
    itself when the target ends.

    A source or target is a str, whose characters are the tokens, or a list or 1-D array of strings or of integers.
    Predictions are an array of such, of the kind of the targets in ``fit``.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(64,)
        Units of each recurrent layer of the encoder, of each direction. The decoder has one layer, as wide as the last.
    cell : {"gru", "lstm", "rnn"}, default="gru"
        The recurrent cell of both; "rnn" is the vanilla one.
    activation : {"tanh", "relu"}, default="tanh"
        Activation of the vanilla cell.
    bidirectional : bool, default=True
        Whether the encoder reads from both ends.
    attention : bool, default=True
        Whether the decoder looks at all states of the encoder at each of its steps.
    embedding_dim : int, default=32
        Length of the vector of a token, on either side.
    min_frequency : int, default=1
        Source tokens that occur less often than this in ``fit`` share one vector, the unknown token's. Tokens that are
        new in ``predict`` have it too. If no token was so rare, the network has not learnt what to make of an unknown
        one, and it is an error.
    recurrent_init : {"orthogonal", "identity", "glorot"}, default="orthogonal"
        Initial recurrent weights, for each gate. Biases begin at zero, that of the LSTM's forget gate at one.
    dropout : float, default=0.0
        Probability of dropping a unit of a layer's states while training, one mask for each sequence.
    solver : {"adam", "sgd", "rmsprop"}, default="adam"
        The optimizer; "sgd" has Nesterov momentum 0.9.
    learning_rate_init : float, default=0.005
        Initial learning rate.
    learning_rate : {"constant", "cosine", "plateau"}, default="constant"
        "cosine" falls to a hundredth over ``max_iter`` epochs or calls of ``partial_fit``, and then restarts; "plateau"
        halves after five epochs without a lower loss (the validation loss with early stopping).
    alpha : float, default=0.0
        Decoupled weight decay: each step shrinks all weights but the biases by ``learning rate * alpha``.
    batch_size : int or "auto", default="auto"
        Number of sequences per minibatch. "auto" is a hundredth of them, but at least 32 and at most 200, rounded so
        that all minibatches are about equal.
    max_iter : int, default=30
        Epochs. Without early stopping all of them are run.
    max_grad_norm : float or None, default=1.0
        Gradients are scaled down to this norm.
    beam_width : int, default=1
        Targets that ``predict`` and ``score`` keep at hand for each source; 1 takes the most probable token at each
        step. May be changed after ``fit``.
    max_target_steps : int or None, default=None
        The most tokens of a predicted target; None is twice as many as the longest in ``fit`` has. May be changed
        after ``fit``.
    dtype : {"float64", "float32"} or dtype, default="float64"
        The dtype that the network computes in; token ids have none. float32 takes a half to a quarter of the time.
        float64 is the rule of all estimators for token ids: with it, a weight of two equals a pair given twice to
        many more digits.
    early_stopping : bool, default=False
        Whether to stop when the loss on validation data no longer falls, and to restore the weights with the lowest
        validation loss. The validation data are ``X_val`` of ``fit``, else a part of the training data.
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
        Go on from the weights of the previous fit, for ``max_iter`` epochs more and with a new learning rate. The
        vocabularies stay.
    random_state : int, RandomState or None, default=None
        Decides initial weights, minibatches, dropout and the validation part.
    verbose : int, default=0
        1 prints one line an epoch; 2 shows a progress bar with the time left, of rich or tqdm where one is installed,
        and nothing where the output is neither a terminal nor a notebook.

    Attributes
    ----------
    source_vocabulary_, target_vocabulary_ : dict from str or int to int
        The id of each token, from 1 on, in the order of the tokens. 0 is the unknown token of the sources, and the
        beginning and end of the targets.
    n_iter_ : int
        Epochs run.
    best_iteration_ : int
        Epoch, from 1, whose weights are in use.
    loss_curve_ : list of float
        Weighted mean training loss of a target's token, in each epoch.
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
        The score of ``scoring`` there. For "loss" the exact match of a beam of one.
    history_ : dict of list
        All these curves by epoch: ``pandas.DataFrame(model.history_)`` is a table of them. ``validation_loss`` and
        ``validation_score`` are among them where there were validation data.
    weights_ : dict of ndarray
        Every weight of the network, read-only. "encoder.embedding.weights" (source tokens, embedding_dim), the layers
        of the encoder as in :class:`RNNClassifier` but with "encoder." before, "initial.weights" and "initial.bias" of
        the decoder's first state, "decoder.embedding.weights" (target tokens, embedding_dim),
        "attention.query_weights", "attention.memory_weights" and "attention.score_weights", "decoder.input_weights"
        and so on as for a layer, and "output.weights" and "output.bias". The user guide writes out the network in
        these names.

    See Also
    --------
    RNNClassifier : One class for each sequence.
    skseq.preprocessing.TokenEncoder : Texts to the ids of characters, words or k-mers.

    Notes
    -----
    Training shows the decoder the right token before each step (teacher forcing). The loss of a batch is the sum over
    its targets of w_i times the sum over their tokens, the end included, of the cross-entropies, divided by the number
    of targets times the mean number of tokens of a target. Sequences of a weight of zero are left out from the start.

    Decoding keeps the ``beam_width`` most probable beginnings of a target. Of those that have ended, it takes the one
    with the largest ln p(y | x) / ((5 + n) / 6)^0.6, n its tokens with the end (Wu et al. 2016 [3]_): without the
    division, short targets would win for being short. A wider beam finds more probable targets, which need not be
    better ones.

    The number of epochs is fixed, 30, and nothing is held out, since what is to be right is the best sequence, which no
    calibration changes. Raise ``max_iter`` for few pairs.

    scikit-learn's ``check_estimator`` gives tables of numbers and does not apply.

    References
    ----------
    .. [1] I. Sutskever, O. Vinyals and Q. V. Le, "Sequence to sequence learning with neural networks", NeurIPS 2014.
    .. [2] D. Bahdanau, K. Cho and Y. Bengio, "Neural machine translation by jointly learning to align and translate",
       ICLR 2015.
    .. [3] Y. Wu et al., "Google's neural machine translation system: bridging the gap between human and machine
       translation", arXiv:1609.08144, 2016.

    Examples
    --------
    >>> from skseq.neural_network import RNNTranslator
    >>> X = [f"{hour}:{minute:02}" for hour in range(24) for minute in range(0, 60, 5)]
    >>> y = [f"{(hour + 11) % 12 + 1} {'am' if hour < 12 else 'pm'} {minute}" for hour in range(24)
    ...      for minute in range(0, 60, 5)]
    >>> model = RNNTranslator(32, embedding_dim=8, batch_size=32, max_iter=40, random_state=0).fit(X, y)
    >>> model.predict(["9:15", "21:15"])
    array(['9 am 15', '9 pm 15'], dtype=object)
    >>> targets, attention = model.predict_with_attention(["21:15"])
    >>> attention[0].shape
    (7, 5)
    """

    def __init__(
        self,
        hidden_layer_sizes=(64,),
        *,
        cell="gru",
        activation="tanh",
        bidirectional=True,
        attention=True,
        embedding_dim=32,
        min_frequency=1,
        recurrent_init="orthogonal",
        dropout=0.0,
        solver="adam",
        learning_rate_init=0.005,
        learning_rate="constant",
        alpha=0.0,
        batch_size="auto",
        max_iter=30,
        max_grad_norm=1.0,
        beam_width=1,
        max_target_steps=None,
        dtype="float64",
        early_stopping=False,
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
        self.attention = attention
        self.embedding_dim = embedding_dim
        self.min_frequency = min_frequency
        self.recurrent_init = recurrent_init
        self.dropout = dropout
        self.solver = solver
        self.learning_rate_init = learning_rate_init
        self.learning_rate = learning_rate
        self.alpha = alpha
        self.batch_size = batch_size
        self.max_iter = max_iter
        self.max_grad_norm = max_grad_norm
        self.beam_width = beam_width
        self.max_target_steps = max_target_steps
        self.dtype = dtype
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
        super()._check_hyperparameters()
        check_bool("attention", self.attention)
        check_number("embedding_dim", self.embedding_dim, Integral, low=1)
        check_number("min_frequency", self.min_frequency, Integral, low=1)
        self._check_decoding()
        if self.dtype not in (np.float32, np.float64, "float32", "float64", np.dtype("f4"), np.dtype("f8")):
            raise ValueError(f"dtype={self.dtype!r} is not an option; use one of: 'float32', 'float64'.")

    def _check_decoding(self):
        check_number("beam_width", self.beam_width, Integral, low=1)
        if self.max_target_steps is not None:
            check_number("max_target_steps", self.max_target_steps, Integral, low=1)

    def _architecture_now(self):
        return {**super()._architecture_now(), "attention": self.attention, "dtype": np.dtype(self.dtype).name}

    def _dtype(self, sequences):
        return np.dtype(self.dtype)

    def _build_network(self, n_features, sequences, weights):
        settings = self._architecture_now()
        del settings["dtype"]
        return EncoderDecoder(
            n_features,
            len(self._coder.targets),
            recurrent_init=self.recurrent_init,
            dropout=self.dropout,
            **settings,
        )
