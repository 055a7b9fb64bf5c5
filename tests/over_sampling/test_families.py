import numpy as np
import pytest
from samplers import make_rows
from sklearn.metrics import recall_score
from sklearn.model_selection import GroupKFold, KFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

from skseq.over_sampling import SMOTE, RandomOverSampler, row_families


def same(first, second):
    """Whether two labellings make the same families."""
    pairs = set(zip(first, second))
    return len(pairs) == len(set(first)) == len(set(second))


def test_by_hand():
    families = row_families(np.array([[0, 2], [2, 3], [5, 4]]), 7)
    assert same(families.tolist(), list("abaacc" + "d" + "aac"))
    assert families.dtype == np.intp
    assert sorted(set(families)) == [0, 1, 2, 3]


def test_one_parent_makes_a_family_of_copies():
    families = row_families([[3], [3], [1]], 4)
    assert families[4] == families[5] == families[3]
    assert families[6] == families[1]
    assert len(set(families)) == 4


def test_more_than_two_parents():
    assert same(row_families([[0, 1, 4]], 5).tolist(), list("aabcaa"))


def test_groups_join_families():
    groups = ["x", "y", "y", "z", "w"]
    assert same(row_families([[0, 1]], 5, groups).tolist(), list("aaabca"))
    assert same(row_families(np.empty((0, 2), dtype=int), 5, groups).tolist(), list("abbcd"))


def test_families_of_two_samplers_one_after_the_other():
    X, y = make_rows((30, 8))
    first = SMOTE(k_neighbors=1, sampling_strategy={1: 10}, random_state=0)
    X_one, y_one = first.fit_resample(X, y)
    second = RandomOverSampler(random_state=0)
    second.fit_resample(X_one, y_one)
    families = row_families(second.parents_, len(X_one), groups=row_families(first.parents_, len(X)))
    for row, (parent,) in enumerate(second.parents_, start=len(X_one)):
        assert families[row] == families[parent]
    for row, parents in enumerate(first.parents_, start=len(X)):
        assert set(families[parents]) == {families[row]}


@pytest.mark.parametrize("sampler", [RandomOverSampler(random_state=0), SMOTE(k_neighbors=1, random_state=0)])
def test_no_split_by_families_separates_a_parent_from_a_child(sampler):
    X, y = make_rows((100, 40))
    X_res, y_res = sampler.fit_resample(X, y)
    families = row_families(sampler.parents_, len(X))
    assert len(families) == len(X_res)
    assert len(set(families[y_res == 1])) > 5
    for train, test in GroupKFold(4).split(X_res, y_res, families):
        in_test = np.isin(np.arange(len(X_res)), test)
        for row, parents in enumerate(sampler.parents_, start=len(X)):
            assert (in_test[parents] == in_test[row]).all()
        assert len(train)


def test_a_leak_of_copies_is_closed():
    X, y = make_rows((300, 40))
    X = np.random.RandomState(1).randn(len(y), 5)  # tells nothing about y
    sampler = RandomOverSampler(random_state=0)
    X_res, y_res = sampler.fit_resample(X, y)
    families = row_families(sampler.parents_, len(X))
    nearest = KNeighborsClassifier(1)
    plain = cross_val_predict(nearest, X_res, y_res, cv=KFold(5, shuffle=True, random_state=0))
    grouped = cross_val_predict(nearest, X_res, y_res, cv=GroupKFold(5), groups=families)
    assert recall_score(y_res, plain) > 0.95
    assert recall_score(y_res, grouped) < 0.4


def test_families_follow_the_rows():
    X, y = make_rows((60, 30))
    sampler = SMOTE(k_neighbors=1, random_state=0)
    sampler.fit_resample(X, y)
    families = row_families(sampler.parents_, len(X))
    order = np.random.RandomState(0).permutation(len(X))
    moved = np.argsort(order)[sampler.parents_]
    assert same(row_families(moved, len(X))[: len(X)][np.argsort(order)].tolist(), families[: len(X)].tolist())


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([[0, 9]], 5), ValueError, r"row numbers from 0 to 9, but n_rows=5 allows 0 to 4.*before resampling"),
        (([[0, 5]], 5), ValueError, "from 0 to 5"),
        (([[-1, 2]], 5), ValueError, "from -1 to 2"),
        (([0, 1], 5), ValueError, r"shape \(2,\)"),
        ((np.empty((3, 0), dtype=int), 5), ValueError, r"shape \(3, 0\)"),
        (([[0.0, 1.0]], 5), TypeError, "dtype float64"),
        (([[0, 1], [2]], 5), ValueError, "same number of parents"),
        (([[0, 1]], 0), ValueError, "n_rows == 0"),
        (([[0, 1]], 5.0), TypeError, "n_rows"),
        (([[0, 1]], 3, [1, 2]), ValueError, "groups has 2 entries, but n_rows=3"),
        (([[0, 1]], 2, [1.0, np.nan]), ValueError, r"groups\[1\] is .*nan.*group of its own"),
        (([[0, 1]], 2, ["a", None]), ValueError, r"groups\[1\] is None"),
        (([[0, 1]], 2, np.array(["a", 3], dtype=object)), TypeError, "groups mixes types"),
        (([[0, 1]], 2, [[1, 2], [3, 4]]), ValueError, "1d array"),
    ],
)
def test_errors(arguments, error, message):
    with pytest.raises(error, match=message):
        row_families(*arguments)
