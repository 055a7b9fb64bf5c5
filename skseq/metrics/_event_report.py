"""Events in sequences: runs of a label, found or missed as a whole."""

from numbers import Integral

import numpy as np
from sklearn.utils import Bunch

from skseq._validation import check_number, is_missing, refuse_masked
from skseq.sequences import check_no_missing_labels, check_same_steps, holds_steps, read_steps

#: Counts that add up over sequences.
_COUNTS = ("events", "found", "missed", "alarms", "false_alarms", "steps")


class EventReport(Bunch):
    """Counts of events and alarms, as :func:`event_report` returns them: a dict whose keys are attributes too.

    ``print`` shows the totals and the sequences one by one.

    Parameters
    ----------
    **kwargs : dict
        The counts.

    See Also
    --------
    event_report : Makes one from labels.

    Examples
    --------
    >>> from skseq.metrics import event_report
    >>> report = event_report([0, 0, 1, 1, 0], [0, 0, 0, 1, 0], positive=1)
    >>> report.found, report["delay"]
    (1, 1.0)
    """

    def __repr__(self):
        shown = self.get("per_sequence", [])[:10]
        rows = [["", "events", "found", "missed", "alarms", "false alarms", "mean delay"], _cells("all", self)]
        rows += [_cells(f"sequence {i}", counts) for i, counts in enumerate(shown)]
        widths = [max(map(len, column)) for column in zip(*rows)]
        lines = [
            "  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))])
            for row in rows
        ]
        more = len(self.get("per_sequence", [])) - len(shown)
        return "\n".join([*lines, *([f"... and {more} sequences more"] if more else [])])


def event_report(y_true, y_pred, *, positive, tolerance=0):
    """Count the events that predictions of each step find, miss and make up.

    An *event* is a run of steps in a row whose true label is ``positive``; an *alarm* is a run of steps in a row that
    are predicted so. Runs end with their sequence.

    Parameters
    ----------
    y_true : list of n array-likes of shape (steps_i,), array of shape (n, steps), or array-like of shape (steps,)
        True labels of the steps of n sequences, or of one.
    y_pred : as ``y_true``
        Predicted labels.
    positive : label
        The label of an event, such as ``"fault"`` or 1.
    tolerance : int, default=0
        Number of steps by which an alarm may come before an event or after it and still find it.

    Returns
    -------
    EventReport
        A dict whose keys are attributes too. In all, and for each sequence in the list ``per_sequence``:

        - events: number of events;
        - found: number of events of which at least one step, or one within ``tolerance`` steps before or after, is
          predicted to be positive;
        - missed: number of the other events;
        - alarms: number of alarms;
        - false_alarms: number of alarms of which no step lies in an event or within ``tolerance`` steps of one;
        - delays: for each event found, the number of steps from its first step to the first predicted one that finds
          it; negative, down to ``-tolerance``, where that comes earlier; an array of shape (found,), intp;
        - delay: their mean, None if no event is found;
        - steps: number of steps.

    Raises
    ------
    ValueError, TypeError
        If the labels are empty, differ in their numbers of sequences or steps, are probabilities or of another kind
        than ``positive``, or ``tolerance`` is not an integer of 0 or more.

    See Also
    --------
    imbalance_report : Recall, precision and more of each class, step by step.
    skseq.compose.MinimumCostClassifier : Decides every step by costs.

    Notes
    -----
    An event that several alarms touch is found once, and none of them is false. One alarm that touches several events
    finds each of them; if it began before an event, its delay is ``-tolerance``. A false alarm is a whole run,
    however long: an alarm that goes on after its event has ended is not false.

    Examples
    --------
    Two events in the first sequence, one of which is found a step late, and a false alarm in the second:

    >>> from skseq.metrics import event_report
    >>> y_true = [["ok", "fault", "fault", "ok", "ok", "fault"], ["ok", "ok", "ok"]]
    >>> y_pred = [["ok", "ok", "fault", "ok", "ok", "ok"], ["fault", "fault", "ok"]]
    >>> report = event_report(y_true, y_pred, positive="fault")
    >>> report
                events  found  missed  alarms  false alarms  mean delay
    all              2      1       1       2             1         1.0
    sequence 0       2      1       1       1             0         1.0
    sequence 1       0      0       0       1             1           -
    >>> report.false_alarms / report.steps
    0.11...
    """
    check_number("tolerance", tolerance, Integral, low=0)
    if np.ndim(positive) or is_missing(positive):
        raise ValueError(f"positive={positive!r} is not one label. Give the label of an event, such as 1 or 'fault'.")
    true, predicted = _read("y_true", y_true, positive), _read("y_pred", y_pred, positive)
    check_same_steps("y_true", true, "y_pred", predicted)
    counts = [_count(t == positive, p == positive, int(tolerance)) for t, p in zip(true, predicted)]
    delays = np.concatenate([part.delays for part in counts])
    totals = {name: sum(part[name] for part in counts) for name in _COUNTS}
    return EventReport(**totals, delays=delays, delay=_mean(delays), per_sequence=counts)


