"""Choose the number of epochs, and the factor that calibrates the outputs, on held-out data."""

import numpy as np

from ._calibration import calibrate


class EpochChoice:
    """Compare the epochs of a training by their calibrated loss on held-out data.

    Outputs are calibrated before they are compared, since training first makes a network more certain than right and
    may go on to make it more often right (Berta et al. 2025). The last epoch, at which the learning rate has come to
    rest, is taken unless it is clearly worse than the best one: by more than ``errors`` standard errors of the mean
    difference of their losses over the held-out targets (with one, the rule of Breiman et al. 1984, here in favor of
    longer training).

    Parameters
    ----------
    loss : SoftmaxCrossEntropy or the like
    targets, weights : ndarray
        Of the held-out data.
    patience : int
        Number of successive epochs that are clearly worse than the best one after which training stops.
    errors : float, default=1

    Attributes
    ----------
    epoch : int
        Number of epochs that is chosen; 0 before the first.
    factor : float
        Factor for the outputs after that epoch.
    network_weights : ndarray or None
        Flat weights of the network after that epoch, if it is not the last and ``update`` was given them.
    """

    def __init__(self, loss, targets, weights, patience, errors=1.0):
        self.loss = loss
        self.targets = targets
        self.weights = weights.astype(np.float64)
        self.patience = patience
        self.errors = errors
        self.n_epochs = 0
        self.epoch, self.factor, self.network_weights = 0, 1.0, None
        self._best = 0, 1.0, None
        self._best_losses = None
        self._n_worse = 0

    @property
    def is_last(self):
        """Whether the last epoch is the one that is chosen."""
        return self.epoch == self.n_epochs

    def update(self, outputs, network_weights=None):
        """Take the outputs (n_outputs, columns) for the held-out data after an epoch; return whether to stop."""
        self.n_epochs += 1
        factor, losses = calibrate(self.loss, outputs, self.targets, self.weights)
        difference, error = self._behind_best(losses)
        if difference < 0:
            kept = None if network_weights is None else network_weights.copy()
            self._best, self._best_losses = (self.n_epochs, factor, kept), losses
        worse = difference > self.errors * error
        self._n_worse = self._n_worse + 1 if worse else 0
        self.epoch, self.factor, self.network_weights = self._best if worse else (self.n_epochs, factor, None)
        return self._n_worse >= self.patience

    def _behind_best(self, losses):
        """Return by how much the mean loss is above the best one, and the standard error of that difference."""
        if self._best_losses is None:
            return -np.inf, 0.0
        differences = losses - self._best_losses
        total = self.weights.sum()
        mean = np.dot(self.weights, differences) / total
        return mean, np.sqrt(np.dot(self.weights**2, (differences - mean) ** 2)) / total
