"""RNNClassifier: what a user does with it, and what it says when something is wrong."""

import pickle
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import polars as pl
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import softmax
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skseq import RNNClassifier
from skseq.datasets import make_temporal_order
from skseq.inspection import gradient_flow
from skseq.training import Trainer


def ragged(n=60, seed=0, features=2):
    """Sequences whose class is which of the first and last values is larger."""
    rng = np.random.RandomState(seed)
    X = [rng.standard_normal((steps, features)) for steps in rng.randint(2, 9, size=n)]
    return X, np.array(["falls", "rises"])[[int(x[-1, 0] > x[0, 0]) for x in X]]


def rare(n=200, seed=0):
    """One row in ten belongs to class 1, a little apart."""
    rng = np.random.RandomState(seed)
    y = (np.arange(n) % 10 == 0).astype(int)
    return rng.standard_normal((n, 4, 1)) + 0.8 * y[:, None, None], y


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("solver", ["adam", "sgd", "rmsprop"])
def test_every_cell_learns_with_every_solver(cell, solver):
    X, y = ragged(100)
    rate = {"adam": 0.01, "sgd": 0.1, "rmsprop": 0.01}[solver]
    model = RNNClassifier(16, cell=cell, solver=solver, learning_rate_init=rate, max_iter=150, random_state=0)
    assert model.fit(X, y).score(X, y) > 0.9
    assert model.loss_curve_[-1] < 0.5 * model.loss_curve_[0]


def test_fitted_attributes_describe_the_fit():
    X, y = ragged()
    model = RNNClassifier(5, max_iter=7, random_state=0).fit(X, y)
    assert model.n_iter_ == model.best_iteration_ == 7
    assert len(model.loss_curve_) == len(model.grad_norm_curve_) == 7
    assert model.validation_loss_curve_ is None
    assert model.n_features_in_ == 2
    assert_array_equal(model.classes_, ["falls", "rises"])


def test_grad_norm_curve_is_taken_before_clipping():
    X, y = ragged()
    model = RNNClassifier(5, max_iter=3, max_grad_norm=1e-3, random_state=0).fit(X, y)
    assert min(model.grad_norm_curve_) > 1e-3


@pytest.mark.parametrize(("cell", "gates"), [("rnn", 1), ("gru", 3), ("lstm", 4)])
def test_weights_have_documented_names_and_shapes(cell, gates):
    X, y = ragged(features=3)
    weights = RNNClassifier((5, 4), cell=cell, bidirectional=True, max_iter=1).fit(X, y).weights_
    for layer, inputs, units in ((0, 3, 5), (1, 10, 4)):
        for direction in ("forward", "backward"):
            name = f"layer_{layer}.{direction}"
            assert weights[f"{name}.input_weights"].shape == (inputs, gates * units)
            assert weights[f"{name}.recurrent_weights"].shape == (units, gates * units)
            assert weights[f"{name}.bias"].shape == (gates * units,)
    assert weights["output.weights"].shape == (8, 2)
    with pytest.raises(ValueError, match="read-only"):
        weights["output.bias"][0] = 1
    one_way = RNNClassifier(5, cell=cell, max_iter=1).fit(X, y).weights_
    assert one_way["layer_0.input_weights"].shape == (3, gates * 5)


@pytest.mark.parametrize("settings", [{}, {"class_weight": {"falls": 1, "rises": 9}, "prior_correction": True}])
def test_output_weights_rebuild_the_probabilities_from_transform(settings):
    X, y = ragged()
    model = RNNClassifier(5, max_iter=3, random_state=0, **settings).fit(X, y)
    logits = model.transform(X) @ model.weights_["output.weights"] + model.weights_["output.bias"]
    assert_allclose(model.predict_proba(X), softmax(logits, axis=1), rtol=1e-12)
    assert_allclose(model.decision_function(X), logits[:, 1] - logits[:, 0], rtol=1e-9)
    assert_allclose(model.predict_log_proba(X), np.log(model.predict_proba(X)), rtol=1e-9)


