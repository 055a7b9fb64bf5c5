"""What the tests of each cell share."""

import numpy as np

from skseq.layers import CELLS, Recurrence, StepBatch, Workspace


def new_cell(kind, n_features, units, how="orthogonal", activation="tanh", seed=0):
    """Return a cell and its initial weights; what is left uninitialised is NaN."""
    cell = CELLS[kind](n_features, units, activation, how)
    weights = {name: np.full(shape, np.nan) for name, shape in cell.shapes().items()}
    cell.initialize(weights, np.random.RandomState(seed))
    return cell, weights


def gate_blocks(cell, array):
    """Return the columns of a named array by gate."""
    return dict(zip(cell.gates, np.split(array, len(cell.gates), axis=-1)))


def states_of(cell, weights, x):
    """Return the states (steps, units) of one sequence x (steps, features)."""
    batch = StepBatch(x[:, :, None].copy(), np.array([len(x)]))
    one_pass = Recurrence(cell).forward(weights, batch, Workspace(), "layer", True)
    return np.concatenate([states[:, :, 0].copy() for _, states in one_pass.states()])


def assert_initial_gates(cell, weights, how):
    """Assert that every gate has recurrent weights of its own as ``how`` says, and input weights within bounds."""
    named = cell.named(weights)
    units, bound = cell.units, np.sqrt(6 / (cell.units + cell.features))
    recurrent = gate_blocks(cell, named["recurrent_weights"])
    for gate, block in recurrent.items():
        assert block.shape == (units, units)
        if how == "identity":
            np.testing.assert_array_equal(block, np.eye(units), err_msg=gate)
        elif how == "orthogonal":
            np.testing.assert_allclose(block @ block.T, np.eye(units), atol=1e-12, err_msg=gate)
        else:
            assert 0 < np.abs(block).max() <= np.sqrt(6 / (2 * units))
    if how != "identity":
        assert len({block.tobytes() for block in recurrent.values()}) == len(recurrent)
    for block in gate_blocks(cell, named["input_weights"]).values():
        assert block.shape == (cell.features, units)
        assert 0.5 * bound < np.abs(block).max() <= bound
