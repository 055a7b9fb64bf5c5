"""Outputs and gradients of the Transformer against PyTorch's ``TransformerEncoderLayer``, with the same weights."""

import numpy as np
import pytest
import torch
from textbook import RAGGED, make_sequences
from torch import nn
from torch.nn.functional import cross_entropy
from torch.nn.utils.rnn import pad_sequence
from transformer_textbook import sinusoids

from skseq.layers import Workspace
from skseq.networks import TransformerNetwork
from skseq.training import OPTIMIZERS, SCHEDULES, Parameters, SoftmaxCrossEntropy, draw_batch, new_trainer

pytestmark = pytest.mark.torch

N_FEATURES, N_TOKENS, N_CLASSES, WIDTH = 5, 7, 4, 12
LENGTHS = {"equal": np.full(20, 11), "ragged": np.random.RandomState(7).permutation(RAGGED), "one": np.array([9])}

#: PyTorch's name of each weight of a layer.
THERE = {
    "attention_norm.gain": "norm1.weight",
    "attention_norm.bias": "norm1.bias",
    "attention.input_weights": "self_attn.in_proj_weight",
    "attention.input_bias": "self_attn.in_proj_bias",
    "attention.output_weights": "self_attn.out_proj.weight",
    "attention.output_bias": "self_attn.out_proj.bias",
    "feed_forward_norm.gain": "norm2.weight",
    "feed_forward_norm.bias": "norm2.bias",
    "feed_forward.hidden_weights": "linear1.weight",
    "feed_forward.hidden_bias": "linear1.bias",
    "feed_forward.output_weights": "linear2.weight",
    "feed_forward.output_bias": "linear2.bias",
}


class TorchTransformer(nn.Module):
    """Projection or embedding, positions, ``nn.TransformerEncoder`` with a key padding mask, pooling, ``nn.Linear``."""

    def __init__(self, weights, n_layers, n_heads, feed_forward_width, pooling):
        super().__init__()
        self.pooling = pooling
        self.inputs = nn.Module()
        for name in (
            "embedding.weights",
            "projection.weights",
            "projection.bias",
            "token.weights",
            "positions.weights",
        ):
            if name in weights:
                self.inputs.register_parameter(name.replace(".", "_"), nn.Parameter(torch.empty(weights[name].shape)))
        layer = nn.TransformerEncoderLayer(
            WIDTH, n_heads, feed_forward_width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, n_layers, norm=nn.LayerNorm(WIDTH), enable_nested_tensor=False)
        self.output = nn.Linear(WIDTH, N_CLASSES)
        self.double()
        with torch.no_grad():
            for name, (parameter, transposed) in self.named().items():
                array = np.array(weights[name])
                parameter.copy_(torch.tensor(array.T if transposed else array))

    def named(self):
        """Return (parameter, whether transposed) by skseq's names."""
        own = dict(self.encoder.named_parameters())
        named = {}
        for name, parameter in self.inputs.named_parameters():
            named[name.replace("_", ".")] = (parameter, False)
        for k in range(self.encoder.num_layers):
            for ours, theirs in THERE.items():
                named[f"layer_{k}.{ours}"] = (own[f"layers.{k}.{theirs}"], ours.endswith("weights"))
        named["norm.gain"], named["norm.bias"] = ((p, False) for p in self.encoder.norm.parameters())
        named["output.weights"], named["output.bias"] = (self.output.weight, True), (self.output.bias, False)
        return named

    def arrays(self, of=lambda parameter: parameter.detach()):
        """Return the weights, or ``of`` them, by skseq's names."""
        found = {name: (of(parameter).numpy(), transposed) for name, (parameter, transposed) in self.named().items()}
        return {name: array.T if transposed else array for name, (array, transposed) in found.items()}

    def forward(self, sequences):
        inputs = dict(self.inputs.named_parameters())
        tensors = []
        for array in sequences:
            x = torch.tensor(array)
            if "embedding_weights" in inputs:
                x = inputs["embedding_weights"][x]
            if "projection_weights" in inputs:
                x = x @ inputs["projection_weights"] + inputs["projection_bias"]
            learned = inputs.get("positions_weights")
            x = x + (torch.tensor(sinusoids(*x.shape)) if learned is None else learned[: len(x)])
            tensors.append(torch.cat([inputs["token_weights"][None], x]) if self.pooling == "token" else x)
        lengths = torch.tensor([len(x) for x in tensors])
        padding = torch.arange(int(lengths.max())) >= lengths[:, None]
        states = self.encoder(pad_sequence(tensors, batch_first=True), src_key_padding_mask=padding)
        if self.pooling == "token":
            return self.output(states[:, 0])
        return self.output(states.masked_fill(padding[:, :, None], 0).sum(dim=1) / lengths[:, None])