def test_initial_weights_follow_recurrent_init_and_without_memory_steps_open_the_forget_gate():
    X, y = ragged()
    settings = {"max_iter": 1, "learning_rate_init": 1e-12, "random_state": 0}
    irnn = RNNClassifier(5, cell="rnn", activation="relu", recurrent_init="identity", **settings).fit(X, y)
    assert_allclose(irnn.weights_["layer_0.recurrent_weights"], np.eye(5), atol=1e-9)
    assert_allclose(irnn.weights_["layer_0.bias"], 0, atol=1e-9)
    lstm = RNNClassifier(5, cell="lstm", memory_steps=None, **settings).fit(X, y)
    for block in np.split(lstm.weights_["layer_0.recurrent_weights"], 4, axis=1):
        assert_allclose(block @ block.T, np.eye(5), atol=1e-9)
    assert_allclose(lstm.weights_["layer_0.bias"].reshape(4, 5).sum(axis=1), [0, 0, 5, 0], atol=1e-9)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize("memory_steps", [50, "auto"])
def test_gates_begin_with_memories_from_two_to_memory_steps_and_by_default_to_the_mean_length(cell, memory_steps):
    X, y = ragged()
    longest = np.mean([len(x) for x in X]) if memory_steps == "auto" else memory_steps
    settings = {"max_iter": 1, "learning_rate_init": 1e-12, "random_state": 0}
    model = RNNClassifier((8, 16), cell=cell, memory_steps=memory_steps, **settings).fit(X, y)
    for layer, units in (("layer_0", 8), ("layer_1", 16)):
        biases = model.weights_[f"{layer}.bias"].reshape(-1, units)
        steps = np.geomspace(2, longest, 2 * units + 1)[1::2]  # the middles of equal parts of the logarithm
        keeping = np.log(steps - 1)
        expected = [0, -keeping, keeping, 0] if cell == "lstm" else [0, 0, keeping]
        for bias, begins in zip(biases, expected, strict=True):
            assert_allclose(bias, begins, atol=1e-9)
    assert RNNClassifier().memory_steps == "auto"


def test_the_mean_length_counts_weights_and_one_step_is_a_length():
    X, y = ragged()
    settings = {"max_iter": 1, "learning_rate_init": 1e-12, "random_state": 0}
    weights = np.where([len(x) > 5 for x in X], 0.0, 1.0)
    short = [x for x in X if len(x) <= 5]
    weighted = RNNClassifier(4, **settings).fit(X, y, sample_weight=weights)
    alone = RNNClassifier(4, **settings).fit(short, y[weights > 0])
    assert_allclose(weighted.weights_["layer_0.bias"], alone.weights_["layer_0.bias"], atol=1e-9)
    one_step = RNNClassifier(4, **settings).fit([x[:1] for x in X], y)
    assert_allclose(one_step.weights_["layer_0.bias"], 0, atol=1e-9)


def test_with_memory_steps_gradients_reach_far_back_from_the_start():
    X, y = make_temporal_order(40, n_steps=80, random_state=0)
    reach = {}
    for memory_steps in (None, 80):
        norms = gradient_flow(RNNClassifier(16, memory_steps=memory_steps, random_state=0), X, y).norms["layer_0"]
        reach[memory_steps] = norms[79] / norms[0]
    assert reach[80] > 0.05
    assert reach[None] < 1e-5


def test_same_seed_same_model_and_other_seed_another():
    X, y = ragged()
    settings = {"hidden_layer_sizes": 5, "dropout": 0.3, "early_stopping": True, "max_iter": 5}
    first = RNNClassifier(random_state=0, **settings).fit(X, y)
    second = RNNClassifier(random_state=0, **settings).fit(X, y)
    other = RNNClassifier(random_state=1, **settings).fit(X, y)
    for name, array in first.weights_.items():
        assert_array_equal(array, second.weights_[name])
    assert np.abs(first.weights_["output.weights"] - other.weights_["output.weights"]).max() > 1e-3


def test_random_state_instance_is_drawn_from():
    X, y = ragged()
    random_state = np.random.RandomState(0)
    first, second = (RNNClassifier(3, max_iter=1, random_state=random_state).fit(X, y) for _ in range(2))
    assert np.abs(first.weights_["output.weights"] - second.weights_["output.weights"]).max() > 1e-3


