"""Recurrent networks as ONNX graphs."""

import numpy as np

from ._flow import masked

OPERATORS = {"rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}
#: Gates in the order of ONNX, by their places in the order of ``weights_``: ours are (hidden), (output, input, forget,
#: candidate) and (candidate, reset, update); ONNX has (hidden), (input, output, forget, candidate) and (update, reset,
#: candidate).
GATE_ORDER = {"rnn": [0], "lstm": [1, 0, 2, 3], "gru": [2, 1, 0]}


def recurrent_states(graph, network, steps):
    """Return the pooled states (batch, units), or those of every step (batch, steps, units).

    Parameters
    ----------
    graph : Graph
    network : FittedNetwork
    steps : Steps
    """
    settings, weights = network.settings, network.weights
    values = steps.values
    if settings["embedding_dim"] is not None:
        values = graph.add("Gather", weights["embedding.weights"], values)
    values = graph.add("Transpose", values, perm=[1, 0, 2])
    lengths = graph.cast(steps.lengths, "int32")
    directions = ("forward", "backward") if settings["bidirectional"] else ("forward",)
    for k, units in enumerate(settings["hidden_layer_sizes"]):
        names = [f"layer_{k}.{direction}" if len(directions) == 2 else f"layer_{k}" for direction in directions]
        states, last = _layer(graph, settings, weights, names, units, values, lengths)
        by_step = graph.add("Transpose", states, perm=[0, 2, 1, 3])
        values = graph.add("Reshape", by_step, [0, 0, units * len(directions)])
    if settings["pooling"] == "last":
        return graph.add("Reshape", graph.add("Transpose", last, perm=[1, 0, 2]), [-1, units * len(directions)])
    return _pooled(graph, settings["pooling"], graph.add("Transpose", values, perm=[1, 0, 2]), steps)


def _layer(graph, settings, weights, names, units, values, lengths):
    """Add the operator of one layer; return its states (steps, directions, batch, units) and the last ones."""
    cell = settings["cell"]
    matrices = [_matrices(cell, weights, name, units) for name in names]
    attributes = {"hidden_size": units, "direction": "bidirectional" if len(names) == 2 else "forward"}
    if cell == "gru":
        attributes["linear_before_reset"] = 1
    if cell == "rnn":
        attributes["activations"] = [{"tanh": "Tanh", "relu": "Relu"}[settings["activation"]]] * len(names)
    inputs = (np.stack(arrays) for arrays in zip(*matrices))
    states, last, *_ = graph.add(
        OPERATORS[cell], values, *inputs, lengths, n_outputs=3 if cell == "lstm" else 2, **attributes
    )
    return states, last


def _matrices(cell, weights, name, units):
    """Return W (gates * units, inputs), R (gates * units, units) and B (2 * gates * units,) of one direction."""

    def ordered(columns):
        blocks = np.split(columns, len(GATE_ORDER[cell]), axis=-1)
        return np.concatenate([blocks[gate] for gate in GATE_ORDER[cell]], axis=-1)

    recurrent_bias = np.zeros_like(weights[f"{name}.bias"])
    if cell == "gru":
        recurrent_bias[:units] = weights[f"{name}.candidate_recurrent_bias"]
    biases = np.concatenate([ordered(weights[f"{name}.bias"]), ordered(recurrent_bias)])
    return ordered(weights[f"{name}.input_weights"]).T, ordered(weights[f"{name}.recurrent_weights"]).T, biases


def _pooled(graph, pooling, states, steps):
    """Return states (batch, steps, units) pooled over the valid steps; as they are for "none"."""
    if pooling == "none":
        return states
    if pooling == "max":
        return graph.add("ReduceMax", masked(graph, states, steps.mask, -np.inf), [1], keepdims=0)
    return mean_of_steps(graph, states, steps)


def mean_of_steps(graph, states, steps):
    """Return the mean of states (batch, steps, units) over the valid steps."""
    total = graph.add("ReduceSum", masked(graph, states, steps.mask, 0.0), [1], keepdims=0)
    return graph.add("Div", total, graph.add("Unsqueeze", graph.cast(steps.lengths, "float"), [1]))
