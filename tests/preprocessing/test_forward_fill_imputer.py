import pickle
import warnings

import numpy as np
import pytest
from scikit_learn_checks import parametrize_checks
from sklearn import config_context
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.model_selection import GridSearchCV
from sklearn.preprocessing import StandardScaler
from sklearn.utils import get_tags

from skseq import RNNClassifier, make_pipeline
from skseq.compose import EachStep
from skseq.preprocessing import ForwardFillImputer

NAN = np.nan


@parametrize_checks(
    ForwardFillImputer(),
    ForwardFillImputer(add_indicator=True, add_elapsed=True, initial_strategy="zero"),
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def make_gaps(dtype=np.float64, n=40, features=3, missing=0.5, seed=0):
    """Return ragged sequences with gaps."""
    rng = np.random.RandomState(seed)
    X = [rng.standard_normal((steps, features)).astype(dtype) for steps in rng.randint(1, 12, size=n)]
    for x in X:
        x[rng.uniform(size=x.shape) < missing] = NAN
    return X


def filled_by_loops(x, initial):
    """Return filled values, indicators and steps since last seen of one sequence, step by step."""
    values, missing, elapsed = x.copy(), np.zeros(x.shape), np.zeros(x.shape)
    for feature in range(x.shape[1]):
        last, steps = initial[feature], 0
        for step in range(len(x)):
            if np.isnan(x[step, feature]):
                steps += 1
                missing[step, feature] = 1
            else:
                last, steps = x[step, feature], 0
            values[step, feature], elapsed[step, feature] = last, steps
    return values, missing, elapsed


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("strategy", ["mean", "zero"])
def test_equals_a_loop_over_the_steps(dtype, strategy):
    X = make_gaps(dtype)
    means = np.nanmean(np.concatenate(X).astype(np.float64), axis=0)
    initial = means.astype(dtype) if strategy == "mean" else np.zeros(3, dtype)
    for indicator in (False, True):
        for elapsed in (False, True):
            imputer = ForwardFillImputer(add_indicator=indicator, add_elapsed=elapsed, initial_strategy=strategy)
            out = imputer.fit_transform(X)
            assert isinstance(out, list)
            for got, x in zip(out, X, strict=True):
                blocks = filled_by_loops(x, initial)
                wanted = [blocks[0]] + [blocks[1]] * indicator + [blocks[2]] * elapsed
                np.testing.assert_array_equal(got, np.hstack(wanted))
                assert got.dtype == dtype
            np.testing.assert_allclose(imputer.statistics_, initial)
            assert imputer.statistics_.dtype == np.float64


def test_forms_go_out_as_they_came():
    X = np.stack([x for x in make_gaps(n=400) if len(x) == 5])
    imputer = ForwardFillImputer(add_indicator=True, add_elapsed=True)
    cube = imputer.fit_transform(X)
    assert cube.shape == (len(X), 5, 9)
    np.testing.assert_array_equal(cube, np.stack(imputer.fit_transform(list(X))))
    np.testing.assert_array_equal(cube, np.stack(imputer.transform(list(X))))  # either stands in for the other
    flat = ForwardFillImputer(add_indicator=True, add_elapsed=True, features_per_step=3).fit(X.reshape(len(X), -1))
    np.testing.assert_array_equal(flat.transform(X.reshape(len(X), -1)), cube.reshape(len(X), -1))
    assert flat.n_features_in_ == 15
    one = ForwardFillImputer().fit_transform([np.array([1.0, NAN, 3.0, NAN]), [NAN, 5.0]])
    assert [x.tolist() for x in one] == [[[1.0], [1.0], [3.0], [3.0]], [[3.0], [5.0]]]


def test_a_gap_takes_no_value_of_another_sequence_or_of_a_later_step():
    X = make_gaps()
    imputer = ForwardFillImputer(add_indicator=True, add_elapsed=True).fit(X)
    whole = imputer.transform(X)
    for i, x in enumerate(X):
        np.testing.assert_array_equal(imputer.transform([x])[0], whole[i])
        np.testing.assert_array_equal(imputer.transform([x[: (len(x) + 1) // 2]])[0], whole[i][: (len(x) + 1) // 2])


def test_nothing_missing_changes_nothing_and_copies():
    X = np.random.RandomState(0).standard_normal((4, 5, 2))
    out = ForwardFillImputer().fit_transform(X)
    np.testing.assert_array_equal(out, X)
    assert not np.shares_memory(out, X)
    X.flags.writeable = False
    ForwardFillImputer(time=0).fit(X.cumsum(axis=1) + np.arange(5)[:, None] * 10)


def test_new_gaps_in_transform():
    imputer = ForwardFillImputer(add_indicator=True).fit([[[1.0, 2.0]], [[3.0, 4.0]]])
    assert imputer.transform([np.array([[NAN, 1.0], [2.0, NAN]])])[0].tolist() == [[2, 1, 1, 0], [2, 1, 0, 1]]


def test_a_feature_without_values():
    X = [np.array([[NAN, 1.0], [NAN, 2.0]])]
    with pytest.warns(UserWarning, match=r"features \[0\] have no value in X.* filled with zero") as caught:
        imputer = ForwardFillImputer().fit(X)
    assert caught[0].filename == __file__
    assert imputer.transform(X)[0].tolist() == [[0, 1], [0, 2]]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ForwardFillImputer(initial_strategy="zero").fit(X)


def test_means_of_huge_values_are_finite():
    imputer = ForwardFillImputer().fit([np.array([[1e308], [1.2e308], [1.4e308], [NAN]])])
    np.testing.assert_allclose(imputer.statistics_, 1.2e308)
    small = ForwardFillImputer().fit([np.array([[3e38], [3e38], [NAN]], dtype=np.float32)])
    np.testing.assert_allclose(small.statistics_, 3e38)
    imputer = ForwardFillImputer().fit([np.array([[1e300], [NAN]])])
    assert imputer.transform([np.array([[NAN]], dtype=np.float32)])[0].tolist() == [[1e300]]


def test_time_becomes_the_log_of_the_time_since_the_step_before():
    X = [np.array([[10.0, 1.0], [11.0, NAN], [18.0, 2.0]]), np.array([[3.0, NAN]])]
    for time in (0, -2, np.int64(0)):
        imputer = ForwardFillImputer(time=time, add_indicator=True, add_elapsed=True).fit(X)
        assert imputer.time_column_ == 0
        out = imputer.transform(X)
        np.testing.assert_allclose(out[0][:, 0], [0, np.log(2), np.log(8)])
        np.testing.assert_array_equal(out[0][:, 1:], [[1, 0, 0, 0, 0], [1, 0, 1, 0, 1], [2, 0, 0, 0, 0]])
        np.testing.assert_array_equal(out[1], [[0, 1.5, 0, 1, 0, 1]])


@pytest.mark.parametrize(
    ("times", "message"),
    [
        (
            [[0, 1, 2], [0, 2, 2]],
            r"time stamps of X\[1\] must increase, but the one at step 2, 2.0, follows 2.0. Merge",
        ),
        ([[0, 1, 2], [3, 2, 4]], r"X\[1\] must increase, but the one at step 1, 2.0, follows 3.0. Sort"),
        ([[0, NAN, 2]], r"time stamp of X\[0\] at step 1 is missing. Drop the step"),
        ([[1e10, 1e10 + 1]], r"float32 cannot tell large time stamps apart"),
    ],
)
def test_wrong_time_stamps(times, message):
    dtype = np.float32 if 1e10 in times[0] else np.float64
    X = [np.column_stack([t, np.ones(len(t))]).astype(dtype) for t in times]
    imputer = ForwardFillImputer(time=0)
    with pytest.raises(ValueError, match=message):
        imputer.fit(X)
    assert not [name for name in vars(imputer) if name.endswith("_")]
    imputer.fit([np.array([[0.0, 1.0]])])
    with pytest.raises(ValueError, match=message):
        imputer.transform(X)


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"add_indicator": 1}, TypeError, "add_indicator must be True or False, got 1"),
        ({"add_elapsed": None}, TypeError, "add_elapsed"),
        ({"initial_strategy": "median"}, ValueError, "initial_strategy='median' is not an option"),
        ({"time": 3}, ValueError, "time=3 is out of range: X has 3 features per step"),
        ({"time": -4}, ValueError, "time=-4 is out of range"),
        ({"time": 0.0}, TypeError, "time"),
        ({"time": True}, TypeError, "time"),
        ({"time": "t"}, ValueError, "time='t' is a column name, but the features of X have no names"),
        ({"features_per_step": 0}, ValueError, "features_per_step"),
    ],
)
def test_wrong_parameters(parameters, error, message):
    imputer = ForwardFillImputer(**parameters)
    with pytest.raises(error, match=message):
        imputer.fit(make_gaps())
    assert not [name for name in vars(imputer) if name.endswith("_")]


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([], "empty list"),
        ([np.zeros((3, 2)), np.zeros((0, 2))], r"X\[1\]"),
        ([np.zeros((3, 2)), np.zeros((2, 3))], r"X\[1\]"),
        ([np.zeros((3, 2)), np.full((2, 2), np.inf)], r"infinity: X\[1\] at step 0"),
        (np.zeros((4, 0, 2)), "empty"),
    ],
)
def test_wrong_data(X, message):
    with pytest.raises(ValueError, match=message):
        ForwardFillImputer().fit(X)


