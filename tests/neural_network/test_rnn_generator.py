"""RNNGenerator: what a user does with it, what its numbers mean, and what it says when something is wrong."""

import itertools

import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.sparse import csr_array, issparse
from sklearn.datasets import load_digits
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import estimator_checks, get_tags
from textbook import CELLS, network_outputs, sigmoid

from skseq import RNNGenerator
from skseq.datasets import elman_grammar_entropy, make_elman_sentences
from skseq.neural_network import _next_token_model
from skseq.training import Trainer

#: The checks of scikit-learn that give no X: it runs none on estimators that do not take 2-D arrays of anything.
CHECKS = [
    "check_do_not_raise_errors_in_init_or_set_params",
    "check_estimator_cloneable",
    "check_estimator_repr",
    "check_estimator_tags_renamed",
    "check_get_params_invariance",
    "check_mixin_order",
    "check_no_attributes_set_in_init",
    "check_parameters_default_constructible",
    "check_set_params",
    "check_valid_tag_types",
]
SENTENCES = [text.split() for text in ("the boy ate a cake", "the dog ate a bone", "a dog saw the boy", "boy")]
NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def model_of(X=SENTENCES, y=None, **settings):
    settings = {"hidden_layer_sizes": 6, "embedding_dim": 4, "max_iter": 3, "random_state": 0, **settings}
    return RNNGenerator(**settings).fit(X, y)


def spelled(n=40, seed=0):
    """Vectors and the words they stand for."""
    rng = np.random.RandomState(seed)
    words = np.array(NAMES[:4])[np.arange(n) % 4]
    return np.eye(4)[np.arange(n) % 4] + 0.1 * rng.standard_normal((n, 4)), list(words)


@pytest.mark.parametrize("check", CHECKS)
def test_scikit_learn_checks(check):
    getattr(estimator_checks, check)("RNNGenerator", RNNGenerator(cell="lstm", embedding_dim=8))


def test_tags_say_what_it_takes():
    tags = get_tags(RNNGenerator())
    assert tags.estimator_type == "density_estimator"
    assert tags.input_tags.string
    assert not tags.input_tags.two_d_array
    assert not tags.target_tags.required


# ---- what the numbers are ----


@pytest.mark.parametrize("layers", [(5,), (5, 4)])
@pytest.mark.parametrize(("cell", "activation"), CELLS)
def test_probabilities_are_those_of_the_textbook(cell, activation, layers):
    model = model_of(hidden_layer_sizes=layers, cell=cell, activation=activation)
    log_p = []
    for sentence in SENTENCES:
        ids = [model.vocabulary_[token] for token in sentence]
        logits = network_outputs(
            np.array([0, *ids]), model.weights_, len(layers), cell, activation=activation, pooling="none"
        )
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        log_p.append(np.log(p[np.arange(len(p)), [*ids, 0]]).sum())
        assert_allclose(model.predict_next_proba([sentence]), p[-1:], rtol=1e-10)
    assert_allclose(model.score_samples(SENTENCES), log_p, rtol=1e-10)


def test_a_vector_sets_the_first_state():
    X, y = spelled()
    model = model_of(X, y, cell="rnn")
    weights = model.weights_
    h = np.tanh(X[0] @ weights["initial_0.weights"] + weights["initial_0.bias"])
    begin = weights["embedding.weights"][0]
    h = h @ weights["layer_0.recurrent_weights"] + begin @ weights["layer_0.input_weights"]
    h = np.tanh(h + weights["layer_0.bias"])
    logits = h @ weights["output.weights"] + weights["output.bias"]
    assert_allclose(model.predict_next_proba(X[:1], [""]), [np.exp(logits) / np.exp(logits).sum()], rtol=1e-10)
    lstm = model_of(X, y, cell="lstm").weights_
    h, c = np.split(np.tanh(X[0] @ lstm["initial_0.weights"] + lstm["initial_0.bias"]), 2)
    gates = h @ lstm["layer_0.recurrent_weights"] + lstm["embedding.weights"][0] @ lstm["layer_0.input_weights"]
    o, i, f, g = np.split(gates + lstm["layer_0.bias"], 4)
    h = sigmoid(o) * np.tanh(sigmoid(f) * c + sigmoid(i) * np.tanh(g))
    logits = h @ lstm["output.weights"] + lstm["output.bias"]
    expected = [np.exp(logits) / np.exp(logits).sum()]
    assert_allclose(model_of(X, y, cell="lstm").predict_next_proba(X[:1], [""]), expected, rtol=1e-10)