def _read(name, labels, positive):
    """Return one array (steps_i,) of labels for each sequence."""
    cure = "Give these steps a label that is not positive."
    refuse_masked(labels, name, cure)
    single = getattr(labels, "ndim", 0) < 2 and not holds_steps(labels)
    if single and hasattr(labels, "__len__") and not isinstance(labels, str):
        labels = [labels]
    rows = read_steps(name, labels)
    check_no_missing_labels(name, rows, cure)
    for i, row in enumerate(rows):
        if row.ndim > 1 or (row.dtype.kind == "f" and (row != np.round(row)).any()):
            raise ValueError(
                f"{name}[{i}] has shape {row.shape} and dtype {row.dtype}, expected one label for each step, shape "
                "(steps,). Give labels, not probabilities."
            )
        other = next((label for label in _of_each_kind(row) if _kind(label) is not _kind(positive)), None)
        if other is not None:
            raise ValueError(
                f"positive={positive!r} is of another kind than the labels in {name}[{i}], such as {other!r}. Give "
                "the label of an event as it is written there."
            )
    return rows


def _of_each_kind(row):
    """Return labels among which is one of each kind."""
    return row.tolist() if row.dtype.kind == "O" else row[:1].tolist()


def _kind(label):
    return str if isinstance(label, str) else bytes if isinstance(label, bytes) else None


def _count(true, predicted, tolerance):
    """Return the counts of one sequence, of which ``true`` and ``predicted`` tell the positive steps (steps,)."""
    tolerance = min(tolerance, len(true))  # more finds no more, and would overflow
    event_starts, event_ends = _runs(true)
    alarm_starts, alarm_ends = _runs(predicted)
    # The first predicted step from the beginning of an event on, a tolerance earlier.
    steps = np.append(np.flatnonzero(predicted), np.iinfo(np.intp).max)
    first = steps[np.searchsorted(steps, event_starts - tolerance)]
    found = first < event_ends + tolerance
    # An alarm touches an event if the last event that begins before the alarm ends does not end before it begins.
    before = np.searchsorted(event_starts - tolerance, alarm_ends)
    last_ends = np.append(event_ends + tolerance, np.iinfo(np.intp).min)[before - 1]
    touching = (before > 0) & (last_ends > alarm_starts)
    delays = (first - event_starts)[found]
    return EventReport(
        events=len(event_starts),
        found=int(found.sum()),
        missed=int((~found).sum()),
        alarms=len(alarm_starts),
        false_alarms=int((~touching).sum()),
        steps=len(true),
        delays=delays,
        delay=_mean(delays),
    )


def _runs(positive):
    """Return where the runs of true steps begin and where they have ended."""
    changes = np.diff(np.concatenate([[False], positive, [False]]).astype(np.int8))
    return np.flatnonzero(changes > 0), np.flatnonzero(changes < 0)


def _mean(delays):
    return float(delays.mean()) if len(delays) else None


def _cells(name, counts):
    delay = "-" if counts["delay"] is None else f"{counts['delay']:.1f}"
    return [name, *(str(counts[key]) for key in _COUNTS[:-1]), delay]
