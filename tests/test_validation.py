"""Checks of hyperparameters, targets and weights."""

from numbers import Integral

import numpy as np
import pandas as pd
import pytest

from skseq._validation import (
    all_or_nothing,
    check_bool,
    check_classes,
    check_labels,
    check_number,
    check_option,
    check_sample_weight,
    check_seed,
    distinct,
    encode_labels,
    named_classes,
    resolve_class_weight,
)


class Thing:
    pass


def change_and_fail(thing, error):
    with all_or_nothing(thing):
        thing.changed, thing.new = 3, 4
        del thing.kept
        raise error


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_a_failure_or_an_interruption_leaves_everything_as_it_was(error):
    thing = Thing()
    thing.kept, thing.changed = 1, 2
    with pytest.raises(error):
        change_and_fail(thing, error)
    assert vars(thing) == {"kept": 1, "changed": 2}


def test_success_keeps_the_changes():
    thing = Thing()
    with all_or_nothing(thing):
        thing.new = 1
    assert thing.new == 1


@pytest.mark.parametrize("value", ["a", None, 2, np.str_("a"), *np.array(["a"])], ids=repr)
def test_an_option(value):
    # A parameter grid made of an array gives np.str_.
    assert check_option("thing", value, ("a", None, 2)) is value


@pytest.mark.parametrize("value", ["b", 1, 2.0, True, ["a"], np.array(["a"]), np.str_("b"), float("nan")], ids=repr)
def test_no_option(value):
    with pytest.raises(ValueError, match=r"thing=.* is not an option; use one of: 'a', None, 2\."):
        check_option("thing", value, ("a", None, 2))


def test_true_is_not_one():
    with pytest.raises(ValueError, match="thing=True is not an option"):
        check_option("thing", True, (1, 2))


@pytest.mark.parametrize("value", [0, 0.5, 1, np.float32(0.5), np.int64(1)])
def test_a_number(value):
    assert check_number("thing", value, low=0, high=1) == value


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (True, TypeError, "thing must be a number, got the boolean True"),
        (np.False_, TypeError, "thing must be a number, got the boolean"),
        ("1", TypeError, "thing must be an instance of"),
        (None, TypeError, "thing must be an instance of"),
        (float("nan"), ValueError, "thing must be a number, got NaN"),
        (-0.1, ValueError, "thing == -0.1, must be >= 0"),
        (1.1, ValueError, "thing == 1.1, must be <= 1"),
        (np.inf, ValueError, "thing == inf, must be <= 1"),
    ],
)
def test_no_number(value, error, message):
    with pytest.raises(error, match=message):
        check_number("thing", value, low=0, high=1)


def test_bounds_may_be_excluded():
    assert check_number("thing", 0, low=0, high=1, bounds="left") == 0
    with pytest.raises(ValueError, match="thing == 1, must be < 1"):
        check_number("thing", 1, low=0, high=1, bounds="left")
    with pytest.raises(ValueError, match="thing == 0, must be > 0"):
        check_number("thing", 0, low=0, bounds="neither")


def test_whole_numbers():
    assert check_number("thing", np.int32(3), Integral, low=1) == 3
    with pytest.raises(TypeError, match="thing must be an instance of"):
        check_number("thing", 3.0, Integral, low=1)


def test_booleans():
    assert check_bool("thing", np.True_) is True
    assert check_bool("thing", False) is False
    for value in (0, 1, "True", None):
        with pytest.raises(TypeError, match="thing must be True or False, got"):
            check_bool("thing", value)


def test_seeds():
    assert check_seed(3).randint(1000) == np.random.RandomState(3).randint(1000)
    random_state = np.random.RandomState(0)
    assert check_seed(random_state) is random_state
    assert isinstance(check_seed(None), np.random.RandomState)
    for seed in ("seed", 0.5, np.random.default_rng(0)):
        with pytest.raises(ValueError, match="is not an option; use an int, a RandomState or None"):
            check_seed(seed)


# ---- labels ----


