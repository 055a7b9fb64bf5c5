"""Records and their curves."""

from dataclasses import FrozenInstanceError

import pytest

from skseq.training import EpochRecord, History


def record(epoch):
    return EpochRecord(epoch=epoch, loss=1 / epoch, grad_norm=1.0, clipped=0.0, learning_rate=0.1, seconds=0.1)


def test_curves():
    history = History([record(1), record(2)])
    assert history.curve("loss") == [1, 0.5]
    assert history.curve("epoch") == [1, 2]
    assert history.curve("validation_loss") == [None, None]


def test_histories_share_no_records():
    History().records.append(record(1))
    assert History().records == []


def test_a_record_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        record(1).loss = 0
