"""Whether the gradients of a training have vanished or exploded."""

import numpy as np

from skseq.layers import VanillaCell
from skseq.networks import RecurrentNetwork

from ._batches import all_places
from ._gradient_flow import gradient_norms

#: A mean norm of the gradient, before clipping, that no healthy training has in most of its later epochs: times
#: ``max_grad_norm`` if that is above one.
EXPLODED = 1e3
#: Epochs before which it is too early to tell: a few large steps at the beginning are no explosion, and a loss that has
#: not moved yet may still do so.
EXPLODED_EPOCHS, STUCK_EPOCHS = 4, 10
#: A training has learnt nothing if its least loss is this part of that of the best constant outputs.
NOTHING = 0.98
#: Part of the largest gradient of a state that is none, and steps back before which it is not time that ended it, but
#: units that are saturated.
VANISHED, FAR = 1e-6, 15
#: Sequences that are looked at.
LOOKED_AT = 32


def diagnose(trainer, sequences, targets, weights, first=0):
    """Return what is wrong with the gradients and what to do, None if nothing is.

    It costs nothing unless the network has learnt nothing, and then a pass over a few sequences.

    Parameters
    ----------
    trainer : Trainer
    sequences, targets, weights
        What it was trained on.
    first : int, default=0
        Epochs of earlier fits.
    """
    records = trainer.history.records[first:]
    return _explosion(trainer, records) or _vanishing(trainer, records, sequences, targets, weights)


def _explosion(trainer, records):
    later = [record.grad_norm for record in records[len(records) // 2 :]]
    limit = trainer.max_grad_norm
    if len(records) < EXPLODED_EPOCHS or not np.median(later) > EXPLODED * max(1.0, limit or 0.0):
        return None
    clipped = (
        "max_grad_norm=None does not clip it. Set max_grad_norm=1.0"
        if limit is None
        else f"clipped to max_grad_norm={limit:g}, only its direction is left. Lower learning_rate_init"
    )
    return (
        f"The gradients explode: their norm was {np.median(later):.1e} in the last {len(later)} of {len(records)} "
        f"epochs; {clipped}, scale the features of X, for example with EachStep(StandardScaler()), and use cell='gru' "
        "or cell='lstm'."
    )


def _vanishing(trainer, records, sequences, targets, weights):
    network = trainer.network
    if len(records) < STUCK_EPOCHS or not isinstance(network, RecurrentNetwork):
        return None
    constant = trainer.loss.constant(targets, weights, network.n_outputs) / len(targets)
    if min(record.loss for record in records) < NOTHING * constant:
        return None
    n = len(sequences.lengths)
    some = np.linspace(0, n - 1, min(n, LOOKED_AT)).astype(np.intp)
    taken = targets[all_places(network, sequences, some)]
    far = int(np.median(sequences.lengths[some])) - 1
    if far < FAR:
        return None
    norms = gradient_norms(network, trainer.parameters, trainer.loss, sequences.take(some), taken)
    largest = max(of_layer.max() for of_layer in norms.values())
    reached = max(of_layer[far] for of_layer in norms.values())
    if not reached < VANISHED * largest and largest > 0:
        return None
    cures = [
        "cell='rnn' with activation='relu' and recurrent_init='identity'",
        "shorter sequences, or features that are scaled, for example by EachStep(StandardScaler())",
    ]
    if not network.every_step:
        cures.insert(0, "pooling='mean'")
    cell = network.recurrences[0][0].cell
    if isinstance(cell, VanillaCell):
        cures.insert(0, f"cell='lstm' or cell='gru' with memory_steps={far + 1}")
    elif cell.memory_steps is None or cell.memory_steps <= far:
        cures.insert(0, f"memory_steps={far + 1}, which lets the gates begin with long memories")
    if trainer.max_grad_norm is None:  # a step too far leaves units where they have no slope
        cures.insert(0, "max_grad_norm=1.0")
    return (
        f"The network has learnt nothing in {len(records)} epochs, and its gradients vanish: {far} steps back, that of "
        f"the hidden state is {reached:.1e}, beside {largest:.1e} where it is largest. Use {', '.join(cures)}. "
        "skseq.inspection.GradientFlowDisplay shows what becomes of the gradients."
    )