def test_transform_takes_what_fit_took():
    imputer = ForwardFillImputer()
    with pytest.raises(NotFittedError):
        imputer.transform(make_gaps())
    imputer.fit(make_gaps())
    with pytest.raises(ValueError, match="3 features"):
        imputer.transform(make_gaps(features=2))
    before = dict(vars(imputer))
    with pytest.raises(ValueError, match="empty"):
        imputer.fit([])
    assert vars(imputer) == before
    imputer.set_params(add_indicator=True, add_elapsed=True, features_per_step=5)
    assert imputer.transform(make_gaps())[0].shape[1] == 3  # as it was fitted
    with pytest.raises(ValueError, match="fitted on"):
        imputer.transform(np.zeros((2, 3)))


def test_names():
    imputer = ForwardFillImputer(add_indicator=True, add_elapsed=True).fit(make_gaps(features=2))
    with pytest.raises(NotFittedError):
        clone(imputer).get_feature_names_out()
    names = ["x0", "x1", "missingindicator_x0", "missingindicator_x1", "elapsed_x0", "elapsed_x1"]
    assert imputer.get_feature_names_out().tolist() == names
    assert imputer.get_feature_names_out(["a", "b"])[-1] == "elapsed_b"
    with pytest.raises(ValueError, match="should have length equal"):
        imputer.get_feature_names_out(["a"])
    pd = pytest.importorskip("pandas")
    table = pd.DataFrame([[1.0, NAN, 3.0, 4.0]], columns=["a0", "b0", "a1", "b1"])
    flat = ForwardFillImputer(add_indicator=True, features_per_step=2, initial_strategy="zero").fit(table)
    names = flat.get_feature_names_out()
    assert names.tolist() == [
        *("a0", "b0", "missingindicator_a0", "missingindicator_b0"),
        *("a1", "b1", "missingindicator_a1", "missingindicator_b1"),
    ]
    assert flat.transform(table).shape == (1, len(names))
    with pytest.raises(ValueError, match="input_features is not equal to feature_names_in_"):
        flat.get_feature_names_out(["a", "b", "c", "d"])


