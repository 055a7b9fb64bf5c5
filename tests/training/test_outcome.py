"""Facts about a training: does the loss still fall, is it that of a guess, is the first layer saturated."""

from dataclasses import replace

import numpy as np
import pytest
from textbook import make_sequences

from skseq.networks import RecurrentNetwork, TransformerNetwork
from skseq.sequences import Sequences
from skseq.training import (
    OPTIMIZERS,
    SCHEDULES,
    EpochRecord,
    SoftmaxCrossEntropy,
    first_inputs,
    guess_losses,
    has_learnt_nothing,
    has_not_moved,
    is_above,
    new_trainer,
    still_falls,
)

RECORD = EpochRecord(epoch=1, loss=1.0, grad_norm=1.0, clipped=0.0, learning_rate=0.1, seconds=0.1)


def records_of(losses):
    return [replace(RECORD, epoch=epoch, loss=float(loss)) for epoch, loss in enumerate(losses, start=1)]


@pytest.mark.parametrize("n", [5, 10, 30, 200])
def test_a_line_still_falls_and_a_decay_that_has_ended_does_not(n):
    epochs = np.arange(n) / n
    assert still_falls(1 - 0.9 * epochs, 1.0)
    assert still_falls(np.exp(-epochs), 1.0)
    assert not still_falls(np.exp(-4 * epochs), 1.0)
    assert not still_falls(np.full(n, 0.7), 1.0)
    assert not still_falls(1 + epochs, 1.0)


def test_a_fall_names_its_figures():
    fall = still_falls(np.linspace(2, 1, 21), 1.0)
    assert fall.epochs == 2
    np.testing.assert_allclose((fall.before, fall.after), (1.125, 1.025))


def test_a_fall_that_nobody_sees_does_not_count():
    losses = np.linspace(0.7, 0.69, 100)[-30:]
    assert not still_falls(losses, 0.69)


def test_four_epochs_are_short_by_intention():
    assert not still_falls([4, 3, 2, 1], 1.0)


def test_noise_is_no_fall():
    losses = 0.5 + 0.3 * np.exp(-np.arange(60) / 8) + 0.02 * np.random.RandomState(0).standard_normal(60)
    assert not still_falls(losses, 0.7)


def test_a_loss_above_that_of_a_guess():
    assert is_above(records_of([0.7, 2.0, 3.0]), 3, 0.7)
    assert not is_above(records_of([0.7, 2.0, 0.75]), 3, 0.7)
    # The loss of epoch 1 is a mean that began before it; that of epoch 2 shows where it ended.
    assert not is_above(records_of([2.0, 0.5, 9.0]), 1, 0.7)


def test_learnt_nothing_and_not_moved():
    stuck = records_of([0.7] * 10)
    assert has_learnt_nothing(stuck, 0.69)
    assert has_not_moved(stuck, 0.69)
    assert not has_learnt_nothing(stuck[:9], 0.69)
    assert not has_learnt_nothing(records_of([0.7] * 9 + [0.6]), 0.69)
    assert not has_not_moved(records_of([0.7] * 9 + [0.6]), 0.69)


def trainer_of(network):
    return new_trainer(
        network,
        SoftmaxCrossEntropy(),
        dtype=np.float64,
        random_state=np.random.RandomState(0),
        optimizer=OPTIMIZERS["adam"],
        schedule=SCHEDULES["constant"](0.1, 10),
        decay=0.0,
        batch_size=10,
        max_grad_norm=1.0,
        shuffle=True,
    )


def test_losses_of_guesses():
    trainer = trainer_of(RecurrentNetwork(2, 2, (3,)))
    codes = (np.arange(20) == 0).astype(int)
    constant, untrained = guess_losses(trainer, codes, np.ones(20))
    np.testing.assert_allclose(constant, -(0.05 * np.log(0.05) + 0.95 * np.log(0.95)))
    np.testing.assert_allclose(untrained, np.log(2))
    assert guess_losses(trainer, np.zeros(20, dtype=int), np.ones(20)) == (None, None)


NETWORKS = {
    "gru": RecurrentNetwork(3, 2, (40,)),
    "two directions": RecurrentNetwork(3, 2, (40,), cell="lstm", bidirectional=True),
    "transformer": TransformerNetwork(3, 2, n_layers=1, width=40, n_heads=2, feed_forward_width=8, n_positions=9),
}


@pytest.mark.parametrize("network", NETWORKS.values(), ids=NETWORKS)
@pytest.mark.parametrize(
    ("scale", "shift", "saturated"),
    [(1, 0, False), (1, 3, False), (10, 0, False), (10, 20, False), (1, 30, True), (1, 1e6, True), (1e3, 0, True)],
)
def test_features_that_saturate(network, scale, shift, saturated):
    sequences = make_sequences(np.full(50, 9), 3, np.random.RandomState(1))
    found = first_inputs(trainer_of(network), sequences.with_values(scale * sequences.values + shift))
    assert found.saturated == saturated


def test_the_feature_to_blame():
    sequences = make_sequences(np.full(50, 9), 3, np.random.RandomState(1))
    values = sequences.values.copy()
    values[:, 1] += 500
    found = first_inputs(trainer_of(NETWORKS["gru"]), sequences.with_values(values))
    assert found.feature == 1
    assert abs(found.feature_mean - 500) < 1
    np.testing.assert_allclose(found.feature_deviation, values[:, 1].std(), rtol=1e-6)


def test_values_near_the_end_of_the_range_and_zeros():
    trainer = trainer_of(NETWORKS["gru"])
    sequences = make_sequences(np.full(5, 4), 3, np.random.RandomState(1))
    assert first_inputs(trainer, sequences.with_values(np.full((20, 3), 1.7e308))).saturated
    assert not first_inputs(trainer, sequences.with_values(np.zeros((20, 3)))).saturated


def test_token_ids_are_not_looked_at():
    network = RecurrentNetwork(5, 2, (3,), embedding_dim=2)
    ids = Sequences(np.arange(5), np.array([5]), "token lists", "list")
    assert first_inputs(trainer_of(network), ids) is None
