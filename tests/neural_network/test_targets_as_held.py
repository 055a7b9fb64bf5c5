"""Targets as people hold them, and the long tables that are no sequences: errors name the place and the cure."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from skseq.neural_network import RNNClassifier, RNNGenerator, RNNRegressor, RNNTagger, RNNTranslator
from skseq.sequences import from_long

X = [np.arange(steps, dtype=float) for steps in (2, 3, 1, 4)]
TAGS = [["a", "b"], ["b", "a", "b"], ["a"], ["b", "a", "b", "a"]]


def classifier():
    return RNNClassifier(2, max_iter=1, random_state=0)


def tagger():
    return RNNTagger(2, max_iter=1, random_state=0)


def objects(items):
    cells = np.empty((len(items), 1), dtype=object)
    for i, item in enumerate(items):
        cells[i, 0] = item
    return cells


# ---- labels of sequences ----


@pytest.mark.parametrize(
    ("labels", "kind"),
    [([0, 1, 2, 1], "i"), ([0.0, 1.0, 2.0, 1.0], "f"), ([True, False, True, False], "b"), (["a", "b", "c", "a"], "O")],
)
def test_labels_in_arrays_of_objects(labels, kind):
    model = classifier().fit(X, np.array(labels, dtype=object))
    assert model.classes_.dtype.kind == kind
    assert model.classes_.tolist() == sorted(set(labels))


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([0.0, np.nan, 1.0, 0.0], r"Input y contains NaN\. y\[1\] is .*nan.*, one of 1\. Drop the rows"),
        ([0.0, np.inf, 1.0, 0.0], r"Input y contains infinity .* y\[1\] is"),
        (np.array(["a", 1, "b", 2], dtype=object), r"y mixes texts and numbers: y\[0\] is 'a' and y\[1\] is 1"),
        ([None, 1, 0, 1], r"missing label: y\[0\] is None"),
        (TAGS, "several labels for each sequence, but RNNClassifier learns one label per sequence.*RNNTagger"),
        (np.ma.array([0, 1, 0, 1], mask=[0, 1, 0, 0]), "y is a masked array"),
    ],
)
def test_labels_that_are_none(y, message):
    with pytest.raises(ValueError, match=message):
        classifier().fit(X, y)


# ---- labels of steps ----

CONTAINERS = {
    "polars": pl.Series,
    "pandas": pd.Series,
    "arrow": pa.array,
    "objects": objects,
    "frame": lambda y: pd.DataFrame({"y": y}),
    "polars frame": lambda y: pl.DataFrame({"y": y}),
    "arrays": lambda y: [np.array(own) for own in y],
}


@pytest.mark.parametrize("make", CONTAINERS.values(), ids=list(CONTAINERS))
@pytest.mark.parametrize("tags", [TAGS, [[int(tag == "a") for tag in own] for own in TAGS]], ids=["text", "integers"])
def test_labels_of_steps_in_every_container(make, tags):
    expected = tagger().fit(X, tags).predict_proba(X)
    model = tagger().fit(X, make(tags))
    assert model.classes_.tolist() == sorted({tag for own in tags for tag in own})
    for own, other in zip(model.predict_proba(X), expected):
        np.testing.assert_array_equal(own, other)
    assert 0 <= model.score(X, make(tags)) <= 1


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_a_missing_label_is_named_with_its_step(missing):
    tags = [list(own) for own in TAGS]
    tags[3][2] = missing
    with pytest.raises(ValueError, match=r"missing label: y\[3\] is .* at step 2.*sample_weight of 0"):
        tagger().fit(X, [np.array(own, dtype=object) for own in tags])


def test_a_label_that_is_nan_is_named_with_its_step():
    tags = [np.arange(len(x)) % 2.0 for x in X]
    tags[1][1] = np.nan
    with pytest.raises(ValueError, match=r"Input y contains NaN: y\[1\] is nan at step 1"):
        tagger().fit(X, tags)


def test_masked_labels():
    tags = [np.ma.array(np.arange(len(x)) % 2, mask=np.arange(len(x)) == 1) for x in X]
    with pytest.raises(ValueError, match=r"y\[0\] is a masked array .*sample_weight of 0"):
        tagger().fit(X, tags)


@pytest.mark.parametrize("y", [["a", "b", "a", "b"], [0, 1, 0, 1], np.array([0, 1, 0, 1])])
def test_one_label_for_each_sequence(y):
    with pytest.raises(ValueError, match=r"y\[0\] is .*one for each step\. To learn one label for each .* RNNC"):
        tagger().fit(X, y)


def test_the_label_that_pytorch_ignores():
    tags = [np.arange(len(x)) % 2 for x in X]
    tags[3][1] = -100
    with pytest.raises(ValueError, match=r"y\[3\] holds the label -100 at step 1, one of 1.*sample_weight of 0"):
        tagger().fit(X, tags)
    weights = [(own != -100).astype(float) for own in tags]
    model = tagger().fit(X, tags, sample_weight=weights)
    assert model.classes_.tolist() == [0, 1]
    signed = [own - 101 for own in tags]  # -100 is one of several negative classes
    assert -100 in tagger().fit(X, signed).classes_


# ---- targets of regression ----


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([0.0, np.nan, 1.0, 0.0], r"Input y contains NaN\. y\[1\] is"),
        ([[0.0, 1.0], [0.0, np.inf], [1.0, 2.0], [0.0, 3.0]], r"Input y contains infinity .* y\[1, 1\] is"),
        (X, "arrays of different lengths, as of one number for each step"),
        (np.ma.array([0.0, 1, 0, 1], mask=[0, 1, 0, 0]), "y is a masked array"),
    ],
)
def test_targets_that_are_none(y, message):
    with pytest.raises(ValueError, match=message):
        RNNRegressor(2, max_iter=1).fit(X, y)


# ---- texts in one column ----

TEXTS = ["ab", "ba", "abb"]
COLUMNS = {
    "pandas": lambda texts: pd.DataFrame({"t": texts}),
    "polars": lambda texts: pl.DataFrame({"t": texts}),
    "arrow": lambda texts: pa.table({"t": texts}),
    "arrow array": pa.array,
    "array (n, 1)": lambda texts: np.array(texts)[:, np.newaxis],
    "objects (n, 1)": objects,
    "Series": pd.Series,
    "polars Series": pl.Series,
}


@pytest.mark.parametrize("make", COLUMNS.values(), ids=list(COLUMNS))
def test_columns_of_texts(make):
    model = RNNGenerator(2, max_iter=1, random_state=0).fit(make(TEXTS))
    assert set(model.vocabulary_) - {None} == {"a", "b"}
    model = RNNTranslator(2, max_iter=1, random_state=0).fit(make(TEXTS), make(["x", "y", "xy"]))
    assert set(model.target_vocabulary_) >= {"x", "y"}
    assert "ab" not in model.source_vocabulary_
    assert len(model.predict(make(TEXTS))) == 3


def test_several_columns_of_text_are_tokens():
    model = RNNGenerator(2, max_iter=1).fit(pd.DataFrame({"first": ["ab", "c"], "second": ["c", "ab"]}))
    assert set(model.vocabulary_) - {None} == {"ab", "c"}


# ---- long tables that are taken for sequences ----


def long_table(**other):
    rng = np.random.RandomState(0)
    columns = {"machine": np.repeat(["p", "q", "r", "s"], 5), "hour": np.tile(np.arange(5), 4), "x": rng.rand(20)}
    return pd.DataFrame({**columns, **other}), np.repeat([0, 1, 0, 1], 5)


def test_a_long_table_is_warned_of():
    table, y = long_table(machine=np.repeat([4, 7, 9, 2], 5))
    for model in (classifier(), RNNRegressor(2, max_iter=1)):
        with pytest.warns(UserWarning, match="X looks like a long table: 'machine' has 4 values on 20 rows.*from_long"):
            model.fit(table, y)
    with pytest.warns(UserWarning, match="by='machine', sort='hour'"):
        classifier().fit(pl.from_pandas(table), y)
    X, y, _ = from_long(table.assign(y=y), by="machine", sort="hour", y="y")
    classifier().fit(X, y)


@pytest.mark.parametrize(
    "change",
    [
        lambda table, y: (table.drop(columns="hour"), y),
        lambda table, y: (table.drop(columns="machine"), y),
        lambda table, y: (table, np.arange(20) % 2),
        lambda table, y: (table.sample(frac=1, random_state=0), y),
        lambda table, y: (table.to_numpy(), y),
        lambda table, y: (table[:6], y[:6]),
    ],
    ids=["no stamp", "no id", "other labels", "shuffled", "array", "few rows"],
)
def test_other_tables_are_not(change):
    table, y = change(*long_table(machine=np.repeat([4, 7, 9, 2], 5)))
    classifier().fit(table, y)


def test_tables_with_other_things_in_their_cells():
    y = np.repeat([0, 1], 8)
    classifier().fit(pd.DataFrame({"x": [np.arange(2.0 + i % 3) for i in range(16)]}), y)
    table = pd.DataFrame({"a": [1.0, 2.0] * 8, "b": np.array([0, 1] * 8, dtype=object)})
    classifier().fit(table, y)
    table["b"] = [pd.NA, *range(15)]
    with pytest.raises((TypeError, ValueError)):
        classifier().fit(table, y)


@pytest.mark.parametrize("convert", [pd.DataFrame, pl.DataFrame, pa.table])
def test_labels_of_steps_beside_a_frame_of_sequences(convert):
    cells = [[float(step) for step in range(1 + i % 3)] for i in range(9)]
    tags = [["a", "b", "a"][: len(cell)] for cell in cells]
    model = tagger().fit(convert({"x": cells}), tags)
    assert [len(tag) for tag in model.predict(convert({"x": cells}))] == list(map(len, cells))


def test_measurements_sorted_by_class_are_no_long_table():
    y = np.repeat([0, 1, 2], 20)
    classifier().fit(pd.DataFrame(np.random.RandomState(0).rand(60, 4), columns=list("abcd")).assign(e=y), y)
