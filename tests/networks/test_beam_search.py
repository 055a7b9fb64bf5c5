"""Beam search: against all targets there are, the greedy choice, and sources that share a batch."""

from itertools import product
from zlib import crc32

import numpy as np
import pytest

from skseq.networks import beam_search
from skseq.networks._beam_search import _largest


class Markov:
    """A decoder whose next token depends on the tokens before, by random tables for each source."""

    def __init__(self, n, beams, n_tokens=3, seed=0, sharpness=1.0, rows=None):
        self.beams, self.n_tokens, self.sharpness, self.seed = beams, n_tokens, sharpness, seed
        self.rows = np.arange(n) if rows is None else np.array(rows)
        self.before = np.full((n, beams), "", dtype=object)
        self.steps = 0
        self.asked = []

    def log_probabilities(self, row, before):
        seed = crc32(f"{row} {before} {self.seed}".encode())
        z = self.sharpness * np.random.RandomState(seed).standard_normal(self.n_tokens)
        return z - np.log(np.exp(z).sum())

    def step(self, tokens):
        self.asked.append(len(tokens))
        if self.steps:
            self.before = self.before + tokens.astype(str).astype(object)
        self.steps += 1
        return np.array([[self.log_probabilities(r, b) for b in own] for r, own in zip(self.rows, self.before)])

    def follow(self, parents):
        self.before = np.take_along_axis(self.before, parents, axis=1)

    def take(self, rows):
        self.rows, self.before = self.rows[rows], self.before[rows]

    def score(self, row, target, length_penalty):
        """Return the score of a complete target."""
        before, total = "", 0.0
        for token in [*target, 0]:
            total += self.log_probabilities(row, before)[token]
            before += str(token)
        return total / ((5 + len(target) + 1) / 6) ** length_penalty


def all_targets(n_tokens, longest):
    return [target for size in range(longest + 1) for target in product(range(1, n_tokens), repeat=size)]


@pytest.mark.parametrize("length_penalty", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_wide_beam_finds_the_best_of_all_targets(seed, length_penalty):
    n, longest = 6, 3
    targets = all_targets(3, longest)
    decoder = Markov(n, len(targets), seed=seed)
    found = beam_search(decoder, n, longest, length_penalty)
    for row, target in enumerate(found):
        scores = [decoder.score(row, own, length_penalty) for own in targets]
        assert tuple(target) == targets[int(np.argmax(scores))]


def test_a_beam_of_one_is_the_greedy_choice():
    n, longest = 30, 4
    decoder = Markov(n, 1)
    lengths = set()
    for row, target in enumerate(beam_search(decoder, n, longest)):
        expected = []
        while len(expected) < longest:
            token = int(decoder.log_probabilities(row, "".join(map(str, expected))).argmax())
            if not token:
                break
            expected.append(token)
        assert target.tolist() == expected
        lengths.add(len(expected))
    assert {0, longest} <= lengths  # some end at once, some have to


def test_a_wider_beam_finds_targets_at_least_as_probable_on_average():
    means = []
    for beams in (1, 2, 4, 16):
        decoder = Markov(50, beams, sharpness=2.0)
        found = beam_search(decoder, 50, 5, 0.0)
        means.append(np.mean([decoder.score(row, target, 0.0) for row, target in enumerate(found)]))
    assert means == sorted(means)
    assert means[0] < means[-1]


@pytest.mark.parametrize("beams", [1, 3])
def test_sources_do_not_depend_on_each_other(beams):
    together = beam_search(Markov(12, beams), 12, 8)
    for row, target in enumerate(together):
        (alone,) = beam_search(Markov(1, beams, rows=[row]), 1, 8)
        assert alone.tolist() == target.tolist()


def test_sources_that_are_done_leave_the_batch():
    decoder = Markov(40, 1)
    beam_search(decoder, 40, 30)
    assert decoder.asked[0] == 40
    assert decoder.asked[-1] < 10
    assert decoder.asked == sorted(decoder.asked, reverse=True)
    assert sum(decoder.asked) < 40 * 31 / 3


def test_long_targets():
    class Counting(Markov):
        def log_probabilities(self, row, before):
            p = np.full(self.n_tokens, 1e-6)
            p[0 if len(before) == 10 * (row + 1) else 2] = 1
            return np.log(p / p.sum())

    found = beam_search(Counting(5, 2), 5, 100)
    assert [target.tolist() for target in found] == [[2] * (10 * (row + 1)) for row in range(5)]


def test_what_is_not_finite_is_none():
    class Broken(Markov):
        def log_probabilities(self, row, before):
            return np.full(self.n_tokens, np.nan) if row == 2 else super().log_probabilities(row, before)

    found = beam_search(Broken(4, 2), 4, 5)
    assert [target is None for target in found] == [False, False, True, False]
    expected = beam_search(Markov(4, 2), 4, 5)
    assert found[3].tolist() == expected[3].tolist()


@pytest.mark.parametrize("count", [1, 2, 5, 7])
def test_the_largest_come_in_order_and_the_first_of_equals(count):
    scores = np.array([[1.0, 3, 2, 3, -np.inf, 0, 3], [0, 0, 0, 0, 0, 0, 0]])
    places = _largest(scores, count)
    expected = np.argsort(-scores, axis=1, kind="stable")[:, :count]
    np.testing.assert_array_equal(places[0], expected[0])
    assert len(set(places[1])) == count
    np.testing.assert_array_equal(np.sort(places[1]), places[1])
