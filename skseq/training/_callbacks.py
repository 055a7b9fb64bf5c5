"""Callbacks: called with the record of each epoch, as context managers that end with the training."""

import sys
from contextlib import nullcontext

from ._progress_bar import ProgressBar


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

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        return None

    def __call__(self, record):
        """Print the record."""
        line = f"epoch {record.epoch:>{len(str(self.max_epochs))}}/{self.max_epochs}  loss {record.loss:8.4f}"
        if record.validation_loss is not None:
            line += f"  validation loss {record.validation_loss:8.4f}  score {record.validation_score:6.3f}"
        line += f"  gradient {record.grad_norm:8.2e}  rate {record.learning_rate:7.1e}  {record.seconds:6.2f} s"
        print(line, file=self.stream or sys.stdout, flush=True)


def progress(verbose, first, max_epochs):
    """Return a context manager of what to call with each record.

    Parameters
    ----------
    verbose : int
        0 for nothing, 1 for a line an epoch, 2 or more for a bar.
    first : int
        Epochs that are done already.
    max_epochs : int
        Epochs there will be at the most, those included.
    """
    if not verbose:
        return nullcontext(lambda record: None)
    return Progress(max_epochs) if verbose == 1 else ProgressBar(first, max_epochs)
