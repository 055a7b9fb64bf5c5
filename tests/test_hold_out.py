"""Held-out rows: of each class a part, of no class all."""

import numpy as np
import pytest

from skseq._hold_out import hold_out


def held_of(codes, fraction=0.1, seed=0, n=None):
    codes = None if codes is None else np.asarray(codes)
    n = len(codes) if n is None else n
    rows, held, uneven = hold_out(n, fraction, codes, np.random.RandomState(seed))
    np.testing.assert_array_equal(np.sort(np.concatenate([rows, held])), np.arange(n))
    return rows, held, uneven


def test_with_rows_enough_the_split_is_stratified():
    codes = np.repeat([0, 1], [80, 20])
    _, held, uneven = held_of(codes, 0.2)
    assert not uneven
    np.testing.assert_array_equal(np.bincount(codes[held]), [16, 4])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("codes", [[0] * 19 + [1], [0, 0, 1, 1, 2, 2], [0, 1, 2, 3, 4, 4], [0] * 40 + [1, 1, 2]])
def test_no_class_is_held_out_whole(codes, seed):
    rows, held, uneven = held_of(codes, 0.3, seed)
    assert uneven or min(np.bincount(codes)) > 1
    assert set(np.take(codes, rows)) == set(codes)
    assert 1 <= len(held) <= max(1, round(0.3 * len(codes)))


def test_the_part_is_as_near_the_fraction_as_each_class_allows():
    codes = np.repeat([0, 1, 2], [60, 39, 1])
    _, held, uneven = held_of(codes, 0.1)
    assert uneven
    np.testing.assert_array_equal(np.bincount(codes[held], minlength=3), [6, 4, 0])


@pytest.mark.parametrize("codes", [[0], [0, 1, 2]])
def test_without_a_row_to_spare_nothing_is_held_out(codes):
    rows, held, uneven = held_of(codes)
    assert len(held) == 0
    assert uneven
    assert len(rows) == len(codes)


@pytest.mark.parametrize(("n", "fraction", "size"), [(1, 0.1, 0), (2, 0.1, 1), (3, 0.9, 2), (2, 0.99, 1)])
def test_rows_without_classes(n, fraction, size):
    assert len(held_of(None, fraction, n=n)[1]) == size


def test_the_same_seed_holds_out_the_same_rows():
    codes = [0] * 30 + [1]
    np.testing.assert_array_equal(held_of(codes, seed=3)[1], held_of(codes, seed=3)[1])
