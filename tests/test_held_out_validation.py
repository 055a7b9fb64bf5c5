"""Validation data are held out before the sampler, in pipelines and in ResampledClassifier."""

import inspect
import warnings

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import clone, config_context
from sklearn.base import BaseEstimator
from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingClassifier
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline as plain_pipeline
from sklearn.preprocessing import StandardScaler

from skseq.compose import EachStep, EnsembleClassifier, MinimumCostClassifier, ResampledClassifier
from skseq.neural_network import RNNClassifier, RNNRegressor, TransformerClassifier
from skseq.over_sampling import ADASYN, SMOTE, BorderlineSMOTE, RandomOverSampler
from skseq.pipeline import make_pipeline
from skseq.under_sampling import RandomUnderSampler

rng = np.random.RandomState(0)
Y = np.repeat(["usual", "rare"], [80, 20])
TABLE = rng.standard_normal((100, 4)) + (Y == "rare")[:, None]
RAGGED = [row[: rng.randint(2, 5)] for row in TABLE]
SETTINGS = {"early_stopping": True, "max_iter": 4, "learning_rate_init": 0.02, "random_state": 3}
NETWORK = RNNClassifier(3, **SETTINGS)
SAMPLERS = [RandomOverSampler, SMOTE, BorderlineSMOTE, ADASYN]
TRAIN, HELD = train_test_split(np.arange(100), test_size=0.1, stratify=Y, random_state=3)

takes_validation_data = pytest.mark.skipif(
    "X_val" not in inspect.signature(HistGradientBoostingClassifier().fit).parameters, reason="scikit-learn < 1.7"
)


def part(X, rows):
    return [X[row] for row in rows]


def by_hand(model, X, sampler, y=Y):
    """Return the model, fitted on resampled rows after a part was held out."""
    X_new, y_new = sampler.fit_resample(part(X, TRAIN), y[TRAIN])
    return clone(model).fit(X_new, y_new, X_val=part(X, HELD), y_val=y[HELD])


def assert_same(model, other):
    assert model.validation_loss_curve_ == other.validation_loss_curve_
    for name, weights in model.weights_.items():
        assert_array_equal(weights, other.weights_[name], err_msg=name)


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("X", [RAGGED, TABLE], ids=["ragged", "table"])
def test_a_part_is_held_out_before_each_sampler(sampler, X):
    sampler = sampler(random_state=0)
    expected = by_hand(NETWORK, X, sampler)
    assert_same(make_pipeline(sampler, NETWORK).fit(X, Y)[-1], expected)
    assert_same(ResampledClassifier(NETWORK, sampler).fit(X, Y).estimator_, expected)


def test_a_transformer_too():
    model = TransformerClassifier(1, width=4, n_heads=1, **SETTINGS)
    sampler = RandomOverSampler(random_state=0)
    assert_same(make_pipeline(sampler, model).fit(RAGGED, Y)[-1], by_hand(model, RAGGED, sampler))


def test_transformers_are_fitted_on_the_training_part_and_transform_the_rest():
    model = make_pipeline(StandardScaler(), SMOTE(random_state=0), StandardScaler(), clone(NETWORK)).fit(TABLE, Y)
    assert_allclose(model[0].mean_, TABLE[TRAIN].mean(axis=0))
    X_val = model[2].transform(model[0].transform(TABLE[HELD]))
    network = model[-1]
    codes = (Y[HELD] == "usual").astype(int)
    losses = -network.predict_log_proba(X_val)[np.arange(10), codes]
    assert_allclose(network.validation_loss_curve_[network.best_iteration_ - 1], losses.mean(), rtol=1e-10)


def test_weights_of_a_step_are_cut_to_its_rows():
    weights = np.arange(100.0)
    model = make_pipeline(StandardScaler(), RandomOverSampler(random_state=0), clone(NETWORK))
    model.fit(TABLE, Y, standardscaler__sample_weight=weights)
    assert_allclose(model[0].mean_, np.average(TABLE[TRAIN], axis=0, weights=weights[TRAIN]))


