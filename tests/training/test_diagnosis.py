"""When a training is told that its gradients vanish or explode, and when it is not."""

from dataclasses import replace

import numpy as np
import pytest
from textbook import make_sequences

from skseq.networks import RecurrentNetwork
from skseq.training import (
    OPTIMIZERS,
    REGRESSION_LOSSES,
    SCHEDULES,
    EpochRecord,
    SoftmaxCrossEntropy,
    _diagnosis,
    diagnose,
    new_trainer,
)

N, STEPS = 20, 40
SEQUENCES = make_sequences(np.full(N, STEPS), 2, np.random.RandomState(0))
TARGETS = np.arange(N) % 2
WEIGHTS = np.ones(N)
NOTHING = np.log(2)
RECORD = EpochRecord(epoch=1, loss=NOTHING, grad_norm=0.1, clipped=0.0, learning_rate=0.1, seconds=0.1)


def trainer_of(records, scale=0.5, max_grad_norm=1.0, **options):
    """A trainer with this history, whose network has recurrent weights of this spectral radius."""
    network = RecurrentNetwork(2, 2, (4,), **{"cell": "rnn"} | options)
    trainer = new_trainer(
        network,
        SoftmaxCrossEntropy(),
        dtype=np.float64,
        random_state=np.random.RandomState(0),
        optimizer=OPTIMIZERS["adam"],
        schedule=SCHEDULES["constant"](0.1, 10),
        decay=0.0,
        batch_size=10,
        max_grad_norm=max_grad_norm,
        shuffle=True,
    )
    for name in trainer.parameters.shapes:
        if name != "output":
            trainer.parameters.of(name)["kernel"][:, :4] *= scale
    trainer.history.records.extend(records)
    return trainer


def diagnosis(records, first=0, **options):
    targets = np.repeat(TARGETS, STEPS) if options.get("pooling") == "none" else TARGETS
    return diagnose(trainer_of(records, **options), SEQUENCES, targets, np.ones(len(targets)), first)


STUCK = [RECORD] * 10


def test_a_network_that_is_stuck_on_gradients_that_vanish():
    message = diagnosis(STUCK)
    assert "has learnt nothing in 10 epochs" in message
    assert "39 steps back" in message
    for cure in ("cell='lstm'", "pooling='mean'", "recurrent_init='identity'", "GradientFlowDisplay"):
        assert cure in message


def test_an_lstm_is_not_told_to_be_one():
    trainer = trainer_of(STUCK, cell="lstm")
    trainer.parameters.of("layer_0")["kernel"][8:12, 4] = -10  # its forget gates are shut
    message = diagnose(trainer, SEQUENCES, TARGETS, WEIGHTS)
    assert (
        "Use memory_steps=40, which lets the gates begin with long memories, pooling='mean', cell='rnn' with" in message
    )


def test_gates_with_long_memories_are_not_told_to_have_them():
    trainer = trainer_of(STUCK, cell="gru", memory_steps=40)
    trainer.parameters.of("layer_0")["kernel"][8:, 4] = -10  # they are shut all the same
    assert "Use pooling='mean', cell='rnn' with" in diagnose(trainer, SEQUENCES, TARGETS, WEIGHTS)


@pytest.mark.parametrize(
    ("records", "options"),
    [
        (STUCK[:9], {}),
        ([*STUCK[:9], replace(RECORD, loss=0.97 * NOTHING)], {}),
        (STUCK, {"scale": 1.0}),
        (STUCK, {"pooling": "mean"}),
        (STUCK, {"cell": "lstm"}),
        (STUCK, {"bidirectional": True, "scale": 1.0}),
        ([], {}),
    ],
    ids=["too early", "has learnt", "reaches back", "mean", "lstm", "two directions", "no epoch"],
)
def test_no_false_alarm(records, options):
    assert diagnosis(records, **options) is None


