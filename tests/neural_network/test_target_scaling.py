import numpy as np
import pytest

from skseq.neural_network._target_scaling import TargetScaling


@pytest.mark.parametrize("shape", [(50,), (50, 1), (50, 3)])
@pytest.mark.parametrize("unit", [1.0, 1e-300, 1e300])
def test_scaled_targets_have_mean_zero_and_deviation_one_by_weight(shape, unit):
    rng = np.random.default_rng(0)
    y, weights = (rng.normal(size=shape) + 7) * unit, rng.random(50)
    scaling = TargetScaling(y, weights)
    scaled = scaling.scale(y)
    assert scaled.shape == (50, 1 if len(shape) == 1 else shape[1])
    np.testing.assert_allclose(np.average(scaled, axis=0, weights=weights), 0, atol=1e-12)
    np.testing.assert_allclose(np.average(scaled**2, axis=0, weights=weights), 1)
    np.testing.assert_allclose(scaling.unscale(scaled), y, rtol=1e-12)
    assert scaling.unscale(scaled).shape == shape


def test_targets_that_do_not_vary_come_back_whatever_the_outputs():
    y = np.column_stack([np.full(9, 0.1), np.zeros(9), np.arange(9.0)])
    scaling = TargetScaling(y, np.ones(9))
    np.testing.assert_array_equal(scaling.scale(y)[:, :2], 0)
    np.testing.assert_allclose(scaling.unscale(np.full((9, 3), 5.0))[:, :2], y[:, :2])


def test_the_dtype_of_outputs_is_kept():
    scaling = TargetScaling(np.arange(3.0), np.ones(3))
    assert scaling.unscale(np.zeros((2, 1), dtype=np.float32)).dtype == np.float32
