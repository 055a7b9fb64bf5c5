"""Minibatches."""

import numpy as np
import pytest
from textbook import make_sequences

from skseq.layers import Workspace
from skseq.networks import EncoderDecoder, RecurrentNetwork
from skseq.sequences import Sequences
from skseq.training import _batches, all_places, draw_batch, epoch_batches, prediction_batches, target_places
from skseq.training._batches import targets_per_row

FLOAT = np.dtype(np.float64)
LENGTHS = {"equal": [4] * 7, "ragged": [3, 9, 1, 3, 6, 9, 2]}
BATCHES = pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))
TOKENS = pytest.mark.parametrize("n_tokens", [None, 5], ids=["measurements", "ids"])


def draw(sequences, rows, workspace=None, dtype=FLOAT):
    return draw_batch(sequences, np.array(rows), Workspace() if workspace is None else workspace, dtype)


@TOKENS
@BATCHES
def test_a_batch_holds_the_sequences_of_its_rows(lengths, n_tokens):
    sequences = make_sequences(lengths, 2, np.random.RandomState(0), n_tokens)
    wanted = [5, 0, 2, 6]
    batch, rows = draw(sequences, wanted)
    assert sorted(rows) == sorted(wanted)
    assert batch.values.shape == (batch.steps, *sequences.values.shape[1:], 4)
    parts = np.split(sequences.values, sequences.starts[1:])
    for column, row in enumerate(rows):
        assert batch.lengths[column] == lengths[row]
        np.testing.assert_array_equal(batch.values[: lengths[row], ..., column], parts[row])


def test_equal_lengths_keep_the_order_of_the_rows():
    _, rows = draw(make_sequences([4] * 7, 2, np.random.RandomState(0)), [5, 0, 2])
    np.testing.assert_array_equal(rows, [5, 0, 2])


def test_ragged_rows_are_sorted_by_descending_length_and_ties_stay():
    batch, rows = draw(make_sequences(LENGTHS["ragged"], 2, np.random.RandomState(0)), [6, 5, 3, 1, 0])
    np.testing.assert_array_equal(batch.lengths, [9, 9, 3, 3, 2])
    np.testing.assert_array_equal(rows, [5, 1, 3, 0, 6])


@TOKENS
def test_padding_repeats_the_last_step(n_tokens):
    sequences = make_sequences(LENGTHS["ragged"], 2, np.random.RandomState(0), n_tokens)
    batch, _ = draw(sequences, range(7))
    for column, length in enumerate(batch.lengths):
        padding = batch.values[length:, ..., column]
        np.testing.assert_array_equal(padding, np.broadcast_to(batch.values[length - 1, ..., column], padding.shape))


def test_valid_values_do_not_depend_on_what_else_is_in_the_batch():
    sequences = make_sequences(LENGTHS["ragged"], 2, np.random.RandomState(0))
    alone, _ = draw(sequences, [3])
    batch, rows = draw(sequences, range(7))
    column = list(rows).index(3)
    np.testing.assert_array_equal(batch.values[:3, :, column], alone.values[:, :, 0])


def test_the_dtype_is_that_asked_for_and_ids_keep_theirs():
    random_state = np.random.RandomState(0)
    single, _ = draw(make_sequences([2, 3], 2, random_state), [0, 1], dtype=np.dtype(np.float32))
    assert single.values.dtype == np.float32
    ids, _ = draw(make_sequences([2, 3], 2, random_state, n_tokens=4), [0, 1])
    assert ids.values.dtype.kind == "i"


def test_batches_use_the_memory_of_the_workspace_again():
    sequences, workspace = make_sequences([4] * 7, 2, np.random.RandomState(0)), Workspace()
    one, _ = draw(sequences, [0, 1], workspace)
    other, _ = draw(sequences, [2, 3], workspace)
    assert np.shares_memory(one.values, other.values)


@BATCHES
def test_sequences_are_not_changed(lengths):
    sequences = make_sequences(lengths, 2, np.random.RandomState(0))
    sequences.values.setflags(write=False)
    batch, _ = draw(sequences, range(7))
    assert not np.shares_memory(batch.values, sequences.values)
    batch.values[...] = 0
    assert sequences.values.any()


@pytest.mark.parametrize("shuffled", [False, True])
@pytest.mark.parametrize(("n", "batch_size"), [(10, 3), (10, 10), (10, 100), (1, 1), (9, 3)])
def test_every_row_once_an_epoch(n, batch_size, shuffled):
    batches = list(epoch_batches(n, batch_size, np.random.RandomState(0) if shuffled else None))
    np.testing.assert_array_equal(np.sort(np.concatenate(batches)), np.arange(n))
    assert all(len(rows) == batch_size for rows in batches[:-1])
    assert 1 <= len(batches[-1]) <= batch_size


def test_without_a_random_state_rows_come_in_order():
    np.testing.assert_array_equal(np.concatenate(list(epoch_batches(10, 4, None))), np.arange(10))


def test_each_epoch_is_shuffled_anew():
    random_state = np.random.RandomState(0)
    epochs = [np.concatenate(list(epoch_batches(50, 20, random_state))) for _ in range(2)]
    assert (epochs[0] != np.arange(50)).any()
    assert (epochs[0] != epochs[1]).any()
    again = np.concatenate(list(epoch_batches(50, 20, np.random.RandomState(0))))
    np.testing.assert_array_equal(again, epochs[0])


