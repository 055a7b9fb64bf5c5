"""Containers that hold no rows in an order, and values that are no numbers: every estimator names them and the cure."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from skseq.compose import EachStep, EnsembleClassifier, MinimumCostClassifier, ResampledClassifier
from skseq.neural_network import RNNClassifier, RNNRegressor, TransformerClassifier
from skseq.over_sampling import SMOTE, RandomOverSampler
from skseq.pipeline import make_pipeline
from skseq.under_sampling import RandomUnderSampler

X = [np.arange(2.0 + i % 3) for i in range(8)]
Y = np.array([0, 1] * 4)


def network():
    return RNNClassifier(2, max_iter=1, random_state=0)


MODELS = [
    network(),
    EnsembleClassifier(network(), 2),
    MinimumCostClassifier(network(), [[0, 1], [2, 0]]),
    ResampledClassifier(network(), RandomOverSampler()),
    SMOTE(),
    RandomOverSampler(),
    RandomUnderSampler(),
]


def fit(model, X, y):
    return (model.fit_resample if hasattr(model, "fit_resample") else model.fit)(X, y)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: {"a": X}, r"X is of type dict, with 1 keys.*Give list\(X.values\(\)\)"),
        (lambda: {1.0, 2.0}, "X is of type set.*Give a list, which has an order"),
        (lambda: iter(X), r"X is of type list_iterator.*Give list\(X\)"),
    ],
    ids=["dict", "set", "iterator"],
)
def test_containers_without_an_order(model, make, message):
    with pytest.raises(TypeError, match=message):
        fit(model, make(), Y)


@pytest.mark.parametrize(
    "texts", ["abc", pl.Series(["ab"] * 8), pa.array(["ab"] * 8)], ids=["str", "polars", "pyarrow"]
)
def test_texts_name_the_encoder(texts):
    for model in (network(), network().set_params(embedding_dim=2)):
        with pytest.raises(ValueError, match=r"text 'ab.*numbers are needed.*TokenEncoder"):
            model.fit(texts, Y)


@pytest.mark.parametrize("model", [network(), TransformerClassifier(max_iter=1)], ids=["RNN", "Transformer"])
def test_masked_labels_name_the_mask(model):
    with pytest.raises(ValueError, match=r"y is a masked array with 1 masked of 8 values.*Drop the rows"):
        model.fit(X, np.ma.masked_array(Y, [True] + [False] * 7))


def test_labels_of_integers_and_floats_in_one_array_of_objects():
    model = network().fit(X, np.array([0.0, 1] * 4, dtype=object))
    assert model.classes_.dtype == np.float64


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (np.array(["2020", "2021"] * 4, dtype="datetime64[D]"), r"y has dtype datetime64\[D\].*Subtract a start"),
        (np.arange(8).astype("timedelta64[h]"), r"y has dtype timedelta64\[h\].*Divide by a unit"),
        (pd.Series(pd.date_range("2020", periods=8)), "y has dtype datetime64.*Subtract a start"),
        (np.arange(8) * 1j, "y has dtype complex128.*two columns"),
    ],
)
def test_targets_of_a_regression_are_numbers(y, message):
    with pytest.raises(TypeError, match=message):
        RNNRegressor(2, max_iter=1).fit(X, y)


def test_weights_that_cannot_be_read():
    with pytest.raises(
        ValueError, match=r"sample_weight cannot be read: it holds sequences\. Give one number for each"
    ):
        network().fit(X, Y, sample_weight=[np.ones(len(x)) for x in X])
    with pytest.raises(ValueError, match=r"Input sample_weight contains NaN\. sample_weight\[3\] is .*, one of 1"):
        network().fit(X, Y, sample_weight=[1, 1, 1, np.nan, 1, 1, 1, 1])


@pytest.mark.parametrize("transformer", [StandardScaler(), OneHotEncoder()], ids=lambda step: type(step).__name__)
def test_transformers_of_tables_before_list_columns(transformer):
    frame = pd.DataFrame({"x": X})
    with pytest.raises((TypeError, ValueError), match=r"reads tables, but X is a collection.*compose\.EachStep\("):
        make_pipeline(transformer, network()).fit(frame, Y)


def test_dates_in_the_steps_of_frames():
    frames = [pd.DataFrame({"a": x, "day": pd.date_range("2020", periods=len(x))}) for x in X]
    with pytest.raises(TypeError, match=r"no numbers in the columns \['day'\], which StandardScaler cannot read"):
        EachStep(StandardScaler()).fit(frames)
