import numpy as np
import pytest

from skseq.over_sampling import SMOTE

Y = np.repeat([0, 1], [20, 10])
X = np.random.RandomState(0).randn(30, 3)
SAMPLER = SMOTE(random_state=0)
EXPECTED = SAMPLER.fit_resample(X, Y)[0]
INTEGERS = np.arange(30)


@pytest.fixture
def pandas():
    return pytest.importorskip("pandas")


@pytest.fixture
def polars():
    return pytest.importorskip("polars")


def resample(X, **parameters):
    return SMOTE(random_state=0, **parameters).fit_resample(X, Y)[0]


@pytest.mark.parametrize("gap", ["row", "feature"])
def test_pandas_equals_array(pandas, gap):
    frame = pandas.DataFrame(X, columns=["a", "b", "c"], index=range(7, 37))
    before = frame.copy()
    sampler = SMOTE(random_state=0, gap=gap)
    X_res, _ = sampler.fit_resample(frame, Y)
    pandas.testing.assert_frame_equal(X_res, pandas.DataFrame(resample(X, gap=gap), columns=frame.columns))
    pandas.testing.assert_frame_equal(frame, before)
    assert sampler.feature_names_in_.tolist() == ["a", "b", "c"]
    assert sampler.n_features_in_ == 3
    i, j = sampler.parents_.T
    rows, gaps = frame.to_numpy(), sampler.gaps_.reshape(len(i), -1)
    np.testing.assert_array_equal(X_res.to_numpy()[30:], rows[j] + gaps * (rows[i] - rows[j]))


def test_pandas_keeps_dtypes(pandas):
    frame = pandas.DataFrame(
        {
            "single": X[:, 0].astype(np.float32),
            "double": X[:, 1],
            "half": INTEGERS.astype(np.float16),
            "nullable": pandas.array(X[:, 2], dtype="Float64"),
            "nullable single": pandas.array(X[:, 2], dtype="Float32"),
            "sparse": pandas.arrays.SparseArray(np.round(X[:, 1])),
        }
    )
    X_res = resample(frame)
    assert X_res.dtypes.tolist() == frame.dtypes.tolist()
    pandas.testing.assert_frame_equal(X_res[:30], frame)
    np.testing.assert_array_equal(X_res["single"][30:], resample(frame.astype(float))["single"][30:].astype(np.float32))


def test_pandas_integers_stay_and_children_are_rounded(pandas):
    frame = pandas.DataFrame(
        {
            "int": INTEGERS,
            "short": INTEGERS.astype(np.int8),
            "nullable": pandas.array(INTEGERS, dtype="Int64"),
            "nullable short": pandas.array(INTEGERS, dtype="UInt8"),
            "sparse": pandas.arrays.SparseArray(INTEGERS),
        }
    )
    X_res = resample(frame)
    assert X_res.dtypes.tolist() == frame.dtypes.tolist()
    floats = resample(frame.astype(float))
    for name in frame:
        assert X_res[name].tolist() == np.rint(floats[name]).tolist()
    assert (floats["int"] % 1 != 0).any()


def test_pandas_objects_that_are_numbers_become_float64(pandas):
    frame = pandas.DataFrame({"a": X[:, 0], "b": INTEGERS.astype(object)})
    X_res = resample(frame)
    assert X_res.dtypes.tolist() == [np.float64, np.float64]
    pandas.testing.assert_frame_equal(X_res, resample(frame.astype(float)))


def test_pandas_all_single_precision_is_computed_so(pandas):
    frame = pandas.DataFrame(X.astype(np.float32))
    np.testing.assert_array_equal(resample(frame).to_numpy(), resample(X.astype(np.float32)))


def test_pandas_column_index_stays(pandas):
    columns = pandas.MultiIndex.from_tuples([("a", 1), ("a", 2), ("b", 1)], names=["sensor", "axis"])
    X_res = resample(pandas.DataFrame(X, columns=columns))
    pandas.testing.assert_index_equal(X_res.columns, columns)
    columns = pandas.RangeIndex(3, name="lag")
    pandas.testing.assert_index_equal(resample(pandas.DataFrame(X, columns=columns)).columns, columns)


def test_pandas_balanced_classes(pandas):
    frame = pandas.DataFrame({"a": INTEGERS, "b": X[:, 0]}, index=range(7, 37))
    X_res, _ = SMOTE().fit_resample(frame, np.tile([0, 1], 15))
    pandas.testing.assert_frame_equal(X_res, frame.reset_index(drop=True))
    X_res.iloc[0, 1] = 99
    assert frame.iloc[0, 1] == X[0, 0]


def test_pandas_index_of_result_numbers_the_rows(pandas):
    frame = pandas.DataFrame(X, index=list("abcdefghijklmnopqrstuvwxyzABCD"))
    X_res, y_res = SAMPLER.fit_resample(frame, pandas.Series(Y, index=frame.index))
    assert X_res.index.tolist() == list(range(40))
    assert y_res.index.tolist() == list(range(40))


