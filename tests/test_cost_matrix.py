"""Cost matrices: by position or by name, one for all decisions or one for each."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

from skseq._cost_matrix import check_cost_matrix, costs_of, read_costs

NAMES = np.array(["common", "rare"])
COSTS = np.array([[0.0, 1.0], [50.0, 0.0]])
BY_NAME = {"rare": {"common": 50}, "common": {"rare": 1}}


def frame(values, index=None, columns=None):
    return pd.DataFrame(values, index, columns)


@pytest.mark.parametrize(
    ("classes", "costs"),
    [
        ([0, 1], frame(COSTS)),
        ([0, 1], frame(COSTS).iloc[::-1, ::-1]),  # labelled by RangeIndex(1, -1, -1)
        ([1, 2], frame(COSTS)),  # counts from 0: no names
        ([1, 2], frame(COSTS, pd.RangeIndex(1, 3), pd.RangeIndex(1, 3))),
        ([1, 2], frame(COSTS, pd.RangeIndex(1, 3), pd.RangeIndex(1, 3)).iloc[::-1, ::-1]),
        ([0, 2], frame(COSTS, pd.RangeIndex(0, 4, 2), pd.RangeIndex(0, 4, 2)).iloc[::-1]),
        ([0, 1], frame(COSTS).iloc[:, ::-1]),  # rows 0, 1 are the classes too
        ([0, 1], frame(COSTS)[[1, 0]]),
        ([False, True], frame(COSTS[::-1], [True, False], [False, True])),
        (NAMES, frame(COSTS, NAMES, NAMES).loc[["rare", "common"]]),
        (NAMES, frame(COSTS, pd.Categorical(NAMES), NAMES).iloc[::-1]),
        (NAMES, BY_NAME),
        (NAMES, {"rare": {"rare": 0, "common": 50}, "common": {"rare": 1.0, "common": 0}}),
        (NAMES, {"x": {}, "rare": {"common": 50, "x": 7}, "common": {"rare": 1}}),
        ([0, 1], {1: {0: 50}, 0: {1: 1}}),
        (NAMES, pl.DataFrame({"common": [0, 50], "rare": [1, 0]})),
        (NAMES, pl.DataFrame({"true": ["rare", "common"], "rare": [0, 1], "common": [50, 0]})),
        ([0, 1], pl.DataFrame({"true": [1, 0], "1": [0, 1], "0": [50, 0]})),
        ([0, 1], pl.DataFrame({"0": [0, 50], "1": [1, 0]})),
        (NAMES, pl.DataFrame(COSTS)),
    ],
)
def test_names_give_the_order(classes, costs):
    np.testing.assert_array_equal(check_cost_matrix(costs, np.array(classes)), COSTS)


def test_arrow_tables_name_classes_too():
    pa = pytest.importorskip("pyarrow")
    table = pa.table({"true": ["rare", "common"], "rare": [0, 1], "common": [50, 0]})
    np.testing.assert_array_equal(check_cost_matrix(table, NAMES), COSTS)
    with pytest.raises(ValueError, match=r"columns named \['rare', 'common'\]"):
        check_cost_matrix(pa.table({"rare": [0, 1], "common": [50, 0]}), NAMES)


@pytest.mark.parametrize(
    ("classes", "costs", "message"),
    [
        (NAMES, frame(COSTS).iloc[::-1, ::-1], r"rows named \[1, 0\], but the classes are \['common', 'rare'\]"),
        ([0, 1], frame(COSTS, pd.RangeIndex(1, 3), pd.RangeIndex(1, 3)), r"rows named \[1, 2\]"),
        (NAMES, frame(COSTS, None, ["rare", "common"]), r"columns named \['rare', 'common'\]"),
        (NAMES, pl.DataFrame({"rare": [0, 1], "common": [50, 0]}), r"columns named \['rare', 'common'\]"),
        (NAMES, pl.DataFrame({"a": [0, 1], "b": [50, 0]}), r"columns named \['a', 'b'\]"),
        (NAMES, {"rare": {"common": 50}, "comon": {"rare": 1}}, r"names the true classes \['rare', 'comon'\]"),
        (NAMES, {"rare": {}, "common": {"rare": 1}}, r"true class 'rare' the predicted classes \[\]"),
        ([0, 1], BY_NAME, "VotingClassifier, StackingClassifier and BaggingClassifier number the classes"),
        ([0, 1], frame(COSTS, NAMES, NAMES), "put MinimumCostClassifier around them"),
        (NAMES, {"rare": {"common": 10**400}, "common": {"rare": 1}}, "must be finite, but holds an integer beyond"),
        (NAMES, np.zeros((5, 2, 2)), "Give costs for each row to predict"),
        (NAMES, np.zeros((3, 3)), "For classes that y lacks, name the classes"),
    ],
)
def test_other_names_are_an_error(classes, costs, message):
    with pytest.raises(ValueError, match=message):
        check_cost_matrix(costs, np.array(classes))


@pytest.mark.parametrize("names", [["0", "1"], ["False", "True"]])
def test_names_that_are_classes_as_text_are_not_taken_for_numbered_classes(names):
    classes = np.array([0, 1]) if names[0] == "0" else np.array([False, True])
    for costs in (frame(COSTS, names, names), {names[0]: {names[1]: 1}, names[1]: {names[0]: 1}}):
        with pytest.raises(ValueError, match="but the classes are") as caught:
            check_cost_matrix(costs, classes)
        assert "VotingClassifier" not in str(caught.value)


def test_costs_by_name_must_be_numbers():
    with pytest.raises(TypeError, match=r"must hold real numbers .* Give \{true class: \{predicted class: cost\}\}"):
        check_cost_matrix({"rare": 50, "common": 1}, NAMES)
    with pytest.raises(TypeError, match="must hold real numbers"):
        check_cost_matrix({"rare": {"common": "much"}, "common": {"rare": 1}}, NAMES)


@pytest.mark.parametrize("costs", [[[1, 0], [0, 10]], [[0, 0], [0, 10]], [[[1, 0], [0, 10]], [[2, 0], [0, 5]]]])
def test_gains_in_place_of_costs_are_noticed(costs):
    with pytest.warns(UserWarning, match="Give costs, with gains as negative numbers") as caught:
        read_costs(costs, np.array([0, 1]), 2)
    assert caught[0].filename == __file__


@pytest.mark.parametrize(
    "costs", [[[-1, 0], [0, -10]], [[0, 0], [0, 0]], [[4, 1], [4, 1]], [[[1, 0], [0, 9]], [[0, 3], [2, 3]]]]
)
def test_costs_that_may_be_meant_are_left_alone(costs):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        read_costs(costs, np.array([0, 1]), 2)


def test_one_matrix_for_each_row():
    rng = np.random.RandomState(0)
    costs = rng.rand(4, 3, 3)
    classes = np.arange(3)
    for given in (costs, costs.tolist(), list(costs), costs.astype(object)):
        np.testing.assert_array_equal(read_costs(given, classes, 4), costs)
    np.testing.assert_array_equal(read_costs(costs[0], classes, 4), costs[0])
    named = [frame(matrix, classes, classes).iloc[::-1, [1, 2, 0]] for matrix in costs]
    dicts = [part.to_dict("index") for part in named]
    for given in (named, tuple(named), dicts, [named[0], costs[1], dicts[2], costs[3].tolist()]):
        np.testing.assert_array_equal(read_costs(given, classes, 4), costs)
    true, predicted = np.array([0, 1, 2, 2]), np.array([1, 1, 0, 2])
    expected = [costs[i, true[i], predicted[i]] for i in range(4)]
    np.testing.assert_array_equal(costs_of(costs, true, predicted), expected)


def test_a_dict_of_names_may_hold_an_array_for_each_row():
    amounts = np.array([5.0, 100.0, 20.0])
    costs = {"rare": {"common": pd.Series(amounts), "rare": 3}, "common": {"rare": 3}}
    read = read_costs(costs, NAMES, 3)
    np.testing.assert_array_equal(read, [[[0, 3], [amount, 3]] for amount in amounts])
    with pytest.raises(ValueError, match="cost_matrix holds 3 matrices, but there are 4 rows"):
        read_costs(costs, NAMES, 4)
    costs["common"] = {"rare": [1, 2]}
    with pytest.raises(ValueError, match=r"arrays of \[2, 3\] values"):
        read_costs(costs, NAMES, 3)
    costs["common"] = {"rare": 3}
    with pytest.raises(ValueError, match=r"the true class 'rare' .* 'common' has shape \(3,\).* to predict"):
        check_cost_matrix(costs, NAMES)
    costs["rare"] = {"common": amounts[:, None]}
    with pytest.raises(ValueError, match=r"the true class 'rare' .* 'common' has shape \(3, 1\)"):
        read_costs(costs, NAMES, 3)
    costs["rare"] = {"common": [[5.0, 6.0], [100.0], [20.0]]}
    with pytest.raises(ValueError, match=r"the true class 'rare' .* 'common' .* different lengths.* each step"):
        read_costs(costs, NAMES, 3, np.array([2, 1, 1]))


def test_costs_of_sequences_and_of_steps():
    lengths = np.array([2, 1, 3])
    each_step = np.random.RandomState(0).rand(6, 2, 2)
    ragged = np.split(each_step, [2, 3])
    for given in (ragged, tuple(ragged), [part.tolist() for part in ragged], [[*part] for part in ragged]):
        np.testing.assert_array_equal(read_costs(given, NAMES, 3, lengths), each_step)
    of_sequences = each_step[:3]
    np.testing.assert_array_equal(read_costs(of_sequences, NAMES, 3, lengths), of_sequences.repeat(lengths, axis=0))
    equal = each_step.reshape(3, 2, 2, 2)
    for given in (equal, list(equal)):
        np.testing.assert_array_equal(read_costs(given, NAMES, 3, [2, 2, 2]), each_step)
    by_name = {k: {j: equal[:, :, row, column] for column, j in enumerate(NAMES)} for row, k in enumerate(NAMES)}
    np.testing.assert_array_equal(read_costs(by_name, NAMES, 3, [2, 2, 2]), each_step)


@pytest.mark.parametrize(
    ("costs", "lengths", "message"),
    [
        (np.zeros((3, 2, 2)), None, "holds 3 matrices, but there are 4 rows. Give one"),
        (np.zeros((4, 3, 3)), None, r"shape \(4, 3, 3\), expected \(2, 2\).*each row have shape \(4, 2, 2\)"),
        (np.zeros((4, 2, 2, 2)), None, r"shape \(4, 2, 2, 2\)"),
        (np.zeros((3, 2, 2)), [1, 2, 3, 4], "holds 3 matrices, but there are 4 sequences"),
        (np.zeros((4, 2, 2, 2)), [1, 2, 3, 4], "4 sequences of 1 to 4 steps. Give a list"),
        ([np.zeros((1, 2, 2))] * 3, [1, 1, 1, 2], "list of 3 arrays, but there are 4 sequences"),
        ([np.zeros((1, 2, 2))] * 4, [1, 1, 1, 2], r"cost_matrix\[3\] has shape \(1, 2, 2\), expected \(2, 2, 2\)"),
        (np.ma.masked_less(np.ones((4, 2, 2)), 2), None, "masked"),
        (np.full((4, 2, 2), np.nan), None, r"cost_matrix\[0, 0, 0\] is nan"),
        ([np.full((1, 2, 2), np.inf)] * 4, [1, 1, 1, 1], r"cost_matrix\[0\]\[0, 0, 0\] is inf"),
    ],
)
def test_wrong_costs_for_each_row(costs, lengths, message):
    with pytest.raises(ValueError, match=message):
        read_costs(costs, NAMES, 4, lengths)
