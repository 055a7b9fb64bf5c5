"""RNNTranslator: what a user does with it, what it promises, and what it says when something is wrong."""

import io
import pickle
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import BaseEstimator, TransformerMixin, clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline

from skseq.neural_network import RNNTranslator
from skseq.training import Trainer, _batches

SETTINGS = {"hidden_layer_sizes": 8, "embedding_dim": 4, "max_iter": 5, "random_state": 0}


def texts(n=24, seed=0):
    """Words of "abc", and their letters as capitals from the last to the first, every "a" left out."""
    rng = np.random.RandomState(seed)
    X = ["".join(rng.choice(list("abc"), size=size)) for size in rng.randint(1, 7, size=n)]
    X[0], X[-1] = "abc", "cba"  # every token in every part of the data
    return X, [x[::-1].replace("a", "").upper() for x in X]


def learnt(**settings):
    X, y = texts(200)
    settings = {"hidden_layer_sizes": 24, "embedding_dim": 8, "batch_size": 50, "random_state": 0} | settings
    return RNNTranslator(**({"learning_rate_init": 0.02, "max_iter": 60} | settings)).fit(X, y)


@pytest.fixture(scope="module")
def model():
    return learnt()


def results(model, X):
    """What a model makes of X, to the last digits: targets, and the attention where there is any."""
    if not model.attention:
        return list(model.predict(X)), [np.zeros(0)] * len(X)
    targets, attention = model.predict_with_attention(X)
    return list(targets), attention


def assert_same(found, expected, exact=True):
    assert [list(target) for target in found[0]] == [list(target) for target in expected[0]]
    for own, other in zip(found[1], expected[1]):
        if exact:
            assert_array_equal(own, other)
        else:
            assert_allclose(own, other, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"cell": "lstm"},
        {"cell": "rnn"},
        {"attention": False, "max_iter": 150},
        {"hidden_layer_sizes": (16, 16)},
        {"bidirectional": False},
        {"dtype": np.float64},
    ],
    ids=str,
)
def test_every_network_learns(options):
    X, y = texts(100, seed=1)
    model = learnt(**options)
    assert model.score(X, y) > 0.8
    assert model.loss_curve_[-1] < 0.1 * model.loss_curve_[0]


def test_attention_looks_where_the_letter_stands(model):
    targets, attention = model.predict_with_attention(["abcab", "c"])
    assert targets.tolist() == ["BCB", "C"]
    assert [own.shape for own in attention] == [(3, 5), (1, 1)]
    for own in attention:
        assert_allclose(own.sum(axis=1), 1, rtol=1e-5)
    assert_array_equal(attention[1], [[1.0]])


