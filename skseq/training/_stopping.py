"""Early stopping on the validation loss or on a score, with the best weights kept."""


class EarlyStopping:
    """Watch the validation data and keep the best weights.

    Parameters
    ----------
    patience : int
        Number of epochs without an improvement of more than ``tol`` after which training stops.
    tol : float
    by_score : bool, default=False
        Whether the highest validation score is best, rather than the lowest validation loss. Among epochs of equal
        scores, the loss decides.

    Attributes
    ----------
    best_epoch : int
        0 before the first epoch.
    best_weights : ndarray or None
    """

    def __init__(self, patience, tol, by_score=False):
        self.patience = patience
        self.tol = tol
        self.by_score = by_score
        self.best_epoch = 0
        self.best_weights = None
        self._best = (float("inf"), float("inf"))
        self._reference = float("inf")
        self._waited = 0

    def update(self, record, weights):
        """Take the record of an epoch and the flat weights after it; return whether to stop."""
        cost = -record.validation_score if self.by_score else record.validation_loss
        if (cost, record.validation_loss) < self._best:
            self._best = (cost, record.validation_loss)
            self.best_epoch = record.epoch
            self.best_weights = weights.copy()
        if cost < self._reference - self.tol:
            self._reference = cost
            self._waited = 0
        else:
            self._waited += 1
        return self._waited >= self.patience
