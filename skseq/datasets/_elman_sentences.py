"""Elman's sentences: a small grammar with relative clauses, agreement in number and three kinds of verbs."""

from numbers import Integral, Real

import numpy as np
from sklearn.utils import Bunch

from skseq._validation import check_bool, check_number, check_option, check_seed

from ._grammar import Grammar

NAMES = ("John", "Mary")
NOUNS = {"singular": ("boy", "girl", "cat", "dog"), "plural": ("boys", "girls", "cats", "dogs")}
#: Verbs that need a direct object, may have one, have none.
VERBS = {
    "singular": (("chases", "feeds"), ("sees", "hears"), ("walks", "lives")),
    "plural": (("chase", "feed"), ("see", "hear"), ("walk", "live")),
}
#: The id of a word is its place here. The full stop, which every sentence has, comes last, so that a model fitted on
#: any sentences knows all ids up to the largest.
WORDS = (
    *NAMES,
    *(noun for nouns in NOUNS.values() for noun in nouns),
    *(verb for kinds in VERBS.values() for verbs in kinds for verb in verbs),
    "who",
    ".",
)


def make_elman_sentences(
    n_samples=1000,
    *,
    relative_clause_probability=0.25,
    encoding="words",
    return_log_probability=False,
    random_state=None,
):
    """Make sentences of Elman's grammar, to predict word by word (language modelling).

    "boys who chase dog see girl ." has a relative clause between a subject and its verb: to know that "see" and not
    "sees" follows, a model must keep the number of the subject over the clause, and clauses may hold clauses. The
    grammar is that of [1]_::

        S    ->  NP VP "."
        NP   ->  PropN | N | N RC
        VP   ->  V (NP)
        RC   ->  "who" NP V  |  "who" VP
        PropN -> John | Mary
        N    ->  boy girl cat dog  |  boys girls cats dogs
        V    ->  chases feeds sees hears walks lives  |  chase feed see hear walk live

    Verbs agree in number with their subject; that of "who VP" is the noun before "who". chase and feed need a direct
    object, see and hear may have one, walk and live have none. In "who NP V" the noun before "who" is the object, so
    the verb is one of the first four and no object follows.

    The paper leaves the probabilities of the rules open. Here

    - a noun phrase is each of the ten names and nouns with probability 1/10 (so a name with 1/5, a plural with 2/5);
    - a noun, but not a name, has a relative clause with ``relative_clause_probability``; the two kinds of clauses are
      equally likely;
    - the verb is each of the six with probability 1/6, in "who NP V" each of the four with 1/4;
    - see and hear have a direct object with probability 1/2.

    Parameters
    ----------
    n_samples : int, default=1000
        Number of sentences, n.
    relative_clause_probability : float, default=0.25
        Between 0 and 1. The share of sentences with a clause is 1 - a (a + 1) / 2, where a = 1 - 0.8 times this:
        0.2214, 0.4775 and 0.7925 give the 25, 50 and 75 percent of the phases of training in [1]_. Sentences are finite
        whatever it is, as a noun phrase has 0.6 times this others in it on average.
    encoding : {"words", "ids"}, default="words"
        "words" gives each sentence as a list of words, "ids" as an integer array, ready for the ``embedding_dim`` of
        the sequence estimators. The 24 ids are in the order of the rules above: John is 0, boy 2, boys 6, chases 10,
        chase 16, who 22 and "." 23.
    return_log_probability : bool, default=False
        Return the logarithm of the probability of each sentence too.
    random_state : int, RandomState instance or None, default=None
        Give an int to get the same sentences each time.

    Returns
    -------
    X : list of n lists of str, or list of n ndarrays of shape (words_i,), intp
        The sentences, drawn independently. The full stop is a word, and the last of each.
    log_probability : ndarray of shape (n,), float64
        Only with ``return_log_probability=True``: in nats. Their negative sum over the number of words is what the best
        of all models scores on these very sentences; :func:`elman_grammar_entropy` is its expectation.

    Raises
    ------
    ValueError, TypeError
        If a parameter is not of its kind or out of range.

    See Also
    --------
    elman_grammar_entropy : The lowest perplexity that any model can have.

    References
    ----------
    .. [1] J. L. Elman, "Distributed representations, simple recurrent networks, and grammatical structure", Machine
       Learning 7, pages 195-225, 1991.

    Examples
    --------
    >>> from skseq.datasets import make_elman_sentences
    >>> for sentence in make_elman_sentences(3, random_state=1):
    ...     print(" ".join(sentence))
    girl chases cat .
    dog feeds boy .
    girls who boy who feeds cat who Mary sees hears walk .
    """
    check_number("n_samples", n_samples, Integral, low=1)
    grammar = elman_grammar(relative_clause_probability)
    check_option("encoding", encoding, ("words", "ids"))
    check_bool("return_log_probability", return_log_probability)
    random_state = check_seed(random_state)
    drawn = [grammar.sample(random_state) for _ in range(n_samples)]
    sentences = [words for words, _ in drawn]
    if encoding == "ids":
        ids = {word: i for i, word in enumerate(WORDS)}
        sentences = [np.array([ids[word] for word in words], dtype=np.intp) for words in sentences]
    return (sentences, np.array([log for _, log in drawn])) if return_log_probability else sentences


