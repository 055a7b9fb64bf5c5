"""Long tables to sequences, for every library of tables."""

import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn.model_selection import cross_val_score

from skseq.neural_network import RNNClassifier, RNNTagger
from skseq.sequences import from_long

LIBRARIES = {"pandas": pd.DataFrame, "polars": pl.DataFrame, "pyarrow": pa.table}

COLUMNS = {
    "machine": ["b", "a", "b", "a", "b"],
    "hour": [0, 1, 2, 0, 1],
    "load": [5.0, 2.0, 7.0, 1.0, 6.0],
    "heat": [50.0, 20.0, 70.0, 10.0, 60.0],
    "state": ["ok", "worn", "ok", "worn", "ok"],
}


@pytest.fixture(params=LIBRARIES)
def make(request):
    """Return a function that makes a table of COLUMNS with some replaced, or left out where None."""

    def make_table(**other):
        columns = {name: values for name, values in {**COLUMNS, **other}.items() if values is not None}
        return LIBRARIES[request.param](columns)

    return make_table


def as_lists(X):
    return [np.asarray(x).tolist() for x in X]


def test_sequences_targets_and_keys(make):
    X, y, keys = from_long(make(), by="machine", sort="hour", y="state")
    assert as_lists(X) == [[[1, 10], [2, 20]], [[5, 50], [6, 60], [7, 70]]]
    assert y.tolist() == ["worn", "ok"]
    assert np.asarray(keys).tolist() == ["a", "b"]


def test_keys_are_of_the_library():
    for make, kind, several in ((pd.DataFrame, pd.Index, pd.MultiIndex), (pl.DataFrame, pl.Series, pl.DataFrame)):
        assert isinstance(from_long(make(COLUMNS), by="machine", features="load")[2], kind)
        assert from_long(make(COLUMNS), by="machine", features="load")[2].name == "machine"
        keys = from_long(make(COLUMNS), by=["machine", "state"], features="load")[2]
        assert isinstance(keys, several)
        assert len(keys) == 2
    assert isinstance(from_long(pa.table(COLUMNS), by="machine", features="load")[2], pa.Array)
    assert from_long(pa.table(COLUMNS), by=["machine", "state"], features="load")[2].column_names == [
        "machine",
        "state",
    ]


def test_without_sort_the_order_of_the_rows_stays(make):
    X, y, _ = from_long(make(), by="machine", features="load")
    assert y is None
    assert as_lists(X) == [[[2], [1]], [[5], [7], [6]]]


def test_views_of_one_block(make):
    X, _, _ = from_long(make(), by="machine", features=["load", "heat"])
    assert X[0].base is not None
    assert X[0].base is X[1].base
    assert X[0].flags.c_contiguous


@pytest.mark.parametrize("y_per", ["step", "sequence"])
def test_targets(make, y_per):
    _, y, _ = from_long(make(), by="machine", sort="hour", y="state", y_per=y_per, features="load")
    assert as_lists(y) == ([["worn"] * 2, ["ok"] * 3] if y_per == "step" else ["worn", "ok"])


@pytest.mark.parametrize(
    ("labels", "kind"),
    [([1, 0, 1, 0, 1], "i"), ([0.5, 1.5, 0.5, 1.5, 0.5], "f"), ([True, False, True, False, True], "b")],
    ids=["integers", "floats", "booleans"],
)
def test_targets_keep_their_kind(make, labels, kind):
    _, y, _ = from_long(make(state=labels), by="machine", y="state", features="load")
    assert y.dtype.kind == kind
    assert y.tolist() == [labels[1], labels[0]]


def test_several_columns_identify_a_sequence_and_order_its_steps(make):
    table = make(line=[1, 1, 2, 1, 1], day=[1, 0, 0, 0, 0])
    X, _, keys = from_long(table, by=["machine", "line"], sort=["day", "hour"], features="load")
    assert as_lists(X) == [[[1], [2]], [[6], [5]], [[7]]]
    names = keys.column_names if hasattr(keys, "column_names") else getattr(keys, "names", None) or keys.columns
    assert list(names) == ["machine", "line"]


