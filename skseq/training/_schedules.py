"""Learning rates by epoch."""

from math import cos, pi


class _Schedule:
    """A learning rate that may change after each epoch.

    Parameters
    ----------
    initial : float
    max_epochs : int
        Epochs that are planned.
    """

    def __init__(self, initial, max_epochs):
        self.initial = initial
        self.max_epochs = max_epochs
        self.rate = initial

    def has_settings_of(self, other):
        """Whether ``other`` began as this one did."""
        return (type(self), self.initial, self.max_epochs) == (type(other), other.initial, other.max_epochs)


class Constant(_Schedule):
    """The initial rate throughout."""

    def after_epoch(self, epoch, loss):
        """Note that ``epoch`` epochs are done, the last with this (validation) loss."""


class Cosine(_Schedule):
    """Half a cosine from the initial rate to a hundredth of it at the last epoch (Loshchilov & Hutter 2017).

    After the epochs that were planned it begins anew, as theirs does: training that goes on and on still learns.
    """

    floor = 0.01

    def after_epoch(self, epoch, loss):
        """Note that ``epoch`` epochs are done."""
        done = epoch % self.max_epochs / max(1, self.max_epochs - 1)
        self.rate = self.initial * (self.floor + (1 - self.floor) * (1 + cos(pi * done)) / 2)


class Plateau(_Schedule):
    """Halve the rate when the loss has not improved for five epochs, down to a thousandth."""

    patience, factor, floor = 5, 0.5, 1e-3

    def __init__(self, initial, max_epochs):
        super().__init__(initial, max_epochs)
        self.best = float("inf")
        self.waited = 0

    def after_epoch(self, epoch, loss):
        """Note that ``epoch`` epochs are done, the last with this (validation) loss."""
        if loss < self.best:
            self.best, self.waited = loss, 0
            return
        self.waited += 1
        if self.waited >= self.patience:
            self.rate = max(self.rate * self.factor, self.initial * self.floor)
            self.waited = 0


SCHEDULES = {"constant": Constant, "cosine": Cosine, "plateau": Plateau}
