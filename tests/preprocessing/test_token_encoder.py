import pickle
import random

import numpy as np
import pytest
from sklearn import config_context
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.utils import estimator_checks, get_tags

import skseq
from skseq import RNNClassifier
from skseq.neural_network import RNNRegressor, RNNTagger, TransformerClassifier
from skseq.preprocessing import TokenEncoder
from skseq.preprocessing._tokens import Words

#: The checks of scikit-learn that give no X: it runs none on estimators that do not take 2-D arrays.
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
WORDS = ["the boy sees the dog .", "the dog sees .", "a cat sees the boy ."]


@pytest.mark.parametrize("check", CHECKS)
def test_scikit_learn_checks(check):
    getattr(estimator_checks, check)("TokenEncoder", TokenEncoder("word", min_frequency=2))


def test_tags_say_texts():
    tags = get_tags(TokenEncoder())
    assert tags.input_tags.string
    assert not tags.input_tags.two_d_array
    assert tags.requires_fit


def test_ids_go_from_the_rarest_to_the_most_frequent():
    encoder = TokenEncoder("word").fit(WORDS)
    # the 4; "." 3, sees 3; boy 2, dog 2; a 1, cat 1
    assert list(encoder.vocabulary_) == ["\ufffd", "cat", "a", "dog", "boy", "sees", ".", "the"]
    assert list(encoder.vocabulary_.values()) == list(range(8))
    assert encoder.n_tokens_ == 8
    assert encoder.fit(WORDS[::-1]).vocabulary_ == clone(encoder).fit(WORDS).vocabulary_


@pytest.mark.parametrize("encoder", [TokenEncoder(), TokenEncoder("word"), TokenEncoder("kmer", k=2)], ids=str)
def test_every_known_id_occurs_in_what_fit_transform_returns(encoder):
    ids = encoder.fit_transform(WORDS)
    assert all(x.dtype == np.intp and x.ndim == 1 for x in ids)
    assert set(np.concatenate(ids).tolist()) == set(range(1, encoder.n_tokens_))
    assert all(np.array_equal(a, b) for a, b in zip(ids, encoder.transform(WORDS), strict=True))
    assert encoder.inverse_transform(ids) == WORDS


@pytest.mark.parametrize("level", ["char", "word", "kmer"])
@pytest.mark.parametrize("unknown", ["token", "error"])
def test_round_trip_of_random_texts(level, unknown):
    draw = random.Random(0)
    texts = ["".join(draw.choices("abé 😀\ufffd", k=draw.randint(1, 12))) + "x" for _ in range(200)]
    encoder = TokenEncoder(level, unknown=unknown).fit(texts)
    expected = [" ".join(Words().split(text)) for text in texts] if level == "word" else texts
    assert encoder.inverse_transform(encoder.transform(texts)) == expected


def test_unknown_tokens():
    encoder = TokenEncoder().fit(["ab", "b"])
    assert encoder.transform(["bxa"])[0].tolist() == [2, 0, 1]
    assert encoder.inverse_transform([[2, 0, 1]]) == ["b\ufffda"]
    strict = TokenEncoder(unknown="error").fit(["ab", "b"])
    assert strict.vocabulary_ == {"a": 0, "b": 1}
    with pytest.raises(ValueError, match=r"X\[1\] holds the token 'x' at step 1, which is not in the 2"):
        strict.transform(["ab", "bxa"])


def test_the_sign_of_the_unknown_in_a_text_is_unknown():
    encoder = TokenEncoder()
    assert encoder.fit_transform(["a\ufffd", "\ufffdb"])[0].tolist() == [2, 0]
    assert encoder.n_tokens_ == 3


def test_rare_tokens_are_unknown():
    encoder = TokenEncoder("word", min_frequency=2)
    ids = encoder.fit_transform(WORDS)
    assert list(encoder.vocabulary_) == ["\ufffd", "dog", "boy", "sees", ".", "the"]
    assert ids[2].tolist() == [0, 0, 3, 5, 2, 4]
    assert set(np.concatenate(ids).tolist()) == set(range(encoder.n_tokens_))


def test_max_tokens_keeps_the_most_frequent_then_the_first():
    encoder = TokenEncoder("word", max_tokens=4).fit(WORDS)
    assert list(encoder.vocabulary_) == ["\ufffd", "boy", "sees", ".", "the"]
    assert TokenEncoder("word", max_tokens=100).fit(WORDS).n_tokens_ == 8


def test_lowercase():
    encoder = TokenEncoder(lowercase=True).fit(["Anna"])
    assert encoder.inverse_transform(encoder.transform(["ANNA"])) == ["anna"]
    assert "A" not in encoder.vocabulary_


