"""Positions: what tells a network that looks at all steps at once which of them comes when."""

import numpy as np

from ._base import Layer

#: Wavelengths of the sinusoids go from 2 pi to this times 2 pi.
LONGEST_WAVE = 10_000.0

#: Standard deviation of learned positions before training, as in BERT (Devlin et al. 2019).
INITIAL_SCALE = 0.02


class SinusoidalPositions:
    """Sine waves of many lengths (Vaswani et al. 2017), for any number of steps; nothing is learned.

    Rows 2 i and 2 i + 1 of column t are sin(t w_i) and cos(t w_i) with w_i = 10000^(-2 i / width).
    """

    def __init__(self, width):
        self.width = width

    def columns(self, steps, dtype, workspace):
        """Return the vectors (width, steps) that are added to the steps of every sequence."""
        return workspace.plan(
            ("positions", self.width, dtype),
            lambda: self._table(steps, dtype),
            serves=lambda table: table.shape[1] >= steps,
        )[:, :steps]

    def _table(self, steps, dtype):
        rates = LONGEST_WAVE ** (-np.arange(0, self.width, 2) / self.width)
        angles = rates[:, None] * np.arange(steps)
        table = np.empty((self.width, steps), dtype=dtype)
        table[::2] = np.sin(angles)
        table[1::2] = np.cos(angles[: self.width // 2])
        return table


class LearnedPositions(Layer):
    """A vector for each step, up to a largest number of steps.

    Parameters: ``table`` (width, steps).
    """

    def __init__(self, width, steps):
        self.width = width
        self.steps = steps

    def shapes(self):
        return {"table": (self.width, self.steps)}

    def initialize(self, weights, random_state):
        weights["table"][...] = INITIAL_SCALE * random_state.standard_normal((self.width, self.steps))

    def mark_decayed(self, mask):
        mask["table"][...] = 1

    def named(self, weights):
        """Return the arrays of ``weights`` by their documented names."""
        return {"weights": weights["table"].T}

    def columns(self, weights, steps):
        """Return the vectors (width, steps) that are added to the steps of every sequence."""
        if steps > self.steps:
            raise ValueError(f"{steps} steps, but there are learned positions for {self.steps}.")
        return weights["table"][:, :steps]

    def backward(self, gradients, d_runs):
        """Write the gradient of the table, given those of the steps (width, sequences, steps) of every run."""
        gradients["table"][...] = 0
        for d_run in d_runs:
            gradients["table"][:, : d_run.shape[2]] += d_run.sum(axis=1)


class ClassToken(Layer):
    """A learned step in front of every sequence, whose last state speaks for all of it (Devlin et al. 2019).

    Parameters: ``vector`` (width,).
    """

    def __init__(self, width):
        self.width = width

    def shapes(self):
        return {"vector": (self.width,)}

    def initialize(self, weights, random_state):
        weights["vector"][...] = INITIAL_SCALE * random_state.standard_normal(self.width)

    def mark_decayed(self, mask):
        mask["vector"][...] = 1

    def named(self, weights):
        """Return the arrays of ``weights`` by their documented names."""
        return {"weights": weights["vector"]}
