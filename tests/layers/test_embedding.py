"""The embedding of token ids."""

import numpy as np
import pytest
from textbook import LENGTHS, assert_gradient

from skseq.layers import Embedding, StepBatch

N_TOKENS, DIM = 6, 3


def problem(lengths):
    random_state = np.random.RandomState(0)
    layer = Embedding(N_TOKENS, DIM)
    weights = {"table": random_state.standard_normal((N_TOKENS, DIM))}
    batch = StepBatch(random_state.randint(0, N_TOKENS - 1, size=(lengths[0], len(lengths))), lengths)
    return layer, weights, batch, random_state


@pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))
def test_vectors(lengths):
    layer, weights, batch, _ = problem(lengths)
    vectors = layer.forward(weights, batch)
    assert vectors.values.shape == (lengths[0], DIM, len(lengths))
    assert vectors.values.flags.c_contiguous
    assert vectors.lengths is batch.lengths
    for step, column in np.ndindex(batch.values.shape):
        np.testing.assert_array_equal(vectors.values[step, :, column], weights["table"][batch.values[step, column]])


@pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))
def test_gradients(lengths):
    layer, weights, batch, random_state = problem(lengths)
    valid = (np.arange(lengths[0])[:, None] < lengths)[:, None]
    factors = random_state.standard_normal((lengths[0], DIM, len(lengths)))
    gradients = {"table": np.full((N_TOKENS, DIM), np.nan)}
    # What stands beyond the end of a sequence is nobody's gradient.
    layer.backward(gradients, batch, np.where(valid, factors, np.nan))
    assert_gradient(
        lambda: np.where(valid, layer.forward(weights, batch).values * factors, 0).sum(),
        weights["table"],
        gradients["table"],
        random_state,
    )
    assert (gradients["table"][N_TOKENS - 1] == 0).all()


def test_initial_weights_and_decay():
    layer = Embedding(500, 20)
    weights = {"table": np.full((500, 20), np.nan)}
    layer.initialize(weights, np.random.RandomState(0))
    assert abs(weights["table"].mean()) < 0.05
    assert abs(weights["table"].std() - 1) < 0.05
    mask = {"table": np.zeros((500, 20))}
    layer.mark_decayed(mask)
    assert (mask["table"] == 1).all()
