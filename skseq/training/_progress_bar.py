"""A progress bar: of rich or tqdm where one of them is installed, else of plain text."""

import shutil
import sys
from importlib import import_module
from importlib.util import find_spec
from time import perf_counter

#: Characters of the bar of plain text.
BAR = 30


class ProgressBar:
    """Show how many epochs are done, the last losses and the time left.

    Nothing is written where the output is neither a terminal nor a notebook.

    Parameters
    ----------
    first : int
        Epochs that are done already.
    max_epochs : int
    stream : file, default=sys.stderr
    """

    def __init__(self, first, max_epochs, stream=None):
        self.first = first
        self.max_epochs = max_epochs
        self.stream = stream

    def __enter__(self):
        self._bar = self._open(self.stream or sys.stderr)
        return self

    def __call__(self, record):
        """Show the record."""
        if self._bar is not None:
            self._bar.show(record.epoch, describe(record))

    def __exit__(self, *exception):
        if self._bar is not None:
            self._bar.close()

    def _open(self, stream):
        """Return the bar, None where there is nobody to see it."""
        if stream is None:  # a program without a console
            return None
        try:
            return _RichBar.open(self.first, self.max_epochs, stream)
        except ImportError:
            pass
        if not (stream.isatty() or _is_notebook(stream)):
            return None
        try:
            return _TqdmBar(self.first, self.max_epochs, stream)
        except ImportError:
            return _TextBar(self.first, self.max_epochs, stream)


def describe(record):
    """Return the losses of a record as text."""
    text = f"loss {record.loss:.4f}"
    if record.validation_loss is not None:
        text += f"  validation loss {record.validation_loss:.4f}  score {record.validation_score:.3f}"
    return text


class _RichBar:
    """A bar of rich."""

    @classmethod
    def open(cls, first, max_epochs, stream):
        """Return a bar, None if the stream is neither a terminal nor a notebook."""
        rich = import_module("rich.progress")
        console = import_module("rich.console").Console(file=stream)
        if (console.is_jupyter or _is_notebook(stream)) and find_spec("ipywidgets") is None:
            raise ImportError("rich shows nothing in a notebook without ipywidgets")
        return cls(rich, console, first, max_epochs) if console.is_terminal or console.is_jupyter else None

    def __init__(self, rich, console, first, max_epochs):
        columns = [
            rich.TextColumn("epoch"),
            rich.MofNCompleteColumn(),
            rich.BarColumn(),
            rich.TextColumn("{task.description}"),
            rich.TimeRemainingColumn(),
        ]
        self._progress = rich.Progress(*columns, console=console)
        self._progress.start()
        self._task = self._progress.add_task("", total=max_epochs, completed=first)

    def show(self, epoch, text):
        self._progress.update(self._task, completed=epoch, description=text)

    def close(self):
        self._progress.stop()


class _TqdmBar:
    """A bar of tqdm."""

    def __init__(self, first, max_epochs, stream):
        tqdm = import_module("tqdm").tqdm
        self._tqdm = tqdm(total=max_epochs, initial=first, file=stream, unit="epoch", dynamic_ncols=True)

    def show(self, epoch, text):
        self._tqdm.set_postfix_str(text, refresh=False)
        self._tqdm.update(epoch - self._tqdm.n)

    def close(self):
        self._tqdm.close()


class _TextBar:
    """A line of text that is written again and again."""

    def __init__(self, first, max_epochs, stream):
        self._first = first
        self._max_epochs = max_epochs
        self._stream = stream
        self._begin = perf_counter()
        self._shown = 0

    def show(self, epoch, text):
        done = epoch / self._max_epochs
        left = (perf_counter() - self._begin) / max(1, epoch - self._first) * (self._max_epochs - epoch)
        bar = ("#" * round(BAR * done)).ljust(BAR, ".")
        line = f"epoch {epoch:>{len(str(self._max_epochs))}}/{self._max_epochs} [{bar}] {duration(left)} left  {text}"
        line = line[: shutil.get_terminal_size().columns - 1]  # a longer one would be written below, not over
        self._stream.write("\r" + line.ljust(self._shown))
        self._stream.flush()
        self._shown = len(line)

    def close(self):
        if self._shown:
            self._stream.write("\n")
            self._stream.flush()


def _is_notebook(stream):
    """Return whether what is written appears below a cell of a notebook, where lines can be written over, too."""
    return type(stream).__module__ == "ipykernel.iostream"


def duration(seconds):
    """Return a time as text: minutes and seconds, or hours, minutes and seconds."""
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
