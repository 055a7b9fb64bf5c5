"""The memory of steps: one stretch a step, seen in any width."""

import numpy as np
import pytest

from skseq.layers import CELLS, Workspace
from skseq.layers._memory import StepMemory
from skseq.layers._steps import LINE_BYTES

CELL = pytest.mark.parametrize("cell", list(CELLS))


def memory_of(cell, steps=7, width=6, training=True, dtype=np.float32):
    return StepMemory(CELLS[cell](2, 3), steps, width, training, np.dtype(dtype), Workspace(), "layer")


@CELL
@pytest.mark.parametrize("width", [1, 4, 6])
def test_every_width_is_a_view_of_one_memory(cell, width):
    memory = memory_of(cell)
    widest, bound = memory.at(6), memory.at(width)
    assert bound.record.shape == (8, 6, width)
    assert bound.slots.shape == (8, 3 * CELLS[cell].slots, width)
    for name in ("record", "slots"):
        one, other = getattr(widest, name), getattr(bound, name)
        other[...] = np.arange(8)[:, None, None]
        # A narrow step lies in the front of the same step's stretch.
        np.testing.assert_array_equal(one[:, 0, 0], np.arange(8))
        assert np.shares_memory(one[3], other[3])
        assert not np.shares_memory(one[3], other[4])


@CELL
def test_views_are_made_once(cell):
    memory = memory_of(cell)
    assert memory.at(5) is memory.at(5)
    assert memory.at(5) is not memory.at(4)


@CELL
def test_prediction_has_the_slots_of_one_step(cell):
    memory = memory_of(cell, training=False)
    for width in (6, 4):
        slots = memory.at(width).slots
        slots[2] = np.arange(slots[2].size).reshape(slots[2].shape)
        for other in slots:
            np.testing.assert_array_equal(other, slots[2])


@CELL
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_step_begins_with_a_cache_line(cell, dtype):
    bound = memory_of(cell, width=5, dtype=dtype).at(5)
    for array in (bound.record, bound.slots):
        assert all(step.ctypes.data % LINE_BYTES == 0 for step in array)