KINDS = {
    "texts": (lambda x: x, lambda y: y),
    "lists of strings": (lambda x: [f"<{c}>" for c in x], lambda y: [f"<{c}>" for c in y]),
    "lists of integers": (lambda x: [ord(c) for c in x], lambda y: [ord(c) - 100 for c in y]),
    "arrays of integers": (lambda x: np.array([ord(c) for c in x]), lambda y: np.array([ord(c) for c in y], dtype=int)),
    "texts to integers": (lambda x: x, lambda y: [ord(c) for c in y]),
    "arrays of strings to texts": (lambda x: np.array(list(x)), lambda y: y),
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_of_tokens_gives_the_same_network(kind, model):
    X, y = texts(200)
    source, target = KINDS[kind]
    other = learnt(max_iter=2)
    plain = clone(other).fit(X, y)
    other.fit([source(x) for x in X], [target(own) for own in y])
    assert other.loss_curve_ == plain.loss_curve_
    found, expected = (
        other.predict([source(x) for x in X[:20]]).tolist(),
        [target(own) for own in plain.predict(X[:20]).tolist()],
    )
    for own, wanted in zip(found, expected):
        assert type(own) is (np.ndarray if "integers" in kind else type(wanted))
        assert list(own) == list(wanted)


@pytest.mark.parametrize("container", [list, tuple, np.array, pd.Series, pl.Series])
def test_containers(container):
    X, y = texts()
    model = RNNTranslator(**SETTINGS)
    expected = clone(model).fit(X, y).predict(X).tolist()
    assert model.fit(container(X), container(y)).predict(container(X)).tolist() == expected
    assert model.score(container(X), container(expected)) == 1


def test_an_array_of_ids_is_sequences_of_one_length():
    X = np.random.RandomState(0).randint(10, size=(20, 4))
    model = RNNTranslator(**SETTINGS).fit(X, X[:, ::2])
    assert_same(results(model, X), results(clone(model).fit(X.tolist(), X[:, ::2].tolist()), X.tolist()))


def test_vocabularies(model):
    assert model.source_vocabulary_ == {"a": 1, "b": 2, "c": 3}
    assert model.target_vocabulary_ == {"B": 1, "C": 2}
    assert model.weights_["encoder.embedding.weights"].shape == (4, 8)
    assert model.weights_["output.weights"].shape[1] == 3


def test_targets_may_be_empty(model):
    assert model.predict(["a", "aa", "ab"]).tolist() == ["", "", "B"]
    targets, attention = model.predict_with_attention(["aa"])
    assert targets.tolist() == [""]
    assert attention[0].shape == (0, 2)
    lists = RNNTranslator(**SETTINGS).fit([["x"], ["y"]], [[], ["z"]])
    assert lists.target_vocabulary_ == {"z": 1}


# What every estimator of sequences promises; the public checks give it other data.


def fitted(**settings):
    X, y = texts()
    return RNNTranslator(**(SETTINGS | {"dtype": "float64", "max_iter": 20} | settings)).fit(X, y), X, y


NETWORKS = [{}, {"cell": "lstm", "hidden_layer_sizes": (5, 4)}, {"cell": "rnn", "attention": False}, {"beam_width": 3}]


@pytest.mark.parametrize("settings", NETWORKS, ids=str)
def test_a_result_does_not_depend_on_the_batch_the_order_or_padding(settings):
    model, X, _ = fitted(**settings)
    targets, attention = results(model, X)
    for i, x in enumerate(X):
        assert_same(results(model, [x]), ([targets[i]], [attention[i]]), exact=False)
    order = np.random.RandomState(1).permutation(len(X))
    expected = [targets[i] for i in order], [attention[i] for i in order]
    assert_same(results(model, [X[i] for i in order]), expected, exact=False)
    found = results(model, [*X, "abc" * 30])
    assert_same((found[0][:-1], found[1][:-1]), (targets, attention), exact=False)


@pytest.mark.parametrize("settings", NETWORKS, ids=str)
@pytest.mark.parametrize("low", [1, 0], ids=["repetition", "removal"])
def test_weights_equal_repetition_and_removal(settings, low):
    model, X, y = fitted(**settings)
    counts = np.random.RandomState(2).randint(low, 4, size=len(X))
    counts[[0, -1]] = 1
    rows = np.repeat(np.arange(len(X)), counts)
    repeated = clone(model).fit([X[i] for i in rows], [y[i] for i in rows])
    weighted = clone(model).fit(X, y, sample_weight=counts)
    assert_same(results(weighted, X), results(repeated, X), exact=False)
    assert_allclose(weighted.loss_curve_, repeated.loss_curve_, rtol=1e-7)
    assert_allclose(model.score(X, y, counts), model.score([X[i] for i in rows], [y[i] for i in rows]))


def test_tokens_of_a_weight_of_zero_are_not_in_the_vocabularies():
    X, y = texts()
    model = RNNTranslator(**SETTINGS).fit([*X, "zz"], [*y, "ZZ"], sample_weight=[1] * len(X) + [0])
    assert "z" not in model.source_vocabulary_
    assert "Z" not in model.target_vocabulary_


@pytest.mark.parametrize("scale", [1e-320, 1e-300, 1e300])
def test_the_scale_of_weights_does_not_matter(scale):
    model, X, y = fitted()
    expected = model.loss_curve_
    assert_allclose(model.fit(X, y, sample_weight=np.full(len(X), scale)).loss_curve_, expected, rtol=1e-6)


@pytest.mark.parametrize("settings", NETWORKS, ids=str)
def test_clones_second_fits_and_pickles_are_the_same(settings):
    model, X, y = fitted(**settings)
    expected = results(model, X)
    assert_same(results(clone(model).fit(X, y), X), expected)
    assert_same(results(model.fit(X, y), X), expected)
    assert_same(results(pickle.loads(pickle.dumps(model)), X), expected)
    buffer = io.BytesIO()
    joblib.dump(model, buffer)
    buffer.seek(0)
    assert_same(results(joblib.load(buffer), X), expected)
    other = clone(model).fit([[1, 2], [3]], [["x"], ["y", "z"]])
    assert_same(results(other.fit(X, y), X), expected)


def test_inputs_are_read_only():
    rng = np.random.RandomState(0)
    X = [rng.randint(5, size=size) for size in rng.randint(1, 6, size=20)]
    copies = [x.copy() for x in X]
    for x in X:
        x.setflags(write=False)
    RNNTranslator(**SETTINGS).fit(X, X).score(X, X)
    for x, copy in zip(X, copies):
        assert_array_equal(x, copy)


@pytest.mark.parametrize(
    "bad", [{"cell": "tcn"}, {"y": 3}, {"learning_rate_init": 1e300, "max_grad_norm": None}], ids=str
)
def test_a_failed_fit_changes_nothing(bad):
    model, X, y = fitted()
    expected, attributes = results(model, X), set(vars(model))
    bad = dict(bad)
    targets = y[: bad.pop("y", len(y))]
    model.set_params(**bad)
    with pytest.raises(ValueError):
        model.fit(X, targets)
    assert set(vars(model)) == attributes
    model.set_params(**{name: SETTINGS.get(name, clone(RNNTranslator()).get_params()[name]) for name in bad})
    assert_same(results(model, X), expected)


def test_threads_may_predict_with_one_model(model):
    X, _ = texts(50, seed=3)
    expected = model.predict(X).tolist()
    with ThreadPoolExecutor(4) as pool:
        assert all(found == expected for found in pool.map(lambda _: model.predict(X).tolist(), range(8)))


# Inside scikit-learn's tools.


def test_grid_search_and_cross_validation():
    X, y = texts(30)
    scores = [
        GridSearchCV(RNNTranslator(**SETTINGS), {"cell": ["gru", "rnn"]}, cv=3, n_jobs=n_jobs, error_score="raise")
        .fit(X, y)
        .cv_results_["mean_test_score"]
        for n_jobs in (1, 2)
    ]
    assert_array_equal(scores[0], scores[1])
    ragged = [list(own) for own in y]
    assert len(cross_val_score(RNNTranslator(**SETTINGS), [list(x) for x in X], ragged, cv=3, error_score="raise")) == 3


class Lower(TransformerMixin, BaseEstimator):
    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return [x.lower() for x in X]


def test_pipeline(model):
    X, y = texts(60)
    pipeline = make_pipeline(Lower(), RNNTranslator(**SETTINGS)).fit([x.upper() for x in X], y)
    alone = RNNTranslator(**SETTINGS).fit(X, y)
    assert pipeline.predict([x.upper() for x in X]).tolist() == alone.predict(X).tolist()
    assert pipeline.score(X, y) == alone.score(X, y)


def test_score_is_the_exact_match(model):
    X, _ = texts(40, seed=5)
    found = model.predict(X).tolist()
    assert model.score(X, found) == 1
    wrong = [own + "B" if i % 4 == 0 else own for i, own in enumerate(found)]
    assert model.score(X, wrong) == 0.75
    weights = np.where(np.arange(40) % 4 == 0, 3.0, 1.0)
    assert_allclose(model.score(X, wrong, weights), 0.5)
    assert model.score(X, ["unheard of"] * 40) == 0


# Training.


def test_the_validation_score_is_the_exact_match_of_greedy_decoding(monkeypatch):
    X, y = texts(120)
    held = []
    evaluate = Trainer.evaluate
    monkeypatch.setattr(Trainer, "evaluate", lambda self, *given: held.append(given[0]) or evaluate(self, *given))
    model = RNNTranslator(16, embedding_dim=8, learning_rate_init=0.02, early_stopping=True, random_state=0)
    model.set_params(max_iter=40, batch_size=20, validation_fraction=0.25).fit(X, y)
    assert 0 < max(model.validation_score_curve_) <= 1
    assert model.best_iteration_ == int(np.argmin(model.validation_loss_curve_)) + 1
    sources = ["".join("abc"[i - 1] for i in ids) for ids in np.split(held[0].values, held[0].starts[1:])]
    assert len(sources) == 30
    expected = model.score(sources, [x[::-1].replace("a", "").upper() for x in sources])
    assert_allclose(model.validation_score_curve_[model.best_iteration_ - 1], expected)


def test_the_loss_is_the_mean_over_the_tokens():
    # Before the first step of the optimizer all tokens are about equally likely.
    X, y = texts(100)
    model = RNNTranslator(4, embedding_dim=2, max_iter=1, random_state=0).fit(X, y)
    assert_allclose(model.loss_curve_[0], np.log(3), rtol=0.2)


def test_partial_fit_takes_the_epochs_of_fit():
    model, X, y = fitted(max_iter=4, batch_size=200)
    steps = clone(model)
    for _ in range(4):
        steps.partial_fit(X, y)
    assert_same(results(steps, X), results(model, X))
    copy = pickle.loads(pickle.dumps(steps.set_params(dropout=0.2)))
    assert_same(results(copy.partial_fit(X, y), X), results(steps.partial_fit(X, y), X))


def test_partial_fit_with_all_tokens_named():
    X, y = texts()
    model = RNNTranslator(**SETTINGS)
    model.partial_fit(["ab"], ["B"], source_tokens="abcx", target_tokens=["B", "C", "D"])
    assert list(model.source_vocabulary_) == list("abcx")
    assert list(model.target_vocabulary_) == list("BCD")
    assert model.partial_fit(X, y, target_tokens="DCB").n_iter_ == 2
    with pytest.raises(ValueError, match="source_tokens are not those of the first call"):
        model.partial_fit(X, y, source_tokens="abc")
    with pytest.raises(ValueError, match=r"y\[1\] holds the token 'E' at step 2, for which the network has no output"):
        model.partial_fit(["ab", "b"], ["B", "BBE"])
    with pytest.raises(TypeError, match="target_tokens is a sequence of integers, but the data hold a text"):
        RNNTranslator(**SETTINGS).partial_fit(X, y, target_tokens=[1, 2])


def test_partial_fit_weighs_over_all_calls():
    X, y = texts(80)
    heavy = RNNTranslator(**SETTINGS).partial_fit(X, y).partial_fit(X, y, sample_weight=np.full(80, 3.0))
    light = RNNTranslator(**SETTINGS).partial_fit(X, y).partial_fit(X, y)
    assert_allclose(heavy.loss_curve_[1], 1.5 * light.loss_curve_[1], rtol=1e-5)


def test_warm_start_goes_on():
    X, y = texts(60)
    model = RNNTranslator(**SETTINGS, warm_start=True).fit(X, y).fit(X, y)
    assert len(model.loss_curve_) == 10
    assert model.loss_curve_[5] < model.loss_curve_[0]
    for change in ({"attention": False}, {"cell": "lstm"}, {"embedding_dim": 5}, {"dtype": "float32"}):
        [name] = change
        with pytest.raises(ValueError, match=f"{name}=.*but the network to go on with has {name}="):
            clone(model).fit(X, y).set_params(**change).fit(X, y)


def test_dropout_changes_training_only():
    X, y = texts(60)
    plain, dropped = (RNNTranslator(**SETTINGS, dropout=rate).fit(X, y) for rate in (0.0, 0.5))
    assert plain.loss_curve_ != dropped.loss_curve_
    assert_same(results(dropped, X), results(dropped, X))


def test_ctrl_c_keeps_the_last_whole_epoch(monkeypatch):
    X, y = texts()
    expected = RNNTranslator(**SETTINGS | {"max_iter": 2}).fit(X, y).predict(X).tolist()
    step, calls = Trainer._step, []

    def interrupted(self, *arguments):
        calls.append(1)
        if len(calls) > 2:
            raise KeyboardInterrupt
        return step(self, *arguments)

    monkeypatch.setattr(Trainer, "_step", interrupted)
    with pytest.warns(ConvergenceWarning, match="interrupted after 2 of at most 5 epochs"):
        model = RNNTranslator(**SETTINGS).fit(X, y)
    assert model.predict(X).tolist() == expected


# Decoding.


def test_beams_and_limits_may_be_set_after_fit(model):
    X, _ = texts(40, seed=6)
    wide = clone(model).set_params(max_iter=1).fit(*texts(200))
    greedy = wide.predict(X).tolist()
    assert wide.set_params(beam_width=4).predict(X).tolist() != greedy
    short = wide.set_params(beam_width=1, max_target_steps=2).predict(X).tolist()
    assert max(map(len, short)) <= 2
    assert max(len(own) for own in wide.set_params(max_target_steps=None).predict(X).tolist()) <= 12


def test_memory_is_bounded(monkeypatch):
    X, y = texts(600)
    model = RNNTranslator(**SETTINGS | {"max_iter": 1}, max_target_steps=10).fit(X, y)
    X = ["abc" * 60] * 300
    expected = model.predict(X).tolist()
    monkeypatch.setattr(_batches, "PREDICTION_VALUES", 40_000)
    tracemalloc.start()
    found = model.predict_with_attention(X)[0].tolist()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == expected
    assert peak < 20_000_000  # all at once take more than 100 MB


# What is refused.


@pytest.mark.parametrize("where", ["fit", "predict", "score"])
@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ("abc", TypeError, "X is the single text 'abc'"),
        (None, TypeError, "X is of type NoneType"),
        (np.array("ab"), TypeError, r"X is the single value array\('ab'"),
        ([], ValueError, "X is empty: 0 sequences"),
        ({"a": 1}, TypeError, "X is of type dict"),
        (["ab", ""], ValueError, r"X\[1\] is '', an empty sequence"),
        (["ab", []], ValueError, r"X\[1\] is \[\], an empty sequence"),
        (["ab", None], TypeError, r"X\[1\] is None of type NoneType"),
        (["ab", 3.5], TypeError, r"X\[1\] is 3.5 of type float"),
        (["ab", b"ab"], TypeError, r"X\[1\] is b'ab' of type bytes"),
        (["ab", np.nan], TypeError, r"X\[1\] is nan of type float"),
        (["ab", ["a", 3]], TypeError, r"X\[1\] holds 3 of type int at step 1"),
        ([[1, 2], [1.5]], TypeError, r"X\[1\] holds 1.5 of type float at step 0"),
        ([[1, 2], [True]], TypeError, r"X\[1\] holds True of type bool"),
        ([[[1, 2]]], TypeError, r"X\[0\] holds \[1, 2\] of type list"),
        (["ab", ["a"]], TypeError, r"X\[0\] is a text.*X\[1\] is a sequence of strings"),
        (np.zeros((2, 2, 2)), TypeError, r"X\[0\] is array"),
        ([[1, 2], [2**70]], ValueError, r"X\[1\] holds an integer of more than 63 bits"),
    ],
)
def test_bad_sources(model, where, X, error, message):
    call = {
        "fit": lambda: RNNTranslator(**SETTINGS).fit(
            X, ["A"] * (1 if X is None or getattr(X, "shape", None) == () else len(X))
        ),
        "predict": lambda: model.predict(X),
        "score": lambda: model.score(X, ["A"]),
    }[where]
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize(
    ("y", "error", "message"),
    [
        (None, ValueError, "requires y to be passed, but the target y is None"),
        (["A"], ValueError, "inconsistent numbers of samples"),
        (["A", 3], TypeError, r"y\[1\] is 3 of type int"),
        (["", ""], ValueError, "All targets y are empty"),
        ([[], []], ValueError, "All targets y are empty"),
        (["A", ["B"]], TypeError, r"y\[0\] is a text.*y\[1\] is a sequence of strings"),
        ([0, 1], TypeError, r"y\[0\] is 0 of type int"),
    ],
)
def test_bad_targets(y, error, message):
    with pytest.raises(error, match=message):
        RNNTranslator(**SETTINGS).fit(["ab", "b"], y)