def test_early_stopping_restores_the_weights_with_least_validation_loss():
    X, y = ragged(80)
    settings = {"learning_rate_init": 0.05, "early_stopping": True, "validation_fraction": 0.25, "random_state": 0}
    model = RNNClassifier(16, max_iter=200, n_iter_no_change=5, **settings).fit(X, y)
    assert model.n_iter_ < 200
    losses = model.validation_loss_curve_
    assert model.best_iteration_ == int(np.argmin(losses)) + 1 < model.n_iter_
    assert len(losses) == len(model.validation_score_curve_) == model.n_iter_
    shorter = RNNClassifier(16, max_iter=model.best_iteration_, n_iter_no_change=500, **settings).fit(X, y)
    for name, array in model.weights_.items():
        assert_array_equal(array, shorter.weights_[name])


def test_early_stopping_stratifies_rare_classes(monkeypatch):
    X, y = rare(100)
    seen = []
    evaluate = Trainer.evaluate
    monkeypatch.setattr(Trainer, "evaluate", lambda self, *held: seen.append(held[1]) or evaluate(self, *held))
    RNNClassifier(3, early_stopping=True, max_iter=1, random_state=0).fit(X, y)
    assert sorted(seen[0].tolist()) == [0] * 9 + [1]


def test_early_stopping_warns_when_a_class_is_too_small_to_split():
    X, y = ragged(20)
    y[:] = "falls"
    y[0] = "rises"
    with pytest.warns(UserWarning, match=r"validation_fraction=0\.1 of 20.*holds out 2.*The smallest class has 1"):
        model = RNNClassifier(3, early_stopping=True, max_iter=2).fit(X, y)
    assert len(model.validation_loss_curve_) == 2


def test_balanced_weights_raise_recall_of_the_rare_class():
    X, y = rare()
    plain = RNNClassifier(8, max_iter=30, random_state=0).fit(X, y)
    weighted = RNNClassifier(8, max_iter=30, class_weight="balanced", random_state=0).fit(X, y)
    assert_allclose(weighted.class_weight_, [200 / (2 * 180), 200 / (2 * 20)])
    recall = [model.predict(X)[y == 1].mean() for model in (plain, weighted)]
    assert recall[1] > recall[0]


def test_class_weight_equals_sample_weight():
    X, y = rare(60)
    by_class = RNNClassifier(4, max_iter=5, class_weight={0: 1, 1: 5}, random_state=0).fit(X, y)
    by_row = RNNClassifier(4, max_iter=5, random_state=0).fit(X, y, sample_weight=np.where(y == 1, 5, 1))
    assert_allclose(by_class.predict_proba(X), by_row.predict_proba(X), rtol=1e-10)


def test_prior_correction_divides_by_the_class_weights():
    X, y = rare()
    settings = {"hidden_layer_sizes": 8, "max_iter": 30, "class_weight": "balanced", "random_state": 0}
    weighted = RNNClassifier(**settings).fit(X, y)
    corrected = RNNClassifier(prior_correction=True, **settings).fit(X, y)
    expected = weighted.predict_proba(X) / weighted.class_weight_
    expected /= expected.sum(axis=1, keepdims=True)
    assert_allclose(corrected.predict_proba(X), expected, rtol=1e-9)
    assert weighted.predict_proba(X)[:, 1].mean() > 0.25
    assert abs(corrected.predict_proba(X)[:, 1].mean() - y.mean()) < 0.02
    assert_array_equal(corrected.predict(X), corrected.classes_[corrected.predict_proba(X).argmax(axis=1)])
    assert_array_equal(corrected.predict(X), (corrected.decision_function(X) > 0).astype(int))


def test_the_correction_in_the_weights_follows_partial_fit_and_its_parameter():
    X, y = rare(60)
    settings = {"class_weight": "balanced", "max_iter": 2, "random_state": 0}
    model = RNNClassifier(3, prior_correction=True, **settings).fit(X, y)
    plain = RNNClassifier(3, **settings).fit(X, y)
    for fitted in (model, plain):
        assert not fitted.weights_["output.bias"].flags.writeable
        fitted.partial_fit(X[:40], y[:40])
    shift = -np.log(model.class_weight_)
    difference = model.weights_["output.bias"] - plain.weights_["output.bias"] - shift
    assert_allclose(difference, difference[0], atol=1e-12)
    assert_array_equal(model.set_params(prior_correction=False).weights_["output.bias"], plain.weights_["output.bias"])