@pytest.mark.parametrize("wrapped", ["pipeline", "minimum cost", "both"])
def test_networks_inside_of_others(wrapped):
    sampler = RandomOverSampler(random_state=0)
    inner = clone(NETWORK)
    if wrapped in ("minimum cost", "both"):
        inner = MinimumCostClassifier(inner)
    if wrapped in ("pipeline", "both"):
        inner = plain_pipeline(EachStep(StandardScaler()), inner)
    fitted = ResampledClassifier(inner, sampler).fit(RAGGED, Y).estimator_
    X = RAGGED
    if wrapped != "minimum cost":
        train = sampler.fit_resample(part(X, TRAIN), Y[TRAIN])[0]
        assert_allclose(fitted[0].transformer_.mean_, StandardScaler().fit(np.concatenate(train)[:, None]).mean_)
        network = fitted[-1]
    else:
        network = fitted
    network = getattr(network, "estimator_", network)
    if wrapped == "minimum cost":
        assert_same(network, by_hand(NETWORK, X, sampler))
    assert len(network.validation_loss_curve_) == network.n_iter_
    assert fitted.predict(X).shape == (100,)


@pytest.mark.parametrize(
    "around",
    [
        lambda network: EnsembleClassifier(network, 2, random_state=0),
        lambda network: EnsembleClassifier(network, 2, sampler=RandomUnderSampler(), random_state=0),
        lambda network: MinimumCostClassifier(EnsembleClassifier(network, 2, random_state=0)),
        lambda network: ResampledClassifier(network, None),
        lambda network: ResampledClassifier(network, RandomUnderSampler(random_state=0)),
    ],
)
@pytest.mark.parametrize("outer", [make_pipeline, lambda sampler, last: ResampledClassifier(last, sampler)])
def test_ensembles_and_samplers_after_a_sampler_share_its_validation_data(outer, around):
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "(?s).*holds out its validation data")
        model = outer(RandomOverSampler(random_state=0), around(NETWORK)).fit(RAGGED, Y)
    sampler = model[0] if hasattr(model, "steps") else model.sampler_
    assert len(sampler.parents_) == 54  # copies of 18 rare rows, beside 72 others; two of 20 were held out
    assert model.predict(RAGGED).shape == (100,)


def test_a_regressor_holds_out_any_rows():
    class Doubling(BaseEstimator):
        def fit_resample(self, X, y):
            self.rows_ = len(X)
            return list(X) * 2, np.tile(y, 2)

    model = make_pipeline(Doubling(), RNNRegressor(3, **SETTINGS)).fit(RAGGED, TABLE[:, 0])
    assert model[0].rows_ == 90
    assert len(model[-1].validation_loss_curve_) == model[-1].n_iter_


def test_without_early_stopping_nothing_is_held_out():
    sampler = RandomOverSampler(random_state=0)
    network = clone(NETWORK).set_params(early_stopping=False)
    fitted = make_pipeline(sampler, network).fit(RAGGED, Y)[-1]
    alone = clone(network).fit(*sampler.fit_resample(RAGGED, Y))
    assert_array_equal(fitted.predict_proba(RAGGED), alone.predict_proba(RAGGED))
    assert fitted.validation_loss_curve_ is None


def test_validation_data_of_the_user_are_taken():
    sampler = RandomOverSampler(random_state=0)
    held = {"X_val": part(RAGGED, HELD), "y_val": Y[HELD]}
    expected = clone(NETWORK).fit(*sampler.fit_resample(RAGGED, Y), **held)
    piped = make_pipeline(sampler, clone(NETWORK))
    piped.fit(RAGGED, Y, **{f"rnnclassifier__{name}": value for name, value in held.items()})
    assert_same(piped[-1], expected)
    assert_same(ResampledClassifier(NETWORK, sampler).fit(RAGGED, Y, **held).estimator_, expected)
    with config_context(enable_metadata_routing=True):
        requesting = clone(NETWORK).set_fit_request(X_val=True, y_val=True)
        piped = make_pipeline(sampler, requesting, transform_input=["X_val"]).fit(RAGGED, Y, **held)
        assert_same(piped[-1], expected)
        assert_same(ResampledClassifier(requesting, sampler).fit(RAGGED, Y, **held).estimator_, expected)