@pytest.mark.parametrize("vectors", [False, True])
def test_the_probabilities_of_all_sequences_add_up_to_one(vectors):
    texts = ["ab", "b", "aab", "ba"] * 3
    X = np.arange(24.0).reshape(12, 2) / 24
    model = model_of(X, texts) if vectors else model_of(texts)

    def ask(method, texts):
        return method(np.repeat(X[:1], len(texts), axis=0), texts) if vectors else method(texts)

    short = ["".join(letters) for n in range(4) for letters in itertools.product("ab", repeat=n)]
    ended = np.exp(ask(model.score_samples, short)).sum()
    # What has not ended by then: each prefix of three letters, going on.
    prefixes = short[-8:]
    next_p = ask(model.predict_next_proba, prefixes)
    assert_allclose(next_p.sum(axis=1), 1)
    before = np.exp(ask(model.score_samples, prefixes)) / next_p[:, model.vocabulary_[None]]
    assert_allclose(ended + (before * (1 - next_p[:, 0])).sum(), 1)


def test_score_and_perplexity_are_by_token():
    model = model_of()
    total, tokens = model.score_samples(SENTENCES).sum(), sum(map(len, SENTENCES))
    assert_allclose(model.score(SENTENCES), total / (tokens + 4))
    assert_allclose(model.perplexity(SENTENCES), np.exp(-total / (tokens + 4)))
    assert_allclose(model.perplexity(SENTENCES, count_end=False), np.exp(-total / tokens))
    weights = [3, 0, 1, 2]
    repeated = [sentence for sentence, times in zip(SENTENCES, weights) for _ in range(times)]
    for weigh in (weights, np.multiply(weights, 1e300)):
        assert_allclose(model.score(SENTENCES, sample_weight=weigh), model.score(repeated))
        assert_allclose(model.perplexity(SENTENCES, sample_weight=weigh), model.perplexity(repeated))


def test_the_loss_is_the_logarithm_of_the_perplexity():
    model = model_of(learning_rate_init=1e-300)
    assert_allclose(np.exp(model.loss_curve_), model.perplexity(SENTENCES))


def test_many_tokens_are_held_some_at_a_time(monkeypatch):
    model = model_of()
    expected = model.score_samples(SENTENCES), model.predict_next_proba(SENTENCES)
    monkeypatch.setattr(_next_token_model, "LOGITS", 1)
    assert_allclose(model.score_samples(SENTENCES), expected[0])
    assert_allclose(model.predict_next_proba(SENTENCES), expected[1])


# ---- what it learns ----


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_every_cell_learns_sentences(cell):
    model = model_of(SENTENCES * 10, hidden_layer_sizes=16, cell=cell, learning_rate_init=0.04, max_iter=60)
    # The end is certain, and so is all but the first, second or last words.
    assert model.perplexity(SENTENCES) < 1.5
    assert model.next_tokens(["the", "boy", "ate", "a"], n=1).tokens == ["cake"]
    assert model.next_tokens(["boy"]).tokens[0] is None


