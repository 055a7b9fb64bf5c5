"""The encoder of a Transformer as an ONNX graph."""

import numpy as np

from skseq.layers import LAYER_NORM_EPSILON, LONGEST_WAVE

from ._flow import Steps
from ._recurrent import mean_of_steps


def transformer_states(graph, network, steps):
    """Return the pooled states (batch, width).

    Parameters
    ----------
    graph : Graph
    network : FittedNetwork
    steps : Steps
    """
    settings, weights = network.settings, network.weights
    states = _inputs(graph, settings, weights, steps)
    if settings["pooling"] == "token":
        states, steps = _with_token(graph, weights, states, steps)
    # Added to the scores of keys that are padding: far below any score, and finite.
    bias = graph.add("Where", graph.add("Unsqueeze", steps.mask, [1, 2]), 0.0, -1e30)
    for k in range(settings["n_layers"]):
        normalized = _norm(graph, weights, f"layer_{k}.attention_norm", states)
        states = graph.add(
            "Add", states, _attention(graph, settings, weights, f"layer_{k}.attention", normalized, bias)
        )
        normalized = _norm(graph, weights, f"layer_{k}.feed_forward_norm", states)
        states = graph.add("Add", states, _feed_forward(graph, weights, f"layer_{k}.feed_forward", normalized))
    states = _norm(graph, weights, "norm", states)
    if settings["pooling"] == "token":
        return graph.add("Gather", states, 0, axis=1)
    return mean_of_steps(graph, states, steps)


def dense(graph, values, kernel, bias):
    """Return ``values @ kernel + bias``."""
    return graph.add("Add", graph.add("MatMul", values, kernel), bias)


def _inputs(graph, settings, weights, steps):
    """Return the embedded or projected steps with their positions, (batch, steps, width)."""
    values = steps.values
    if settings["embedding_dim"] is not None:
        values = graph.add("Gather", weights["embedding.weights"], values)
    if "projection.weights" in weights:
        values = dense(graph, values, weights["projection.weights"], weights["projection.bias"])
    positions = graph.add("Range", 0, graph.add("Squeeze", graph.size(steps.values, 1)), 1)
    if settings["positions"] == "learned":
        # Steps of padding may lie beyond the last learned position.
        last = np.int64(len(weights["positions.weights"]) - 1)
        table = graph.add("Gather", weights["positions.weights"], graph.add("Min", positions, last))
    else:
        table = _sinusoids(graph, settings["width"], graph.cast(positions, "float"))
    return graph.add("Add", values, table)


def _sinusoids(graph, width, positions):
    """Return the sinusoidal positions (steps, width)."""
    rates = LONGEST_WAVE ** (-np.arange(0, width, 2) / width)
    angles = graph.add("Mul", graph.add("Unsqueeze", positions, [1]), rates)
    waves = [graph.add("Unsqueeze", graph.add(operator, angles), [2]) for operator in ("Sin", "Cos")]
    pairs = graph.add("Reshape", graph.add("Concat", *waves, axis=2), [0, 2 * len(rates)])
    return graph.add("Slice", pairs, [0], [width], [1])


def _with_token(graph, weights, states, steps):
    """Return the states with the class token in front, and Steps that count it."""
    batch = graph.size(states, 0)
    shape = graph.add("Concat", batch, [1], [len(weights["token.weights"])], axis=0)
    token = graph.add("Expand", weights["token.weights"], shape)
    seen = graph.add("Expand", graph.constant([[True]]), graph.add("Concat", batch, [1], axis=0))
    mask = graph.add("Concat", seen, steps.mask, axis=1)
    states = graph.add("Concat", token, states, axis=1)
    return states, Steps(states, graph.add("Add", steps.lengths, 1), mask)


def _norm(graph, weights, name, states):
    gain, bias = weights[f"{name}.gain"], weights[f"{name}.bias"]
    return graph.add("LayerNormalization", states, gain, bias, axis=-1, epsilon=LAYER_NORM_EPSILON)


def _attention(graph, settings, weights, name, states, bias):
    """Return what self-attention adds to the states."""
    width, n_heads = settings["width"], settings["n_heads"]
    projected = dense(graph, states, weights[f"{name}.input_weights"], weights[f"{name}.input_bias"])
    # (batch, steps, queries or keys or values, heads, depth)
    split = graph.add("Reshape", projected, [0, 0, 3, n_heads, width // n_heads])
    queries, keys, values = (
        graph.add("Transpose", graph.add("Gather", split, part, axis=2), perm=perm)
        for part, perm in enumerate(([0, 2, 1, 3], [0, 2, 3, 1], [0, 2, 1, 3]))
    )
    scores = graph.add("Mul", graph.add("MatMul", queries, keys), float((width // n_heads) ** -0.5))
    shares = graph.add("Softmax", graph.add("Add", scores, bias), axis=-1)
    attended = graph.add("Transpose", graph.add("MatMul", shares, values), perm=[0, 2, 1, 3])
    attended = graph.add("Reshape", attended, [0, 0, width])
    return dense(graph, attended, weights[f"{name}.output_weights"], weights[f"{name}.output_bias"])


def _feed_forward(graph, weights, name, states):
    """Return what the feed-forward layer adds to the states: GELU between two dense layers."""
    hidden = dense(graph, states, weights[f"{name}.hidden_weights"], weights[f"{name}.hidden_bias"])
    distribution = graph.add("Add", graph.add("Erf", graph.add("Mul", hidden, 0.5**0.5)), 1.0)
    active = graph.add("Mul", graph.add("Mul", hidden, distribution), 0.5)
    return dense(graph, active, weights[f"{name}.output_weights"], weights[f"{name}.output_bias"])
