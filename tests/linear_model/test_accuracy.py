"""Default settings come near the optimum on data of many kinds, whichever stages and Hessians they go through."""

import numpy as np
import pytest
from scipy import sparse
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression

from skseq.linear_model import CostSensitiveLogisticRegression


def make(seed, n_classes, share=0.02, n=1500, d=8):
    """Return columns (one skewed, one binary, two near each other), units for them, and classes, all rare but one."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n, d)) @ (np.eye(d) + 0.4 * rng.normal(size=(d, d)))
    X[:, 0] = np.exp(X[:, 0])
    X[:, 1] = rng.random(n) < share
    X[:, 2] = X[:, 3] + 0.05 * X[:, 2]
    standard = (X - X.mean(axis=0)) / X.std(axis=0)
    logits = standard @ rng.normal(size=(d, n_classes)) + rng.gumbel(size=(n, n_classes))
    logits -= np.quantile(logits - logits[:, :1], 0.95, axis=0)
    return standard, 10.0 ** rng.uniform(-4, 4, d), logits.argmax(axis=1)


def value(coef, intercept, X, y, class_weight, C):
    logits = X @ coef.T + intercept
    if logits.shape[1] == 1:
        logits = np.column_stack([np.zeros(len(y)), logits])
    losses = logsumexp(logits, axis=1) - logits[np.arange(len(y)), y]
    return class_weight[y] @ losses + 0.5 * np.vdot(coef, coef) / C


@pytest.fixture(params=["whole", "stages"])
def stages(request, monkeypatch):
    """All rows in float64 at once, as in data of this size, or a sample and single precision first."""
    if request.param == "stages":
        monkeypatch.setattr("skseq.linear_model._stages.PAYS", 1)
        monkeypatch.setattr("skseq.linear_model._stages.FEWEST", 3)
        monkeypatch.setattr("skseq.linear_model._coordinates.ROWS_OF_A_CLASS", 2)


@pytest.mark.parametrize("solver", ["newton-cholesky", "lbfgs", "newton-cg"])
@pytest.mark.parametrize("class_weight", ["balanced", {0: 1.0, 1: 300.0}, None])
@pytest.mark.parametrize(("n_classes", "C"), [(2, 1e-4), (2, 1.0), (2, np.inf), (3, 1e-2), (3, 100.0), (4, 1.0)])
def test_near_the_optimum(n_classes, C, class_weight, solver, stages):
    X, _, y = make(n_classes, n_classes)
    # Only Newton's Hessian tells how far the optimum is where the objective is flat.
    tol, rtol = (1e-6, 1e-5) if solver == "newton-cholesky" else (1e-9, 1e-4)
    model = CostSensitiveLogisticRegression(class_weight, C=C, solver=solver, tol=tol).fit(X, y)
    best = LogisticRegression(class_weight=class_weight, C=C, solver="newton-cholesky", tol=1e-10).fit(X, y)
    args = X, y, model.class_weight_, C
    assert value(model.coef_, model.intercept_, *args) <= value(best.coef_, best.intercept_, *args) * (1 + 1e-9)
    # For several classes without a penalty, only differences between them count.
    expected = best.coef_ - (best.coef_.mean(axis=0) if n_classes > 2 and np.isinf(C) else 0.0)
    np.testing.assert_allclose(model.coef_, expected, atol=rtol * np.abs(expected).max(), rtol=0)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
def test_units_do_not_matter(seed, container, stages):
    n_classes = 2 + seed % 3
    X, units, y = make(seed, n_classes, share=0.4)
    plain = CostSensitiveLogisticRegression(C=np.inf, tol=1e-9).fit(X, y)
    scaled = CostSensitiveLogisticRegression(C=np.inf).fit(container(X * units), y)
    np.testing.assert_allclose(scaled.coef_ * units, plain.coef_, atol=1e-5 * np.abs(plain.coef_).max(), rtol=0)


def test_a_column_that_few_rows_have(stages):
    # No sampled row may have it.
    X, _, y = make(0, 2)
    X = np.column_stack([X, np.zeros(len(y))])
    X[[3, 77, 500, 501, 901, 1301], -1] = 1.0
    y[[3, 500]], y[[77, 501]] = 1, 0
    model = CostSensitiveLogisticRegression(C=1e4).fit(X, y)
    best = LogisticRegression(class_weight="balanced", C=1e4, solver="newton-cholesky", tol=1e-10).fit(X, y)
    np.testing.assert_allclose(model.coef_, best.coef_, atol=1e-5 * np.abs(best.coef_).max(), rtol=0)
