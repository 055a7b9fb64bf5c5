import numpy as np
import pytest

from skseq._samplers._target import read_target
from skseq.over_sampling import SMOTE

X = np.random.RandomState(0).randn(30, 2)
ROWS = np.repeat([0, 1], [20, 10])


def resample(y):
    return SMOTE(random_state=0).fit_resample(X, y)[1]


@pytest.mark.parametrize(
    ("labels", "dtype"),
    [
        ((0, 1), np.int8),
        ((0, 1), np.int64),
        ((-1.0, 1.0), np.float32),
        ((False, True), bool),
        (("no", "yes"), "<U3"),
        (("no", "yes"), object),
    ],
)
def test_arrays_keep_their_dtype(labels, dtype):
    y = np.array(labels, dtype=dtype)[ROWS]
    y_res = resample(y)
    assert y_res.dtype == y.dtype
    np.testing.assert_array_equal(y_res[:30], y)
    assert (y_res[30:] == labels[1]).all()


@pytest.mark.parametrize("kind", [list, tuple])
def test_lists_and_tuples(kind):
    y = kind("ab"[code] for code in ROWS)
    y_res = resample(y)
    assert type(y_res) is kind
    assert y_res == y + kind("b" * 10)


def test_column_is_flattened_with_a_warning():
    from sklearn.exceptions import DataConversionWarning

    with pytest.warns(DataConversionWarning):
        y_res = resample(ROWS[:, np.newaxis])
    assert y_res.shape == (40,)


@pytest.mark.parametrize("dtype", ["int32", "category", "str", "Int64", "boolean", "string"])
def test_pandas_series(dtype):
    pandas = pytest.importorskip("pandas")
    values = {"category": ["no", "yes"], "str": ["no", "yes"], "string": ["no", "yes"]}.get(dtype, [0, 1])
    y = pandas.Series([values[code] for code in ROWS], dtype=dtype, name="target", index=range(100, 130))
    y_res = resample(y)
    expected = pandas.concat([y, y.iloc[[-1] * 10]], ignore_index=True)
    pandas.testing.assert_series_equal(y_res, expected)


def test_pandas_categories_that_do_not_occur_stay():
    pandas = pytest.importorskip("pandas")
    y = pandas.Series(pandas.Categorical(np.array(["b", "c"])[ROWS], categories=["c", "b", "a"], ordered=True))
    y_res = resample(y)
    assert y_res.dtype == y.dtype


def test_pandas_frame_of_one_column():
    pandas = pytest.importorskip("pandas")
    y_res = resample(pandas.DataFrame({"target": ROWS}))
    assert list(y_res.columns) == ["target"]
    assert y_res["target"].tolist() == ROWS.tolist() + [1] * 10


@pytest.mark.parametrize("dtype", ["Int16", "String", "Categorical", "Boolean"])
def test_polars_series(dtype):
    polars = pytest.importorskip("polars")
    values = ["no", "yes"] if dtype in ("String", "Categorical") else [0, 1]
    y = polars.Series("target", [values[code] for code in ROWS]).cast(getattr(polars, dtype))
    y_res = resample(y)
    assert y_res.dtype == y.dtype
    assert y_res.name == "target"
    assert y_res.to_list() == y.to_list() + [y[-1]] * 10


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (None, "requires y to be passed"),
        (ROWS[:-1], "y has 29 labels but X has 30 rows"),
        (np.zeros(30), r"at least two classes in y, got 1 class: \[0.0\]"),
        (np.where(ROWS, np.nan, 0.0), "y contains NaN"),
        (["a", None] * 15, r"missing label: y\[1\] is None"),
        (np.array(["a", np.nan] * 15, dtype=object), r"missing label: y\[1\] is nan"),
        (np.linspace(0, 1, 30), "Unknown label type"),
        (np.column_stack([ROWS, ROWS]), r"y has shape \(30, 2\).*argmax"),
        ([[1], [1, 2]] * 15, "lists of different lengths"),
    ],
)
@pytest.mark.parametrize("method", ["fit", "fit_resample"])
def test_bad_labels(y, message, method):
    with pytest.raises(ValueError, match=message):
        getattr(SMOTE(), method)(X, y)


def test_counts_are_in_order_of_class():
    target = read_target(["b", "a", "b", "c"], 4, "SMOTE")
    assert list(target.counts.items()) == [("a", 1), ("b", 2), ("c", 1)]
    assert target.members("b").tolist() == [0, 2]
