"""Threads: work in parts, results in order, errors after everyone has stopped."""

import threading

import pytest

from skseq import _threads
from skseq._threads import PARTS, Crew
from skseq.training._threads import parts_for


@pytest.fixture
def allow(monkeypatch):
    def set_threads(count):
        monkeypatch.setattr(_threads, "allowed_threads", lambda: count)

    return set_threads


def test_much_work_is_divided():
    assert parts_for(PARTS * 1000, 1000) == PARTS
    assert parts_for(PARTS * 1000 - 1, 1000) == 1


@pytest.mark.parametrize(("parts", "allowed", "threads"), [(1, 8, 1), (2, 1, 1), (2, 2, 2), (2, 8, 2), (4, 3, 3)])
def test_no_more_threads_than_parts_or_allowed(parts, allowed, threads, allow):
    allow(allowed)
    with Crew(parts) as crew:
        assert crew.threads == threads


@pytest.mark.parametrize("allowed", [1, 2, 4])
def test_results_come_in_order(allowed, allow):
    allow(allowed)
    with Crew(4) as crew:
        for _ in range(5):
            assert crew.map(lambda a, b: a * 10 + b, [1, 2, 3, 4], [5, 6, 7, 8]) == [15, 26, 37, 48]
            assert crew.map(abs, [-1]) == [1]


def test_parts_run_at_the_same_time(allow):
    allow(2)
    together = threading.Barrier(2, timeout=60)
    with Crew(2) as crew:
        assert sorted(crew.map(lambda part: together.wait() >= 0, [0, 1])) == [True, True]


@pytest.mark.parametrize("failing", [0, 1])
@pytest.mark.parametrize("allowed", [1, 2])
def test_an_error_is_raised_when_no_one_works_any_more(failing, allowed, allow):
    allow(allowed)
    begun, ended = threading.Event(), threading.Event()

    def work(part):
        if part == failing:
            if allowed == 2:
                begun.wait(60)
            raise ValueError("no")
        begun.set()
        ended.set()

    with Crew(2) as crew:
        with pytest.raises(ValueError, match="no"):
            crew.map(work, [0, 1])
        if allowed == 2:
            assert ended.is_set()


def test_no_thread_outlives_its_crew(allow):
    allow(3)
    before = threading.active_count()
    with Crew(3) as crew:
        crew.map(abs, [1, 2, 3])
    assert threading.active_count() == before
