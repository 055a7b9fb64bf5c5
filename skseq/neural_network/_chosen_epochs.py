"""``early_stopping="auto"``: held-out data choose the number of epochs and calibrate the outputs."""

from skseq.training import (
    FOLDS,
    HOLD_OUT_ROWS,
    LEAST_ROWS,
    EpochChoice,
    cross_validate,
    held_out_outputs,
    stratified_folds,
)


class HeldOutChoice(EpochChoice):
    """Choose the epoch by validation data, whose outputs are computed after each epoch.

    Parameters
    ----------
    trainer : Trainer
    validation : Validation
    patience : int
    """

    #: The loss decides, as for :class:`~skseq.training.EarlyStopping`.
    by_score = False

    def __init__(self, trainer, validation, patience):
        super().__init__(trainer.loss, validation.targets, validation.weights, patience)
        self._trainer = trainer
        self._sequences = validation.sequences

    @property
    def best_weights(self):
        """The weights to return to, None if they are those after the last epoch."""
        return self.network_weights

    @property
    def best_epoch(self):
        """Their epoch, counted as in the history of the trainer."""
        return len(self._trainer.history.records) - self.n_epochs + self.epoch

    def update(self, record, network_weights):
        """Take the record of an epoch and the flat weights after it; return whether to stop."""
        return super().update(held_out_outputs(self._trainer, self._sequences), network_weights)


def is_cross_validated(n):
    """Whether data of ``n`` rows are cross-validated; of more, a part is held out, and of very few nothing."""
    return LEAST_ROWS <= n < HOLD_OUT_ROWS


def cross_validated_choice(estimator, trainer, data, n_epochs):
    """Return the :class:`EpochChoice` of a cross-validation on ``data``, None if no row can be held out.

    Parameters
    ----------
    estimator : BaseSequenceEstimator
    trainer : Trainer
        New, not trained yet.
    data : tuple of (Sequences, targets, weights)
    n_epochs : int
        The most that are tried.
    """
    sequences, targets, _ = data
    n = len(sequences)
    folds = stratified_folds(n, estimator._strata(targets), trainer.random_state)
    if not folds:
        return None
    return cross_validate(
        trainer,
        *data,
        folds,
        n_epochs=n_epochs,
        batch_size=estimator._rows_a_batch(n - n // FOLDS),
        patience=estimator.n_iter_no_change,
    )
