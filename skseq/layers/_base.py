"""What every layer has, and the initial weights they share."""

import numpy as np


class Layer:
    """A layer owns no arrays: its weights are views of a network's flat vector, handed in at each call.

    ``shapes`` maps the name of each parameter to its shape, ``decayed`` to the part of it that weight decay
    acts on (everything but biases).
    """

    def shapes(self):
        """Return a dict from parameter name to shape."""
        return {}

    def initialize(self, weights, random_state):
        """Fill the arrays of ``weights`` with initial values."""

    def named(self, weights):
        """Return the arrays of ``weights`` by their documented names."""
        return weights

    def mark_decayed(self, mask):
        """Set to one what weight decay shrinks; ``mask`` has the arrays of ``weights``, filled with zeros."""


class CompositeLayer(Layer):
    """A layer made of layers: the parameter "name" of the part "part" is its parameter "part_name".

    Parameters
    ----------
    **parts : Layer
    """

    def __init__(self, **parts):
        self.parts = parts

    def of(self, part, weights):
        """Return the arrays of a part by their own names."""
        return {name: weights[f"{part}_{name}"] for name in self.parts[part].shapes()}

    def _collect(self, of_part):
        return {
            f"{part}_{name}": value
            for part, layer in self.parts.items()
            for name, value in of_part(part, layer).items()
        }

    def shapes(self):
        return self._collect(lambda part, layer: layer.shapes())

    def initialize(self, weights, random_state):
        for part, layer in self.parts.items():
            layer.initialize(self.of(part, weights), random_state)

    def mark_decayed(self, mask):
        for part, layer in self.parts.items():
            layer.mark_decayed(self.of(part, mask))

    def named(self, weights):
        return self._collect(lambda part, layer: layer.named(self.of(part, weights)))


def glorot_uniform(random_state, fan_out, fan_in):
    """Return weights (fan_out, fan_in) ~ U(-b, b), b = sqrt(6 / (fan_in + fan_out)) (Glorot & Bengio 2010)."""
    bound = np.sqrt(6.0 / (fan_in + fan_out))
    return random_state.uniform(-bound, bound, size=(fan_out, fan_in))


def orthogonal(random_state, size):
    """Return a random orthogonal matrix, uniform over the orthogonal group (Saxe et al. 2014; Mezzadri 2007)."""
    q, r = np.linalg.qr(random_state.standard_normal((size, size)))
    return q * np.sign(np.diag(r))


def recurrent_matrix(random_state, size, how):
    """Return an initial recurrent block (size, size): "orthogonal", "identity" or "glorot"."""
    if how == "identity":
        return np.eye(size)
    if how == "orthogonal":
        return orthogonal(random_state, size)
    return glorot_uniform(random_state, size, size)
