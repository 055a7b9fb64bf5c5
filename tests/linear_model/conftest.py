import numpy as np
import pytest


@pytest.fixture
def X():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(5000, 6)) * 10.0 ** np.arange(-2, 4)
    X[:, 2] = 0.1
    X[rng.random((5000, 6)) < 0.2] = 0.0
    return X


@pytest.fixture
def weights():
    weights = np.random.default_rng(1).random(5000)
    weights[::7] = 0.0
    return weights / weights.sum()