def test_elman_sentences_are_learnt_nearly_to_their_entropy():
    # On 20,000 sentences it comes within 2 percent, see examples/plot_next_word.py; here is less time.
    model = RNNGenerator(
        24, cell="lstm", embedding_dim=12, batch_size=50, learning_rate="cosine", learning_rate_init=0.02, max_iter=8
    )
    model.set_params(random_state=0).fit(make_elman_sentences(5000, random_state=0))
    fresh, log_p = make_elman_sentences(2000, random_state=1, return_log_probability=True)
    floor = np.exp(-log_p.sum() / sum(map(len, fresh)))
    assert_allclose(floor, elman_grammar_entropy().perplexity, rtol=0.02)
    assert 1 < model.perplexity(fresh, count_end=False) / floor < 1.05
    # Agreement in number over a relative clause, and the end after the full stop.
    after = model.predict_next_proba([["boys", "who", "Mary", "chases"]])[0]
    plural_verbs = [model.vocabulary_[verb] for verb in ("chase", "feed", "see", "hear", "walk", "live")]
    assert after[plural_verbs].sum() > 0.9
    assert model.predict_next_proba([["John", "walks", "."]])[0, model.vocabulary_[None]] > 0.99


def test_the_learning_rate_falls_by_default():
    # With a constant one, Elman's sentences come no nearer than 3 percent to their entropy; see benchmarks/published.
    rates = model_of(max_iter=5).learning_rate_curve_
    assert rates == sorted(rates, reverse=True)
    assert_allclose(rates[-1], rates[0] / 100)


def test_digits_are_spelled_out():
    X, y = load_digits(return_X_y=True)
    names = [NAMES[digit] for digit in y]
    speller = RNNGenerator(32, learning_rate_init=0.03, max_iter=12, random_state=0)
    model = make_pipeline(StandardScaler(), speller).fit(X[:1000], names[:1000])
    assert np.mean([a == b for a, b in zip(model.predict(X[1000:]), names[1000:])]) > 0.85
    assert model.score(X[1000:], names[1000:]) > -0.25


def test_truncated_backpropagation_learns_too():
    texts = ["abcd" * 6, "dcba" * 6] * 10
    whole, cut = (model_of(texts, bptt_steps=steps, max_iter=20, learning_rate_init=0.04) for steps in (None, 5))
    assert cut.perplexity(texts) < 1.6
    assert cut.loss_curve_ != whole.loss_curve_
    assert model_of(texts, bptt_steps=100).loss_curve_ == model_of(texts).loss_curve_


def test_early_stopping_restores_the_weights_with_least_validation_loss(monkeypatch):
    held = []
    evaluate = Trainer.evaluate
    monkeypatch.setattr(Trainer, "evaluate", lambda self, *data: held.append(data) or evaluate(self, *data))
    X = make_elman_sentences(60, random_state=0)
    model = model_of(X, early_stopping=True, learning_rate_init=0.1, n_iter_no_change=3, max_iter=60, batch_size=20)
    losses = model.validation_loss_curve_
    assert model.n_iter_ == len(losses) < 60
    assert model.best_iteration_ == 1 + int(np.argmin(losses)) < model.n_iter_
    assert all(0 <= score <= 1 for score in model.validation_score_curve_)
    sequences, _, weights = held[0]
    assert len(sequences) == 6
    assert_allclose(weights, 1)
    tokens = list(model.vocabulary_)
    sentences = [[tokens[i] for i in ids[1:]] for ids in sequences.unpack()]
    assert all(sentence in X for sentence in sentences)
    assert_allclose(model.score(sentences), -min(losses))


# ---- going on ----


def test_partial_fit_is_an_epoch_of_fit():
    whole = model_of(max_iter=3)
    steps = RNNGenerator(6, embedding_dim=4, max_iter=3, random_state=0)
    for _ in range(3):
        steps.partial_fit(SENTENCES)
    assert_array_equal(steps.score_samples(SENTENCES), whole.score_samples(SENTENCES))
    with pytest.raises(ValueError, match=r"X\[0\] holds the token 'cat' at step 1.*none of the 8.*vocabulary="):
        steps.partial_fit([["a", "cat"]])
    named = RNNGenerator(6, embedding_dim=4, vocabulary=steps.vocabulary_, random_state=0).partial_fit([["a"]])
    assert named.vocabulary_ == steps.vocabulary_
    named.partial_fit(SENTENCES)


