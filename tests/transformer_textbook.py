"""The encoder of a Transformer, written for one sequence from named weights alone: rows are steps."""

import numpy as np
from scipy.stats import norm


def gelu(x):
    return x * norm.cdf(x)


def layer_norm(x, weights, prefix):
    """(x - mean) / sqrt(variance + 1e-5) over the units of every step, then gain and bias."""
    mean, variance = x.mean(axis=1, keepdims=True), x.var(axis=1, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-5) * weights[f"{prefix}.gain"] + weights[f"{prefix}.bias"]


def attention(x, weights, prefix, n_heads):
    """Every step looks at every step, a head at a time, a query at a time."""
    queries, keys, values = np.split(
        x @ weights[f"{prefix}.input_weights"] + weights[f"{prefix}.input_bias"], 3, axis=1
    )
    depth = x.shape[1] // n_heads
    heads = []
    for h in range(n_heads):
        q, k, v = (a[:, h * depth : (h + 1) * depth] for a in (queries, keys, values))
        outputs = []
        for q_i in q:
            scores = k @ q_i / np.sqrt(depth)
            p = np.exp(scores - scores.max())
            outputs.append(p / p.sum() @ v)
        heads.append(outputs)
    return np.concatenate(heads, axis=1) @ weights[f"{prefix}.output_weights"] + weights[f"{prefix}.output_bias"]


def feed_forward(x, weights, prefix):
    hidden = gelu(x @ weights[f"{prefix}.hidden_weights"] + weights[f"{prefix}.hidden_bias"])
    return hidden @ weights[f"{prefix}.output_weights"] + weights[f"{prefix}.output_bias"]


def sinusoids(steps, width):
    """PE(t, 2 i) = sin(t / 10000^(2 i / width)), PE(t, 2 i + 1) = cos of the same."""
    table = np.empty((steps, width))
    for t in range(steps):
        for row in range(width):
            angle = t / 10000 ** ((row - row % 2) / width)
            table[t, row] = np.cos(angle) if row % 2 else np.sin(angle)
    return table


def transformer_pooled(x, weights, n_layers, n_heads, pooling="mean"):
    """The pooled state of one sequence ``x`` (steps, features) or (steps,) of token ids."""
    if "embedding.weights" in weights:
        x = np.array([weights["embedding.weights"][token] for token in x])
    if "projection.weights" in weights:
        x = x @ weights["projection.weights"] + weights["projection.bias"]
    if "positions.weights" in weights:
        x = x + weights["positions.weights"][: len(x)]
    else:
        x = x + sinusoids(*x.shape)
    if pooling == "token":
        x = np.concatenate([weights["token.weights"][None], x])
    for k in range(n_layers):
        x = x + attention(layer_norm(x, weights, f"layer_{k}.attention_norm"), weights, f"layer_{k}.attention", n_heads)
        x = x + feed_forward(layer_norm(x, weights, f"layer_{k}.feed_forward_norm"), weights, f"layer_{k}.feed_forward")
    x = layer_norm(x, weights, "norm")
    return x[0] if pooling == "token" else x.mean(axis=0)


def transformer_outputs(x, weights, n_layers, n_heads, pooling="mean"):
    return (
        transformer_pooled(x, weights, n_layers, n_heads, pooling) @ weights["output.weights"] + weights["output.bias"]
    )
