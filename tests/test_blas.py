"""What the BLAS is: limited while anyone asks for it, left as it was found."""

import pytest

from skseq import _blas
from skseq._blas import allowed_threads, leaves_unpacked, one_blas_thread

threadpoolctl = pytest.importorskip("threadpoolctl")


@pytest.fixture
def two_threads():
    with threadpoolctl.threadpool_limits(2, user_api="blas"):
        yield


@pytest.fixture
def fresh():
    leaves_unpacked.cache_clear()
    yield
    leaves_unpacked.cache_clear()


def test_one_blas_thread_is_restored_by_the_last_one_out(two_threads):
    before = allowed_threads()
    one_blas_thread.__enter__()
    with one_blas_thread:
        assert allowed_threads() == 1
    assert allowed_threads() == 1
    one_blas_thread.__exit__(None, None, None)
    assert allowed_threads() == before


def test_without_threadpoolctl_nothing_is_limited_or_assumed(monkeypatch, fresh):
    monkeypatch.setattr(_blas, "_controller", lambda: None)
    with one_blas_thread:
        assert allowed_threads() == 1
    assert not leaves_unpacked()


@pytest.mark.parametrize(
    ("architectures", "expected"),
    [
        (["SkylakeX"], True),
        (["SkylakeX", "SapphireRapids"], True),
        (["SkylakeX", "Haswell"], False),
        (["Haswell"], False),
        ([None], False),
        ([], False),
    ],
)
def test_which_blas_leaves_small_products_unpacked(architectures, expected, monkeypatch, fresh):
    libraries = [{"num_threads": 1} | ({"architecture": name} if name else {}) for name in architectures]
    monkeypatch.setattr(_blas, "_libraries", lambda: libraries)
    assert leaves_unpacked() is expected
