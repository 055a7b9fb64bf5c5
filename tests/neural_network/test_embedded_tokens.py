"""Ids that training did not show, and embeddings that are larger than their ids need."""

import warnings

import numpy as np
import pytest

from skseq.neural_network import RNNClassifier, RNNGenerator, RNNRegressor, RNNTagger, TransformerClassifier

X = [np.array(ids) for ids in ([0, 1, 5], [5, 1], [1, 0, 0], [5, 5, 1, 0])]
Y = [0, 1, 0, 1]
TAGS = [["a", "b", "a"], ["b", "a"], ["a", "b", "b"], ["a", "b", "a", "b"]]

NETWORKS = {
    "classifier": (RNNClassifier(3, embedding_dim=2, max_iter=3, random_state=0), Y),
    "regressor": (RNNRegressor(3, embedding_dim=2, max_iter=3, random_state=0), Y),
    "tagger": (RNNTagger(3, embedding_dim=2, max_iter=3, random_state=0), TAGS),
    "transformer": (
        TransformerClassifier(1, width=4, n_heads=1, embedding_dim=2, max_iter=3, random_state=0), Y
    ),
}  # fmt: skip


def table_of(model):
    return model.weights_["embedding.weights"]


def answers(model, X):
    method = "predict" if isinstance(model, RNNRegressor) else "predict_proba"
    return np.concatenate([np.ravel(own) for own in getattr(model, method)(X)])


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("alpha", [0.0, 0.1])
def test_ids_in_a_gap_have_the_mean_vector(name, alpha):
    model, y = NETWORKS[name]
    model = model.set_params(alpha=alpha).fit(X, y)
    table = table_of(model)
    np.testing.assert_allclose(table[2:5], np.tile(table[[0, 1, 5]].mean(axis=0), (3, 1)))
    np.testing.assert_array_equal(answers(model, [[1, 3]]), answers(model, [[1, 2]]))


def test_ids_above_the_largest_are_an_error():
    with pytest.raises(ValueError, match="token id 6, but the ids seen in fit were 0 to 5"):
        RNNClassifier(2, embedding_dim=2, max_iter=1).fit(X, Y).predict([[6]])


def test_ids_of_weight_zero_are_not_seen():
    more, y = [*X, np.array([3, 3])], [*Y, 0]
    weights = np.array([1, 1, 1, 1, 0.0])
    ours = RNNClassifier(3, embedding_dim=2, max_iter=3, random_state=0).fit(more, y, sample_weight=weights)
    removed = RNNClassifier(3, embedding_dim=2, max_iter=3, random_state=0).fit(X, Y)
    np.testing.assert_allclose(table_of(ours), table_of(removed), atol=1e-12)
    tags = [*TAGS, ["a", "b"]]
    by_step = [np.ones(len(x)) for x in X] + [np.zeros(2)]
    ours = RNNTagger(3, embedding_dim=2, max_iter=3, random_state=0).fit(more, tags, sample_weight=by_step)
    removed = RNNTagger(3, embedding_dim=2, max_iter=3, random_state=0).fit(X, TAGS)
    np.testing.assert_allclose(table_of(ours), table_of(removed), atol=1e-12)


def test_ids_held_out_for_early_stopping_are_not_seen():
    rng = np.random.RandomState(0)
    many = [rng.choice([0, 1, 5], size=4) for _ in range(20)]
    many[7][0] = 3
    model = RNNClassifier(2, embedding_dim=2, max_iter=2, early_stopping=True, validation_fraction=0.5)
    shown = set()
    for seed in range(10):
        table = table_of(model.set_params(random_state=seed).fit(many, np.arange(20) % 2))
        shown.add(bool(np.allclose(table[3], table[2])))
    assert shown == {True, False}


def test_later_parts_may_show_ids_of_a_gap():
    model = RNNClassifier(2, embedding_dim=2, random_state=0)
    model.partial_fit(X, Y, classes=[0, 1])
    assert np.allclose(table_of(model)[3], table_of(model)[2])
    model.partial_fit([np.array([3, 1]), np.array([5])], [0, 1])
    table = table_of(model)
    np.testing.assert_allclose(table[2], table[[0, 1, 3, 5]].mean(axis=0))
    assert not np.allclose(table[3], table[2])


def test_warm_starts_remember_the_ids():
    model = RNNClassifier(2, embedding_dim=2, random_state=0, max_iter=1, warm_start=True).fit(X, Y)
    model.fit([np.array([3, 5]), np.array([5, 3])], [0, 1])
    np.testing.assert_allclose(table_of(model)[2], table_of(model)[[0, 1, 3, 5]].mean(axis=0))
    model.set_params(warm_start=False).fit([np.array([3, 5]), np.array([5, 3])], [0, 1])
    np.testing.assert_allclose(table_of(model)[2], table_of(model)[[3, 5]].mean(axis=0))


def test_named_tokens_of_a_language_model_that_no_text_shows():
    model = RNNGenerator(2, embedding_dim=2, max_iter=2, random_state=0, vocabulary="abc").fit(["ab", "ba"])
    table = model.weights_["embedding.weights"]
    np.testing.assert_allclose(table[3], table[:3].mean(axis=0))


def test_large_ids_are_warned_of_with_what_they_cost():
    sparse = [np.array([0, 7, 1_000_000]), np.array([7])]
    with pytest.warns(
        UserWarning, match=r"3 different token ids up to 1000000.*1000001 x 4 .*0\.1 GB.*TokenEncoder\('id'"
    ):
        RNNClassifier(2, embedding_dim=4, max_iter=1).fit(sparse, [0, 1])
    with pytest.raises(ValueError, match=r"token id 1000000000, so .* 64\.0 GB while training.*TokenEncoder\('id'\)"):
        RNNClassifier(2, embedding_dim=2, max_iter=1).fit([np.array([0, 10**9]), np.array([1])], [0, 1])


def test_large_vocabularies_that_are_used_are_not_warned_of():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        RNNClassifier(2, embedding_dim=2, max_iter=1).fit([np.arange(1000), np.arange(10)], [0, 1])