def test_partial_fit_weighs_over_all_calls():
    def second_loss(weight):
        model = RNNGenerator(4, random_state=0).partial_fit(SENTENCES)
        return model.partial_fit(SENTENCES, sample_weight=np.full(4, weight)).loss_curve_[1]

    assert_allclose(second_loss(3.0), 1.5 * second_loss(1.0), rtol=1e-6)


def test_warm_start_goes_on():
    model = model_of(warm_start=True).fit(SENTENCES)
    assert len(model.loss_curve_) == 6
    with pytest.raises(ValueError, match="holds the token 'cat'"):
        model.fit([["cat"]])
    with pytest.raises(ValueError, match=r"fitted on sequences X alone, but y is not None"):
        model.fit([[1.0]], ["a"])
    model.set_params(vocabulary="abc")
    with pytest.raises(ValueError, match=r"vocabulary names other tokens than the 8.*warm_start=False"):
        model.fit(SENTENCES)
    model.set_params(vocabulary=None, embedding_dim=5)
    with pytest.raises(ValueError, match="embedding_dim=5, but the network to go on with has embedding_dim=4"):
        model.fit(SENTENCES)
    model = model_of(*spelled(), warm_start=True)
    with pytest.raises(ValueError, match=r"X has 3 features, but RNNGenerator is expecting 4"):
        model.fit(np.zeros((40, 3)), spelled()[1])


def test_ctrl_c_keeps_the_last_whole_epoch(monkeypatch):
    expected = model_of(max_iter=2, learning_rate="constant").score_samples(SENTENCES)
    step, calls = Trainer._step, []

    def interrupted(self, *arguments):
        calls.append(1)
        if len(calls) > 2:
            raise KeyboardInterrupt
        return step(self, *arguments)

    monkeypatch.setattr(Trainer, "_step", interrupted)
    with pytest.warns(ConvergenceWarning, match="interrupted after 2 of at most 9 epochs"):
        model = model_of(max_iter=9, learning_rate="constant")
    assert_array_equal(model.score_samples(SENTENCES), expected)
    before = dict(vars(model))
    with pytest.raises(KeyboardInterrupt):
        model.partial_fit(SENTENCES)
    assert vars(model) == before


# ---- forms of X ----


def test_texts_are_characters_words_are_lists_and_ids_arrays():
    texts = model_of(["ab c", "ba"])
    assert list(texts.vocabulary_) == [None, " ", "a", "b", "c"]
    assert all(type(text) is str for text in texts.sample(5, random_state=0))
    words = model_of(SENTENCES).sample(5, random_state=0)
    assert all(type(sentence) is list and type(word) is str for sentence in words for word in sentence)
    for ids in ([np.array([3, 7]), np.array([7])], [[3, 7], [7]], [(3, 7), (7,)]):
        model = model_of(ids)
        assert model.vocabulary_ == {None: 0, 3: 1, 7: 2}
        assert all(sample.dtype == np.intp and sample.ndim == 1 for sample in model.sample(5, random_state=0))


@pytest.mark.parametrize(
    "make",
    [
        list,
        tuple,
        np.array,
        lambda X: np.array(X, dtype=object),
        pd.Series,
        pl.Series,
        lambda X: pd.Series(X, index=range(10, 13)),
        iter,
    ],
)
def test_collections_of_texts(make):
    texts = ["abc", "ba", "c"]
    assert_array_equal(model_of(make(texts)).score_samples(texts), model_of(texts).score_samples(texts))


