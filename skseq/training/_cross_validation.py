"""Cross-validate the number of epochs: a copy of the network for each fold, trained side by side."""

import copy
from contextlib import ExitStack, closing

import numpy as np

from ._batches import all_places
from ._epoch_choice import EpochChoice
from ._loop import held_out_outputs


def cross_validate(trainer, sequences, targets, weights, folds, *, n_epochs, batch_size, patience):
    """Return the :class:`EpochChoice` by the outputs that copies of a trainer have for rows they were not trained on.

    All copies begin with the weights of ``trainer``, which is not changed. Few rows are held out in each fold, so the
    outputs of all folds are compared and calibrated together.

    Parameters
    ----------
    trainer : Trainer
    sequences, targets, weights
        As in :meth:`Trainer.epochs`.
    folds : list of ndarray
        The rows that each fold holds out.
    n_epochs, batch_size, patience : int
    """
    every = np.arange(len(sequences.lengths))
    places = np.concatenate([all_places(trainer.network, sequences, held) for held in folds])
    choice = EpochChoice(trainer.loss, targets[places], weights[places], patience, trainer.loss.refit_errors)
    copies = [copy.deepcopy(trainer) for _ in folds]
    apart = [sequences.take(held) for held in folds]
    with ExitStack() as stack:
        loops = []
        for own, held in zip(copies, folds):
            own.batch_size = batch_size
            loops.append(own.epochs(sequences, targets, weights, np.setdiff1d(every, held)))
            stack.enter_context(closing(loops[-1]))
        for _ in range(n_epochs):
            for loop in loops:
                next(loop)
            outputs = [held_out_outputs(own, held) for own, held in zip(copies, apart)]
            if choice.update(np.concatenate(outputs, axis=1)):
                break
    return choice