@pytest.mark.parametrize(
    ("column", "error", "message"),
    [
        (["x"] * 30, TypeError, "Column 'bad' of X holds strings.*drop it; SMOTENC takes.*RandomOverSampler takes"),
        ([True] * 30, TypeError, "Column 'bad' of X holds booleans"),
        (["2020-01-01"] * 30, TypeError, "dtype datetime64"),
        ([None] + [1.0] * 29, ValueError, "NaN: column 'bad' of X at row 0.*SimpleImputer"),
        ([1.0] * 29 + [np.inf], ValueError, "infinity: column 'bad' of X at row 29"),
        ([1e308] * 30, ValueError, "too large to interpolate in float64: column 'bad'"),
        ([2**53 + 2] * 30, ValueError, "Column 'bad' of X holds integers.*2\\*\\*53"),
        ([1j] * 30, ValueError, "Complex data not supported: column 'bad'"),
        ([{}] * 30, TypeError, "Column 'bad' of X has dtype object.*not numbers"),
        ([1, True] * 15, TypeError, "Column 'bad' of X holds booleans"),
        (["x", 1] * 15, TypeError, "Column 'bad' of X holds strings"),
    ],
)
def test_pandas_bad_columns(pandas, column, error, message):
    column = pandas.to_datetime(column) if column[0] == "2020-01-01" else pandas.Series(column)
    frame = pandas.DataFrame(X).assign(bad=column).rename(columns=str)
    with pytest.raises(error, match=message):
        resample(frame)


@pytest.mark.parametrize(
    ("dtype", "values", "message"),
    [
        ("category", [1] * 30, "dtype category"),
        ("boolean", [True] * 30, "booleans"),
        ("string", ["x"] * 30, "strings"),
        ("Int64", [None] * 30, "NaN: column 'bad'"),
        ("Int64", [1] * 29 + [None], "NaN: column 'bad' of X at row 29"),
        ("Float64", [1.0] * 29 + [None], "NaN: column 'bad' of X at row 29"),
    ],
)
def test_pandas_bad_extension_columns(pandas, dtype, values, message):
    frame = pandas.DataFrame({"good": X[:, 0], "bad": pandas.array(values, dtype=dtype)})
    with pytest.raises((ValueError, TypeError), match=message):
        resample(frame)


def test_pandas_bad_frames(pandas):
    with pytest.raises(ValueError, match="more than one column named 'a'"):
        resample(pandas.DataFrame(X, columns=["a", "a", "b"]))
    with pytest.raises(ValueError, match=r"0 feature\(s\)"):
        resample(pandas.DataFrame(X)[[]])
    with pytest.raises(ValueError, match=r"0 sample\(s\)"):
        resample(pandas.DataFrame(X)[:0])
    with pytest.raises(TypeError, match="string"):  # scikit-learn's rule on column names
        resample(pandas.DataFrame(X, columns=["a", 1, 2]))


def test_polars_keeps_dtypes(polars):
    frame = polars.DataFrame({"a": X[:, 0], "b": X[:, 1].astype(np.float32), "c": INTEGERS.astype(np.int8)})
    sampler = SMOTE(random_state=0)
    X_res, y_res = sampler.fit_resample(frame, polars.Series("y", Y))
    assert X_res.schema == {"a": polars.Float64, "b": polars.Float32, "c": polars.Int8}
    assert X_res[:30].equals(frame)
    assert y_res.to_list() == Y.tolist() + [1] * 10
    assert sampler.feature_names_in_.tolist() == ["a", "b", "c"]
    together = np.column_stack([X[:, 0], X[:, 1].astype(np.float32), INTEGERS])
    np.testing.assert_array_equal(X_res["a"], resample(together)[:, 0])
    np.testing.assert_array_equal(X_res["c"], np.rint(resample(together)[:, 2]))
    np.testing.assert_array_equal(X_res["b"], resample(together)[:, 1].astype(np.float32))


def test_polars_equals_array(polars):
    np.testing.assert_array_equal(resample(polars.DataFrame(X)).to_numpy(), EXPECTED)
    single = polars.DataFrame(X.astype(np.float32))
    np.testing.assert_array_equal(resample(single).to_numpy(), resample(X.astype(np.float32)))


def test_polars_balanced_classes(polars):
    frame = polars.DataFrame(X)
    assert SMOTE().fit_resample(frame, np.tile([0, 1], 15))[0].equals(frame)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (["x"] * 30, "Column 'bad' of X holds strings"),
        ([True] * 30, "Column 'bad' of X holds booleans"),
        ([None] + [1] * 29, "NaN: column 'bad' of X at row 0"),
        ([1.5] * 29 + [None], "NaN: column 'bad' of X at row 29"),
        ([None] * 30, "Column 'bad' of X holds values of dtype Null"),
        ([2**60] * 30, "Column 'bad' of X holds integers"),
        ([[1.0]] * 30, "sequences in the cells of some columns and single values in column 'good'"),
    ],
)
def test_polars_bad_columns(polars, values, message):
    with pytest.raises((ValueError, TypeError), match=message):
        resample(polars.DataFrame({"good": X[:, 0], "bad": values}))


def test_polars_lazy_frame_must_be_collected(polars):
    with pytest.raises(TypeError, match="collect"):
        resample(polars.LazyFrame(X))