@pytest.mark.parametrize(
    "make",
    [
        list,
        np.array,
        lambda rows: np.array(rows, dtype=np.int8),
        pd.DataFrame,
        lambda rows: pl.DataFrame(rows, orient="row"),
        lambda rows: [pd.Series(row, index=[5, 6, 7]) for row in rows],
        lambda rows: [pl.Series(row) for row in rows],
    ],
)
def test_tables_of_ids(make):
    rows = [[3, 1, 2], [1, 1, 3]]
    assert_array_equal(model_of(make(rows)).score_samples(rows), model_of(rows).score_samples(rows))


def test_one_token_one_sequence_and_one_kind_of_token():
    model = model_of(["a"])
    assert list(model.vocabulary_) == [None, "a"]
    assert model.perplexity(["a"]) < 2.5
    assert set("".join(model.sample(9, random_state=0, max_steps=4))) <= {"a"}
    assert model_of([[5]]).predict_next_proba([[5, 5]]).shape == (1, 2)


@pytest.mark.parametrize("token", [2**63 - 1, 1 - 2**63, 0, -7])
def test_any_integer_is_a_token(token):
    model = model_of([[token, 3], [3]])
    assert model.vocabulary_[token] in (1, 2)
    assert {int(drawn) for sample in model.sample(20, random_state=0) for drawn in sample} == {token, 3}


def test_vectors_in_every_container():
    X, y = spelled()
    expected = model_of(X, y).score_samples(X, y)
    frame = pd.DataFrame(X, columns=list("abcd"))
    model = model_of(frame, np.array(y))
    assert_array_equal(model.score_samples(frame, pd.Series(y)), expected)
    assert_array_equal(model.feature_names_in_, list("abcd"))
    assert_array_equal(model_of(X.tolist(), y).score_samples(X, y), expected)
    assert model.n_features_in_ == 4
    assert_array_equal(model.next_tokens(X=frame.iloc[2]), model_of(X, y).next_tokens(X=X[2]))
    assert_array_equal(model.predict(frame), model_of(X, y).predict(X))
    model.fit(SENTENCES)
    assert not hasattr(model, "n_features_in_")
    assert not hasattr(model, "feature_names_in_")


def test_float32_vectors_stay_float32():
    X, y = spelled()
    model = model_of(X.astype(np.float32), y)
    assert model.predict_next_proba(X, y).dtype == np.float32
    assert model.score_samples(X, y).dtype == np.float32
    assert_array_equal(model.predict(X), model_of(X, y).predict(X))
    assert_allclose(model.score_samples(X, y), model_of(X, y).score_samples(X, y), rtol=1e-4)


def test_vocabulary_names_tokens_that_fit_need_not_show():
    letters = list("dcba")
    for named in ("abcd", letters, set(letters), np.array(letters), {None: 0, **dict.fromkeys(letters)}):
        model = model_of(["ab", "ba"], vocabulary=named)
        assert model.vocabulary_ == {None: 0, "a": 1, "b": 2, "c": 3, "d": 4}
    assert np.isfinite(model.score(["cd"]))
    scores = cross_val_score(RNNGenerator(2, vocabulary="abcd", max_iter=1), ["a", "b", "c", "d"], cv=4)
    assert np.isfinite(scores).all()
    with pytest.raises(ValueError, match=r"X\[1\] holds the token 'e' at step 0"):
        model.fit(["ab", "e"])
    with pytest.raises(ValueError, match="vocabulary is empty"):
        model.set_params(vocabulary="").fit(["ab"])
    with pytest.raises(TypeError, match="vocabulary is 3 of type int"):
        model.set_params(vocabulary=3).fit(["ab"])


# ---- inside scikit-learn ----


