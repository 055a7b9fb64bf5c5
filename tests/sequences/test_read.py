"""The door: every form of X that is accepted, and what becomes of it."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import BaseEstimator
from sklearn.preprocessing import StandardScaler

from skseq.sequences import Sequences, read_sequences

RNG = np.random.RandomState(0)
CUBE = RNG.standard_normal((4, 3, 2))
RAGGED = [RNG.standard_normal((steps, 2)) for steps in (3, 1, 5, 3)]


class Reader(BaseEstimator):
    """An estimator that only reads."""

    def read(self, X, reset=True, **options):
        return read_sequences(self, X, reset=reset, **options)


def read(X, **options):
    return Reader().read(X, **options)


def assert_ragged(sequences, arrays):
    np.testing.assert_array_equal(sequences.lengths, [len(array) for array in arrays])
    np.testing.assert_array_equal(sequences.values, np.concatenate(arrays))


def as_objects(arrays):
    objects = np.empty(len(arrays), dtype=object)
    objects[:] = arrays
    return objects


# ---- accepted forms ----


def test_cube():
    sequences = read(CUBE)
    assert_ragged(sequences, list(CUBE))
    assert (sequences.form, sequences.container) == ("sequences", "array")
    assert (len(sequences), sequences.n_features, sequences.equal_steps) == (4, 2, 3)


@pytest.mark.parametrize(
    "make",
    [
        list,
        tuple,
        as_objects,
        lambda arrays: [array.tolist() for array in arrays],
        lambda arrays: [tuple(map(tuple, array)) for array in arrays],
        lambda arrays: [pd.DataFrame(array) for array in arrays],
        lambda arrays: [pl.DataFrame(array) for array in arrays],
        lambda arrays: pd.Series(list(arrays)),
        lambda arrays: [array.astype(object) for array in arrays],
        lambda arrays: [np.asfortranarray(array) for array in arrays],
    ],
    ids=["list", "tuple", "objects", "lists", "tuples", "pandas", "polars", "Series", "inner objects", "Fortran order"],
)
def test_ragged_containers(make):
    sequences = read(make(RAGGED))
    assert_ragged(sequences, RAGGED)
    assert (sequences.form, sequences.container) == ("sequences", "list")
    assert (sequences.n_features, sequences.equal_steps) == (2, None)
    np.testing.assert_array_equal(sequences.starts, [0, 3, 4, 9])


@pytest.mark.parametrize(
    "make",
    [list, as_objects, lambda arrays: [a.tolist() for a in arrays], lambda arrays: [pl.Series(a) for a in arrays]],
    ids=["list", "objects", "lists", "polars"],
)
def test_sequences_of_one_feature(make):
    arrays = [array[:, 0] for array in RAGGED]
    sequences = read(make(arrays))
    assert sequences.values.shape == (12, 1)
    np.testing.assert_array_equal(sequences.values[:, 0], np.concatenate(arrays))


def test_lists_of_equal_length_are_sequences_if_they_are_nested_deeply_enough():
    assert read(CUBE.tolist()).form == "sequences"
    assert_ragged(read(CUBE.tolist()), list(CUBE))
    assert read([np.ones(3), np.ones(3)]).form == "sequences"


def test_a_list_of_rows_is_a_table():
    # As everywhere in scikit-learn; rows of fixed length are read one feature a step.
    sequences = read([[1, 2, 3], [4, 5, 6]])
    assert sequences.form == "rows"
    np.testing.assert_array_equal(sequences.values[:, 0], [1, 2, 3, 4, 5, 6])


def test_a_list_of_rows_is_ragged_where_fit_saw_ragged_lists():
    reader = Reader()
    reader.read([[1, 2, 3], [4]])
    assert reader.read([[1, 2], [3, 4]], reset=False).form == "sequences"


def test_columns():
    X = CUBE.reshape(4, 6)
    reader = Reader()
    sequences = reader.read(X)
    assert (sequences.form, sequences.container) == ("columns", "columns")
    assert sequences.values.shape == (24, 1)
    np.testing.assert_array_equal(sequences.lengths, [6] * 4)
    assert reader.n_features_in_ == 6


def test_features_per_step_are_step_major():
    reader = Reader()
    sequences = reader.read(CUBE.reshape(4, 6), features_per_step=2)
    assert_ragged(sequences, list(CUBE))
    assert reader.n_features_in_ == 6


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_data_frames(frame):
    names = [f"{feature}{step}" for step in range(3) for feature in "ab"]
    X = frame(dict(zip(names, CUBE.reshape(4, 6).T)))
    reader = Reader()
    assert_ragged(reader.read(X, features_per_step=2), list(CUBE))
    assert reader.n_features_in_ == 6
    # Which frames have names is for scikit-learn to say: its older versions know no newer polars.
    known = hasattr(StandardScaler().fit(X), "feature_names_in_")
    assert known or frame is pl.DataFrame
    assert hasattr(reader, "feature_names_in_") == known
    if known:
        assert list(reader.feature_names_in_) == names


@pytest.mark.parametrize(
    "X",
    [
        np.array([[3, 1], [0, 2]]),
        np.array([[3, 1], [0, 2]], dtype=np.uint8),
        np.array([[3.0, 1], [0, 2]]),
        np.array([[3, 1], [0, 2]], dtype=object),
        pd.DataFrame({"a": [3, 0], "b": [1, 2]}),
        pl.DataFrame({"a": [3, 0], "b": [1, 2]}),
    ],
    ids=["int", "uint8", "float", "object", "pandas", "polars"],
)
def test_token_columns(X):
    sequences = read(X, tokens=True)
    assert (sequences.form, sequences.container) == ("token columns", "columns")
    assert sequences.values.dtype == np.intp
    np.testing.assert_array_equal(sequences.values, [3, 1, 0, 2])
    np.testing.assert_array_equal(sequences.lengths, [2, 2])
    assert sequences.n_features == 1


def test_token_lists_of_one_length_are_sequences():
    sequences = read([[3, 1], [0, 2]], tokens=True)
    assert (sequences.form, sequences.container) == ("token lists", "list")


def test_token_lists_of_one_length_are_a_table_where_fit_saw_one():
    reader = Reader()
    reader.read(np.array([[3, 1], [0, 2]]), tokens=True)
    assert reader.read([[3, 1], [0, 2]], tokens=True, reset=False).form == "token columns"


@pytest.mark.parametrize("dtype", [np.int64, np.uint8, np.float32, bool, object])
def test_token_lists(dtype):
    reader = Reader()
    sequences = reader.read([np.array(ids, dtype=dtype) for ids in ([1, 0, 1], [0])], tokens=True)
    assert (sequences.form, sequences.container) == ("token lists", "list")
    assert sequences.values.dtype == np.intp
    np.testing.assert_array_equal(sequences.values, [1, 0, 1, 0])
    np.testing.assert_array_equal(sequences.lengths, [3, 1])
    assert reader.n_features_in_ == 1


def test_one_sequence_of_one_step():
    assert_ragged(read([[[1.0, 2.0]]]), [np.array([[1, 2]])])
    assert_ragged(read(np.ones((1, 1, 1))), [np.ones((1, 1))])


def test_missing_values_may_pass():
    X = CUBE.copy()
    X[1, 2, 0] = np.nan
    for form in (X, list(X), X.reshape(4, 6)):
        assert np.isnan(read(form, allow_nan=True).values).sum() == 1


# ---- dtypes and memory ----


@pytest.mark.parametrize("make", [np.array, list, lambda X: X.reshape(4, 6)], ids=["cube", "list", "columns"])
@pytest.mark.parametrize(
    ("dtype", "expected"),
    [
        (np.float32, np.float32),
        (np.float64, np.float64),
        (np.float16, np.float64),
        (np.int32, np.float64),
        (np.uint8, np.float64),
        (bool, np.float64),
        (object, np.float64),
    ],
)
def test_float32_stays_and_everything_else_becomes_float64(make, dtype, expected):
    assert read(make((CUBE > 0).astype(dtype))).values.dtype == expected


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_data_frames_keep_their_dtype(frame, dtype):
    assert read(frame({"a": np.ones(2, dtype), "b": np.ones(2, dtype)})).values.dtype == dtype


def test_nullable_columns():
    assert read(pd.DataFrame({"a": [1, 2]}, dtype="Float32")).values.dtype == np.float32
    assert read(pd.DataFrame({"a": [1, 2]}, dtype="Int64")).values.dtype == np.float64
    mixed = pd.DataFrame({"a": np.ones(2, np.float32), "b": np.ones(2)})
    assert read(mixed).values.dtype == np.float64


def test_a_list_is_float32_only_if_all_its_sequences_are():
    singles = [array.astype(np.float32) for array in RAGGED]
    assert read(singles).values.dtype == np.float32
    assert read([*singles, RAGGED[0]]).values.dtype == np.float64


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(4, 3, 2), (4, 6)])
def test_contiguous_floats_are_not_copied(dtype, shape):
    X = CUBE.astype(dtype).reshape(shape)
    assert np.shares_memory(read(X, features_per_step=2).values, X)


@pytest.mark.parametrize("X", [CUBE, CUBE.reshape(4, 6), RAGGED, as_objects(RAGGED)], ids=["cube", "2-D", "list", "o"])
def test_read_only_input_is_read_and_not_changed(X):
    X = X.copy() if isinstance(X, np.ndarray) else [array.copy() for array in X]
    for array in [X] if isinstance(X, np.ndarray) else X:
        array.setflags(write=False)
    kept = np.concatenate([np.ravel(array) for array in X])
    np.testing.assert_array_equal(read(X).values.ravel(), kept)


def test_huge_values_are_finite():
    # Their sum overflows, which is no reason to refuse them, nor to warn.
    assert read(np.full((3, 2, 2), 1e308)).values.max() == 1e308
    assert read(np.full((3, 2, 2), 3e38, dtype=np.float32)).values.dtype == np.float32


def test_reading_again_forgets_column_names():
    reader = Reader()
    reader.read(pd.DataFrame({"a": [1.0], "b": [2.0]}))
    assert list(reader.feature_names_in_) == ["a", "b"]
    reader.read(CUBE)
    assert not hasattr(reader, "feature_names_in_")
    assert reader.n_features_in_ == 2


def test_predict_takes_an_array_where_fit_took_a_list_and_the_other_way_round():
    reader = Reader()
    reader.read(CUBE)
    assert_ragged(reader.read(RAGGED, reset=False), RAGGED)
    reader.read(RAGGED)
    assert_ragged(reader.read(CUBE, reset=False), list(CUBE))


# ---- the sequences that come out ----


@pytest.mark.parametrize("rows", [[2, 0], [3], [1, 1, 2], np.array([False, True, True, False])], ids=str)
def test_take(rows):
    sequences = read(RAGGED)
    numbers = np.arange(4)[rows]
    taken = sequences.take(np.array(rows))
    assert_ragged(taken, [RAGGED[i] for i in numbers])
    assert (taken.form, taken.container) == (sequences.form, sequences.container)
    assert not np.shares_memory(taken.values, sequences.values)


def test_ids_of_contexts_end_to_end():
    context = np.array([[0, 4, -1], [0, -1, -1], [0, 2, 3]])
    sequences = Sequences(np.arange(3), np.ones(3, dtype=np.intp), "token lists", "list", context)
    np.testing.assert_array_equal(sequences.context_lengths, [2, 1, 3])
    np.testing.assert_array_equal(sequences.context_starts, [0, 2, 3])
    np.testing.assert_array_equal(sequences.context_rows([2, 0]), [3, 4, 5, 0, 1])
    np.testing.assert_array_equal(sequences.take([2, 0]).context_starts, [0, 3])


def test_step_rows():
    np.testing.assert_array_equal(read(RAGGED).step_rows(np.array([2, 1, 0])), [4, 5, 6, 7, 8, 3, 0, 1, 2])


@pytest.mark.parametrize("X", [CUBE, CUBE.reshape(4, 6)], ids=["cube", "columns"])
def test_arrays_unpack_to_what_they_were(X):
    np.testing.assert_array_equal(read(X, features_per_step=2).unpack(), X)


def test_lists_unpack_to_what_they_were():
    unpacked = read(RAGGED).unpack()
    assert isinstance(unpacked, list)
    assert len(unpacked) == len(RAGGED)
    for array, expected in zip(unpacked, RAGGED):
        np.testing.assert_array_equal(array, expected)


def test_ids_unpack_to_what_they_were():
    assert [ids.tolist() for ids in read([[1, 2], [0]], tokens=True).unpack()] == [[1, 2], [0]]
    np.testing.assert_array_equal(read([[1, 2], [0, 3]], tokens=True).unpack(), [[1, 2], [0, 3]])


def test_other_values_may_have_another_width():
    wider = read(RAGGED).with_values(np.arange(36.0).reshape(12, 3))
    assert wider.n_features == 3
    assert [len(array) for array in wider.unpack()] == [3, 1, 5, 3]
    widened = read(CUBE).with_values(np.zeros((12, 5)))
    assert widened.unpack().shape == (4, 3, 5)


def test_sequences_are_frozen():
    with pytest.raises(AttributeError):
        read(CUBE).values = None
    assert isinstance(read(CUBE), Sequences)
