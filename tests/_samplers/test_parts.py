import numpy as np
import pytest

from skseq._samplers import _parts
from skseq._samplers._parts import chunks, in_parts


@pytest.mark.parametrize("n", [0, 1, 2, 1001])
@pytest.mark.parametrize("least", [0, 10**9])
def test_parts_make_up_the_rows(n, least, monkeypatch):
    monkeypatch.setattr(_parts, "LEAST_VALUES", least)
    bounds = in_parts(lambda start, stop: (start, stop), n, 5)
    np.testing.assert_array_equal(np.concatenate([np.arange(*part) for part in bounds]), np.arange(n))
    assert len(bounds) == 1 or n * 5 > least


def test_an_error_in_a_part_is_raised(monkeypatch):
    monkeypatch.setattr(_parts, "LEAST_VALUES", 0)

    def fail(start, stop):
        if stop == 10:
            raise KeyError(start)

    with pytest.raises(KeyError):
        in_parts(fail, 10, 1)


@pytest.mark.parametrize(("size", "rows"), [(1, 8), (3, 2), (100, 1), (0, 8)])
def test_chunks(size, rows):
    found = list(chunks(3, 20, size, 8))
    assert [row for chunk in found for row in range(20)[chunk]] == list(range(3, 20))
    assert max(chunk.stop - chunk.start for chunk in found) == rows
