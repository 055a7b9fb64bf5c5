"""The same Transformer in plain PyTorch: ``nn.TransformerEncoder``, sinusoidal positions, the mean over the steps."""

import numpy as np
import torch
from torch import nn


class MeanState(nn.Module):
    """A projection, positions, an encoder normalised in front, the mean of its states, and a layer to the logits."""

    def __init__(self, features, width, heads, layers, longest, classes=2):
        super().__init__()
        self.projection = nn.Linear(features, width)
        layer = nn.TransformerEncoderLayer(
            width, heads, 4 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, layers, norm=nn.LayerNorm(width), enable_nested_tensor=False)
        self.output = nn.Linear(width, classes)
        angles = np.arange(longest)[:, None] * 10_000.0 ** (-np.arange(0, width, 2) / width)
        table = np.stack([np.sin(angles), np.cos(angles)], axis=2).reshape(longest, width)
        self.register_buffer("positions", torch.tensor(table, dtype=torch.float32))

    def forward(self, X, lengths=None):
        """Return logits (n, classes) of X (n, steps, features), padded if there are lengths."""
        states = self.projection(X) + self.positions[: X.shape[1]]
        if lengths is None:
            return self.output(self.encoder(states).mean(dim=1))
        padding = torch.arange(X.shape[1]) >= lengths[:, None]
        states = self.encoder(states, src_key_padding_mask=padding).masked_fill(padding[:, :, None], 0)
        return self.output(states.sum(dim=1) / lengths[:, None])


def _batch(X, lengths, rows):
    """Return the sequences ``rows``, padded as far as the longest of them."""
    if lengths is None:
        return X[rows], None
    return X[rows, : int(lengths[rows].max())], lengths[rows]


def fit(X, y, lengths, width, heads, layers, batch_size, epochs, learning_rate=0.001, max_norm=1.0):
    """Train for ``epochs`` epochs with Adam and clipping; return the network."""
    torch.manual_seed(0)
    network = MeanState(X.shape[2], width, heads, layers, X.shape[1])
    optimizer = torch.optim.Adam(network.parameters(), lr=learning_rate)
    X, y = torch.from_numpy(X), torch.from_numpy(y)
    for _ in range(epochs):
        order = torch.randperm(len(X))
        for first in range(0, len(X), batch_size):
            rows = order[first : first + batch_size]
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(network(*_batch(X, lengths, rows)), y[rows])
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), max_norm)
            optimizer.step()
    return network


def predict_proba(network, X, lengths, batch_size):
    """Return probabilities, computed ``batch_size`` rows at a time without gradients, like lengths together."""
    network.eval()
    order = torch.arange(len(X)) if lengths is None else torch.argsort(lengths)
    X, proba = torch.from_numpy(X), torch.empty(len(X), network.output.out_features)
    with torch.no_grad():
        for first in range(0, len(X), batch_size):
            rows = order[first : first + batch_size]
            proba[rows] = torch.softmax(network(*_batch(X, lengths, rows)), dim=1)
    return proba.numpy()