def test_partial_fit_takes_the_epochs_of_fit():
    X, y = ragged()
    whole = RNNClassifier(5, max_iter=4, random_state=0).fit(X, y)
    steps = RNNClassifier(5, max_iter=4, random_state=0)
    for _ in range(4):
        steps.partial_fit(X, y, classes=["falls", "rises"])
    assert_array_equal(steps.predict_proba(X), whole.predict_proba(X))
    assert steps.n_iter_ == 4
    assert steps.loss_curve_ == whole.loss_curve_


def test_partial_fit_goes_on_after_pickling():
    X, y = ragged()
    model = RNNClassifier(5, dropout=0.2, random_state=0).partial_fit(X, y, classes=["falls", "rises"])
    copy = pickle.loads(pickle.dumps(model))
    assert_array_equal(copy.partial_fit(X, y).predict_proba(X), model.partial_fit(X, y).predict_proba(X))


def test_partial_fit_balances_over_all_calls():
    X, y = rare()
    model = RNNClassifier(4, class_weight="balanced", random_state=0)
    for part in (slice(0, 50), slice(50, 200)):
        model.partial_fit(X[part], y[part], classes=[0, 1])
    assert_allclose(model.class_weight_, [200 / (2 * 180), 200 / (2 * 20)])


def test_partial_fit_may_meet_a_class_late():
    X, y = ragged()
    model = RNNClassifier(5, random_state=0).partial_fit(X[:5], ["falls"] * 5, classes=["falls", "rises"])
    assert model.partial_fit(X, y).predict_proba(X).shape == (60, 2)


def test_partial_fit_needs_and_keeps_its_classes():
    X, y = ragged()
    with pytest.raises(ValueError, match="classes must be passed on the first call"):
        RNNClassifier().partial_fit(X, y)
    model = RNNClassifier(3).partial_fit(X, y, classes=["falls", "rises"])
    with pytest.raises(ValueError, match="are not those of the first call"):
        model.partial_fit(X, y, classes=["falls", "rises", "stays"])
    with pytest.raises(ValueError, match=r"y has the classes \['stays'\]"):
        model.partial_fit(X, np.full(60, "stays"))
    with pytest.raises(ValueError, match="early_stopping=True needs all the data"):
        RNNClassifier(early_stopping=True).partial_fit(X, y, classes=["falls", "rises"])


def test_warm_start_goes_on():
    X, y = ragged()
    once = RNNClassifier(5, max_iter=6, random_state=0).fit(X, y)
    twice = RNNClassifier(5, max_iter=3, warm_start=True, random_state=0).fit(X, y)
    assert twice.n_iter_ == 3
    assert twice.fit(X, y).n_iter_ == 6
    assert_array_equal(twice.predict_proba(X), once.predict_proba(X))
    with pytest.raises(ValueError, match="not among"):
        twice.fit(X, np.where(y == "falls", "up", "down"))


def diverging():
    rng = np.random.RandomState(0)
    return 1e200 * rng.standard_normal((20, 5, 2)), np.arange(20) % 2


def test_divergence_names_the_cure_and_leaves_nothing_behind():
    X, y = diverging()
    model = RNNClassifier(4, cell="rnn", activation="relu", max_iter=5, random_state=0)
    with pytest.raises(ValueError, match=r"(?s)diverged.*learning_rate_init.*max_grad_norm"):
        model.fit(X, y)
    assert not [name for name in vars(model) if name.endswith("_")]
    with pytest.raises(NotFittedError):
        model.predict(X)