def test_texts_shorter_than_k():
    encoder = TokenEncoder("kmer", k=4).fit(["AC", "ACGTA"])
    assert [len(x) for x in encoder.transform(["AC", "G", "ACGT"])] == [1, 1, 1]
    assert encoder.inverse_transform(encoder.transform(["AC", "G"])) == ["AC", "\ufffd" * 4]


def test_a_fitted_encoder_keeps_its_parameters():
    encoder = TokenEncoder().fit(["ab"])
    encoder.set_params(level="word", unknown="error", lowercase=True)
    assert encoder.transform(["bAc"])[0].tolist() == [1, 0, 0]


def test_copies_encode_alike():
    encoder = TokenEncoder("word", lowercase=True).fit(WORDS)
    copy = pickle.loads(pickle.dumps(encoder))
    assert [x.tolist() for x in copy.transform(["A dog"])] == [x.tolist() for x in encoder.transform(["A dog"])]
    with pytest.raises(NotFittedError):
        clone(encoder).transform(WORDS)
    with pytest.raises(NotFittedError):
        clone(encoder).inverse_transform([[0]])


def test_ids_are_ids_whatever_the_output_of_transformers_is_set_to():
    with config_context(transform_output="pandas"):
        assert TokenEncoder().fit_transform(["ab"])[0].tolist() == [2, 1]


def test_iterators_are_read_once():
    assert TokenEncoder().fit_transform(iter(["ab", "b"]))[0].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("params", "error"),
    [
        ({"level": "letter"}, ValueError),
        ({"unknown": "ignore"}, ValueError),
        ({"lowercase": "yes"}, TypeError),
        ({"k": 0}, ValueError),
        ({"k": 2.0}, TypeError),
        ({"k": True}, TypeError),
        ({"min_frequency": 0}, ValueError),
        ({"max_tokens": 0}, ValueError),
        ({"max_tokens": "all"}, TypeError),
    ],
)
def test_bad_parameters_are_named(params, error):
    encoder = TokenEncoder(**params)
    with pytest.raises(error, match=next(iter(params))):
        encoder.fit(["ab"])
    assert not hasattr(encoder, "vocabulary_")


@pytest.mark.parametrize(
    ("encoder", "X", "message"),
    [
        (TokenEncoder(), ["a", ""], r"X\[1\] is '', which has no token"),
        (TokenEncoder("kmer"), [""], r"X\[0\] is ''"),
        (TokenEncoder("word"), ["a", " \n"], r"X\[1\] is ' \\n', which has no token"),
        (TokenEncoder(min_frequency=3), ["ab", "b"], "No token is left by min_frequency=3 .* occurs 2 times"),
        (TokenEncoder(), ["\ufffd"], "No token is left"),
        (TokenEncoder(max_tokens=1, unknown="error"), ["abb"], "leave 1 of 2 tokens of X out"),
        (TokenEncoder(min_frequency=2, unknown="error"), ["abb"], "Set unknown='token'"),
    ],
)
def test_texts_without_tokens_are_named(encoder, X, message):
    with pytest.raises(ValueError, match=message):
        encoder.fit(X)
    assert not hasattr(encoder, "vocabulary_")


def test_empty_texts_are_refused_in_transform():
    with pytest.raises(ValueError, match=r"X\[0\] is ''"):
        TokenEncoder().fit(["a"]).transform([""])


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([[0, 9]], r"X\[0\] holds the id 9 at step 1, but the ids of this TokenEncoder are 0 to 5"),
        ([[1], [-1]], "-1"),
        ([[0.5]], r"X\[0\] has dtype float64"),
        ([[]], "empty"),
        ([], "empty"),
        ([["a"]], "dtype|text|number"),
    ],
)
def test_inverse_transform_names_bad_ids(X, message):
    encoder = TokenEncoder().fit(["abcde"])
    with pytest.raises((ValueError, TypeError), match=message):
        encoder.inverse_transform(X)
    assert not hasattr(encoder, "n_features_in_")


def test_inverse_transform_names_kmers_that_do_not_overlap():
    encoder = TokenEncoder("kmer", k=2).fit(["ab", "cd"])
    with pytest.raises(ValueError, match=r"X\[0\] is not the ids of a text: the 2-mer '..' at step 1"):
        encoder.inverse_transform([[1, 2]])


def test_inverse_transform_takes_an_array():
    encoder = TokenEncoder().fit(["abc"])
    assert encoder.inverse_transform(np.array([[3, 2], [1, 0]])) == ["ab", "c\ufffd"]


SENTENCES = [["U.S.", "is", "C++"], ["C++", "is"], ["so", "is", "C++"]]


