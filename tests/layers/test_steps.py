"""Segments, batches of steps, and the memory that is used again."""

from itertools import pairwise

import numpy as np
import pytest

from skseq.layers import Segment, StepBatch, Workspace, _steps, plan_segments
from skseq.layers._steps import LINE_BYTES, round_width

RANDOM_LENGTHS = [
    np.sort(np.random.RandomState(seed).randint(1, longest + 1, size=size))[::-1]
    for seed, (size, longest) in enumerate(
        [(1, 1), (1, 9), (2, 3), (7, 40), (8, 8), (9, 30), (16, 5), (17, 100), (33, 3), (64, 29), (200, 60), (257, 7)]
    )
]
SKEWED = [
    np.array([1000] + [1] * 63),
    np.array([50] * 63 + [1]),
    np.array([9] * 12),
    np.arange(40, 0, -1),
]
ALL_LENGTHS = RANDOM_LENGTHS + SKEWED


def times_covered(segments, lengths):
    covered = np.zeros((lengths[0], len(lengths)), dtype=int)
    for segment in segments:
        covered[segment.start : segment.stop, : segment.width] += 1
    return covered


@pytest.mark.parametrize("max_steps", [None, 1, 4])
@pytest.mark.parametrize("lengths", ALL_LENGTHS, ids=str)
def test_segments_cover_every_valid_step_exactly_once(lengths, max_steps):
    covered = times_covered(plan_segments(lengths, max_steps), lengths)
    valid = np.arange(lengths[0])[:, None] < lengths
    assert (covered[valid] == 1).all()
    assert (covered <= 1).all()


@pytest.mark.parametrize("lengths", ALL_LENGTHS, ids=str)
def test_segments_waste_at_most_a_sixth_of_their_work(lengths):
    for segment in plan_segments(lengths):
        steps = np.arange(segment.start, segment.stop)[:, None]
        valid = (steps < lengths[: segment.width]).sum()
        work = (segment.stop - segment.start) * segment.width
        assert work - valid <= work * 0.17


@pytest.mark.parametrize("lengths", ALL_LENGTHS, ids=str)
def test_segments_follow_one_another_and_narrow(lengths):
    segments = plan_segments(lengths)
    assert segments[0].start == 0
    assert segments[0].width == len(lengths)
    assert segments[-1].stop == lengths[0]
    for one, following in pairwise(segments):
        assert one.stop == following.start
        assert one.width >= following.width


@pytest.mark.parametrize("max_steps", [1, 3, 1000])
@pytest.mark.parametrize("lengths", ALL_LENGTHS, ids=str)
def test_segments_respect_max_steps(lengths, max_steps):
    segments = plan_segments(lengths, max_steps)
    assert all(0 < s.stop - s.start <= max_steps for s in segments)
    assert all(one.width >= following.width for one, following in pairwise(segments))
    assert all(one.stop == following.start for one, following in pairwise(segments))


def test_equal_lengths_make_one_segment():
    assert plan_segments(np.full(12, 9)) == [Segment(0, 9, 12)]


def test_segments_by_hand():
    # 32 columns: a sixteenth is two, so the last column's early end does not cut, the last two's does.
    lengths = np.array([5] * 30 + [3, 1])
    assert plan_segments(lengths) == [Segment(0, 3, 32), Segment(3, 5, 30)]


@pytest.mark.parametrize(("width", "rounded"), [(0, 0), (1, 1), (15, 15), (16, 16), (17, 18), (33, 36), (65, 72)])
def test_widths_are_rounded_up_to_four_bits(width, rounded):
    assert round_width(width) == rounded


def test_widths_are_multiples_of_a_cache_line(monkeypatch):
    monkeypatch.setattr(_steps, "WIDTH_UNIT", 16)
    assert [round_width(width) for width in (0, 1, 16, 17, 33, 260)] == [0, 16, 16, 32, 48, 288]
    # But never wider than the batch.
    assert plan_segments(np.array([9, 9, 1, 1])) == [Segment(0, 9, 4)]


def test_rounding_costs_at_most_an_eighth_and_leaves_few_widths():
    widths = np.arange(1, 1001)
    rounded = np.array([round_width(int(width)) for width in widths])
    assert ((rounded >= widths) & (rounded <= widths * 9 / 8)).all()
    assert len(np.unique(rounded)) < 70


@pytest.mark.parametrize("lengths", ALL_LENGTHS, ids=str)
def test_segments_are_worth_their_calls(lengths, monkeypatch):
    monkeypatch.setattr(_steps, "SEGMENT_COLUMNS", 40)
    segments = plan_segments(lengths)
    assert (times_covered(segments, lengths)[np.arange(lengths[0])[:, None] < lengths] == 1).all()
    for segment in segments:
        steps, width = segment.stop - segment.start, segment.width
        assert steps >= 40 // width or segment.stop == lengths[0]
        valid = (np.arange(segment.start, segment.stop)[:, None] < lengths[:width]).sum()
        assert steps * width - valid <= max(steps * width * 0.17, 40)


def random_batch(lengths, n_rows=3):
    values = np.random.RandomState(0).standard_normal((lengths[0], n_rows, len(lengths)))
    return StepBatch(values, lengths)


@pytest.mark.parametrize("lengths", ALL_LENGTHS, ids=str)
def test_reversing_reverses_the_valid_steps_only(lengths):
    batch = random_batch(lengths)
    reversed_values = batch.reverse(batch.values)
    for i, length in enumerate(lengths):
        np.testing.assert_array_equal(reversed_values[:length, :, i], batch.values[:length, :, i][::-1])
        np.testing.assert_array_equal(reversed_values[length:, :, i], batch.values[length:, :, i])


