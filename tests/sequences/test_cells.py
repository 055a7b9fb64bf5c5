"""Containers with a sequence in each cell, and tables of Arrow."""

import array

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.ensemble import AdaBoostClassifier, BaggingClassifier
from sklearn.model_selection import GridSearchCV, cross_val_predict, learning_curve
from sklearn.preprocessing import StandardScaler

from skseq.compose import EachStep
from skseq.neural_network import RNNClassifier, RNNRegressor, RNNTagger
from skseq.over_sampling import SMOTE, RandomOverSampler
from skseq.pipeline import make_pipeline
from skseq.preprocessing import ForwardFillImputer
from skseq.sequences import read_sequences

ONE = [[1.0, 2.0], [3.0]]
TWO = [[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]]]


class Reader(BaseEstimator):
    """An estimator that only reads."""

    def read(self, X, reset=True, **options):
        return read_sequences(self, X, reset=reset, **options)


def read(X, **options):
    return Reader().read(X, **options)


def objects(items):
    """Return an array (n, 1) of objects."""
    cells = np.empty((len(items), 1), dtype=object)
    for i, item in enumerate(items):
        cells[i, 0] = np.asarray(item)
    return cells


def arrow_series(items, kind):
    return pd.Series(items, dtype=pd.ArrowDtype(kind))


CONTAINERS = {
    "polars": pl.Series,
    "polars frame": lambda items: pl.DataFrame({"x": items}),
    "polars objects": lambda items: pl.Series([np.array(item) for item in items], dtype=pl.Object),
    "arrow": pa.array,
    "arrow chunks": lambda items: pa.chunked_array([items[:1], items[1:]], pa.array(items).type),
    "arrow large": lambda items: pa.array(items, pa.large_list(pa.array(items).type.value_type)),
    "arrow slice": lambda items: pa.array([*items, *items])[len(items) :],
    "arrow table": lambda items: pa.table({"x": items}),
    "arrow scalars": lambda items: list(pa.array(items)),
    "pandas arrow": lambda items: arrow_series(items, pa.array(items).type),
    "pandas arrow frame": lambda items: pd.DataFrame({"x": arrow_series(items, pa.array(items).type)}),
    "pandas": pd.Series,
    "pandas frame": lambda items: pd.DataFrame({"x": [np.array(item) for item in items]}),
    "pandas frame of lists": lambda items: pd.DataFrame({"x": items}),
    "objects (n, 1)": objects,
    "objects (n,)": lambda items: objects(items)[:, 0],
}


@pytest.mark.parametrize("make", CONTAINERS.values(), ids=list(CONTAINERS))
@pytest.mark.parametrize("items", [ONE, TWO], ids=["one feature", "two features"])
def test_containers(make, items):
    reader = Reader()
    sequences = reader.read(make(items))
    np.testing.assert_array_equal(
        sequences.values, np.concatenate([np.reshape(item, (len(item), -1)) for item in items])
    )
    np.testing.assert_array_equal(sequences.lengths, [2, 1])
    assert (sequences.form, sequences.container) == ("sequences", "list")


@pytest.mark.parametrize("make", CONTAINERS.values(), ids=list(CONTAINERS))
def test_ids_in_cells(make):
    sequences = read(make([[1, 0], [2]]), tokens=True)
    np.testing.assert_array_equal(sequences.values, [1, 0, 2])
    assert sequences.form == "token lists"


@pytest.mark.parametrize("kind", [pl.Float32, pl.Int16])
def test_dtypes_of_list_columns(kind):
    assert read(pl.Series([[1, 2], [3]], dtype=pl.List(kind))).values.dtype == (
        np.float32 if kind == pl.Float32 else np.float64
    )


def test_lists_of_a_fixed_size():
    for X in (
        pl.Series(TWO[:1], dtype=pl.Array(pl.Float32, (2, 2))),
        pl.Series(TWO[:1], dtype=pl.List(pl.Array(pl.Float32, 2))),
        pa.array(TWO[:1], pa.list_(pa.list_(pa.float32(), 2), 2)),
    ):
        sequences = read(X)
        assert sequences.values.dtype == np.float32
        np.testing.assert_array_equal(sequences.values, TWO[0])


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame, pa.table])
def test_columns_of_lists_are_features(frame):
    reader = Reader()
    sequences = reader.read(frame({"a": ONE, "b": [[7.0, 8.0], [9.0]]}))
    np.testing.assert_array_equal(sequences.values, [[1, 7], [2, 8], [3, 9]])
    assert list(reader.feature_names_in_) == ["a", "b"]
    with pytest.raises(ValueError, match="feature names should match"):
        reader.read(frame({"b": ONE, "a": ONE}), reset=False)
    with pytest.raises(ValueError, match=r"in row 0 their cells have the shapes \(2,\), \(1,\)"):
        read(frame({"a": ONE, "b": ONE[::-1]}))
    with pytest.raises(ValueError, match=r"single values in column 'age'.*from_long\(..., static"):
        read(frame({"a": ONE, "age": [1, 2]}))