def test_lists_of_words_are_tokens_as_they_are():
    encoder = TokenEncoder("word")
    ids = encoder.fit_transform(SENTENCES)
    assert list(encoder.vocabulary_) == ["\ufffd", "so", "U.S.", "is", "C++"]
    assert [x.tolist() for x in ids] == [[2, 3, 4], [4, 3], [1, 3, 4]]
    assert encoder.inverse_transform(ids) == SENTENCES
    assert encoder.transform([["c++", "is"], "is so"])[0].tolist() == [0, 3]
    assert TokenEncoder("word", lowercase=True).fit(SENTENCES).vocabulary_["c++"] == 4
    assert TokenEncoder("word", unknown="error").fit(SENTENCES).transform([["C++"]])[0].tolist() == [3]
    mixed = TokenEncoder("word").fit(["a b", ["b"]])
    assert mixed.inverse_transform([[2, 1]]) == ["b a"]
    for level in ("char", "kmer"):
        with pytest.raises(TypeError, match="Set level='word'"):
            TokenEncoder(level).fit(SENTENCES)


def test_large_ids_become_small_ones():
    X = [np.array([8_000_000, 17, 17]), np.array([17, 523], dtype=np.int32)]
    encoder = TokenEncoder("id", lowercase=True)
    ids = encoder.fit_transform(X)
    assert encoder.vocabulary_ == {-1: 0, 8_000_000: 1, 523: 2, 17: 3}
    assert [x.tolist() for x in ids] == [[1, 3, 3], [3, 2]]
    assert encoder.n_tokens_ == 4
    unseen = encoder.transform([[17, 99]])
    assert unseen[0].tolist() == [3, 0]
    back = encoder.inverse_transform(unseen)
    assert back[0].dtype == np.int64
    assert back[0].tolist() == [17, -1]
    with pytest.raises(ValueError, match=r"X\[0\] holds the token 99 at step 1"):
        TokenEncoder("id", unknown="error").fit(X).transform([[17, 99]])
    network = RNNClassifier(4, embedding_dim=2, max_iter=1, random_state=0).fit(ids, [0, 1])
    assert network.weights_["embedding.weights"].shape == (4, 2)


def test_a_tagger_of_words():
    draw = np.random.RandomState(0)
    X = [[f"{draw.choice(list('xyz'))}{draw.choice(['.', '+'])}" for _ in range(draw.randint(1, 6))] for _ in range(40)]
    y = [[word[0] for word in words] for words in X]
    tagger = RNNTagger(8, embedding_dim=4, learning_rate_init=0.05, random_state=0)
    model = skseq.make_pipeline(TokenEncoder("word"), tagger).fit(X, y)
    assert model.score(X, y) == 1
    assert [len(labels) for labels in model.predict(X[:3])] == [len(words) for words in X[:3]]


@pytest.mark.parametrize("make", [make_pipeline, skseq.make_pipeline])
def test_a_network_without_an_embedding_refuses_the_ids(make):
    texts, y = ["abc", "bd"] * 5, [0, 1] * 5
    for network in (RNNClassifier(4), RNNRegressor(4), TransformerClassifier(1, width=4)):
        with pytest.raises(
            ValueError, match=rf"Set embedding_dim, for example {type(network).__name__}\(embedding_dim"
        ):
            make(TokenEncoder(), network).fit(texts, y)
        with pytest.raises(ValueError, match="token ids of a TokenEncoder"):
            network.fit(pickle.loads(pickle.dumps(TokenEncoder().fit_transform(texts))), y)
    with pytest.raises(ValueError, match=r"RNNTagger\(embedding_dim=16\)"):
        make(TokenEncoder(), RNNTagger(4)).fit(texts, [list(text) for text in texts])


@pytest.mark.parametrize("make", [make_pipeline, skseq.make_pipeline])
def test_first_step_before_a_network(make):
    draw = np.random.RandomState(0)
    y = np.array(["a", "b"] * 20)
    X = ["".join(draw.choice(list("xyz"), draw.randint(2, 6))) + label for label in y]
    X[3] += "q"  # in one training part only, and then unknown to the others
    network = RNNClassifier(8, embedding_dim=4, learning_rate_init=0.02, max_iter=30, random_state=0)
    model = make(TokenEncoder(), network)
    assert cross_val_score(model, X, y, cv=3).mean() > 0.9
    grid = {"tokenencoder__level": ["char", "kmer"], "tokenencoder__min_frequency": [1, 2]}
    search = GridSearchCV(model, grid, cv=2, error_score="raise").fit(np.array(X, dtype=object), y)
    assert search.best_score_ > 0.9
    assert search.predict(["???a"]).shape == (1,)
