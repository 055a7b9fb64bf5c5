"""The loop: batch -> forward -> loss -> backward -> clip -> step, one record an epoch."""

from collections.abc import Callable
from dataclasses import replace
from time import perf_counter
from typing import NamedTuple

import numpy as np

from skseq._blas import one_blas_thread
from skseq._threads import Crew
from skseq.layers import Workspace

from ._batches import all_places, draw_batch, epoch_batches, prediction_batches, target_places, windows_of
from ._gradient import BatchGradient
from ._optimizers import clip_by_norm
from ._parameters import Parameters
from ._records import EpochRecord, History
from ._threads import PREDICTION_PAYS, TRAINING_PAYS, parts_for

#: An epoch whose mean loss is this many times that of a guess has diverged.
DIVERGED = 1e3


class DivergenceError(ValueError):
    """A loss, the gradient or a weight is no longer finite, or the loss is far above that of a guess."""


class Validation(NamedTuple):
    """Data that are evaluated after each epoch.

    Attributes
    ----------
    sequences : Sequences
    targets, weights
        As in :meth:`Trainer.epochs`; the weights are of any scale.
    score : callable, optional
        Takes the number of epochs so far and returns the validation score; by default the score of the loss is
        recorded.
    steers : bool
        Whether a schedule that waits for a lower loss goes by the validation loss.
    """

    sequences: object
    targets: np.ndarray
    weights: np.ndarray
    score: Callable[[int], float] | None = None
    steers: bool = True