@pytest.mark.parametrize("values", [1, 40, 10**9])
@BATCHES
def test_prediction_batches_hold_every_row_once(lengths, values, monkeypatch):
    monkeypatch.setattr(_batches, "PREDICTION_BATCH", 3)
    monkeypatch.setattr(_batches, "PREDICTION_VALUES", values)
    sequences = make_sequences(lengths, 2, np.random.RandomState(0))
    batches = list(prediction_batches(sequences))
    np.testing.assert_array_equal(np.sort(np.concatenate(batches)), np.arange(7))
    for rows in batches:
        assert 1 <= len(rows) <= 3
        padded = len(rows) * sequences.lengths[rows].max() * 2
        assert padded <= values or len(rows) == 1


@pytest.mark.parametrize("values_per_step", [1, 2, 10])
def test_prediction_batches_leave_room_for_what_the_network_holds(values_per_step, monkeypatch):
    monkeypatch.setattr(_batches, "PREDICTION_VALUES", 48)
    sequences = make_sequences([4] * 7, 2, np.random.RandomState(0))
    batches = list(prediction_batches(sequences, values_per_step=values_per_step))
    # The inputs have two values a step, 4 steps.
    assert len(batches[0]) == 48 // (4 * max(2, values_per_step))
    np.testing.assert_array_equal(np.concatenate(batches), np.arange(7))


def test_prediction_batches_bring_like_lengths_together(monkeypatch):
    monkeypatch.setattr(_batches, "PREDICTION_BATCH", 2)
    sequences = make_sequences(LENGTHS["ragged"], 2, np.random.RandomState(0))
    lengths = [sequences.lengths[rows].tolist() for rows in prediction_batches(sequences)]
    assert lengths == [[9, 9], [6, 3], [3, 2], [1]]


def test_prediction_batches_of_equal_lengths_keep_the_order():
    sequences = Sequences(np.zeros((12, 1)), np.full(6, 2), "sequences", "array")
    np.testing.assert_array_equal(np.concatenate(list(prediction_batches(sequences))), np.arange(6))


def test_prediction_batches_can_be_divided_among_threads():
    sequences = Sequences(np.zeros((14, 1)), np.full(7, 2), "sequences", "array")
    assert [len(rows) for rows in prediction_batches(sequences, parts=2)] == [4, 3]


def test_ragged_batches_hold_sequences_of_like_length():
    lengths = np.random.RandomState(0).randint(1, 1000, size=2000)
    mixed = list(epoch_batches(2000, 20, np.random.RandomState(0)))
    alike = list(epoch_batches(2000, 20, np.random.RandomState(0), lengths))
    np.testing.assert_array_equal(np.sort(np.concatenate(alike)), np.arange(2000))
    assert all(len(rows) == 20 for rows in alike)
    longest = [sum(lengths[rows].max() for rows in batches) for batches in (mixed, alike)]
    assert longest[1] < 0.75 * longest[0]
    # Long batches do not come first: the order of the batches is drawn too.
    means = [lengths[rows].mean() for rows in alike]
    assert abs(np.corrcoef(np.arange(100), means)[0, 1]) < 0.3


def test_ragged_batches_change_from_epoch_to_epoch():
    lengths = np.random.RandomState(0).randint(1, 1000, size=100)
    random_state = np.random.RandomState(0)
    epochs = [{frozenset(rows) for rows in epoch_batches(100, 20, random_state, lengths)} for _ in range(2)]
    assert not epochs[0] & epochs[1]


def test_targets_of_contexts_stand_end_to_end():
    network = EncoderDecoder(5, 4, (2,), embedding_dim=2)
    context = np.array([[0, 3, -1, -1], [0, -1, -1, -1], [0, 2, 3, 1]], dtype=np.int32)
    sequences = make_sequences([1, 3, 2], 1, np.random.RandomState(0), 5)
    sequences = Sequences(sequences.values, sequences.lengths, sequences.form, sequences.container, context)
    batch, rows = draw(sequences, [0, 1, 2])
    np.testing.assert_array_equal(rows, [1, 2, 0])
    # The first steps of rows 1, 2 and 0, then the second ones of 2 and 0, then what only 2 has.
    np.testing.assert_array_equal(target_places(network, sequences, batch, rows), [2, 3, 0, 4, 1, 5, 6])
    np.testing.assert_array_equal(all_places(network, sequences, np.array([2, 1])), [3, 4, 5, 6, 2])
    assert targets_per_row(network, sequences) == 7 / 3
    assert targets_per_row(RecurrentNetwork(5, 4, (2,), pooling="none"), sequences) == 2
    assert targets_per_row(RecurrentNetwork(5, 4, (2,)), sequences) == 1


def test_what_a_sequence_holds_as_a_whole_leaves_less_room(monkeypatch):
    monkeypatch.setattr(_batches, "PREDICTION_VALUES", 100)
    sequences = make_sequences([5] * 30, 1, np.random.RandomState(0), 5)
    assert max(map(len, prediction_batches(sequences, values_per_step=2))) == 10
    assert max(map(len, prediction_batches(sequences, values_per_step=2, values_per_sequence=40))) == 2
