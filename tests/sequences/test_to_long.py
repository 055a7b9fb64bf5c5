"""Predictions back to a long table, for every library of keys."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from skseq.neural_network import RNNClassifier, RNNTagger
from skseq.sequences import from_long, to_long

LIBRARIES = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}
TABLE = {"id": [2, 1, 2, 1, 2], "t": [0, 1, 2, 0, 1], "x": [5.0, 2.0, 7.0, 1.0, 6.0], "y": [1, 0, 1, 0, 1]}


@pytest.fixture(params=LIBRARIES)
def make(request):
    return LIBRARIES[request.param]


def columns(table):
    names = table.column_names if isinstance(table, pa.Table) else list(table.columns)
    return {name: np.asarray(table[name]).tolist() for name in names}


def key_name(make):
    return "key" if make is pa.table else "id"


def test_values_of_steps(make):
    X, _, keys = from_long(make(TABLE), by="id", sort="t", features="x")
    table = to_long([x[:, 0] for x in X], keys)
    assert isinstance(table, type(make(TABLE)))
    assert columns(table) == {key_name(make): [1, 1, 2, 2, 2], "step": [0, 1, 0, 1, 2], "value": [1, 2, 5, 6, 7]}


def test_the_rows_are_those_of_the_sorted_table():
    table = pd.DataFrame(TABLE)
    X, _, keys = from_long(table, by="id", sort="t", features="x")
    ordered = table.sort_values(["id", "t"], ignore_index=True)
    assert ordered.assign(back=to_long([x[:, 0] for x in X], keys)["value"]).eval("back == x").all()


def test_probabilities_of_steps(make):
    X, y, keys = from_long(make(TABLE), by="id", sort="t", features="x", y="y", y_per="step")
    model = RNNTagger(2, max_iter=1, random_state=0).fit(X, y)
    table = columns(to_long(model.predict_proba(X), keys, names=model.classes_))
    assert list(table) == [key_name(make), "step", "0", "1"]
    np.testing.assert_allclose(np.add(table["0"], table["1"]), 1)
    np.testing.assert_array_equal(table["0"], np.concatenate(model.predict_proba(X))[:, 0])


def test_one_value_per_sequence(make):
    X, y, keys = from_long(make(TABLE), by="id", sort="t", features="x", y="y")
    model = RNNClassifier(2, max_iter=1, random_state=0).fit(X, y)
    assert columns(to_long(model.predict(X), keys)) == {key_name(make): [1, 2], "value": model.predict(X).tolist()}
    proba = model.predict_proba(X)
    assert columns(to_long(proba, keys)) == {key_name(make): [1, 2], "value_0": proba[:, 0].tolist(),
                                             "value_1": proba[:, 1].tolist()}  # fmt: skip
    assert columns(to_long(proba.tolist(), keys))["step"] == [0, 1, 0, 1]  # lists hold steps


def test_several_keys(make):
    keys = from_long(make(TABLE), by=["y", "id"], features="x")[2]
    assert columns(to_long([["a"], ["b", "c"]], keys)) == {
        "y": [0, 1, 1], "id": [1, 2, 2], "step": [0, 0, 1], "value": ["a", "b", "c"]
    }  # fmt: skip


def test_some_of_the_keys(make):
    keys = from_long(make(TABLE), by="id", features="x")[2]
    assert columns(to_long([[0.5]], keys[1:])) == {key_name(make): [2], "step": [0], "value": [0.5]}


def test_arrays_of_steps():
    values = np.arange(12.0).reshape(2, 3, 2)
    table = to_long(values, pd.Index([1, 2], name="id"))
    assert table["value_0"].tolist() == [0, 2, 4, 6, 8, 10]
    assert table["step"].tolist() == [0, 1, 2, 0, 1, 2]
    objects = np.empty(2, dtype=object)
    objects[:] = [np.array([1]), np.array([2, 3])]
    assert to_long(objects, pd.Index([1, 2], name="id"))["value"].tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    "keys", [["a", "b"], np.array(["a", "b"]), [("a", 1), ("b", 2)]], ids=["list", "array", "tuples"]
)
def test_keys_of_no_library(keys):
    table = to_long([[1], [2, 3]], keys)
    assert {name: column.tolist() for name, column in table.items()} == {
        "key": [list(keys)[i] for i in (0, 1, 1)], "step": [0, 0, 1], "value": [1, 2, 3]
    }  # fmt: skip


def test_keys_without_a_name():
    assert list(to_long([[1]], pd.Index([5])).columns) == ["key", "step", "value"]
    assert list(to_long([[1]], pd.MultiIndex.from_tuples([(5, 6)])).columns) == ["key_0", "key_1", "step", "value"]
    assert to_long([[1]], pl.Series([5])).columns == ["key", "step", "value"]


def test_names():
    keys = pd.Index([5], name="step")
    with pytest.raises(
        ValueError, match=r"Two columns would be called 'step'\. Give other names, or another name of step"
    ):
        to_long([[1]], keys)
    assert list(to_long([[1]], keys, step="hour", names="alarm").columns) == ["step", "hour", "alarm"]
    with pytest.raises(ValueError, match="names has 1 names, but the values have 2 columns"):
        to_long([[[1, 2]]], keys, names=["a"])
    with pytest.raises(ValueError, match="Two columns would be called 'a'"):
        to_long([[[1, 2]]], keys, step="hour", names=["a", "a"])


@pytest.mark.parametrize("given", ["text", 2.5, True, None, np.array(1.0)], ids=repr)
def test_a_single_value_is_no_list(given):
    with pytest.raises((TypeError, ValueError), match=r"values is .*Give a list|values has shape \(\)"):
        to_long(given, ["a"])
    with pytest.raises(TypeError, match=r"keys is .*Give a list"):
        to_long([[1.0]], given)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[1], [2]], "values has 2 sequences but keys has 1.*keys.test."),
        (np.ones(3), "values has 3 sequences but keys has 1"),
        ([], "values is empty"),
        ([[[1, 2]], [[1]]], r"values\[1\] has shape \(1, 1\) and values\[0\] \(1, 2\)"),
        (np.ones((1, 2, 3, 4)), r"shape \(1, 2, 3, 4\)"),
    ],
)
def test_values_that_do_not_fit(values, message):
    with pytest.raises(ValueError, match=message):
        to_long(values, pd.Index([5]))


def test_masked_values_are_missing():
    masked = np.ma.masked_array([[1.0, 2.0], [3.0, 4.0]], [[False, True], [False, False]])
    keys = pd.Index([5, 6])
    np.testing.assert_array_equal(to_long(masked, keys)["value_1"], [np.nan, 4.0])
    table = to_long([masked[0], np.array([3.0])], keys)
    np.testing.assert_array_equal(table["value"], [1.0, np.nan, 3.0])


@pytest.mark.parametrize(
    "values",
    [
        pl.Series([[1, 2], [3]]),
        pa.array([[1, 2], [3]]),
        pd.Series([np.array([1, 2]), np.array([3])]),
        pd.DataFrame({"x": [[1, 2], [3]]}),
    ],
    ids=["polars", "pyarrow", "pandas", "frame"],
)
def test_columns_with_a_sequence_in_each_cell(values):
    table = to_long(values, pd.Index(["a", "b"]))
    assert table["key"].tolist() == ["a", "a", "b"]
    assert table["value"].tolist() == [1, 2, 3]


def test_numbers_beside_texts_stay_numbers():
    assert to_long([[1], [2]], ["a", 1])["key"].tolist() == ["a", 1]
    assert to_long(["a", 1], [5, 6])["value"].tolist() == ["a", 1]
    assert to_long([np.array(["a"]), np.array([1])], [5, 6])["value"].tolist() == ["a", 1]


@pytest.mark.parametrize(
    ("values", "keys", "message"),
    [
        ({"a": [1]}, ["a"], r"values is a dict.*Give list\(values.values\(\)\)"),
        ([[1]], {"a": 1}, r"keys is a dict.*Give list\(keys\)"),
        ([[1], 2], ["a", "b"], r"values\[1\] is 2, a single value, while other items are sequences"),
        ([2, [1]], ["a", "b"], r"values\[0\] is 2, a single value"),
        ([[[1, 2], [3]]], ["a"], r"values\[0\] is a list of parts of different lengths"),
        ([np.ones((2, 2, 2))], ["a"], r"values\[0\] has shape \(2, 2, 2\)\. Give arrays"),
        ([[1]], pd.MultiIndex.from_tuples([(1, 2)], names=[None, "key_0"]), "more than one column named 'key_0'"),
        ([[1]], pd.DataFrame([[1, 2]], columns=["a", "a"]), "keys has more than one column named 'a'"),
    ],
)
def test_values_and_keys_that_are_refused(values, keys, message):
    with pytest.raises((TypeError, ValueError), match=message):
        to_long(values, keys)