@pytest.mark.parametrize("how", ["fit", "warm_start", "partial_fit"])
def test_divergence_leaves_an_earlier_fit_as_it_was(how):
    X, y = diverging()
    good = X / 1e200
    model = RNNClassifier(4, cell="rnn", activation="relu", max_iter=5, warm_start=how == "warm_start", random_state=0)
    model.fit(good, y)
    before, records = model.predict_proba(good), list(model.loss_curve_)
    with pytest.raises(ValueError, match="diverged"):
        getattr(model, "partial_fit" if how == "partial_fit" else "fit")(X, y)
    assert_array_equal(model.predict_proba(good), before)
    assert model.loss_curve_ == records


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_divergence_is_seen_while_every_number_is_finite(cell):
    X, y = ragged()
    with pytest.raises(ValueError, match=r"learning_rate_init=1e\+06 and max_grad_norm=None"):
        RNNClassifier(4, cell=cell, learning_rate_init=1e6, max_grad_norm=None, random_state=0).fit(X, y)


def interrupt_in_epoch(monkeypatch, number):
    """Make Ctrl-C happen in the middle of an epoch."""
    original, calls = Trainer._step, []

    def step(self, *arguments):
        calls.append(len(self.history.records) + 1)
        if calls[-1] == number and calls.count(number) == 2:
            raise KeyboardInterrupt
        return original(self, *arguments)

    monkeypatch.setattr(Trainer, "_step", step)


def test_ctrl_c_keeps_the_last_whole_epoch(monkeypatch):
    X, y = ragged()
    settings = {"hidden_layer_sizes": 5, "batch_size": 20, "random_state": 0}
    three = RNNClassifier(max_iter=3, **settings).fit(X, y)
    interrupt_in_epoch(monkeypatch, 4)
    with pytest.warns(ConvergenceWarning, match=r"interrupted after 3 of at most 50 epochs \(max_iter\)"):
        model = RNNClassifier(max_iter=50, **settings).fit(X, y)
    assert model.n_iter_ == 3
    assert_array_equal(model.predict_proba(X), three.predict_proba(X))


def test_ctrl_c_keeps_the_best_weights_of_early_stopping(monkeypatch):
    X, y = ragged(80)
    settings = {"learning_rate_init": 0.05, "early_stopping": True, "validation_fraction": 0.25, "random_state": 0}
    settings |= {"hidden_layer_sizes": 16, "batch_size": 20, "max_iter": 200, "n_iter_no_change": 50}
    interrupt_in_epoch(monkeypatch, 30)
    with pytest.warns(ConvergenceWarning, match="best weights so far"):
        model = RNNClassifier(**settings).fit(X, y)
    assert model.n_iter_ == 29
    assert model.best_iteration_ == int(np.argmin(model.validation_loss_curve_)) + 1 < 29
    best = RNNClassifier(**{**settings, "max_iter": model.best_iteration_}).fit(X, y)
    assert_array_equal(model.predict_proba(X), best.predict_proba(X))


def test_ctrl_c_before_the_first_epoch_leaves_a_usable_estimator(monkeypatch):
    X, y = ragged()
    interrupt_in_epoch(monkeypatch, 1)
    with pytest.warns(ConvergenceWarning, match="initial weights"):
        model = RNNClassifier(5, batch_size=20, random_state=0).fit(X, y)
    assert model.predict(X).shape == (60,)


def test_ctrl_c_in_partial_fit_changes_nothing(monkeypatch):
    X, y = ragged()
    model = RNNClassifier(5, batch_size=20, random_state=0).partial_fit(X, y, classes=["falls", "rises"])
    before = model.predict_proba(X)
    interrupt_in_epoch(monkeypatch, 2)
    with pytest.raises(KeyboardInterrupt):
        model.partial_fit(X, y)
    assert_array_equal(model.predict_proba(X), before)


def test_verbose_prints_one_aligned_line_an_epoch(capsys):
    X, y = ragged()
    RNNClassifier(3, max_iter=10, early_stopping=True, n_iter_no_change=50, verbose=1, random_state=0).fit(X, y)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 10
    assert len({len(line) for line in lines}) == 1
    assert lines[0].startswith("epoch  1/10  loss ")


def test_verbose_2_is_quiet_where_the_output_is_no_terminal(capsys):
    X, y = ragged()
    RNNClassifier(3, max_iter=3, verbose=2, random_state=0).fit(X, y)
    captured = capsys.readouterr()
    assert captured.out + captured.err == ""