@pytest.mark.parametrize("kind", ["words", "texts", "ids", "vectors"])
def test_searches_and_cross_validation(kind):
    vectors, spelled_out = spelled(30)
    sentences = make_elman_sentences(30, random_state=0)
    X, y = {
        "words": (sentences, None),
        "texts": (["".join(sentence) for sentence in sentences], None),
        "ids": (make_elman_sentences(30, encoding="ids", random_state=0), None),
        "vectors": (vectors, spelled_out),
    }[kind]
    tokens = set().union(*(X if y is None else y))
    model = RNNGenerator(3, embedding_dim=2, vocabulary=tokens, max_iter=2, random_state=0)
    scores = cross_val_score(model, X, y, cv=3)
    assert (scores < 0).all()
    one, two = (
        GridSearchCV(model, {"cell": ["rnn", "gru"]}, cv=3, n_jobs=n_jobs, error_score="raise").fit(X, y)
        for n_jobs in (1, 2)
    )
    assert_allclose(one.cv_results_["mean_test_score"], two.cv_results_["mean_test_score"])
    assert_allclose(one.cv_results_["mean_test_score"][1], scores.mean())
    assert len(one.best_estimator_.score_samples(X, y)) == 30


# ---- what is refused ----

NAN = float("nan")


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ("a text", TypeError, "X is the single text 'a text'. Give a list"),
        ([], ValueError, "X is empty: 0 sequences"),
        (None, TypeError, "X is of type NoneType"),
        ({"a": 1}, TypeError, "X is of type dict"),
        (3, TypeError, "X is of type int"),
        (csr_array(np.eye(3, dtype=int)), TypeError, "X is of type csr_array"),
        (["a", ""], ValueError, r"X\[1\] is '', an empty sequence\. Drop it"),
        ([["a"], []], ValueError, r"X\[1\] is \[\], an empty sequence\. Drop it"),
        ([np.zeros(0, dtype=int)], ValueError, "an empty sequence"),
        ([["a"], 3], TypeError, r"X\[1\] is 3 of type int"),
        ([1, 2], TypeError, r"X\[0\] is 1 of type int"),
        (np.arange(3), TypeError, r"X\[0\] is .*3?0.* of type int64"),
        ([["a"], None], TypeError, r"X\[1\] is None of type NoneType"),
        ([["a", None]], TypeError, r"X\[0\] holds .* at step"),
        ([["a", NAN]], TypeError, r"X\[0\] holds"),
        ([[1, NAN]], TypeError, r"X\[0\] holds nan of type float at step 1"),
        ([[1, "a"]], TypeError, r"X\[0\] holds 'a' of type str at step 1"),
        ([[True]], TypeError, r"X\[0\] holds True of type bool at step 0"),
        ([[0.5]], TypeError, r"X\[0\] holds 0\.5 of type float"),
        ([[1], ["a"]], TypeError, r"X\[0\] is a sequence of integers, but X\[1\] is a sequence of strings"),
        (["ab", ["a"]], TypeError, r"X\[0\] is a text.*X\[1\] is a sequence of strings"),
        ([b"ab"], TypeError, r"X\[0\] is b'ab' of type bytes"),
        ([[b"ab"]], TypeError, r"X\[0\] holds b'ab' of type bytes"),
        ([[["a"]]], TypeError, r"X\[0\] holds \['a'\] of type list"),
        (np.zeros((2, 3, 4), dtype=int), TypeError, r"X\[0\] is"),
        (np.random.RandomState(0).standard_normal((5, 3)), TypeError, r"X\[0\] holds .* of type float at step 0"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_bad_sequences(X, error, message):
    for model, call in ((RNNGenerator(2, max_iter=1), "fit"), (model_of(), "fit"), (model_of(), "partial_fit")):
        before = dict(vars(model))
        with pytest.raises(error, match=message):
            getattr(model, call)(X)
        assert vars(model) == before
    n = len(X) if hasattr(X, "__len__") and not issparse(X) else 3
    if X is not None and n:  # y=None means that there are no vectors
        with pytest.raises(error, match=message.replace("X", "y")):
            RNNGenerator(2, max_iter=1).fit(np.zeros((n, 2)), X)


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        (["the boy"], TypeError, r"X\[0\] is a text, but the sequences of fit were lists of strings.*text\.split\(\)"),
        ([[1, 2]], TypeError, r"X\[0\] holds a sequence of integers, but in fit it held a sequence of strings"),
        ([["boy"], ["the", "cat"]], ValueError, r"X\[1\] holds the token 'cat' at step 1, which is none of the 8"),
    ],
)
def test_sequences_that_do_not_fit_the_network(X, error, message):
    model = model_of()
    for method in ("score_samples", "score", "perplexity", "predict_next_proba"):
        with pytest.raises(error, match=message):
            getattr(model, method)(X)
    for method in ("next_tokens", "sample"):
        with pytest.raises(error, match=message.replace(r"X\[0\]", "prompt").replace(r"X\[1\]", "prompt")):
            getattr(model, method)(prompt=X[-1])


