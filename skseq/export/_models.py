"""Classifiers and regressors as ONNX graphs: from a flow to an answer."""

import numpy as np

from skseq.compose import MinimumCostClassifier

from ._flow import Answer, Rows, as_steps
from ._recurrent import recurrent_states
from ._transformer import dense, transformer_states


def network_answer(graph, estimator, network, flow):
    """Return the Answer of a fitted network.

    Parameters
    ----------
    graph : Graph
    estimator : fitted sequence estimator
    network : FittedNetwork
        What it computes.
    flow : Rows or Steps
    """
    if isinstance(flow, Rows):
        flow = as_steps(graph, flow, network.settings.get("features_per_step", 1))
    states = (transformer_states if "n_heads" in network.settings else recurrent_states)(graph, network, flow)
    kernel = network.weights["output.weights"] * network.slope
    outputs = dense(graph, states, kernel, network.weights["output.bias"] * network.slope + network.offset)
    axes = ["batch", "steps"] if network.every_step else ["batch"]
    if hasattr(estimator, "classes_"):
        return _classified(graph, outputs, estimator.classes_, axes)
    if not network.shape:
        outputs = graph.add("Squeeze", outputs, [len(axes)])
    return Answer(prediction=outputs, shape=[*axes, *network.shape])


def linear_answer(graph, estimator, rows):
    """Return the Answer of a fitted CostSensitiveLogisticRegression."""
    logits = dense(graph, rows.values, estimator.coef_.T, estimator.intercept_)
    if len(estimator.classes_) == 2:
        logits = graph.add("Concat", graph.add("Mul", logits, 0.0), logits, axis=1)
    return _classified(graph, logits, estimator.classes_, ["batch"])


def _classified(graph, logits, classes, axes):
    codes = graph.add("ArgMax", logits, axis=-1, keepdims=0)
    return Answer(graph.add("Softmax", logits, axis=-1), codes, classes, shape=axes)


def wrapped(graph, wrapper, answer):
    """Return the Answer of a MinimumCostClassifier or a ResampledClassifier around a model with this one."""
    probabilities = answer.probabilities
    if isinstance(wrapper, MinimumCostClassifier):
        if wrapper.cost_matrix is None:
            return answer
        scale = np.abs(wrapper.cost_matrix_).max() or 1.0
        costs = graph.add("MatMul", probabilities, wrapper.cost_matrix_ / scale)
        return answer._replace(codes=graph.add("ArgMin", costs, axis=-1, keepdims=0))
    if not wrapper.prior_correction:
        return answer
    ratios = wrapper.prior_ / wrapper.effective_prior_
    shifted = graph.add("Mul", probabilities, ratios / ratios.max())
    probabilities = graph.add("Div", shifted, graph.add("ReduceSum", shifted, [-1], keepdims=1))
    codes = graph.add("ArgMax", probabilities, axis=-1, keepdims=0)
    return answer._replace(probabilities=probabilities, codes=codes)