def test_features_per_step_reads_flat_rows_as_steps():
    rng = np.random.RandomState(0)
    X, y = rng.standard_normal((30, 4, 3)), np.arange(30) % 2
    settings = {"hidden_layer_sizes": 5, "max_iter": 3, "random_state": 0}
    deep = RNNClassifier(**settings).fit(X, y)
    flat = RNNClassifier(features_per_step=3, **settings).fit(X.reshape(30, 12), y)
    assert flat.n_features_in_ == 12
    assert deep.n_features_in_ == 3
    assert_array_equal(flat.predict_proba(X.reshape(30, 12)), deep.predict_proba(X))
    with pytest.raises(ValueError, match="not a multiple of features_per_step=3"):
        RNNClassifier(features_per_step=3).fit(X.reshape(30, 12)[:, :11], y)


def test_data_frames_of_pandas_and_polars():
    rng = np.random.RandomState(0)
    X, y = rng.standard_normal((30, 3)), np.arange(30) % 2
    names = ["first", "second", "third"]
    model = RNNClassifier(4, max_iter=3, random_state=0)
    expected = clone(model).fit(X, y).predict_proba(X)
    for frame in (pd.DataFrame(X, columns=names), pl.DataFrame(X, schema=names)):
        fitted = clone(model).fit(frame, y)
        assert_array_equal(fitted.predict_proba(frame), expected)
        # scikit-learn 1.6 does not see the names of a polars 2 frame.
        if isinstance(frame, pd.DataFrame) or hasattr(StandardScaler().fit(frame), "feature_names_in_"):
            assert_array_equal(fitted.feature_names_in_, names)
    model.set_output(transform="pandas").fit(X, y)
    assert list(model.transform(X).columns) == [f"rnnclassifier{i}" for i in range(4)]


def test_transform_feeds_a_linear_model():
    X, y = ragged(100)
    network = RNNClassifier(8, max_iter=100, learning_rate_init=0.01, random_state=0)
    pipeline = make_pipeline(network, LogisticRegression())
    assert pipeline.fit(X, y).score(X, y) > 0.85
    two_ways = RNNClassifier((5, 4), bidirectional=True, max_iter=1).fit(X, y)
    assert two_ways.transform(X).shape == (100, 8)


def test_inside_scikit_learn_tools():
    X, y = ragged()
    model = RNNClassifier(4, max_iter=3, random_state=0)
    assert cross_validate(model, X, y, cv=3, error_score="raise")["test_score"].shape == (3,)
    search = GridSearchCV(model, {"cell": ["rnn", "gru"]}, cv=2, n_jobs=2, error_score="raise").fit(X, y)
    assert search.best_estimator_.predict(X).shape == (60,)


def test_token_ids():
    rng = np.random.RandomState(0)
    X = [rng.randint(0, 6, size=steps) for steps in rng.randint(2, 9, size=100)]
    X[0][0] = 5
    y = np.array([int(2 in x) for x in X])
    model = RNNClassifier(16, embedding_dim=4, pooling="max", learning_rate_init=0.02, max_iter=150, random_state=0)
    model.fit(X, y)
    assert model.score(X, y) > 0.95
    assert model.n_features_in_ == 1
    assert model.weights_["embedding.weights"].shape == (6, 4)
    with pytest.raises(ValueError, match=r"token id 6, but the ids seen in fit were 0 to 5"):
        model.predict([np.array([0, 6])])
    with pytest.raises(ValueError, match=r"token id -1; ids are 0 or more"):
        model.predict([np.array([0, -1])])
    with pytest.raises(ValueError, match="must hold integer token ids"):
        model.predict([np.array([0.5, 1.0])])


def test_token_lists_are_sequences_even_where_their_lengths_agree():
    X = [[1, 2, 3]] * 20 + [[1, 2]] * 4
    model = RNNClassifier(3, embedding_dim=2, max_iter=1).fit(X[:20], [0, 1] * 10)
    assert model.n_features_in_ == 1
    assert model.predict(X[18:]).shape == (6,)