class Trainer:
    """A network, its weights and everything that decides the next step; what ``partial_fit`` goes on with.

    Parameters
    ----------
    network : RecurrentNetwork or the like
    parameters : Parameters
    loss : SoftmaxCrossEntropy or the like
    optimizer : Optimizer
    schedule : Schedule
    batch_size : int
    max_grad_norm : float or None
    shuffle : bool
    random_state : RandomState
    window_steps : int, optional
        Take a step of the optimizer after so many steps of the sequences, whose hidden states are carried on (truncated
        backpropagation through time). For networks with outputs at every step, in one direction.
    """

    def __init__(
        self,
        network,
        parameters,
        loss,
        optimizer,
        schedule,
        *,
        batch_size,
        max_grad_norm,
        shuffle,
        random_state,
        window_steps=None,
    ):
        self.network = network
        self.parameters = parameters
        self.loss = loss
        self.optimizer = optimizer
        self.schedule = schedule
        self.batch_size = batch_size
        self.max_grad_norm = max_grad_norm
        self.shuffle = shuffle
        self.random_state = random_state
        self.window_steps = window_steps
        self.history = History()
        self.schedule_start = 0

    def adopt(self, optimizer, schedule, decay, *, batch_size, max_grad_norm, shuffle, restart, window_steps=None):
        """Take the settings for the epochs to come; the weights, the history and the random state stay.

        Parameters
        ----------
        optimizer : class
            A value of :data:`OPTIMIZERS`. What the present optimizer remembers stays if it is of this class.
        schedule : Schedule
            Takes the place of the present one if its settings differ, or with ``restart``.
        decay : float
        batch_size, max_grad_norm, shuffle, window_steps
            As in the constructor.
        restart : bool
        """
        mask = Parameters.decay_mask(self.network, self.parameters.dtype).flat if decay else None
        if type(self.optimizer) is optimizer:
            self.optimizer.decay, self.optimizer.decay_mask = decay, mask
        else:
            self.optimizer = optimizer(self.parameters.flat.size, self.parameters.dtype, decay, mask)
        if restart or not schedule.has_settings_of(self.schedule):
            self.schedule, self.schedule_start = schedule, len(self.history.records)
        self.batch_size, self.max_grad_norm, self.shuffle = batch_size, max_grad_norm, shuffle
        self.window_steps = window_steps

    def epochs(self, sequences, targets, weights, rows=None, validation=None):
        """Train for ever, yielding the record of each epoch.

        Parameters
        ----------
        sequences : Sequences
        targets : ndarray of shape (n, ...), or (total_steps, ...) for a network with outputs at every step
            For one with outputs at every step of the context, those of all contexts end to end.
        weights : ndarray of shape (n, ...) or (total_steps,)
            Weight of each target in the loss, one on average.
        rows : ndarray of shape (n_rows,), optional
            Train on these only; nothing is copied.
        validation : Validation, optional

        Yields
        ------
        EpochRecord

        Raises
        ------
        DivergenceError
            If a loss, the gradient or a weight becomes infinite or NaN.
        """
        weights = weights.astype(self.parameters.dtype)
        rows = np.arange(len(sequences.lengths)) if rows is None else rows
        places = all_places(self.network, sequences, rows)
        guess = self.loss.guess(targets[places], weights[places], self.network.n_outputs)
        steps = float(sequences.lengths[rows].mean())
        parts = parts_for(self.network.multiplications(steps) * self.batch_size, TRAINING_PAYS)
        with Crew(parts) as crew:
            gradient_of = BatchGradient(
                self.network,
                self.parameters,
                self.loss,
                sequences,
                targets,
                weights,
                parts=parts,
                crew=crew,
                window_steps=self.window_steps,
            )
            while True:
                begin = perf_counter()
                with one_blas_thread:
                    record = self._epoch(sequences, rows, len(places), guess, gradient_of)
                if validation is not None:
                    record = self._validated(record, validation)
                record = replace(record, seconds=perf_counter() - begin)
                self.history.records.append(record)
                steered = validation is not None and validation.steers
                monitored = record.validation_loss if steered else record.loss
                self.schedule.after_epoch(record.epoch - self.schedule_start, monitored)
                yield record

    def _validated(self, record, validation):
        """Return the record with the validation loss and score."""
        loss, score = self.evaluate(validation.sequences, validation.targets, validation.weights)
        if not np.isfinite(loss):
            raise self._diverged(f"the validation loss is {loss:.3g}")
        if validation.score is not None:
            score = validation.score(record.epoch)
        return replace(record, validation_loss=loss, validation_score=score)

    def _epoch(self, sequences, rows, n_targets, guess, gradient_of):
        """Return the record of an epoch over ``rows``, which have so many targets; ``guess`` is the loss of a guess."""
        total, norms = 0.0, []
        lengths = None if sequences.equal_steps is not None else sequences.lengths[rows]
        random_state = self.random_state if self.shuffle else None
        for places in epoch_batches(len(rows), self.batch_size, random_state, lengths):
            batch = rows[places]
            for some, window in windows_of(batch, sequences.lengths[batch], self.window_steps):
                loss, norm = self._step(some, gradient_of, window)
                total += loss
                norms.append(norm)
        if not np.isfinite(self.parameters.flat).all():
            raise self._diverged("the last step led to weights that are not finite")
        # Gates saturate, so a network can be wrecked while every number is finite. In partial_fit the rows of one
        # call may weigh far more than one on average, which is no sign of that.
        if total > DIVERGED * guess:
            raise self._diverged(f"the loss is {total / guess:.3g} times that of a guess")
        clipped = 0.0 if self.max_grad_norm is None else float(np.mean(np.array(norms) > self.max_grad_norm))
        return EpochRecord(
            epoch=len(self.history.records) + 1,
            loss=total / n_targets,
            grad_norm=float(np.mean(norms)),
            clipped=clipped,
            learning_rate=self.schedule.rate,
            seconds=0.0,
        )

    def _step(self, rows, gradient_of, window):
        with np.errstate(over="ignore", invalid="ignore"):
            loss, gradient = gradient_of(rows, self.random_state, window)
            norm = clip_by_norm(gradient, self.max_grad_norm)
            if not (np.isfinite(loss) and np.isfinite(norm)):
                raise self._diverged(f"the loss is {loss / len(rows):.3g} and the gradient's norm {norm:.3g}")
            self.optimizer.step(self.parameters.flat, gradient, self.schedule.rate)
        return loss, norm

    def _diverged(self, what):
        # A step multiplies the weights by 1 - rate * alpha.
        cause = f" Lower alpha={self.optimizer.decay:.3g}." if self.schedule.rate * self.optimizer.decay >= 1 else ""
        return DivergenceError(
            f"Training diverged in epoch {len(self.history.records) + 1}: {what}, with "
            f"learning_rate_init={self.schedule.initial:.3g} and max_grad_norm={self.max_grad_norm}.{cause} Lower "
            "learning_rate_init, lower max_grad_norm (1.0 is usual), and scale the features of X, for example with "
            "EachStep(StandardScaler())."
        )

    def scale_outputs(self, factor):
        """Multiply the outputs of the network by ``factor``, by the weights of its last layer."""
        for array in self.parameters.of("output").values():
            array *= factor

    def evaluate(self, sequences, targets, weights):
        """Return the weighted mean loss and the score, which is the loss's own: accuracy or R^2."""
        total = float(weights.sum(dtype=np.float64))
        if not total:
            raise ValueError(
                "All validation sequences have a weight of zero, so their loss is not defined. Give some of them a "
                "weight, raise validation_fraction, or leave out the sequences of zero weight."
            )
        answers, loss = None, 0.0
        with np.errstate(over="ignore", invalid="ignore"):
            for places, outputs in predict_outputs(self.network, self.parameters, sequences):
                some = self.loss.answers(outputs)
                if answers is None:
                    answers = np.empty((*some.shape[:-1], len(targets)), dtype=some.dtype)
                answers[..., places] = some
                loss += self.loss.value_and_gradient(outputs, targets[places], weights[places])[0]
            return loss / total, self.loss.score(answers, targets, weights)


