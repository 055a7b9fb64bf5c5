import numpy as np
import pytest
from scipy import sparse

from skseq.over_sampling import SMOTE

Y = np.repeat([0, 1], [20, 10])
X = np.random.RandomState(0).randn(30, 4)
EXPECTED = SMOTE(random_state=0).fit_resample(X, Y)[0]


def resample(X, **parameters):
    return SMOTE(random_state=0, **parameters).fit_resample(X, Y)[0]


@pytest.mark.parametrize("dtype", [np.float16, object, ">f8"])
def test_other_floats_become_float64(dtype):
    values = (np.abs(X) * 20).astype(dtype)
    X_res = resample(values)
    assert X_res.dtype == np.float64
    assert X_res.dtype.isnative
    np.testing.assert_array_equal(X_res[:30], values)
    np.testing.assert_array_equal(X_res, resample(values.astype(np.float64)))


@pytest.mark.parametrize("gap", ["row", "feature"])
@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.uint16, ">i4"])
def test_integers_stay_and_children_are_rounded(dtype, gap):
    values = (X * 20 if np.dtype(dtype).kind == "i" else np.abs(X) * 20).astype(dtype)
    sampler = SMOTE(random_state=0, gap=gap)
    X_res, _ = sampler.fit_resample(values, Y)
    assert X_res.dtype == np.dtype(dtype).newbyteorder("=")
    np.testing.assert_array_equal(X_res[:30], values)
    floats = resample(values.astype(np.float64), gap=gap)
    np.testing.assert_array_equal(X_res, np.rint(floats))
    assert (floats != np.rint(floats)).any()
    assert sampler.gaps_.dtype == np.float64
    i, j = sampler.parents_.T
    gaps, floats = sampler.gaps_.reshape(10, -1), values.astype(np.float64)
    np.testing.assert_array_equal(X_res[30:], np.rint(floats[j] + gaps * (floats[i] - floats[j])))


def test_integers_at_both_ends_of_their_dtype():
    values = np.where(X > 0, 127, -128).astype(np.int8)  # a difference of two overflows
    X_res = resample(values)
    np.testing.assert_array_equal(X_res, np.rint(resample(values.astype(np.float64))))


def test_integers_of_an_array_of_sequences_stay():
    values = np.round(X * 20).astype(np.int32).reshape(30, 2, 2)
    X_res = resample(values)
    assert X_res.dtype == np.int32
    np.testing.assert_array_equal(X_res, np.rint(resample(values.astype(np.float64))))


@pytest.mark.parametrize("outer", [list, tuple])
@pytest.mark.parametrize("inner", [list, tuple])
def test_tables_of_plain_numbers(outer, inner):
    table = outer(map(inner, X.tolist()))
    result = resample(table)
    assert type(result) is outer
    assert all(type(row) is inner for row in result)
    assert result == outer(map(inner, EXPECTED.tolist()))


def test_array_likes_come_back_as_arrays():
    class Wrapped:
        def __array__(self, dtype=None, copy=None):
            return np.array(X, dtype=dtype)

    np.testing.assert_array_equal(resample(Wrapped()), EXPECTED)


SPARSE_X = sparse.random(30, 50, density=0.2, format="csr", random_state=0)


