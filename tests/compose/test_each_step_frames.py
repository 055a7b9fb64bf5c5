"""EachStep over data frames, text and dicts."""

import pickle

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import sklearn
from sklearn.base import clone
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.feature_extraction import DictVectorizer
from sklearn.impute import SimpleImputer
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, OneHotEncoder, OrdinalEncoder, StandardScaler

import skseq
from skseq import RNNClassifier
from skseq.compose import EachStep
from skseq.preprocessing import ForwardFillImputer

STATES = ["off", "idle", "on"]


def selects_columns_of_polars():
    """Whether ColumnTransformer does; old versions need an interface that polars has given up."""
    try:
        make_column_transformer(("passthrough", ["a"])).fit(pl.DataFrame({"a": [1.0]}))
    except AttributeError:
        return False
    return True


BY_NAME = selects_columns_of_polars()


def skip_without_selection(kind):
    if kind.startswith("polars") and not BY_NAME:
        pytest.skip("this scikit-learn selects no columns of this polars")


def make_frames(n=20, seed=0):
    """Return frames of a category, a measurement and a count, of different lengths."""
    rng = np.random.RandomState(seed)
    return [
        pd.DataFrame(
            {
                "state": rng.choice(STATES, steps),
                "heat": rng.standard_normal(steps),
                "count": rng.randint(9, size=steps),
            }
        )
        for steps in rng.randint(1, 8, size=n)
    ]


AS = {
    "pandas": lambda frame: frame,
    "pandas arrow": lambda frame: frame.convert_dtypes(dtype_backend="pyarrow"),
    "pandas nullable": lambda frame: frame.convert_dtypes(),
    "pandas category": lambda frame: frame.astype({"state": pd.CategoricalDtype(STATES)}),
    "polars": pl.from_pandas,
    "polars categorical": lambda frame: pl.from_pandas(frame).with_columns(pl.col("state").cast(pl.Enum(STATES))),
    "pyarrow": pa.Table.from_pandas,
}


def by_name():
    return make_column_transformer(
        (OneHotEncoder(), ["state"]), (StandardScaler(), ["heat"]), remainder="passthrough", sparse_threshold=1.0
    )


@pytest.mark.parametrize("kind", AS)
def test_columns_by_name(kind):
    skip_without_selection(kind)
    frames = make_frames()
    table = pd.concat(frames)
    expected = by_name().fit_transform(table)
    expected = expected.toarray() if hasattr(expected, "toarray") else expected
    X = [AS[kind](frame) for frame in frames]
    each = EachStep(by_name())
    out = each.fit_transform(X)
    assert [len(x) for x in out] == [len(frame) for frame in frames]
    np.testing.assert_allclose(np.concatenate(out), expected)
    assert {x.dtype for x in out} == {np.dtype(np.float64)}
    assert each.feature_names_in_.tolist() == ["state", "heat", "count"]
    assert each.n_features_in_ == 3
    np.testing.assert_array_equal(each.transform([X[3]])[0], out[3])
    assert not hasattr(each, "get_feature_names_out")
    names = each.transformer_.get_feature_names_out()
    assert names[-2:].tolist() == ["standardscaler__heat", "remainder__count"]
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(each)).transform(X)[3], out[3])
    with pytest.raises(ValueError, match="feature names should match"):
        each.transform([X[0][["heat", "state", "count"]] if kind != "pyarrow" else X[0].select(["heat", "state"])])


def test_the_names_of_frames_are_those_of_the_transformer():
    frames = make_frames()
    heat = [frame[["heat"]] for frame in frames]
    each = EachStep(StandardScaler()).fit(heat)
    assert each.transformer_.feature_names_in_.tolist() == ["heat"]
    plain = EachStep(StandardScaler()).fit_transform([frame.to_numpy() for frame in heat])
    np.testing.assert_allclose(np.concatenate(each.transform(heat)), np.concatenate(plain))
    selected = make_column_transformer((StandardScaler(), make_column_selector(dtype_include=np.number)))
    assert EachStep(selected).fit_transform(frames)[0].shape[1] == 2


@pytest.mark.filterwarnings("error")
def test_frames_after_a_fit_on_arrays_are_arrays():
    frames = [frame[["heat"]] for frame in make_frames()]
    each = EachStep(StandardScaler()).fit([frame.to_numpy() for frame in frames])
    with pytest.warns(UserWarning, match="X has feature names, but EachStep was fitted without") as caught:
        each.transform(frames)
    assert len(caught) == 1


MISSING = {
    "Float64": pd.array([1.0, None, 3.0], dtype="Float64"),
    "Float32": pd.array([1.0, None, 3.0], dtype="Float32"),
    "Int64": pd.array([1, None, 3], dtype="Int64"),
    "boolean": pd.array([True, None, False], dtype="boolean"),
    "arrow double": pd.array([1.0, None, 3.0], dtype=pd.ArrowDtype(pa.float64())),
    "arrow int": pd.array([1, None, 3], dtype=pd.ArrowDtype(pa.int64())),
    "arrow bool": pd.array([True, None, False], dtype=pd.ArrowDtype(pa.bool_())),
    "object": np.array([1.0, None, 3.0], dtype=object),
    "polars": pl.Series([1, None, 3]),
    "polars bool": pl.Series([True, None, False]),
}


