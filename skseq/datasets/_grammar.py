"""Probabilistic context-free grammars: sentences, and how much each says."""

from bisect import bisect
from itertools import accumulate

import numpy as np
from scipy.special import entr


class Grammar:
    """Rules with probabilities.

    Parameters
    ----------
    rules : dict from str to list of (float, tuple of str)
        For each symbol what may stand for it, with its probability. The first symbol is the start; what is not a key
        is a word.
    """

    def __init__(self, rules):
        self.rules = rules
        self.start = next(iter(rules))
        # Each symbol's cumulated probabilities, their logarithms, and its expansions in reverse, as a stack wants them.
        self._choices = {}
        for symbol, options in rules.items():
            options = [(p, expansion) for p, expansion in options if p > 0]
            probabilities = [p for p, _ in options]
            bounds = [*accumulate(probabilities[:-1])]
            self._choices[symbol] = (bounds, np.log(probabilities).tolist(), [e[::-1] for _, e in options])

    def sample(self, random_state):
        """Return the words of one sentence and the logarithm of the probability of its derivation, in nats."""
        words, log_probability, stack = [], 0.0, [self.start]
        while stack:
            symbol = stack.pop()
            if symbol not in self._choices:
                words.append(symbol)
                continue
            bounds, logs, expansions = self._choices[symbol]
            choice = bisect(bounds, random_state.random_sample()) if bounds else 0
            log_probability += logs[choice]
            stack.extend(expansions[choice])
        return words, log_probability

    def expected_counts(self):
        r"""Return how often each symbol and each word is expected in the derivation of one sentence.

        With the mean number M[a, b] of b in an expansion of a, the counts c solve c = e_start + M^T c (the mean of a
        branching process, finite if the spectral radius of M is below one).
        """
        names = list(
            dict.fromkeys([*self.rules, *(b for options in self.rules.values() for _, e in options for b in e)])
        )
        place = {name: i for i, name in enumerate(names)}
        means = np.zeros((len(names), len(names)))
        for symbol, options in self.rules.items():
            for p, expansion in options:
                for part in expansion:
                    means[place[symbol], place[part]] += p
        start = np.zeros(len(names))
        start[place[self.start]] = 1
        return dict(zip(names, np.linalg.solve(np.eye(len(names)) - means.T, start).tolist()))

    def entropy(self):
        """Return the entropy of the derivation of one sentence, in nats, and its expected number of words.

        Each symbol is expanded independently of all others, so the entropy is the sum over the symbols of their
        expected counts times the entropy of their choice. It is that of the sentence if none has two derivations.
        """
        counts = self.expected_counts()
        nats = sum(counts[symbol] * entr([p for p, _ in options]).sum() for symbol, options in self.rules.items())
        return float(nats), float(sum(count for name, count in counts.items() if name not in self.rules))
