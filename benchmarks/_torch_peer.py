"""The same networks in plain PyTorch: what a user would write by hand."""

import torch
from torch import nn

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


def fit(cell, X, y, units, batch_size, epochs, learning_rate=0.005, max_norm=1.0):
    """Train for ``epochs`` epochs with Adam and clipping; return the network."""
    torch.manual_seed(0)
    network = LastState(cell, X.shape[2], units)
    optimizer = torch.optim.Adam(network.parameters(), lr=learning_rate)
    X, y = torch.from_numpy(X), torch.from_numpy(y)
    for _ in range(epochs):
        order = torch.randperm(len(X))
        for first in range(0, len(X), batch_size):
            rows = order[first : first + batch_size]
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(network(X[rows]), y[rows])
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), max_norm)
            optimizer.step()
    return network


def predict_proba(network, X, batch_size):
    """Return probabilities, computed ``batch_size`` rows at a time without gradients."""
    network.eval()
    with torch.no_grad():
        parts = [torch.softmax(network(part), dim=1) for part in torch.from_numpy(X).split(batch_size)]
    return torch.cat(parts).numpy()
