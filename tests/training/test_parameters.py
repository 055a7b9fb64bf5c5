"""One flat vector with named views."""

import copy
import pickle

import joblib
import numpy as np
import pytest

from skseq.networks import RecurrentNetwork
from skseq.training import Parameters

SHAPES = {"a": {"kernel": (2, 3), "bias": (2,)}, "b": {"table": (4, 1)}, "empty": {}}


def views(parameters):
    return [array for layer in parameters.shapes for array in parameters.of(layer).values()]


def assert_views_of_one_vector(parameters):
    """Assert that writing each view writes its own stretch of the vector, in order, and nothing else."""
    assert all(np.shares_memory(view, parameters.flat) for view in views(parameters))
    kept = parameters.flat.copy()
    for k, view in enumerate(views(parameters)):
        view[...] = k
    expected = np.concatenate([np.full(view.size, k) for k, view in enumerate(views(parameters))])
    np.testing.assert_array_equal(parameters.flat, expected)
    parameters.flat[...] = kept


def test_views():
    parameters = Parameters(SHAPES, np.float32)
    assert parameters.flat.shape == (12,)
    assert parameters.flat.dtype == np.float32
    assert parameters.dtype == np.dtype(np.float32)
    assert {name: array.shape for name, array in parameters.of("a").items()} == SHAPES["a"]
    assert parameters.of("empty") == {}
    assert (parameters.flat == 0).all()
    assert_views_of_one_vector(parameters)


def test_a_vector_that_is_given_is_used():
    flat = np.arange(12.0)
    parameters = Parameters(SHAPES, np.float64, flat)
    assert parameters.flat is flat
    np.testing.assert_array_equal(parameters.of("b")["table"][:, 0], [8, 9, 10, 11])


def joblib_round_trip(parameters, tmp_path):
    joblib.dump(parameters, tmp_path / "parameters")
    return joblib.load(tmp_path / "parameters")


@pytest.mark.parametrize("way", ["pickle", "deepcopy", "copy", "joblib"])
def test_copies_keep_their_views(way, tmp_path):
    parameters = Parameters(SHAPES, np.float64, np.arange(12.0))
    copied = {
        "pickle": lambda p: pickle.loads(pickle.dumps(p)),
        "deepcopy": copy.deepcopy,
        "copy": copy.copy,
        "joblib": lambda p: joblib_round_trip(p, tmp_path),
    }[way](parameters)
    np.testing.assert_array_equal(copied.flat, parameters.flat)
    assert copied.shapes == parameters.shapes
    assert np.shares_memory(copied.flat, parameters.flat) == (way == "copy")
    assert_views_of_one_vector(copied)


def test_zeros_like():
    parameters = Parameters(SHAPES, np.float32, np.ones(12, dtype=np.float32))
    zeros = parameters.zeros_like()
    assert zeros.shapes == SHAPES
    assert zeros.dtype == np.float32
    assert (zeros.flat == 0).all()
    assert not np.shares_memory(zeros.flat, parameters.flat)


@pytest.fixture
def network():
    return RecurrentNetwork(5, 3, (4, 2), cell="gru", bidirectional=True, embedding_dim=2)


def test_initial_weights_are_the_same_in_any_dtype(network):
    double = Parameters.initial(network, np.random.RandomState(0), np.float64)
    single = Parameters.initial(network, np.random.RandomState(0), np.float32)
    assert np.isfinite(double.flat).all()
    np.testing.assert_array_equal(single.flat, double.flat.astype(np.float32))


def test_initial_weights_come_from_the_random_state(network):
    draws = [Parameters.initial(network, np.random.RandomState(seed), np.float64).flat for seed in (0, 0, 1)]
    np.testing.assert_array_equal(draws[0], draws[1])
    assert (draws[0] != draws[2]).any()


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_decay_acts_on_everything_but_biases(cell):
    network = RecurrentNetwork(5, 3, (4, 2), cell=cell, bidirectional=True, embedding_dim=2)
    named = network.named_weights(Parameters.decay_mask(network, np.float64))
    for name, mask in named.items():
        assert (mask == (0 if name.endswith("bias") else 1)).all(), name
