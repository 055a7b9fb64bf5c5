import pickle

import numpy as np
import pytest
from scikit_learn_checks import parametrize_checks
from scipy import sparse
from scipy.spatial.distance import cdist
from sklearn.base import clone

from skseq.over_sampling import SMOTE, SMOTENC
from skseq.over_sampling._neighbors import nearest_neighbors

Y = np.repeat([0, 1], [40, 15])
RNG = np.random.RandomState(0)
NUMBERS = RNG.randn(55, 3) * [1, 2, 30]
CITIES = np.array(["Oslo", "Rome", "Lima"])[RNG.randint(3, size=55)]
CODES = RNG.randint(40, size=55)  # more categories than are multiplied as indicators
X = np.empty((55, 5), dtype=object)
X[:, [0, 2, 3]], X[:, 1], X[:, 4] = NUMBERS, CITIES, CODES
CATEGORICAL = [1, 4]


def paper_distances(numbers, categories):
    """Squared distances by the definition of the paper."""
    median = np.median(numbers.std(axis=0))
    distances = cdist(numbers, numbers, "sqeuclidean")
    for column in categories.T:
        distances += median**2 * (column[:, None] != column)
    np.fill_diagonal(distances, np.inf)
    return distances


@parametrize_checks(SMOTENC([1]))
def test_scikit_learn_checks(estimator, check):
    check(estimator)


@pytest.mark.parametrize("gap", ["row", "feature"])
@pytest.mark.parametrize("allocation", ["random", "even"])
def test_children_by_the_definition(gap, allocation):
    sampler = SMOTENC(CATEGORICAL, k_neighbors=4, gap=gap, allocation=allocation, random_state=0)
    X_res, y_res = sampler.fit_resample(X, Y)
    assert sampler.categorical_features_.tolist() == CATEGORICAL
    assert sampler.n_features_in_ == 5
    np.testing.assert_array_equal(X_res[:55], X)
    assert y_res.tolist() == [*Y, *[1] * 25]
    members = np.flatnonzero(Y == 1)
    categories = np.column_stack([np.unique(X[:, j].astype(str), return_inverse=True)[1] for j in CATEGORICAL])
    distances = paper_distances(NUMBERS[members], categories[members])
    neighbors = members[np.argsort(distances, axis=1, kind="stable")[:, :4]]
    i, j = sampler.parents_.T
    gaps = sampler.gaps_.reshape(25, -1)
    numbers = NUMBERS[j] + gaps * (NUMBERS[i] - NUMBERS[j])
    np.testing.assert_array_equal(X_res[55:, [0, 2, 3]].astype(float), numbers)
    for child, first, second in zip(X_res[55:], i, j):
        near = neighbors[np.searchsorted(members, first)]
        assert second in near
        for column in CATEGORICAL:
            found = X[near, column].tolist()
            counts = [found.count(value) for value in found]
            assert child[column] == found[int(np.argmax(counts))]  # of a tie the nearest


def test_a_tie_goes_to_the_nearest():
    X = np.array([[0.0, 9], [1.0, 5], [2.1, 4], [3.3, 4], [4.6, 5], *[[50.0, 1]] * 9])
    sampler = SMOTENC([1], k_neighbors=4, sampling_strategy={0: 6}, random_state=0)
    rows = sampler._read_rows(X)
    rows.vote(np.array([0, 1]), np.array([[1, 2, 3, 4], [2, 0, 3, 4]]))
    assert rows.codes[1, 0] == rows.votes[0, 0]
    assert rows.codes[2, 0] == rows.votes[1, 0]


