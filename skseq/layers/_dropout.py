"""Dropout with one mask a column."""


class Dropout:
    """Set units to zero with probability ``rate`` while training, and scale the others by 1 / (1 - rate).

    In a recurrent network a column is a sequence, whose mask is kept over its steps (Gal & Ghahramani 2016), so that
    what a unit carries through time is not broken by noise at every step. In a Transformer it is a step.
    """

    def __init__(self, rate):
        self.rate = rate

    def mask(self, random_state, units, batch, dtype):
        """Return a mask (units, batch) of 0 and 1 / (1 - rate), or None where nothing is dropped."""
        if not self.rate or random_state is None:
            return None
        kept = random_state.random_sample((units, batch)) >= self.rate
        return kept.astype(dtype) / dtype.type(1 - self.rate)
