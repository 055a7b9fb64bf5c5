"""Warnings point at the line of the user."""

import warnings

import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from skseq import SMOTE, RNNClassifier
from skseq._user_warnings import warn_user
from skseq.pipeline import Pipeline

X = [[[0.0]], [[1.0]], [[1.0], [2.0]], [[3.0]]]


def test_outside_of_any_library_it_is_the_caller():
    with pytest.warns(UserWarning, match="text") as caught:
        warn_user("text")
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "fit",
    [
        lambda model: model.fit(X[:2], [0, 1]),
        lambda model: make_pipeline(FunctionTransformer(), model).fit(X[:2], [0, 1]),
        lambda model: Pipeline([("model", model)]).fit(X[:2], [0, 1]),
        lambda model: cross_val_score(model, X, [0, 1, 0, 1], cv=2),
    ],
    ids=["fit", "scikit-learn's pipeline", "pipeline", "cross-validation"],
)
def test_through_pipelines_and_searches(fit):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        fit(RNNClassifier(2, max_iter=1, early_stopping=True))
    assert {warning.filename for warning in caught} == {__file__}


@pytest.mark.parametrize(
    "resample",
    [
        lambda sampler, X, y: sampler.fit_resample(X, y),
        lambda sampler, X, y: Pipeline([("sampler", sampler), ("model", LogisticRegression())]).fit(X, y),
    ],
)
def test_samplers(resample):
    with pytest.warns(UserWarning, match="Class 1 has 2 rows, fewer than k_neighbors") as caught:
        resample(SMOTE(), [[0.0], [1.0], [2.0], [3.0], [4.0]], [0, 0, 0, 1, 1])
    assert caught[0].filename == __file__