def test_a_token_id_that_would_need_gigabytes_is_taken_for_a_mistake():
    with pytest.raises(ValueError, match=r"token id 1000000000, so embedding_dim=2 would need a table"):
        RNNClassifier(3, embedding_dim=2).fit([np.array([0, 10**9]), np.array([1])], [0, 1])


def test_prior_correction_needs_weight_in_every_class():
    X, y = rare(60)
    model = RNNClassifier(3, prior_correction=True, max_iter=1)
    with pytest.raises(ValueError, match=r"Without rows \(or weight\) in every class"):
        model.fit(X, y, sample_weight=y)
    assert not hasattr(model, "classes_")


def test_many_threads_predict_with_one_model():
    X, y = ragged(300)
    model = RNNClassifier(8, max_iter=2, random_state=0).fit(X, y)
    expected = model.predict_proba(X)
    with ThreadPoolExecutor(4) as pool:
        for result in pool.map(model.predict_proba, [X] * 16):
            assert_array_equal(result, expected)


def test_prediction_leaves_the_estimator_and_its_pickle_as_they_were():
    X, y = ragged(300)
    model = RNNClassifier(8, max_iter=2, random_state=0).fit(X, y)
    before = pickle.dumps(model)
    model.predict_proba(X)
    assert pickle.dumps(model) == before
    assert len(before) < 50_000


@pytest.mark.parametrize(
    ("settings", "error", "message"),
    [
        ({"cell": "LSTM"}, ValueError, r"cell='LSTM' is not an option; use one of: 'rnn', 'lstm', 'gru'"),
        ({"activation": "sigmoid"}, ValueError, "activation='sigmoid' is not an option"),
        ({"activation": "relu"}, ValueError, "activation='relu' goes with cell='rnn'"),
        ({"pooling": "sum"}, ValueError, "pooling='sum' is not an option"),
        ({"recurrent_init": "zeros"}, ValueError, "recurrent_init='zeros' is not an option"),
        ({"memory_steps": 1}, ValueError, "memory_steps"),
        ({"memory_steps": "long"}, ValueError, "memory_steps='long' is not an option; use one of: 'auto', 'mean'"),
        ({"memory_steps": 20.0}, TypeError, "memory_steps"),
        ({"memory_steps": 20, "cell": "rnn"}, ValueError, "memory_steps=20 sets gates, which cell='rnn' has not"),
        ({"solver": "lbfgs"}, ValueError, "solver='lbfgs' is not an option"),
        ({"learning_rate": "adaptive"}, ValueError, "learning_rate='adaptive' is not an option"),
        ({"learning_rate": 0.01}, ValueError, r"learning_rate=0.01 is a number, .* Set learning_rate_init=0.01\."),
        ({"hidden_layer_sizes": ()}, ValueError, "hidden_layer_sizes is empty"),
        ({"hidden_layer_sizes": (4, 0)}, ValueError, "each of hidden_layer_sizes"),
        ({"hidden_layer_sizes": 2.5}, TypeError, "hidden_layer_sizes must be an int or a sequence"),
        ({"bidirectional": 1}, TypeError, "bidirectional must be True or False"),
        ({"dropout": 1.0}, ValueError, "dropout"),
        ({"learning_rate_init": 0}, ValueError, "learning_rate_init"),
        ({"learning_rate_init": float("nan")}, ValueError, "learning_rate_init"),
        ({"max_iter": 0}, ValueError, "max_iter"),
        ({"max_iter": 1.5}, TypeError, "max_iter"),
        ({"batch_size": 0}, ValueError, "batch_size"),
        ({"batch_size": "all"}, ValueError, "batch_size='all' is not an option"),
        ({"max_grad_norm": 0}, ValueError, "max_grad_norm"),
        ({"alpha": -1}, ValueError, "alpha"),
        ({"validation_fraction": 1.0}, ValueError, "validation_fraction"),
        ({"embedding_dim": 0}, ValueError, "embedding_dim"),
        ({"verbose": "yes"}, TypeError, "verbose"),
        ({"random_state": "seed"}, ValueError, "random_state='seed' is not an option"),
        ({"embedding_dim": 2, "features_per_step": 2}, ValueError, "features_per_step=2 has no meaning"),
        ({"class_weight": "rare"}, ValueError, "class_weight='rare' is not an option"),
        ({"class_weight": {"stays": 2}}, ValueError, "names the class 'stays', which is not in y"),
        ({"class_weight": {"rises": -1}}, ValueError, "class_weight"),
        ({"class_weight": {"rises": 0, "falls": 0}}, ValueError, "a weight of zero"),
    ],
)
def test_bad_hyperparameters(settings, error, message):
    X, y = ragged(20)
    model = RNNClassifier(**settings)
    with pytest.raises(error, match=message):
        model.fit(X, y)
    assert not hasattr(model, "classes_")


