"""warm_start and partial_fit: what goes on, what may change, and what may not."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from skseq import RNNClassifier

ARCHITECTURE = [
    {"hidden_layer_sizes": 7},
    {"hidden_layer_sizes": (4, 4)},
    {"cell": "lstm"},
    {"cell": "rnn"},
    {"bidirectional": True},
    {"pooling": "max"},
    {"features_per_step": 2},
]

TRAINING = [
    {"solver": "sgd"},
    {"learning_rate_init": 0.3},
    {"alpha": 10.0},
    {"batch_size": 5},
    {"max_grad_norm": 1e-6},
    {"shuffle": False, "batch_size": 5},
    {"dropout": 0.5},
]


def data(n=24, features=2):
    rng = np.random.RandomState(0)
    return rng.standard_normal((n, 5, features)), np.arange(n) % 2


def fitted(**settings):
    X, y = data()
    return RNNClassifier(4, max_iter=3, random_state=0, **settings).fit(X, y)


def go_on(model, how):
    X, y = data()
    return model.fit(X, y) if how == "warm_start" else model.partial_fit(X, y)


@pytest.mark.parametrize("how", ["warm_start", "partial_fit"])
@pytest.mark.parametrize("setting", ARCHITECTURE, ids=str)
def test_another_network_is_refused(setting, how):
    X, _ = data()
    model = fitted(warm_start=how == "warm_start")
    before = model.predict_proba(X)
    model.set_params(**setting)
    [name] = setting
    with pytest.raises(ValueError, match=f"{name}=.*but the network to go on with has {name}="):
        go_on(model, how)
    assert_array_equal(model.predict_proba(X), before)


@pytest.mark.parametrize("how", ["warm_start", "partial_fit"])
@pytest.mark.parametrize("setting", TRAINING, ids=str)
def test_other_settings_of_training_are_used(setting, how):
    X, _ = data()
    same = go_on(fitted(warm_start=how == "warm_start"), how)
    other = go_on(fitted(warm_start=how == "warm_start").set_params(**setting), how)
    assert other.n_iter_ == same.n_iter_
    assert (other.predict_proba(X) != same.predict_proba(X)).any()


def test_sizes_written_another_way_are_the_same_network():
    model = fitted(warm_start=True).set_params(hidden_layer_sizes=[np.int64(4)])
    assert go_on(model, "warm_start").n_iter_ == 6


def test_progress_counts_the_epochs_of_all_fits(capsys):
    go_on(fitted(warm_start=True).set_params(verbose=1), "warm_start")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in lines] == ["epoch 4/6", "epoch 5/6", "epoch 6/6"]


def test_a_warm_start_begins_a_new_cosine():
    X, y = data()
    model = RNNClassifier(4, max_iter=5, learning_rate="cosine", warm_start=True, random_state=0).fit(X, y)
    rates = [record.learning_rate for record in model.fit(X, y)._trainer.history.records]
    assert rates[:5] == rates[5:]


def test_partial_fit_goes_along_one_cosine():
    X, y = data()
    once = RNNClassifier(4, max_iter=5, learning_rate="cosine", random_state=0).fit(X, y)
    model = RNNClassifier(4, max_iter=5, learning_rate="cosine", random_state=0)
    for _ in range(5):
        model.partial_fit(X, y, classes=[0, 1])
    assert_array_equal(model.predict_proba(X), once.predict_proba(X))


def test_epochs_without_a_validation_part_are_nan_in_its_curves():
    X, y = data(60)
    model = RNNClassifier(4, max_iter=2, warm_start=True, random_state=0).fit(X, y)
    model.set_params(early_stopping=True).fit(X, y)
    for curve in (model.validation_loss_curve_, model.validation_score_curve_):
        assert_array_equal(np.isnan(curve), [True, True, False, False])


def test_heavy_rows_of_a_later_call_are_no_divergence():
    X, y = data(4000)
    model = RNNClassifier(2, cell="rnn", random_state=0).partial_fit(X, y, classes=[0, 1])
    model.partial_fit(X[:2], y[:2], sample_weight=[1e9, 1e9])
    assert np.isfinite(model.predict_proba(X[:2])).all()


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        ([0, 1, np.nan], r"classes\[2\] is .*nan"),
        ([0, 1, None], "classes=.*is not a list of class labels"),
        ([[0, 1], [2, 3]], "classes=.*is not a list of class labels"),
        ([[0], [1, 2]], "classes=.*is not a list of class labels"),
        ("ab", "classes='ab' is not a list of class labels"),
    ],
)
def test_bad_classes(classes, message):
    X, y = data()
    with pytest.raises(ValueError, match=message):
        RNNClassifier(2).partial_fit(X, y, classes=classes)


def test_a_fitted_network_reads_X_as_it_was_fitted():
    rng = np.random.RandomState(0)
    X, y = rng.standard_normal((20, 6)), np.arange(20) % 2
    model = RNNClassifier(3, max_iter=2, features_per_step=2, random_state=0).fit(X, y)
    before = model.predict_proba(X)
    assert_array_equal(model.set_params(features_per_step=1).predict_proba(X), before)
