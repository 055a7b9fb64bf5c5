"""Dropout with one mask a sequence."""


class Dropout:
    """Set units to zero with probability ``rate`` while training, and scale the others by 1 / (1 - rate).

    A mask is drawn for each sequence and kept over its steps (Gal & Ghahramani 2016), so that what a unit
    carries through time is not broken by noise at every step.
    """

    def __init__(self, rate):
        self.rate = rate

    def mask(self, random_state, units, batch, dtype):
        """Return a mask (units, batch) of 0 and 1 / (1 - rate), or None where nothing is dropped."""
        if not self.rate or random_state is None:
            return None
        kept = random_state.random_sample((units, batch)) >= self.rate
        return kept.astype(dtype) / dtype.type(1 - self.rate)