IDS = {
    "integers": [7, -3, 7, -3, 7],
    "large integers": [2**62, -(2**62), 2**62, -(2**62), 2**62],
    "floats": [0.5, -1.5, 0.5, -1.5, 0.5],
    "booleans": [True, False, True, False, True],
    "dates": [datetime.date(2026, 1, 2), datetime.date(2026, 1, 1)] * 2 + [datetime.date(2026, 1, 2)],
    "decimals": [Decimal("2.5"), Decimal("1.5")] * 2 + [Decimal("2.5")],
}


@pytest.mark.parametrize("ids", IDS.values(), ids=list(IDS))
def test_ids_of_every_kind(make, ids):
    X, _, keys = from_long(make(machine=ids), by="machine", sort="hour", features="load")
    assert as_lists(X) == [[[1], [2]], [[5], [6], [7]]]
    assert len(keys) == 2


def test_categories_as_ids():
    category = pd.DataFrame(COLUMNS).astype({"machine": "category"})
    for table in (category, pl.from_pandas(category), pa.Table.from_pandas(category)):
        X, _, keys = from_long(table, by="machine", sort="hour", features="load")
        assert as_lists(X) == [[[1], [2]], [[5], [6], [7]]]
        assert np.asarray(keys).tolist() == ["a", "b"]


STAMPS = {
    "floats": [0.25, 1.5, 2.75, 0.5, 1.0],
    "infinite": [-np.inf, 1.5, np.inf, 0.5, 1.0],
    "huge": [0.0, 1e300, 2e300, 1.0, 1e300],
    "dates": [datetime.datetime(2026, 1, day) for day in (1, 2, 3, 1, 2)],
    "time zones": [datetime.datetime(2026, 1, day, tzinfo=datetime.UTC) for day in (1, 2, 3, 1, 2)],
    "days": [datetime.date(2026, 1, day) for day in (1, 2, 3, 1, 2)],
    "durations": [datetime.timedelta(days=day) for day in (1, 2, 3, 1, 2)],
    "ISO dates": ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-01", "2026-01-02"],
    "ISO times": [f"2026-01-01T{hour:02}:30" for hour in (1, 2, 3, 1, 2)],
    "unsigned": np.array([0, 1, 2**64 - 1, 0, 1], dtype=np.uint64),
}


@pytest.mark.parametrize("stamps", STAMPS.values(), ids=list(STAMPS))
def test_time_stamps_of_every_kind(make, stamps):
    X, _, _ = from_long(make(hour=stamps), by="machine", sort="hour", features="load")
    assert as_lists(X) == [[[1], [2]], [[5], [6], [7]]]


def test_a_sorted_table_stays():
    table = pd.DataFrame(COLUMNS).sort_values(["machine", "hour"])
    assert as_lists(from_long(table, by="machine", sort="hour", features="load")[0]) == [[[1], [2]], [[5], [6], [7]]]


def test_sorting_is_that_of_pandas():
    rng = np.random.RandomState(0)
    n = 500
    table = pd.DataFrame({"id": rng.randint(0, 40, n), "t": rng.permutation(n), "x": rng.standard_normal(n)})
    X, _, keys = from_long(table, by="id", sort="t")
    ordered = table.sort_values(["id", "t"])
    np.testing.assert_array_equal(np.concatenate(X)[:, 0], ordered["x"])
    groups = dict(tuple(ordered.groupby("id")))
    assert list(keys) == list(groups)
    for x, key in zip(X, keys):
        np.testing.assert_array_equal(x[:, 0], groups[key]["x"])


def test_levels_of_an_index():
    table = pd.DataFrame(COLUMNS).set_index(["machine", "hour"])
    X, y, keys = from_long(table, by="machine", sort="hour", y="state")
    assert as_lists(X) == [[[1, 10], [2, 20]], [[5, 50], [6, 60], [7, 70]]]
    assert y.tolist() == ["worn", "ok"]
    assert keys.name == "machine"


