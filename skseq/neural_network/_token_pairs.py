"""Pairs of token sequences, sources and targets, to what a network reads."""

from collections import Counter
from typing import NamedTuple

import numpy as np

from skseq._validation import check_same_length, check_sample_weight
from skseq.sequences import Sequences

from ._merged_rows import equal_rows
from ._vocabulary import Vocabulary, read_token_sequences, read_tokens


class Pairs(NamedTuple):
    """Sources and targets as lists of lists of tokens, their kinds, and which rows of X they are."""

    source_kind: str
    sources: list
    target_kind: str
    targets: list
    rows: np.ndarray


def read_pairs(X, y, sample_weight):
    """Return (:class:`Pairs`, their weights), without those of a weight of zero."""
    source_kind, sources = read_token_sequences(X, "X")
    target_kind, targets = _read_targets(y, len(sources))
    weights = check_sample_weight(sample_weight, len(sources))
    rows = np.flatnonzero(weights)
    sources, targets = [sources[row] for row in rows], [targets[row] for row in rows]
    return Pairs(source_kind, sources, target_kind, targets, rows), weights[rows]


def merge_equal_pairs(pairs, weights):
    """Return the distinct pairs in a canonical order and their weights added up, or the same if they are too many."""
    groups = equal_rows((tuple(map(tuple, pair)) for pair in zip(pairs.sources, pairs.targets)), weights)
    if groups is None:
        return pairs, weights
    firsts = [rows[0] for rows in groups]
    sources, targets = [pairs.sources[row] for row in firsts], [pairs.targets[row] for row in firsts]
    merged = pairs._replace(sources=sources, targets=targets, rows=pairs.rows[firsts])
    return merged, np.array([weights[rows].sum() for rows in groups])


def _read_targets(y, n_rows):
    if y is None:
        raise ValueError(
            "This estimator requires y to be passed, but the target y is None. Give the target of each source."
        )
    kind, targets = read_token_sequences(y, "y", may_be_empty=True)
    check_same_length(n_rows, targets)
    return kind, targets


class PairCoder:
    """The vocabularies of both sides, and what else training has seen of them.

    Parameters
    ----------
    pairs : Pairs
    min_frequency : int
        Source tokens that occur less often are unknown.
    source_tokens, target_tokens : iterable or None
        All tokens of a side, if ``pairs`` need not show them.

    Attributes
    ----------
    sources, targets : Vocabulary
    longest_target : int
        The most tokens of a target that was encoded.
    knows_unknown : bool
        Whether unknown source tokens were encoded for training.
    """

    def __init__(self, pairs, min_frequency, source_tokens=None, target_tokens=None):
        self.longest_target, self.knows_unknown = 0, False
        if not any(pairs.targets):
            raise ValueError("All targets y are empty, so there is nothing to learn. Give targets with tokens.")
        if source_tokens is None:
            counts = Counter(token for tokens in pairs.sources for token in tokens)
            known = [token for token, count in counts.items() if count >= min_frequency]
        else:
            known = read_tokens(source_tokens, pairs.source_kind, "source_tokens")
        self.sources = Vocabulary(pairs.source_kind, known)
        if target_tokens is None:
            known = {token for tokens in pairs.targets for token in tokens}
        else:
            known = read_tokens(target_tokens, pairs.target_kind, "target_tokens")
        self.targets = Vocabulary(pairs.target_kind, known)

    def check_named(self, source_tokens=None, target_tokens=None):
        """Raise if a later call names other tokens than the first."""
        for name, tokens, known in (
            ("source_tokens", source_tokens, self.sources),
            ("target_tokens", target_tokens, self.targets),
        ):
            if tokens is not None and read_tokens(tokens, known.kind, name) != set(known.tokens):
                raise ValueError(f"{name} are not those of the first call. Name the same at every call, or None.")

    def read_targets(self, y, n_rows):
        """Return the targets y as lists of tokens, one for each of ``n_rows`` sources."""
        kind, targets = _read_targets(y, n_rows)
        self.targets.check_kind(kind, "y")
        return targets

    def encode_pairs(self, pairs):
        """Return the ids of the sources and of the targets for training, two lists of arrays."""
        self.sources.check_kind(pairs.source_kind, "X")
        self.targets.check_kind(pairs.target_kind, "y")
        sources = [self.sources.encode(tokens) for tokens in pairs.sources]
        cure = "Name all tokens at the first call (target_tokens of partial_fit), or fit a new estimator."
        targets = self._target_ids(pairs.targets, pairs.rows, cure)
        self.knows_unknown = self.knows_unknown or not all(ids.all() for ids in sources)
        self.longest_target = max(self.longest_target, *map(len, targets))
        return sources, targets

    def _target_ids(self, targets, rows, cure):
        encoded = [self.targets.encode(tokens) for tokens in targets]
        for row, tokens, ids in zip(rows, targets, encoded):
            if not ids.all():
                step = int(ids.argmin())
                raise ValueError(
                    f"y[{row}] holds the token {tokens[step]!r} at step {step}, for which the network has no output: "
                    f"its targets are made of the tokens of the first fit. {cure}"
                )
        return encoded

    def encode_targets(self, y, n_rows):
        """Return the ids of targets to evaluate, a list of arrays."""
        tokens = self.read_targets(y, n_rows)
        return self._target_ids(tokens, range(n_rows), "Leave it out, or train on targets with this token too.")

    def encode_sources(self, X):
        """Return the ids of sources to translate, a list of arrays."""
        kind, sources = read_token_sequences(X, "X")
        self.sources.check_kind(kind, "X")
        encoded = [self.sources.encode(tokens) for tokens in sources]
        if not self.knows_unknown:
            for i, (tokens, ids) in enumerate(zip(sources, encoded)):
                if not ids.all():
                    step = int(ids.argmin())
                    raise ValueError(
                        f"X[{i}] holds the token {tokens[step]!r} at step {step}, which was not in the sources of fit. "
                        "Leave it out; or set min_frequency=2 and fit on sources with some rare tokens, from which the "
                        "network learns what to make of unknown ones."
                    )
        return encoded


def lay_out(sources, targets=None):
    """Return (:class:`Sequences`, targets (total_target_steps,)) for ids of sources and, if given, of targets.

    The context holds the tokens before each step of a target: 0 for the beginning, then its tokens; -1 beyond its end.
    The targets are its tokens, then 0 for the end, those of all sources one after another.
    """
    lengths = np.array([len(ids) for ids in sources], dtype=np.intp)
    values = np.concatenate(sources)
    if targets is None:
        return Sequences(values, lengths, "token lists", "list"), None
    longest = max(map(len, targets))
    context = np.full((len(targets), longest + 1), -1, dtype=np.int32)
    context[:, 0] = 0
    for own, ids in zip(context, targets):
        own[1 : len(ids) + 1] = ids
    end = np.zeros(1, dtype=np.intp)
    laid = np.concatenate([part for ids in targets for part in (ids, end)])
    return Sequences(values, lengths, "token lists", "list", context), laid