@pytest.mark.parametrize(
    "y", [[0, 1, 0], ["a", "b", "a"], np.array([True, False, True]), pd.Series(["a", "b", "a"]), np.array([1.0, 2, 1])]
)
def test_labels(y):
    np.testing.assert_array_equal(check_labels(y, 3), np.asarray(y))


def test_labels_in_a_column_warn():
    with pytest.warns(UserWarning, match="column-vector y"):
        assert check_labels(np.array([[0], [1]]), 2).shape == (2,)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (None, "requires y to be passed, but the target y is None"),
        ([0, 1], "y has 2 labels but X has 3 rows: they have inconsistent numbers of samples. Give one label"),
        ([0, 1, np.nan], "Input y contains NaN"),
        ([0, 1, np.inf], "Input y contains infinity"),
        ([0.5, 1.2, 2.7], "continuous"),
        (["a", None, "b"], r"missing label: y\[1\] is None. Drop the rows"),
        (np.array(["a", np.nan, "b"], dtype=object), r"missing label: y\[1\] is nan"),
        (np.array([1, pd.NA, 2], dtype=object), r"missing label: y\[1\] is <NA>"),
        (pd.Series([1, None, 2], dtype="Int64"), "Input y contains NaN"),
        (np.zeros((3, 2)), "1d array"),
        (0, "1d array"),
    ],
)
def test_no_labels(y, message):
    with pytest.raises(ValueError, match=message):
        check_labels(y, 3)


def test_one_class():
    check_classes(np.array([0, 1]), "Model")
    with pytest.raises(ValueError, match=r"Model needs at least two classes in y, got 1 class: \['a'\]. Add rows"):
        check_classes(np.array(["a"]), "Model")


def test_named_classes():
    np.testing.assert_array_equal(named_classes(["b", "a", "b"]), ["a", "b"])
    for classes in (np.zeros((2, 2)), 3):
        with pytest.raises(ValueError, match="is not a list of class labels"):
            named_classes(classes)
    for classes in ([0.0, np.nan], np.array([1, None], dtype=object)):
        with pytest.raises(ValueError, match=r"classes.*(missing label|not a list)"):
            named_classes(classes)


# ---- weights ----


def test_sample_weights():
    np.testing.assert_array_equal(check_sample_weight(None, 3), [1, 1, 1])
    np.testing.assert_array_equal(check_sample_weight(2.5, 2), [2.5, 2.5])
    weights = check_sample_weight([1, 0, 2], 3)
    assert weights.dtype == np.float64
    np.testing.assert_array_equal(weights, [1, 0, 2])
    assert check_sample_weight([1, 2], 2, np.float32).dtype == np.float32


def test_sample_weights_are_not_changed():
    weights = np.array([1.0, 2.0])
    weights.setflags(write=False)
    np.testing.assert_array_equal(check_sample_weight(weights, 2), [1, 2])


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([1, 2], r"sample_weight.shape == \(2,\), expected \(3,\)! Give one weight"),
        ([[1, 2, 3]], r"Sample weights must be 1D array or scalar: sample_weight has shape \(1, 3\)"),
        ([1, -2, 3], r"Negative values in sample_weight: sample_weight\[1\] is .*-2"),
        (-1, r"Negative values in sample_weight: sample_weight\[0\]"),
        ([0, 0, 0], "sample_weight is zero for every row. Give at least one row"),
        (0, "sample_weight is zero for every row"),
        ([1, np.nan, 1], "Input sample_weight contains NaN"),
        ([1, np.inf, 1], "Input sample_weight contains infinity"),
    ],
)
def test_no_sample_weights(weights, message):
    with pytest.raises(ValueError, match=message):
        check_sample_weight(weights, 3)


CLASSES = np.array(["a", "b", "c"])


def test_no_class_weight():
    np.testing.assert_array_equal(resolve_class_weight(None, CLASSES, np.array([5, 4, 1])), [1, 1, 1])


@pytest.mark.parametrize("counts", [[5, 4, 1], [0.5, 2.5, 7]])
def test_balanced_classes_weigh_the_same_in_total(counts):
    counts = np.array(counts)
    weights = resolve_class_weight("balanced", CLASSES, counts)
    np.testing.assert_allclose(weights, counts.sum() / (3 * counts))
    np.testing.assert_allclose(weights * counts, counts.sum() / 3)


