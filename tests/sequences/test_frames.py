"""Lists of data frames: their names count, within the list and at predict."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.base import BaseEstimator

from skseq.neural_network import RNNClassifier, RNNGenerator, RNNRegressor, RNNTagger, TransformerClassifier
from skseq.sequences import read_sequences

ROWS = [{"a": [1.0, 2.0], "b": [3.0, 4.0]}, {"a": [5.0], "b": [6.0]}]
VALUES = [[1, 3], [2, 4], [5, 6]]
LIBRARIES = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}


class Reader(BaseEstimator):
    """An estimator that only reads."""

    def read(self, X, reset=True, **options):
        return read_sequences(self, X, reset=reset, **options)


def fitted_on(X):
    reader = Reader()
    reader.read(X)
    return reader


@pytest.fixture(params=LIBRARIES)
def frame(request):
    return LIBRARIES[request.param]


def reordered(rows, names=("b", "a")):
    return [{name: row[name] for name in names} for row in rows]


def test_names_are_remembered(frame):
    reader = Reader()
    sequences = reader.read([frame(row) for row in ROWS])
    np.testing.assert_array_equal(sequences.values, VALUES)
    np.testing.assert_array_equal(sequences.lengths, [2, 1])
    assert list(reader.feature_names_in_) == ["a", "b"]
    assert reader.n_features_in_ == 2


@pytest.mark.parametrize(
    ("names", "part"),
    [(("b", "a"), "Their order differs"), (("a",), r"Missing: \['b'\]"), (("a", "b", "c"), r"Unseen at fit: \['c'\]")],
)
def test_names_of_fit_are_compared(frame, names, part):
    reader = fitted_on([frame(row) for row in ROWS])
    other = [{**row, "c": row["a"]} for row in ROWS]
    with pytest.raises(ValueError, match=rf"feature names should match.*{part}.*x\[model.feature_names_in_\]"):
        reader.read([frame(row) for row in reordered(other, names)], reset=False)


@pytest.mark.parametrize("names", [("b", "a"), ("a",), ("a", "c")])
def test_frames_of_one_list_have_the_same_names(frame, names):
    odd = reordered([{**ROWS[1], "c": [7.0]}], names)[0]
    with pytest.raises(ValueError, match=r"X\[1\] has the columns .*X\[0\] has \['a', 'b'\].*same columns"):
        Reader().read([frame(ROWS[0]), frame(odd)])


def test_frames_of_another_library_at_predict_are_fine():
    reader = fitted_on([pd.DataFrame(row) for row in ROWS])
    for make in LIBRARIES.values():
        np.testing.assert_array_equal(reader.read([make(row) for row in ROWS], reset=False).values, VALUES)


def test_frames_of_two_libraries_in_one_list():
    with pytest.raises(ValueError, match=r"X\[0\] is a frame of pandas, but X\[1\] is one of polars"):
        Reader().read([pd.DataFrame(ROWS[0]), pl.DataFrame(ROWS[1])])


def test_frames_and_arrays_in_one_list(frame):
    with pytest.raises(ValueError, match=r"X\[1\] is a ndarray, while X\[0\] is a frame with the columns"):
        Reader().read([frame(ROWS[0]), np.ones((1, 2))])


def test_arrays_after_frames_and_frames_after_arrays(frame):
    frames = [frame(row) for row in ROWS]
    arrays = [np.array([row["a"], row["b"]]).T for row in ROWS]
    with pytest.warns(UserWarning, match="X does not have valid feature names, but Reader was fitted with"):
        fitted_on(frames).read(arrays, reset=False)
    with pytest.warns(UserWarning, match="X has feature names, but Reader was fitted without"):
        fitted_on(arrays).read(frames, reset=False)


def test_names_that_are_no_texts_are_no_names():
    frames = [pd.DataFrame(np.ones((2, 2))), pd.DataFrame(np.ones((1, 2)))]
    assert not hasattr(fitted_on(frames), "feature_names_in_")
    fitted_on(frames).read([np.ones((2, 2))], reset=False)
    with pytest.raises(TypeError, match=r"only supported if all are strings.*\['a', 0\]"):
        Reader().read([pd.DataFrame([[1, 2]], columns=["a", 0])])
    with pytest.raises(ValueError, match="differ in their number of features"):
        Reader().read([frames[0], pd.DataFrame(np.ones((1, 3)))])


def test_reading_again_forgets_the_names():
    reader = fitted_on([pd.DataFrame(row) for row in ROWS])
    reader.read([np.ones((2, 1))])
    assert not hasattr(reader, "feature_names_in_")


MISSING = {
    "Float64": pd.Series([1, None], dtype="Float64"),
    "Float32": pd.Series([1, None], dtype="Float32"),
    "Int64": pd.Series([1, None], dtype="Int64"),
    "boolean": pd.Series([True, None], dtype="boolean"),
    "arrow": pd.Series([1, None], dtype="int64[pyarrow]"),
    "arrow bool": pd.Series([True, None], dtype="bool[pyarrow]"),
    "object": pd.Series([1.0, None], dtype=object),
    "NA in object": pd.Series([1.0, pd.NA], dtype=object),
    "polars": pl.Series([1, None]),
    "polars bool": pl.Series([True, None]),
}


@pytest.mark.parametrize("column", MISSING.values(), ids=list(MISSING))
def test_missing_values_of_every_kind_are_nan(column):
    make = pl.DataFrame if isinstance(column, pl.Series) else pd.DataFrame
    X = [make({"a": column}), make({"a": column})]
    sequences = Reader().read(X, allow_nan=True)
    np.testing.assert_array_equal(sequences.values[:, 0], [1, np.nan, 1, np.nan])
    with pytest.raises(ValueError, match=r"contains NaN: X\[0\] at step 1"):
        Reader().read(X)


@pytest.mark.parametrize(
    ("column", "part"),
    [
        (["x", "y"], "text .*OneHotEncoder"),
        (pd.Series(["x", "y"], dtype="category"), "categories"),
        (pd.to_datetime(["2026-01-01", "2026-01-02"]), "dates .*Subtract a start"),
        (pd.to_timedelta([1, 2], unit="s"), "durations .*Divide"),
    ],
    ids=["text", "categories", "dates", "durations"],
)
def test_columns_that_hold_no_numbers_are_named(column, part):
    frame = pd.DataFrame({"a": [1.0, 2.0], "odd": column})
    for make in (pd.DataFrame, pl.from_pandas, pa.Table.from_pandas):
        with pytest.raises(TypeError, match=rf"X holds {part.split()[0]} in column 'odd' of X\[0\]") as caught:
            Reader().read([make(frame)])
        assert part.split(".*")[-1] in str(caught.value) or ".*" not in part


def test_complex_columns():
    with pytest.raises(ValueError, match="Complex data not supported: column 'a'"):
        Reader().read([pd.DataFrame({"a": [1j]})])


def test_frames_may_be_kept(frame):
    rows = [{"a": [1.0, 2.0], "c": ["x", "y"]}, {"a": [5.0], "c": ["z"]}]
    sequences = Reader().read([frame(row) for row in rows], keep_frames=True)
    assert isinstance(sequences.values, type(frame(rows[0])))
    assert sequences.values.shape == (3, 2)
    assert sequences.n_features == 2


@pytest.mark.parametrize(
    "estimator",
    [
        RNNClassifier(2, max_iter=1),
        RNNRegressor(2, max_iter=1),
        TransformerClassifier(1, width=4, n_heads=1, max_iter=1),
    ],
    ids=lambda estimator: type(estimator).__name__,
)
def test_networks_compare_names(estimator, frame):
    X = [frame(row) for row in ROWS * 3]
    estimator.fit(X, [0, 1] * 3)
    assert list(estimator.feature_names_in_) == ["a", "b"]
    with pytest.raises(ValueError, match="feature names should match"):
        estimator.predict([frame(row) for row in reordered(ROWS)])


def test_taggers_compare_names(frame):
    model = RNNTagger(2, max_iter=1).fit([frame(row) for row in ROWS], [["x", "y"], ["x"]])
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict([frame(row) for row in reordered(ROWS)])
    assert not hasattr(RNNGenerator(2, max_iter=1).fit(["ab", "ba"]), "feature_names_in_")
