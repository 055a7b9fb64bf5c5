import numpy as np
import pytest

from skseq._samplers import read_target
from skseq.under_sampling._sampling_strategy import resolve_sampling_strategy


def make_target(counts, labels=None):
    y = np.repeat(np.array(range(len(counts)) if labels is None else labels), counts)
    return read_target(y, len(y), "test")


STRATEGIES = ["auto", "majority", "not majority", "not minority", "all", 0.3, 0.57, 0.8, 1, 1.0, np.float32(0.9)]


@pytest.mark.parametrize("counts", [(10, 4), (4, 10), (100, 29), (5, 5), (10, 3, 7), (3, 3, 8, 8), (2, 9, 2)])
@pytest.mark.parametrize("strategy", STRATEGIES, ids=str)
def test_equals_imbalanced_learn(counts, strategy):
    utils = pytest.importorskip("imblearn.utils")
    target = make_target(counts)
    try:
        expected = utils.check_sampling_strategy(strategy, target.labels, "under-sampling")
    except ValueError:
        with pytest.raises(ValueError):
            resolve_sampling_strategy(strategy, target)
        return
    kept = resolve_sampling_strategy(strategy, target)
    assert kept == expected
    assert list(kept) == sorted(expected)
    assert all(type(n) is int for n in kept.values())


def test_every_ratio_equals_imbalanced_learn():
    utils = pytest.importorskip("imblearn.utils")
    target = make_target((317, 11), ["common", "rare"])
    for ratio in np.linspace(0.05, 1, 200):
        expected = utils.check_sampling_strategy(ratio, target.labels, "under-sampling")
        assert resolve_sampling_strategy(ratio, target) == expected


@pytest.mark.parametrize("totals", [{1: 2, 0: 10}, {2: 7}, {}, {np.int64(0): np.int64(1)}])
def test_dict_and_callable_equal_imbalanced_learn(totals):
    utils = pytest.importorskip("imblearn.utils")
    target = make_target((10, 3, 7))
    expected = utils.check_sampling_strategy(totals, target.labels, "under-sampling")
    assert resolve_sampling_strategy(totals, target) == expected
    assert resolve_sampling_strategy(lambda y: totals, target) == expected


@pytest.mark.parametrize(
    ("strategy", "error", "message"),
    [
        ("minority", ValueError, "sampling_strategy='minority' is not an option.*'not minority'"),
        (None, ValueError, "sampling_strategy=None cannot be used"),
        (True, ValueError, "sampling_strategy=True cannot be used"),
        (1.01, ValueError, "above 0 and at most 1"),
        (0.2, ValueError, r"asks for 15 rows of class 0, which has 10\. .* at least 3/10 = 0.3"),
        ({7: 9}, ValueError, r"names the class 7, which is not in y; the classes are \[0, 1\]"),
        ({0: 11}, ValueError, "asks for 11 rows of class 0, which has 10"),
        ({1: 0}, ValueError, "asks for 0 rows of class 1.*keeps at least one row of each class"),
        ({1: 1.5}, TypeError, "asks for 1.5 rows of class 1; give a whole number"),
        (lambda y: 9, TypeError, "returned 9, but it must return a dict"),
        (lambda y: {0: 99}, ValueError, "The callable sampling_strategy asks for 99 rows"),
    ],
)
def test_errors_name_the_cure(strategy, error, message):
    with pytest.raises(error, match=message):
        resolve_sampling_strategy(strategy, make_target((10, 3)))


def test_ratio_needs_two_classes():
    with pytest.raises(ValueError, match="only when y has two classes, and y has 3"):
        resolve_sampling_strategy(0.5, make_target((10, 3, 7)))
