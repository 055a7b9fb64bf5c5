"""Early stopping on the validation loss, with the best weights restored."""


class EarlyStopping:
    """Watch the validation loss and keep the weights that made it least.

    Parameters
    ----------
    patience : int
        Epochs without an improvement of more than ``tol`` after which training stops.
    tol : float
    """

    def __init__(self, patience, tol):
        self.patience = patience
        self.tol = tol
        self.best_loss = float("inf")
        self.best_epoch = 0
        self.best_weights = None
        self._reference = float("inf")
        self._waited = 0

    def update(self, record, weights):
        """Take the record of an epoch and the flat weights after it; return whether to stop."""
        if record.validation_loss < self.best_loss:
            self.best_loss = record.validation_loss
            self.best_epoch = record.epoch
            self.best_weights = weights.copy()
        if record.validation_loss < self._reference - self.tol:
            self._reference = record.validation_loss
            self._waited = 0
        else:
            self._waited += 1
        return self._waited >= self.patience
