"""All weights of a network in one flat vector, with named views."""

from math import prod

import numpy as np


class Parameters:
    """Named arrays that are views of one vector.

    An optimizer step is then a few NumPy calls whatever the depth, clipping is one norm, keeping the best
    weights is one copy, and a gradient check is one loop.

    Parameters
    ----------
    shapes : dict of dict
        Shapes by layer name and parameter name.
    dtype : dtype
    flat : ndarray, optional
        The vector; zeros if not given.
    """

    def __init__(self, shapes, dtype, flat=None):
        self.shapes = shapes
        self.dtype = np.dtype(dtype)
        size = sum(prod(shape) for own in shapes.values() for shape in own.values())
        self.flat = np.zeros(size, dtype=self.dtype) if flat is None else flat
        self._views = {}
        begin = 0
        for layer, own in shapes.items():
            self._views[layer] = {}
            for name, shape in own.items():
                end = begin + prod(shape)
                self._views[layer][name] = self.flat[begin:end].reshape(shape)
                begin = end

    @classmethod
    def of_network(cls, network, dtype):
        """Return zeros for every weight of ``network``."""
        return cls({name: layer.shapes() for name, layer in network.named_layers().items()}, dtype)

    @classmethod
    def initial(cls, network, random_state, dtype):
        """Return initial weights; the draws do not depend on ``dtype``."""
        parameters = cls.of_network(network, dtype)
        for name, layer in network.named_layers().items():
            layer.initialize(parameters.of(name), random_state)
        return parameters

    @classmethod
    def decay_mask(cls, network, dtype):
        """Return ones where weight decay acts: on everything but biases."""
        mask = cls.of_network(network, dtype)
        for name, layer in network.named_layers().items():
            layer.mark_decayed(mask.of(name))
        return mask

    def of(self, layer):
        """Return the dict of arrays of one layer."""
        return self._views[layer]

    def zeros_like(self):
        """Return zeros of the same shapes, for gradients."""
        return Parameters(self.shapes, self.dtype)

    def __reduce__(self):
        # Views pickled one by one would no longer share the vector.
        return Parameters, (self.shapes, self.dtype, self.flat)