@pytest.mark.parametrize("cards", [(2, 3), (2, 50), (60, 40)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_neighbours_equal_brute_force(cards, dtype):
    rng = np.random.RandomState(1)
    categories = np.column_stack([rng.randint(card, size=900) for card in cards])
    numbers = rng.randn(900, 2).astype(dtype)
    table = np.column_stack([numbers, categories]).astype(dtype)
    rows = SMOTENC([2, 3])._read_rows(table)
    found = nearest_neighbors(rows.points(np.arange(900)), 6)
    expected = np.argsort(paper_distances(numbers.astype(float), categories), axis=1, kind="stable")[:, :6]
    np.testing.assert_array_equal(found, expected)


def test_neighbours_among_copies_equal_brute_force():
    rng = np.random.RandomState(1)
    numbers, categories = rng.randint(2, size=(900, 2)).astype(float), rng.randint(3, size=(900, 2))
    rows = SMOTENC([2, 3])._read_rows(np.column_stack([numbers, categories]))
    found = nearest_neighbors(rows.points(np.arange(900)), 6)
    expected = np.argsort(paper_distances(numbers, categories), axis=1, kind="stable")[:, :6]
    np.testing.assert_array_equal(found, expected)


def test_constant_columns_leave_the_median_to_the_others():
    table = np.column_stack([np.zeros(30), np.zeros(30), np.arange(30.0) * 1e-3, np.tile([0, 1], 15)])
    rows = SMOTENC([3])._read_rows(table)
    assert rows.points(np.arange(30)).penalty == pytest.approx(np.var(table[:, 2]))
    table[:, 2] = 7
    assert SMOTENC([3])._read_rows(table).points(np.arange(30)).penalty == 1


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_huge_and_tiny_numbers(scale):
    y = Y
    table = np.column_stack([NUMBERS, CODES % 4]).astype(float)
    expected = SMOTENC([3], random_state=0)
    expected.fit_resample(table, y)
    scaled = SMOTENC([3], random_state=0)
    factor = 2.0 ** np.round(np.log2(scale))
    X_res, _ = scaled.fit_resample(table * [factor, factor, factor, 1], y)
    np.testing.assert_array_equal(scaled.parents_, expected.parents_)
    assert np.isfinite(X_res).all()


def test_numbers_and_threads_agree_with_smote_where_categories_do_not_differ():
    table = np.column_stack([NUMBERS, np.zeros(55)])
    ours, plain = SMOTENC([3], random_state=0), SMOTE(random_state=0)
    np.testing.assert_array_equal(ours.fit_resample(table, Y)[0][:, :3], plain.fit_resample(NUMBERS, Y)[0])
    np.testing.assert_array_equal(
        ours.set_params(n_jobs=2).fit_resample(table, Y)[0][:, :3], plain.fit_resample(NUMBERS, Y)[0]
    )


def test_several_classes():
    y = np.repeat([0, 1, 2], [30, 15, 10])
    sampler = SMOTENC(CATEGORICAL, random_state=0)
    _, y_res = sampler.fit_resample(X, y)
    assert np.bincount(y_res).tolist() == [30, 30, 30]
    assert (y[sampler.parents_] == y_res[55:, None]).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int16, np.int64])
def test_arrays_keep_their_dtype(dtype):
    table = np.column_stack([NUMBERS * 10, CODES]).astype(dtype)
    before = table.copy()
    table.flags.writeable = False
    sampler = SMOTENC([3], random_state=0)
    X_res, _ = sampler.fit_resample(table, Y)
    assert X_res.dtype == dtype
    np.testing.assert_array_equal(X_res[:55], before)
    assert np.isin(X_res[55:, 3], table[Y == 1, 3]).all()
    i, j = sampler.parents_.T
    numbers = table[:, :3].astype(sampler.gaps_.dtype)
    expected = numbers[j] + sampler.gaps_[:, None] * (numbers[i] - numbers[j])
    if np.dtype(dtype).kind == "i":
        expected = np.rint(expected)
    np.testing.assert_array_equal(X_res[55:, :3], expected)


def test_integers_among_objects_stay_integers():
    table = X.copy()
    table[:, 0] = [int(value * 10) for value in NUMBERS[:, 0]]
    X_res, _ = SMOTENC(CATEGORICAL, random_state=0).fit_resample(table, Y)
    assert {type(value) for value in X_res[:, 0]} == {int}
    assert {type(value) for value in X_res[:, 2]} == {float}


@pytest.mark.parametrize("outer", [list, tuple])
def test_lists_of_rows(outer):
    table = outer(map(outer, X.tolist()))
    X_res, _ = SMOTENC(CATEGORICAL, random_state=0).fit_resample(table, Y)
    expected, _ = SMOTENC(CATEGORICAL, random_state=0).fit_resample(X, Y)
    assert X_res == outer(map(outer, expected.tolist()))
    plain = np.column_stack([NUMBERS, CODES]).tolist()
    assert SMOTENC([3], random_state=0).fit_resample(plain, Y)[0][:55] == plain


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_missing_categories_are_a_category(missing):
    table = X.copy()
    table[45:, 1] = missing
    X_res, _ = SMOTENC(CATEGORICAL, random_state=0).fit_resample(table, Y)
    assert any(value is None or value != value for value in X_res[55:, 1])
    floats = np.column_stack([NUMBERS, np.where(np.arange(55) > 44, np.nan, 1.0)])
    assert np.isnan(SMOTENC([3], random_state=0).fit_resample(floats, Y)[0][55:, 3]).any()


