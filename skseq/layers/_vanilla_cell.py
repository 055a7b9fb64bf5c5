"""The vanilla cell: h_t = f(W_hh^T h_{t-1} + W_dh^T x_t + b), f = tanh or ReLU."""

import numpy as np

from ._cell import BoundSteps, Cell, StepViews


class VanillaCell(Cell):
    """The cell of Elman (1990); with ReLU and identity initialisation, the IRNN of Le, Jaitly & Hinton (2015).

    Parameters: ``kernel`` (units, units + 1 + features), which acts on the column [h; 1; x].
    """

    gates = ("hidden",)
    slots = 1

    def forward_operators(self, weights):
        return weights["kernel"]

    def bind(self, record, slots, workspace):
        return _VanillaSteps(self, record, slots, workspace)

    def input_gradients(self, weights, slots):
        return np.matmul(weights["kernel"][:, self.units + 1 :].T, slots)


class _VanillaSteps(BoundSteps):
    def __init__(self, cell, record, slots, workspace):
        super().__init__(cell, record, slots, workspace)
        self.activation = cell.activation
        hidden = self.hidden[1:]
        self.columns = StepViews(record, self.forward_product.view(hidden), hidden)
        self.factors = self.views_of_slots(slots)
        self.zero = self.constant(0)
        self.one = self.constant(1)

    def forward(self, kernel, first, stop):
        product = self.forward_product.by(kernel)
        if self.activation == "tanh":
            tanh = np.tanh
            for column, out, hidden in self.columns.between(first, stop):
                product(column, out)
                tanh(hidden, hidden)
        else:
            maximum, zero = np.maximum, self.zero
            for column, out, hidden in self.columns.between(first, stop):
                product(column, out)
                maximum(hidden, zero, out=hidden)

    def differentiate(self, first, stop):
        hidden = self.states(first, stop)
        factor = self.slots[first:stop]
        if self.activation == "tanh":  # 1 - h^2
            np.multiply(hidden, hidden, out=factor)
            np.subtract(self.one, factor, out=factor)
        else:
            np.greater(hidden, self.zero, out=factor, casting="unsafe")

    def backward(self, operator, step_gradients, carried, first, stop):
        (d_hidden,) = self.widened(carried)
        product, out = self.backward_product.by(operator), self.backward_product.view(d_hidden)
        multiply = np.multiply
        factors = self.factors.between(first, stop)
        for t in range(stop - 1, first - 1, -1):
            if step_gradients[t] is not None:
                column, gradient = step_gradients[t]
                d_hidden[:, column : column + gradient.shape[1]] += gradient
            (factor,) = factors[t - first]
            multiply(factor, d_hidden, factor)  # now the gradient of the pre-activation
            product(factor, out)
        return (d_hidden,)

    def gradient_factors(self, first, stop):
        return [(self.slots[first:stop], self.record[first:stop])]