@pytest.mark.parametrize("lengths", ALL_LENGTHS, ids=str)
def test_reversing_twice_changes_nothing(lengths):
    batch = random_batch(lengths)
    np.testing.assert_array_equal(batch.reverse(batch.reverse(batch.values)), batch.values)


@pytest.mark.parametrize("lengths", [np.array([4, 4]), np.array([4, 2])], ids=str)
def test_reversing_copies(lengths):
    batch = random_batch(lengths)
    assert not np.shares_memory(batch.reverse(batch.values), batch.values)


@pytest.mark.parametrize("lengths", ALL_LENGTHS, ids=str)
def test_widths_count_the_sequences_that_have_each_step(lengths):
    assert random_batch(lengths).widths == [(lengths > step).sum() for step in range(lengths[0])]


@pytest.mark.parametrize("max_steps", [None, 2])
@pytest.mark.parametrize("lengths", ALL_LENGTHS, ids=str)
def test_valid_masks_the_steps_of_a_segment(lengths, max_steps):
    batch = random_batch(lengths)
    for segment in plan_segments(lengths, max_steps):
        expected = np.arange(segment.start, segment.stop)[:, None] < lengths[: segment.width]
        valid = batch.valid(segment)
        if valid is None:
            assert expected.all()
        else:
            assert not expected.all()
            np.testing.assert_array_equal(valid, expected)


def test_size_steps_and_raggedness():
    ragged, equal = random_batch(np.array([4, 2, 2])), random_batch(np.array([4, 4]))
    assert (ragged.size, ragged.steps, ragged.is_ragged) == (3, 4, True)
    assert (equal.size, equal.steps, equal.is_ragged) == (2, 4, False)


def test_other_values_keep_the_plan():
    batch = random_batch(np.array([4, 2, 2]))
    segments, widths = batch.segments, batch.widths
    values = np.zeros((4, 7, 3))
    other = batch.with_values(values)
    assert other.values is values
    assert other.segments is segments
    assert other.widths is widths
    assert batch.values is not values


def test_arrays_of_one_name_share_memory():
    workspace = Workspace()
    large = workspace.array("a", (3, 4), np.dtype(np.float64))
    small = workspace.array("a", (2, 5), np.dtype(np.float64))
    assert large.shape == (3, 4)
    assert small.shape == (2, 5)
    assert large.flags.c_contiguous
    small[...] = 7
    assert (large.ravel()[:10] == 7).all()


def test_arrays_of_other_names_and_dtypes_have_their_own_memory():
    workspace = Workspace()
    one = workspace.array("a", (4,), np.dtype(np.float64))
    assert not np.shares_memory(one, workspace.array("b", (4,), np.dtype(np.float64)))
    single = workspace.array("a", (4,), np.dtype(np.float32))
    assert single.dtype == np.float32
    assert not np.shares_memory(one, single)


def test_two_workspaces_share_nothing():
    one, other = (Workspace().array("a", (4,), np.dtype(np.float64)) for _ in range(2))
    assert not np.shares_memory(one, other)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.intp])
@pytest.mark.parametrize("size", [1, 7, 1000, 100_000])
def test_arrays_begin_with_a_cache_line(size, dtype):
    for name in "abc":
        array = Workspace().array(name, (size,), np.dtype(dtype))
        assert array.size == size
        assert array.ctypes.data % LINE_BYTES == 0


def test_a_plan_that_no_longer_serves_is_made_anew():
    workspace = Workspace()
    small = workspace.plan("key", lambda: [1], serves=lambda plan: plan[0] >= 1)
    assert workspace.plan("key", lambda: [2], serves=lambda plan: plan[0] >= 1) is small
    large = workspace.plan("key", lambda: [2], serves=lambda plan: plan[0] >= 2)
    assert large == [2]
    assert workspace.plan("key", list) is large


def test_plans_are_made_once():
    workspace = Workspace()
    made = [workspace.plan("key", object) for _ in range(3)]
    assert made[0] is made[1] is made[2]
    assert workspace.plan("other", object) is not made[0]


def test_plans_end_when_their_memory_grows():
    workspace = Workspace()
    workspace.array("a", (4,), np.dtype(np.float64))
    plan = workspace.plan("key", object)
    workspace.array("a", (3,), np.dtype(np.float64))
    assert workspace.plan("key", object) is plan
    workspace.array("a", (5,), np.dtype(np.float64))
    assert workspace.plan("key", object) is not plan


def test_plans_are_bounded_in_number():
    workspace = Workspace()
    oldest = workspace.plan(0, object)
    for key in range(1, Workspace.MAX_PLANS):
        workspace.plan(key, object)
    assert workspace.plan(0, object) is oldest
    newest = workspace.plan("one more", object)
    assert workspace.plan(0, object) is not oldest
    assert workspace.plan("one more", object) is newest


def test_a_workspace_makes_room_for_what_it_expects():
    workspace = Workspace()
    assert workspace.steps_to_hold(7, 3) == 7
    workspace.expect(50, 120)
    workspace.expect(20, 100)  # less changes nothing
    assert workspace.steps_to_hold(7, 3) == 40  # columns of all steps counted
    assert workspace.steps_to_hold(7, 2) == 50  # and no more steps than there are
    assert workspace.steps_to_hold(60, 10) == 60