@pytest.mark.parametrize("kind", MISSING)
def test_missing_values_of_any_dtype_reach_the_imputer_as_nan(kind):
    frame = (pl.DataFrame if kind.startswith("polars") else pd.DataFrame)({"a": MISSING[kind], "b": [1.0, 2.0, 3.0]})
    first, last = float(MISSING[kind][0]), float(MISSING[kind][2])
    for X in ([frame], [frame[:2], frame[1:]]):
        out = EachStep(SimpleImputer(strategy="constant", fill_value=-7, add_indicator=True)).fit_transform(X)
        np.testing.assert_array_equal(out[0][:2], [[first, 1, 0], [-7, 2, 1]])
        filled = ForwardFillImputer(add_indicator=True).fit_transform(X)
        np.testing.assert_array_equal(filled[0][:2], [[first, 1, 0, 0], [first, 2, 1, 0]])
    skip_without_selection(kind)
    columns = make_column_transformer((SimpleImputer(strategy="mean"), ["a"]), remainder="passthrough")
    assert EachStep(columns).fit_transform([frame])[0][1, 0] == (first + last) / 2


@pytest.mark.parametrize("kind", ["pandas", "pandas arrow", "pandas nullable", "pandas category", "polars", "pyarrow"])
def test_missing_text(kind):
    skip_without_selection(kind)
    frames = make_frames()
    for frame in frames[::3]:
        frame.loc[0, "state"] = None
    columns = make_column_transformer((OneHotEncoder(), ["state"]), remainder="drop", sparse_threshold=0)
    out = EachStep(columns).fit_transform([AS[kind](frame) for frame in frames])
    assert out[0].shape[1] == 4
    assert out[0][0].tolist() == [0, 0, 0, 1]


def test_float32_frames_stay_float32():
    frames = [frame[["heat", "count"]].astype(np.float32) for frame in make_frames()]
    for X in (frames, [pl.from_pandas(frame) for frame in frames]):
        assert {x.dtype for x in EachStep(StandardScaler()).fit_transform(X)} == {np.dtype(np.float32)}


def test_infinite_values_in_frames_are_named():
    frames = make_frames()
    place = next(i for i, frame in enumerate(frames) if len(frame) > 2 and i)
    frames[place].loc[2, "heat"] = np.inf
    with pytest.raises(ValueError, match=rf"infinity: X\[{place}\] at step 2, column 'heat'"):
        EachStep(by_name()).fit(frames)
    with pytest.raises(ValueError, match="column 'heat'"):
        EachStep(by_name()).fit([pl.from_pandas(frame) for frame in frames])


def test_text_that_a_transformer_cannot_read():
    with pytest.raises(ValueError, match=r"text, which StandardScaler cannot read.*OneHotEncoder\(\), \['state'\]"):
        EachStep(StandardScaler()).fit(make_frames())


@pytest.mark.parametrize("container", ["arrays", "objects", "fixed", "lists", "tuples", "series", "2-D"])
def test_sequences_of_text(container):
    rng = np.random.RandomState(0)
    words = [rng.choice(STATES, size=steps).tolist() for steps in [3, 1, 5, 2, 4, 3, 3, 6]]
    make = {
        "arrays": lambda x: np.array(x, dtype=object),
        "objects": lambda x: np.array(x, dtype=np.dtypes.StringDType()),
        "fixed": np.array,
        "lists": list,
        "tuples": tuple,
        "series": pd.Series,
        "2-D": lambda x: [[word] for word in x],
    }[container]
    X = [make(x) for x in words]
    one_hot = EachStep(OneHotEncoder(categories=[STATES])).fit(X)
    assert one_hot.n_features_in_ == 1
    for got, x in zip(one_hot.transform(X), words, strict=True):
        np.testing.assert_array_equal(got, np.equal.outer(x, STATES).astype(float))
    back = one_hot.inverse_transform(one_hot.transform(X))
    assert [x[:, 0].tolist() for x in back] == words
    ordinal = EachStep(OrdinalEncoder(categories=[STATES]))
    assert ordinal.fit_transform(X)[1].tolist() == [[STATES.index(words[1][0])]]
    objects = np.empty(len(words), dtype=object)
    objects[:] = words
    for cells in (pl.Series(words), pa.array(words), pd.Series(words), pd.DataFrame({"w": words}), objects[:, None]):
        np.testing.assert_array_equal(one_hot.transform(cells)[2], one_hot.transform(X)[2])
    with pytest.raises(ValueError, match="2 features a step, but EachStep is expecting 1"):
        one_hot.transform([[["on", "off"]]])
    with pytest.raises(ValueError, match="unknown categories"):
        one_hot.transform([["no"]])


