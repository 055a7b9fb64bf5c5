"""A graph of ONNX operators, built node by node."""

import numpy as np

#: Version of the operators that graphs are made of. It has every operator that is needed, and onnxruntime has run it
#: since version 1.14.
OPSET = 18


class Graph:
    """Nodes and constants of an ONNX graph; values are referred to by their names.

    Parameters
    ----------
    onnx : module
        The package onnx.
    """

    def __init__(self, onnx):
        self._onnx = onnx
        self._nodes = []
        self._constants = []
        self._n_names = 0

    def _new_name(self, hint):
        self._n_names += 1
        return f"{hint}_{self._n_names}"

    def constant(self, values):
        """Return the name of a constant: floats become float32, integers int64, texts stay."""
        values = np.asarray(values)
        if values.dtype.kind == "f":
            values = values.astype(np.float32)
        elif values.dtype.kind in "iu":
            values = values.astype(np.int64)
        elif values.dtype.kind in "UO":
            values = values.astype(object)
        name = self._new_name("constant")
        self._constants.append(self._onnx.numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def add(self, operator, *inputs, n_outputs=1, **attributes):
        """Add a node; return the name of its output, or a tuple of ``n_outputs`` names.

        Parameters
        ----------
        operator : str
            Name of the ONNX operator.
        *inputs : str, ndarray, number or None
            Names of values; numbers and arrays become constants, None leaves an optional input out.
        n_outputs : int, default=1
        **attributes
            Attributes of the node.
        """
        names = ["" if value is None else value if isinstance(value, str) else self.constant(value) for value in inputs]
        outputs = [self._new_name(operator.lower()) for _ in range(n_outputs)]
        self._nodes.append(self._onnx.helper.make_node(operator, names, outputs, **attributes))
        return outputs[0] if n_outputs == 1 else tuple(outputs)

    def cast(self, value, kind):
        """Return ``value`` as "float", "int64", "int32" or "bool"."""
        return self.add("Cast", value, to=getattr(self._onnx.TensorProto, kind.upper()))

    def size(self, value, axis):
        """Return the length of an axis, int64 of shape (1,)."""
        return self.add("Shape", value, start=axis, end=axis + 1)

    def _info(self, name, kind, shape):
        """Return what the model says of an input or output."""
        return self._onnx.helper.make_tensor_value_info(name, getattr(self._onnx.TensorProto, kind.upper()), shape)

    def scan(self, build, states, sequence, axis):
        """Repeat a body along an axis of ``sequence``.

        Parameters
        ----------
        build : callable
            Takes a new Graph, the names of the states and of one slice; returns (states, outputs), lists of names.
        states : list of (str, list)
            Name and shape of each initial state, floats.
        sequence : list of (str, str, list)
            Name, kind ("float" or "bool") and shape of a slice of each array that is read along ``axis``.
        axis : int

        Returns
        -------
        list of str
            The outputs, stacked along ``axis``.
        """
        body = Graph(self._onnx)
        body._n_names = 1000 * (self._n_names + 1)  # names are unique in the whole model
        state_names = [body._new_name("state") for _ in states]
        slice_names = [body._new_name("slice") for _ in sequence]
        new_states, outputs = build(body, state_names, slice_names)
        inputs = [self._info(name, "float", shape) for name, (_, shape) in zip(state_names, states)]
        inputs += [self._info(name, kind, shape) for name, (_, kind, shape) in zip(slice_names, sequence)]
        results = [self._info(name, "float", None) for name in (*new_states, *outputs)]
        graph = self._onnx.helper.make_graph(body._nodes, "body", inputs, results, body._constants)
        found = self.add(
            "Scan",
            *(name for name, _ in states),
            *(name for name, *_ in sequence),
            n_outputs=len(new_states) + len(outputs),
            body=graph,
            num_scan_inputs=len(sequence),
            scan_input_axes=[axis] * len(sequence),
            scan_output_axes=[axis] * len(outputs),
        )
        return list(found[len(new_states) :])

    def model(self, inputs, outputs, producer, version):
        """Return the model.

        Parameters
        ----------
        inputs, outputs : list of (str, str, list)
            Name, kind ("float", "int64", "bool" or "string") and shape of each; texts in a shape name axes of any
            length. An output is ``(name, kind, shape, value)``: the name of the model's output, and of what it is.
        producer, version : str
        """
        helper = self._onnx.helper
        infos = [self._info(*described) for described in inputs]
        results = []
        for name, kind, shape, value in outputs:
            self._nodes.append(helper.make_node("Identity", [value], [name]))
            results.append(self._info(name, kind, shape))
        graph = helper.make_graph(self._nodes, producer, infos, results, self._constants)
        model = helper.make_model(
            graph,
            producer_name=producer,
            producer_version=version,
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=8,
        )
        self._onnx.checker.check_model(model, full_check=True)
        return model
