"""RNNTagger: what a user does with it, and what it says when something is wrong."""

import pickle
import tracemalloc
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import config_context
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.metrics import accuracy_score, f1_score, log_loss
from sklearn.model_selection import GridSearchCV, cross_val_predict, cross_val_score, cross_validate
from sklearn.preprocessing import StandardScaler
from textbook import cross_entropy, network_outputs

from skseq import make_pipeline
from skseq.compose import EachStep
from skseq.metrics import per_step_score
from skseq.neural_network import RNNTagger
from skseq.training import Trainer


def walks(n=80, seed=0, longest=12):
    """Walks, and whether they are above where they began after each step."""
    rng = np.random.RandomState(seed)
    X = [rng.standard_normal((steps, 1)) for steps in rng.randint(1, longest, size=n)]
    return X, [np.where(x[:, 0].cumsum() > 0, "above", "below") for x in X]


def accuracy(y, predicted):
    return accuracy_score(np.concatenate(y), np.concatenate(list(predicted)))


def test_a_single_value_is_no_list_of_labels():
    with pytest.raises(ValueError, match=r"y is array.*one sequence of labels is needed for each sequence of X"):
        RNNTagger(2, max_iter=1).fit([np.ones((2, 1))], np.array(1))


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_every_cell_learns(cell, bidirectional):
    X, y = walks()
    model = RNNTagger(
        16, cell=cell, bidirectional=bidirectional, learning_rate_init=0.02, max_iter=80, random_state=0
    ).fit(X, y)
    assert accuracy(y, model.predict(X)) == model.score(X, y) > 0.95
    assert model.loss_curve_[-1] < 0.3 * model.loss_curve_[0]


