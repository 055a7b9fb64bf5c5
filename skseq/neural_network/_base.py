"""What the sequence estimators share: from hyperparameters to a trained network, and back out as attributes."""

import copy

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.exceptions import ConvergenceWarning
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted

from skseq._fit_tasks import CallbackSupportMixin, fit_tasks
from skseq._token_ids import refuse_token_ids
from skseq._user_warnings import warn_user
from skseq._validation import all_or_nothing
from skseq.sequences import read_sequences, warn_of_long_table
from skseq.training import (
    BATCHES,
    LEAST_BATCH,
    OPTIMIZERS,
    SCHEDULES,
    EarlyStopping,
    auto_batch_size,
    auto_epochs,
    new_trainer,
    predict_outputs,
    predict_states,
    progress,
)

from ._chosen_epochs import HeldOutChoice, cross_validated_choice, is_cross_validated
from ._embedded_tokens import count_tokens, fill_unseen, seen_tokens
from ._merged_rows import merge_equal_rows
from ._network_summary import NetworkSummaryMixin
from ._training_warnings import warn_of_outcome, warn_of_saturation
from ._validation_data import validation_data


class BaseSequenceEstimator(CallbackSupportMixin, NetworkSummaryMixin, BaseEstimator):
    """Reads sequences, trains a network on them and predicts with it.

    A subclass says what the targets are, which loss they have, and in ``_n_outputs`` how many numbers the network gives
    for each. Which network it is say ``_architecture_now``, the hyperparameters that a fit which goes on cannot change,
    and ``_build_network``.
    """

    #: Least number of sequences per minibatch with ``batch_size="auto"``.
    _least_batch = LEAST_BATCH
    #: Number of minibatches per epoch at which it aims beyond that.
    _batches = BATCHES

    def _fit(self, *data, validation=(None, None, None)):
        """Train for ``max_iter`` epochs or until early stopping.

        Parameters
        ----------
        *data
            X, y and ``sample_weight``, which ``_prepare`` reads.
        validation : tuple
            ``X_val``, ``y_val`` and ``sample_weight_val``.
        """
        warn_of_long_table(data[0], data[1] if len(data) > 1 else None, type(self).__name__)
        with all_or_nothing(self):
            continued = self.warm_start and hasattr(self, "_trainer")
            trainer, prepared = self._begin(data, continued, restart=True)
            self._trainer = trainer  # X_val is read as X at predict
            rows, held = validation_data(self, data, prepared, validation, continued)
            self._train(trainer, prepared, rows, held, may_choose=not continued)
        return self

    def _partial_fit(self, *data, **named):
        """Train for one epoch; ``named`` is what the first call may say about later ones, such as the classes."""
        self._refuse_early_stopping()
        with all_or_nothing(self):
            continued = hasattr(self, "_trainer")
            seen = self._totals if continued else None
            trainer, prepared = self._begin(data, continued, restart=False, seen=seen, **named)
            self._seen_tokens = seen_tokens(
                trainer, prepared, before=getattr(self, "_seen_tokens", None) if continued else None
            )
            next(trainer.epochs(*prepared))
            self._publish(trainer, len(trainer.history.records))
        return self

    def _begin(self, data, continued, *, restart, **more):
        """Return a trainer, and (sequences, targets, weights) to train it on."""
        sequences, targets, weights = self._prepare(*data, continued=continued, **more)
        trainer = self._trainer_for(sequences, weights, self._loss(), continued, restart=restart)
        if targets.dtype.kind == "f":
            targets = targets.astype(trainer.parameters.dtype)
        return trainer, (sequences, targets, weights)

    def _strata(self, targets):
        """Return the classes (n,) of which early stopping holds out equal parts, or None."""
        return None

    def _scorer(self, scorer):
        """Return the function (estimator, X, y) that ``scorer`` is for this kind of estimator."""
        return scorer

    def _read(self, X, *, reset):
        # A fitted network reads X as it was fitted, whatever set_params has changed since.
        settings = self._architecture_now() if reset else self._architecture
        tokens = settings["embedding_dim"] is not None
        features = settings.get("features_per_step", 1)
        if reset and not tokens:
            refuse_token_ids(X, type(self).__name__)
        sequences = read_sequences(self, X, reset=reset, features_per_step=features, tokens=tokens)
        if not reset and tokens:
            n_tokens = self._trainer.network.n_features
            largest = int(sequences.values.max())
            if largest >= n_tokens:
                raise ValueError(
                    f"X holds the token id {largest}, but the ids seen in fit were 0 to {n_tokens - 1}. "
                    "Map unknown tokens to one id that is also in the training data."
                )
        return sequences

    def _new_trainer(self, sequences, loss, weights, whole_fit):
        """Return a Trainer for a new network of this estimator's hyperparameters."""
        tokens = self.embedding_dim is not None
        n_features = self._count_tokens(sequences) if tokens else sequences.n_features
        network = self._build_network(n_features, sequences, weights)
        self._architecture = self._architecture_now()
        # One generator of its own decides everything, so that partial_fit and pickling can go on with it.
        seed = check_random_state(self.random_state).randint(np.iinfo(np.int32).max)
        return new_trainer(
            network,
            loss,
            dtype=self._dtype(sequences),
            random_state=np.random.RandomState(seed),
            **self._training_settings(len(sequences), whole_fit),
        )

    def _dtype(self, sequences):
        """Return the dtype in which the network computes: that of measurements, float64 for token ids."""
        return sequences.values.dtype if self.embedding_dim is None else np.dtype(np.float64)

    def _training_settings(self, n, whole_fit):
        """Return the settings of a Trainer for ``n`` sequences, in a fit or in a call of partial_fit."""
        return {
            "optimizer": OPTIMIZERS[self.solver],
            "schedule": self._schedule(self._max_epochs(n), whole_fit),
            "decay": float(self.alpha),
            "batch_size": self._rows_a_batch(n),
            "max_grad_norm": self.max_grad_norm,
            "shuffle": self.shuffle,
        }

    def _count_tokens(self, sequences):
        return count_tokens(sequences, self.embedding_dim)

    def _schedule(self, n_epochs, whole_fit=True):
        name = self.learning_rate
        if name == "auto":
            name = "cosine" if whole_fit and self.max_iter == "auto" else "constant"
        return SCHEDULES[name](float(self.learning_rate_init), n_epochs)

    def _rows_a_batch(self, n):
        if self.batch_size == "auto":
            return auto_batch_size(n, self._least_batch, self._batches)
        return min(self.batch_size, n)

    def _max_epochs(self, n):
        """Return the largest number of epochs of a fit on ``n`` sequences."""
        return auto_epochs(n, self._rows_a_batch(n)) if self.max_iter == "auto" else self.max_iter

    def _merged(self, sequences, targets, weights, continued):
        """Return the data of a new fit, equal rows of small data as one."""
        if continued or not self._merges():
            return sequences, targets, weights
        return merge_equal_rows(sequences, targets, weights)

    def _merges(self):
        """Whether equal rows may become one: not if validation data are held out of X by their row numbers."""
        return self.batch_size == "auto" and self._validates() != "stop"

    def _validates(self):
        """Return what validation data are for: to "stop" early, to "choose" the number of epochs, or None."""
        if self.early_stopping != "auto":
            return "stop" if self.early_stopping else None
        if self.max_iter != "auto" or not hasattr(self._loss(), "losses"):
            return None
        return "choose" if isinstance(self.scoring, str) and self.scoring == "loss" else "stop"

    def _train(self, trainer, data, rows, validation, *, may_choose):
        """Train for ``max_iter`` epochs, until early stopping or as validation data say; set the fitted attributes.

        Parameters
        ----------
        trainer : Trainer
        data : tuple of (Sequences, targets, weights)
        rows : ndarray or None
            The sequences to train on; None for all.
        validation : Validation or None
        may_choose : bool
            Whether the number of epochs may be cross-validated, which needs a new network.
        """
        first = len(trainer.history.records)
        self._seen_tokens = seen_tokens(
            trainer, data, rows, before=getattr(self, "_seen_tokens", None) if first else None
        )
        n_epochs, stopping = self._max_epochs(len(data[0])), None
        planned = n_epochs
        self.output_scale_ = 1.0
        if validation is not None:
            stopping = self._watch(trainer, validation)
        elif may_choose and self._validates() == "choose" and is_cross_validated(len(data[0])):
            n_epochs = self._cross_validated_epochs(trainer, data, n_epochs)
        saturated = not first and warn_of_saturation(self, trainer, data[0])
        self._run_epochs(trainer, trainer.epochs(*data, rows, validation), first, n_epochs, stopping)
        best = len(trainer.history.records)
        if stopping is not None and stopping.best_weights is not None:
            trainer.parameters.flat[...] = stopping.best_weights
            best = stopping.best_epoch
        if isinstance(stopping, HeldOutChoice):
            self.output_scale_ = stopping.factor
        if not saturated:
            warn_of_outcome(self, trainer, data, first, best, planned, stopping)
        trainer.scale_outputs(self.output_scale_)
        self._publish(trainer, best)

    def _watch(self, trainer, validation):
        """Return what decides by the validation data which weights to keep, None if they are only recorded."""
        purpose = self._validates()
        if purpose == "choose":
            return HeldOutChoice(trainer, validation, self.n_iter_no_change)
        if purpose == "stop":
            return EarlyStopping(self.n_iter_no_change, self.tol, by_score=validation.score is not None)
        return None

    def _cross_validated_epochs(self, trainer, data, n_epochs):
        """Return the number of epochs to train for, 0 after Ctrl-C; set ``output_scale_`` and the schedule for it."""
        try:
            choice = cross_validated_choice(self, trainer, data, n_epochs)
        except KeyboardInterrupt:
            self._warn_of_interrupt(0, n_epochs)
            return 0
        if choice is None:
            return n_epochs
        self.output_scale_ = choice.factor
        trainer.schedule = self._schedule(choice.epoch)
        return choice.epoch

    def _run_epochs(self, trainer, epochs, first, n_epochs, stopping):
        """Run epochs after the ``first`` ones until one of the reasons to stop; keep the last completed one."""
        completed = trainer.parameters.flat.copy()
        try:
            with progress(self.verbose, first, first + n_epochs) as show:
                over = n_epochs == 0
                while not over:
                    task = fit_tasks(self).begin("epoch")
                    record = next(epochs)
                    completed[...] = trainer.parameters.flat
                    show(record)
                    over = record.epoch - first >= n_epochs
                    over |= stopping is not None and stopping.update(record, completed)
                    over |= task.end(lambda: self._attributes_now(trainer))
        except KeyboardInterrupt:
            trainer.parameters.flat[...] = completed
            self._warn_of_interrupt(len(trainer.history.records) - first, n_epochs)

    def _warn_of_interrupt(self, done, n_epochs):
        warn_user(
            f"Training was interrupted after {done} of at most {n_epochs} epochs (max_iter). The estimator "
            f"keeps {'its initial weights' if not done else 'the best weights so far'} and can be used.",
            ConvergenceWarning,
        )

    def _attributes_now(self, trainer):
        """Return the attributes of an estimator whose fit had ended after the last epoch."""
        ended = copy.copy(self)
        ended._publish(copy.deepcopy(trainer), len(trainer.history.records))
        return {**vars(ended), "_fit_tasks": None}

    def _publish(self, trainer, best_iteration):
        """Set the fitted attributes that tell how training went."""
        history = trainer.history
        fill_unseen(trainer, self._seen_tokens)
        self._trainer = trainer
        self.n_iter_ = len(history.records)
        self.best_iteration_ = best_iteration
        for name in ("loss", "grad_norm", "clipped", "learning_rate", "seconds"):
            setattr(self, f"{name}_curve_", history.curve(name))
        for name in ("validation_loss", "validation_score"):
            # Epochs of an earlier fit may have had no validation data.
            validated = (
                history.records[-1].validation_loss is not None if history.records else self.early_stopping is True
            )
            setattr(self, f"{name}_curve_", history.curve(name) if validated else None)

    def _check_architecture(self):
        """Raise a ValueError if a fit that goes on is asked for another network."""
        for name, wanted in self._architecture_now().items():
            if wanted != self._architecture[name]:
                raise ValueError(
                    f"{name}={wanted!r}, but the network to go on with has {name}={self._architecture[name]!r}. Set it "
                    "back, or begin anew: fit with warm_start=False."
                )

    def _refuse_early_stopping(self):
        if self.early_stopping is True:
            raise ValueError(
                "early_stopping=True needs all the data at once, but partial_fit sees a part. Set "
                "early_stopping=False and watch a validation set of your own, or call fit."
            )

    def _trainer_for(self, sequences, weights, loss, continued, *, restart):
        """Return a new trainer, or a copy of the last one to go on with, which takes the settings of now.

        A copy, so that a failure leaves this estimator as it was. With ``restart`` the learning rate begins anew.
        """
        if not continued:
            return self._new_trainer(sequences, loss, weights, restart)
        self._check_architecture()
        trainer = copy.deepcopy(self._trainer)
        trainer.adopt(**self._training_settings(len(sequences), restart), restart=restart)
        trainer.network.dropout.rate = self.dropout
        return trainer

    @property
    def history_(self):
        """All curves of the training, a dict from name to a list of one number for each epoch."""
        if not hasattr(self, "_trainer"):
            raise AttributeError(f"This {type(self).__name__} has no history_ yet: call fit first.")
        return self._trainer.history.table()

    @property
    def weights_(self):
        """The weights of the network, a dict from name to read-only array."""
        if not hasattr(self, "_trainer"):
            raise AttributeError(f"This {type(self).__name__} has no weights_ yet: call fit first.")
        return self._trainer.network.named_weights(self._trainer.parameters)

    def _predict_columns(self, sequences, predict, n_columns):
        """Return what ``predict`` yields for every sequence, or for each of its steps, as rows (..., n_columns)."""
        network, parameters = self._trainer.network, self._trainer.parameters
        n_rows = len(sequences.values) if network.every_step else len(sequences)
        result = np.empty((n_rows, n_columns), dtype=parameters.dtype)
        for places, columns in predict(network, parameters, sequences):
            result[places] = columns.T
        if not np.isfinite(result).all():
            row = int(np.flatnonzero(~np.isfinite(result).all(axis=1))[0])
            if network.every_step:
                row = int(np.searchsorted(sequences.starts, row, side="right")) - 1
            raise ValueError(
                f"The network's states for X[{row}] overflow {result.dtype}: its values are too large. Scale X as the "
                "training data were scaled, for example with EachStep(StandardScaler())."
            )
        return result

    def _outputs_of(self, sequences):
        return self._predict_columns(sequences, predict_outputs, self._trainer.network.n_outputs)

    def _states_of(self, sequences):
        return self._predict_columns(sequences, predict_states, self._trainer.network.output.n_inputs)

    def _outputs(self, X):
        check_is_fitted(self)
        return self._outputs_of(self._read(X, reset=False))

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags


class PooledStatesMixin(ClassNamePrefixFeaturesOutMixin, TransformerMixin):
    """The states of a network, pooled over the steps, as features for another model."""

    def transform(self, X):
        """Return the pooled hidden states of each sequence, features for another model.

        Parameters
        ----------
        X : as in ``fit``

        Returns
        -------
        ndarray of shape (n, units)
            Twice the units of the last layer with two directions.
        """
        check_is_fitted(self)
        return self._states_of(self._read(X, reset=False))

    @property
    def _n_features_out(self):
        return self._trainer.network.output.n_inputs
