"""The loop: records, losses, divergence, reproducibility."""

import copy
import pickle

import numpy as np
import pytest
from textbook import cross_entropy, make_sequences, network_outputs

from skseq.networks import RecurrentNetwork
from skseq.training import (
    OPTIMIZERS,
    SCHEDULES,
    DivergenceError,
    SoftmaxCrossEntropy,
    Validation,
    _batches,
    new_trainer,
    predict_outputs,
    predict_states,
)

LENGTHS = np.random.RandomState(0).randint(1, 9, size=30)
SEQUENCES = make_sequences(LENGTHS, 3, np.random.RandomState(1))
TARGETS = np.array([int(x[0, 0] > 0) for x in SEQUENCES.unpack()])
WEIGHTS = np.random.RandomState(2).uniform(0.5, 1.5, size=30)
WEIGHTS /= WEIGHTS.mean()


def trainer_of(solver="adam", schedule="constant", rate=0.01, seed=0, alpha=0.0, dropout=0.2, **settings):
    settings = {"dtype": np.float64, "batch_size": 7, "max_grad_norm": 1.0, "shuffle": True} | settings
    network = settings.pop("network", RecurrentNetwork(3, 2, (5, 4), cell="gru", bidirectional=True, dropout=dropout))
    return new_trainer(
        network,
        SoftmaxCrossEntropy(),
        random_state=np.random.RandomState(seed),
        optimizer=OPTIMIZERS[solver],
        schedule=SCHEDULES[schedule](rate, 40),
        decay=alpha,
        **settings,
    )


def train(trainer, n_epochs=3, weights=WEIGHTS, rows=None, validation=None, sequences=SEQUENCES):
    epochs = trainer.epochs(sequences, TARGETS, weights, rows, validation)
    return [next(epochs) for _ in range(n_epochs)]


def textbook_losses(trainer, sequences=SEQUENCES):
    weights = trainer.network.named_weights(trainer.parameters)
    outputs = [network_outputs(x, weights, 2, "gru", bidirectional=True) for x in sequences.unpack()]
    return np.array([cross_entropy(y, target) for y, target in zip(outputs, TARGETS)])


@pytest.mark.parametrize("solver", list(OPTIMIZERS))
@pytest.mark.parametrize("schedule", list(SCHEDULES))
def test_training_lowers_the_loss(solver, schedule):
    records = train(trainer_of(solver, schedule, dropout=0.0), 40)
    assert records[-1].loss < 0.9 * records[0].loss


def test_the_loss_of_an_epoch_is_the_weighted_mean():
    # One batch of all rows: the loss is taken before the step.
    trainer = trainer_of(batch_size=30, dropout=0.0)
    expected = np.mean(WEIGHTS * textbook_losses(trainer))
    [record] = train(trainer, 1)
    np.testing.assert_allclose(record.loss, expected, rtol=1e-12)


@pytest.mark.parametrize("lengths", [LENGTHS, np.full(30, 5)], ids=["ragged", "equal"])
def test_training_on_some_rows_is_training_on_data_of_these(lengths):
    sequences = make_sequences(lengths, 3, np.random.RandomState(1))
    rows = np.random.RandomState(3).permutation(30)[:20]
    some, alone = trainer_of(), trainer_of()
    records = train(some, rows=rows, sequences=sequences)
    epochs = alone.epochs(sequences.take(rows), TARGETS[rows], WEIGHTS[rows])
    for record, own in zip(records, epochs):
        assert record.loss == own.loss
    np.testing.assert_array_equal(some.parameters.flat, alone.parameters.flat)


def test_records():
    trainer = trainer_of(schedule="cosine")
    records = train(trainer, 4)
    assert trainer.history.records == records
    assert [record.epoch for record in records] == [1, 2, 3, 4]
    assert all(np.isfinite(record.loss) and record.grad_norm > 0 and record.seconds > 0 for record in records)
    assert all(0 <= record.clipped <= 1 for record in records)
    assert {record.validation_loss for record in records} == {None}
    rates = [record.learning_rate for record in records]
    assert rates[0] == 0.01
    assert rates == sorted(rates, reverse=True)


