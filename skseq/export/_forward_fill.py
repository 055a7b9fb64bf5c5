"""ForwardFillImputer as an ONNX graph."""

import numpy as np


def forward_filled(graph, imputer, steps):
    """Return (values (batch, steps, width), width) as a fitted ForwardFillImputer leaves them."""
    width = len(imputer.statistics_)
    names = imputer.get_feature_names_out()
    blocks = [names[first] for first in range(0, len(names) // _n_steps(imputer), width)]
    missing = graph.add("IsNaN", steps.values)
    filled, elapsed = _last_seen(graph, imputer, steps.values, missing, width)
    if imputer.time_column_ is not None:
        filled = _with_time_differences(graph, filled, imputer.time_column_, width)
    added = [graph.cast(missing, "float") if block.startswith("missingindicator_") else elapsed for block in blocks[1:]]
    parts = [filled, *added]
    values = graph.add("Concat", *parts, axis=2) if len(parts) > 1 else filled
    return values, width * len(parts)


def _n_steps(imputer):
    """Return the number of steps in a row of a table, 1 for sequences."""
    return imputer.n_features_in_ // len(imputer.statistics_)


def _last_seen(graph, imputer, values, missing, width):
    """Return the filled values and the number of steps since each was last seen, both (batch, steps, width)."""
    shape = graph.add("Concat", graph.size(values, 0), [width], axis=0)
    initial = graph.add("Expand", imputer.statistics_, shape)
    none = graph.add("Expand", graph.constant(0.0), shape)
    rows = ["batch", width]

    def step(body, states, slices):
        last, count = states
        value, is_missing = slices
        filled = body.add("Where", is_missing, last, value)
        elapsed = body.add("Where", is_missing, body.add("Add", count, 1.0), 0.0)
        return [filled, elapsed], [body.add("Identity", filled), body.add("Identity", elapsed)]

    return graph.scan(step, [(initial, rows), (none, rows)], [(values, "float", rows), (missing, "bool", rows)], axis=1)


def _with_time_differences(graph, values, column, width):
    """Return values whose column of time stamps became log(1 + time since the step before)."""
    stamps = graph.add("Gather", values, column, axis=2)
    first = graph.add("Slice", stamps, [0], [1], [1])
    before = graph.add("Slice", graph.add("Concat", first, stamps, axis=1), [0], [-1], [1])
    # Time runs backwards at the padding, where nothing is read.
    differences = graph.add("Max", graph.add("Sub", stamps, before), 0.0)
    logs = graph.add("Unsqueeze", graph.add("Log", graph.add("Add", differences, 1.0)), [2])
    return graph.add("Where", np.arange(width) == column, logs, values)
