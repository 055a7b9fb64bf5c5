"""Encoder and decoder: one network reads a sequence, another writes a sequence of another length."""

from math import prod
from typing import NamedTuple

import numpy as np

from skseq.layers import (
    CELLS,
    AdditiveAttention,
    Dense,
    Embedding,
    InitialState,
    Recurrence,
    StepMemory,
    add_products,
    product_chunks,
)

from ._base import Network
from ._decoder_steps import Looks, TargetSteps
from ._recurrent import RecurrentNetwork


class EncoderDecoder(Network):
    """Token ids in, token ids out, with attention (Bahdanau et al. 2015) or without (Sutskever et al. 2014).

    The encoder is a :class:`RecurrentNetwork`. The decoder is one layer of the same cell, as wide as the encoder's
    last.
    Its first state is made of the encoder's last one. At each step it reads the token before and, with attention, what
    its last state looks at among the encoder's states; from its new state and from that come the outputs.

    The ``context`` of a batch holds the tokens before each step of the target, (target steps, batch): 0 for the
    beginning, then the tokens of the target from 1 on, and -1 beyond its end. The outputs are columns, one for each of
    these steps, those of step 0 first; as a target, 0 is the end.

    Parameters
    ----------
    n_source_tokens, n_target_tokens : int
        Token ids of either side; those of the target with 0.
    hidden_layer_sizes : sequence of int
        Units of each layer of the encoder, of each direction.
    embedding_dim : int
        Of the tokens of either side.
    attention : bool
    cell, activation, bidirectional, recurrent_init, dropout
        As in :class:`RecurrentNetwork`; the states of the decoder are dropped on the way to the output.
    """

    every_context_step = True

    def __init__(
        self,
        n_source_tokens,
        n_target_tokens,
        hidden_layer_sizes,
        *,
        embedding_dim,
        attention=True,
        cell="gru",
        activation="tanh",
        bidirectional=False,
        recurrent_init="orthogonal",
        dropout=0.0,
    ):
        self.encoder = RecurrentNetwork(
            n_source_tokens,
            None,
            hidden_layer_sizes,
            cell=cell,
            activation=activation,
            bidirectional=bidirectional,
            pooling="none",
            embedding_dim=embedding_dim,
            embedding_scale=1.0,  # tokens have to be told from each other, which small vectors learn late
            recurrent_init=recurrent_init,
            dropout=dropout,
        )
        self.n_features = n_source_tokens
        self.n_outputs = n_target_tokens
        self.hidden_layer_sizes = self.encoder.hidden_layer_sizes
        self.units = self.hidden_layer_sizes[-1]
        self.n_memory = self.encoder.n_states
        self.dropout = self.encoder.dropout
        self.embedding = Embedding(n_target_tokens, embedding_dim)
        n_context = self.n_memory if attention else 0
        self.recurrence = Recurrence(CELLS[cell](embedding_dim + n_context, self.units, activation, recurrent_init))
        self.initial_state = InitialState(self.n_memory, self.recurrence.cell)
        self.attention = AdditiveAttention(self.units, self.n_memory, self.units) if attention else None
        self.output = Dense(self.units + n_context, n_target_tokens)

    @property
    def values_per_step(self):
        """The most values that are held for each step of a source."""
        attended = self.n_memory + 2 * self.units if self.attention is not None else self.n_memory
        return self.encoder.values_per_step + attended

    @property
    def values_per_context_step(self):
        """The most values that are held for each step of a target."""
        return 2 * (self.recurrence.cell.features + self.units) + self.n_outputs

    @property
    def widest_state(self):
        """The most values that a layer, in one direction, keeps for a sequence at once."""
        return self.encoder.widest_state

    def multiplications(self, steps):
        """Multiplications for one sequence of so many steps, in the largest product of a call, which takes one step."""
        return max(self.encoder.multiplications(steps), prod(self.recurrence.shapes()["kernel"]))

    def named_layers(self):
        """Return a dict from name to layer, from input to output."""
        layers = {f"encoder.{name}": layer for name, layer in self.encoder.named_layers().items()}
        layers["initial"] = self.initial_state
        layers["decoder.embedding"] = self.embedding
        if self.attention is not None:
            layers["attention"] = self.attention
        return {**layers, "decoder": self.recurrence, "output": self.output}

    def encode(self, parameters, batch, workspace, random_state=None, training=False):
        """Return the :class:`Encoding` of the sources of ``batch``."""
        own = _Prefixed(parameters, "encoder")
        states, tape = self.encoder.forward(own, batch, workspace, random_state, training)
        ends = _ends(batch, self.units, len(self.encoder.directions))
        final = np.concatenate([states[rows][:, places] for rows, places in ends])
        initial = self.initial_state.forward(parameters.of("initial"), final)
        attend = None
        if self.attention is not None:
            memory = workspace.array("memory", (batch.size, batch.steps, self.n_memory), parameters.dtype)
            if batch.is_ragged:
                memory.fill(0)
            steps, columns = batch.places
            memory[columns, steps] = states.T
            attend = self.attention.over(parameters.of("attention"), memory, batch.lengths, workspace)
        return Encoding(tape, ends, final, initial, attend)

    def forward(self, parameters, batch, workspace, random_state=None, training=False):
        """Return (states and contexts of every step of the targets (rows, target places), tape for backward).

        Parameters
        ----------
        parameters : Parameters
        batch : StepBatch
            Token ids (steps, batch), with a context.
        workspace : Workspace
        random_state : RandomState, optional
            Draws the dropout.
        training : bool, default=False
        """
        encoding = self.encode(parameters, batch, workspace, random_state, training)
        targets = TargetSteps(batch.context)
        cell = self.recurrence.cell
        memory = workspace.plan(
            ("decoder", training, batch.size),
            lambda: StepMemory(cell, targets.steps, batch.size, training, parameters.dtype, workspace, "decoder"),
            serves=lambda memory: memory.steps >= targets.steps,
        )
        bound = memory.at(batch.size)
        bound.start(0, encoding.initial)
        inputs = bound.inputs(0, targets.steps)
        inputs[:, : self.embedding.n_outputs] = self.embedding.vectors(parameters.of("decoder.embedding"), targets.ids)
        operators = cell.forward_operators(parameters.of("decoder"))
        looks = Looks(encoding.attend, targets.steps, workspace)
        for t in range(targets.steps):
            if encoding.attend is not None:
                inputs[t, self.embedding.n_outputs :] = looks.look(t, bound.hidden[t])
            bound.forward(operators, t, t + 1)
        mask = self.dropout.mask(random_state, self.units, batch.size, parameters.dtype)
        if training:
            for first in range(0, targets.steps, bound.chunk):
                bound.differentiate(first, min(first + bound.chunk, targets.steps))
        states = targets.gather(bound.states(0, targets.steps), inputs[:, self.embedding.n_outputs :])
        if mask is not None:
            mask = mask[:, targets.places[1]]
            states[: self.units] *= mask
        return states, _Tape(batch, encoding, targets, bound, looks, mask, states)

    def outputs(self, parameters, states):
        """Return the outputs (n_outputs, places) of the states that forward returned."""
        return self.output.forward(parameters.of("output"), states)

    def attention_weights(self, tape):
        """Return the weights of the attention (target steps, batch, source steps) of a forward pass."""
        return tape.looks.weights

    def backward(self, parameters, gradients, tape, d_outputs):
        """Write the gradient of every weight into ``gradients``, given that of the outputs."""
        d_states = self.output.backward(parameters.of("output"), gradients.of("output"), tape.states, d_outputs)
        if tape.mask is not None:
            d_states[: self.units] *= tape.mask
        d_memory, d_initial = self._backward_decoder(parameters, gradients, tape, d_states)
        encoding = tape.encoding
        d_final = self.initial_state.backward(
            parameters.of("initial"), gradients.of("initial"), encoding.final, encoding.initial, d_initial
        )
        steps, columns = tape.batch.places
        if d_memory is None:
            d_read = np.zeros((self.n_memory, len(steps)), dtype=parameters.dtype)
        else:
            d_read = np.ascontiguousarray(d_memory[columns, steps].T)
        for (rows, places), d_rows in zip(encoding.ends, np.split(d_final, len(encoding.ends))):
            d_read[rows, places] += d_rows
        self.encoder.backward_states(
            _Prefixed(parameters, "encoder"), _Prefixed(gradients, "encoder"), encoding.tape, d_read
        )

    def _backward_decoder(self, parameters, gradients, tape, d_states):
        """Backpropagate through the decoder; return the gradients of the memory (or None) and of the first state."""
        bound, targets, looks, attend = tape.bound, tape.targets, tape.looks, tape.encoding.attend
        cell, weights, m = self.recurrence.cell, parameters.of("decoder"), self.embedding.n_outputs
        d_hidden, d_contexts = targets.scatter(d_states, self.units)
        step_gradients = [(0, gradient) for gradient in d_hidden]
        operator = cell.backward_operator(weights)
        d_vectors = np.empty((targets.steps, m, tape.batch.size), dtype=parameters.dtype)
        if attend is not None:
            looks.begin_backward()
        carried = None
        for t in range(targets.steps - 1, -1, -1):
            carried = bound.backward(operator, step_gradients, carried, t, t + 1)
            (d_inputs,) = cell.input_gradients(weights, bound.slots[t : t + 1])
            d_vectors[t] = d_inputs[:m]
            if attend is not None:
                d_contexts[t] += d_inputs[m:]
                d_query = looks.backward(t, d_contexts[t])
                carried[0][...] += parameters.of("attention")["query"].T.dot(d_query)
        sums = [np.zeros(shape, dtype=parameters.dtype) for shape in cell.gradient_shapes()]
        for some in product_chunks(targets.steps, tape.batch.size):
            for total, factors in zip(sums, bound.gradient_factors(some.start, some.stop)):
                add_products(total, *factors, bound.workspace)
        cell.write_gradients(gradients.of("decoder"), sums)
        self.embedding.backward_valid(gradients.of("decoder.embedding"), targets.ids, targets.valid, d_vectors)
        d_memory = None
        if attend is not None:
            d_memory = looks.end_backward(gradients.of("attention"), bound.hidden[: targets.steps])
        return d_memory, carried


def _ends(batch, units, n_directions):
    """Return the rows and the places of the last state of each direction: a list of (slice, array (batch,))."""
    firsts = np.array([first for first, _ in batch.place_bounds])
    columns = np.arange(batch.size)
    places = [firsts[batch.lengths - 1] + columns, columns]  # the second direction ends at the first step
    return [(slice(k * units, (k + 1) * units), places[k]) for k in range(n_directions)]


class _Prefixed:
    """The part of some parameters whose layers' names begin with a prefix."""

    def __init__(self, parameters, prefix):
        self._parameters = parameters
        self._prefix = prefix
        self.dtype = parameters.dtype

    def of(self, layer):
        """Return the dict of arrays of one layer."""
        return self._parameters.of(f"{self._prefix}.{layer}")


class Encoding(NamedTuple):
    """What the encoder read: its tape, the places of its last states, they, the decoder's first state, the memory."""

    tape: object
    ends: list
    final: np.ndarray
    initial: tuple
    attend: object


class _Tape(NamedTuple):
    batch: object
    encoding: Encoding
    targets: TargetSteps
    bound: object
    looks: Looks
    mask: np.ndarray | None
    states: np.ndarray
