"""The LSTM cell of Hochreiter & Schmidhuber (1997) with the forget gate of Gers et al. (2000).

o, i, f = sigmoid(W^T [h; 1; x])      g = tanh(W^T [h; 1; x])
c_t = f c_{t-1} + i g                 h_t = o tanh(c_t)
"""

import numpy as np

from ._cell import BoundSteps, Cell
from ._products import add_products


class LSTMCell(Cell):
    """Parameters: ``kernel`` (4 units, units + 1 + features), rows in the order of ``gates``.

    The slots of a step are [tanh(c_t), o, i, f, g, c_{t-1}]: (i, f) and (g, c) are neighbours, so that one
    product gives i g and f c, and the four gates are one block.
    """

    gates = ("output", "input", "forget", "candidate")
    slots = 6

    def initialize(self, weights, random_state):
        super().initialize(weights, random_state)
        # A forget gate that begins open lets gradients reach far back (Jozefowicz et al. 2015).
        u = self.units
        weights["kernel"][2 * u : 3 * u, u] = 1

    def forward_operators(self, weights):
        # sigmoid(x) = (1 + tanh(x / 2)) / 2: with the half folded in, one tanh serves all four gates.
        operator = weights["kernel"].copy()
        operator[: 3 * self.units] *= 0.5
        return operator

    def bind(self, record, slots, workspace):
        return _LSTMSteps(self.units, record, slots, workspace)

    def add_gradients(self, gradients, span, workspace):
        u = self.units
        add_products(gradients["kernel"], span.slots[:-1, u : 5 * u], span.record[:-1], workspace)

    def input_gradients(self, weights, span):
        u = self.units
        return np.matmul(weights["kernel"][:, u + 1 :].T, span.slots[:-1, u : 5 * u])


class _LSTMSteps(BoundSteps):
    def __init__(self, units, record, slots, workspace):
        super().__init__(units, record, slots, workspace)
        u = units
        pair = workspace.array("lstm.pair", (2 * u, self.width), record.dtype)
        self.pair = (pair, pair[:u], pair[u:])
        self.views = [
            (
                record[t],
                slots[t, u : 5 * u],  # all four gates
                slots[t, u : 4 * u],  # o, i, f
                slots[t, 2 * u : 4 * u],  # i, f
                slots[t, 4 * u :],  # g, c_{t-1}
                slots[t + 1, 5 * u :],  # c_t
                slots[t, :u],  # tanh(c_t)
                slots[t, u : 2 * u],  # o
                self.hidden[t + 1],
            )
            for t in range(self.steps)
        ]
        blocks = slots.reshape(len(slots), 6, u, self.width)
        self.backward_views = [
            (blocks[t, :2], slots[t, :u], blocks[t, 2:], slots[t, u : 5 * u], slots[t, 5 * u :])
            for t in range(self.steps)
        ]
        self.half = self.constant(0.5)
        self.one = self.constant(1)

    def start(self, carried):
        hidden, cell = (None, None) if carried is None else carried
        super().start(hidden)
        self.slots[0, 5 * self.units :] = 0 if cell is None else cell[:, : self.width]

    def carry(self):
        return self.hidden[-1], self.slots[-1, 5 * self.units :]

    def forward(self, operator, first, stop):
        dot, tanh, multiply, add, half = operator.dot, np.tanh, np.multiply, np.add, self.half
        pair, pair_i, pair_f = self.pair
        for column, gates, sigmoids, i_f, g_c, cell, tanh_cell, o, hidden in self.views[first:stop]:
            dot(column, gates)
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
        u = self.units
        slots = self.slots[first:stop]
        tanh_c, o, i, f, g, previous = (slots[:, k * u : (k + 1) * u] for k in range(6))
        shape = (stop - first, 3 * u, self.width)
        rest = self.workspace.array("lstm.rest", shape, slots.dtype)
        square = self.workspace.array("lstm.square", (stop - first, u, self.width), slots.dtype)
        np.subtract(self.one, slots[:, u : 4 * u], out=rest)  # 1 - o, 1 - i, 1 - f
        np.multiply(rest, slots[:, u : 4 * u], out=rest)  # the sigmoids' derivatives
        rest_o, rest_i, rest_f = rest[:, :u], rest[:, u : 2 * u], rest[:, 2 * u :]
        np.multiply(rest_o, tanh_c, out=rest_o)
        np.multiply(rest_i, g, out=rest_i)
        np.multiply(rest_f, previous, out=rest_f)
        previous[...] = f
        np.multiply(g, g, out=square)
        np.subtract(self.one, square, out=square)
        np.multiply(square, i, out=g)
        np.multiply(tanh_c, tanh_c, out=square)
        np.subtract(self.one, square, out=square)
        np.multiply(square, o, out=tanh_c)
        slots[:, u : 4 * u] = rest

    def backward(self, operator, step_gradients, carried):
        d_hidden, d_cell = (None, None) if carried is None else carried
        d_hidden = self.widened(d_hidden, "carried.hidden")
        d_cell = self.widened(d_cell, "carried.cell")
        dot, multiply, add = operator.dot, np.multiply, np.add
        for t in range(self.steps - 1, -1, -1):
            if step_gradients[t] is not None:
                column, gradient = step_gradients[t]
                d_hidden[:, column : column + gradient.shape[1]] += gradient
            of_hidden, to_cell, of_cell, gates, previous = self.backward_views[t]
            multiply(of_hidden, d_hidden, of_hidden)
            add(to_cell, d_cell, d_cell)
            multiply(of_cell, d_cell, of_cell)
            dot(gates, d_hidden)
            d_cell = previous
        return d_hidden, d_cell
