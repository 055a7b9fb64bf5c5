"""The loop: batch -> forward -> loss -> backward -> clip -> step, one record an epoch."""

from dataclasses import replace
from time import perf_counter

import numpy as np

from skseq.layers import Workspace

from ._batches import draw_batch, epoch_batches, prediction_batches
from ._optimizers import clip_by_norm
from ._parameters import Parameters
from ._records import EpochRecord, History
from ._threads import PYTHON_PAYS, allowed_threads, blas_threads_for, map_in_threads

#: An epoch whose mean loss is this many times that of a guess has diverged.
DIVERGED = 1e3


class DivergenceError(ValueError):
    """A loss, the gradient or a weight is no longer finite, or the loss is far above that of a guess."""


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
        self.history = History()
        self.schedule_start = 0

    def adopt(self, optimizer, schedule, decay, *, batch_size, max_grad_norm, shuffle, restart):
        """Take the settings for the epochs to come; the weights, the history and the random state stay.

        Parameters
        ----------
        optimizer : class
            A value of :data:`OPTIMIZERS`. What the present optimizer remembers stays if it is of this class.
        schedule : Schedule
            Takes the place of the present one if its settings differ, or with ``restart``.
        decay : float
        batch_size, max_grad_norm, shuffle
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

    def epochs(self, sequences, targets, weights, validation=None):
        """Train for ever, yielding the record of each epoch.

        Parameters
        ----------
        sequences : Sequences
        targets : ndarray of shape (n,)
        weights : ndarray of shape (n,)
            Weight of each sequence in the loss, one on average.
        validation : tuple of (Sequences, targets, weights), optional

        Yields
        ------
        EpochRecord

        Raises
        ------
        DivergenceError
            If a loss, the gradient or a weight becomes infinite or NaN.
        """
        workspace = Workspace()
        gradients = self.parameters.zeros_like()
        weights = weights.astype(self.parameters.dtype)
        while True:
            begin = perf_counter()
            with np.errstate(over="ignore", invalid="ignore"):
                with blas_threads_for(self.batch_size * max(self.network.hidden_layer_sizes)):
                    record = self._epoch(sequences, targets, weights, gradients, workspace)
                if validation is not None:
                    loss, score = self.evaluate(*validation)
                    if not np.isfinite(loss):
                        raise self._diverged(f"the validation loss is {loss:.3g}")
                    record = replace(record, validation_loss=loss, validation_score=score)
            record = replace(record, seconds=perf_counter() - begin)
            self.history.records.append(record)
            monitored = record.loss if record.validation_loss is None else record.validation_loss
            self.schedule.after_epoch(record.epoch - self.schedule_start, monitored)
            yield record

    def _epoch(self, sequences, targets, weights, gradients, workspace):
        n = len(targets)
        total, norms = 0.0, []
        ragged = None if sequences.equal_steps is not None else sequences.lengths
        for rows in epoch_batches(n, self.batch_size, self.random_state if self.shuffle else None, ragged):
            batch, rows = draw_batch(sequences, rows, workspace, self.parameters.dtype)
            loss, norm = self._step(batch, targets[rows], weights[rows], gradients, workspace)
            total += loss
            norms.append(norm)
        if not np.isfinite(self.parameters.flat).all():
            raise self._diverged("the last step led to weights that are not finite")
        # Gates saturate, so a network can be wrecked while every number is finite. In partial_fit the rows of one
        # call may weigh far more than one on average, which is no sign of that.
        weight = float(weights.sum(dtype=np.float64))
        if total > DIVERGED * self.loss.chance(self.network.n_outputs) * weight:
            raise self._diverged(f"the mean loss is {total / weight:.3g}")
        clipped = 0.0 if self.max_grad_norm is None else float(np.mean(np.array(norms) > self.max_grad_norm))
        return EpochRecord(
            epoch=len(self.history.records) + 1,
            loss=total / n,
            grad_norm=float(np.mean(norms)),
            clipped=clipped,
            learning_rate=self.schedule.rate,
            seconds=0.0,
        )

    def _step(self, batch, targets, weights, gradients, workspace):
        network, parameters = self.network, self.parameters
        pooled, tape = network.forward(parameters, batch, workspace, self.random_state, training=True)
        outputs = network.outputs(parameters, pooled)
        loss, d_outputs = self.loss.value_and_gradient(outputs, targets, weights)
        # Weights average to one over the data, so this is the mean over the batch; dividing by the batch's own
        # weights instead would make a row count for more where rare rows are missing.
        d_outputs /= batch.size
        network.backward(parameters, gradients, tape, d_outputs)
        norm = clip_by_norm(gradients.flat, self.max_grad_norm)
        if not (np.isfinite(loss) and np.isfinite(norm)):
            raise self._diverged(f"the loss is {loss / batch.size:.3g} and the gradient's norm {norm:.3g}")
        self.optimizer.step(parameters.flat, gradients.flat, self.schedule.rate)
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

    def evaluate(self, sequences, targets, weights):
        """Return the weighted mean loss and the weighted share of right predictions."""
        total_loss = total_right = 0.0
        for rows, outputs in predict_outputs(self.network, self.parameters, sequences):
            right = self.loss.predict(outputs) == targets[rows]
            total_right += float(np.dot(right, weights[rows]))
            total_loss += self.loss.value_and_gradient(outputs, targets[rows], weights[rows])[0]
        total = float(weights.sum(dtype=np.float64))
        if not total:
            raise ValueError(
                "All sequences held out for early stopping have a weight of zero, so their loss says nothing. Raise "
                "validation_fraction, or leave out the sequences of zero weight."
            )
        return total_loss / total, total_right / total


def predict_outputs(network, parameters, sequences):
    """Yield (rows, outputs (n_outputs, len(rows))) until every sequence is predicted."""
    for rows, pooled in predict_states(network, parameters, sequences):
        with np.errstate(over="ignore", invalid="ignore"):
            outputs = network.outputs(parameters, pooled)
        yield rows, outputs


def predict_states(network, parameters, sequences):
    """Yield (rows, pooled states (units, len(rows))) until every sequence is read, from several threads if it pays."""

    def predict(rows, workspace):
        # Every thread has its own errstate. Callers look for what is not finite.
        with np.errstate(over="ignore", invalid="ignore"):
            batch, rows = draw_batch(sequences, rows, workspace, parameters.dtype)
            pooled, _ = network.forward(parameters, batch, workspace)
        return rows, pooled

    n, units = len(sequences.lengths), max(network.hidden_layer_sizes)
    # The batches do not depend on the number of threads, so neither do the results.
    parts = 2 if n * units >= 2 * PYTHON_PAYS else 1
    batches = prediction_batches(sequences, network.values_per_step, parts)
    threads = allowed_threads() if len(batches[0]) * units >= PYTHON_PAYS else 1
    with blas_threads_for(len(batches[0]) * units):
        yield from map_in_threads(predict, batches, threads, Workspace)


def new_trainer(network, loss, *, dtype, random_state, optimizer, schedule, decay, **settings):
    """Return a Trainer with initial weights.

    ``optimizer`` and ``schedule`` are classes of :data:`OPTIMIZERS` and a schedule; the remaining settings are
    the Trainer's own.
    """
    parameters = Parameters.initial(network, random_state, dtype)
    mask = Parameters.decay_mask(network, dtype).flat if decay else None
    optimizer = optimizer(parameters.flat.size, parameters.dtype, decay, mask)
    return Trainer(network, parameters, loss, optimizer, schedule, random_state=random_state, **settings)
