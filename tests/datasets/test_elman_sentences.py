import numpy as np
import pytest

from skseq.datasets import elman_grammar_entropy, make_elman_sentences

NAMES = {"John", "Mary"}
SINGULAR, PLURAL = {"boy", "girl", "cat", "dog"}, {"boys", "girls", "cats", "dogs"}
NEEDING = {"chase", "feed", "chases", "feeds"}
TAKING = {"see", "hear", "sees", "hears"}
VERBS = NEEDING | TAKING | {"walk", "live", "walks", "lives"}


class Reader:
    """Reads a sentence by the rules of the paper, written again here by recursive descent."""

    def __init__(self, words):
        self.words = list(words)

    def take(self, allowed):
        word = self.words.pop(0)
        assert word in allowed
        return word

    def sentence(self):
        self.predicate(self.noun_phrase())
        self.take({"."})
        assert not self.words

    def noun_phrase(self):
        word = self.take(NAMES | SINGULAR | PLURAL)
        if self.words[0] == "who":
            assert word not in NAMES
            self.take({"who"})
            if self.words[0] in VERBS:
                self.predicate(word)
            else:
                assert self.verb(self.noun_phrase()) in NEEDING | TAKING
        return word

    def verb(self, subject):
        verb = self.take(VERBS)
        assert verb.endswith("s") != (subject in PLURAL)
        return verb

    def predicate(self, subject):
        verb = self.verb(subject)
        has_object = self.words[0] in NAMES | SINGULAR | PLURAL
        assert has_object or verb not in NEEDING
        if has_object:
            assert verb in NEEDING | TAKING
            self.noun_phrase()


@pytest.mark.parametrize("relative", [0.0, 0.25, 1.0])
def test_sentences_follow_the_rules(relative):
    for words in make_elman_sentences(1000, relative_clause_probability=relative, random_state=0):
        Reader(words).sentence()


@pytest.mark.parametrize(("relative", "share"), [(0.0, 0.0), (0.2214, 0.25), (0.4775, 0.5), (0.7925, 0.75)])
def test_share_of_sentences_with_clauses(relative, share):
    sentences = make_elman_sentences(5000, relative_clause_probability=relative, random_state=0)
    assert np.mean(["who" in words for words in sentences]) == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("r", [0, 0.25, 0.9, 1])
def test_entropy_is_the_closed_form(r):
    n = 1.5 / (1 - 0.6 * r)
    h = -r * np.log(r) - (1 - r) * np.log(1 - r) if 0 < r < 1 else 0
    verbs, of_object = 1 + 0.4 * n * r, 0.4 * n * r
    nats = n * np.log(10) + 0.8 * n * (h + r * np.log(2)) + verbs * (np.log(6) + np.log(2) / 3) + of_object * np.log(4)
    floor = elman_grammar_entropy(r)
    assert floor.per_sentence == pytest.approx(nats)
    assert floor.words_per_sentence == pytest.approx(n + verbs + of_object + 0.8 * n * r + 1)
    assert floor.per_word == pytest.approx(floor.per_sentence / floor.words_per_sentence)
    assert floor.perplexity == pytest.approx(np.exp(floor.per_word))


def test_samples_agree_with_the_entropy():
    sentences, logged = make_elman_sentences(20_000, return_log_probability=True, random_state=0)
    floor = elman_grammar_entropy()
    assert -logged.mean() == pytest.approx(floor.per_sentence, rel=0.02)
    assert np.mean([len(words) for words in sentences]) == pytest.approx(floor.words_per_sentence, rel=0.02)
    assert np.exp(-logged.sum() / sum(map(len, sentences))) == pytest.approx(floor.perplexity, rel=0.01)


def test_no_bigram_model_is_below_the_floor():
    ids = make_elman_sentences(4000, encoding="ids", random_state=0)
    pairs = np.full((24, 24), 1e-3)
    for x in ids:
        np.add.at(pairs, (np.append(23, x[:-1]), x), 1)  # after a full stop comes a first word
    logs = np.log(pairs / pairs.sum(axis=1, keepdims=True))
    new = make_elman_sentences(4000, encoding="ids", random_state=1)
    nats = -np.mean(np.concatenate([logs[np.append(23, x[:-1]), x] for x in new]))
    assert nats > elman_grammar_entropy().per_word * 1.02


def test_ids_are_the_words():
    words = make_elman_sentences(500, random_state=3)
    ids = make_elman_sentences(500, encoding="ids", random_state=3)
    pairs = {pair for sentence, x in zip(words, ids, strict=True) for pair in zip(x.tolist(), sentence, strict=True)}
    assert len(pairs) == 24
    assert {(0, "John"), (2, "boy"), (6, "boys"), (10, "chases"), (16, "chase"), (22, "who"), (23, ".")} <= pairs
    assert all(x.dtype == np.intp and x[-1] == 23 for x in ids)


def test_same_seed_same_sentences():
    assert make_elman_sentences(20, random_state=3) == make_elman_sentences(20, random_state=3)
    assert make_elman_sentences(20, random_state=3) != make_elman_sentences(20, random_state=4)


@pytest.mark.parametrize(
    ("kwargs", "error"),
    [
        ({"n_samples": 0}, ValueError),
        ({"n_samples": 2.5}, TypeError),
        ({"relative_clause_probability": 1.1}, ValueError),
        ({"relative_clause_probability": float("nan")}, ValueError),
        ({"relative_clause_probability": "often"}, TypeError),
        ({"encoding": "string"}, ValueError),
        ({"return_log_probability": 1}, TypeError),
        ({"random_state": "seed"}, ValueError),
    ],
)
def test_bad_parameters_are_named(kwargs, error):
    with pytest.raises(error, match=next(iter(kwargs))):
        make_elman_sentences(**kwargs)
    if "relative_clause_probability" in kwargs:
        with pytest.raises(error, match="relative_clause_probability"):
            elman_grammar_entropy(**kwargs)
