"""RNNRegressor: what a user does with it, and what it says when something is wrong."""

import pickle

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
from sklearn.model_selection import GridSearchCV
from sklearn.multioutput import MultiOutputRegressor
from sklearn.pipeline import make_pipeline

from skseq import RNNRegressor
from skseq.training import Trainer


def ragged(n=80, seed=0):
    """Sequences whose target is the difference of their last and first values."""
    rng = np.random.RandomState(seed)
    X = [rng.standard_normal((steps, 2)) for steps in rng.randint(2, 9, size=n)]
    return X, np.array([x[-1, 0] - x[0, 0] for x in X])


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("loss", ["squared_error", "absolute_error", "huber"])
def test_every_cell_learns_with_every_loss(cell, loss):
    X, y = ragged(100)
    model = RNNRegressor(16, cell=cell, loss=loss, learning_rate_init=0.02, max_iter=150, random_state=0)
    assert model.fit(X, y).score(X, y) > 0.9
    assert model.loss_curve_[-1] < 0.5 * model.loss_curve_[0]


def test_the_units_of_the_targets_do_not_matter():
    X, y = ragged()
    settings = {"hidden_layer_sizes": 4, "max_iter": 5, "random_state": 0}
    plain = RNNRegressor(**settings).fit(X, y)
    moved = RNNRegressor(**settings).fit(X, 1000 * y + 1e6)
    assert_allclose(moved.predict(X), 1000 * plain.predict(X) + 1e6, rtol=1e-9)
    assert_allclose(moved.loss_curve_, plain.loss_curve_, rtol=1e-6)


@pytest.mark.parametrize("shape", [(80,), (80, 1), (80, 2)])
def test_predictions_have_the_shape_of_the_targets(shape):
    X, y = ragged()
    y = y if len(shape) == 1 else np.column_stack([y, -2 * y])[:, : shape[1]]
    model = RNNRegressor(8, learning_rate_init=0.02, max_iter=60, random_state=0).fit(X, y)
    assert model.predict(X).shape == y.shape
    assert model.n_outputs_ == (1 if len(shape) == 1 else shape[1])
    assert_allclose(model.score(X, y), r2_score(y, model.predict(X)))
    assert model.score(X, y) > 0.5


def test_several_targets_are_one_network():
    X, y = ragged()
    both = np.column_stack([y, 3 * y + 5])
    model = RNNRegressor(8, max_iter=3, random_state=0).fit(X, both)
    assert model.weights_["output.weights"].shape == (8, 2)
    each = MultiOutputRegressor(RNNRegressor(8, max_iter=3, random_state=0)).fit(
        np.stack([x[:2] for x in X])[:, :, 0], both
    )
    assert each.predict(np.zeros((3, 2))).shape == (3, 2)


def test_a_robust_loss_minds_outliers_less():
    X, y = ragged(100)
    spoilt = y.copy()
    spoilt[::25] = 500.0
    settings = {"hidden_layer_sizes": 8, "learning_rate_init": 0.02, "max_iter": 100, "random_state": 0}
    errors = {
        loss: np.median(np.abs(RNNRegressor(loss=loss, **settings).fit(X, spoilt).predict(X) - y))
        for loss in ("squared_error", "absolute_error")
    }
    assert errors["absolute_error"] < errors["squared_error"] / 2


def test_early_stopping_restores_the_weights_with_least_validation_loss(monkeypatch):
    X, y = ragged()
    seen = []
    evaluate = Trainer.evaluate
    monkeypatch.setattr(Trainer, "evaluate", lambda self, *held: seen.append(held[1]) or evaluate(self, *held))
    settings = {"learning_rate_init": 0.05, "early_stopping": True, "validation_fraction": 0.25, "random_state": 0}
    model = RNNRegressor(16, max_iter=200, n_iter_no_change=5, **settings).fit(X, y)
    assert seen[0].shape == (20, 1)
    assert model.best_iteration_ == int(np.argmin(model.validation_loss_curve_)) + 1 < model.n_iter_ < 200
    assert max(model.validation_score_curve_) < 1
    assert model.validation_score_curve_[model.best_iteration_ - 1] > 0.3


def test_partial_fit_takes_the_epochs_of_fit_and_a_new_scale_changes_no_prediction():
    X, y = ragged()
    whole = RNNRegressor(5, max_iter=4, random_state=0).fit(X, y)
    steps = RNNRegressor(5, max_iter=4, random_state=0)
    for _ in range(4):
        steps.partial_fit(X, y)
    assert_array_equal(steps.predict(X), whole.predict(X))
    before = steps.predict(X)
    steps.set_params(learning_rate_init=1e-12).partial_fit(X, 100 * y)
    assert_allclose(steps.predict(X), before, rtol=1e-6)


def test_partial_fit_weighs_over_all_calls():
    X, y = ragged()
    heavy = (
        RNNRegressor(4, batch_size=80, random_state=0)
        .partial_fit(X, y)
        .partial_fit(X, y, sample_weight=np.full(80, 3.0))
    )
    light = RNNRegressor(4, batch_size=80, random_state=0).partial_fit(X, y).partial_fit(X, y)
    assert_allclose(heavy.loss_curve_[1], 1.5 * light.loss_curve_[1], rtol=1e-6)


