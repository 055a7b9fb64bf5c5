"""Records and their curves."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from skseq.training import EpochRecord, History


def record(epoch):
    return EpochRecord(epoch=epoch, loss=1 / epoch, grad_norm=1.0, clipped=0.0, learning_rate=0.1, seconds=0.1)


def test_curves():
    history = History([record(1), record(2)])
    assert history.curve("loss") == [1, 0.5]
    assert history.curve("epoch") == [1, 2]
    np.testing.assert_equal(history.curve("validation_loss"), [np.nan, np.nan])


def test_a_table_has_the_validation_part_where_any_epoch_had_one():
    assert History().table().keys() == {"epoch", "loss", "grad_norm", "clipped", "learning_rate", "seconds"}
    history = History([record(1), replace(record(2), validation_loss=0.5, validation_score=0.75)])
    table = history.table()
    assert list(table) == [
        *["epoch", "loss", "validation_loss", "validation_score"],
        *["grad_norm", "clipped", "learning_rate", "seconds"],
    ]
    assert {len(curve) for curve in table.values()} == {2}
    np.testing.assert_equal(table["validation_score"], [np.nan, 0.75])


def test_histories_share_no_records():
    History().records.append(record(1))
    assert History().records == []


def test_a_record_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        record(1).loss = 0
