"""Sample weights near the ends of float64: the right model, or an error that says what to do."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from skseq.linear_model import CostSensitiveLogisticRegression


def data():
    rng = np.random.RandomState(0)
    return rng.standard_normal((30, 3)), np.arange(30) % 2


@pytest.mark.parametrize("weight", [1e-320, 1e-310, 1e-300])
def test_next_to_no_weight_leaves_the_penalty_alone(weight):
    X, y = data()
    model = CostSensitiveLogisticRegression().fit(X, y, sample_weight=np.full(30, weight))
    assert_allclose(model.coef_, 0, atol=1e-100)
    assert_allclose(model.predict_proba(X), 0.5)


@pytest.mark.parametrize("weight", [1e-300, 1e300])
def test_without_a_penalty_the_scale_of_weights_does_not_matter(weight):
    X, y = data()
    model = CostSensitiveLogisticRegression(C=np.inf)
    expected = model.fit(X, y).coef_
    assert_allclose(model.fit(X, y, sample_weight=np.full(30, weight)).coef_, expected, rtol=1e-4)


def test_a_class_of_no_weight_beside_the_others():
    X, y = data()
    weights = np.where(y == 0, 1e300, 1e-300)
    with pytest.raises(ValueError, match="class 1 a total weight of zero, or of nothing beside the others"):
        CostSensitiveLogisticRegression(None).fit(X, y, sample_weight=weights)
    with pytest.raises(ValueError, match="too far apart for class_weight='balanced'"):
        CostSensitiveLogisticRegression().fit(X, y, sample_weight=weights)