def test_other_kinds_than_in_fit(model):
    X, _ = texts()
    with pytest.raises(TypeError, match="X holds a sequence of integers, but in fit it held a text"):
        model.predict([[1, 2]])
    with pytest.raises(TypeError, match="y holds a sequence of strings, but in fit it held a text"):
        model.score(X, [["B"]] * len(X))


def test_unknown_tokens():
    X, y = texts(100)
    model = RNNTranslator(**SETTINGS).fit(X, y)
    with pytest.raises(ValueError, match=r"X\[1\] holds the token 'z' at step 2.*not in the sources of fit.*min_freq"):
        model.predict(["ab", "abz"])
    # Nothing was rare, so nothing was learnt of the unknown.
    with pytest.raises(ValueError, match=r"X\[0\] holds the token 'z'"):
        RNNTranslator(**SETTINGS, min_frequency=2).fit(X, y).predict(["z"])
    rare = RNNTranslator(**SETTINGS, min_frequency=2).fit([*X, "abq", "w"], [*y, "B", ""])
    assert list(rare.source_vocabulary_) == ["a", "b", "c"]
    assert rare.predict(["z", "az"]).tolist() == rare.predict(["q", "aw"]).tolist()


def test_new_source_tokens_of_a_later_call_teach_the_unknown():
    X, y = texts()
    model = RNNTranslator(**SETTINGS).partial_fit(X, y).partial_fit(["xx", "ab"], ["", "B"])
    assert list(model.source_vocabulary_) == ["a", "b", "c"]
    assert len(model.predict(["qa"]).tolist()) == 1


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"attention": "additive"}, TypeError, "attention must be True or False"),
        ({"embedding_dim": None}, TypeError, "embedding_dim"),
        ({"embedding_dim": 0}, ValueError, "embedding_dim == 0"),
        ({"min_frequency": 0}, ValueError, "min_frequency == 0"),
        ({"beam_width": 0}, ValueError, "beam_width == 0"),
        ({"max_target_steps": 0}, ValueError, "max_target_steps == 0"),
        ({"dtype": "float16"}, ValueError, "dtype='float16' is not an option"),
        ({"dtype": int}, ValueError, "is not an option; use one of: 'float32', 'float64'"),
        ({"cell": "transformer"}, ValueError, "cell='transformer'"),
        ({"solver": "lbfgs"}, ValueError, "solver='lbfgs'"),
    ],
)
def test_bad_hyperparameters(settings, error, message):
    X, y = texts()
    with pytest.raises(error, match=message):
        RNNTranslator(**SETTINGS | settings).fit(X, y)


