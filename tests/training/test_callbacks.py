"""Progress, one aligned line an epoch."""

import io
from dataclasses import replace

import pytest

from skseq.training import EpochRecord, Progress, ProgressBar, progress

RECORD = EpochRecord(epoch=1, loss=0.7, grad_norm=0.01, clipped=0.0, learning_rate=0.1, seconds=0.1)
RECORDS = [
    RECORD,
    replace(RECORD, epoch=9, loss=12.3456789, grad_norm=123.0, learning_rate=1e-5, seconds=12.5),
    replace(RECORD, epoch=10, loss=499.5, grad_norm=1e-20, learning_rate=0.5, seconds=100.0),
    replace(RECORD, epoch=100, loss=1e-9, grad_norm=9.999e5),
]


def lines_of(records, max_epochs=100):
    stream = io.StringIO()
    progress = Progress(max_epochs, stream)
    for record in records:
        progress(record)
    return stream.getvalue().splitlines()


@pytest.mark.parametrize("validated", [False, True])
def test_columns_are_aligned(validated):
    records = RECORDS
    if validated:
        records = [replace(r, validation_loss=r.loss * 2, validation_score=0.1 * i) for i, r in enumerate(RECORDS)]
    lines = lines_of(records)
    assert len(lines) == len(records)
    words = ["epoch", "/100", "loss", "gradient", "rate", " s"]
    for word in words + (["validation loss", "score"] if validated else []):
        assert len({line.rindex(word) for line in lines}) == 1, word
    assert len({len(line) for line in lines}) == 1


def test_a_line_says_what_happened():
    [line] = lines_of([replace(RECORD, epoch=7, validation_loss=0.1234, validation_score=0.5)])
    assert line.split() == [
        *["epoch", "7/100", "loss", "0.7000", "validation", "loss", "0.1234", "score", "0.500"],
        *["gradient", "1.00e-02", "rate", "1.0e-01", "0.10", "s"],
    ]


def test_without_a_stream_it_prints(capsys):
    Progress(10)(RECORD)
    assert capsys.readouterr().out.startswith("epoch  1/10  loss")


def test_what_verbose_stands_for(capsys):
    with progress(0, 0, 10) as show:
        show(RECORD)
    captured = capsys.readouterr()
    assert captured.out + captured.err == ""
    with progress(1, 0, 10) as show:
        assert isinstance(show, Progress)
    with progress(2, 0, 10) as show:
        assert isinstance(show, ProgressBar)
    with progress(True, 0, 10) as show:
        assert isinstance(show, Progress)