def test_a_class_that_was_not_seen_does_not_count():
    weights = resolve_class_weight("balanced", CLASSES, np.array([6, 0, 2]))
    np.testing.assert_allclose(weights, [8 / (2 * 6), 1, 8 / (2 * 2)])


def test_classes_too_far_apart_to_be_balanced():
    with pytest.raises(ValueError, match=r"total sample weights of .*, too far apart for class_weight='balanced'"):
        resolve_class_weight("balanced", CLASSES, np.array([1e308, 1e-308, 1.0]))


@pytest.mark.parametrize("classes", [CLASSES, CLASSES.astype(object)], ids=["str", "object"])
def test_a_dict_of_weights(classes):
    np.testing.assert_array_equal(resolve_class_weight({"c": 10, "a": 0.5}, classes, np.ones(3)), [0.5, 1, 10])


@pytest.mark.parametrize("classes", [np.array([0, 1]), np.array([0.0, 1.0]), np.array([False, True])], ids=str)
def test_a_dict_of_numbers(classes):
    np.testing.assert_array_equal(resolve_class_weight({0: 2, np.int64(1): 3}, classes, np.ones(2)), [2, 3])


@pytest.mark.parametrize(
    ("weights", "error", "message"),
    [
        ("balance", ValueError, "class_weight='balance' is not an option; use None, 'balanced' or a dict"),
        ([1, 2, 3], ValueError, "is not an option"),
        ({"d": 1}, ValueError, r"names the class 'd', which is not in y; the classes are \['a', 'b', 'c'\]"),
        ({"a": -1}, ValueError, r"class_weight\['a'\] == -1, must be >= 0"),
        ({"a": np.nan}, ValueError, r"class_weight\['a'\] must be a number, got NaN"),
        ({"a": "2"}, TypeError, r"class_weight\['a'\] must be an instance of"),
        ({"a": np.inf}, ValueError, "class_weight must be finite"),
    ],
)
def test_no_class_weights(weights, error, message):
    with pytest.raises(error, match=message):
        resolve_class_weight(weights, CLASSES, np.ones(3))


@pytest.mark.parametrize(
    "labels",
    [
        np.array([3, -2, 3, 7, 0]),
        np.array([-128, 127, 0, 127], dtype=np.int8),
        np.array([250, 3, 250], dtype=np.uint8),
        np.array([2**63 + 5, 2**63, 2**63 + 5], dtype=np.uint64),
        np.array([-(2**63), 2**63 - 1, 0]),
        np.array([10**15, 10**15 + 3, 10**15 + 1]),
        np.array([True, False, True]),
        np.array([0.5, 1.5, 0.5]),
        np.array(["b", "a", "c", "a"]),
        np.array([4, 4]),
        np.array([], dtype=int),
    ],
)
def test_labels_are_encoded_as_numpy_does(labels):
    classes, codes = np.unique(labels, return_inverse=True)
    np.testing.assert_array_equal(distinct(labels), classes)
    assert distinct(labels).dtype == labels.dtype
    if len(labels):
        own_classes, own_codes = encode_labels(labels)
        np.testing.assert_array_equal(own_classes, classes)
        np.testing.assert_array_equal(own_codes, codes)


def test_integers_that_are_nearly_all_different_are_asked_about():
    with pytest.warns(UserWarning, match="number of unique classes"):
        check_labels(np.arange(100), 100)
    np.testing.assert_array_equal(check_labels(np.arange(100) % 50, 100), np.arange(100) % 50)


@pytest.mark.parametrize("value", [10**400, 2**63, -(2**63)])
def test_integers_that_no_array_holds(value):
    with pytest.raises(ValueError, match=r"n is an integer of .* bits, expected one below 2\*\*63"):
        check_number("n", value)


@pytest.mark.parametrize("weight", [10**400, [1, 10**400]])
def test_weights_that_no_float_holds(weight):
    with pytest.raises(ValueError, match=r"sample_weight cannot be read: .*too large"):
        check_sample_weight(weight, 2)