def test_missing_steps_are_nan():
    for X in (pl.Series([[1, None], [2]]), pa.array([[1, None], [2]])):
        np.testing.assert_array_equal(read(X, allow_nan=True).values[:, 0], [1, np.nan, 2])
        with pytest.raises(ValueError, match=r"contains NaN: X\[0\] at step 1"):
            read(X)


@pytest.mark.parametrize("make", [pl.Series, pa.array])
def test_missing_and_empty_cells(make):
    with pytest.raises(ValueError, match=r"X\[1\] is None of type NoneType"):
        read(make([[1.0], None]))
    with pytest.raises(ValueError, match=r"X\[1\] is an empty sequence"):
        read(make([[1.0], []]))
    with pytest.raises(ValueError, match="steps differ in their number of features"):
        read(make([[[1.0], [2.0, 3.0]]]))


@pytest.mark.parametrize("make", [pl.Series, pa.array])
def test_cells_of_text(make):
    with pytest.raises((TypeError, ValueError), match="Encode text by TokenEncoder as integer ids"):
        read(make([["a", "b"], ["c"]]))


def test_other_kinds_of_sequences():
    sequences = read([array.array("d", [1, 2]), range(3)])
    np.testing.assert_array_equal(sequences.values[:, 0], [1, 2, 0, 1, 2])


# ---- tables of Arrow ----


def test_a_table_of_arrow():
    reader = Reader()
    table = pa.table({"a": [1, 2], "b": [0.5, 1.5]})
    sequences = reader.read(table)
    np.testing.assert_array_equal(sequences.values[:, 0], [1, 0.5, 2, 1.5])
    assert (sequences.form, reader.n_features_in_, list(reader.feature_names_in_)) == ("columns", 2, ["a", "b"])
    for other in (table.to_pandas(), table):
        np.testing.assert_array_equal(reader.read(other, reset=False).values, sequences.values)
    with pytest.raises(ValueError, match="feature names should match"):
        reader.read(table.select(["b", "a"]), reset=False)
    with pytest.raises(TypeError, match="text in column 'a'"):
        read(pa.table({"a": ["x"]}))
    assert read(pa.table({"a": np.ones(2, np.float32)})).values.dtype == np.float32


def test_tables_of_arrow_with_missing_values():
    table = pa.table({"a": [1, None], "b": [True, None]})
    np.testing.assert_array_equal(read(table, allow_nan=True).values[:, 0], [1, 1, np.nan, np.nan])
    with pytest.raises(ValueError, match="contains NaN"):
        read(table)


# ---- estimators over these forms ----


def problem(n=16, features=2):
    rng = np.random.RandomState(0)
    y = np.arange(n) % 2
    return [rng.standard_normal((rng.randint(2, 6), features)) + label for label in y], y


FORMS = {
    "polars": lambda X: pl.Series([x.tolist() for x in X]),
    "arrow": lambda X: pa.array([x.tolist() for x in X]),
    "pandas arrow": lambda X: arrow_series([x.tolist() for x in X], pa.list_(pa.list_(pa.float64()))),
    "frame": lambda X: pd.DataFrame({"x": X}),
    "polars frame": lambda X: pl.DataFrame({"a": [x[:, 0] for x in X], "b": [x[:, 1] for x in X]}),
    "objects": objects,
    "frames": lambda X: [pd.DataFrame(x, columns=["a", "b"]) for x in X],
    "lists": lambda X: [x.tolist() for x in X],
}


@pytest.mark.parametrize("make", FORMS.values(), ids=list(FORMS))
def test_model_selection(make):
    X, y = problem()
    expected = cross_val_predict(RNNClassifier(3, max_iter=2, random_state=0), X, y, cv=2, method="predict_proba")
    X = make(X)
    model = make_pipeline(EachStep(StandardScaler()), RNNClassifier(3, max_iter=2, random_state=0))
    search = GridSearchCV(model, {"rnnclassifier__hidden_layer_sizes": [2, 3]}, cv=2, error_score="raise").fit(X, y)
    assert search.predict(X).shape == (16,)
    network = RNNClassifier(3, max_iter=2, random_state=0)
    np.testing.assert_allclose(cross_val_predict(network, X, y, cv=2, method="predict_proba"), expected)
    scores = learning_curve(network, X, y, train_sizes=[0.5, 1.0], cv=2, error_score="raise")[2]
    assert np.isfinite(scores).all()


