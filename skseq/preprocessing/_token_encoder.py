"""Texts, words or large ids to token ids, for the embedding of a network."""

from collections import Counter
from collections.abc import Iterator
from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.utils.validation import check_is_fitted

from skseq._fit_tasks import CallbackSupportMixin, tells_callbacks
from skseq._token_ids import TokenIds
from skseq._validation import all_or_nothing, check_bool, check_number, check_option
from skseq.sequences import read_sequences

from ._texts import read_texts, shorten
from ._tokens import Ids, Kmers, Words


class TokenEncoder(CallbackSupportMixin, TransformerMixin, BaseEstimator):
    r"""Encode texts as sequences of token ids, for the ``embedding_dim`` of the sequence estimators.

    A text is split into characters, words or overlapping k-mers, or it is a list of words or of arbitrary ids already.
    Each distinct token in fit gets an id; all others share the id of the unknown token.

    Parameters
    ----------
    level : {"char", "word", "kmer", "id"}, default="char"
        "char": every character is a token, blanks too.

        "word": runs of letters, digits, underscores and combining marks of any script, also joined by single hyphens or
        apostrophes ("state-of-the-art", "don't"), are words; every other character that is not a blank is a
        token of its own. Where a script puts no blanks between words (Chinese, Thai), whole runs are words. A text may
        also be a list or 1-D array of words, which are kept as they are: ``["U.S.", "is", "C++"]`` has three tokens, as
        many as it has labels for a tagger.

        "kmer": the ``k`` characters that begin at each place, as usual for DNA; "ACGT" has the 3-mers "ACG" and "CGT".
        A text of fewer than ``k`` characters is one token, the text itself.

        "id": a text is a list or 1-D array of integers from 0 to 2**63 - 1, such as numbers of products or pages. An
        embedding of the integers themselves would have a row for every number up to the largest.
    k : int, default=3
        Characters of a k-mer; used with ``level="kmer"`` only.
    lowercase : bool, default=False
        Whether to read texts in lower case (``str.lower``); ignored with ``level="id"``.
    min_frequency : int, default=1
        Tokens that occur less often than this in all texts of fit count as unknown.
    max_tokens : int or None, default=None
        The maximum number of known tokens. The most frequent are kept; among equally frequent ones, those that are
        first in the order of their characters. None keeps all.
    unknown : {"token", "error"}, default="token"
        How to treat tokens not seen in fit: "token" gives them the id of the unknown token, "error" raises.

    Attributes
    ----------
    vocabulary_ : dict from str (with ``level="id"``, int) to int
        The id of each token. With ``unknown="token"`` the unknown token has the id 0; it is "\ufffd", the replacement
        character of Unicode, or -1 with ``level="id"``. The known tokens follow from the least to the most frequent,
        equally frequent ones in the reverse order of their characters.
    n_tokens_ : int
        Number of ids, that of the unknown token included. The ids are 0 to ``n_tokens_ - 1``.

    Raises
    ------
    TypeError
        If X is one text, not 1-D, or holds anything but texts (or what ``level`` allows); or if a parameter has the
        wrong type.
    ValueError
        If X is empty or a text has no token (an empty text; with words, one of blanks); if an id is negative; if a
        parameter is not an option or out of range; if ``min_frequency`` and ``max_tokens`` leave no token, or leave
        any out although ``unknown="error"``; in transform, if a token is not known and ``unknown="error"``.

    See Also
    --------
    skseq.neural_network.RNNClassifier : Embeds the ids with ``embedding_dim``.
    sklearn.feature_extraction.text.CountVectorizer : Counts tokens and forgets their order.

    Notes
    -----
    An embedding has a row for each id up to the largest that its network saw in fit. Every known id occurs in the texts
    of fit, so a network that is fitted on them takes all ids of ``vocabulary_``. As the most frequent token has the
    largest id, this is likely even where texts are encoded first and split afterwards.

    The unknown token does not occur in training unless ``min_frequency`` or ``max_tokens`` leave tokens out. A network
    then gives it the mean vector of the tokens that occurred. With ``min_frequency=2`` its vector is trained on the
    rare tokens.

    :meth:`transform` returns a list. An estimator without ``embedding_dim`` refuses it, since it would read the ids as
    measurements.

    Texts are read as they are. If the same letters may be written with separate and with combined accents, bring them
    to one form with ``unicodedata.normalize("NFC", text)``.

    Examples
    --------
    >>> from skseq.preprocessing import TokenEncoder
    >>> encoder = TokenEncoder().fit(["Anna", "Nora"])
    >>> encoder.vocabulary_ == {"\ufffd": 0, "r": 1, "o": 2, "N": 3, "A": 4, "n": 5, "a": 6}
    True
    >>> encoder.transform(["Nora", "Eva"])
    [array([3, 2, 1, 6]), array([0, 0, 6])]
    >>> encoder.inverse_transform([[3, 2, 1, 6], [0, 0, 6]]) == ["Nora", "\ufffd\ufffda"]
    True

    Words, those of sentences that are lists of words already, and large ids:

    >>> TokenEncoder("word").fit_transform(["The boy sees, the dog hears.", "The dog sees."])
    [array([7, 3, 5, 4, 1, 6, 2, 8]), array([7, 6, 5, 8])]
    >>> TokenEncoder("word").fit_transform([["C++", "is", "fun"], ["fun", "is", "fun"]])
    [array([1, 2, 3]), array([3, 2, 3])]
    >>> TokenEncoder("id").fit_transform([[8000000, 17, 17], [17, 523]])
    [array([1, 3, 3]), array([3, 2])]

    A classifier of texts:

    >>> from skseq import RNNClassifier, make_pipeline
    >>> model = make_pipeline(TokenEncoder(lowercase=True), RNNClassifier(8, embedding_dim=4, random_state=0))
    >>> model.fit(["Anna", "Nora", "Otto", "Hugo"], ["f", "f", "m", "m"]).predict(["Cleo", "Clara"]).shape
    (2,)
    """

    def __init__(self, level="char", *, k=3, lowercase=False, min_frequency=1, max_tokens=None, unknown="token"):
        self.level = level
        self.k = k
        self.lowercase = lowercase
        self.min_frequency = min_frequency
        self.max_tokens = max_tokens
        self.unknown = unknown

    @tells_callbacks(n_tasks=0)
    def fit(self, X, y=None):
        """Learn the vocabulary.

        Parameters
        ----------
        X : list, tuple, 1-D array, pandas or polars Series, or other iterable of n str
            Texts. With ``level="word"`` also lists or 1-D arrays of str, with ``level="id"`` of int.
        y : None
            Ignored.

        Returns
        -------
        TokenEncoder
            The fitted encoder.
        """
        with all_or_nothing(self):
            self._check_parameters()
            # What a fitted encoder does depends on its parameters as they were in fit.
            self._tokens = self._splitter()
            self._lowercase = bool(self.lowercase) and self.level != "id"
            self._unknown_id = 0 if self.unknown == "token" else None
            texts = self._read(X)
            self._lists = self.level == "word" and not any(isinstance(text, str) for text in texts)
            counts = Counter()
            for tokens in self._split(texts):
                counts.update(tokens)
            self.vocabulary_ = self._number(counts)
            self.n_tokens_ = len(self.vocabulary_)
        return self

    def transform(self, X):
        """Return the ids of each text.

        Parameters
        ----------
        X : list, tuple, 1-D array, pandas or polars Series, or other iterable of n str
            Texts. With ``level="word"`` also lists or 1-D arrays of str, with ``level="id"`` of int.

        Returns
        -------
        list of n ndarrays of shape (tokens_i,), intp
            The ids, in the order of the text.
        """
        check_is_fitted(self)
        return TokenIds(self._to_ids(tokens, i) for i, tokens in enumerate(self._split(self._read(X))))

    def fit_transform(self, X, y=None):
        """Learn the vocabulary and return the ids of each text.

        Parameters
        ----------
        X : list, tuple, 1-D array, pandas or polars Series, or other iterable of n str
            Texts. With ``level="word"`` also lists or 1-D arrays of str, with ``level="id"`` of int.
        y : None
            Ignored.

        Returns
        -------
        list of n ndarrays of shape (tokens_i,), intp
            The ids, in the order of the text.
        """
        X = list(X) if isinstance(X, Iterator) else X  # it can be read only once
        return self.fit(X).transform(X)

    def inverse_transform(self, X):
        r"""Return the texts of sequences of ids.

        Characters follow one another, words are joined by blanks (other blanks are lost), and k-mers are laid over one
        another, shifted by one character. Unknown tokens become "\ufffd": one for a character or a word,
        and one for every character that only unknown k-mers cover. If all texts of fit were lists of words, so are
        these; with ``level="id"`` they are arrays, -1 where the id is unknown.

        Parameters
        ----------
        X : list of n 1-D arrays or lists of ids, or array of int of shape (n, steps)
            Ids from 0 to ``n_tokens_ - 1``.

        Returns
        -------
        list of n str, lists of str or ndarrays of int64
            The texts; in lower case if they were encoded so.

        Raises
        ------
        ValueError, TypeError
            If X is not sequences of known ids, or one k-mer does not overlap with the last.
        """
        check_is_fitted(self)
        # Reading leaves the form of X on the estimator; this one was fitted on texts.
        sequences = read_sequences(clone(self), X, reset=True, tokens=True)
        tokens = np.array(list(self.vocabulary_), dtype=object)
        texts = []
        for i, ids in enumerate(np.split(sequences.values, sequences.starts[1:])):
            if ids.max() >= self.n_tokens_:
                step = int(ids.argmax())
                raise ValueError(
                    f"X[{i}] holds the id {ids[step]} at step {step}, but the ids of this {type(self).__name__} are "
                    f"0 to {self.n_tokens_ - 1}. Give ids that its transform returned."
                )
            try:
                found = tokens[ids].tolist()
                texts.append(found if self._lists else self._tokens.join(found))
            except ValueError as error:
                raise ValueError(f"X[{i}] is not the ids of a text: {error}. Give ids of overlapping k-mers.") from None
        return texts

    def _check_parameters(self):
        check_option("level", self.level, ("char", "word", "kmer", "id"))
        check_option("unknown", self.unknown, ("token", "error"))
        check_bool("lowercase", self.lowercase)
        check_number("k", self.k, Integral, low=1)
        check_number("min_frequency", self.min_frequency, Integral, low=1)
        if self.max_tokens is not None:
            check_number("max_tokens", self.max_tokens, Integral, low=1)

    def _splitter(self):
        if self.level == "word":
            return Words()
        return Ids() if self.level == "id" else Kmers(self.k if self.level == "kmer" else 1)

    def _read(self, X):
        return read_texts(X, self._tokens.reads)

    def _split(self, texts):
        """Yield the tokens of each text."""
        for i, text in enumerate(texts):
            if isinstance(text, str):
                tokens = self._tokens.split(text.lower() if self._lowercase else text)
            else:
                tokens = [token.lower() for token in text] if self._lowercase else text
            if not tokens:
                raise ValueError(
                    f"X[{i}] is {shorten(text)}, which has no token, but a sequence needs at least one step. "
                    "Leave such texts out."
                )
            yield tokens

    def _number(self, counts):
        """Return the vocabulary, given how often each token occurs."""
        as_unknown = self._unknown_id is not None
        known = [token for token, count in counts.items() if count >= self.min_frequency]
        if as_unknown and self._tokens.unknown in known:
            known.remove(self._tokens.unknown)
        ranked = sorted(known, key=lambda token: (-counts[token], token))[: self.max_tokens]
        limits = f"min_frequency={self.min_frequency} and max_tokens={self.max_tokens}"
        if not ranked:
            raise ValueError(
                f"No token is left by {limits}: the most frequent of {len(counts)} occurs {max(counts.values())} times."
                " Lower min_frequency, or give more texts."
            )
        if not as_unknown and len(ranked) < len(counts):
            raise ValueError(
                f"{limits} leave {len(counts) - len(ranked)} of {len(counts)} tokens of X out, which unknown='error' "
                "would refuse. Set unknown='token', or keep all tokens."
            )
        tokens = [self._tokens.unknown] * as_unknown + ranked[::-1]
        return {token: i for i, token in enumerate(tokens)}

    def _to_ids(self, tokens, i):
        """Return the ids of the tokens of text i."""
        if self._unknown_id is not None:
            return np.array([self.vocabulary_.get(token, self._unknown_id) for token in tokens], dtype=np.intp)
        try:
            return np.array([self.vocabulary_[token] for token in tokens], dtype=np.intp)
        except KeyError:
            step = next(step for step, token in enumerate(tokens) if token not in self.vocabulary_)
            raise ValueError(
                f"X[{i}] holds the token {shorten(tokens[step])} at step {step}, which is not in the {self.n_tokens_} "
                "known from fit. Set unknown='token', or fit on texts that have it."
            ) from None

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.requires_fit = True
        return tags
