"""Minibatches: which sequences, and their steps side by side."""

import numpy as np

from skseq.layers import StepBatch

from ._micro_batches import micro_batches

#: Sequences predicted at once by one thread alone; larger batches leave the cache. Several threads take larger ones,
#: whose longer calls get less in each other's way.
PREDICTION_BATCH = 512

#: Values of a hidden state (sequences times units) predicted at once.
PREDICTION_STATE = 65_536

#: Sequences that are transposed together: for each feature, a cache line of every one of them is read again and again.
TRANSPOSED_ROWS = 64

#: Batches among which sequences of like length are put together in training.
POOL_BATCHES = 8

#: Share of the mean length by which lengths are blurred before like lengths are put together.
BLUR = 0.05

#: Values that a network holds for all steps of a prediction batch, so that long sequences do not ask for much memory.
PREDICTION_VALUES = 4_000_000


def draw_batch(sequences, rows, workspace, dtype, window=None):
    """Return (batch, rows), the rows sorted by descending length if the lengths differ.

    Parameters
    ----------
    sequences : object with ``values``, ``lengths``, ``starts`` and ``equal_steps``
        See :class:`skseq.sequences.Sequences`; its ``context``, if any, comes along.
    rows : ndarray of shape (batch,), intp
    workspace : Workspace
    dtype : dtype
        Of the values; token ids keep theirs.
    window : tuple of (int, int), optional
        Draw these steps only, from start to stop, of sequences that have the first of them at least.

    Returns
    -------
    batch : StepBatch
        Beyond its end a sequence repeats its last step: finite, and no valid step depends on it.
    rows : ndarray of shape (batch,)
    """
    values = sequences.values
    start, stop = window if window is not None else (0, None)
    lengths = sequences.lengths[rows] - start
    if window is not None:
        lengths = np.minimum(lengths, stop - start)
    if sequences.equal_steps is None:
        order = np.argsort(-lengths, kind="stable")
        rows, lengths = rows[order], lengths[order]
    floats = dtype
    if values.ndim == 1:
        dtype = values.dtype
    out = workspace.array("batch.values", (int(lengths[0]), *values.shape[1:], len(rows)), dtype)
    columns = out.reshape(-1, len(rows))
    for first in range(0, len(rows), TRANSPOSED_ROWS):
        block = slice(first, min(first + TRANSPOSED_ROWS, len(rows)))
        columns[:, block] = _steps_of(sequences, rows[block], start, lengths[block], len(out)).T
    return StepBatch(out, lengths, _context_of(sequences, rows, floats)), rows


def _context_of(sequences, rows, dtype):
    """Return what is known of each of the sequences ``rows`` as a whole, (..., rows); ids keep their dtype."""
    if sequences.context is None:
        return None
    context = np.ascontiguousarray(np.moveaxis(sequences.context[rows], 0, -1))
    return context if context.dtype.kind in "iu" else context.astype(dtype, copy=False)


def target_places(network, sequences, batch, rows, start=0):
    """Return where the targets of the columns of a network's outputs stand: one a sequence, or several.

    Parameters
    ----------
    network : RecurrentNetwork or the like
        With ``every_step``, the targets are laid out like ``sequences.values``; with ``every_context_step``, like the
        ids of all contexts end to end.
    sequences : Sequences
    batch, rows
        What :func:`draw_batch` returned.
    start : int, default=0
        The step of the sequences that is the first of the batch.
    """
    if network.every_step:
        steps, columns = batch.places
        return sequences.starts[rows][columns] + (start + steps)
    if network.every_context_step:
        steps, columns = np.nonzero(batch.context >= 0)
        return sequences.context_starts[rows][columns] + steps
    return rows


def all_places(network, sequences, rows):
    """Return where the targets of ``rows`` stand, in their order."""
    if network.every_step:
        return sequences.step_rows(rows)
    return sequences.context_rows(rows) if network.every_context_step else rows


