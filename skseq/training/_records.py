"""What an epoch leaves behind."""

from dataclasses import dataclass, field

#: Columns of a history's table, in their order.
COLUMNS = (
    "epoch",
    "loss",
    "validation_loss",
    "validation_score",
    "grad_norm",
    "clipped",
    "learning_rate",
    "seconds",
)


@dataclass(frozen=True)
class EpochRecord:
    """One epoch.

    Attributes
    ----------
    epoch : int
        From 1.
    loss : float
        Weighted mean over the training sequences, as they were visited.
    grad_norm : float
        Mean norm of the gradient over the steps, before clipping.
    clipped : float
        Share of the steps that were clipped.
    learning_rate : float
    seconds : float
    validation_loss, validation_score : float or None
    """

    epoch: int
    loss: float
    grad_norm: float
    clipped: float
    learning_rate: float
    seconds: float
    validation_loss: float | None = None
    validation_score: float | None = None


@dataclass
class History:
    """The records of all epochs so far."""

    records: list = field(default_factory=list)

    def curve(self, name):
        """Return one attribute of all records as a list; NaN stands for None."""
        values = [getattr(record, name) for record in self.records]
        return [float("nan") if value is None else value for value in values]

    def table(self):
        """Return all curves, a dict from name to list; those of the validation part only if any epoch had one."""
        validated = any(record.validation_loss is not None for record in self.records)
        names = [name for name in COLUMNS if validated or not name.startswith("validation")]
        return {name: self.curve(name) for name in names}
