"""Without matplotlib every display says what to install."""

import sys

import pytest

from skseq.inspection import GradientFlowDisplay, StepImportanceDisplay, TrainingHistoryDisplay

DISPLAYS = [
    GradientFlowDisplay({"layer_0": [1.0]}),
    StepImportanceDisplay([[1.0]]),
    TrainingHistoryDisplay({"loss": [1.0]}),
]


@pytest.mark.parametrize("display", DISPLAYS, ids=lambda display: type(display).__name__)
def test_the_error_names_the_extra(display, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=rf"{type(display).__name__} needs matplotlib.*skseq\[plot\]"):
        display.plot()
