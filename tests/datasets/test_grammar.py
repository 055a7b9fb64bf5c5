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
    lexicon = {s: len(options) for s, options in rules.items() if all(len(e) == 1 and e[0] not in rules for _, e in options)}
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


@pytest.mark.parametrize(("relative", "words", "tail"), [(0.0, 4, 1e-12), (0.1, 14, 2e-5), (0.25, 14, 2e-3)])
def test_elman_entropy_is_that_of_all_sentences(relative, words, tail):
    # Each word is of one class and equally likely in it, so sentences of classes stand for all of their sentences.
    grammar = elman_grammar(relative)
    rules, lexicon = word_classes(grammar.rules)
    found = list(enumerate_sentences(rules, words))
    assert len({sentence for sentence, _ in found}) == len(found)
    lengths = np.array([len(sentence) for sentence, _ in found])
    p = np.array([probability for _, probability in found])
    surprise = np.array([sum(log(lexicon.get(c, 1)) for c in sentence) for sentence, _ in found]) - np.log(p)
    nats, mean_words = grammar.entropy()
    print(len(p), 1-p.sum(), nats-p@surprise, mean_words-p@lengths)
    for longest in range(4,words+1):
        k = lengths <= longest
        print(longest, k.sum(), 1-p[k].sum(), nats-p[k]@surprise[k])