def make_frame(pandas):
    return pandas.DataFrame(
        {
            "double": NUMBERS[:, 0],
            "city": pandas.Categorical(CITIES, categories=["Rome", "Oslo", "Lima", "Bonn"]),
            "single": NUMBERS[:, 1].astype(np.float32),
            "text": CITIES.astype(object),
            "string": pandas.array(CITIES, dtype="string"),
            "flag": CODES > 20,
            "nullable flag": pandas.array([None, *(CODES[1:] > 20)], dtype="boolean"),
            "count": CODES,
            "nullable": pandas.array(CODES, dtype="Int64"),
            "day": pandas.to_datetime("2020-01-01") + pandas.to_timedelta(CODES, unit="D"),
        },
        index=range(7, 62),
    )


@pytest.mark.parametrize("named", [False, True])
def test_pandas_round_trip(named):
    pandas = pytest.importorskip("pandas")
    frame = make_frame(pandas)
    if not named:
        frame = frame.drop(columns="day")
    before = frame.copy()
    names = ["city", "text", "string", "flag", "nullable flag", "day"]
    sampler = SMOTENC(names if named else "auto", random_state=0)
    X_res, y_res = sampler.fit_resample(frame, pandas.Series(Y, index=frame.index))
    pandas.testing.assert_frame_equal(frame, before)
    pandas.testing.assert_frame_equal(X_res[:55], frame.reset_index(drop=True))
    assert X_res.dtypes.tolist() == frame.dtypes.tolist()
    assert frame.columns[sampler.categorical_features_].tolist() == (names if named else names[:-1])
    assert sampler.feature_names_in_.tolist() == frame.columns.tolist()
    assert X_res["city"][55:].notna().all()
    i, j = sampler.parents_.T
    count = CODES[j] + sampler.gaps_ * (CODES[i] - CODES[j])
    assert X_res["count"][55:].tolist() == np.rint(count).tolist()
    assert len(y_res) == len(X_res)


def test_polars_round_trip():
    polars = pytest.importorskip("polars")
    columns = {
        "double": NUMBERS[:, 0],
        "city": polars.Series(CITIES.tolist(), dtype=polars.Enum(["Rome", "Oslo", "Lima", "Bonn"])),
        "category": polars.Series(CITIES.tolist(), dtype=polars.Categorical),
        "text": [None, *CITIES[1:].tolist()],
        "flag": CODES > 20,
        "single": NUMBERS[:, 1].astype(np.float32),
        "count": CODES.astype(np.int16),
    }
    frame = polars.DataFrame(columns)
    sampler = SMOTENC("auto", random_state=0)
    X_res, _ = sampler.fit_resample(frame, Y)
    assert X_res.schema == frame.schema
    assert X_res[:55].equals(frame)
    assert sampler.categorical_features_.tolist() == [1, 2, 3, 4]
    by_name = SMOTENC(["city", "category", "text", "flag"], random_state=0).fit_resample(frame, Y)[0]
    assert by_name.equals(X_res)
    assert set(X_res["city"][55:].to_list()) <= set(CITIES)


def test_frames_equal_arrays():
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    expected = SMOTENC(CATEGORICAL, random_state=0).fit_resample(X, Y)[0].tolist()
    data = {name: column.tolist() for name, column in zip("abcde", X.T)}
    for frame in (pandas.DataFrame(data), polars.DataFrame(data)):
        X_res = SMOTENC(CATEGORICAL, random_state=0).fit_resample(frame, Y)[0]
        assert X_res.to_numpy().tolist() == expected


