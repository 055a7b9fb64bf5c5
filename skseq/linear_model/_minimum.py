"""Where a solver stopped."""

from dataclasses import dataclass

import numpy as np

#: In coordinates of curvature about one, a step along a gradient below this one changes an objective near
#: one by no more than a few times what float64 can tell.
ROUNDING_GRADIENT = 1e-6


@dataclass(frozen=True)
class Minimum:
    """Where a solver stopped.

    Attributes
    ----------
    point : ndarray
    n_iter : int
    gradient_norm : float
        Largest entry of the gradient.
    converged : bool
    """

    point: np.ndarray
    n_iter: int
    gradient_norm: float
    converged: bool


def largest(gradient):
    """Return the largest magnitude of an entry."""
    return float(np.abs(gradient).max())