def test_columns_named_by_numbers_and_tuples():
    table = pd.DataFrame({0: [1, 1], 1: [2.0, 3.0]})
    assert as_lists(from_long(table, by=0)[0]) == [[[2], [3]]]
    table.columns = pd.MultiIndex.from_tuples([("a", "id"), ("b", "x")])
    assert as_lists(from_long(table, by=("a", "id"))[0]) == [[[2], [3]]]


def test_features_may_be_an_index_of_names():
    table = pd.DataFrame(COLUMNS)
    assert from_long(table, by="machine", features=table.columns[2:4])[0][0].shape == (2, 2)


# ---- dtypes ----


@pytest.mark.parametrize(
    ("dtype", "expected"),
    [(np.float32, np.float32), (np.float64, np.float64), (np.int32, np.int32), (np.int64, np.int64), (bool, float)],
)
def test_dtypes_of_the_block(make, dtype, expected):
    values = np.array([1, 0, 1, 0, 1], dtype=dtype)
    X, _, _ = from_long(make(load=values, heat=values), by="machine", features=["load", "heat"])
    assert X[0].dtype == expected
    assert as_lists(X) == [[[0, 0], [0, 0]], [[1, 1], [1, 1], [1, 1]]]


def test_mixed_dtypes_are_float64(make):
    X, _, _ = from_long(
        make(load=np.ones(5, np.float32), heat=np.ones(5, int)), by="machine", features=["load", "heat"]
    )
    assert X[0].dtype == np.float64


def test_decimals_are_numbers(make):
    X, _, _ = from_long(make(load=[Decimal("1.5")] * 5), by="machine", features="load")
    assert as_lists(X) == [[[1.5]] * 2, [[1.5]] * 3]


def test_missing_values_are_nan():
    for column in (
        pd.array([5, None, 7, 1, 6], dtype="Int64"),
        pd.array([5, None, 7, 1, 6], dtype="Float32"),
        pd.array([5, None, 7, 1, 6], dtype="int64[pyarrow]"),
        np.array([5, None, 7, 1, 6], dtype=object),
    ):
        X, _, _ = from_long(pd.DataFrame({**COLUMNS, "load": column}), by="machine", sort="hour", features="load")
        np.testing.assert_array_equal(X[0][:, 0], [1, np.nan])
    for library in (pl.DataFrame, pa.table):
        X, _, _ = from_long(
            library({**COLUMNS, "load": [5, None, 7, 1, 6]}), by="machine", sort="hour", features="load"
        )
        np.testing.assert_array_equal(X[0][:, 0], [1, np.nan])


# ---- columns that are no numbers ----


def test_frames_where_a_column_is_no_number(make):
    X, _, _ = from_long(make(), by="machine", sort="hour", features=["load", "state"])
    assert isinstance(X[0], type(make()))
    assert [x.shape for x in X] == [(2, 2), (3, 2)]
    assert [np.asarray(x).tolist() for x in X] == [[[1, "worn"], [2, "worn"]], [[5, "ok"], [6, "ok"], [7, "ok"]]]


def test_one_column_of_text_by_its_name(make):
    X, _, _ = from_long(make(), by="machine", features="state")
    assert as_lists(X) == [["worn", "worn"], ["ok"] * 3]
    assert from_long(make(), by="machine", features=["state"])[0][0].shape == (2, 1)


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ([datetime.datetime(2026, 1, 1)] * 5, "dates in column 'heat'.*Subtract a start and divide by a unit"),
        ([datetime.timedelta(days=1)] * 5, "durations in column 'heat'.*Divide it by a unit"),
    ],
    ids=["dates", "durations"],
)
def test_dates_are_no_features(make, column, message):
    with pytest.raises(TypeError, match=message):
        from_long(make(heat=column), by="machine", sort="hour", features=["load", "heat"])


def test_lists_are_no_features():
    for library in (pl.DataFrame, pa.table):
        with pytest.raises(TypeError, match="lists in column 'heat'"):
            from_long(library({**COLUMNS, "heat": [[1.0]] * 5}), by="machine", features="heat")


# ---- static columns ----


