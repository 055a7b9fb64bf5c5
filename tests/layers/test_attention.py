"""Self-attention: against the textbook, sequence by sequence, and its gradients, however it is cut into calls."""

import numpy as np
import pytest
from textbook import LENGTHS, assert_gradient
from transformer_textbook import attention

from skseq.layers import SelfAttention, _attention

from .blocks import one_block, random_weights

WIDTH = 6

#: (bytes of scores, fewest queries, steps kept, safe score): one call, a sequence a call, a few queries a call, nothing
#: kept, and shifted scores.
CUTS = {
    "whole": (400_000, 32, 256, 60.0),
    "sequences": (2 * 2 * 8 * 36, 32, 256, 60.0),
    "queries": (1, 3, 256, 60.0),
    "recomputed": (400_000, 32, 0, 60.0),
    "shifted": (400_000, 32, 256, 0.0),
    "all": (1, 2, 5, 0.0),
}


@pytest.fixture(params=list(CUTS), autouse=True)
def cut(request, monkeypatch):
    names = ("SCORE_BYTES", "FEWEST_QUERIES", "KEPT_STEPS", "SAFE_SCORE")
    for name, value in zip(names, CUTS[request.param]):
        monkeypatch.setattr(_attention, name, value)


class Problem:
    def __init__(self, lengths, n_heads=2, seed=0):
        self.random_state = np.random.RandomState(seed)
        self.layer = SelfAttention(WIDTH, n_heads)
        self.memory = one_block(lengths)
        self.weights, self.gradients = random_weights(self.layer, self.random_state)
        self.inputs = self.random_state.standard_normal((WIDTH, self.memory.block.columns))
        self.factors = self.random_state.standard_normal(self.inputs.shape)

    def forward(self, training=True):
        memory = one_block([run.steps for run in self.memory.block.runs for _ in range(run.first, run.stop)], training)
        outputs, _ = self.layer.forward(self.weights, self.inputs, memory)
        return outputs.copy()

    def loss(self):
        return (self.forward() * self.factors).sum()


@pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))
@pytest.mark.parametrize("n_heads", [1, 2, 6])
def test_outputs_are_those_of_the_textbook(n_heads, lengths):
    problem = Problem(lengths, n_heads)
    named = {f"a.{name}": array for name, array in problem.layer.named(problem.weights).items()}
    for training in (True, False):
        outputs = problem.forward(training)
        for run in problem.memory.block.runs:
            inputs, found = run.of(problem.inputs), run.of(outputs)
            for i in range(run.stop - run.first):
                expected = attention(inputs[:, i].T, named, "a", n_heads)
                np.testing.assert_allclose(found[:, i].T, expected, atol=1e-12)


@pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))
@pytest.mark.parametrize("n_heads", [1, 2, 6])
def test_gradients(n_heads, lengths):
    problem = Problem(lengths, n_heads)
    _, tape = problem.layer.forward(problem.weights, problem.inputs, problem.memory)
    d_outputs = problem.factors.copy()
    d_inputs = problem.layer.backward(problem.weights, problem.gradients, tape, d_outputs, problem.memory)
    np.testing.assert_array_equal(d_outputs, problem.factors)
    assert_gradient(problem.loss, problem.inputs, d_inputs, problem.random_state, rtol=1e-6)
    for name, array in problem.weights.items():
        assert_gradient(problem.loss, array, problem.gradients[name], problem.random_state, rtol=1e-6)


def test_large_scores_do_not_overflow():
    problem = Problem([5, 3])
    problem.inputs *= 1e3
    outputs = problem.forward()
    assert np.isfinite(outputs).all()


def test_scores_that_are_not_numbers_are_seen():
    problem = Problem([5, 3])
    problem.inputs[:, 1] = np.nan
    with np.errstate(invalid="ignore"):
        outputs = problem.forward()
    assert np.isnan(outputs[:, :5]).any()


def test_named_weights_are_in_the_order_of_the_formulas():
    problem = Problem([2])
    named = problem.layer.named(problem.weights)
    shapes = {name: array.shape for name, array in named.items()}
    assert shapes == {
        "input_weights": (WIDTH, 3 * WIDTH),
        "input_bias": (3 * WIDTH,),
        "output_weights": (WIDTH, WIDTH),
        "output_bias": (WIDTH,),
    }
    mask = {name: np.zeros_like(array) for name, array in problem.weights.items()}
    problem.layer.mark_decayed(mask)
    assert {name for name, array in mask.items() if array.all()} == {"input_kernel", "output_kernel"}