def test_one_direction_sees_no_later_step():
    X, y = walks()
    settings = {"hidden_layer_sizes": 4, "max_iter": 2, "random_state": 0}
    whole, start = X[0], X[0][: len(X[0]) // 2]
    model = RNNTagger(**settings).fit(X, y)
    assert_allclose(model.predict_proba([start])[0], model.predict_proba([whole])[0][: len(start)])
    both = RNNTagger(bidirectional=True, **settings).fit(X, y)
    assert not np.allclose(both.predict_proba([start])[0], both.predict_proba([whole])[0][: len(start)])


def test_probabilities_and_loss_are_those_of_the_textbook():
    X, y = walks(12)
    model = RNNTagger((5, 4), bidirectional=True, max_iter=1, random_state=0)
    with np.errstate(all="raise"):
        model.fit(X, y)
    outputs = [network_outputs(x, model.weights_, 2, "gru", bidirectional=True, pooling="none") for x in X]
    for own, probability, log_probability in zip(outputs, model.predict_proba(X), model.predict_log_proba(X)):
        expected = np.exp(own) / np.exp(own).sum(axis=1, keepdims=True)
        assert_allclose(probability, expected, atol=1e-12)
        assert_allclose(log_probability, np.log(expected), atol=1e-12)
    # The loss of the next epoch, taken before its one step, is that of the weights of now.
    codes = [np.searchsorted(model.classes_, labels) for labels in y]
    losses = [cross_entropy(o, code) for own, labels in zip(outputs, codes) for o, code in zip(own, labels)]
    model.set_params(warm_start=True).fit(X, y)
    assert_allclose(model.loss_curve_[1], np.mean(losses), rtol=1e-12)


FORMS = {
    "list of arrays": list,
    "list of lists": lambda y: [labels.tolist() for labels in y],
    "tuple": tuple,
    "array of arrays": lambda y: np.array([*y, None], dtype=object)[:-1],
    "series": lambda y: pd.Series(y),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_labels_come_in_every_form(form):
    X, y = walks(20)
    expected = RNNTagger(4, max_iter=2, random_state=0).fit(X, y)
    found = RNNTagger(4, max_iter=2, random_state=0).fit(X, form(y))
    assert_array_equal(found.loss_curve_, expected.loss_curve_)
    assert found.score(X, form(y)) == expected.score(X, y)


@pytest.mark.parametrize("frame", [np.asarray, pd.DataFrame, lambda a: pl.DataFrame(a, orient="row")])
def test_columns_and_arrays_give_arrays(frame):
    rng = np.random.RandomState(0)
    X = rng.standard_normal((20, 6))
    y = (X.cumsum(axis=1) > 0).astype(int)
    model = RNNTagger(4, max_iter=3, random_state=0).fit(frame(X), frame(y))
    assert model.predict(frame(X)).shape == (20, 6)
    assert model.predict_proba(frame(X)).shape == (20, 6, 2)
    cube = RNNTagger(4, max_iter=3, random_state=0).fit(X[:, :, None], y)
    assert_allclose(cube.predict_proba(X[:, :, None]), model.predict_proba(frame(X)))


def test_lists_of_equal_lengths_give_an_array_of_arrays_too():
    X, y = walks(20)
    predicted = RNNTagger(4, max_iter=1, random_state=0).fit(X, y).predict([X[0], X[0]])
    assert predicted.shape == (2,)
    assert predicted.dtype == object


def test_integer_and_boolean_labels():
    X, y = walks(20)
    above = [labels == "above" for labels in y]
    assert RNNTagger(4, max_iter=1).fit(X, above).predict(X)[0].dtype == bool
    assert RNNTagger(4, max_iter=1).fit(X, [a.astype(int) + 5 for a in above]).classes_.tolist() == [5, 6]


def test_a_weight_of_a_sequence_is_that_of_its_steps():
    X, y = walks(20)
    weights = np.random.RandomState(0).uniform(0.5, 2, size=20)
    of_steps = [np.full(len(x), weight) for x, weight in zip(X, weights)]
    by_sequence = RNNTagger(4, max_iter=5, random_state=0).fit(X, y, sample_weight=weights)
    by_step = RNNTagger(4, max_iter=5, random_state=0).fit(X, y, sample_weight=of_steps)
    assert_array_equal(by_step.loss_curve_, by_sequence.loss_curve_)
    assert by_step.score(X, y, sample_weight=of_steps) == by_sequence.score(X, y, sample_weight=weights)


def test_a_step_without_weight_has_any_label_and_is_read():
    X, y = walks(20)
    weights = [np.ones(len(x)) for x in X]
    for own in weights:
        own[0] = 0
    other = [labels.copy() for labels in y]
    for labels in other:
        labels[0] = "above" if labels[0] == "below" else "below"
    settings = {"hidden_layer_sizes": 4, "max_iter": 5, "random_state": 0}
    expected = RNNTagger(**settings).fit(X, y, sample_weight=weights)
    assert_array_equal(RNNTagger(**settings).fit(X, other, sample_weight=weights).loss_curve_, expected.loss_curve_)
    moved = [x.copy() for x in X]
    for x in moved:
        x[0] += 1
    assert not np.allclose(RNNTagger(**settings).fit(moved, y, sample_weight=weights).loss_curve_, expected.loss_curve_)


def test_weights_of_classes_count_steps():
    X, y = walks(40)
    for labels in y[:-10]:
        labels[...] = "below"
    model = RNNTagger(4, class_weight="balanced", max_iter=1).fit(X, y)
    flat = np.concatenate(y)
    expected = [len(flat) / (2 * (flat == name).sum()) for name in ("above", "below")]
    assert_allclose(model.class_weight_, expected)


def test_prior_correction_returns_to_the_share_of_the_steps():
    rng = np.random.RandomState(0)
    X = [rng.standard_normal((steps, 1)) for steps in rng.randint(5, 20, size=150)]
    y = [(rng.uniform(size=len(x)) < 0.1 * np.exp(x[:, 0])).astype(int) for x in X]
    rate = np.concatenate(y).mean()
    settings = {"class_weight": "balanced", "learning_rate_init": 0.02, "max_iter": 60, "random_state": 0}
    weighted = RNNTagger(8, **settings).fit(X, y)
    corrected = RNNTagger(8, prior_correction=True, **settings).fit(X, y)
    assert np.concatenate(list(weighted.predict_proba(X)))[:, 1].mean() > 2 * rate
    assert abs(np.concatenate(list(corrected.predict_proba(X)))[:, 1].mean() - rate) < 0.02


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_windows_learn_and_carry_the_state_on(cell):
    # What to say at every step stands in the first of them, far beyond a window: only the state can carry it there.
    rng = np.random.RandomState(0)
    first = rng.randint(2, size=60)
    X = [np.concatenate([[2 * f - 1.0], np.zeros(steps - 1)]) for f, steps in zip(first, rng.randint(10, 30, size=60))]
    y = [np.full(len(x), f) for x, f in zip(X, first)]
    model = RNNTagger(
        8, cell=cell, bptt_steps=4, batch_size=20, learning_rate_init=0.01, max_iter=40, random_state=0
    ).fit(X, y)
    assert model.score(X, y) > 0.95


def test_one_window_over_all_steps_is_no_window():
    X = np.random.RandomState(0).standard_normal((30, 7, 2))
    y = (X[:, :, 0] > 0).astype(int)
    settings = {"hidden_layer_sizes": (4, 3), "max_iter": 5, "random_state": 0}
    whole = RNNTagger(**settings).fit(X, y)
    assert_allclose(RNNTagger(bptt_steps=7, **settings).fit(X, y).loss_curve_, whole.loss_curve_, rtol=1e-12)
    assert not np.allclose(RNNTagger(bptt_steps=3, **settings).fit(X, y).loss_curve_, whole.loss_curve_)


def test_windows_take_as_many_steps_of_the_optimizer(monkeypatch):
    X, y = walks(10, longest=20)
    seen = []
    step = Trainer._step
    monkeypatch.setattr(
        Trainer, "_step", lambda self, rows, gradient, window: seen.append(window) or step(self, rows, gradient, window)
    )
    RNNTagger(4, bptt_steps=5, batch_size=10, max_iter=1).fit(X, y)
    assert seen == [(start, start + 5) for start in range(0, max(map(len, X)), 5)]


def test_the_memory_of_windows_does_not_grow_with_the_sequences():
    def peak(steps):
        x = np.zeros((steps, 1))
        y = np.arange(steps) % 2
        model = RNNTagger(16, bptt_steps=20, max_iter=1)
        tracemalloc.start()
        model.fit([x], [y])
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most - 100 * steps  # what is read, and an array of places

    peak(50)
    assert peak(3000) < peak(300) + 100_000


def test_partial_fit_is_an_epoch():
    X, y = walks(20)
    model = RNNTagger(4, max_iter=3, random_state=0).fit(X, y)
    parts = RNNTagger(4, random_state=0)
    for _ in range(3):
        parts.partial_fit(X, y, classes=["above", "below"])
    assert_allclose(parts.loss_curve_, model.loss_curve_)
    assert_array_equal(parts.predict_proba(X)[0], model.predict_proba(X)[0])
    with pytest.raises(ValueError, match="classes must be passed"):
        RNNTagger(4).partial_fit(X, y)
    with pytest.raises(ValueError, match=r"y has the classes \['beside'\]"):
        parts.partial_fit(X[:1], [np.full(len(X[0]), "beside")])


def test_warm_start_goes_on():
    X, y = walks(20)
    model = RNNTagger(4, max_iter=2, warm_start=True, random_state=0).fit(X, y).fit(X, y)
    assert model.n_iter_ == 4
    with pytest.raises(ValueError, match="hidden_layer_sizes"):
        model.set_params(hidden_layer_sizes=5).fit(X, y)


def test_early_stopping_holds_out_sequences(monkeypatch):
    X, y = walks(60)
    held = []
    evaluate = Trainer.evaluate
    monkeypatch.setattr(Trainer, "evaluate", lambda self, *given: held.append(given) or evaluate(self, *given))
    model = RNNTagger(
        16, early_stopping=True, validation_fraction=0.2, n_iter_no_change=3, tol=0.01, max_iter=200, random_state=0
    ).fit(X, y)
    sequences, codes, weights = held[0]
    assert len(sequences) == 12
    assert len(codes) == len(weights) == sequences.lengths.sum()
    assert model.n_iter_ < 200
    assert model.best_iteration_ == 1 + np.argmin(model.validation_loss_curve_)
    # The score there is the accuracy of the steps, with the weights in use.
    right = np.concatenate(list(model.predict(sequences.unpack()))) == model.classes_[codes]
    assert_allclose(model.validation_score_curve_[model.best_iteration_ - 1], right.mean())


def test_scikit_learn_splits_and_searches():
    X, y = walks(60)
    tagger = RNNTagger(8, max_iter=10, learning_rate_init=0.02, random_state=0)
    model = make_pipeline(EachStep(StandardScaler()), tagger)
    scores = cross_val_score(model, X, y, cv=3, error_score="raise")
    assert scores.shape == (3,)
    assert scores.min() > 0.6
    lists = [labels.tolist() for labels in y]
    macro = per_step_score(f1_score, average="macro")
    search = GridSearchCV(
        model, {"rnntagger__hidden_layer_sizes": [2, 8]}, scoring=macro, cv=3, n_jobs=2, error_score="raise"
    )
    search.fit(X, lists)
    assert search.best_score_ > 0.6
    losses = per_step_score(log_loss, response_method="predict_proba", greater_is_better=False)
    assert (cross_val_score(model, X, y, scoring=losses, cv=3, error_score="raise") < 0).all()
    predicted = cross_val_predict(model, X, y, cv=3)
    assert [len(labels) for labels in predicted] == [len(x) for x in X]


def test_weights_are_routed_to_fit_and_score():
    X, y = walks(30)
    weights = [np.random.RandomState(i).uniform(0.5, 2, size=len(x)) for i, x in enumerate(X)]
    with config_context(enable_metadata_routing=True):
        scorer = per_step_score(accuracy_score).set_score_request(sample_weight=True)
        model = RNNTagger(4, max_iter=2, random_state=0).set_fit_request(sample_weight=True)
        routed = cross_validate(
            model, X, y, scoring=scorer, params={"sample_weight": weights}, cv=3, error_score="raise"
        )["test_score"]
        unweighted = per_step_score(accuracy_score).set_score_request(sample_weight=False)
        plain = cross_validate(
            model, X, y, scoring=unweighted, params={"sample_weight": weights}, cv=3, error_score="raise"
        )["test_score"]
    assert not np.allclose(routed, plain)


def test_pickled_and_in_threads():
    X, y = walks(20)
    model = RNNTagger(4, max_iter=2, random_state=0).fit(X, y)
    again = pickle.loads(pickle.dumps(model))
    assert_array_equal(again.predict_proba(X)[3], model.predict_proba(X)[3])


def test_ctrl_c_keeps_what_there_is(monkeypatch):
    X, y = walks(20)
    step, calls = Trainer._step, []

    def interrupted(self, *given):
        calls.append(None)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return step(self, *given)

    monkeypatch.setattr(Trainer, "_step", interrupted)
    with pytest.warns(ConvergenceWarning, match="interrupted after 2 of at most 30 epochs") as caught:
        model = RNNTagger(4, max_iter=30, random_state=0).fit(X, y)
    assert caught[0].filename == __file__
    assert model.predict(X)[0].shape == y[0].shape


def test_one_step_and_huge_values():
    model = RNNTagger(4, max_iter=2, random_state=0).fit([[1.0], [2.0]], [["a"], ["b"]])
    assert model.predict([[1e30]])[0].shape == (1,)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        relu = RNNTagger(4, cell="rnn", activation="relu", max_iter=2, random_state=0)
        relu.fit([np.ones((3, 1)), np.ones((2, 1))], [list("aba"), list("ab")])
        with pytest.raises(ValueError, match=r"states for X\[1\] overflow"):
            relu.predict([np.ones((3, 1)), np.full((2, 1), 1e308)])


RAGGED = walks(4, seed=3)
X, Y = RAGGED


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (None, "Give one label for each step of X"),
        (["a", "b", "a", "b"], r"y\[0\] is 'a', but a sequence of labels is needed"),
        (Y[:-1], "y has 3 sequences but X has 4"),
        ([*Y[:2], Y[2][:-1], Y[3]], rf"y\[2\] has {len(Y[2]) - 1} steps but X\[2\] has {len(Y[2])}"),
        ([np.full(len(x), np.nan) for x in X], "NaN"),
        ([np.full(len(x), None) for x in X], r"missing label: y\[0\] is None"),
        ([np.full(len(x), 0.5) for x in X], "continuous"),
        ([np.full(len(x), "a") for x in X], "at least two classes"),
        ([np.full((len(x), 2), "a") for x in X], r"one label for each step: give arrays of shape \(steps,\)"),
        ([*Y[:3], np.arange(len(Y[3]))], "Give all labels as texts or all as numbers"),
        ("abab", "one sequence of labels is needed for each sequence of X"),
    ],
)
def test_labels_that_are_not_one_a_step(y, message):
    with pytest.raises(ValueError, match=message):
        RNNTagger(4, max_iter=1).fit(X, y)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, 2, 3], "expected"),
        ([1, 1, 1, -1], "Negative"),
        ([np.ones(len(x)) for x in X[:-1]], "sample_weight has 3 sequences but y has 4"),
        ([np.ones(len(x) + 1) for x in X], r"sample_weight\[0\] has"),
        ([np.zeros(len(x)) for x in X], "zero for every row"),
        ([np.full(len(x), np.nan) for x in X], "NaN"),
    ],
)
def test_weights_that_do_not_fit(weights, message):
    with pytest.raises(ValueError, match=message):
        RNNTagger(4, max_iter=1).fit(X, Y, sample_weight=weights)


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"bptt_steps": 0}, ValueError, "bptt_steps"),
        ({"bptt_steps": 2.5}, TypeError, "bptt_steps"),
        ({"bptt_steps": 5, "bidirectional": True}, ValueError, "Set bptt_steps=None or bidirectional=False"),
        ({"cell": "tree"}, ValueError, "cell='tree'"),
        ({"prior_correction": "yes"}, TypeError, "prior_correction"),
        ({"dropout": 1.0}, ValueError, "dropout"),
    ],
)
def test_bad_hyperparameters(settings, error, message):
    model = RNNTagger(**settings)
    with pytest.raises(error, match=message):
        model.fit(X, Y)
    assert not hasattr(model, "classes_")


def test_not_fitted():
    with pytest.raises(NotFittedError):
        RNNTagger().predict(X)
    with pytest.raises(NotFittedError):
        RNNTagger().score(X, Y)
