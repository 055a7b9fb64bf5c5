"""Beam search: the targets that a decoder finds most probable, for all sources of a batch at once."""

import numpy as np

#: The power of the length in the scores, alpha of Wu et al. (2016).
LENGTH_PENALTY = 0.6


def beam_search(decoder, n, max_steps, length_penalty=LENGTH_PENALTY):
    """Return the best target found for each of ``n`` sources: a list of arrays of token ids, without the end.

    At each step, the ``decoder.beams`` most probable continuations of all targets at hand are kept. A target that ends
    is set aside and leaves one place less (Sutskever et al. 2014), so a beam of one is the greedy choice. Of those set
    aside, the best has the largest score ln p(y | x) / ((5 + |y|) / 6)^alpha, |y| its steps with the end (Wu et
    al. 2016). Targets of ``max_steps`` tokens must end. A source is done, and leaves the batch, when no target at hand
    can come to a better score.

    Parameters
    ----------
    decoder : StepDecoder or the like
        With ``beams``, ``step``, ``follow`` and ``take``.
    n, max_steps : int
    length_penalty : float, default=0.6
        alpha; 0 compares probabilities.

    Returns
    -------
    list of ndarray, intp
        None for a source whose probabilities are not finite.
    """
    found = [None] * n
    beam = _Beam(n, decoder.beams, max_steps, length_penalty)
    for t in range(max_steps + 1):
        log_probabilities = decoder.step(beam.tokens)
        finite = np.isfinite(log_probabilities).all(axis=(1, 2))
        if t == max_steps:
            beam.end(log_probabilities[:, :, 0])
            done = np.ones(len(finite), dtype=bool)
        else:
            decoder.follow(beam.extend(log_probabilities))
            done = beam.is_done() | ~finite
        for row in np.flatnonzero(done & finite):
            found[beam.sources[row]] = beam.best[row]
        if done.all():
            break
        # Memory is copied when rows leave, so some wait for others; what they find meanwhile is not better.
        if done.sum() * 4 >= len(done) or not finite.all():
            rows = np.flatnonzero(~done)
            beam.take(rows)
            decoder.take(rows)
    return found


class _Beam:
    """The targets at hand of every source, and the best that has ended.

    Attributes
    ----------
    sources : ndarray of shape (rows,)
        Which source each row is.
    tokens : ndarray of shape (rows, beams)
        The last token of each target.
    best : list of ndarray
    """

    def __init__(self, n, beams, max_steps, length_penalty):
        self.sources = np.arange(n)
        self.best = [None] * n
        self.best_score = np.full(n, -np.inf)
        self._totals = np.full((n, beams), -np.inf)  # ln p of each target at hand, -inf in empty places
        self._totals[:, 0] = 0
        self._places = np.full(n, beams)
        self._history = np.zeros((n, beams, 16), dtype=np.intp)
        self._length = 0
        self._length_penalty = length_penalty
        self._longest = self._normalizer(max_steps + 1)

    def _normalizer(self, length):
        return ((5 + length) / 6) ** self._length_penalty

    @property
    def tokens(self):
        """The last token of each target, 0 at the beginning."""
        return self._history[:, :, self._length - 1] if self._length else self._history[:, :, 0]

    def extend(self, log_probabilities):
        """Keep the best continuations; return which target each of them continues, (rows, beams)."""
        n, beams, n_tokens = log_probabilities.shape
        scores = (self._totals[:, :, None] + log_probabilities).reshape(n, -1)
        kept = _largest(scores, beams)
        parents, tokens = np.divmod(kept, n_tokens)
        totals = np.take_along_axis(scores, kept, axis=1)
        totals[np.arange(beams) >= self._places[:, None]] = -np.inf
        ended = (tokens == 0) & (totals > -np.inf)
        self._set_aside(ended, totals, parents)
        self._places -= ended.sum(axis=1)
        self._totals = np.where(tokens == 0, -np.inf, totals)
        if self._length == self._history.shape[2]:
            self._history = np.concatenate([self._history, np.zeros_like(self._history)], axis=2)
        self._history = np.take_along_axis(self._history, parents[:, :, None], axis=1)
        self._history[:, :, self._length] = tokens
        self._length += 1
        return parents

    def end(self, log_probabilities):
        """End every target at hand, with the ``log_probabilities`` (rows, beams) of the end."""
        totals = self._totals + log_probabilities
        self._set_aside(totals > -np.inf, totals, np.broadcast_to(np.arange(totals.shape[1]), totals.shape))

    def _set_aside(self, ended, totals, parents):
        """Compare the targets that have ended with the best one so far."""
        scores = np.where(ended, totals / self._normalizer(self._length + 1), -np.inf)
        places = scores.argmax(axis=1)
        scores = scores[np.arange(len(scores)), places]
        for row in np.flatnonzero(scores > self.best_score):
            self.best_score[row] = scores[row]
            self.best[row] = self._history[row, parents[row, places[row]], : self._length].copy()

    def is_done(self):
        """Return for each row whether nothing at hand can become better than what has ended."""
        return self.best_score >= self._totals.max(axis=1) / self._longest

    def take(self, rows):
        """Go on with these rows only."""
        self.sources, self.best_score, self._places = self.sources[rows], self.best_score[rows], self._places[rows]
        self._totals, self._history = self._totals[rows], self._history[rows]
        self.best = [self.best[row] for row in rows]


def _largest(scores, count):
    """Return the places of the ``count`` largest of each row, the largest first; of equal ones, the first."""
    if count == 1:
        return scores.argmax(axis=1)[:, None]
    if count < scores.shape[1]:
        kept = np.sort(np.argpartition(-scores, count - 1, axis=1)[:, :count], axis=1)
    else:
        kept = np.broadcast_to(np.arange(scores.shape[1]), scores.shape)
    order = np.argsort(-np.take_along_axis(scores, kept, axis=1), axis=1, kind="stable")
    return np.take_along_axis(kept, order, axis=1)
