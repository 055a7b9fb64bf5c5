"""Work on many rows, shared by threads."""

import numpy as np

from skseq._threads import PARTS, Crew

#: Values below which a thread costs more than it saves.
LEAST_VALUES = 1 << 17


def in_parts(function, n, size):
    """Call ``function(start, stop)`` for parts that make up ``n`` rows, and return what it returned, in order.

    Parameters
    ----------
    function : callable
        Must spend its time in NumPy; the parts may run at once.
    n : int
    size : int
        Values of a row, by which it is decided whether threads pay.
    """
    with Crew(PARTS if n * size > LEAST_VALUES else 1) as crew:
        bounds = np.linspace(0, n, crew.threads + 1).astype(int).tolist()
        return crew.map(function, bounds[:-1], bounds[1:])


def chunks(start, stop, size, values):
    """Yield slices from ``start`` to ``stop``, each of rows that hold ``values`` values of ``size`` a row."""
    step = max(1, values // max(1, size))
    for begin in range(start, stop, step):
        yield slice(begin, min(begin + step, stop))
