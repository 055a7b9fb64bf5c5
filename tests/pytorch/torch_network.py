"""The recurrent network in PyTorch, with the weights of one of skseq's."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence, pad_sequence

#: The gates of each cell in the order of PyTorch's rows, and as numbers of skseq's column blocks.
GATES = {"rnn": [0], "lstm": [1, 2, 3, 0], "gru": [1, 2, 0]}  # h; i f g o of o i f g; r z n of n r z
MODULES = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


def to_torch_rows(array, cell):
    """Return the columns of a named array as PyTorch's rows."""
    blocks = np.split(np.asarray(array), len(GATES[cell]), axis=-1)
    return torch.tensor(np.concatenate([blocks[k] for k in GATES[cell]], axis=-1).T.copy())


def from_torch_rows(tensor, cell):
    """Return PyTorch's rows as the columns of a named array."""
    blocks = np.split(tensor.numpy().T, len(GATES[cell]), axis=-1)
    return np.concatenate([blocks[GATES[cell].index(k)] for k in range(len(blocks))], axis=-1)


class TorchNetwork(nn.Module):
    """Embedding, ``torch.nn`` recurrent layers, pooling and ``nn.Linear``, in float64.

    PyTorch adds a second bias to every gate. It stays zero and untrained, except in the candidate of the GRU, where
    it is the one inside the reset gate's reach.
    """

    def __init__(self, network, weights, cell, activation, pooling):
        super().__init__()
        self.cell, self.pooling = cell, pooling
        self.sizes, self.directions = network.hidden_layer_sizes, len(network.directions)
        self.embedding = None
        if network.embedding is not None:
            self.embedding = nn.Embedding(network.n_features, network.embedding.n_outputs)
        self.layers = nn.ModuleList()
        for k, units in enumerate(self.sizes):
            options = {"nonlinearity": activation} if cell == "rnn" else {}
            width = network.recurrences[k][0].cell.features
            self.layers.append(MODULES[cell](width, units, bidirectional=self.directions == 2, **options))
        self.output = nn.Linear(network.output.n_inputs, network.n_outputs)
        self.double()
        self.load(weights)

    def names(self):
        """Yield (skseq's prefix, layer, suffix of PyTorch's parameters, units) of each direction of each layer."""
        for k, units in enumerate(self.sizes):
            for d in range(self.directions):
                direction = ["", ".backward" if d else ".forward"][self.directions - 1]
                yield f"layer_{k}{direction}", self.layers[k], "_l0_reverse" if d else "_l0", units

    @torch.no_grad()
    def load(self, weights):
        """Copy the named weights."""
        if self.embedding is not None:
            self.embedding.weight.copy_(torch.tensor(np.array(weights["embedding.weights"])))
        for prefix, layer, suffix, units in self.names():
            getattr(layer, f"weight_ih{suffix}").copy_(to_torch_rows(weights[f"{prefix}.input_weights"], self.cell))
            getattr(layer, f"weight_hh{suffix}").copy_(to_torch_rows(weights[f"{prefix}.recurrent_weights"], self.cell))
            getattr(layer, f"bias_ih{suffix}").copy_(to_torch_rows(weights[f"{prefix}.bias"], self.cell))
            second, trained = getattr(layer, f"bias_hh{suffix}"), torch.zeros(len(GATES[self.cell]) * units)
            second.zero_()
            if self.cell == "gru":
                second[2 * units :] = torch.tensor(np.array(weights[f"{prefix}.candidate_recurrent_bias"]))
                trained[2 * units :] = 1
            second.register_hook(lambda gradient, trained=trained: gradient * trained)
        self.output.weight.copy_(torch.tensor(weights["output.weights"].T.copy()))
        self.output.bias.copy_(torch.tensor(np.array(weights["output.bias"])))

    def named(self, of=lambda parameter: parameter.detach()):
        """Return the weights, or ``of`` them, by skseq's names."""
        found = {}
        if self.embedding is not None:
            found["embedding.weights"] = of(self.embedding.weight).numpy()
        for prefix, layer, suffix, units in self.names():
            own = {name: of(getattr(layer, name + suffix)) for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")}
            found[f"{prefix}.input_weights"] = from_torch_rows(own["weight_ih"], self.cell)
            found[f"{prefix}.recurrent_weights"] = from_torch_rows(own["weight_hh"], self.cell)
            found[f"{prefix}.bias"] = from_torch_rows(own["bias_ih"], self.cell)
            if self.cell == "gru":
                found[f"{prefix}.candidate_recurrent_bias"] = own["bias_hh"][2 * units :].numpy()
        found["output.weights"] = of(self.output.weight).numpy().T
        found["output.bias"] = of(self.output.bias).numpy()
        return found

    def forward(self, sequences):
        """Return the outputs (n, classes) of a list of arrays."""
        tensors = [torch.tensor(array) for array in sequences]
        if self.embedding is not None:
            tensors = [self.embedding(tensor) for tensor in tensors]
        lengths = torch.tensor([len(tensor) for tensor in tensors])
        packed = pack_padded_sequence(pad_sequence(tensors), lengths, enforce_sorted=False)
        for layer in self.layers:
            packed, last = layer(packed)
        last = last[0] if self.cell == "lstm" else last
        return self.output(self.pool(packed, torch.cat(list(last), dim=1)))

    def pool(self, packed, last):
        if self.pooling == "last":
            return last
        states, lengths = pad_packed_sequence(packed)
        beyond = (torch.arange(len(states))[:, None] >= lengths)[:, :, None]
        if self.pooling == "max":
            return states.masked_fill(beyond, -np.inf).amax(dim=0)
        return states.masked_fill(beyond, 0).sum(dim=0) / lengths[:, None]