def test_epochs_go_on_counting():
    trainer = trainer_of()
    train(trainer, 2)
    assert [record.epoch for record in train(trainer, 2)] == [3, 4]


def test_the_gradient_norm_is_recorded_before_clipping():
    free, clipped = (train(trainer_of(max_grad_norm=norm), 1)[0] for norm in (None, 1e-9))
    assert free.clipped == 0
    assert clipped.clipped == 1
    assert clipped.grad_norm > 1e-3


def test_clipping_bounds_the_step():
    trainer = trainer_of("sgd", rate=1.0, batch_size=30, max_grad_norm=1e-3)
    before = trainer.parameters.flat.copy()
    train(trainer, 1)
    # Nesterov's first step is rate (1 + momentum) times the gradient.
    np.testing.assert_allclose(np.linalg.norm(trainer.parameters.flat - before), 1.9e-3, rtol=1e-6)


def test_the_gradient_is_that_of_the_mean_loss_of_the_batch():
    # Not divided by the batch's own weights: a row would count for more where heavy rows are missing.
    once, twice = (
        train(trainer_of(batch_size=30, max_grad_norm=None), 1, weights=factor * WEIGHTS)[0].grad_norm
        for factor in (1, 2)
    )
    np.testing.assert_allclose(twice, 2 * once, rtol=1e-12)


def test_weight_decay_shrinks_the_weights():
    norms = [np.linalg.norm(train_and_return(trainer_of(alpha=alpha)).parameters.flat) for alpha in (0.0, 10.0)]
    assert norms[1] < 0.9 * norms[0]


def train_and_return(trainer):
    train(trainer, 3)
    return trainer


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_one_seed_gives_one_model(dtype):
    one, same, other = (train_and_return(trainer_of(seed=seed, dtype=dtype)).parameters.flat for seed in (0, 0, 1))
    assert one.dtype == dtype
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_validation_is_recorded_and_changes_nothing():
    validation = Validation(SEQUENCES.take(np.arange(10)), TARGETS[:10], WEIGHTS[:10])
    watched, alone = trainer_of(), trainer_of()
    records = train(watched, 3, validation=validation)
    train(alone, 3)
    np.testing.assert_array_equal(watched.parameters.flat, alone.parameters.flat)
    losses = textbook_losses(watched)[:10]
    np.testing.assert_allclose(records[-1].validation_loss, np.average(losses, weights=WEIGHTS[:10]), rtol=1e-12)
    assert 0 <= records[-1].validation_score <= 1


def test_the_validation_score_is_the_weighted_share_of_right_predictions():
    trainer = train_and_return(trainer_of())
    predicted = np.empty(30, dtype=int)
    for rows, outputs in predict_outputs(trainer.network, trainer.parameters, SEQUENCES):
        predicted[rows] = outputs.argmax(axis=0)
    _, score = trainer.evaluate(SEQUENCES, TARGETS, WEIGHTS)
    np.testing.assert_allclose(score, np.average(predicted == TARGETS, weights=WEIGHTS))


def test_validation_rows_of_no_weight_are_an_error():
    with pytest.raises(ValueError, match=r"validation sequences.*weight of zero.*validation_fraction"):
        trainer_of().evaluate(SEQUENCES, TARGETS, np.zeros(30))


def test_plateau_follows_the_validation_loss():
    trainer = trainer_of(schedule="plateau")
    validation = Validation(
        SEQUENCES.take(np.arange(10)), 1 - TARGETS[:10], np.ones(10)
    )  # what is learnt is wrong there
    records = train(trainer, 40, validation=validation)
    assert records[-1].loss < records[0].loss
    assert records[-1].learning_rate < 0.01


def test_validation_that_does_not_steer_changes_no_learning_rate():
    validation = Validation(SEQUENCES.take(np.arange(10)), 1 - TARGETS[:10], np.ones(10), steers=False)
    watched, alone = trainer_of(schedule="plateau"), trainer_of(schedule="plateau")
    train(watched, 20, validation=validation)
    train(alone, 20)
    np.testing.assert_array_equal(watched.parameters.flat, alone.parameters.flat)


