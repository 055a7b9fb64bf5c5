"""The same networks in plain PyTorch: what a user would write by hand."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

LAYERS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


class LastState(nn.Module):
    """A recurrent layer, its last state, and a linear layer to the logits."""

    def __init__(self, cell, features, units, classes=2):
        super().__init__()
        self.recurrent = LAYERS[cell](features, units, batch_first=True)
        self.output = nn.Linear(units, classes)

    def forward(self, X):
        """Return logits (n, classes) of X (n, steps, features), or of a packed sequence."""
        _, state = self.recurrent(X)
        state = state[0] if isinstance(state, tuple) else state
        return self.output(state[-1])


def flushing(run, wanted=True):
    """Return a function that runs ``run`` with denormal numbers (below 1e-38) taken as zero, if wanted.

    Only PyTorch's part of a pair: the setting belongs to the thread, and skseq's part runs without it.
    """
    if not wanted:
        return run

    def flushed():
        torch.set_flush_denormal(True)
        try:
            return run()
        finally:
            torch.set_flush_denormal(False)

    return flushed


def fit(cell, X, y, units, batch_size, epochs, learning_rate=0.005, max_norm=1.0, lengths=None):
    """Train for ``epochs`` epochs with Adam and clipping; return the network.

    With ``lengths``, X is padded at its ends, and every batch is packed.
    """
    torch.manual_seed(0)
    network = LastState(cell, X.shape[2], units)
    return train(network, X, y, batch_size, epochs, learning_rate, max_norm, lengths)


def train(network, X, y, batch_size, epochs, learning_rate=0.005, max_norm=1.0, lengths=None):
    """Train a network as :func:`fit` does; return it."""
    optimizer = torch.optim.Adam(network.parameters(), lr=learning_rate)
    X, y = torch.from_numpy(X), torch.from_numpy(y)
    for _ in range(epochs):
        order = torch.randperm(len(X))
        for first in range(0, len(X), batch_size):
            rows = order[first : first + batch_size]
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(network(_batch(X, rows, lengths)), y[rows])
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), max_norm)
            optimizer.step()
    return network


def predict_proba(network, X, batch_size, lengths=None):
    """Return probabilities, computed ``batch_size`` rows at a time without gradients."""
    network.eval()
    X = torch.from_numpy(X)
    with torch.no_grad():
        parts = [
            torch.softmax(network(_batch(X, slice(first, first + batch_size), lengths)), dim=1)
            for first in range(0, len(X), batch_size)
        ]
    return torch.cat(parts).numpy()


def _batch(X, rows, lengths):
    if lengths is None:
        return X[rows]
    return pack_padded_sequence(X[rows], lengths[rows], batch_first=True, enforce_sorted=False)


def pad(sequences):
    """Return (X padded with zeros (n, longest, features), lengths as a tensor) of a list of arrays."""
    lengths = [len(sequence) for sequence in sequences]
    X = np.zeros((len(sequences), max(lengths), sequences[0].shape[1]), dtype=sequences[0].dtype)
    for row, sequence in zip(X, sequences):
        row[: len(sequence)] = sequence
    return X, torch.tensor(lengths)
