"""Targets whose scale changes between fits, and targets and weights beyond the range of a dtype."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from skseq.neural_network import (
    RNNClassifier,
    RNNGenerator,
    RNNRegressor,
    RNNTagger,
    RNNTranslator,
    TransformerClassifier,
)
from skseq.neural_network._target_scaling import TargetScaling

rng = np.random.RandomState(0)
X = rng.standard_normal((60, 5, 1))
Y = 10 + 3 * X[:, 0, 0]


def test_a_stream_of_single_rows_learns():
    model = RNNRegressor(8, random_state=0)
    for _ in range(8):
        for row in range(60):
            model.partial_fit(X[row : row + 1], Y[row : row + 1])
    assert model.score(X, Y) > 0.8


@pytest.mark.parametrize("constant", [0.0, 1e9])
def test_a_warm_start_after_constants_learns(constant):
    model = RNNRegressor(8, warm_start=True, max_iter=60, learning_rate_init=0.02, random_state=0)
    model.fit(X, np.full(60, constant))
    assert_array_equal(model.predict(X), constant)
    model.fit(X, constant + Y).fit(X, constant + Y)
    assert model.score(X, constant + Y) > 0.8


def test_an_output_that_was_constant_at_first_learns():
    both = np.c_[Y, X[:, 4, 0]]
    model = RNNRegressor(8, learning_rate_init=0.02, random_state=0).partial_fit(X, both * [1, 0])
    for _ in range(60):
        model.partial_fit(X, both)
    assert_array_equal(np.array([np.corrcoef(a, b)[0, 1] for a, b in zip(model.predict(X).T, both.T)]) > 0.8, True)


@pytest.mark.parametrize("factor", [1.0, 100.0, 0.01])
@pytest.mark.parametrize("shift", [0.0, 30.0])
def test_a_change_of_scale_alone_changes_no_prediction(factor, shift):
    model = RNNRegressor(4, learning_rate_init=1e-300, random_state=0).partial_fit(X, Y)
    before = model.predict(X)
    model.partial_fit(X, factor * Y + shift)
    assert_allclose(model.predict(X), before, rtol=1e-10)


def test_the_scale_is_that_of_all_data():
    y, w = rng.standard_normal((30, 2)) * [1, 1e5] + [0, 7], rng.uniform(0.5, 2, size=30)
    whole = TargetScaling(y, w)
    part = TargetScaling(y[:4], w[:4])
    for first, last in ((4, 5), (5, 21), (21, 30)):
        share = w[first:last].sum() / w[:last].sum()
        part = part.merged(TargetScaling(y[first:last], w[first:last]), share)
    assert_allclose(part.mean * part.unit, whole.mean * whole.unit)
    assert_allclose(part.deviation * part.unit, whole.deviation * whole.unit)


def test_a_failed_call_leaves_the_scale_as_it_was():
    model = RNNRegressor(4, random_state=0).partial_fit(X, Y)
    before = model.predict(X)
    with pytest.raises(ValueError, match="NaN"):
        model.partial_fit(X, np.full(60, np.nan))
    assert_array_equal(model.predict(X), before)


@pytest.mark.parametrize("factor", [1e300, 1e38, 1e-40, 1e-300])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_targets_beyond_the_range_of_the_dtype(factor, dtype):
    model = RNNRegressor(4, max_iter=5, random_state=0)
    inputs = X.astype(dtype)
    expected = model.fit(inputs, Y).predict(inputs)
    predicted = model.fit(inputs, factor * Y).predict(inputs)
    assert predicted.dtype == np.float64
    assert_allclose(predicted / factor, expected, rtol=1e-3)
    assert expected.dtype == dtype


def test_validation_targets_too_far_from_those_of_fit():
    model = RNNRegressor(4, max_iter=1)
    with pytest.raises(ValueError, match=r"validation data.*y\[0\] is .*1e\+300.*too far from the targets"):
        model.fit(X.astype(np.float32), Y, X_val=X.astype(np.float32), y_val=np.full(60, 1e300))


TEXTS = ["ab", "ba"] * 30
CASES = {
    "classifier": (RNNClassifier(3), X, Y > 10),
    "balanced": (RNNClassifier(3, class_weight="balanced", prior_correction=True), X, Y > 12),
    "transformer": (TransformerClassifier(1, width=4, n_heads=1), X, Y > 10),
    "regressor": (RNNRegressor(3), X, Y),
    "tagger": (RNNTagger(3), X, X[:, :, 0] > 0),
    "generator": (RNNGenerator(3, embedding_dim=2), TEXTS, None),
    "translator": (RNNTranslator(3, embedding_dim=2), TEXTS, TEXTS),
}


@pytest.mark.parametrize(("model", "X", "y"), CASES.values(), ids=CASES)
@pytest.mark.parametrize("size", [1e-310, 1e300])
def test_weights_of_any_size(model, X, y, size):
    model.set_params(max_iter=2, random_state=0)
    plain = model.fit(X, y).weights_
    weighted = model.fit(X, y, sample_weight=np.full(60, size)).weights_
    for name, values in plain.items():
        assert_allclose(weighted[name], values, rtol=1e-4, atol=1e-7, err_msg=name)