@pytest.mark.parametrize(
    "make",
    [objects, lambda X: pd.DataFrame({"x": X}), lambda X: pl.DataFrame({"x": [x.tolist() for x in X]})],
    ids=["objects", "pandas", "polars"],
)
def test_bagging_of_scikit_learn(make):
    X, y = problem()
    bag = BaggingClassifier(RNNClassifier(3, max_iter=2), 2, random_state=0).fit(make(X), y)
    assert bag.predict_proba(make(X)).shape == (16, 2)


def test_boosting_of_scikit_learn():
    # It compares each cell with itself, to find NaN, which lists answer with one bool and arrays do not.
    X, y = problem()
    cells = np.empty((16, 1), dtype=object)
    for i, x in enumerate(X):
        cells[i, 0] = x.tolist()
    boosted = AdaBoostClassifier(RNNClassifier(3, max_iter=20), n_estimators=2, random_state=0).fit(cells, y)
    np.testing.assert_array_equal(boosted.predict(cells), boosted.predict(pd.DataFrame(cells)))


@pytest.mark.parametrize("make", FORMS.values(), ids=list(FORMS))
@pytest.mark.parametrize("sampler", [SMOTE(k_neighbors=2, random_state=0), RandomOverSampler(random_state=0)], ids=str)
def test_samplers(make, sampler):
    X, _ = problem()
    y = np.array([0] * 12 + [1] * 4)
    resampled, y_resampled = sampler.fit_resample(make(X), y)
    assert np.bincount(y_resampled).tolist() == [12, 12]
    expected, _ = sampler.fit_resample(X, y)
    sequences, wanted = read(resampled), read(expected)
    np.testing.assert_array_equal(sequences.lengths, wanted.lengths)
    np.testing.assert_allclose(sequences.values, wanted.values)
    network = RNNClassifier(2, max_iter=1, random_state=0)
    assert make_pipeline(sampler, network).fit(make(X), y).predict(make(X)).shape == (16,)


def test_a_table_of_arrow_is_repeated_as_it_is():
    table = pa.table({"a": [1, 2, 3], "b": ["x", "y", "z"]})
    sampler = RandomOverSampler(random_state=0)
    resampled, _ = sampler.fit_resample(table, [0, 0, 1])
    assert resampled.to_pydict() == {"a": [1, 2, 3, 3], "b": ["x", "y", "z", "z"]}
    assert list(sampler.feature_names_in_) == ["a", "b"]


# ---- lists of numbers, whose lengths are equal by chance ----


def test_lists_of_numbers_of_equal_length_in_fit_and_ragged_at_predict():
    for estimator in (RNNClassifier(2, max_iter=1), RNNRegressor(2, max_iter=1)):
        estimator.fit([[1, 2], [3, 4]], [0, 1])
        assert estimator.n_features_in_ == 2
        for X in ([[1], [2, 3, 4]], [[1, 2, 3]], np.ones((2, 2)), [np.ones(5)]):
            assert estimator.predict(X).shape == (len(X),)
        with pytest.raises(ValueError, match="X has 3 features, but"):
            estimator.predict(np.ones((2, 3)))


def test_equal_lengths_change_no_prediction():
    lists = [[1.0, 2.0], [3.0, 4.0], [2.0, 5.0]]
    for X in (lists, [np.array(x) for x in lists], np.array(lists)):
        model = RNNClassifier(2, max_iter=2, random_state=0).fit(X, [0, 1, 1])
        proba = model.predict_proba(X)
        first = proba if X is lists else first  # noqa: F821
        np.testing.assert_array_equal(proba, first)


def test_folds_of_equal_length():
    X = [[0.0, 1.0], [1.0, 2.0], [0.5, 1.0], [1.5, 2.0], [1.0, 2.0, 3.0], [0.0, 1.0], [1.0, 0.0], [0.5, 0.0, 1.0]]
    y = [0, 1, 0, 1] * 2
    folds = [([0, 1, 2, 3], [4, 5, 6, 7]), ([4, 5, 6, 7], [0, 1, 2, 3])]
    network = RNNClassifier(2, max_iter=1)
    for model in (network, make_pipeline(EachStep(StandardScaler()), network)):
        assert cross_val_predict(model, X, y, cv=folds).shape == (8,)
    tags = [["a", "b"] + ["a"] * (len(x) - 2) for x in X]
    assert [len(own) for own in cross_val_predict(RNNTagger(2, max_iter=1), X, tags, cv=folds)] == [len(x) for x in X]