def test_bad_targets_and_weights():
    X, y = ragged(20)
    model = RNNClassifier(3, max_iter=1)
    with pytest.raises(ValueError, match="y has 19 labels but X has 20 rows"):
        model.fit(X, y[:-1])
    with pytest.raises(ValueError, match="at least two classes in y, got 1 class"):
        model.fit(X, ["falls"] * 20)
    with pytest.raises(ValueError, match="Negative values in sample_weight"):
        model.fit(X, y, sample_weight=-np.ones(20))
    with pytest.raises(ValueError, match="sample_weight is zero for every row"):
        model.fit(X, y, sample_weight=np.zeros(20))
    with pytest.raises(ValueError, match="sample_weight contains NaN"):
        model.fit(X, y, sample_weight=np.full(20, np.nan))
    with pytest.raises(ValueError, match=r"expected \(20,\)"):
        model.fit(X, y, sample_weight=np.ones(19))
    assert not hasattr(model, "n_features_in_")


def test_another_kind_of_input_at_predict():
    X, y = ragged(20)
    model = RNNClassifier(3, max_iter=1).fit(X, y)
    with pytest.raises(ValueError, match=r"fitted on an array \(n, steps, features\) or a list"):
        model.predict(np.zeros((4, 6)))
    flat = RNNClassifier(3, max_iter=1).fit(np.zeros((20, 6)), y)
    with pytest.raises(ValueError, match=r"fitted on an array or DataFrame \(n, columns\)"):
        flat.predict(X)
    with pytest.raises(ValueError, match="X has 3 features a step, but RNNClassifier is expecting 2"):
        model.predict([np.zeros((4, 3))])


def test_values_too_large_at_predict_are_an_error_not_nan():
    X, y = ragged(20)
    model = RNNClassifier(4, cell="rnn", activation="relu", max_iter=2, random_state=0).fit(X, y)
    with pytest.raises(ValueError, match=r"states for X\[1\] overflow float64: its values are too large"):
        model.predict([np.ones((3, 2)), np.full((3, 2), 1e308)])


@pytest.mark.parametrize("method", ["predict", "predict_proba", "predict_log_proba", "decision_function", "transform"])
def test_predict_before_fit(method):
    with pytest.raises(NotFittedError):
        getattr(RNNClassifier(), method)([np.zeros((3, 2))])
    with pytest.raises(AttributeError, match="call fit first"):
        RNNClassifier().weights_  # noqa: B018


@pytest.mark.parametrize("steps", [1, 2])
def test_one_step_and_one_row(steps):
    X, y = np.random.RandomState(0).standard_normal((8, steps, 2)), np.arange(8) % 2
    model = RNNClassifier((3, 3), bidirectional=True, max_iter=2, batch_size=1, random_state=0).fit(X, y)
    assert model.predict_proba(X[:1]).shape == (1, 2)


def test_one_long_sequence_among_short_ones():
    rng = np.random.RandomState(0)
    X = [rng.standard_normal((steps, 1)) for steps in [3000] + [3] * 100]
    model = RNNClassifier(3, max_iter=1, random_state=0).fit(X, np.arange(101) % 2)
    assert model.predict(X).shape == (101,)


def test_scaled_columns_pipeline():
    rng = np.random.RandomState(0)
    X, y = rng.standard_normal((60, 5)), np.arange(60) % 2
    X[:, 0] += y
    assert (
        make_pipeline(StandardScaler(), RNNClassifier(8, max_iter=60, learning_rate_init=0.02, random_state=0))
        .fit(X, y)
        .score(X, y)
        > 0.7
    )
