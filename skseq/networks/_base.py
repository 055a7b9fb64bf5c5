"""What all networks share."""


class Network:
    """Layers by name, and what the training loop asks of them.

    A subclass has ``named_layers``, ``forward``, ``outputs`` and ``backward``; ``n_features`` and ``n_outputs``; the
    ``output`` layer and the ``dropout``; and says how large its products and what it keeps are, in ``multiplications``,
    ``widest_state`` and ``values_per_step``.
    """

    #: Whether there are outputs for every step, in the order of :attr:`~skseq.layers.StepBatch.places`; else one column
    #: for a sequence.
    every_step = False

    #: Whether there are outputs for every step of a context of ids.
    every_context_step = False

    def named_layers(self):
        """Return a dict from name to layer, from input to output."""
        return {}

    def named_weights(self, parameters):
        """Return the weights by their documented names, as views of ``parameters`` that cannot be written."""
        named = {}
        for name, layer in self.named_layers().items():
            for key, array in layer.named(parameters.of(name)).items():
                view = array.view()
                view.setflags(write=False)
                named[f"{name}.{key}"] = view
        return named