def targets_per_row(network, sequences):
    """Return the mean number of targets of a sequence."""
    if network.every_step:
        return float(sequences.lengths.mean())
    return float(sequences.context_lengths.mean()) if network.every_context_step else 1


def _steps_of(sequences, rows, start, lengths, steps):
    """Return the values of each row side by side, (rows, steps * features); the last step is repeated."""
    if sequences.equal_steps == steps:
        return sequences.values.reshape(len(sequences.lengths), -1).take(rows, axis=0)
    places = sequences.starts[rows, None] + start + np.minimum(np.arange(steps), lengths[:, None] - 1)
    return sequences.values.take(places, axis=0).reshape(len(rows), -1)


def windows_of(rows, lengths, window_steps):
    """Yield (rows that have its first step, window) for each window of some sequences' steps, for truncated BPTT.

    The window is None where there is only one. Rows stay in one order, longest first, so that what is carried from
    window to window belongs to the first columns of the next.
    """
    if window_steps is None:
        yield rows, None
        return
    order = np.argsort(-lengths, kind="stable")
    rows, lengths = rows[order], lengths[order]
    for start in range(0, int(lengths[0]), window_steps):
        yield rows[lengths > start], (start, start + window_steps)


def epoch_batches(n, batch_size, random_state, lengths=None):
    """Yield the rows of each minibatch of one epoch.

    Parameters
    ----------
    n, batch_size : int
    random_state : RandomState or None
        Draws the minibatches; None keeps the order of the data.
    lengths : ndarray of shape (n,), optional
        Lengths that differ. A batch takes as long as its longest sequence, so batches are then drawn from pools of
        :data:`POOL_BATCHES` batches, sequences of like length together. Lengths are blurred a little first, so
        that no two sequences always meet.
    """
    firsts = np.arange(0, n, batch_size)
    if random_state is None:
        order = np.arange(n)
    else:
        order = random_state.permutation(n)
        if lengths is not None and len(firsts) > 1:
            blurred = lengths[order] + BLUR * lengths.mean() * random_state.uniform(-1, 1, size=n)
            pools = np.arange(n) // (POOL_BATCHES * batch_size)
            order = order[np.lexsort((blurred, pools))]
            firsts = random_state.permutation(firsts)
    for first in firsts:
        yield order[first : first + batch_size]


def rows_in_order(lengths, batch_size):
    """Yield the rows of batches of at most ``batch_size`` sequences, in the order of the data, by micro-batches."""
    for first in range(0, len(lengths), batch_size):
        for places in micro_batches(lengths[first : first + batch_size]):
            yield first + places


def prediction_batches(sequences, units=1, values_per_step=1, parts=1, values_per_sequence=0):
    """Return a list of rows for prediction: sequences of like length together, in bounded memory.

    Parameters
    ----------
    sequences : Sequences
    units : int, default=1
        Of the widest layer.
    values_per_step : int, default=1
        The most that the network holds for each step between its layers; the inputs may be wider.
    parts : int, default=1
        Threads that share the batches, whose number is a multiple of this, as far as rows and memory allow.
    values_per_sequence : int, default=0
        What the network holds for a sequence as a whole.
    """
    lengths, n = sequences.lengths, len(sequences.lengths)
    ragged = sequences.equal_steps is None
    order = np.argsort(-lengths, kind="stable") if ragged else np.arange(n)
    widest = max(values_per_step, sequences.values.size // len(sequences.values))
    most = max(1, min(PREDICTION_BATCH * parts, PREDICTION_STATE // units))
    rounds = -(-n // (parts * most))
    most = -(-n // (parts * rounds))  # even shares: no thread waits for another's last batch
    batches, first, mean_steps = [], 0, float(lengths.mean())
    while first < n:
        longest = int(lengths[order[first]])
        size = min(most, max(1, PREDICTION_VALUES // (longest * widest + values_per_sequence)))
        together = order[first : first + parts * size]
        for places in micro_batches(lengths[together], mean_steps=mean_steps):
            alike = together[places]
            batches.extend(alike[part::parts] for part in range(min(parts, len(alike))))
        first += len(together)
    return batches
