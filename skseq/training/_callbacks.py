"""Callbacks: called with the record of each epoch."""

import sys


class Progress:
    """Print one aligned line an epoch.

    Parameters
    ----------
    max_epochs : int
    stream : file, default=sys.stdout
    """

    def __init__(self, max_epochs, stream=None):
        self.max_epochs = max_epochs
        self.stream = stream

    def __call__(self, record):
        """Print the record."""
        line = f"epoch {record.epoch:>{len(str(self.max_epochs))}}/{self.max_epochs}  loss {record.loss:8.4f}"
        if record.validation_loss is not None:
            line += f"  validation loss {record.validation_loss:8.4f}  score {record.validation_score:6.3f}"
        line += f"  gradient {record.grad_norm:8.2e}  rate {record.learning_rate:7.1e}  {record.seconds:6.2f} s"
        print(line, file=self.stream or sys.stdout, flush=True)
