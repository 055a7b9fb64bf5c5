"""The vanilla cell: h_t = f(W_hh^T h_{t-1} + W_dh^T x_t + b), f = tanh or ReLU."""

import numpy as np

from ._cell import BoundSteps, Cell
from ._products import add_products


class VanillaCell(Cell):
    """The cell of Elman (1990); with ReLU and identity initialisation, the IRNN of Le, Jaitly & Hinton (2015).

    Parameters: ``kernel`` (units, units + 1 + features), which acts on the column [h; 1; x].
    """

    gates = ("hidden",)
    slots = 1

    def forward_operators(self, weights):
        return weights["kernel"]

    def bind(self, record, slots, workspace):
        return _VanillaSteps(self.activation, self.units, record, slots, workspace)

    def add_gradients(self, gradients, span, workspace):
        add_products(gradients["kernel"], span.slots[:-1], span.record[:-1], workspace)

    def input_gradients(self, weights, span):
        return np.matmul(weights["kernel"][:, self.units + 1 :].T, span.slots[:-1])


class _VanillaSteps(BoundSteps):
    def __init__(self, activation, units, record, slots, workspace):
        super().__init__(units, record, slots, workspace)
        self.activation = activation
        self.views = [(record[t], self.hidden[t + 1]) for t in range(self.steps)]
        self.factors = [slots[t] for t in range(self.steps)]
        self.zero = self.constant(0)
        self.one = self.constant(1)

    def forward(self, kernel, first, stop):
        dot = kernel.dot
        if self.activation == "tanh":
            tanh = np.tanh
            for column, hidden in self.views[first:stop]:
                dot(column, hidden)
                tanh(hidden, hidden)
        else:
            maximum, zero = np.maximum, self.zero
            for column, hidden in self.views[first:stop]:
                dot(column, hidden)
                maximum(hidden, zero, out=hidden)

    def differentiate(self, first, stop):
        hidden = self.record[first + 1 : stop + 1, : self.units]
        factor = self.slots[first:stop]
        if self.activation == "tanh":  # 1 - h^2
            np.multiply(hidden, hidden, out=factor)
            np.subtract(self.one, factor, out=factor)
        else:
            np.greater(hidden, self.zero, out=factor, casting="unsafe")

    def backward(self, operator, step_gradients, carried):
        d_hidden = self.widened(carried, "carried.hidden")
        dot, multiply = operator.dot, np.multiply
        for t in range(self.steps - 1, -1, -1):
            if step_gradients[t] is not None:
                column, gradient = step_gradients[t]
                d_hidden[:, column : column + gradient.shape[1]] += gradient
            factor = self.factors[t]
            multiply(factor, d_hidden, factor)  # now the gradient of the pre-activation
            dot(factor, d_hidden)
        return d_hidden
