"""Numbers that depend on the data, and folds."""

import numpy as np
import pytest

from skseq.training import auto_batch_size, auto_epochs, stratified_folds


@pytest.mark.parametrize(
    ("n", "batch_size", "epochs"),
    [(1, 1, 100), (32, 32, 100), (33, 17, 100), (50, 25, 100), (640, 32, 100), (1000, 32, 63), (10_000, 100, 20)],
)
def test_batch_size_and_epochs(n, batch_size, epochs):
    assert auto_batch_size(n) == batch_size
    assert auto_epochs(n, batch_size) == epochs


def test_large_data_have_large_batches_and_few_epochs():
    assert auto_batch_size(1_000_000) == 200
    assert auto_epochs(1_000_000, 200) == 20
    assert auto_batch_size(50, least=10) == 10
    assert auto_batch_size(1000, batches=10) == 100


def test_folds_hold_out_every_row_once_and_equal_parts_of_each_class():
    codes = np.array([0] * 30 + [1] * 7)
    folds = stratified_folds(37, codes, np.random.RandomState(0))
    np.testing.assert_array_equal(np.sort(np.concatenate(folds)), np.arange(37))
    counts = np.array([np.bincount(codes[held]) for held in folds])
    assert (np.ptp(counts, axis=0) <= 1).all()


def test_rare_classes_are_never_held_out():
    codes = np.array([0] * 20 + [1] * 2 + [2])
    held = np.concatenate(stratified_folds(23, codes, np.random.RandomState(0)))
    np.testing.assert_array_equal(np.sort(held), np.arange(20))
    assert stratified_folds(4, np.arange(4), np.random.RandomState(0)) == []


def test_folds_without_classes():
    folds = stratified_folds(10, None, np.random.RandomState(0))
    assert sorted(map(len, folds)) == [3, 3, 4]