@pytest.mark.parametrize("form", ["csr", "csc", "coo", "lil", "dok"])
@pytest.mark.parametrize("kind", ["matrix", "array"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sparse_formats(form, kind, dtype):
    given = getattr(sparse, f"{form}_{kind}")(SPARSE_X.astype(dtype))
    sampler = SMOTE(random_state=0)
    X_res, _ = sampler.fit_resample(given, Y)
    assert type(X_res) is type(given)
    assert X_res.dtype == dtype
    assert sampler.gaps_.dtype == dtype
    np.testing.assert_array_equal(X_res.toarray(), resample(SPARSE_X.toarray().astype(dtype)))
    np.testing.assert_array_equal(X_res.toarray()[:30], given.toarray())


def test_sparse_input_is_never_modified():
    given = SPARSE_X.copy()
    given.indices[:2] = given.indices[1::-1]  # unsorted
    given.has_sorted_indices = False
    before = given.copy()
    for part in (given.data, given.indices, given.indptr):
        part.flags.writeable = False
    X_res = resample(given)
    np.testing.assert_array_equal(given.data, before.data)
    np.testing.assert_array_equal(given.indices, before.indices)
    assert not np.shares_memory(X_res.data, given.data)
    balanced = SMOTE().fit_resample(given[:20], np.repeat([0, 1], 10))[0]
    np.testing.assert_array_equal(balanced.toarray(), before[:20].toarray())


@pytest.mark.parametrize("kind", [sparse.csr_array, sparse.csc_matrix])
def test_sparse_gap_feature(kind):
    sampler = SMOTE(gap="feature", random_state=0)
    X_res, _ = sampler.fit_resample(kind(SPARSE_X), Y)
    gaps = sampler.gaps_
    assert gaps.shape == (10, 50)
    i, j = sampler.parents_.T
    dense = SPARSE_X.toarray()
    # a gap for every value that differs between the parents, and for no other
    np.testing.assert_array_equal(gaps.toarray() > 0, dense[i] != dense[j])
    np.testing.assert_array_equal(X_res.toarray()[30:], dense[j] + gaps.toarray() * (dense[i] - dense[j]))
    assert len(np.unique(gaps.data)) == gaps.nnz


def test_wide_sparse_is_not_made_dense():
    columns = np.random.RandomState(0).randint(5_000_000, size=300)  # dense: 1.2 GB
    wide = sparse.csr_array((np.ones(300), columns, np.arange(0, 301, 10)), shape=(30, 5_000_000))
    for gap in ("row", "feature"):
        X_res = resample(wide, gap=gap)
        assert X_res.shape == (40, 5_000_000)
        assert X_res.nnz <= 300 + 10 * 20


@pytest.mark.parametrize("gap", ["row", "feature"])
def test_sparse_integers_stay(gap):
    given = sparse.csr_array((SPARSE_X * 10).astype(np.int32))
    X_res = resample(given, gap=gap)
    assert X_res.dtype == np.int32
    assert (X_res.data[given.nnz :] != 0).all()
    np.testing.assert_array_equal(X_res.toarray(), np.rint(resample(given.astype(np.float64), gap=gap).toarray()))


def spoil(value, row=3, column=1):
    spoiled = X.copy()
    spoiled[row, column] = value
    return spoiled


@pytest.mark.parametrize(
    ("bad", "error", "message"),
    [
        (spoil(np.nan), ValueError, "contains NaN: column 1 at row 3.*SimpleImputer"),
        (spoil(-np.inf), ValueError, "contains infinity: column 1 at row 3"),
        (sparse.csc_array(spoil(np.nan)), ValueError, "contains NaN: column 1 at row 3"),
        (spoil(1e308), ValueError, "too large to interpolate in float64: column 1 at row 3"),
        (X > 0, TypeError, "X holds booleans.*astype"),
        (sparse.csr_array(X > 0), TypeError, "X holds booleans"),
        (X.astype(str), TypeError, "X holds strings.*Encode it as numbers"),
        (np.array([["1", 2.0]] * 30, dtype=object), TypeError, "Column 0 of X holds strings"),
        (np.array([[1.0, True]] * 30, dtype=object), TypeError, "Column 1 of X holds booleans"),
        (np.array([[1.0, {}]] * 30, dtype=object), TypeError, "objects that are not numbers"),
        (X.astype("M8[s]"), TypeError, "dtype datetime64"),
        (X * 1j, ValueError, "Complex data not supported"),
        (np.full((30, 2), 2**53 + 1), ValueError, "exact only up to 2\\*\\*53"),
        (np.full((30, 2), -(2**63)), ValueError, "exact only up to 2\\*\\*53"),
        (sparse.csr_array(np.full((30, 2), 2**60)), ValueError, "exact only up to 2\\*\\*53"),
        (X[:, 0], ValueError, "Expected 2D array"),
        (X[np.newaxis, np.newaxis], ValueError, "Found array with dim 4"),
        (X[:0], ValueError, r"0 sample\(s\)"),
        (X[:, :0], ValueError, r"0 feature\(s\)"),
        ([], ValueError, "empty list"),
        (None, TypeError, "X is None"),
    ],
)
@pytest.mark.parametrize("method", ["fit", "fit_resample"])
def test_bad_X(bad, error, message, method):
    sampler = SMOTE()
    with pytest.raises(error, match=message):
        getattr(sampler, method)(bad, Y)
    assert not hasattr(sampler, "n_features_in_")


def test_the_largest_exact_integers_pass():
    values = np.full((30, 1), 2**53)
    values[::2] = -(2**53)
    np.testing.assert_array_equal(resample(values)[:30].astype(np.int64), values)


def test_refit_on_other_forms():
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(list(X), Y)
    assert sampler.n_features_in_ == 1
    sampler.fit_resample(X, Y)
    assert sampler.n_features_in_ == 4
    sampler.fit_resample(X.reshape(30, 2, 2), Y)
    assert sampler.n_features_in_ == 2
    sampler.fit_resample(SPARSE_X, Y)
    assert sampler.n_features_in_ == 50