def test_partial_fit_on_parts_of_equal_length():
    model = RNNClassifier(2)
    model.partial_fit([[1, 2], [3, 4]], [0, 1], classes=[0, 1])
    model.partial_fit([[1], [3, 4, 5]], [0, 1])
    model.partial_fit([[1, 2, 3]], [0])
    assert model.predict([[1, 2, 3, 4]]).shape == (1,)


def test_each_step_on_lists_of_equal_length():
    scaler = EachStep(StandardScaler()).fit([[1, 2], [3, 4]])
    assert np.shape(scaler.transform([[1, 2], [3, 4]])) == (2, 2, 1)
    assert [x.shape for x in scaler.transform([[1], [2, 3]])] == [(1, 1), (2, 1)]
    np.testing.assert_allclose(scaler.inverse_transform(scaler.transform([[1, 2], [3, 4]]))[:, :, 0], [[1, 2], [3, 4]])
    np.testing.assert_allclose(scaler.inverse_transform(scaler.transform([[1], [2, 3]]))[1], [[2], [3]])


def test_lists_of_numbers_with_several_features_per_step():
    assert read([[1, 2, 3, 4]], features_per_step=2).values.tolist() == [[1, 2], [3, 4]]
    with pytest.raises(ValueError, match=r"features_per_step=2 a list of lists of numbers is a table.*\(steps_i, 2\)"):
        read([[1, 2], [3, 4, 5, 6]], features_per_step=2)


# ---- masks ----


def masked_cube():
    cube = np.ma.array(np.arange(12.0).reshape(2, 3, 2), mask=False)
    cube[1, 2, 0] = np.ma.masked
    return cube


def masked_cells(X):
    cells = np.empty((2, 1), dtype=object)
    cells[:, 0] = list(X)
    return cells


@pytest.mark.parametrize("make", [lambda X: X, list, lambda X: X.reshape(2, 6), masked_cells])
def test_masked_values_are_an_error_or_nan(make):
    X = make(masked_cube())
    with pytest.raises(ValueError, match=r"masked array with 1 masked values, the first at .*np.ma.filled"):
        read(X)
    values = read(X, allow_nan=True).values.ravel()
    assert np.isnan(values).tolist() == [False] * 10 + [True, False]


def test_masks_of_nothing():
    X = np.ma.array(np.ones((2, 3, 2)))
    assert read(X).values.shape == (6, 2)
    assert read(list(X)).values.shape == (6, 2)


def test_masked_integers_and_ids():
    X = [np.ma.array([1, 2], mask=[0, 1]), np.array([3])]
    np.testing.assert_array_equal(read(X, allow_nan=True).values[:, 0], [1, np.nan, 3])
    for options in ({}, {"allow_nan": True}):
        with pytest.raises(ValueError, match=r"X\[0\] is a masked array"):
            read(X, tokens=True, **options)
    with pytest.raises(ValueError, match="X is a masked array"):
        RNNClassifier(2, max_iter=1).fit(masked_cube(), [0, 1])


@pytest.mark.parametrize(
    "convert",
    [
        pa.array,
        lambda x: pa.chunked_array([x[:1], x[1:]]),
        pl.Series,
        pd.Series,
        lambda x: pd.array(x, dtype="Float64"),
    ],
    ids=["Arrow", "Arrow chunks", "polars", "pandas", "pandas array"],
)
def test_lists_of_columns(convert):
    arrays = [np.arange(1.0 + i % 3) for i in range(6)]
    y = [0, 1, 0, 1, 0, 1]
    model = RNNClassifier(2, max_iter=1, random_state=0)
    expected = clone(model).fit(arrays, y).predict_proba(arrays)
    columns = [convert(x) for x in arrays]
    np.testing.assert_array_equal(model.fit(columns, y).predict_proba(columns), expected)


def test_missing_values_of_nullable_arrays_name_their_step():
    X = [pd.array([1, 2], dtype="Int64"), pd.array([1, None], dtype="Int64")]
    with pytest.raises(ValueError, match=r"contains NaN: X\[1\] at step 1.*ForwardFillImputer"):
        RNNClassifier(2, max_iter=1).fit(X, [0, 1])
    with pytest.raises(ValueError, match=r"contains NaN: X\[1\] at step 1\. Leave the step out"):
        RNNClassifier(2, max_iter=1, embedding_dim=2).fit(X, [0, 1])
    assert [x.ravel().tolist() for x in ForwardFillImputer().fit_transform(X)] == [[1, 2], [1, 1]]
