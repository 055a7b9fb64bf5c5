"""Embedding, recurrent layers in one or two directions, pooling and a dense output."""

from math import prod
from typing import NamedTuple

import numpy as np

from skseq.layers import CELLS, POOLINGS, Dense, Dropout, Embedding, Recurrence


class RecurrentNetwork:
    """From a batch of sequences to one column of outputs each.

    Parameters
    ----------
    n_features : int
        Features of a step; for token ids, the number of tokens.
    n_outputs : int
    hidden_layer_sizes : sequence of int
        Units of each recurrent layer, of each direction.
    cell : {"rnn", "lstm", "gru"}
    activation : {"tanh", "relu"}
        Of the vanilla cell.
    bidirectional : bool
    pooling : {"last", "mean", "max"}
    embedding_dim : int or None
        If given, the batch holds token ids.
    recurrent_init : {"orthogonal", "identity", "glorot"}
    dropout : float
    """

    def __init__(
        self,
        n_features,
        n_outputs,
        hidden_layer_sizes,
        *,
        cell="gru",
        activation="tanh",
        bidirectional=False,
        pooling="last",
        embedding_dim=None,
        recurrent_init="orthogonal",
        dropout=0.0,
    ):
        self.n_features = n_features
        self.n_outputs = n_outputs
        self.hidden_layer_sizes = tuple(hidden_layer_sizes)
        self.pooling = pooling
        self.directions = ("forward", "backward") if bidirectional else ("forward",)
        self.dropout = Dropout(dropout)
        self.embedding = None if embedding_dim is None else Embedding(n_features, embedding_dim)
        width = n_features if embedding_dim is None else embedding_dim
        self.recurrences = []
        for units in self.hidden_layer_sizes:
            self.recurrences.append(
                [Recurrence(CELLS[cell](width, units, activation, recurrent_init)) for _ in self.directions]
            )
            width = units * len(self.directions)
        self.output = Dense(width, n_outputs)

    @property
    def values_per_step(self):
        """The most values that are held for each step of a sequence on the way from layer to layer."""
        between = [units * len(self.directions) for units in self.hidden_layer_sizes[:-1]]
        return max([1 if self.embedding is None else self.embedding.n_outputs, *between])

    @property
    def multiplications(self):
        """Multiplications of a step for one sequence, in the largest product that one call computes."""
        return max(prod(layer.shapes()["kernel"]) for directions in self.recurrences for layer in directions)

    def named_layers(self):
        """Return a dict from name to layer, from input to output."""
        layers = {} if self.embedding is None else {"embedding": self.embedding}
        for k, directions in enumerate(self.recurrences):
            for direction, layer in zip(self.directions, directions):
                layers[self._layer_name(k, direction)] = layer
        layers["output"] = self.output
        return layers

    def _layer_name(self, k, direction):
        return f"layer_{k}.{direction}" if len(self.directions) == 2 else f"layer_{k}"

    def named_weights(self, parameters):
        """Return the weights by their documented names, as views of ``parameters`` that cannot be written."""
        named = {}
        for name, layer in self.named_layers().items():
            own = parameters.of(name)
            if isinstance(layer, Recurrence):
                own = layer.cell.named(own)
            elif isinstance(layer, Dense):
                own = {"weights": own["kernel"].T, "bias": own["bias"]}
            else:
                own = {"weights": own["table"]}
            for key, array in own.items():
                view = array.view()
                view.setflags(write=False)
                named[f"{name}.{key}"] = view
        return named

    def forward(self, parameters, batch, workspace, random_state=None, training=False):
        """Return (pooled states (units, batch), tape for backward); ``random_state`` draws the dropout."""
        ids = batch
        if self.embedding is not None:
            batch = self.embedding.forward(parameters.of("embedding"), batch)
        tape = []
        last = len(self.recurrences) - 1
        for k, directions in enumerate(self.recurrences):
            passes = [
                layer.forward(
                    parameters.of(self._layer_name(k, direction)),
                    batch if direction == "forward" else batch.with_values(batch.reverse(batch.values)),
                    workspace,
                    self._layer_name(k, direction),
                    training,
                )
                for direction, layer in zip(self.directions, directions)
            ]
            units = self.hidden_layer_sizes[k]
            mask = self.dropout.mask(random_state, units * len(passes), batch.size, parameters.dtype)
            if k < last:
                values = self._collect(passes, batch, units, workspace, f"layer_{k}.states")
                if mask is not None:
                    values *= mask
                batch = batch.with_values(values)
                tape.append(_LayerTape(passes, None, mask, None))
            else:
                pools = [self._pool(one_pass, batch, units) for one_pass in passes]
                pooled = np.concatenate([pool.result() for pool in pools])
                if mask is not None:
                    pooled *= mask
                tape.append(_LayerTape(passes, pools, mask, pooled))
        return pooled, (ids, tape)

    def _pool(self, one_pass, batch, units):
        pool = POOLINGS[self.pooling](batch, units, one_pass.dtype)
        for segment, states in one_pass.states():
            pool.add(segment, states)
        return pool

    def _collect(self, passes, batch, units, workspace, name):
        """Return the states of every step and direction, (steps, directions * units, batch)."""
        shape = (batch.steps, units * len(passes), batch.size)
        values = workspace.array(name, shape, passes[0].dtype)
        for direction, one_pass in enumerate(passes):
            rows = values[:, direction * units : (direction + 1) * units]
            for segment, states in one_pass.states():
                rows[segment.start : segment.stop, :, : segment.width] = states
                # The next layer's segments may be wider, and arbitrary values can overflow on their way through it.
                rows[segment.start : segment.stop, :, segment.width :] = 0
            if direction == 1:
                rows[...] = batch.reverse(rows)
        return values

    def outputs(self, parameters, pooled):
        """Return the outputs (n_outputs, batch) of pooled states."""
        return self.output.forward(parameters.of("output"), pooled)

    def backward(self, parameters, gradients, tape, d_outputs):
        """Write the gradient of every weight into ``gradients``, given that of the outputs."""
        ids, layers = tape
        d_pooled = self.output.backward(parameters.of("output"), gradients.of("output"), layers[-1].pooled, d_outputs)
        d_values = None
        for k in range(len(layers) - 1, -1, -1):
            need_input = k > 0 or self.embedding is not None
            d_values = self._backward_layer(k, gradients, layers[k], d_pooled, d_values, need_input)
        if self.embedding is not None:
            self.embedding.backward(gradients.of("embedding"), ids, d_values)

    def _backward_layer(self, k, gradients, layer, d_pooled, d_states, need_input):
        """Backpropagate through layer k, from the gradient of the pooled or of all its states to its inputs'."""
        units, mask = self.hidden_layer_sizes[k], layer.mask
        if layer.pools is not None:
            d_pooled = d_pooled if mask is None else d_pooled * mask
        elif mask is not None:
            d_states *= mask
        d_inputs = None
        for place, one_pass in enumerate(layer.passes):
            rows = slice(place * units, (place + 1) * units)
            batch = one_pass.batch
            if layer.pools is not None:
                steps = layer.pools[place].step_gradients(np.ascontiguousarray(d_pooled[rows]))
            else:
                own = d_states[:, rows] if place == 0 else batch.reverse(d_states[:, rows])
                steps = [(0, own[t][:, :width]) for t, width in enumerate(batch.widths)]
            name = self._layer_name(k, self.directions[place])
            d_own = one_pass.backward(gradients.of(name), steps, need_input)
            if need_input:
                d_inputs = d_own if place == 0 else d_inputs + batch.reverse(d_own)
        return d_inputs


class _LayerTape(NamedTuple):
    passes: list
    pools: list | None
    mask: np.ndarray | None
    pooled: np.ndarray | None
