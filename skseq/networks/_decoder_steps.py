"""What a decoder keeps of each of its steps: the tokens of targets of any lengths, and what it looked at."""

from functools import cached_property

import numpy as np


class TargetSteps:
    """The steps of the targets of a batch, which come in any order of lengths.

    Parameters
    ----------
    context : ndarray of shape (longest of all, batch)
        Ids of the tokens before each step, -1 beyond the end.
    """

    def __init__(self, context):
        valid = context >= 0
        self.steps = int(valid.sum(axis=0).max())
        self.valid = valid[: self.steps]
        self.ids = np.maximum(context[: self.steps], 0)

    @cached_property
    def places(self):
        """Step and column of each valid step, those of step 0 first."""
        return np.nonzero(self.valid)

    @cached_property
    def columns(self):
        """For each step (first, stop) of its places and its columns."""
        steps, columns = self.places
        stops = np.cumsum(np.bincount(steps, minlength=self.steps)).tolist()
        return [(first, stop, columns[first:stop]) for first, stop in zip([0, *stops], stops)]

    def gather(self, *parts):
        """Return the columns of the places: (rows of all parts, places) of parts (steps, rows, batch)."""
        ends = np.cumsum([part.shape[1] for part in parts]).tolist()
        gathered = np.empty((ends[-1], self.columns[-1][1]), dtype=parts[0].dtype)
        for part, begin, end in zip(parts, [0, *ends], ends):
            for step, (first, stop, columns) in zip(part, self.columns):
                gathered[begin:end, first:stop] = step[:, columns]
        return gathered

    def scatter(self, gathered, split):
        """Return two arrays (steps, rows, batch) of ``gathered``, its rows before ``split`` and after; else zero."""
        parts = []
        for rows in (gathered[:split], gathered[split:]):
            part = np.zeros((self.steps, len(rows), self.valid.shape[1]), dtype=gathered.dtype)
            for step, (first, stop, columns) in zip(part, self.columns):
                step[:, columns] = rows[:, first:stop]
            parts.append(part)
        return parts


class Looks:
    """What each step of a decoder looks at, kept for the way back.

    Parameters
    ----------
    attend : AttentionPass or None
        None for a decoder without attention: there is nothing to look at.
    steps : int
    workspace : Workspace

    Attributes
    ----------
    weights : ndarray of shape (steps, batch, source steps)
        Of the attention; memory that is used again.
    """

    def __init__(self, attend, steps, workspace):
        self.attend = attend
        if attend is None:
            return
        batch, length, n_memory = attend.memory.shape
        dtype, units = attend.memory.dtype, attend.layer.units
        self.weights = workspace.array("looks.weights", (steps, batch, length), dtype)
        self.exp_queries = workspace.array("looks.queries", (steps, batch, units), dtype)
        self._sizes = {"d_queries": (steps, units, batch), "d_contexts": (steps, batch, n_memory)}
        self._workspace = workspace

    def look(self, t, hidden):
        """Return the context (n_memory, batch) of step t, which follows the state ``hidden`` (units, batch)."""
        self.exp_queries[t] = self.attend.exp_queries(hidden)
        weights, contexts = self.attend.look(self.exp_queries[t][:, None])
        self.weights[t] = weights[:, 0]
        return contexts[:, 0].T

    def begin_backward(self):
        """Make place for the gradients."""
        dtype = self.weights.dtype
        self.d_queries, self.d_contexts = (
            self._workspace.array(f"looks.{name}", shape, dtype) for name, shape in self._sizes.items()
        )
        self.attend.begin_backward()

    def backward(self, t, d_context):
        """Return the gradient (units, batch) of the query of step t, given that of its context (n_memory, batch)."""
        self.d_contexts[t] = d_context.T
        self.d_queries[t] = self.attend.backward(self.exp_queries[t], self.weights[t], self.d_contexts[t]).T
        return self.d_queries[t]

    def end_backward(self, gradients, hidden):
        """Write the gradients of the weights; return that of the memory."""
        return self.attend.end_backward(gradients, hidden, self.d_queries, self.weights, self.d_contexts)