@pytest.mark.parametrize(
    ("given", "table", "error", "message"),
    [
        ("auto", X, ValueError, "reads the dtypes of a data frame"),
        ("city", X, ValueError, r"not an option.*such as \['city'\]"),
        (["city"], X, ValueError, "whose columns have no names"),
        ([], X, ValueError, "use SMOTE"),
        ([False] * 5, X, ValueError, "use SMOTE"),
        ([True] * 5, X, ValueError, "every column.*RandomOverSampler"),
        ([True] * 4, X, ValueError, "4 booleans, but X has n_features=5"),
        ([5], X, ValueError, "position 5"),
        ([-1], X, ValueError, "position -1"),
        ([1.5], X, TypeError, "not an option"),
        (3, X, TypeError, "not an option"),
        (None, X, TypeError, "not an option"),
        ([4], X, TypeError, "Column 1 of X holds strings.*SMOTENC"),
        ([1], X.astype(str), TypeError, "X holds strings"),
        ([1], sparse.csr_array(NUMBERS), TypeError, "[Ss]parse"),
        ([1], NUMBERS[:, :, None], ValueError, "dim 3"),
        ([1], [np.zeros((3, 2)), np.zeros((2, 2))], ValueError, "sequences"),
        ([0], NUMBERS[:, :1], ValueError, "every column"),
        ([0], ["a", "b"] * 20, TypeError, "X holds texts"),
    ],
)
def test_bad_columns(given, table, error, message):
    sampler = SMOTENC(given)
    with pytest.raises(error, match=message):
        sampler.fit_resample(table, Y)
    assert not hasattr(sampler, "n_features_in_")


@pytest.mark.parametrize(("value", "message"), [(np.nan, "NaN: column 2 at row 3"), (np.inf, "infinity: column 2")])
def test_numbers_must_be_finite(value, message):
    table = X.copy()
    table[3, 2] = value
    with pytest.raises(ValueError, match=message):
        SMOTENC(CATEGORICAL).fit_resample(table, Y)


def test_unhashable_categories():
    table = X.copy()
    table[3, 1] = {}
    with pytest.raises(TypeError, match="Column 1 of X is categorical and holds values that cannot be compared"):
        SMOTENC(CATEGORICAL).fit_resample(table, Y)
    pandas = pytest.importorskip("pandas")
    with pytest.raises(TypeError, match="Column 'd' of X is categorical and holds values that cannot be compared"):
        SMOTENC(["d"]).fit_resample(pandas.DataFrame({"a": CODES, "d": [{}] * 55}), Y)


def test_unknown_name_of_a_frame():
    pandas = pytest.importorskip("pandas")
    with pytest.raises(ValueError, match=r"'town', but the columns are \['city', 'size'\]"):
        SMOTENC(["town"]).fit_resample(pandas.DataFrame({"city": CITIES, "size": CODES}), Y)
    with pytest.raises(TypeError, match="Column 'city' of X holds strings"):
        SMOTENC(["size"]).fit_resample(pandas.DataFrame({"city": CITIES, "size": CODES}), Y)


def test_mask_and_array_of_positions():
    expected = SMOTENC(CATEGORICAL, random_state=0).fit_resample(X, Y)[0]
    for given in (np.array([4, 1]), [False, True, False, False, True], np.array([0, 1, 0, 0, 1], dtype=bool)):
        np.testing.assert_array_equal(SMOTENC(given, random_state=0).fit_resample(X, Y)[0], expected)


def test_small_class_warns_and_tiny_class_is_refused():
    y = np.repeat([0, 1], [52, 3])
    with pytest.warns(UserWarning, match="has 3 rows"):
        SMOTENC(CATEGORICAL, random_state=0).fit_resample(X, y)
    with pytest.raises(ValueError, match="RandomOverSampler"):
        SMOTENC(CATEGORICAL).fit_resample(X, np.repeat([0, 1], [54, 1]))


def test_clone_pickle_and_refit():
    sampler = SMOTENC(CATEGORICAL, random_state=0)
    expected = sampler.fit_resample(X, Y)[0]
    again = clone(pickle.loads(pickle.dumps(sampler)))
    np.testing.assert_array_equal(again.fit_resample(X, Y)[0], expected)
    again.set_params(categorical_features=[0]).fit_resample(np.round(NUMBERS), Y)
    assert again.n_features_in_ == 3


def test_balanced_classes_come_back_as_they_are():
    X_res, _ = SMOTENC(CATEGORICAL).fit_resample(X[:40], np.tile([0, 1], 20))
    np.testing.assert_array_equal(X_res, X[:40])