def test_a_score_of_its_own_is_recorded():
    validation = Validation(SEQUENCES, TARGETS, WEIGHTS, score=lambda epoch: 10.0 * epoch)
    assert [record.validation_score for record in train(trainer_of(), 2, validation=validation)] == [10, 20]


def test_unshuffled_epochs_draw_no_random_numbers():
    trainer = trainer_of(shuffle=False, dropout=0.0)
    before = trainer.random_state.get_state()[1:3]
    train(trainer, 2)
    after = trainer.random_state.get_state()[1:3]
    np.testing.assert_array_equal(before[0], after[0])
    assert before[1] == after[1]


@pytest.mark.parametrize("way", ["pickle", "deepcopy"])
def test_training_goes_on_from_a_copy_as_from_the_trainer(way):
    trainer = train_and_return(trainer_of("adam", "cosine"))
    copied = copy.deepcopy(trainer) if way == "deepcopy" else pickle.loads(pickle.dumps(trainer))
    before = trainer.parameters.flat.copy()
    records = train(copied, 2)
    np.testing.assert_array_equal(trainer.parameters.flat, before)
    expected = train(trainer, 2)
    assert [record.loss for record in records] == [record.loss for record in expected]
    np.testing.assert_array_equal(copied.parameters.flat, trainer.parameters.flat)


def message_of(trainer, **settings):
    with pytest.raises(DivergenceError) as caught:
        train(trainer, 5, **settings)
    assert isinstance(caught.value, ValueError)
    message = str(caught.value)
    assert "learning_rate_init=" in message
    assert "max_grad_norm=" in message
    assert "EachStep(StandardScaler())" in message
    return message


def exploding_trainer(rate, max_grad_norm, dtype=np.float64):
    network = RecurrentNetwork(3, 2, (5, 4), cell="rnn", activation="relu", bidirectional=True)
    return trainer_of("sgd", rate=rate, max_grad_norm=max_grad_norm, dtype=dtype, network=network, batch_size=30)


def test_divergence_names_what_to_change():
    message = message_of(exploding_trainer(1e200, None))
    assert "learning_rate_init=1e+200" in message
    assert "max_grad_norm=None" in message
    assert "epoch 2" in message


def test_a_last_step_that_diverges_is_found_in_its_epoch():
    message = message_of(exploding_trainer(1e40, 1.0, np.float32))
    assert "epoch 1" in message
    assert "weights that are not finite" in message


def test_a_validation_loss_that_diverges_is_found():
    validation = Validation(SEQUENCES.take(np.arange(10)), TARGETS[:10], np.ones(10))
    message = message_of(exploding_trainer(1e30, 1.0, np.float32), validation=validation)
    assert "epoch 1" in message
    assert "validation loss is" in message


def test_a_wrecked_network_is_found_though_its_numbers_are_finite():
    # The gates saturate, so that nothing overflows, but the answers are certain and wrong.
    message = message_of(trainer_of("sgd", rate=1e20))
    assert "epoch 1: the loss is" in message


def test_rows_that_weigh_much_are_no_divergence():
    # A call of partial_fit may see the heavy rows only.
    assert np.isfinite(train(trainer_of(), 1, weights=1e6 * WEIGHTS)[0].loss)


def test_divergence_by_weight_decay_names_alpha():
    assert " Lower alpha=1e+300." in message_of(trainer_of(alpha=1e300))
    assert "alpha" not in message_of(trainer_of("sgd", rate=1e20, alpha=1e-30))


def test_divergence_leaves_the_weights_before_the_step():
    trainer = trainer_of(batch_size=30)
    kept = trainer.parameters.flat.copy()
    # NaN, which no estimator lets through, stands for anything that makes the loss NaN.
    message = message_of(trainer, sequences=SEQUENCES.with_values(np.full_like(SEQUENCES.values, np.nan)))
    assert "the loss is nan and the gradient's norm nan" in message
    np.testing.assert_array_equal(trainer.parameters.flat, kept)
    assert trainer.history.records == []