def predict_outputs(network, parameters, sequences):
    """Yield (places, outputs (n_outputs, len(places))) until every sequence is predicted.

    A place is a row, or with a network that has outputs at every step, a row of ``sequences.values``.
    """
    for places, pooled in predict_states(network, parameters, sequences):
        with np.errstate(over="ignore", invalid="ignore"):
            outputs = network.outputs(parameters, pooled)
        yield places, outputs


def held_out_outputs(trainer, sequences):
    """Return the outputs (n_outputs, targets) of a trainer's network for all of ``sequences``, in their order."""
    network = trainer.network
    n = len(sequences.values) if network.every_step else len(sequences.lengths)
    outputs = np.empty((network.n_outputs, n), dtype=trainer.parameters.dtype)
    for places, some in predict_outputs(network, trainer.parameters, sequences):
        outputs[:, places] = some
    return outputs


def predict_states(network, parameters, sequences):
    """Yield (places, states (units, len(places))) until every sequence is read, by two threads if it pays.

    The places are those of :func:`predict_outputs`, the states pooled or those of every step.
    """

    def predict(rows, workspace):
        # Every thread has its own errstate. Callers look for what is not finite.
        with np.errstate(over="ignore", invalid="ignore"):
            batch, rows = draw_batch(sequences, rows, workspace, parameters.dtype)
            pooled, _ = network.forward(parameters, batch, workspace)
        return target_places(network, sequences, batch, rows), pooled

    multiplications = network.multiplications(float(sequences.lengths.mean()))
    parts = parts_for(multiplications * len(sequences.lengths), PREDICTION_PAYS)
    per_sequence = network.values_per_context_step * sequences.context.shape[1] if network.every_context_step else 0
    batches = prediction_batches(
        sequences, network.widest_state, network.values_per_step, parts, values_per_sequence=per_sequence
    )
    with Crew(parts) as crew, one_blas_thread:
        workspaces = [Workspace() for _ in range(crew.threads)]
        for first in range(0, len(batches), crew.threads):
            yield from crew.map(predict, batches[first : first + crew.threads], workspaces)


def new_trainer(network, loss, *, dtype, random_state, optimizer, schedule, decay, **settings):
    """Return a Trainer with initial weights.

    ``optimizer`` and ``schedule`` are classes of :data:`OPTIMIZERS` and a schedule; the remaining settings are
    the Trainer's own.
    """
    parameters = Parameters.initial(network, random_state, dtype)
    mask = Parameters.decay_mask(network, dtype).flat if decay else None
    optimizer = optimizer(parameters.flat.size, parameters.dtype, decay, mask)
    return Trainer(network, parameters, loss, optimizer, schedule, random_state=random_state, **settings)