def test_short_sequences_are_no_matter_of_time():
    for steps, far in ((15, False), (16, True)):
        sequences = make_sequences(np.full(N, steps), 2, np.random.RandomState(0))
        found = diagnose(trainer_of(STUCK, scale=0.05), sequences, TARGETS, WEIGHTS)
        assert (found is not None) == far


def test_outputs_at_every_step_are_no_reason():
    assert diagnosis(STUCK, pooling="none") is None


def test_earlier_fits_do_not_count():
    learnt = [replace(RECORD, loss=0.1)] * 10
    assert diagnosis([*learnt, *STUCK], first=10) is not None
    assert diagnosis([*learnt, *STUCK[:9]], first=10) is None


@pytest.mark.parametrize("max_grad_norm", [1.0, None])
def test_units_that_are_dead_have_no_gradient(max_grad_norm):
    trainer = trainer_of(STUCK, activation="relu", max_grad_norm=max_grad_norm)
    trainer.parameters.of("layer_0")["kernel"][:, 4] = -100
    message = diagnose(trainer, SEQUENCES, TARGETS, WEIGHTS)
    assert "gradients vanish" in message
    assert ("max_grad_norm=1.0" in message) == (max_grad_norm is None)


def test_what_nothing_is_depends_on_the_frequencies_of_the_classes():
    # One in twenty: a loss far below that of equal odds, and still that of a guess.
    rare = (np.arange(N) == 0).astype(int)
    frequency = np.mean(rare)
    entropy = -frequency * np.log(frequency) - (1 - frequency) * np.log(1 - frequency)
    for loss, learnt in ((entropy, False), (0.97 * entropy, True)):
        found = diagnose(trainer_of([replace(RECORD, loss=loss)] * 10), SEQUENCES, rare, WEIGHTS)
        assert (found is None) == learnt


@pytest.mark.parametrize("cost", list(REGRESSION_LOSSES.values()), ids=list(REGRESSION_LOSSES))
def test_constants_of_losses(cost):
    targets, weights = np.array([[-1.0], [3.0]]), np.array([0.5, 1.5])
    zeros = np.zeros((1, 2))
    assert cost().constant(targets, weights, 1) == cost().value_and_gradient(zeros, targets, weights)[0]
    codes, weights = np.array([0, 0, 2]), np.array([1.0, 1.0, 2.0])
    assert np.isclose(SoftmaxCrossEntropy().constant(codes, weights, 3), 4 * np.log(2))


EXPLODED = [replace(RECORD, loss=0.1, grad_norm=2e3)] * 10


def test_gradients_that_explode():
    message = diagnosis(EXPLODED)
    assert "gradients explode: their norm was 2.0e+03 in the last 5 of 10 epochs" in message
    assert "max_grad_norm=1, only its direction is left" in message
    assert "EachStep(StandardScaler())" in message
    assert "Set max_grad_norm=1.0" in diagnosis(EXPLODED, max_grad_norm=None)


@pytest.mark.parametrize(
    ("records", "max_grad_norm"),
    [
        (EXPLODED[:3], 1.0),
        ([*EXPLODED[:7], *[replace(RECORD, loss=0.1)] * 7], 1.0),
        ([*[replace(RECORD, loss=0.1)] * 8, *EXPLODED[:2]], 1.0),
        (EXPLODED, 3.0),
        ([replace(RECORD, loss=0.1, grad_norm=900)] * 10, 1e-3),
    ],
    ids=["too early", "at the beginning only", "two of ten", "clipped to more", "not so large"],
)
def test_no_false_alarm_of_explosion(records, max_grad_norm):
    assert diagnosis(records, max_grad_norm=max_grad_norm) is None


def test_looking_costs_nothing_where_something_is_learnt(monkeypatch):
    monkeypatch.setattr(_diagnosis, "gradient_norms", None)
    assert diagnosis([replace(RECORD, loss=0.5)] * 30) is None


def test_other_networks_are_not_looked_into():
    trainer = trainer_of(STUCK)
    trainer.network = object()
    assert diagnose(trainer, SEQUENCES, TARGETS, WEIGHTS) is None
