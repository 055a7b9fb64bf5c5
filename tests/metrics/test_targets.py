"""Bad labels end in the same clear errors in every measure."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse

from skseq.metrics import contingency_table, expected_cost, geometric_mean_score, imbalance_report

COSTS = [[0, 1], [2, 0]]
MEASURES = {
    "contingency_table": contingency_table,
    "geometric_mean_score": geometric_mean_score,
    "expected_cost": lambda y_true, y_pred, **options: expected_cost(y_true, y_pred, COSTS, **options),
    "imbalance_report": imbalance_report,
}
Y_TRUE, Y_PRED = [0, 0, 1, 1, 1], [0, 1, 1, 1, 0]


@pytest.fixture(params=MEASURES)
def measure(request):
    return MEASURES[request.param]


@pytest.mark.parametrize(
    ("y_true", "y_pred", "message"),
    [
        ([], [], "y_true is empty"),
        (Y_TRUE, Y_PRED[:4], "y_true has 5 labels but y_pred has 4"),
        (Y_TRUE, [0.1, 0.9, 0.4, 0.2, 0.8], "y_pred is of type 'continuous'.*not probabilities"),
        ([0, 1, np.nan, 1, 0], Y_PRED, r"y_true contains NaN or None: y_true\[2\]"),
        (np.array(["a", None, "b"], dtype=object), ["a", "b", "b"], r"NaN or None: y_true\[1\]"),
        (pd.array(["a", pd.NA, "b"], dtype="string"), ["a", "b", "b"], r"NaN or None: y_true\[1\]"),
        (Y_TRUE, np.eye(5), r"y_pred must be 1-D, one class label an entry, got shape \(5, 5\)"),
        (None, Y_PRED, "y_true must be 1-D.* got a NoneType"),
        (sparse.csr_array([0, 1, 1, 0, 1]), Y_PRED, "y_true must be 1-D"),
        (np.array(1), Y_PRED, r"y_true must be 1-D.* got shape \(\)"),
        ([[0, 1], [1]], [0, 1], "y_true must be 1-D.*if both y_true and y_pred hold a sequence"),
        ([0, 1], [[0, 1], [1]], "y_pred must be 1-D"),
        ([[0, 1], [1]], [[0, 1]], "y_true has 2 sequences but y_pred has 1"),
        ([[0, 1], [1]], [[0, 1], [1, 1]], r"y_true\[1\] has 1 steps but y_pred\[1\] has 2"),
        ([[0, 1], [1]], [[0, 1], []], r"y_pred\[1\] is empty"),
        ([[0, 1], ["b"]], [[0, 1], [1]], r"y_true\[1\] holds <U1 but y_true\[0\] holds int64"),
        ([[0, np.nan], [1]], [[0, 1], [1]], "y_true contains NaN"),
        ([np.eye(2, dtype=int)] * 3, [np.eye(2, dtype=int)] * 3, r"y_true\[0\] has shape \(2, 2\), expected one label"),
        (np.zeros((2, 3, 2), int), np.zeros((2, 3, 2), int), r"y_true\[0\] has shape \(3, 2\), expected one label"),
        ([[0, 1], [1]], [np.array([0, 1]), np.eye(1)], r"y_pred\[1\] has shape \(1, 1\), expected one label"),
        (np.ma.masked_equal(Y_TRUE, 1), Y_PRED, "y_true .*masked"),
        ([[0, 1], [1]], [np.array([0, 1]), np.ma.masked_equal([1], 1)], r"y_pred\[1\] .*masked"),
        (Y_TRUE, list("ababa"), "labels that cannot be compared.*both as strings or both as numbers"),
    ],
)
def test_bad_labels(measure, y_true, y_pred, message):
    with pytest.raises(ValueError, match=message):
        measure(y_true, y_pred)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"labels": []}, "labels is empty"),
        ({"labels": [1, 1]}, r"labels must differ from each other, got \[1, 1\]"),
        ({"labels": "ab"}, "labels must be 1-D"),
        ({"labels": [7, 8]}, r"None of labels=\[7, 8\] occurs.*\[0, 1\]"),
        ({"sample_weight": [1.0]}, "sample_weight"),
        ({"sample_weight": [1, 1, 1, 1, -1]}, "Negative values in sample_weight"),
        ({"sample_weight": [0, 0, 0, 0, 0]}, "sample_weight is zero for every row"),
    ],
)
def test_bad_options(measure, options, message):
    with pytest.raises(ValueError, match=message):
        measure(Y_TRUE, Y_PRED, **options)


@pytest.mark.parametrize("container", [np.array, tuple, pd.Series, pd.Categorical, pl.Series])
def test_containers(measure, container):
    assert str(measure(container(Y_TRUE), container(Y_PRED))) == str(measure(Y_TRUE, Y_PRED))


def test_series_are_read_by_position(measure):
    shuffled = pd.Series(Y_PRED, index=range(9, 4, -1))
    assert str(measure(pd.Series(Y_TRUE), shuffled)) == str(measure(Y_TRUE, Y_PRED))


def test_read_only_labels(measure):
    y_true, y_pred, weights = np.array(Y_TRUE), np.array(Y_PRED), np.ones(5)
    for array in (y_true, y_pred, weights):
        array.flags.writeable = False
    measure(y_true, y_pred, sample_weight=weights)


RAGGED_TRUE, RAGGED_PRED = [[0, 0], [1, 1, 1]], [[0, 1], [1, 1, 0]]


def object_array(values):
    array = np.empty(len(values), dtype=object)
    array[:] = [np.array(value) for value in values]
    return array


@pytest.mark.parametrize("container", [list, tuple, object_array, pd.Series])
def test_steps_are_laid_end_to_end(measure, container):
    assert str(measure(container(RAGGED_TRUE), container(RAGGED_PRED))) == str(measure(Y_TRUE, Y_PRED))
    weights = [1.0, 2.0]
    expected = str(measure(Y_TRUE, Y_PRED, sample_weight=[1, 1, 2, 2, 2]))
    assert str(measure(container(RAGGED_TRUE), container(RAGGED_PRED), sample_weight=weights)) == expected
    each_step = [[1, 1], [2, 2, 2]]
    assert str(measure(container(RAGGED_TRUE), container(RAGGED_PRED), sample_weight=each_step)) == expected


def test_arrays_of_steps(measure):
    y_true, y_pred = np.array([[0, 0, 1], [1, 1, 0]]), np.array([[0, 1, 1], [1, 0, 0]])
    assert str(measure(y_true, y_pred)) == str(measure(y_true.ravel(), y_pred.ravel()))
    assert str(measure(y_true[:, :1], y_pred[:, :1])) == str(measure([0, 1], [0, 1]))
    assert str(measure([[0], [1]], object_array([[0], [1]]))) == str(measure([0, 1], [0, 1]))


def test_weights_of_sequences_that_add_up_to_infinity_over_their_steps(measure):
    with pytest.raises(ValueError, match="adds up to infinity"):
        measure(RAGGED_TRUE, RAGGED_PRED, sample_weight=[1e307, 8e307])
