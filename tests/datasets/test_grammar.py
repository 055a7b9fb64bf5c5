"""Grammars, and the entropy of Elman's, against the enumeration of all sentences up to a length."""

from collections import Counter
from math import comb, inf, log

import numpy as np
import pytest

from skseq.datasets._elman_sentences import elman_grammar
from skseq.datasets._grammar import Grammar


def enumerate_sentences(rules, words):
    """Yield (sentence, probability) of every derivation of at most ``words`` words."""
    shortest = dict.fromkeys(rules, inf)
    for _ in rules:  # the least number of words of each symbol, by relaxation
        for symbol, options in rules.items():
            shortest[symbol] = min(sum(shortest.get(part, 1) for part in e) for p, e in options if p > 0)
    stack = [((), (next(iter(rules)),), 1.0)]
    while stack:
        sentence, rest, probability = stack.pop()
        if not rest:
            yield sentence, probability
        elif rest[0] not in rules:
            stack.append(((*sentence, rest[0]), rest[1:], probability))
        else:
            for p, expansion in rules[rest[0]]:
                todo = (*expansion, *rest[1:])
                if p > 0 and len(sentence) + sum(shortest.get(part, 1) for part in todo) <= words:
                    stack.append((sentence, todo, probability * p))


def word_classes(rules):
    """Split the rules into those above word classes and the number of words of each class."""
    lexicon = {
        s: len(options) for s, options in rules.items() if all(len(e) == 1 and e[0] not in rules for _, e in options)
    }
    return {symbol: options for symbol, options in rules.items() if symbol not in lexicon}, lexicon


def test_elman_words_belong_to_one_class_each():
    rules = elman_grammar(0.25).rules
    _, lexicon = word_classes(rules)
    words = [word for symbol in lexicon for _, (word,) in rules[symbol]]
    assert len(words) == len(set(words)) == 22


@pytest.mark.parametrize("words", [3, 4, 5])
def test_elman_sentences_have_one_derivation(words):
    found = Counter(sentence for sentence, _ in enumerate_sentences(elman_grammar(0.25).rules, words))
    assert max(found.values()) == 1
    # Subject and verb agree: 10 x 4 sentences "N V .", and 10 x 4 x 10 "N V N .".
    assert sum(len(sentence) == 3 for sentence in found) == 40
    assert sum(len(sentence) == 4 for sentence in found) == 400 * (words >= 4)


@pytest.mark.parametrize(
    ("relative", "words", "tail", "gap"), [(0, 4, 0, 0), (0.1, 14, 6e-5, 2e-3), (0.25, 14, 2e-3, 0.07)]
)
def test_elman_entropy_is_that_of_all_sentences(relative, words, tail, gap):
    # Each word is of one class and equally likely in it, so sentences of classes stand for all of their sentences.
    grammar = elman_grammar(relative)
    rules, lexicon = word_classes(grammar.rules)
    found = list(enumerate_sentences(rules, words))
    assert len({sentence for sentence, _ in found}) == len(found)
    lengths = np.array([len(sentence) for sentence, _ in found])
    p = np.array([probability for _, probability in found])
    surprise = np.array([sum(log(lexicon.get(c, 1)) for c in sentence) for sentence, _ in found]) - np.log(p)
    nats, mean_words = grammar.entropy()
    missing = [
        (1 - p[seen].sum(), nats - p[seen] @ surprise[seen], mean_words - p[seen] @ lengths[seen])
        for seen in (lengths <= longest for longest in range(4, words + 1))
    ]
    assert (np.diff(missing, axis=0) < 0).all()  # what longer sentences add
    assert -1e-12 < missing[-1][0] <= tail + 1e-12
    assert -1e-12 < missing[-1][1] <= gap + 1e-12
    assert -1e-12 < missing[-1][2] <= gap + 1e-12


def test_samples_have_the_probability_of_their_derivation():
    grammar = elman_grammar(0.25)
    known = dict(enumerate_sentences(grammar.rules, 5))
    random_state = np.random.RandomState(0)
    drawn = [grammar.sample(random_state) for _ in range(4000)]
    short = [(tuple(words), logged) for words, logged in drawn if len(words) <= 5]
    assert len(short) / len(drawn) == pytest.approx(sum(known.values()), abs=0.03)
    assert all(logged == pytest.approx(log(known[words])) for words, logged in short)


def test_dyck_words():
    # n pairs of brackets have probability p^n (1 - p)^(n + 1), Catalan(n) times: each has one derivation.
    p = 0.3
    grammar = Grammar({"S": [(p, ("(", "S", ")", "S")), (1 - p, ())]})
    counts = grammar.expected_counts()
    assert counts["S"] == pytest.approx(1 / (1 - 2 * p))
    assert counts["("] == pytest.approx(p / (1 - 2 * p))
    nats, words = grammar.entropy()
    n = np.arange(120)
    ways = np.array([float(comb(2 * k, k) // (k + 1)) for k in range(120)])
    log_p = n * log(p) + (n + 1) * log(1 - p)
    assert nats == pytest.approx(-(ways * np.exp(log_p)) @ log_p, rel=1e-6)
    assert words == pytest.approx((ways * np.exp(log_p)) @ (2 * n), rel=1e-6)
    assert all(set(grammar.sample(np.random.RandomState(seed))[0]) <= {"(", ")"} for seed in range(20))


def test_impossible_expansions_are_never_drawn():
    grammar = Grammar({"S": [(0.0, ("never",)), (1.0, ("always",)), (0.0, ("never",))]})
    assert grammar.sample(np.random.RandomState(0)) == (["always"], 0.0)
    assert grammar.entropy() == (0.0, 1.0)
