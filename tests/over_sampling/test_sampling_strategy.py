from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest

from skseq.over_sampling import SMOTE
from skseq.over_sampling._sampling_strategy import resolve_sampling_strategy


def make_target(counts, labels=None):
    labels = range(len(counts)) if labels is None else labels
    y = np.repeat(np.array(labels), counts)
    classes, n = np.unique(y, return_counts=True)
    return SimpleNamespace(labels=y, counts=dict(zip(classes.tolist(), n.tolist())))


STRATEGIES = ["auto", "minority", "not majority", "not minority", "all", 0.3, 0.57, 0.8, 1, 1.0, np.float32(0.9)]


@pytest.mark.parametrize("counts", [(10, 4), (4, 10), (100, 29), (5, 5), (10, 3, 7), (3, 3, 8, 8), (2, 9, 2)])
@pytest.mark.parametrize("strategy", STRATEGIES, ids=str)
def test_equals_imbalanced_learn(counts, strategy):
    utils = pytest.importorskip("imblearn.utils")
    target = make_target(counts)
    try:
        expected = utils.check_sampling_strategy(strategy, target.labels, "over-sampling")
    except ValueError:
        with pytest.raises(ValueError):
            resolve_sampling_strategy(strategy, target)
        return
    new_rows = resolve_sampling_strategy(strategy, target)
    assert new_rows == expected
    assert list(new_rows) == list(expected)
    assert all(type(n) is int for n in new_rows.values())


def test_every_ratio_equals_imbalanced_learn():
    utils = pytest.importorskip("imblearn.utils")
    target = make_target((317, 11), ["common", "rare"])
    for ratio in np.linspace(0.05, 1, 200):
        expected = utils.check_sampling_strategy(ratio, target.labels, "over-sampling")
        assert resolve_sampling_strategy(ratio, target) == expected


@pytest.mark.parametrize("totals", [{1: 9, 0: 10}, {2: 7}, {}, {np.int64(1): np.int64(30)}])
def test_dict_and_callable_equal_imbalanced_learn(totals):
    utils = pytest.importorskip("imblearn.utils")
    target = make_target((10, 3, 7))
    expected = utils.check_sampling_strategy(totals, target.labels, "over-sampling")
    assert resolve_sampling_strategy(totals, target) == expected
    assert resolve_sampling_strategy(lambda y: totals, target) == expected


def test_callable_sees_the_labels():
    target = make_target((10, 3), ["a", "b"])
    seen = []

    def double(y):
        seen.append(y)
        return {"b": 2 * int((y == "b").sum())}

    assert resolve_sampling_strategy(double, target) == {"b": 3}
    assert seen[0] is target.labels


def test_other_real_numbers_are_ratios():
    assert resolve_sampling_strategy(Fraction(1, 2), make_target((10, 3))) == {1: 2}


@pytest.mark.parametrize(
    ("strategy", "error", "message"),
    [
        ("majority", ValueError, "sampling_strategy='majority' is not an option.*'not majority'"),
        (None, ValueError, "sampling_strategy=None cannot be used"),
        ([1], ValueError, r"sampling_strategy=\[1\] cannot be used"),
        (True, ValueError, "sampling_strategy=True cannot be used"),
        (0, ValueError, "above 0 and at most 1"),
        (1.01, ValueError, "above 0 and at most 1"),
        (float("nan"), ValueError, "above 0 and at most 1"),
        (0.2, ValueError, "asks for 2 rows of class 1, which has 3 already"),
        ({7: 9}, ValueError, r"names the class 7, which is not in y; the classes are \[0, 1\]"),
        ({1: 2}, ValueError, "asks for 2 rows of class 1, which has 3 already"),
        ({1: -2}, ValueError, "asks for -2 rows"),
        ({1: 5.5}, TypeError, "asks for 5.5 rows of class 1; give a whole number"),
        ({1: True}, TypeError, "give a whole number"),
        (lambda y: 9, TypeError, "returned 9, but it must return a dict"),
        (lambda y: {7: 9}, ValueError, "The callable sampling_strategy names the class 7"),
    ],
)
def test_errors_name_the_cure(strategy, error, message):
    with pytest.raises(error, match=message):
        resolve_sampling_strategy(strategy, make_target((10, 3)))


def test_ratio_needs_two_classes():
    with pytest.raises(ValueError, match="only when y has two classes, and y has 3"):
        resolve_sampling_strategy(0.5, make_target((10, 3, 7)))


@pytest.mark.parametrize("strategy", ["minority", "not minority", "all", {"b": 11, "c": 9}])
def test_resampled_rows_are_as_many_as_said(strategy):
    y = np.repeat(["a", "b", "c"], [14, 6, 9])
    X = np.random.RandomState(0).randn(29, 2)
    sampler = SMOTE(sampling_strategy=strategy, random_state=0)
    _, y_res = sampler.fit_resample(X, y)
    for label in "abc":
        added = np.count_nonzero(y_res[29:] == label)
        assert added == sampler.sampling_strategy_.get(label, 0)


def test_equals_imbalanced_learns_smote_in_numbers():
    over_sampling = pytest.importorskip("imblearn.over_sampling")
    y = np.repeat([0, 1, 2], [40, 9, 13])
    X = np.random.RandomState(0).randn(62, 2)
    for strategy in STRATEGIES[:5]:
        _, theirs = over_sampling.SMOTE(sampling_strategy=strategy, random_state=0).fit_resample(X, y)
        _, ours = SMOTE(sampling_strategy=strategy, random_state=0).fit_resample(X, y)
        np.testing.assert_array_equal(ours, theirs)