def test_static_columns_are_the_last_features(make):
    X, _, _ = from_long(make(age=[3, 9, 3, 9, 3]), by="machine", sort="hour", y="state", static="age")
    assert as_lists(X) == [[[1, 10, 9], [2, 20, 9]], [[5, 50, 3], [6, 60, 3], [7, 70, 3]]]


def test_static_columns_fill_their_gaps(make):
    X, _, _ = from_long(make(age=[None, 9, 3, None, None]), by="machine", sort="hour", features="load", static=["age"])
    assert as_lists(X) == [[[1, 9], [2, 9]], [[5, 3], [6, 3], [7, 3]]]


def test_a_static_column_without_a_value_stays_missing(make):
    X, _, _ = from_long(make(age=[3, None, None, None, None]), by="machine", sort="hour", features="load", static="age")
    np.testing.assert_array_equal(X[0][:, 1], [np.nan, np.nan])
    np.testing.assert_array_equal(X[1][:, 1], [3, 3, 3])


def test_static_columns_of_text(make):
    X, _, _ = from_long(
        make(kind=["x", None, None, "y", None]), by="machine", sort="hour", features="load", static="kind"
    )
    assert [np.asarray(x).tolist() for x in X] == [[[1, "y"], [2, "y"]], [[5, "x"], [6, "x"], [7, "x"]]]


def test_static_columns_that_change(make):
    with pytest.raises(
        ValueError, match=r"static column 'hour' changes within the sequence machine='a': 0 at step 0 and 1"
    ):
        from_long(make(), by="machine", sort="hour", features="load", static="hour")


# ---- errors ----


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"by": "machin"}, r"by='machin' is not a column of the table. Did you mean 'machine'\?"),
        ({"by": "machine", "sort": "hours"}, r"sort='hours' is not .* Did you mean 'hour'\?"),
        ({"by": "machine", "y": "stat"}, r"y='stat' is not .* Did you mean 'state'\?"),
        ({"by": "machine", "features": ["load", "xyz"]}, r"features='xyz' is not .* Its columns are \['machine'"),
        ({"by": "machine", "static": "lod"}, r"static='lod' is not .* Did you mean 'load'\?"),
        ({"by": ["machine", ["x"]]}, r"by=\['x'\] is not a column"),
        ({"by": []}, "by=.* names no column"),
        ({"by": ["machine", "machine"]}, "names 'machine' twice"),
        ({"by": "machine", "features": ["load", "load"]}, "features=.* names 'load' twice"),
        ({"by": "machine", "features": ["load", "state"], "y": "state"}, "features and y both name the column 'state'"),
        ({"by": "machine", "features": ["load", "machine"]}, "features and by both name the column 'machine'"),
        ({"by": "machine", "y": "machine"}, "y and by both name"),
        ({"by": "machine", "y": "state", "y_per": "row"}, "y_per='row' is not an option"),
        ({"by": "state", "sort": "load", "y": "machine", "features": "heat"}, None),
        ({"by": "machine", "sort": "hour", "y": "load"}, "y='load' changes within the sequence machine='a': 1.0 at "
         r"step 0 and 2.0 at step 1 \(row 1 of the table\).*y_per=\"step\""),
        ({"by": "state", "sort": "machine"}, "sort='machine' holds text such as 'b'"),
        ({"by": ["machine", "hour", "load", "heat", "state"]}, "No column is left for the features"),
    ],
)  # fmt: skip
def test_arguments(make, arguments, message):
    if message is None:
        from_long(make(), **arguments)
        return
    with pytest.raises(ValueError, match=message):
        from_long(make(), **arguments)


def test_repeated_time_stamps(make):
    message = r"sequence machine='b' has two steps with hour=0, in rows 0 and 4 .* 1 steps are repeated.*aggregate"
    with pytest.raises(ValueError, match=message):
        from_long(make(hour=[0, 1, 2, 0, 0]), by="machine", sort="hour")


@pytest.mark.parametrize("parameter", ["by", "sort", "y"])
def test_missing_ids_stamps_and_targets(make, parameter):
    column = {"by": "machine", "sort": "load", "y": "state"}[parameter]
    values = [None if i == 3 else value for i, value in enumerate(COLUMNS[column])]
    arguments = {"by": "machine", "sort": "load", "y": "state", "features": "heat"}
    for y_per in ("sequence", "step"):
        with pytest.raises(ValueError, match=rf"{parameter}='{column}' has missing values in 1 of 5 rows.*row 3"):
            from_long(make(**{column: values}), **arguments, y_per=y_per)


