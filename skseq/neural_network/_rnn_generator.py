"""The recurrent generator: the probabilities of sequences of tokens, learnt from examples, and new sequences."""

from numbers import Integral, Real

import numpy as np
from sklearn.utils.validation import check_is_fitted

from skseq._blas import one_blas_thread
from skseq._validation import check_number, check_seed
from skseq.sequences import array_of

from ._next_token_data import read_prompt, read_vectors
from ._next_token_model import BaseNextTokenModel
from ._next_tokens import NextTokens
from ._recurrent_estimator import RecurrentEstimator
from ._sampling import SIDE_BY_SIDE, Draws, StepReader, draw_sequences


class RNNGenerator(RecurrentEstimator, BaseNextTokenModel):
    r"""Recurrent neural network that learns to write sequences, token by token.

    A vanilla, LSTM or GRU network reads the tokens so far and gives the probability of each token to come next
    (a language model, [1]_ [2]_). It says how probable a sequence is, completes a prompt, and draws new sequences.

    Given a vector for each sequence, it learns the probabilities of sequences for such a vector (one-to-many): what to
    say of an image, for example.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default=(64,)
        Units of each recurrent layer.
    cell : {"gru", "lstm", "rnn"}, default="gru"
        The recurrent cell; "rnn" is the vanilla one.
    activation : {"tanh", "relu"}, default="tanh"
        Activation of the vanilla cell.
    embedding_dim : int, default=32
        Dimensions of the vector that is learnt for each token.
    vocabulary : str, list, array, set or dict of tokens, default=None
        All tokens there will be. None takes those that occur in ``fit``. A token that is not among them is an error, so
        name all of them for cross-validation and ``partial_fit`` if some are rare. Of a dict (``vocabulary_`` of
        another model), the keys are taken.
    recurrent_init : {"orthogonal", "identity", "glorot"}, default="orthogonal"
        Initial recurrent weights, for each gate. Biases begin at zero but for ``memory_steps``.
    memory_steps : int, "auto", "mean" or None, default="auto"
        If a number, the units of an LSTM or GRU are initialized to remember between 2 and ``memory_steps`` steps,
        spread evenly on a logarithmic scale, by the biases of the gates that keep a state [6]_. "mean" is the
        weighted mean length of the sequences in the (first) fit. With None, the bias of the LSTM's forget gate starts
        at one and that of the GRU's update gate at zero. "auto" is None for this estimator, which answers at every
        step: what counts for a step is mostly near it. Give the length of the longest gap if it is long.
    dropout : float, default=0.0
        Probability of dropping a unit of a layer's states while training, one mask for each sequence.
    solver : {"adam", "sgd", "rmsprop"}, default="adam"
        The optimizer; "sgd" has Nesterov momentum 0.9.
    learning_rate_init : float, default=0.01
        Initial learning rate.
    learning_rate : {"constant", "cosine", "plateau"}, default="cosine"
        "cosine" falls to a hundredth over ``max_iter`` epochs or calls of ``partial_fit``, after which it begins anew;
        "plateau" halves after five epochs without a lower loss (the validation loss with early stopping).
    alpha : float, default=0.0
        Decoupled weight decay: each step shrinks all weights but the biases by ``learning rate * alpha``.
    batch_size : int or "auto", default="auto"
        Number of sequences per minibatch. "auto" is a tenth of them, but at least 32 and at most 200, rounded so
        that all minibatches are about equal.
    max_iter : int, default=30
        Epochs. Without early stopping all of them are run.
    max_grad_norm : float or None, default=1.0
        Gradients are scaled down to this norm.
    bptt_steps : int, default=None
        Take a step of the optimizer after so many tokens of the sequences in a minibatch, through which alone the
        gradient goes back; the hidden states go on [3]_. For long sequences. None goes back to the first token.
    early_stopping : bool, default=False
        Whether to stop when the loss on validation data no longer falls, and to restore the weights with the lowest
        validation loss. The validation data are ``X_val`` of ``fit``, else a part of the training data.
    scoring : "loss" or callable, default="loss"
        What decides which weights are best in early stopping: the validation loss, or the highest value of a function
        ``scoring(estimator, X, y)``.
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
        Decides initial weights, minibatches, dropout and the validation part; not what ``sample`` draws.
    verbose : int, default=0
        1 prints one line an epoch; 2 shows a progress bar with the time left, of rich or tqdm where one is installed,
        and nothing where the output is neither a terminal nor a notebook.

    Attributes
    ----------
    vocabulary_ : dict from str or int to int
        For each token its column in ``predict_next_proba``. The key None is the end of a sequence, column 0; the tokens
        follow in their sorted order.
    n_features_in_ : int
        Features of the vectors; only where they were given.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Column names, where the vectors were a DataFrame.
    n_iter_ : int
        Epochs run.
    best_iteration_ : int
        Epoch, from 1, whose weights are in use.
    loss_curve_ : list of float
        Weighted mean training loss of each epoch, by token; ``np.exp`` of it is the perplexity.
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
        The score of ``scoring`` there. For "loss" the share of the tokens predicted as the most probable ones.
    history_ : dict of list
        All these curves by epoch: ``pandas.DataFrame(model.history_)`` is a table of them. ``validation_loss`` and
        ``validation_score`` are among them where there were validation data.
    weights_ : dict of ndarray
        Every weight of the network, read-only: "embedding.weights" (n_tokens + 1, embedding_dim), whose row 0 is the
        begin of a sequence, then those of the layers and the output as in :class:`RNNClassifier`. With vectors,
        "initial_l.weights" (n_features, units) and "initial_l.bias" (units,) make the first state of layer l; for the
        LSTM (n_features, 2 * units), the hidden state before the cell state.

    See Also
    --------
    RNNClassifier : One class for each sequence; its notes on batches hold here too.
    skseq.datasets.make_elman_sentences : Sentences whose lowest perplexity is known.

    Notes
    -----
    A sequence of tokens t_1, ..., t_n has the probability

    .. math::

        p(t_1, \ldots, t_n) = p(\mathrm{end} \mid t_1, \ldots, t_n) \prod_{s=1}^n p(t_s \mid t_1, \ldots, t_{s-1}),

    so that the probabilities of all sequences of any length add up to one. The network reads a sign for the begin, then
    the tokens; the softmax of its output after each is the probability of the next one. The loss is the mean of the
    cross-entropy over all tokens and ends, those of sequence i weighted by ``sample_weight[i]``.

    A vector c sets the first state of each layer to tanh(W^T c + b), as an image begins its caption in [4]_. Scale its
    features, for example with :class:`~sklearn.preprocessing.StandardScaler` in a pipeline. The computation runs in
    the dtype of the vectors, float32 or float64; without vectors in float64.

    ``sample`` divides the logits by the temperature and may keep only the ``top_k`` largest [5]_.

    Minibatches and epochs do not follow the rule of :class:`RNNClassifier`: an epoch has ten minibatches or more, the
    number of epochs is 30, and nothing is held out. With more steps on few texts the perplexity of new ones rises, and
    with fewer they are not learned.

    Training holds the probability of every token after each token of a minibatch: of many different tokens, give it
    few sequences a minibatch.

    References
    ----------
    .. [1] J. L. Elman, "Finding structure in time", Cognitive Science 14, pages 179-211, 1990; also "Distributed
       representations, simple recurrent networks, and grammatical structure", Machine Learning 7, pages 195-225, 1991.
    .. [2] T. Mikolov, M. Karafiat, L. Burget, J. Cernocky and S. Khudanpur, "Recurrent neural network based language
       model", Interspeech 2010.
    .. [3] R. J. Williams and J. Peng, "An efficient gradient-based algorithm for on-line training of recurrent network
       trajectories", Neural Computation 2, pages 490-501, 1990.
    .. [4] O. Vinyals, A. Toshev, S. Bengio and D. Erhan, "Show and tell: A neural image caption generator", CVPR 2015.
    .. [5] A. Fan, M. Lewis and Y. Dauphin, "Hierarchical neural story generation", ACL 2018.
    .. [6] C. Tallec and Y. Ollivier, "Can recurrent neural networks warp time?", ICLR 2018.

    Examples
    --------
    Sentences of words. Texts would be sequences of characters.

    >>> from skseq import RNNGenerator
    >>> sentences = [text.split() for text in ["the boy ate a cake", "the dog ate a bone", "a dog saw the boy"] * 20]
    >>> model = RNNGenerator(16, learning_rate_init=0.02, batch_size=20, random_state=0).fit(sentences)
    >>> model.next_tokens("the boy ate a".split(), n=1)
    the boy ate a ___
    cake         9... %  ####################
    (8 others)   ... %...
    >>> " ".join(model.sample(prompt=["a"], temperature=0)[0])
    'a dog saw the boy'
    >>> print(f"perplexity {model.perplexity(sentences):.1f}")
    perplexity 1.2

    Numbers spelled out, given as vectors:

    >>> X = [[1, 0, 0], [0, 1, 0], [0, 0, 1]] * 20
    >>> speller = RNNGenerator(16, learning_rate_init=0.02, batch_size=20, random_state=0)
    >>> speller = speller.fit(X, ["one", "two", "three"] * 20)
    >>> speller.predict([[0, 0, 1], [1, 0, 0]])
    array(['three', 'one'], dtype=object)
    """

    _batches = 10

    def __init__(
        self,
        hidden_layer_sizes=(64,),
        *,
        cell="gru",
        activation="tanh",
        embedding_dim=32,
        vocabulary=None,
        recurrent_init="orthogonal",
        memory_steps="auto",
        dropout=0.0,
        solver="adam",
        learning_rate_init=0.01,
        learning_rate="cosine",
        alpha=0.0,
        batch_size="auto",
        max_iter=30,
        max_grad_norm=1.0,
        bptt_steps=None,
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
        self.embedding_dim = embedding_dim
        self.vocabulary = vocabulary
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
        check_number("embedding_dim", self.embedding_dim, Integral, low=1)
        if self.bptt_steps is not None:
            check_number("bptt_steps", self.bptt_steps, Integral, low=1)

    @property
    def _fixed_settings(self):
        return {"pooling": "none", "n_context": self.n_features_in_ if self._has_vectors else 0}

    def sample(self, n=1, *, X=None, prompt=None, temperature=1.0, top_k=None, max_steps=1000, random_state=None):
        """Draw sequences token by token, each token from the probabilities of the next one.

        Parameters
        ----------
        n : int, default=1
            Number of sequences; with ``X``, for each of its rows.
        X : array-like of shape (m, n_features), default=None
            Vectors to begin with, where the network was fitted on vectors and sequences.
        prompt : sequence of tokens, default=None
            What each sequence begins with.
        temperature : float, default=1.0
            Zero or more. Probabilities are those of the logits divided by it: below one, probable tokens are drawn more
            often than the network says, above one less often; with zero always the most probable one is taken.
        top_k : int, default=None
            Draw among the so many most probable tokens only, and those as probable as the last of them.
        max_steps : int, default=1000
            A sequence that has not ended after so many tokens, those of the prompt not counted, is cut.
        random_state : int, RandomState or None, default=None
            Give an int to get the same sequences each time. The first of them do not depend on ``n``: each has a
            random stream of its own.

        Returns
        -------
        list of n sequences, or m * n with ``X``, those of its first row first
            In the form of those of ``fit``: texts, lists of strings or arrays of integers. The prompt is part of them.

        Raises
        ------
        ValueError, TypeError
            If an argument is not valid, or the prompt has a token that is not known.
        """
        check_is_fitted(self)
        check_number("n", n, Integral, low=1)
        check_number("temperature", temperature, Real, low=0, high=np.finfo(np.float64).max)
        if top_k is not None:
            check_number("top_k", top_k, Integral, low=1)
        vectors = self._read_vectors(X)
        if vectors is not None:
            vectors = np.repeat(vectors, n, axis=0)
            n = len(vectors)
        seeds = check_seed(random_state).randint(2**32, size=n, dtype=np.uint32)
        return self._draw(n, vectors, prompt, max_steps, seeds, temperature, top_k)

    def predict(self, X, max_steps=1000):
        """Return the sequence of each vector, token by token the most probable one.

        Parameters
        ----------
        X : array-like of shape (n, n_features)
            As in ``fit`` with ``y``.
        max_steps : int, default=1000
            A sequence that has not ended after so many tokens is cut.

        Returns
        -------
        ndarray of shape (n,), object
            Each in the form of those of ``fit``: a text, a list of strings or an array of integers. They are those of
            ``sample(X=X, temperature=0)``.

        Raises
        ------
        ValueError, TypeError
            If X is not valid, or the network was fitted on sequences alone: ``sample(temperature=0)`` is for those.
        """
        check_is_fitted(self)
        vectors = self._read_vectors(X)
        return array_of(self._draw(len(vectors), vectors, None, max_steps))

    def _read_vectors(self, X):
        """Return the vectors to begin with, None if there are none in this network."""
        if self._has_vectors != (X is not None):
            raise ValueError(
                f"This {type(self).__name__} was fitted on vectors X and sequences y. Give X, vectors to begin with."
                if self._has_vectors
                else f"This {type(self).__name__} was fitted on sequences alone, so it has no use for X. Call sample "
                "without X; with temperature=0 it gives the most probable tokens."
            )
        return None if X is None else read_vectors(self, X, reset=False, dtype=self._trainer.parameters.dtype)

    def _draw(self, n, vectors, prompt, max_steps, seeds=None, temperature=0, top_k=None):
        """Return ``n`` sequences that begin with ``prompt``, in the form of those of fit."""
        check_number("max_steps", max_steps, Integral, low=1)
        begin = np.insert(self._coder.encode(read_prompt(prompt)), 0, 0)
        network, parameters = self._trainer.network, self._trainer.parameters
        drawn = []
        with one_blas_thread:
            for first in range(0, n, SIDE_BY_SIDE):
                some = slice(first, min(first + SIDE_BY_SIDE, n))
                reader = StepReader(network, parameters, None if vectors is None else vectors[some])
                draws = Draws(None if seeds is None else seeds[some], temperature, top_k)
                drawn += draw_sequences(reader, draws, begin, some.stop - first, max_steps)
        return [self._coder.vocabulary.decode([*begin[1:], *ids]) for ids in drawn]

    def next_tokens(self, prompt=(), *, X=None, n=10):
        """Return the most probable tokens after a prompt, ranked: a table to print, or to see in a notebook.

        Parameters
        ----------
        prompt : sequence of tokens, default=()
            The tokens so far, none or more.
        X : array-like of shape (n_features,), default=None
            The vector to begin with, where the network was fitted on vectors and sequences.
        n : int, default=10
            The most tokens to show.

        Returns
        -------
        NextTokens
            With ``tokens``, a list whose entry None is the end of the sequence, and ``probabilities`` (n,). Iterating
            over it gives pairs (token, probability). ``predict_next_proba`` has the probabilities of all tokens.

        Raises
        ------
        ValueError, TypeError
            If an argument is not valid, or the prompt has a token that is not known.
        """
        check_is_fitted(self)
        check_number("n", n, Integral, low=1)
        if X is not None and len(np.shape(X)) != 1:
            raise ValueError(f"X has shape {np.shape(X)}, but one vector (n_features,) is needed, such as X[0].")
        if X is not None:
            X = X.to_frame().T if hasattr(X, "to_frame") and hasattr(X, "index") else [X]  # a row keeps its names
        data = read_prompt(prompt, self._read_vectors(X))
        [probabilities] = self._next_probabilities(*self._coder.lay_out(data))
        order = np.argsort(-probabilities, kind="stable")[:n]
        tokens = list(self.vocabulary_)
        shown = ("" if data.kind == "text" else " ").join(map(str, data.tokens[0]))
        return NextTokens(shown, [tokens[i] for i in order], probabilities[order], len(probabilities) - len(order))