def test_empty_sequences_are_scored_since_they_may_be_drawn():
    model = model_of()
    p = model.predict_next_proba([[]])
    assert_allclose(np.exp(model.score_samples([[], ["boy"]]))[0], p[0, 0])
    assert_allclose(model.perplexity([[]]), 1 / p[0, 0])
    with pytest.raises(ValueError, match=r"All sequences are empty.*count_end=True"):
        model.perplexity([[]], count_end=False)


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (SENTENCES, list("abcd"), r"X cannot be read as numbers.*Give sequences alone as X, without y"),
        ([[1, 2], [1]], list("ab"), r"X cannot be read as numbers.*Give sequences alone as X, without y"),
        (["ab"], ["ab"], r"X cannot be read as numbers.*Where y is given, X holds a vector"),
        (np.zeros((3, 2)), ["a", "b"], "X has 3 rows but y has 2 sequences"),
        (np.full((2, 2), np.nan), ["a", "b"], "contains NaN"),
        (np.full((2, 2), np.inf), ["a", "b"], "contains infinity"),
        (np.zeros(2), ["a", "b"], "Expected 2D array"),
        (np.zeros((2, 2, 2)), ["a", "b"], "dim 3"),
    ],
)
def test_bad_vectors(X, y, message):
    with pytest.raises(ValueError, match=message):
        RNNGenerator(2).fit(X, y)


@pytest.mark.parametrize(
    "weights", [[1, 1, 1], [0, 0, 0, 0], [1, 1, 1, -1], [1, 1, 1, NAN], "text", np.ones((4, 1))], ids=str
)
def test_bad_weights(weights):
    for call in (RNNGenerator(2).fit, model_of().score, model_of().perplexity):
        with pytest.raises(ValueError, match=r"sample_weight|Sample weights"):
            call(SENTENCES, sample_weight=weights)


def test_weights_near_the_ends_of_float64():
    expected = model_of().score_samples(SENTENCES)
    for scale in (1e-320, 1e-300, 1e300):
        model = RNNGenerator(6, embedding_dim=4, max_iter=3, random_state=0)
        model.fit(SENTENCES, sample_weight=np.full(4, scale))
        assert_allclose(model.score_samples(SENTENCES), expected, rtol=1e-6)
    with pytest.raises(ValueError, match="adds up to infinity over all steps"):
        model.fit(SENTENCES, sample_weight=np.full(4, 4e307))


