"""What flows through an exported graph: rows of a table, or the steps of padded sequences."""

from typing import NamedTuple


class Rows(NamedTuple):
    """A table (batch, columns)."""

    values: str
    n_columns: int


class Steps(NamedTuple):
    """Padded sequences.

    Attributes
    ----------
    values : str
        (batch, steps, features) floats, or (batch, steps) token ids.
    lengths : str
        (batch,) int64.
    mask : str
        (batch, steps): whether a step is part of its sequence.
    """

    values: str
    lengths: str
    mask: str


class Answer(NamedTuple):
    """What a model answers.

    Attributes
    ----------
    probabilities : str or None
        (batch, classes), or (batch, steps, classes) for a tagger; None for a regressor.
    codes : str or None
        Indices of the predicted classes, one axis less.
    classes : ndarray or None
    prediction : str or None
        Numbers, for a regressor.
    shape : list
        Of the codes, or of the prediction.
    """

    probabilities: str | None = None
    codes: str | None = None
    classes: object = None
    prediction: str | None = None
    shape: list = ()


def steps_of(graph, values, lengths, tokens):
    """Return Steps of padded values, the padding replaced by zeros: it may be anything, NaN and unknown ids too."""
    positions = graph.add("Range", 0, graph.add("Squeeze", graph.size(values, 1)), 1)
    mask = graph.add("Less", positions, graph.add("Unsqueeze", lengths, [1]))
    return Steps(masked(graph, values, mask, 0 if tokens else 0.0, tokens), lengths, mask)


def masked(graph, values, mask, fill, flat=False):
    """Return values (batch, steps, ...) with ``fill`` at the padding; ``flat`` for values (batch, steps)."""
    return graph.add("Where", mask if flat else graph.add("Unsqueeze", mask, [2]), values, fill)


def as_steps(graph, rows, features_per_step):
    """Return a table (batch, columns) as Steps of equal lengths."""
    n_steps = rows.n_columns // features_per_step
    values = graph.add("Reshape", rows.values, [0, n_steps, features_per_step])
    lengths = graph.add("Expand", n_steps, graph.size(rows.values, 0))
    mask = graph.add(
        "Expand", graph.constant([[True]]), graph.add("Concat", graph.size(rows.values, 0), [n_steps], axis=0)
    )
    return Steps(values, lengths, mask)


def as_rows(graph, steps, n_columns):
    """Return Steps of equal lengths as a table (batch, columns)."""
    return Rows(graph.add("Reshape", steps.values, [0, n_columns]), n_columns)