@pytest.mark.parametrize("routing", [False, True])
def test_with_metadata_routing_nothing_need_be_requested(routing):
    sampler = RandomOverSampler(random_state=0)
    with config_context(enable_metadata_routing=routing):
        assert_same(make_pipeline(sampler, clone(NETWORK)).fit(RAGGED, Y)[-1], by_hand(NETWORK, RAGGED, sampler))


def test_a_class_of_one_row_stays_in_training():
    y = np.array(["usual"] * 99 + ["rare"])
    with pytest.warns(UserWarning, match="every class is trained on. The smallest class has 1") as caught:
        model = make_pipeline(RandomOverSampler(random_state=0), clone(NETWORK)).fit(RAGGED, y)
    assert [warning.filename for warning in caught] == [__file__]
    assert_array_equal(model.classes_, ["rare", "usual"])


# Estimators of scikit-learn


@takes_validation_data
@pytest.mark.parametrize("wrapped", [make_pipeline, lambda sampler, last: ResampledClassifier(last, sampler)])
def test_hist_gradient_boosting(wrapped):
    boosting = HistGradientBoostingClassifier(early_stopping=True, max_iter=5, random_state=3)
    sampler = RandomOverSampler(random_state=0)
    model = wrapped(sampler, boosting).fit(TABLE, Y)
    expected = clone(boosting).fit(*sampler.fit_resample(TABLE[TRAIN], Y[TRAIN]), X_val=TABLE[HELD], y_val=Y[HELD])
    assert_array_equal(model.predict_proba(TABLE), expected.predict_proba(TABLE))


@takes_validation_data
@pytest.mark.parametrize(("n", "held"), [(10_001, True), (6_000, True), (4_000, False)])
def test_hist_gradient_boosting_that_decides_by_the_number_of_rows(n, held):
    class Doubling(BaseEstimator):
        def fit_resample(self, X, y):
            self.rows_ = len(X)
            return np.tile(X, (2, 1)), np.tile(y, 2)

    X, y = np.arange(float(n))[:, None] % 7, np.arange(n) % 2
    model = make_pipeline(Doubling(), HistGradientBoostingClassifier(max_iter=1, max_leaf_nodes=3)).fit(X, y)
    assert model[0].rows_ == (n * 0.9 if held else n) // 1
    assert model[-1].do_early_stopping_ == held


@pytest.mark.parametrize(
    ("model", "cure"),
    [
        (MLPClassifier(2, early_stopping=True, max_iter=1), "set early_stopping=False of MLPClassifier"),
        (SGDClassifier(early_stopping=True), "set early_stopping=False of SGDClassifier"),
        (GradientBoostingClassifier(n_estimators=2, n_iter_no_change=1), "set n_iter_no_change=None of Gradient"),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("wrapped", [make_pipeline, lambda sampler, last: ResampledClassifier(last, sampler)])
@pytest.mark.filterwarnings("ignore:Stochastic Optimizer")
def test_estimators_without_validation_data_of_their_own_warn(model, cure, wrapped):
    with pytest.warns(UserWarning, match=f"(?s)holds out its validation data.*after the sampler.*{cure}") as caught:
        wrapped(RandomOverSampler(random_state=0), model).fit(TABLE, Y)
    assert __file__ in [warning.filename for warning in caught]


def test_estimators_that_hold_out_nothing_are_left_alone():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for model in (
            SGDClassifier(),
            GradientBoostingClassifier(n_estimators=2),
            HistGradientBoostingClassifier(max_iter=1),
        ):
            make_pipeline(RandomOverSampler(random_state=0), model).fit(TABLE, Y)
        boosting = HistGradientBoostingClassifier(early_stopping=True, validation_fraction=None, max_iter=2)
        make_pipeline(RandomOverSampler(random_state=0), boosting).fit(TABLE, Y)