def test_bad_settings_of_decoding_after_fit(model):
    other = pickle.loads(pickle.dumps(model)).set_params(beam_width="wide")
    with pytest.raises(TypeError, match="beam_width"):
        other.predict(["ab"])


def test_no_fit_no_attention_and_other_errors():
    X, y = texts()
    with pytest.raises(NotFittedError, match="RNNTranslator"):
        RNNTranslator().predict(X)
    with pytest.raises(AttributeError, match="has no source_vocabulary_ yet: call fit"):
        RNNTranslator().source_vocabulary_  # noqa: B018
    with pytest.raises(ValueError, match=r"attention=False\. Fit with attention=True, or use predict"):
        RNNTranslator(**SETTINGS, attention=False).fit(X, y).predict_with_attention(X)
    with pytest.raises(ValueError, match="early_stopping=True needs all the data at once"):
        RNNTranslator(**SETTINGS, early_stopping=True).partial_fit(X, y)
    with pytest.warns(UserWarning, match="holds out no row of 1, since fit needs one"):
        RNNTranslator(**SETTINGS, early_stopping=True).fit(X[:1], y[:1])
    with pytest.raises(ValueError, match=r"sample_weight.shape == \(3,\)"):
        RNNTranslator(**SETTINGS).fit(X, y, sample_weight=[1, 2, 3])
    with pytest.raises(ValueError, match="Training diverged"):
        RNNTranslator(4, cell="rnn", activation="relu", learning_rate_init=1e9, max_grad_norm=None).fit(X, y)


def test_states_that_overflow_are_an_error():
    X, y = texts()
    model = RNNTranslator(
        4, cell="rnn", activation="relu", embedding_dim=2, dtype="float32", max_iter=1, random_state=0
    ).fit(X, y)
    model._trainer.parameters.of("encoder.layer_0.forward")["kernel"][...] *= 100
    with pytest.raises(ValueError, match=r"states for X\[1\] overflow float32: it is too long for activation='relu'"):
        model.predict(["ab", "abc" * 50])


def test_tags():
    tags = RNNTranslator().__sklearn_tags__()
    assert tags.input_tags.string
    assert not tags.input_tags.two_d_array
    assert tags.target_tags.required


def test_one_pair():
    model = RNNTranslator(**SETTINGS | {"max_iter": 60}).fit(["ab"], ["xyz"])
    assert model.predict(["ab"]).tolist() == ["xyz"]
    assert model.score(["ab"], ["xyz"]) == 1