def test_vectors_are_for_models_that_were_fitted_on_them():
    alone, given = model_of(), model_of(*spelled())
    X, y = spelled()
    for method in ("score_samples", "score", "perplexity", "predict_next_proba"):
        with pytest.raises(ValueError, match="fitted on sequences X alone, but y is not None"):
            getattr(alone, method)(X, y)
        with pytest.raises(ValueError, match="fitted on vectors X and sequences y, but y is None"):
            getattr(given, method)(y)
    for call in (lambda: alone.predict(X), lambda: alone.sample(X=X), lambda: alone.next_tokens(X=X[0])):
        with pytest.raises(ValueError, match="fitted on sequences alone, so it has no use for X"):
            call()
    for call in (given.sample, given.next_tokens):
        with pytest.raises(ValueError, match=r"fitted on vectors X and sequences y\. Give X"):
            call()
    with pytest.raises(ValueError, match="X has 3 features, but RNNGenerator is expecting 4 features"):
        given.predict(X[:, :3])
    for vectors in (X, X[:1], 3.0):
        with pytest.raises(ValueError, match=r"X has shape \(.*\), but one vector \(n_features,\) is needed"):
            given.next_tokens(X=vectors)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_vectors_end_in_no_nan(dtype):
    # The first states are bounded.
    X, y = spelled()
    model = model_of(X.astype(dtype), y)
    huge = X.astype(dtype)
    huge[3] = 0.9 * np.finfo(dtype).max * np.array([1, -1, 1, 1])
    assert np.isfinite(model.score_samples(huge, y)).all()
    assert len(model.predict(huge)) == len(model.sample(X=huge, random_state=0)) == 40


def test_states_that_grow_without_bound_are_named():
    model = model_of(["ab", "ba"], cell="rnn", activation="relu")
    model._trainer.parameters.of("layer_0")["kernel"][...] = 5.0
    with pytest.raises(ValueError, match=r"states for X\[1\] overflow float64\. .*cell='gru'"):
        model.score_samples(["ab", "ab" * 400])
    with pytest.raises(ValueError, match="states overflow float64 at step"):
        model.sample(prompt="ab" * 400)


def test_bad_parameters_and_no_fit():
    for settings, message in (
        ({"cell": "tcn"}, "cell='tcn'"),
        ({"bptt_steps": 0}, "bptt_steps == 0"),
        ({"early_stopping": 1}, "early_stopping must be True or False"),
    ):
        with pytest.raises((ValueError, TypeError), match=message):
            model_of(**settings)
    for settings in ({"embedding_dim": None}, {"embedding_dim": 2.5}, {"bptt_steps": 2.0}):
        with pytest.raises(TypeError, match=f"{next(iter(settings))} must be"):
            model_of(**settings)
    with pytest.raises(ValueError, match="early_stopping=True needs all the data at once"):
        RNNGenerator(early_stopping=True).partial_fit(SENTENCES)
    with pytest.warns(UserWarning, match="holds out no row of 1, since fit needs one"):
        model_of(SENTENCES[:1], early_stopping=True)
    unfitted = RNNGenerator()
    calls = [unfitted.sample, unfitted.next_tokens]
    calls += [lambda name=name: getattr(unfitted, name)(SENTENCES) for name in ("score", "score_samples", "perplexity")]
    calls += [lambda: unfitted.predict([[1.0]]), lambda: unfitted.predict_next_proba([[]])]
    for call in calls:
        with pytest.raises(NotFittedError, match="RNNGenerator"):
            call()
    assert not hasattr(unfitted, "vocabulary_")
    assert not hasattr(unfitted, "weights_")
    with pytest.raises(TypeError, match="count_end must be True or False"):
        model_of().perplexity(SENTENCES, count_end=2)


def test_more_tokens_than_an_embedding_can_hold(monkeypatch):
    monkeypatch.setattr(_next_token_model, "MAX_EMBEDDING", 30)
    with pytest.raises(ValueError, match=r"8 different tokens, so embedding_dim=4 would .* 9 x 4 values"):
        model_of()


@pytest.mark.parametrize(
    ("tokens", "odd"),
    [(["a", None], r"None of type NoneType at step 1"), ([1, 2, "a"], r"'a' of type str at step 2"), ([True], "True")],
)
def test_an_odd_token_is_named(tokens, odd):
    with pytest.raises(TypeError, match=rf"X\[0\] holds {odd}"):
        model_of([tokens])
