"""What the door does not let in: each error names what came, what was expected and the cure."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse
from sklearn.base import BaseEstimator

from skseq.sequences import read_sequences

RNG = np.random.RandomState(0)
CUBE = RNG.standard_normal((4, 3, 2))
RAGGED = [RNG.standard_normal((steps, 2)) for steps in (3, 1, 5, 3)]


class Reader(BaseEstimator):
    """An estimator that only reads."""


def message_of(X, reader=None, error=ValueError, **options):
    """Return the message of the error that reading X raises; what was learnt before stays."""
    reader, reset = (Reader(), True) if reader is None else (reader, False)
    with pytest.raises(error) as caught:
        read_sequences(reader, X, reset=reset, **options)
    assert type(caught.value) is error
    return str(caught.value)


def fitted_on(X, **options):
    reader = Reader()
    read_sequences(reader, X, reset=True, **options)
    return reader


def assert_says(message, *parts):
    for part in parts:
        assert part in message, f"{part!r} is not in {message!r}"


def spoilt(value, i=1, step=2):
    X = CUBE.copy()
    X[i, step, 0] = value
    return X


@pytest.mark.parametrize("make", [np.array, list], ids=["cube", "list"])
@pytest.mark.parametrize(
    ("value", "what"), [(np.nan, "NaN"), (np.inf, "infinity"), (-np.inf, "infinity")], ids=["NaN", "inf", "-inf"]
)
def test_values_that_are_not_finite_are_named_with_sequence_and_step(make, value, what):
    message = message_of(make(spoilt(value)))
    assert_says(message, f"Input X contains {what}", "X[1] at step 2", "Drop the step", "ForwardFillImputer(")


def test_the_first_value_that_is_not_finite_is_named():
    ragged = [array.copy() for array in RAGGED]
    ragged[2][4, 1] = np.nan
    ragged[3][0, 0] = np.inf
    assert_says(message_of(ragged), "contains NaN: X[2] at step 4")
    assert_says(message_of(ragged, allow_nan=True), "contains infinity: X[3] at step 0")


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_columns_that_are_not_finite(value):
    message = message_of(spoilt(value).reshape(4, 6))
    assert_says(message, "Input X contains", "NaN" if np.isnan(value) else "infinity")


def test_none_in_a_sequence_is_missing():
    assert_says(message_of([[1, 2, None], [3]]), "contains NaN: X[0] at step 2")


@pytest.mark.parametrize("make", [np.array, list], ids=["cube", "list"])
def test_values_that_overflow_are_infinite(make):
    if np.finfo(np.longdouble).maxexp <= np.finfo(np.float64).maxexp:
        pytest.skip("no floats wider than float64 on this machine")
    X = CUBE.astype(np.longdouble)
    X[2, 0, 0] = np.longdouble("1e400")
    assert_says(message_of(make(X)), "Input X contains infinity: X[2] at step 0")


def test_infinity_is_refused_even_where_missing_values_pass():
    for X in (spoilt(np.inf), list(spoilt(np.inf)), spoilt(np.inf).reshape(4, 6)):
        assert_says(message_of(X, allow_nan=True), "Input X contains infinity")


@pytest.mark.parametrize("X", [[], ()], ids=["list", "tuple"])
def test_nothing(X):
    assert_says(message_of(X), f"X is an empty {type(X).__name__}", "minimum of 1 is required")


@pytest.mark.parametrize("shape", [(0, 3, 2), (0, 6)])
def test_no_rows(shape):
    assert_says(message_of(np.zeros(shape)), "0 sample(s)", "minimum of 1 is required")


@pytest.mark.parametrize("shape", [(4, 0, 2), (4, 3, 0)])
def test_cubes_without_steps_or_features(shape):
    assert_says(message_of(np.zeros(shape)), str(shape), "empty", "at least one step")


def test_no_columns():
    assert_says(message_of(np.zeros((3, 0))), "0 feature(s)", "minimum of 1 is required")


@pytest.mark.parametrize("empty", [np.zeros((0, 2)), np.zeros((3, 0)), []], ids=["no steps", "no features", "list"])
def test_an_empty_sequence(empty):
    message = message_of([CUBE[0], empty])
    assert_says(message, "X[1] is an empty sequence of shape", "Drop it, or give it at least one step")


def test_widths_that_differ():
    message = message_of([CUBE[0], CUBE[1], CUBE[2][:, :1]])
    assert_says(message, "X[0] has 2, X[2] has 1", "same features")


def test_steps_of_one_sequence_that_differ():
    message = message_of([[[1, 2], [3, 4]], [[1, 2], [3]]])
    assert_says(message, "X[1] is a list whose steps differ in their number of features", "same features")


def test_a_sequence_of_too_many_dimensions():
    message = message_of([CUBE])
    assert_says(message, "X[0] is a ndarray of shape (4, 3, 2)", "an array (steps, features) or (steps,)")


def test_four_dimensions():
    assert_says(message_of(np.zeros((2, 3, 4, 5))), "Found array with dim 4", "(2, 3, 4, 5)", "dim <= 3 is required")


@pytest.mark.parametrize("X", [np.zeros(3), [1, 2, 3]], ids=["array", "list"])
def test_one_dimension(X):
    assert_says(message_of(X), "Expected 2D array, got 1D array instead", "Reshape your data")


@pytest.mark.parametrize("odd", [5, None, "x"])
@pytest.mark.parametrize("make", [list, lambda items: pd.Series(items, dtype=object)], ids=["list", "objects"])
def test_a_list_of_sequences_and_something_else(odd, make):
    message = message_of(make([CUBE[0], CUBE[1], odd]))
    assert_says(message, f"X[2] is {odd!r} of type {type(odd).__name__}", "other items of X are sequences", "Give")


@pytest.mark.parametrize(
    "X",
    [CUBE.astype(str), CUBE.astype(str).reshape(4, 6), [["a", "b"], ["c"]]],
    ids=["cube", "columns", "list"],
)
def test_arrays_of_text(X):
    message = message_of(X, error=TypeError)
    assert_says(message, "dtype", "numbers are needed", "Encode text by TokenEncoder as integer ids", "EachStep(OneHot")


@pytest.mark.parametrize(
    ("dtype", "cure"), [("S8", "Decode bytes to text"), ("M8[s]", "Subtract a start"), ("m8[s]", "Divide by a unit")]
)
def test_arrays_of_bytes_and_times(dtype, cure):
    X = CUBE.astype(dtype) if dtype == "S8" else CUBE.astype(np.int64).astype(dtype)
    assert_says(message_of(X, error=TypeError), "dtype", "numbers are needed", cure)


@pytest.mark.parametrize(
    "X",
    [
        np.array([["a", "b"], ["c", "d"]], dtype=object),
        [["a", "b"], ["c", "d"]],
        pd.DataFrame({"a": ["x", "y"]}),
        pl.DataFrame({"a": ["x", "y"]}),
        "abc",
    ],
    ids=["objects", "lists", "pandas", "polars", "str"],
)
def test_tables_of_text(X):
    message = message_of(X)
    assert_says(message, f"X is of type {type(X).__name__}", "string", "Encode text by TokenEncoder as integer ids")


@pytest.mark.parametrize("tokens", [False, True])
@pytest.mark.parametrize("make", [list, np.array, lambda X: np.array(X, dtype=object), pd.Series])
def test_a_list_of_texts(make, tokens):
    message = message_of(make(["anna", "bob"]), tokens=tokens)
    assert_says(message, "X[0] is the text", "anna", "list of integer ids", "embedding_dim")


@pytest.mark.parametrize(
    ("odd", "named"), [("b", "'b' of type str"), ({}, "{} of type dict"), ([1], "[1] of type list")], ids=str
)
def test_objects_that_are_not_numbers(odd, named):
    items = np.empty(2, dtype=object)
    items[:] = [1, odd]
    assert_says(message_of([[1, 2], items], error=TypeError), f"X[1] holds {named}, which is not a number", "Give")


def test_objects_of_a_cube_that_are_not_numbers():
    X = CUBE.astype(object)
    X[0, 0, 0] = {"a": 1}
    assert_says(message_of(X, error=TypeError), "cannot be read as numbers", "not 'dict'", "Give")


@pytest.mark.parametrize("X", [{"a": 1}, {1, 2}, (x for x in CUBE)], ids=["dict", "set", "generator"])
def test_things_that_are_no_sequences(X):
    message = message_of(X, error=TypeError)
    assert_says(message, f"X is of type {type(X).__name__}", "an array (n, steps, features) or a list of arrays")


def test_dates_are_no_measurements():
    dates = np.full((2, 2, 2), np.datetime64("2026-01-01"))
    for X in (dates, dates[0], list(dates)):
        assert_says(message_of(X, error=TypeError), "dtype datetime64", "numbers are needed")


@pytest.mark.parametrize("make", [np.array, list, lambda X: X.reshape(4, 6)], ids=["cube", "list", "columns"])
def test_complex_numbers(make):
    assert_says(message_of(make(CUBE + 1j)), "Complex data not supported", "real and imaginary parts")


@pytest.mark.parametrize("make", [sparse.csr_array, sparse.csc_matrix, sparse.coo_array])
def test_sparse(make):
    message = message_of(make(np.eye(3)), error=TypeError)
    assert_says(message, "Sparse data was passed for X, but dense data is required", "Use X.toarray()")
    assert_says(message_of([make(np.eye(3))], error=TypeError), "Sparse data was passed for X[0]", "X[0].toarray()")


@pytest.mark.parametrize("per_step", [4, 7])
def test_columns_that_are_no_multiple_of_features_per_step(per_step):
    message = message_of(np.zeros((2, 6)), features_per_step=per_step)
    assert_says(message, "6 columns", f"features_per_step={per_step}", "Set features_per_step")


# ---- token ids ----


@pytest.mark.parametrize("make", [np.array, lambda rows: [np.array(row) for row in rows]], ids=["columns", "lists"])
@pytest.mark.parametrize(
    ("ids", "parts"),
    [
        ([1, -2], ["token id -2", "0 or more"]),
        ([1.0, -2.0], ["token id -2", "0 or more"]),
        ([1, 2.5], ["dtype float64", "integer token ids", "Encode the tokens", "embedding_dim=None"]),
        ([1, 2**40], [f"token id {2**40}", f"below {2**31}", "Encode the tokens"]),
        ([0, 1e30], ["token id 1000000000000000019884624838656", f"below {2**31}"]),
        ([1, np.nan], ["contains NaN"]),
        ([1, np.inf], ["contains infinity"]),
    ],
    ids=str,
)
def test_ids_that_are_no_ids(ids, parts, make):
    message = message_of(make([ids]), tokens=True)
    assert_says(message, "X[0]" if make is not np.array else "X", *parts)


@pytest.mark.parametrize("value", [np.inf, 10**30])
def test_objects_that_are_no_ids(value):
    assert_says(message_of(np.array([[1, value]], dtype=object), tokens=True), "token id", f"below {2**31}")


def test_unsigned_ids_do_not_wrap_around():
    message = message_of(np.array([[2**63 + 5]], dtype=np.uint64), tokens=True)
    assert_says(message, "token id 9223372036854775", f"below {2**31}")


@pytest.mark.parametrize(
    "X", [np.array([["a"]]), np.array([["a"]], dtype=object), pd.DataFrame({"a": ["x"]}), np.array([[None]])], ids=repr
)
def test_tables_of_tokens_that_are_not_encoded(X):
    assert_says(message_of(X, tokens=True), "X has dtype", "integer token ids", "Encode the tokens as 0, 1, 2")


def test_lists_of_tokens_that_are_not_encoded():
    assert_says(message_of([["a"], ["b", "c"]], tokens=True, error=TypeError), "X[0] has dtype", "Encode text")


def test_measurements_where_ids_are_needed():
    assert_says(message_of(CUBE, tokens=True), "(4, 3, 2)", "embedding_dim", "integer array (n, steps)")
    assert_says(message_of(RAGGED, tokens=True), "X[0] is a ndarray of shape (3, 2)", "(steps,) of ids")


# ---- another X at predict than at fit ----


@pytest.mark.parametrize(
    ("fitted", "given", "parts"),
    [
        (CUBE, CUBE.reshape(4, 6), ["X is an array or DataFrame (n, columns)", "fitted on an array (n, steps,"]),
        (CUBE.reshape(4, 6), CUBE, ["X is an array (n, steps, features)", "fitted on an array or DataFrame"]),
        (CUBE.reshape(4, 6), RAGGED, ["list of arrays (steps_i, features)", "fitted on an array or DataFrame"]),
    ],
    ids=["columns", "cube", "list"],
)
def test_another_form_than_at_fit(fitted, given, parts):
    message = message_of(given, fitted_on(fitted))
    assert_says(message, *parts, "Reader", "Give X in the form that was given to fit, or fit again")


@pytest.mark.parametrize("given", [None, 3.0, True], ids=str)
def test_no_sequences_at_all_after_fit(given):
    message = message_of(given, fitted_on(CUBE), error=TypeError)
    assert_says(message, f"X is {given!r}, no sequences", "Give an array (n, steps, features)")


def test_another_form_of_ids_than_at_fit():
    reader = fitted_on(np.array([[1, 2], [3, 4]]), tokens=True)
    message = message_of([[1, 2], [3]], reader, tokens=True)
    assert_says(message, "X is a list of 1-D integer arrays", "fitted on an integer array (n, steps)")


@pytest.mark.parametrize("given", [CUBE[:, :, :1], [array[:, 0] for array in RAGGED]], ids=["cube", "list"])
def test_another_width_than_at_fit(given):
    message = message_of(given, fitted_on(CUBE))
    assert_says(message, "X has 1 features a step", "Reader is expecting 2 features", "Give the features")


def test_another_number_of_columns_than_at_fit():
    message = message_of(np.zeros((2, 4)), fitted_on(CUBE.reshape(4, 6)))
    assert_says(message, "X has 4 features, but Reader is expecting 6 features as input")


def test_other_column_names_than_at_fit():
    message = message_of(pd.DataFrame({"b": [1.0]}), fitted_on(pd.DataFrame({"a": [1.0]})))
    assert_says(message, "feature names should match")


# ---- kinds of X that hold sequences, and are none ----


@pytest.mark.parametrize("make", [np.array, list], ids=["cube", "list"])
def test_nan_at_the_end_may_be_padding(make):
    X = CUBE.copy()
    X[1, 1:] = np.nan
    assert_says(message_of(make(X)), "X[1] at step 1", "from_padded(X)")
    assert "from_padded" not in message_of(make(spoilt(np.nan)))


@pytest.mark.parametrize(
    ("values", "cure"),
    [
        (np.full((2, 2, 2), np.datetime64("2026-01-01")), "Subtract a start and divide by a unit"),
        (np.full((2, 2, 2), np.timedelta64(1, "s")), "Divide by a unit"),
        (np.full((2, 2, 2), b"ab"), "Decode bytes to text"),
        (np.zeros((2, 2, 2), dtype=[("a", float)]), "structured_to_unstructured"),
    ],
    ids=["dates", "durations", "bytes", "fields"],
)
def test_each_dtype_has_its_cure(values, cure):
    for X in (values, list(values), values[:, 0]):
        assert_says(message_of(X, error=TypeError), str(values.dtype), "numbers are needed", cure)


def test_frames_with_dates():
    frame = pd.DataFrame({"a": [1.0, 2.0], "day": pd.to_datetime(["2026-01-01", "2026-01-02"])})
    for X in (frame, frame.assign(day=frame["day"].dt.tz_localize("UTC")), pl.from_pandas(frame)):
        assert_says(message_of(X, error=TypeError), "dates in column 'day'", "Subtract a start")
    assert_says(message_of(frame.assign(day=frame["day"].diff()), error=TypeError), "durations in column 'day'")


@pytest.mark.parametrize("make", [np.array, list], ids=["columns", "lists"])
def test_negative_ids_may_be_padding(make):
    assert_says(message_of(make([[1, -1]]), tokens=True), "token id -1", "[x[x >= 0] for x in X]")


def test_bytes_are_no_sequences():
    assert_says(message_of([b"ab", b"c"]), "X[0] is the bytes b'ab'", "list(X[i])", "TokenEncoder")


@pytest.mark.parametrize(
    "X",
    [(CUBE, np.ones((4, 2))), (list(RAGGED), pd.DataFrame(np.ones((4, 2)))), [CUBE, np.ones(4)]],
    ids=["array", "list", "labels"],
)
def test_sequences_beside_static_features(X):
    assert_says(message_of(X), "two parts with 4 rows each", "repeated at each step", "from_long(..., static=...)")


def test_two_sequences_are_no_pair():
    assert len(read_sequences(Reader(), (RAGGED[0], RAGGED[0]), reset=True)) == 2
    assert len(read_sequences(Reader(), [RAGGED[0].tolist(), RAGGED[0].tolist()], reset=True)) == 2


@pytest.mark.parametrize(
    ("X", "error", "parts"),
    [
        ({"a": RAGGED[0], "b": RAGGED[1]}, TypeError, ["type dict, with 2 keys", "list(X.values())", "static"]),
        ((x for x in RAGGED), TypeError, ["type generator", "Give list(X)"]),
        (pd.DataFrame({"a": [1, 1], "b": [1.0, 2.0]}).groupby("a"), TypeError, ["GroupBy", "from_long(table, by=...)"]),
        (pl.DataFrame({"a": [1.0]}).lazy(), TypeError, ["LazyFrame", "X.collect()"]),
        (None, TypeError, ["X is None, no sequences", "a list of arrays"]),
        (5.0, TypeError, ["X is 5.0, no sequences", "a list of arrays"]),
    ],
    ids=["dict", "generator", "groupby", "lazy", "None", "number"],
)
def test_other_kinds(X, error, parts):
    assert_says(message_of(X, error=error), *parts)


class Tensor:
    """What NumPy cannot read, as tensors of torch that require a gradient or hold bfloat16."""

    def __init__(self, requires_grad):
        self.requires_grad = requires_grad
        self.shape, self.ndim, self.dtype = (3, 2), 2, "torch.float32"

    def __len__(self):
        return 3

    def __array__(self, dtype=None, copy=None):
        raise (RuntimeError("requires grad") if self.requires_grad else TypeError("unsupported ScalarType BFloat16"))


@pytest.mark.parametrize(("requires_grad", "cure"), [(True, "x.detach()"), (False, "x.float()")])
def test_tensors_that_numpy_cannot_read(requires_grad, cure):
    tensor = Tensor(requires_grad)
    assert_says(message_of(tensor, error=TypeError), "X is a Tensor of dtype torch.float32", cure)
    assert_says(message_of([tensor], error=TypeError), "X[0] is a Tensor of dtype torch.float32", cure)


def test_packed_sequences():
    packed = type("PackedSequence", (tuple,), {"data": RAGGED[0], "batch_sizes": [2, 1, 1]})()
    assert_says(message_of(packed, error=TypeError), "PackedSequence of torch", "unpack_sequence(X)")


# ---- a single sequence ----


@pytest.mark.parametrize(
    ("fitted", "given"),
    [
        (RAGGED, RAGGED[0]),
        (CUBE, CUBE[0]),
        (RAGGED, pd.DataFrame(RAGGED[0])),
        ([array[:, 0] for array in RAGGED], RAGGED[0][:, 0]),
        ([[1.0, 2.0], [3.0]], [1.0, 2.0]),
        ([array.tolist() for array in RAGGED], RAGGED[0].tolist()),
    ],
    ids=["array", "cube", "frame", "one feature", "list", "nested list"],
)
def test_a_single_sequence_at_predict(fitted, given):
    assert_says(message_of(given, fitted_on(fitted)), "If X is a single sequence, give a list of it: [X]")


@pytest.mark.parametrize("given", [np.array([1, 2]), [1, 2]], ids=["array", "list"])
def test_a_single_sequence_of_ids_at_predict(given):
    reader = fitted_on([[1, 2], [3]], tokens=True)
    assert_says(message_of(given, reader, tokens=True), "If X is a single sequence, give a list of it: [X]")