def test_numbers_and_text_in_one_sequence_stay_what_they_are():
    X = [[["a", 1.5], ["b", 2]], [["a", None]]]
    seen = []
    EachStep(FunctionTransformer(lambda table: seen.append(table) or np.zeros((len(table), 1)))).fit_transform(X)
    assert seen[-1].tolist() == [["a", 1.5], ["b", 2], ["a", None]]


def test_text_in_arrays_and_tables():
    cube = np.array(STATES * 4).reshape(2, 3, 2)
    out = EachStep(OneHotEncoder()).fit_transform(cube)
    assert out.shape == (2, 3, 6)
    np.testing.assert_array_equal(out, np.stack(EachStep(OneHotEncoder()).fit_transform(list(cube))))
    flat = EachStep(OrdinalEncoder(categories=[STATES])).fit(cube[:, :, 0])
    assert flat.transform(cube[:, :, 0]).shape == (2, 3)
    assert flat.n_features_in_ == 3
    frame = pd.DataFrame({"t0": ["on", "off"], "t1": ["off", "idle"]})
    codes = EachStep(OrdinalEncoder(categories=[STATES])).fit(frame)
    assert codes.transform(frame).tolist() == [[2, 0], [0, 1]]
    assert codes.feature_names_in_.tolist() == ["t0", "t1"]
    pairs = EachStep(OneHotEncoder(), features_per_step=2).fit_transform(cube.reshape(2, 6))
    np.testing.assert_array_equal(pairs, out.reshape(2, -1))
    with pytest.raises(ValueError, match="not a multiple of features_per_step=4"):
        EachStep(OneHotEncoder(), features_per_step=4).fit(cube.reshape(2, 6))
    with pytest.raises(ValueError, match=r"X is an array or DataFrame \(n, columns\), but this EachStep was fitted on"):
        EachStep(OneHotEncoder()).fit(cube).transform(cube[:, :, 0])


def test_steps_that_are_dicts():
    X = [[{"word": "is", "upper": False}, {"word": "C++", "upper": True}], [{"word": "is"}]]
    each = EachStep(DictVectorizer())
    out = each.fit_transform(X)
    assert each.transformer_.get_feature_names_out().tolist() == ["upper", "word=C++", "word=is"]
    assert [x.tolist() for x in out] == [[[0, 0, 1], [1, 1, 0]], [[0, 0, 1]]]
    assert not hasattr(each, "n_features_in_")
    assert each.transform([[{"word": "new"}]])[0].tolist() == [[0, 0, 0]]
    back = each.inverse_transform(out)
    assert [[set(step) for step in x] for x in back] == [[{"word=is"}, {"upper", "word=C++"}], [{"word=is"}]]
    refit = clone(each).fit(X).fit([[{"b": 1.0}, {"b": 2.0}]])
    assert refit.transform([[{"b": 3.0}]])[0].tolist() == [[3.0]]
    with sklearn.config_context(transform_output="pandas"):
        np.testing.assert_array_equal(each.fit_transform(X)[0], out[0])


@pytest.mark.parametrize("kind", ["pandas", "polars"])
@pytest.mark.parametrize("make", [make_pipeline, skseq.make_pipeline])
def test_frames_with_gaps_and_categories_before_a_network(kind, make):
    skip_without_selection(kind)
    frames = make_frames(30)
    y = np.arange(30) % 2
    for label, frame in zip(y, frames):
        frame["heat"] += 4 * label
        frame.loc[frame.index[1:2], "heat"] = np.nan
    X = [AS[kind](frame) for frame in frames]
    columns = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), ["state"]), (StandardScaler(), ["heat", "count"])
    )
    network = RNNClassifier(8, max_iter=20, batch_size=8, learning_rate_init=0.02, random_state=0)
    model = make(EachStep(columns), ForwardFillImputer(add_indicator=True), network)
    assert cross_val_score(model, X, y, cv=3, error_score="raise").mean() > 0.8


@pytest.mark.parametrize("convert", [pd.DataFrame, pl.DataFrame, pa.table], ids=["pandas", "polars", "pyarrow"])
def test_columns_with_a_sequence_in_each_cell_by_name(convert):
    X = convert({"load": [[10.0, 9.0], [8.0]], "state": [["on", "off"], ["on"]]})
    encode = make_column_transformer((OneHotEncoder(sparse_output=False), ["state"]), remainder="passthrough")
    encoder = EachStep(encode).fit(X)
    assert [x.tolist() for x in encoder.transform(X)] == [[[0, 1, 10], [1, 0, 9]], [[0, 1, 8]]]
    assert list(encoder.feature_names_in_) == ["load", "state"]
    # Numbers beside text stay numbers: as text, "10.0" would come before "8.0".
    ranks = EachStep(OrdinalEncoder()).fit_transform(X)
    assert [x[:, 0].tolist() for x in ranks] == [[2, 1], [0]]
