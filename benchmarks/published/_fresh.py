"""Training on sequences that are drawn anew all the time, as the first papers on long gaps did."""

import numpy as np

#: Sequences of one call of partial_fit.
CHUNK = 1000
#: Sequences that the papers tested on.
TESTED = 2560
#: Training is held to be done when so many of the latest sequences came out right before they were learnt from.
RIGHT_IN_A_ROW = 2000


def training_seed(seed, chunk):
    """Return the seed of a chunk; no other chunk of any run has it."""
    return 10_000 * (seed + 1) + chunk


def test_seed(seed):
    """Return the seed of what a run is tested on."""
    return 1_500_000_000 + seed


def validation_seed(seed):
    """Return the seed of what a candidate is judged on."""
    return 2_000_000_000 + seed


def learn(model, draw, chunks, seed, count_wrong, **first_call):
    """Train on so many chunks of fresh sequences; return how many of each, from the second, came out wrong before.

    Parameters
    ----------
    model : estimator with partial_fit
    draw : callable
        ``draw(n, seed)`` returns n sequences and their targets.
    chunks, seed : int
    count_wrong : callable
        ``count_wrong(model, X, y)``.
    **first_call : keywords of the calls of partial_fit
    """
    wrong = []
    for k in range(chunks):
        X, y = draw(CHUNK, training_seed(seed, k))
        if k:
            wrong.append(count_wrong(model, X, y))
        model.partial_fit(X, y, **first_call)
    return wrong


def sequences_until_right(wrong):
    """Return how many sequences had been presented when the latest 2,000 were all right, None if it never came."""
    needed = RIGHT_IN_A_ROW // CHUNK
    for k in range(needed, len(wrong) + 1):
        if not any(wrong[k - needed : k]):
            return (k + 1) * CHUNK
    return None


def as_float32(X):
    """Return sequences in float32, the faster."""
    return X.astype(np.float32) if isinstance(X, np.ndarray) else [x.astype(np.float32) for x in X]


def thousands(numbers):
    """Return a text like ``9,000 (8,000 to 11,000)``: the mean, the least and the greatest; "never" among them."""
    if any(number is None for number in numbers):
        never = sum(number is None for number in numbers)
        return f"never in {never} of {len(numbers)} runs"
    return f"{np.mean(numbers):,.0f} ({min(numbers):,} to {max(numbers):,})"
