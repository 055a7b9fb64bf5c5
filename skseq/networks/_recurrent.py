"""Embedding, recurrent layers in one or two directions, pooling or none, and a dense output."""

from copy import copy
from functools import partial
from math import prod
from typing import NamedTuple

import numpy as np

from skseq.layers import CELLS, POOLINGS, Dense, Dropout, Embedding, EveryStep, InitialState, Recurrence, StepBatch

from ._base import Network


class RecurrentNetwork(Network):
    """From a batch of sequences to one column of outputs each, or with ``pooling="none"`` one for each step.

    Parameters
    ----------
    n_features : int
        Features of a step; for token ids, the number of tokens.
    n_outputs : int or None
        None for a network whose states are read by another one: it ends with :meth:`forward`.
    hidden_layer_sizes : sequence of int
        Units of each recurrent layer, of each direction.
    cell : {"rnn", "lstm", "gru"}
    activation : {"tanh", "relu"}
        Of the vanilla cell.
    bidirectional : bool
    pooling : {"last", "mean", "max", "none"}
    embedding_dim : int or None
        If given, the batch holds token ids.
    embedding_scale : float, default=0.1
        Deviation of the initial token vectors. Large random vectors let a network tell training sequences apart by
        chance before it has learnt what their tokens have in common.
    recurrent_init : {"orthogonal", "identity", "glorot"}
    memory_steps : int or None
        If given, the gates begin with biases that keep states for up to so many steps.
    dropout : float
    n_context : int, default=0
        If not 0, the length of a vector that comes with each sequence and sets the first state of every layer, which
        then has one direction.
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
        embedding_scale=0.1,
        recurrent_init="orthogonal",
        memory_steps=None,
        dropout=0.0,
        n_context=0,
    ):
        self.n_features = n_features
        self.n_outputs = n_outputs
        self.hidden_layer_sizes = tuple(hidden_layer_sizes)
        self.pooling = pooling
        self.directions = ("forward", "backward") if bidirectional else ("forward",)
        self.dropout = Dropout(dropout)
        self.embedding = None if embedding_dim is None else Embedding(n_features, embedding_dim, embedding_scale)
        width = n_features if embedding_dim is None else embedding_dim
        self.recurrences = []
        for units in self.hidden_layer_sizes:
            self.recurrences.append(
                [
                    Recurrence(CELLS[cell](width, units, activation, recurrent_init, memory_steps))
                    for _ in self.directions
                ]
            )
            width = units * len(self.directions)
        self.initial_states = []
        if n_context:
            self.initial_states = [InitialState(n_context, layer.cell) for (layer,) in self.recurrences]
        self.n_states = width
        self.output = None if n_outputs is None else Dense(width, n_outputs)

    @property
    def every_step(self):
        """Whether every step has outputs, in the order of :attr:`StepBatch.places`."""
        return self.pooling == "none"

    @property
    def values_per_step(self):
        """The most values that are held for each step of a sequence on the way from layer to layer."""
        kept = self.hidden_layer_sizes if self.every_step else self.hidden_layer_sizes[:-1]
        between = [units * len(self.directions) for units in kept]
        return max([1 if self.embedding is None else self.embedding.n_outputs, *between])

    @property
    def widest_state(self):
        """The most values that a layer, in one direction, keeps for a sequence at once."""
        return max(self.hidden_layer_sizes)

    def multiplications(self, steps):
        """Multiplications for one sequence of so many steps, in the largest product of a call, which takes one step."""
        return max(prod(layer.shapes()["kernel"]) for directions in self.recurrences for layer in directions)

    def without_embedding(self):
        """Return the network that reads the vectors of token ids, with the same weights; itself if it reads no ids."""
        if self.embedding is None:
            return self
        network = copy(self)
        network.n_features, network.embedding = self.embedding.n_outputs, None
        return network

    def named_layers(self):
        """Return a dict from name to layer, from input to output."""
        layers = {} if self.embedding is None else {"embedding": self.embedding}
        layers |= {f"initial_{k}": layer for k, layer in enumerate(self.initial_states)}
        for k, directions in enumerate(self.recurrences):
            for direction, layer in zip(self.directions, directions):
                layers[self._layer_name(k, direction)] = layer
        if self.output is not None:
            layers["output"] = self.output
        return layers

    def _layer_name(self, k, direction):
        return f"layer_{k}.{direction}" if len(self.directions) == 2 else f"layer_{k}"

    def forward(self, parameters, batch, workspace, random_state=None, training=False, carried=None):
        """Return (pooled states (units, batch), tape for backward).

        Parameters
        ----------
        parameters : Parameters
        batch : StepBatch
        workspace : Workspace
        random_state : RandomState, optional
            Draws the dropout.
        training : bool, default=False
        carried : list of tuples of arrays, optional
            The state of each layer that the first step follows, what :meth:`carry` returned for the steps before.
        """
        inputs = batch
        starts = self._begin(parameters, batch.context) if carried is None else carried
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
                    starts[k],
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
                pooled = np.concatenate(
                    [self._in_order(pool.result(), batch, place) for place, pool in enumerate(pools)]
                )
                if mask is not None:
                    mask = mask[:, batch.places[1]] if self.every_step else mask
                    pooled *= mask
                tape.append(_LayerTape(passes, pools, mask, pooled))
        return pooled, _Tape(inputs, tape, carried)

    def _begin(self, parameters, context):
        """Return the first state of each layer, None where it is zero."""
        if not self.initial_states:
            return [None] * len(self.recurrences)
        return [layer.forward(parameters.of(f"initial_{k}"), context) for k, layer in enumerate(self.initial_states)]

    def carry(self, tape):
        """Return the state of each layer after the last step, for the sequences that have it; copied."""
        return [tuple(state.copy() for state in layer.passes[0].final) for layer in tape.layers]

    def _in_order(self, columns, batch, place):
        """Return what the direction ``place`` has for every step in the order of the sequences, and the other way."""
        return columns[:, batch.reversed_places] if self.every_step and place == 1 else columns

    def _pool(self, one_pass, batch, units):
        pool = (EveryStep if self.every_step else POOLINGS[self.pooling])(batch, units, one_pass.dtype)
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

    def backward(self, parameters, gradients, tape, d_outputs, *, need_input=False, watch=None):
        """Write the gradient of every weight into ``gradients``, given that of the outputs.

        Parameters
        ----------
        parameters, gradients : Parameters
        tape : what :meth:`forward` returned
        d_outputs : ndarray of shape (n_outputs, columns)
        need_input : bool, default=False
        watch : callable, optional
            Called with the name of a layer, and what :meth:`RecurrentPass.backward` calls its own with.

        Returns
        -------
        ndarray of shape (steps, features, batch), or None
            The gradient of the inputs, or of the vectors of token ids, if ``need_input``.
        """
        pooled = tape.layers[-1].pooled
        d_pooled = self.output.backward(parameters.of("output"), gradients.of("output"), pooled, d_outputs)
        return self.backward_states(parameters, gradients, tape, d_pooled, need_input=need_input, watch=watch)

    def backward_states(self, parameters, gradients, tape, d_pooled, *, need_input=False, watch=None):
        """Write the gradient of every weight before the output, given that of the states that forward returned."""
        layers = tape.layers
        d_values = None
        for k in range(len(layers) - 1, -1, -1):
            needed = k > 0 or self.embedding is not None or need_input
            d_values = self._backward_layer(k, gradients, layers[k], d_pooled, d_values, needed, watch)
            if self.initial_states:
                self._backward_initial(k, parameters, gradients, tape)
        if self.embedding is not None:
            self.embedding.backward(gradients.of("embedding"), tape.inputs, d_values)
        return d_values if need_input else None

    def _backward_initial(self, k, parameters, gradients, tape):
        """Backpropagate from the first state of layer k to the weights that made it of the context.

        At once, since the gradient of the state stands in memory that the next layer uses again.
        """
        name, one_pass = f"initial_{k}", tape.layers[k].passes[0]
        if tape.carried is not None:  # it was not made of the context
            for array in gradients.of(name).values():
                array[...] = 0
            return
        self.initial_states[k].backward(
            parameters.of(name), gradients.of(name), tape.inputs.context, one_pass.initial, one_pass.d_initial
        )

    def _backward_layer(self, k, gradients, layer, d_pooled, d_states, need_input, watch):
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
                d_own = self._in_order(d_pooled[rows], batch, place)
                steps = layer.pools[place].step_gradients(np.ascontiguousarray(d_own))
            else:
                own = d_states[:, rows] if place == 0 else batch.reverse(d_states[:, rows])
                steps = [(0, own[t][:, :width]) for t, width in enumerate(batch.widths)]
            name = self._layer_name(k, self.directions[place])
            d_own = one_pass.backward(gradients.of(name), steps, need_input, watch and partial(watch, name))
            if need_input:
                d_inputs = d_own if place == 0 else d_inputs + batch.reverse(d_own)
        return d_inputs


class _Tape(NamedTuple):
    inputs: StepBatch
    layers: list
    carried: list | None


class _LayerTape(NamedTuple):
    passes: list
    pools: list | None
    mask: np.ndarray | None
    pooled: np.ndarray | None
