"""The LSTM cell of Hochreiter & Schmidhuber (1997) with the forget gate of Gers et al. (2000).

o, i, f = sigmoid(W^T [h; 1; x])      g = tanh(W^T [h; 1; x])
c_t = f c_{t-1} + i g                 h_t = o tanh(c_t)
"""

from functools import cached_property

import numpy as np

from ._cell import BoundSteps, Cell, StepViews


class LSTMCell(Cell):
    """Parameters: ``kernel`` (4 units, units + 1 + features), rows in the order of ``gates``.

    The slots of a step are [tanh(c_t), o, i, f, g, c_{t-1}]: (i, f) and (g, c) are neighbours, so that one
    product gives i g and f c, and the four gates are one block.
    """

    gates = ("output", "input", "forget", "candidate")
    slots = 6
    n_states = 2  # hidden and cell state

    def initialize(self, weights, random_state):
        super().initialize(weights, random_state)
        # A forget gate that begins open lets gradients reach far back (Jozefowicz et al. 2015).
        u = self.units
        bias = weights["kernel"][:, u]
        bias[2 * u : 3 * u] = 1
        if self.memory_steps is not None:  # what a unit keeps for long, it takes in slowly
            bias[2 * u : 3 * u] = self.remembering_bias()
            bias[u : 2 * u] = -bias[2 * u : 3 * u]

    def forward_operators(self, weights):
        # sigmoid(x) = (1 + tanh(x / 2)) / 2: with the half folded in, one tanh serves all four gates.
        operator = weights["kernel"].copy()
        operator[: 3 * self.units] *= 0.5
        return operator

    def bind(self, record, slots, workspace):
        return _LSTMSteps(self, record, slots, workspace)

    def input_gradients(self, weights, slots):
        u = self.units
        return np.matmul(weights["kernel"][:, u + 1 :].T, slots[:, u : 5 * u])


class _LSTMSteps(BoundSteps):
    def __init__(self, cell, record, slots, workspace):
        super().__init__(cell, record, slots, workspace)
        u = self.units
        pair = workspace.array("lstm.pair", (2 * u, self.width), record.dtype)
        self.pair = (pair, pair[:u], pair[u:])
        self.columns = StepViews(record, self.hidden[1:])
        self.views = self.views_of_slots(
            self.forward_product.view(slots[:, u : 5 * u]),
            slots[:, u : 5 * u],  # all four gates
            slots[:, u : 4 * u],  # o, i, f
            slots[:, 2 * u : 4 * u],  # i, f
            slots[:, 4 * u :],  # g, c_{t-1}
            slots[1:, 5 * u :],  # c_t
            slots[:, :u],  # tanh(c_t)
            slots[:, u : 2 * u],  # o
        )
        self.half = self.constant(0.5)
        self.one = self.constant(1)

    @cached_property
    def rest(self):
        return self.scratch("lstm.rest", 3 * self.units)

    @cached_property
    def square(self):
        return self.scratch("lstm.square", 2 * self.units)

    @cached_property
    def backward_views(self):
        u = self.units
        blocks = self.slots.reshape(len(self.slots), 6, u, self.width)
        return self.views_of_slots(
            blocks[:, :2],  # the factors of dh: to dc, and of o
            blocks[:, 0],
            blocks[:, 2:],  # those of dc: of i, f and g, and to dc_{t-1}
            self.slots[:, u : 5 * u],
            blocks[:, 5],
        )

    def start(self, first, carried):
        super().start(first, carried)
        self.slots[first, 5 * self.units :] = 0 if carried is None else carried[1][:, : self.width]

    def carry(self, stop):
        return self.hidden[stop], self.slots[stop, 5 * self.units :]

    def forward(self, operator, first, stop):
        product = self.forward_product.by(operator)
        tanh, multiply, add, half = np.tanh, np.multiply, np.add, self.half
        pair, pair_i, pair_f = self.pair
        steps = zip(self.columns.between(first, stop), self.views.between(first, stop))
        for (column, hidden), (out, gates, sigmoids, i_f, g_c, cell, tanh_cell, o) in steps:
            product(column, out)
            tanh(gates, gates)
            multiply(sigmoids, half, sigmoids)
            add(sigmoids, half, sigmoids)
            multiply(i_f, g_c, pair)
            add(pair_i, pair_f, cell)
            tanh(cell, tanh_cell)
            multiply(o, tanh_cell, hidden)

    def differentiate(self, first, stop):
        """Overwrite the slots [tanh c, o, i, f, g, c'] with the factors of dh and dc.

        dc += dh o (1 - tanh^2 c); the gates' pre-activations take dh (tanh c) o (1 - o), and of dc: g i (1 - i),
        c' f (1 - f), i (1 - g^2); c' takes dc f.
        """
        u, count = self.units, stop - first
        slots, rest, square = self.slots[first:stop], self.rest[:count], self.square[:count]
        blocks = slots.reshape(count, 6, u, self.width)
        tanhs, factors = blocks[:, ::4], blocks[:, 1:3]  # tanh c and g; o and i
        square = square.reshape(tanhs.shape)
        np.subtract(self.one, slots[:, u : 4 * u], out=rest)  # 1 - o, 1 - i, 1 - f
        np.multiply(rest[:, :u], slots[:, :u], out=rest[:, :u])  # tanh c (1 - o)
        np.multiply(rest[:, u:], slots[:, 4 * u :], out=rest[:, u:])  # g (1 - i), c' (1 - f)
        np.multiply(tanhs, tanhs, out=square)
        np.subtract(self.one, square, out=square)
        np.multiply(square, factors, out=tanhs)
        slots[:, 5 * u :] = slots[:, 3 * u : 4 * u]
        np.multiply(rest, slots[:, u : 4 * u], out=slots[:, u : 4 * u])

    def backward(self, operator, step_gradients, carried, first, stop):
        d_hidden, d_cell = self.widened(carried)
        product, out = self.backward_product.by(operator), self.backward_product.view(d_hidden)
        multiply, add = np.multiply, np.add
        views = self.backward_views.between(first, stop)
        for t in range(stop - 1, first - 1, -1):
            if step_gradients[t] is not None:
                column, gradient = step_gradients[t]
                d_hidden[:, column : column + gradient.shape[1]] += gradient
            of_hidden, to_cell, of_cell, gates, previous = views[t - first]
            multiply(of_hidden, d_hidden, of_hidden)
            add(to_cell, d_cell, d_cell)
            multiply(of_cell, d_cell, of_cell)
            product(gates, out)
            d_cell = previous
        return d_hidden, d_cell

    def gradient_factors(self, first, stop):
        return [(self.slots[first:stop, self.units : 5 * self.units], self.record[first:stop])]
