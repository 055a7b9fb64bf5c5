"""The gated recurrent unit of Cho et al. (2014), its reset gate after the product as in cuDNN.

r, z = sigmoid(W^T [h; 1; x])         n = tanh(W_n^T [1; x] + r (U_n^T h + b_n))
h_t = n + z (h_{t-1} - n)
"""

from functools import cached_property

import numpy as np

from ._cell import BoundSteps, Cell, StepViews


class GRUCell(Cell):
    """Parameters: ``kernel`` (3 units, units + 1 + features), rows in the order of ``gates``, and
    ``candidate_bias`` (units,), the b_n inside the reset gate's reach.

    The slots of a step are [U_n^T h + b_n, r, z, n, h_{t-1} - n].
    """

    gates = ("candidate", "reset", "update")
    slots = 5

    def shapes(self):
        return {**super().shapes(), "candidate_bias": (self.units,)}

    def initialize(self, weights, random_state):
        super().initialize(weights, random_state)
        weights["candidate_bias"][...] = 0
        if self.memory_steps is not None:
            weights["kernel"][2 * self.units :, self.units] = self.remembering_bias()

    def named(self, weights):
        return {**super().named(weights), "candidate_recurrent_bias": weights["candidate_bias"]}

    def forward_operators(self, weights):
        """Return the weights of [h; 1; x] for (U_n^T h + b_n, r, z) and those of [1; x] for the candidate."""
        u = self.units
        stacked = weights["kernel"].copy()
        stacked[:u, u] = weights["candidate_bias"]
        stacked[:u, u + 1 :] = 0
        stacked[u:] *= 0.5  # sigmoid(x) = (1 + tanh(x / 2)) / 2
        return stacked, np.ascontiguousarray(weights["kernel"][:u, u:])

    def bind(self, record, slots, workspace):
        return _GRUSteps(self, record, slots, workspace)

    def gradient_shapes(self):
        return [(3 * self.units, self.units + 1), (3 * self.units, 1 + self.features)]

    def write_gradients(self, gradients, sums):
        u, kernel = self.units, gradients["kernel"]
        of_hidden, of_input = sums  # rows n, r, z of [h; 1], where n is U_n^T h + b_n; rows r, z, n of [1; x]
        kernel[:, :u] = of_hidden[:, :u]
        gradients["candidate_bias"][...] = of_hidden[:u, u]
        kernel[u:, u:] = of_input[: 2 * u]
        kernel[:u, u:] = of_input[2 * u :]

    def input_gradients(self, weights, slots):
        u, columns = self.units, weights["kernel"][:, self.units + 1 :]
        operator = np.concatenate([columns[u:], columns[:u]]).T
        return np.matmul(operator, slots[:, u : 4 * u])


class _GRUSteps(BoundSteps):
    def __init__(self, cell, record, slots, workspace):
        super().__init__(cell, record, slots, workspace)
        u = self.units
        self.reset_inner = workspace.array("gru.reset_inner", (u, self.width), record.dtype)
        self.columns = StepViews(record, record[:, u:], self.hidden, self.hidden[1:])
        self.views = self.views_of_slots(
            self.forward_product.view(slots[:, : 3 * u]),
            slots[:, u : 3 * u],  # r, z
            slots[:, :u],  # U_n^T h + b_n
            slots[:, u : 2 * u],
            slots[:, 2 * u : 3 * u],
            slots[:, 3 * u : 4 * u],  # n
            slots[:, 4 * u :],  # h_{t-1} - n
        )
        self.half = self.constant(0.5)
        self.one = self.constant(1)

    @cached_property
    def rest(self):
        return self.scratch("gru", 2 * self.units)

    @cached_property
    def backward_views(self):
        u = self.units
        blocks = self.slots.reshape(len(self.slots), 5, u, self.width)
        return self.views_of_slots(blocks, self.slots[:, : 3 * u], blocks[:, 4])

    def forward(self, operators, first, stop):
        stacked, candidate = operators
        reset_inner, half = self.reset_inner, self.half
        product, product_of_inputs = self.forward_product.by(stacked), candidate.dot
        tanh, multiply, add, subtract = np.tanh, np.multiply, np.add, np.subtract
        steps = zip(self.columns.between(first, stop), self.views.between(first, stop))
        for (column, inputs, previous, hidden), (gates, sigmoids, inner, r, z, n, difference) in steps:
            product(column, gates)
            product_of_inputs(inputs, n)
            tanh(sigmoids, sigmoids)
            multiply(sigmoids, half, sigmoids)
            add(sigmoids, half, sigmoids)
            multiply(r, inner, reset_inner)
            add(n, reset_inner, n)
            tanh(n, n)
            subtract(previous, n, difference)
            multiply(z, difference, hidden)
            add(hidden, n, hidden)

    def differentiate(self, first, stop):
        """Overwrite the slots [inner, r, z, n, h' - n] with the factors of dh.

        The candidate's pre-activation takes q = (1 - z)(1 - n^2), its inner part q r, the gates q inner r (1 - r)
        and (h' - n) z (1 - z), and h' takes z.
        """
        u = self.units
        slots, rest = self.slots[first:stop], self.rest[: stop - first]
        inner, r, z, n, difference = (slots[:, k * u : (k + 1) * u] for k in range(5))
        rest_r, rest_z = rest[:, :u], rest[:, u:]
        np.subtract(self.one, slots[:, u : 3 * u], out=rest)  # 1 - r, 1 - z
        np.multiply(n, n, out=n)
        np.subtract(self.one, n, out=n)
        np.multiply(n, rest_z, out=n)
        np.multiply(rest_z, difference, out=rest_z)
        difference[...] = z
        np.multiply(rest_z, z, out=z)
        np.multiply(rest_r, inner, out=rest_r)
        np.multiply(n, r, out=inner)
        np.multiply(inner, rest_r, out=r)

    def backward(self, operator, step_gradients, carried, first, stop):
        (d_hidden,) = self.widened(carried)
        product, out = self.backward_product.by(operator), self.backward_product.view(d_hidden)
        multiply, add = np.multiply, np.add
        views = self.backward_views.between(first, stop)
        for t in range(stop - 1, first - 1, -1):
            if step_gradients[t] is not None:
                column, gradient = step_gradients[t]
                d_hidden[:, column : column + gradient.shape[1]] += gradient
            blocks, gates, through = views[t - first]
            multiply(blocks, d_hidden, blocks)
            product(gates, out)
            add(d_hidden, through, d_hidden)
        return (d_hidden,)

    def gradient_factors(self, first, stop):
        u, slots, record = self.units, self.slots[first:stop], self.record[first:stop]
        return [(slots[:, : 3 * u], record[:, : u + 1]), (slots[:, u : 4 * u], record[:, u:])]