def elman_grammar_entropy(relative_clause_probability=0.25):
    r"""Return the exact entropy of the sentences of :func:`make_elman_sentences`, the floor of log-perplexity.

    No model that predicts each word, the full stop included, from those before it in the sentence has on average a
    lower cross-entropy than the entropy of the sentences. A model's perplexity is the exponential of its cross-entropy
    a word, so that none is below

    .. math:: \exp \frac{H(\mathrm{sentence})}{E[\mathrm{words}]}

    where the cross-entropy a word is the sum over all words of all sentences, divided by the number of words.

    Parameters
    ----------
    relative_clause_probability : float, default=0.25
        Between 0 and 1, as given to :func:`make_elman_sentences`.

    Returns
    -------
    Bunch
        With the attributes

        per_sentence : float
            Entropy of a sentence, in nats (divide by ln 2 for bits).
        words_per_sentence : float
            Expected number of words, the full stop included.
        per_word : float
            ``per_sentence / words_per_sentence``, in nats.
        perplexity : float
            ``exp(per_word)``.

    Raises
    ------
    ValueError, TypeError
        If ``relative_clause_probability`` is not a number between 0 and 1.

    See Also
    --------
    make_elman_sentences : The sentences, the grammar and its probabilities.

    Notes
    -----
    The rules that make a sentence are chosen independently of each other, so the entropy of its derivation is the sum
    of the entropies of all choices, each times how often it is expected; the expected numbers solve a linear system
    [1]_.
    With r the probability of a relative clause and n = 1.5 / (1 - 0.6 r) noun phrases in a sentence,

    .. math::

        H = n \ln 10 + 0.8\,n\,h(r) + 0.8\,n\,r \ln 2 + (1 + 0.4\,n\,r) (\ln 6 + \tfrac{1}{3} \ln 2) + 0.4\,n\,r \ln 4,

    where h(r) = -r ln r - (1 - r) ln(1 - r): noun phrases, clauses or none, their kind, verbs with their objects, verbs
    of "who NP V".

    It is the entropy of the sentence too, since no sentence has two derivations: only a noun can follow a verb that has
    an object, only a verb or the full stop one that has none; only "who" begins a clause, always that of the noun just
    before; and a clause is "who NP V" if a noun follows "who", else "who VP".

    References
    ----------
    .. [1] U. Grenander, "Syntax-controlled probabilities", technical report, Brown University, 1967; also
       T. L. Booth and R. A. Thompson, "Applying probability measures to abstract languages", IEEE Transactions on
       Computers C-22 (5), pages 442-450, 1973.

    Examples
    --------
    >>> from skseq.datasets import elman_grammar_entropy
    >>> floor = elman_grammar_entropy()
    >>> print(f"{floor.per_word:.4f} nats a word, perplexity {floor.perplexity:.3f}")
    1.7283 nats a word, perplexity 5.631
    """
    nats, words = elman_grammar(relative_clause_probability).entropy()
    per_word = nats / words
    return Bunch(per_sentence=nats, words_per_sentence=words, per_word=per_word, perplexity=float(np.exp(per_word)))


def elman_grammar(relative_clause_probability):
    """Return the grammar, its words spelled out."""
    r = check_number("relative_clause_probability", relative_clause_probability, Real, low=0, high=1)
    # Common to the start of a sentence, direct objects and the subjects of "who NP V": who is the subject.
    shares = {"singular": 0.6, "plural": 0.4}
    rules = {
        "S": [(p, (f"NP {number}", f"VP {number}", ".")) for number, p in shares.items()],
        "NP": [(p, (f"NP {number}",)) for number, p in shares.items()],
        "NP singular": [(1 / 3, ("PropN",)), (2 / 3, ("noun phrase singular",))],
        "NP plural": [(1.0, ("noun phrase plural",))],
        "PropN": uniform(NAMES),
    }
    for number in shares:
        needing, taking, refusing = (f"{kind} {number}" for kind in ("V needing", "V taking", "V refusing"))
        rules |= {
            f"noun phrase {number}": [(1 - r, (f"N {number}",)), (r, (f"N {number}", f"RC {number}"))],
            f"RC {number}": [
                (0.5, ("who", f"VP {number}")),
                *((0.5 * p, ("who", f"NP {inner}", f"V of object {inner}")) for inner, p in shares.items()),
            ],
            f"VP {number}": [
                (1 / 3, (needing, "NP")),
                (1 / 6, (taking, "NP")),
                (1 / 6, (taking,)),
                (1 / 3, (refusing,)),
            ],
            f"V of object {number}": [(0.5, (needing,)), (0.5, (taking,))],
            f"N {number}": uniform(NOUNS[number]),
            **{kind: uniform(verbs) for kind, verbs in zip((needing, taking, refusing), VERBS[number])},
        }
    return Grammar(rules)


def uniform(words):
    """Return rules by which each word is equally likely."""
    return [(1 / len(words), (word,)) for word in words]