def test_copies_tags_and_configured_output():
    X = make_gaps()
    imputer = ForwardFillImputer(add_elapsed=True).fit(X)
    for other in (pickle.loads(pickle.dumps(imputer)), clone(imputer).fit(X)):
        np.testing.assert_array_equal(other.transform(X)[3], imputer.transform(X)[3])
    tags = get_tags(imputer)
    assert tags.input_tags.allow_nan
    assert tags.input_tags.three_d_array
    with config_context(transform_output="pandas"):
        assert isinstance(imputer.fit_transform(X)[0], np.ndarray)


def test_before_a_network_in_a_search():
    X = [x + label for label, x in zip(np.arange(40) % 2 * 5, make_gaps())]
    network = RNNClassifier(4, max_iter=2, random_state=0)
    model = make_pipeline(ForwardFillImputer(), EachStep(StandardScaler()), network)
    grid = {"forwardfillimputer__add_indicator": [True, False], "forwardfillimputer__add_elapsed": [True, False]}
    search = GridSearchCV(model, grid, cv=2, n_jobs=2, error_score="raise").fit(X, np.arange(40) % 2)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_lists_of_frames_by_name(library):
    module = pytest.importorskip(library)
    make = module.Table.from_pydict if library == "pyarrow" else module.DataFrame
    first = {"hour": [0.0, 1.0, 4.0], "heat": [None, 2.0, None]}
    second = {"hour": [7.0], "heat": [4.0]}
    frames = [make(columns) for columns in (first, second)]
    imputer = ForwardFillImputer(time="hour", add_indicator=True).fit(frames)
    assert imputer.time_column_ == 0
    assert imputer.feature_names_in_.tolist() == ["hour", "heat"]
    names = ["hour", "heat", "missingindicator_hour", "missingindicator_heat"]
    assert imputer.get_feature_names_out().tolist() == names
    out = imputer.transform(frames)
    np.testing.assert_allclose(out[0], [[0, 3, 0, 1], [np.log(2), 2, 0, 0], [np.log(4), 2, 0, 1]])
    np.testing.assert_allclose(out[1], [[0, 4, 0, 0]])
    with pytest.raises(ValueError, match=r"time='day' is not among the names of the features, \['hour', 'heat'\]"):
        ForwardFillImputer(time="day").fit(frames)
    with pytest.raises(ValueError, match="names should match"):
        imputer.transform([make({"heat": [1.0], "hour": [1.0]})])
    with pytest.raises(TypeError, match="text in column 'heat'"):
        ForwardFillImputer().fit([make({"heat": ["a", "b"]})])


def test_masked_values_are_missing():
    masked = np.ma.MaskedArray([[1.0], [2.0], [3.0]], mask=[[False], [True], [False]])
    assert ForwardFillImputer(add_indicator=True).fit_transform([masked])[0].tolist() == [[1, 0], [1, 1], [3, 0]]
