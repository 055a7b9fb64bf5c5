"""Threads: the BLAS is limited while anyone asks for it, and results come in order."""

import threading

import numpy as np
import pytest

from skseq.training import _threads
from skseq.training._threads import allowed_threads, blas_threads_for, map_in_threads, one_blas_thread

threadpoolctl = pytest.importorskip("threadpoolctl")


@pytest.fixture
def two_threads():
    with threadpoolctl.threadpool_limits(2, user_api="blas"):
        yield


def test_one_blas_thread_is_restored_by_the_last_one_out(two_threads):
    before = allowed_threads()
    one_blas_thread.__enter__()
    with one_blas_thread:
        assert allowed_threads() == 1
    assert allowed_threads() == 1
    one_blas_thread.__exit__(None, None, None)
    assert allowed_threads() == before


def test_small_states_get_one_blas_thread(two_threads):
    before = allowed_threads()
    with blas_threads_for(_threads.BLAS_PAYS - 1):
        assert allowed_threads() == 1
    with blas_threads_for(_threads.BLAS_PAYS):
        assert allowed_threads() == before


def test_without_threadpoolctl_nothing_is_limited(monkeypatch):
    monkeypatch.setattr(_threads, "_blas", lambda: None)
    with one_blas_thread:
        assert allowed_threads() == 1


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_results_come_in_order_and_each_thread_has_its_own_scratch(threads):
    made, lock = [], threading.Lock()

    def new_scratch():
        with lock:
            made.append(np.zeros(1))
        return made[-1]

    def square(item, scratch):
        scratch[0] = item
        return float(scratch[0]) ** 2

    assert list(map_in_threads(square, list(range(50)), threads, new_scratch)) == [i**2 for i in range(50)]
    assert 1 <= len(made) <= threads


def test_an_error_in_a_thread_is_raised():
    def fail(item, scratch):
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        list(map_in_threads(fail, [1, 2, 3], 2, dict))
