"""Blocks: every step has one column, and no more columns stand together than are wanted."""

import numpy as np
import pytest
from textbook import LENGTHS

from skseq.layers import BlockMemory, Workspace, _blocks, plan_blocks

from .blocks import batch_of


@pytest.mark.parametrize("extra", [0, 1])
@pytest.mark.parametrize("columns", [1, 7, 30, 1200])
@pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))
def test_every_step_has_one_column(lengths, columns, extra, monkeypatch):
    monkeypatch.setattr(_blocks, "BLOCK_COLUMNS", columns)
    batch, seen = batch_of(lengths), 0
    for block in plan_blocks(batch, extra):
        assert block.first == seen
        assert block.stop > block.first
        begin = 0
        for run in block.runs:
            assert (run.first, run.begin) == (seen, begin)
            assert (batch.lengths[run.first : run.stop] + extra == run.steps).all()
            assert run.end - run.begin == (run.stop - run.first) * run.steps
            seen, begin = run.stop, run.end
        assert (block.stop, block.columns) == (seen, begin)
    assert seen == batch.size


def test_blocks_are_even(monkeypatch):
    monkeypatch.setattr(_blocks, "BLOCK_COLUMNS", 100)
    sizes = [block.columns for block in plan_blocks(batch_of(np.random.RandomState(0).randint(1, 20, size=200)))]
    assert min(sizes) > 80
    assert max(sizes) < 120


def test_a_sequence_is_never_cut(monkeypatch):
    monkeypatch.setattr(_blocks, "BLOCK_COLUMNS", 10)
    assert [block.columns for block in plan_blocks(batch_of([500, 40, 3, 3, 3]))] == [500, 40, 9]


def test_views_of_a_run():
    (block,) = plan_blocks(batch_of([3, 2, 2]))
    array = np.arange(14).reshape(2, 7)
    first, second = (run.of(array) for run in block.runs)
    np.testing.assert_array_equal(first, [[[0, 1, 2]], [[7, 8, 9]]])
    np.testing.assert_array_equal(second, [[[3, 4], [5, 6]], [[10, 11], [12, 13]]])
    assert np.shares_memory(first, array)
    assert np.shares_memory(second, array)


def test_without_the_first_columns():
    batch = batch_of([3, 2, 2])
    (block,) = plan_blocks(batch, extra=1)
    (bare,) = plan_blocks(batch)
    assert block.columns == 10
    assert block.without_first(1) == bare
    assert block.without_first(0) is block


def test_memory_is_kept_in_training_only():
    (block,) = plan_blocks(batch_of([3, 2]))
    for training in (True, False):
        memory = BlockMemory(Workspace(), block, np.float32, "block", training)
        one, other = (memory.of(name).kept("states", 4) for name in ("layer_0", "layer_1"))
        assert one.shape == (4, 5)
        assert one.dtype == np.float32
        assert np.shares_memory(one, other) is not training
        scratch = [memory.of(name).scratch("states", 4) for name in ("layer_0", "layer_1")]
        assert np.shares_memory(*scratch)
        assert not np.shares_memory(one, scratch[0])
