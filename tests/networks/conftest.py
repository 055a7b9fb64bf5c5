"""Small batches are cut into segments as large ones are, so that quick tests see every way of cutting."""

import pytest

from skseq.layers import _steps


@pytest.fixture(autouse=True)
def segments_of_any_size(monkeypatch):
    monkeypatch.setattr(_steps, "SEGMENT_COLUMNS", 1)
    monkeypatch.setattr(_steps, "WIDTH_UNIT", 1)
