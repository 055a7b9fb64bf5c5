"""Transformers before a model, as ONNX graphs."""

import numpy as np
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from skseq.compose import EachStep
from skseq.preprocessing import ForwardFillImputer

from ._flow import Rows, as_rows, as_steps
from ._forward_fill import forward_filled


def transformed(graph, name, transformer, flow):
    """Return a flow as a fitted transformer leaves it.

    Parameters
    ----------
    graph : Graph
    name : str
        Of the step, for messages.
    transformer : fitted transformer
    flow : Rows or Steps

    Raises
    ------
    TypeError
        If the transformer cannot be exported.
    """
    if isinstance(transformer, ForwardFillImputer):
        return _by_step(
            graph, flow, len(transformer.statistics_), lambda steps: forward_filled(graph, transformer, steps)
        )
    if isinstance(transformer, EachStep):
        width = transformer.features_per_step if isinstance(flow, Rows) else transformer.n_features_in_
        inner = transformer.transformer_
        return _by_step(graph, flow, width, lambda steps: _columns(graph, name, inner, steps.values, width))
    if not isinstance(flow, Rows):
        raise TypeError(
            f"The step {name!r} ({type(transformer).__name__}) cannot be exported. Of the transformers of sequences, "
            "EachStep and ForwardFillImputer can. Apply it before the exported model, or leave it out."
        )
    values, n_columns = _columns(graph, name, transformer, flow.values, flow.n_columns)
    return Rows(values, n_columns)


def _by_step(graph, flow, width, transform):
    """Return a flow whose steps of ``width`` features were transformed.

    ``transform`` takes Steps, and returns (values (batch, steps, new width), new width).
    """
    if not isinstance(flow, Rows):
        return flow._replace(values=transform(flow)[0])
    steps = as_steps(graph, flow, width)
    values, new_width = transform(steps)
    return as_rows(graph, steps._replace(values=values), flow.n_columns // width * new_width)


def _columns(graph, name, transformer, values, width):
    """Return (values, width) after a transformer of columns, the last axis of ``values``."""
    for kind, export in _EXPORTS.items():
        if type(transformer) is kind:
            return export(graph, name, transformer, values, width)
    raise TypeError(
        f"The step {name!r} ({type(transformer).__name__}) cannot be exported. Use StandardScaler, MinMaxScaler or "
        "SimpleImputer, or apply it before the exported model."
    )


def _standard_scaler(graph, name, scaler, values, width):
    if scaler.with_mean:
        values = graph.add("Sub", values, scaler.mean_)
    if scaler.with_std:
        values = graph.add("Div", values, scaler.scale_)
    return values, width


def _min_max_scaler(graph, name, scaler, values, width):
    values = graph.add("Add", graph.add("Mul", values, scaler.scale_), scaler.min_)
    if scaler.clip:
        values = graph.add("Clip", values, *(float(bound) for bound in scaler.feature_range))
    return values, width


def _simple_imputer(graph, name, imputer, values, width):
    if not (isinstance(imputer.missing_values, float) and np.isnan(imputer.missing_values)):
        raise TypeError(
            f"The step {name!r} imputes missing_values={imputer.missing_values!r}, which cannot be exported. "
            "Use missing_values=np.nan."
        )
    missing = graph.add("IsNaN", values)
    statistics = np.asarray(imputer.statistics_, dtype=np.float64)
    parts = [graph.add("Where", missing, np.nan_to_num(statistics), values)]
    kept = np.flatnonzero(~np.isnan(statistics))  # columns without any value in fit are dropped
    if len(kept) < width:
        parts[0] = graph.add("Gather", parts[0], kept, axis=-1)
        width = len(kept)
    if imputer.add_indicator:
        features = imputer.indicator_.features_
        parts.append(graph.cast(graph.add("Gather", missing, features, axis=-1), "float"))
        width += len(features)
    return (graph.add("Concat", *parts, axis=-1) if len(parts) > 1 else parts[0]), width


_EXPORTS = {StandardScaler: _standard_scaler, MinMaxScaler: _min_max_scaler, SimpleImputer: _simple_imputer}