def both(lengths, positions="sinusoidal", pooling="mean", embedding_dim=None, n_layers=2, n_heads=3):
    """Return (network, parameters, sequences, targets, weights, the same network in PyTorch)."""
    random_state, embedded = np.random.RandomState(0), embedding_dim is not None
    network = TransformerNetwork(
        N_TOKENS if embedded else N_FEATURES,
        N_CLASSES,
        width=WIDTH,
        n_layers=n_layers,
        n_heads=n_heads,
        feed_forward_width=20,
        positions=positions,
        n_positions=max(lengths),
        pooling=pooling,
        embedding_dim=embedding_dim,
    )
    parameters = Parameters.initial(network, random_state, np.float64)
    parameters.flat += 0.2 * random_state.standard_normal(parameters.flat.size)
    sequences = make_sequences(lengths, N_FEATURES, random_state, N_TOKENS if embedded else None)
    targets = random_state.randint(N_CLASSES, size=len(lengths))
    weights = random_state.uniform(0.2, 2, size=len(lengths))
    twin = TorchTransformer(network.named_weights(parameters), n_layers, n_heads, 20, pooling)
    return network, parameters, sequences, targets, weights, twin


def assert_same(ours, theirs):
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        np.testing.assert_allclose(array, theirs[name], rtol=1e-8, atol=1e-8, err_msg=name)


@pytest.mark.parametrize("lengths", list(LENGTHS.values()), ids=list(LENGTHS))
@pytest.mark.parametrize(("n_layers", "n_heads"), [(1, 1), (2, 3), (3, 12)])
@pytest.mark.parametrize("embedding_dim", [None, 4, WIDTH])
@pytest.mark.parametrize("pooling", ["mean", "token"])
@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
def test_outputs_loss_and_gradients(positions, pooling, embedding_dim, n_layers, n_heads, lengths):
    network, parameters, sequences, targets, weights, twin = both(
        lengths, positions, pooling, embedding_dim, n_layers, n_heads
    )
    workspace = Workspace()
    batch, rows = draw_batch(sequences, np.arange(len(sequences)), workspace, parameters.dtype)
    pooled, tape = network.forward(parameters, batch, workspace, training=True)
    outputs = network.outputs(parameters, pooled)
    expected = twin(sequences.unpack())
    np.testing.assert_allclose(outputs.T, expected.detach().numpy()[rows], rtol=1e-8, atol=1e-8)

    loss, d_outputs = SoftmaxCrossEntropy().value_and_gradient(outputs, targets[rows], weights[rows])
    gradients = parameters.zeros_like()
    network.backward(parameters, gradients, tape, d_outputs)
    losses = cross_entropy(expected, torch.tensor(targets), reduction="none")
    expected_loss = (losses * torch.tensor(weights)).sum()
    np.testing.assert_allclose(loss, expected_loss.item(), rtol=1e-10)
    expected_loss.backward()
    assert_same(network.named_weights(gradients), twin.arrays(lambda parameter: parameter.grad))


@pytest.mark.parametrize("pooling", ["mean", "token"])
def test_weights_after_training(pooling):
    network, parameters, sequences, targets, weights, twin = both(LENGTHS["ragged"], "learned", pooling)
    trainer = new_trainer(
        network,
        SoftmaxCrossEntropy(),
        dtype=np.float64,
        random_state=np.random.RandomState(0),
        optimizer=OPTIMIZERS["adam"],
        schedule=SCHEDULES["constant"](0.001, 5),
        decay=0.0,
        batch_size=10,
        max_grad_norm=1.0,
        shuffle=False,
    )
    trainer.parameters.flat[...] = parameters.flat
    epochs = trainer.epochs(sequences, targets, weights)
    optimizer = torch.optim.Adam(twin.parameters(), lr=0.001)
    arrays = sequences.unpack()
    for _ in range(3):
        next(epochs)
        for first in range(0, len(arrays), 10):
            batch = slice(first, first + 10)
            optimizer.zero_grad()
            losses = cross_entropy(twin(arrays[batch]), torch.tensor(targets[batch]), reduction="none")
            (losses * torch.tensor(weights[batch])).mean().backward()
            nn.utils.clip_grad_norm_(twin.parameters(), 1.0)
            optimizer.step()
    ours, theirs = network.named_weights(trainer.parameters), twin.arrays()
    for name, array in ours.items():  # PyTorch clips to a norm that is smaller by a millionth
        np.testing.assert_allclose(array, theirs[name], atol=1e-6, err_msg=name)
