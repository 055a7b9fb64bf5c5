"""Minibatches: which sequences, and their steps side by side."""

import numpy as np

from skseq.layers import StepBatch

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


def draw_batch(sequences, rows, workspace, dtype):
    """Return (batch, rows), the rows sorted by descending length if the lengths differ.

    Parameters
    ----------
    sequences : object with ``values``, ``lengths``, ``starts`` and ``equal_steps``
        See :class:`skseq.sequences.Sequences`.
    rows : ndarray of shape (batch,), intp
    workspace : Workspace
    dtype : dtype
        Of the values; token ids keep theirs.

    Returns
    -------
    batch : StepBatch
        Beyond its end a sequence repeats its last step: finite, and no valid step depends on it.
    rows : ndarray of shape (batch,)
    """
    values = sequences.values
    lengths = sequences.lengths[rows]
    if sequences.equal_steps is None:
        order = np.argsort(-lengths, kind="stable")
        rows, lengths = rows[order], lengths[order]
    if values.ndim == 1:
        dtype = values.dtype
    out = workspace.array("batch.values", (int(lengths[0]), *values.shape[1:], len(rows)), dtype)
    columns = out.reshape(-1, len(rows))
    for first in range(0, len(rows), TRANSPOSED_ROWS):
        block = slice(first, min(first + TRANSPOSED_ROWS, len(rows)))
        columns[:, block] = _steps_of(sequences, rows[block], lengths[block], len(out)).T
    return StepBatch(out, lengths), rows


def _steps_of(sequences, rows, lengths, steps):
    """Return the values of each row side by side, (rows, steps * features); the last step is repeated."""
    if sequences.equal_steps is not None:
        return sequences.values.reshape(len(sequences.lengths), -1).take(rows, axis=0)
    places = sequences.starts[rows, None] + np.minimum(np.arange(steps), lengths[:, None] - 1)
    return sequences.values.take(places, axis=0).reshape(len(rows), -1)


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


def prediction_batches(sequences, units=1, values_per_step=1, parts=1):
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
    """
    lengths, n = sequences.lengths, len(sequences.lengths)
    ragged = sequences.equal_steps is None
    order = np.argsort(-lengths, kind="stable") if ragged else np.arange(n)
    widest = max(values_per_step, sequences.values.size // len(sequences.values))
    most = max(1, min(PREDICTION_BATCH * parts, PREDICTION_STATE // units))
    rounds = -(-n // (parts * most))
    most = -(-n // (parts * rounds))  # even shares: no thread waits for another's last batch
    batches, first = [], 0
    while first < n:
        longest = int(lengths[order[first]])
        size = min(most, max(1, PREDICTION_VALUES // (longest * widest)))
        together = order[first : first + parts * size]
        batches.extend(together[part::parts] for part in range(min(parts, len(together))))
        first += len(together)
    return batches