def test_nan_is_missing(make):
    with pytest.raises(ValueError, match="sort='load' has missing values"):
        from_long(make(load=[1.0, np.nan, 2.0, 3.0, 4.0]), by="machine", sort="load")


@pytest.mark.parametrize(
    "stamps", [["9", "10", "11", "9", "10"], ["1/2/2026", "2/2/2026", "3/2/2026"] + ["1/3/2026"] * 2]
)
def test_text_that_does_not_sort_by_time(make, stamps):
    with pytest.raises(ValueError, match=r"holds text such as .* letters and not of time. Convert"):
        from_long(make(hour=stamps), by="machine", sort="hour", features="load")


def test_empty_tables(make):
    table = make()
    with pytest.raises(ValueError, match="table has 0 rows"):
        from_long(table.slice(0, 0) if hasattr(table, "slice") else table[:0], by="machine")


def test_columns_of_one_name():
    table = pd.DataFrame([[1, 2.0, 3.0]], columns=["id", "x", "x"])
    with pytest.raises(ValueError, match="more than one column named 'x'"):
        from_long(table, by="id")
    with pytest.raises(ValueError, match="more than one column named 'x'"):
        from_long(pa.table([[1], [2], [3]], names=["id", "x", "x"]), by="id")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (pl.DataFrame(COLUMNS).lazy(), r"LazyFrame.*table.collect\(\)"),
        (COLUMNS, "type dict.*pandas.DataFrame"),
        (np.ones((2, 2)), "type ndarray"),
        (pd.Series([1, 2]), r"type Series.*table.reset_index\(\)"),
    ],
    ids=["lazy", "dict", "array", "Series"],
)
def test_what_is_no_table(table, message):
    with pytest.raises(TypeError, match=message):
        from_long(table, by="machine")


# ---- with estimators ----


def test_a_classifier_and_a_tagger_on_a_table(make):
    X, y, _ = from_long(make(), by="machine", sort="hour", y="state")
    assert set(RNNClassifier(2, max_iter=1).fit(X, y).predict(X)) <= {"ok", "worn"}
    X, y, _ = from_long(make(), by="machine", sort="hour", y="state", y_per="step")
    assert len(RNNTagger(2, max_iter=1).fit(X, y).predict(X)) == 2


def test_ids_of_tokens(make):
    X, y, _ = from_long(make(load=[0, 1, 2, 1, 0]), by="machine", sort="hour", features="load", y="state")
    assert RNNClassifier(2, max_iter=1, embedding_dim=2).fit(X, y).predict(X).shape == (2,)


def test_cross_validation():
    rng = np.random.RandomState(0)
    table = pd.DataFrame({"id": np.repeat(np.arange(12), 3), "x": rng.standard_normal(36)})
    table["y"] = table["id"] % 2
    X, y, _ = from_long(table, by="id", y="y")
    assert np.isfinite(cross_val_score(RNNClassifier(2, max_iter=1), X, y, cv=2)).all()


def test_a_text_column_is_named_by_the_network(make):
    X, y, _ = from_long(make(kind=list("xyxyx")), by="machine", sort="hour", features=["load", "kind"], y="state")
    with pytest.raises(TypeError, match=r"text in column 'kind' of X\[0\].*OneHotEncoder"):
        RNNClassifier(2, max_iter=1).fit(X, y)


# ---- ids and time stamps that floats would round ----

LARGE = [2**70 + 1, 2**70, 2**70 + 1, 2**70, 2**70 + 1]


def decimals(values):
    return [Decimal(value) for value in values]