def test_predictions_do_not_depend_on_the_order():
    trainer = train_and_return(trainer_of())
    order = np.random.RandomState(0).permutation(30)
    results = []
    for sequences in (SEQUENCES, SEQUENCES.take(order)):
        result = np.empty((30, 8))
        for rows, states in predict_states(trainer.network, trainer.parameters, sequences):
            result[rows] = states.T
        results.append(result)
    np.testing.assert_allclose(results[1], results[0][order], atol=1e-14)


def test_prediction_batches_leave_room_for_the_widest_layer(monkeypatch):
    trainer = trainer_of()  # 10 values a step between its layers
    monkeypatch.setattr(_batches, "PREDICTION_VALUES", 10 * 8 * 3)
    longest = SEQUENCES.take(np.flatnonzero(LENGTHS == 8))
    sizes = [len(rows) for rows, _ in predict_states(trainer.network, trainer.parameters, longest)]
    assert sum(sizes) == len(longest) > 3
    assert max(sizes) == 3


def test_prediction_of_huge_values_warns_of_nothing():
    # The caller says which sequence is to blame; a float64 value may even be too large for a float32 network.
    trainer = train_and_return(trainer_of(dtype=np.float32))
    huge = SEQUENCES.with_values(np.full_like(SEQUENCES.values, 1e300))
    for _, outputs in predict_outputs(trainer.network, trainer.parameters, huge):
        assert not np.isfinite(outputs).all()


def adopted(trainer, solver="adam", schedule="constant", rate=0.01, max_epochs=40, restart=False, **settings):
    settings = {"decay": 0.0, "batch_size": 7, "max_grad_norm": 1.0, "shuffle": True} | settings
    trainer.adopt(OPTIMIZERS[solver], SCHEDULES[schedule](rate, max_epochs), restart=restart, **settings)
    return trainer


def test_adopting_the_same_settings_changes_nothing():
    one, other = train_and_return(trainer_of("adam", "cosine")), train_and_return(trainer_of("adam", "cosine"))
    train(one, 2)
    train(adopted(other, schedule="cosine"), 2)
    np.testing.assert_array_equal(one.parameters.flat, other.parameters.flat)


def test_adopting_other_settings():
    trainer = train_and_return(trainer_of())
    memory = trainer.optimizer
    weights = trainer.parameters.flat.copy()
    adopted(trainer, decay=0.5, batch_size=3, max_grad_norm=None, shuffle=False)
    assert trainer.optimizer is memory  # an optimizer of the same kind goes on with its moments
    assert trainer.optimizer.decay == 0.5
    np.testing.assert_array_equal(np.unique(trainer.optimizer.decay_mask), [0, 1])
    assert (trainer.batch_size, trainer.max_grad_norm, trainer.shuffle) == (3, None, False)
    np.testing.assert_array_equal(trainer.parameters.flat, weights)
    assert [record.epoch for record in train(trainer, 1)] == [4]
    adopted(trainer, "rmsprop")
    assert isinstance(trainer.optimizer, OPTIMIZERS["rmsprop"])
    assert trainer.optimizer.decay == 0


@pytest.mark.parametrize("change", [{"restart": True}, {"rate": 0.02}, {"max_epochs": 30}], ids=str)
def test_a_schedule_that_is_adopted_begins_anew(change):
    trainer = trainer_of(schedule="cosine")
    train(trainer, 39)
    assert trainer.schedule.rate < 0.001
    train(adopted(trainer, schedule="cosine", **change), 1)
    fresh = SCHEDULES["cosine"](change.get("rate", 0.01), change.get("max_epochs", 40))
    assert trainer.history.records[-1].learning_rate == fresh.rate
    fresh.after_epoch(1, 1.0)
    assert trainer.schedule.rate == fresh.rate


def test_a_schedule_of_the_same_settings_goes_on():
    trainer = trainer_of(schedule="cosine")
    train(trainer, 30)
    rate = trainer.schedule.rate
    adopted(trainer, schedule="cosine")
    assert trainer.schedule.rate == rate