def test_warm_start_goes_on():
    X, y = ragged()
    model = RNNRegressor(5, max_iter=3, warm_start=True, random_state=0).fit(X, y).fit(X, y)
    assert len(model.loss_curve_) == 6
    assert model.loss_curve_[3] < model.loss_curve_[0]
    with pytest.raises(
        ValueError, match=r"y has shape \(80, 2\), but the fit to go on with had .*\('n',\).*warm_start"
    ):
        model.fit(X, np.column_stack([y, y]))


def test_float32_stays_float32():
    X, y = ragged()
    model = RNNRegressor(4, max_iter=2, random_state=0).fit([x.astype(np.float32) for x in X], y)
    assert model.predict([x.astype(np.float32) for x in X]).dtype == np.float32


def test_targets_that_never_vary():
    X, _ = ragged()
    model = RNNRegressor(4, max_iter=2, random_state=0).fit(X, np.full(80, 7.5))
    assert_allclose(model.predict(X), 7.5)


@pytest.mark.parametrize("unit", [1e-300, 1e300])
def test_tiny_and_huge_targets(unit):
    X, y = ragged()
    plain = RNNRegressor(4, max_iter=3, random_state=0).fit(X, y).predict(X)
    assert_allclose(RNNRegressor(4, max_iter=3, random_state=0).fit(X, y * unit).predict(X), plain * unit, rtol=1e-6)


def test_token_ids_and_data_frames():
    rng = np.random.RandomState(0)
    tokens = [rng.randint(4, size=rng.randint(1, 7)) for _ in range(30)]
    y = pd.Series([float((ids == 2).sum()) for ids in tokens])
    model = RNNRegressor(8, embedding_dim=3, learning_rate_init=0.02, max_iter=80, random_state=0).fit(tokens, y)
    assert model.score(tokens, y) > 0.8
    frame = pd.DataFrame(rng.standard_normal((30, 4)), columns=list("abcd"))
    model = RNNRegressor(3, max_iter=2, random_state=0).fit(frame, y.astype(int))
    assert_array_equal(model.feature_names_in_, list("abcd"))


def test_inside_scikit_learn_tools():
    X, y = ragged()
    search = GridSearchCV(RNNRegressor(3, max_iter=2, random_state=0), {"cell": ["rnn", "gru"]}, cv=2).fit(X, y)
    assert search.best_params_["cell"] in ("rnn", "gru")
    stacked = make_pipeline(RNNRegressor(6, max_iter=20, random_state=0), Ridge()).fit(X, y)
    assert stacked.score(X, y) > 0.3


def test_ctrl_c_keeps_the_last_whole_epoch(monkeypatch):
    X, y = ragged()
    expected = RNNRegressor(4, batch_size=80, max_iter=2, random_state=0).fit(X, y).predict(X)
    step, calls = Trainer._step, []

    def interrupted(self, *arguments):
        calls.append(1)
        if len(calls) > 2:
            raise KeyboardInterrupt
        return step(self, *arguments)

    monkeypatch.setattr(Trainer, "_step", interrupted)
    with pytest.warns(ConvergenceWarning, match="interrupted after 2 of at most 9 epochs"):
        model = RNNRegressor(4, batch_size=80, max_iter=9, random_state=0).fit(X, y)
    assert_array_equal(model.predict(X), expected)


def test_pickled_models_go_on_alike():
    X, y = ragged()
    model = RNNRegressor(5, dropout=0.2, random_state=0).partial_fit(X, y)
    copy = pickle.loads(pickle.dumps(model))
    assert_array_equal(copy.partial_fit(X, y).predict(X), model.partial_fit(X, y).predict(X))


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (None, "requires y to be passed, but the target y is None"),
        (np.full(80, np.nan), "y contains NaN"),
        (np.full(80, np.inf), "y contains infinity"),
        (np.zeros((80, 2, 2)), r"y has shape \(80, 2, 2\); give \(n,\) or \(n, n_outputs\)"),
        (np.zeros(79), "80"),
        (np.array(["high"] * 80), "could not convert string to float"),
        (np.zeros((80, 0)), r"0 feature\(s\)"),
    ],
)
def test_bad_targets(y, message):
    X, good = ragged()
    model = RNNRegressor(3, max_iter=1, random_state=0).fit(X, good)
    expected = model.predict(X)
    with pytest.raises(ValueError, match=message):
        model.fit(X, y)
    assert_array_equal(model.predict(X), expected)


def test_bad_parameters_and_no_fit():
    X, y = ragged()
    with pytest.raises(ValueError, match=r"loss='hinge'.*'squared_error', 'absolute_error', 'huber'"):
        RNNRegressor(loss="hinge").fit(X, y)
    with pytest.raises(ValueError, match=r"cell='tcn'"):
        RNNRegressor(cell="tcn").fit(X, y)
    with pytest.raises(ValueError, match="early_stopping=True needs all the data at once"):
        RNNRegressor(early_stopping=True).partial_fit(X, y)
    with pytest.warns(UserWarning, match="holds out no row of 1, since fit needs one"):
        RNNRegressor(early_stopping=True).fit(X[:1], y[:1])
    with pytest.raises(NotFittedError, match="RNNRegressor"):
        RNNRegressor().predict(X)
    with pytest.raises(ValueError, match="Training diverged"):
        RNNRegressor(4, cell="rnn", activation="relu", learning_rate_init=1e6, max_grad_norm=None).fit(X, y)