@pytest.mark.parametrize(
    "convert",
    [
        lambda values: pd.DataFrame({**COLUMNS, "machine": values}),
        lambda values: pd.DataFrame({**COLUMNS, "machine": decimals(values)}),
        lambda values: pd.DataFrame(
            {**COLUMNS, "machine": pd.array(decimals(values), dtype=pd.ArrowDtype(pa.decimal128(38, 0)))}
        ),
        lambda values: pl.DataFrame({**COLUMNS, "machine": pl.Series(values, dtype=pl.Int128)}),
        lambda values: pl.DataFrame({**COLUMNS, "machine": pl.Series(decimals(values), dtype=pl.Decimal(38, 0))}),
        lambda values: pa.table({**COLUMNS, "machine": pa.array(decimals(values), pa.decimal128(38, 0))}),
    ],
    ids=["pandas", "pandas decimals", "pandas of Arrow", "polars", "polars decimals", "pyarrow decimals"],
)
def test_neighbouring_ids_of_any_size_are_different_sequences(convert):
    X, y, keys = from_long(convert(LARGE), by="machine", sort="hour", y="state")
    assert as_lists(X) == [[[1, 10], [2, 20]], [[5, 50], [6, 60], [7, 70]]]
    assert y.tolist() == ["worn", "ok"]
    assert list(map(int, keys.to_pylist() if hasattr(keys, "to_pylist") else keys)) == [2**70, 2**70 + 1]


def test_integers_and_floats_in_one_column_of_ids():
    table = pd.DataFrame({"id": np.array([2**53 + 1, 2**53, 7.0], dtype=object), "x": [1.0, 2.0, 3.0]})
    assert as_lists(from_long(table, by="id")[0]) == [[[3]], [[2]], [[1]]]


def test_neighbouring_time_stamps_of_any_size():
    table = pd.DataFrame({"id": 0, "ns": [2**70 + 2, 2**70, 2**70 + 1], "x": [2.0, 0.0, 1.0]})
    assert as_lists(from_long(table, by="id", sort="ns")[0]) == [[[0], [1], [2]]]


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame({**COLUMNS, "machine": [{"a": 1}] * 5}),
        pd.DataFrame({**COLUMNS, "machine": [[1]] * 5}),
        pa.table({**COLUMNS, "machine": [[1]] * 5}),
        pa.table({**COLUMNS, "machine": [{"a": 1}] * 5}),
        pl.DataFrame({**COLUMNS, "machine": pl.Series([object()] * 5, dtype=pl.Object)}),
    ],
    ids=["dicts", "lists", "Arrow lists", "Arrow structs", "polars objects"],
)
def test_ids_without_an_order(table):
    with pytest.raises(TypeError, match=r"by='machine' holds .*, which cannot be sorted\. Convert the column"):
        from_long(table, by="machine", features="load")


def test_views_of_strings():
    table = pa.table({**COLUMNS, "machine": pa.array(COLUMNS["machine"]).cast(pa.string_view())})
    assert as_lists(from_long(table, by="machine", sort="hour", features="load")[0]) == [[[1], [2]], [[5], [6], [7]]]


@pytest.mark.parametrize("convert", [lambda table: table, pl.from_pandas, pa.Table.from_pandas])
def test_dates_as_targets_and_in_errors(convert):
    days = pd.to_datetime(["2020-01-02", "2020-01-01", "2020-01-02", "2020-01-01", "2020-01-02"])
    table = convert(pd.DataFrame({**COLUMNS, "day": days}))
    y = from_long(table, by="machine", features="load", y="day")[1]
    assert y.astype("datetime64[D]").astype(str).tolist() == ["2020-01-01", "2020-01-02"]
    with pytest.raises(ValueError, match="two steps with day=2020-01-01 00:00:00"):
        from_long(table, by="machine", sort="day", features="load")


def test_structs_and_lists_are_no_features():
    for column, what in (([{"a": 1}] * 5, "structs"), ([[1.0]] * 5, "lists")):
        with pytest.raises(TypeError, match=f"X holds {what} in column 'load'.*Give one column per"):
            from_long(pl.DataFrame({**COLUMNS, "load": column}), by="machine")


def test_the_target_is_no_static_feature(make):
    with pytest.raises(ValueError, match="static and y both name the column 'state'"):
        from_long(make(), by="machine", y="state", static="state")
