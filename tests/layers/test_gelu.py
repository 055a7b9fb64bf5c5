"""GELU: values and derivatives against the normal distribution, in both precisions."""

import numpy as np
import pytest
from scipy.stats import norm

from skseq.layers import Workspace, _gelu

X = np.concatenate([np.linspace(-15, 15, 40_001), [0, -0.0, 1e-30, -1e-30, 200, -200]])


def both(x, training=True):
    derivative, values = x.copy(), np.full_like(x, np.nan)
    _gelu.gelu(derivative, values, Workspace(), training)
    return values, derivative


@pytest.mark.parametrize(("dtype", "atol"), [(np.float64, 1e-14), (np.float32, 5e-7)])
def test_values_and_derivatives(dtype, atol):
    x = X.astype(dtype)
    values, derivative = both(x)
    exact = x.astype(np.float64)
    assert values.dtype == derivative.dtype == dtype
    np.testing.assert_allclose(values, exact * norm.cdf(exact), rtol=1e-7, atol=atol)
    np.testing.assert_allclose(derivative, norm.cdf(exact) + exact * norm.pdf(exact), rtol=1e-7, atol=atol)


def test_the_tails_in_float32():
    values, derivative = both(np.array([-40, -12, 12, 40], dtype=np.float32))
    np.testing.assert_array_equal(values, [0, 0, 12, 40])
    np.testing.assert_allclose(derivative, [0, 0, 1, 1], atol=1e-30)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_prediction_leaves_the_inputs_alone(dtype):
    x = X.astype(dtype)
    values, inputs = both(x, training=False)
    np.testing.assert_array_equal(inputs, x)
    np.testing.assert_array_equal(values, both(x)[0])


@pytest.mark.parametrize("chunk", [1, 7, 1000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_chunks_change_nothing(dtype, chunk, monkeypatch):
    x = X[:40_000:40].astype(dtype).reshape(2, -1)
    expected = both(x)
    monkeypatch.setattr(_gelu, "CHUNK", chunk)
    for found, whole in zip(both(x), expected):
        np.testing.assert_allclose(found, whole, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nan_and_infinity_do_not_pass_for_numbers(dtype):
    with np.errstate(invalid="ignore", over="ignore"):
        values, _ = both(np.array([np.nan, np.inf, -np.inf], dtype=dtype))
    assert np.isnan(values[0])
    assert values[1] == np.inf
    assert not values[2] > 0
