"""Additive attention: by hand, its gradients, masks, and numbers that would overflow."""

import numpy as np
import pytest
from textbook import PoisonedWorkspace, assert_gradient, attend

from skseq.layers import AdditiveAttention, Workspace, _additive_attention

LAYER = AdditiveAttention(3, 4, 5)
LENGTHS = np.array([6, 4, 4, 1])
LOOKS = 3


class Problem:
    """A layer with random weights, a memory, states that look at it, and a loss that weighs contexts at random."""

    def __init__(self, lengths=LENGTHS, dtype=np.float64):
        self.random_state = np.random.RandomState(0)
        draw = self.random_state.standard_normal
        self.lengths = lengths
        self.weights = {name: draw(shape).astype(dtype) for name, shape in LAYER.shapes().items()}
        self.memory = draw((len(lengths), lengths[0], 4)).astype(dtype)
        self.states = draw((LOOKS, 3, len(lengths))).astype(dtype)
        self.factors = draw((LOOKS, len(lengths), 4)).astype(dtype)

    def over(self, workspace=None):
        return LAYER.over(self.weights, self.memory, self.lengths, workspace or Workspace())

    def contexts(self):
        """Return the weights and contexts of every look, each state looking alone."""
        attend = self.over()
        looks = [attend.look(attend.exp_queries(state)[:, None]) for state in self.states]
        return [np.array([look[k][:, 0] for look in looks]) for k in (0, 1)]

    def loss(self):
        return (self.contexts()[1] * self.factors).sum()

    def gradients(self):
        """Return the gradients of the weights, of the memory and of the states."""
        attend = self.over(PoisonedWorkspace(np.nan))
        queries = [attend.exp_queries(state) for state in self.states]
        weights = np.array([attend.look(own[:, None])[0][:, 0] for own in queries])
        attend.begin_backward()
        d_queries = np.array([attend.backward(*look).T for look in zip(queries, weights, self.factors)])
        gradients = {name: np.full_like(array, np.nan) for name, array in self.weights.items()}
        d_memory = attend.end_backward(gradients, self.states, d_queries, weights, self.factors)
        return gradients, d_memory, np.array([self.weights["query"].T @ own for own in d_queries])


def test_weights_and_contexts_are_those_of_the_textbook():
    problem = Problem()
    weights, contexts = problem.contexts()
    for t, i in np.ndindex(LOOKS, len(LENGTHS)):
        length = LENGTHS[i]
        a, c = attend(problem.states[t, :, i], problem.memory[i, :length], LAYER.named(problem.weights))
        np.testing.assert_allclose(weights[t, i, :length], a, atol=1e-14)
        np.testing.assert_allclose(contexts[t, i], c, atol=1e-14)
        assert not weights[t, i, length:].any()


def test_by_hand():
    # One unit, two steps: e = tanh(0.5 + 1), tanh(0.5 - 1).
    layer = AdditiveAttention(1, 1, 1)
    weights = {"query": np.ones((1, 1)), "memory": np.ones((1, 1)), "score": np.ones(1)}
    attend = layer.over(weights, np.array([[[1.0], [-1.0]]]), np.array([2]), Workspace())
    a, c = attend.look(attend.exp_queries(np.array([[0.5]]))[:, None])
    e = np.exp(np.tanh([1.5, -0.5]))
    np.testing.assert_allclose(a[0, 0], e / e.sum(), rtol=1e-14)
    np.testing.assert_allclose(c[0, 0, 0], (e[0] - e[1]) / e.sum(), rtol=1e-14)


@pytest.mark.parametrize("cache", [400_000, 1], ids=["one block", "row by row"])
@pytest.mark.parametrize("lengths", [LENGTHS, np.full(3, 5), np.array([1])], ids=str)
def test_gradients(lengths, cache, monkeypatch):
    monkeypatch.setattr(_additive_attention, "CACHE_BYTES", cache)
    problem = Problem(lengths)
    gradients, d_memory, d_states = problem.gradients()
    for name, array in problem.weights.items():
        assert_gradient(problem.loss, array, gradients[name], problem.random_state)
    assert_gradient(problem.loss, problem.memory, d_memory, problem.random_state)
    assert_gradient(problem.loss, problem.states, d_states, problem.random_state)


def test_several_states_look_at_one_memory():
    problem = Problem()
    attend = problem.over()
    columns = problem.states.transpose(1, 2, 0).reshape(3, -1)  # those of one sequence side by side
    weights, contexts = attend.look(attend.exp_queries(columns).reshape(len(LENGTHS), LOOKS, -1))
    expected = problem.contexts()
    np.testing.assert_allclose(weights.transpose(1, 0, 2), expected[0], atol=1e-14)
    np.testing.assert_allclose(contexts.transpose(1, 0, 2), expected[1], atol=1e-14)


def test_a_pass_goes_on_with_some_rows():
    problem = Problem()
    rows = np.array([3, 1])
    attend = problem.over()
    attend.take(rows)
    _, contexts = attend.look(attend.exp_queries(problem.states[0][:, rows])[:, None])
    np.testing.assert_allclose(contexts[:, 0], problem.contexts()[1][0, rows], atol=1e-14)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_huge_states_saturate(dtype):
    problem = Problem(dtype=dtype)
    problem.weights["query"] *= 1e6
    with np.errstate(all="raise", under="ignore"):
        weights, contexts = problem.contexts()
        gradients, d_memory, _ = problem.gradients()
    assert contexts.dtype == weights.dtype == d_memory.dtype == dtype
    np.testing.assert_allclose(weights.sum(axis=2), 1, rtol=1e-6)
    assert all(np.isfinite(array).all() for array in (d_memory, *gradients.values()))


def test_states_that_are_not_finite_are_not_hidden():
    problem = Problem()
    problem.states[1, 0, 2] = np.nan
    _, contexts = problem.contexts()
    np.testing.assert_array_equal(np.isnan(contexts).any(axis=2), [[0, 0, 0, 0], [0, 0, 1, 0], [0, 0, 0, 0]])


def test_initial_weights_and_decay():
    weights = {name: np.full(shape, np.nan) for name, shape in LAYER.shapes().items()}
    LAYER.initialize(weights, np.random.RandomState(0))
    for array in weights.values():
        assert 0 < np.abs(array).max() <= 1
        assert len(np.unique(array)) == array.size
    mask = {name: np.zeros(shape) for name, shape in LAYER.shapes().items()}
    LAYER.mark_decayed(mask)
    assert all(array.all() for array in mask.values())
