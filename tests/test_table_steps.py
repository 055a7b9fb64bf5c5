"""A transformer of tables before sequences: the error names EachStep."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.decomposition import PCA
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, StandardScaler

from skseq import SMOTE, RNNClassifier, make_pipeline
from skseq.compose import EachStep

LENGTHS = [3, 4, 5, 2]
ARRAYS = [np.random.RandomState(steps).standard_normal((steps, 2)) for steps in LENGTHS]
FRAMES = [pd.DataFrame(array, columns=["a", "b"]) for array in ARRAYS]
OBJECTS = np.empty(4, dtype=object)
OBJECTS[:] = ARRAYS
LABELS = [0, 1, 0, 1]


@pytest.mark.parametrize(
    "X",
    [
        ARRAYS,
        [array[:2] for array in ARRAYS],
        np.stack([array[:2] for array in ARRAYS]),
        OBJECTS,
        pd.Series(ARRAYS),
        FRAMES,
        [frame[:2] for frame in FRAMES],
        [pl.from_pandas(frame) for frame in FRAMES],
        [array[:, 0].tolist() for array in ARRAYS],
        pl.Series([array[:, 0].tolist() for array in ARRAYS]),
    ],
)
@pytest.mark.parametrize("transformer", [StandardScaler(), SimpleImputer(), OneHotEncoder()], ids=str)
def test_the_error_names_each_step(X, transformer):
    name = type(transformer).__name__
    for steps in ([transformer], [EachStep(StandardScaler()), transformer]):
        with pytest.raises(ValueError, match=rf"{name} reads tables, but X is .* skseq.compose.EachStep\({name}\("):
            make_pipeline(*steps, RNNClassifier(4)).fit(X, LABELS)


def test_other_methods_and_samplers():
    pipeline = make_pipeline(SMOTE(k_neighbors=1), PCA(1))
    for method in (pipeline.fit_transform, pipeline.fit, make_pipeline(PCA(1), SMOTE(k_neighbors=1)).fit_resample):
        with pytest.raises(ValueError, match=r"EachStep\(PCA\(n_components=1\)\)"):
            method(np.zeros((8, 3, 2)), [0, 0, 0, 0, 0, 1, 1, 1])


@pytest.mark.parametrize(
    ("pipeline", "X", "message"),
    [
        (make_pipeline(StandardScaler(), RNNClassifier(4)), np.zeros((2, 2, 2, 2)), "^Found array with dim 4"),
        (make_pipeline(StandardScaler(), LogisticRegression()), [1.0, 2.0, 3.0, 4.0], "^Expected 2D array, got 1D"),
        (make_pipeline(FunctionTransformer(), LogisticRegression()), np.zeros((4, 2, 2)), "^Found array with dim 3"),
        (make_pipeline(EachStep(StandardScaler()), LogisticRegression()), np.zeros((4, 2, 2)), "^Found array with dim"),
        (make_pipeline(StandardScaler(), RNNClassifier(4)), [["a"], ["b"], ["c"], ["d"]], "^could not convert"),
    ],
)
def test_other_errors_stay_as_they_are(pipeline, X, message):
    with pytest.raises(ValueError, match=message):
        pipeline.fit(X, LABELS)
