"""The progress bar: of rich, of tqdm, of plain text, and where nobody sees it."""

import io
import sys
from dataclasses import replace

import pytest

from skseq.training import EpochRecord, ProgressBar, _progress_bar

RECORD = EpochRecord(epoch=1, loss=0.7, grad_norm=0.01, clipped=0.0, learning_rate=0.1, seconds=0.1)
VALIDATED = replace(RECORD, epoch=4, loss=0.25, validation_loss=0.5, validation_score=0.875)


class Terminal(io.StringIO):
    def isatty(self):
        return True


class Cell(io.StringIO):
    """What stands below a cell of a notebook."""

    __module__ = "ipykernel.iostream"


@pytest.fixture
def without(monkeypatch):
    """Return what makes packages seem not to be installed."""

    def hide(*names):
        for name in names:
            for module in [name, *[known for known in sys.modules if known.startswith(f"{name}.")]]:
                monkeypatch.setitem(sys.modules, module, None)
            if name == "rich":
                monkeypatch.setitem(sys.modules, "rich.progress", None)

    return hide


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on by ten seconds each time it is looked at."""
    times = iter(range(0, 1000, 10))
    monkeypatch.setattr(_progress_bar, "perf_counter", lambda: next(times))


def show(records, stream, first=0, max_epochs=4):
    with ProgressBar(first, max_epochs, stream) as bar:
        for record in records:
            bar(record)
    return stream.getvalue()


def test_plain_text(without, clock, monkeypatch):
    without("rich", "tqdm")
    monkeypatch.setenv("COLUMNS", "120")
    first, second, last = show([RECORD, replace(RECORD, epoch=2), VALIDATED], Terminal()).split("\r")[1:]
    assert first == "epoch 1/4 [########......................] 0:30 left  loss 0.7000"
    assert second.startswith("epoch 2/4 [###############...............] 0:20 left")
    assert last.rstrip(" ") == (
        "epoch 4/4 [##############################] 0:00 left  loss 0.2500  validation loss 0.5000  score 0.875\n"
    )


def test_the_time_left_is_that_of_the_epochs_of_this_fit(without, clock):
    without("rich", "tqdm")
    text = show([replace(RECORD, epoch=11)], Terminal(), first=10, max_epochs=20)
    assert "epoch 11/20" in text
    assert "1:30 left" in text


def test_plain_text_is_written_over_and_never_wraps(without, monkeypatch):
    without("rich", "tqdm")
    monkeypatch.setenv("COLUMNS", "60")
    text = show([VALIDATED, replace(RECORD, epoch=4)], Terminal())
    lines = text.rstrip("\n").split("\r")[1:]
    assert [len(line) for line in lines] == [59, 59]


def test_nothing_is_written_without_an_epoch(without):
    without("rich", "tqdm")
    assert show([], Terminal()) == ""


@pytest.mark.parametrize("hidden", [(), ("rich",), ("rich", "tqdm")], ids=str)
def test_it_is_quiet_where_the_output_is_no_terminal(without, hidden):
    without(*hidden)
    assert show([RECORD, VALIDATED], io.StringIO()) == ""


@pytest.mark.parametrize("hidden", [("rich",), ("rich", "tqdm")], ids=str)
def test_it_is_quiet_without_any_output(without, monkeypatch, hidden):
    without(*hidden)
    monkeypatch.setattr(sys, "stderr", None)
    with ProgressBar(0, 4) as bar:
        bar(RECORD)


@pytest.mark.parametrize("hidden", [("ipywidgets",), ("rich",), ("rich", "tqdm")], ids=str)
def test_a_notebook_shows_it(without, hidden, monkeypatch):
    without(*hidden)
    monkeypatch.setenv("COLUMNS", "120")
    find = _progress_bar.find_spec
    monkeypatch.setattr(_progress_bar, "find_spec", lambda name: None if name in hidden else find(name))
    text = show([RECORD, VALIDATED], Cell())
    assert "4/4" in text
    assert "validation loss 0.5000" in text


def test_it_writes_to_the_standard_error(without, monkeypatch):
    without("rich", "tqdm")
    monkeypatch.setattr(sys, "stderr", Terminal())
    with ProgressBar(0, 4) as bar:
        bar(RECORD)
    assert "epoch 1/4" in sys.stderr.getvalue()


def test_tqdm(without):
    pytest.importorskip("tqdm")
    without("rich")
    text = show([replace(RECORD, epoch=3), VALIDATED], Terminal(), first=2)
    assert "2/4" in text
    assert "4/4" in text
    assert "validation loss 0.5000  score 0.875" in text


def test_rich(monkeypatch):
    pytest.importorskip("rich")
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("TERM", "xterm")
    text = show([replace(RECORD, epoch=3), VALIDATED], Terminal(), first=2)
    assert "4/4" in text
    assert "validation loss 0.5000  score 0.875" in text


def test_a_bar_ends_when_training_fails(without):
    without("rich", "tqdm")
    stream = Terminal()
    with pytest.raises(AttributeError):
        show([RECORD, "no record"], stream)
    assert stream.getvalue().endswith("\n")


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0:00"), (59.6, "1:00"), (3599.4, "59:59"), (7325, "2:02:05")])
def test_durations(seconds, text):
    assert _progress_bar.duration(seconds) == text
