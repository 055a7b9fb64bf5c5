"""What the tests of layers that act on blocks share."""

import numpy as np
from textbook import PoisonedWorkspace

from skseq.layers import BlockMemory, StepBatch, plan_blocks


def batch_of(lengths, n_features=1):
    """Return a batch of zeros of these lengths."""
    lengths = np.sort(np.array(lengths, dtype=np.intp))[::-1]
    return StepBatch(np.zeros((lengths[0], n_features, len(lengths))), lengths)


def one_block(lengths, training=True, dtype=np.float64):
    """Return the memory, poisoned with NaN, of one block that holds sequences of these lengths."""
    (block,) = plan_blocks(batch_of(lengths))
    return BlockMemory(PoisonedWorkspace(np.nan), block, dtype, "block", training)


def random_weights(layer, random_state, dtype=np.float64):
    """Return random weights and gradients full of NaN."""
    weights = {name: random_state.standard_normal(shape).astype(dtype) for name, shape in layer.shapes().items()}
    return weights, {name: np.full_like(array, np.nan) for name, array in weights.items()}
