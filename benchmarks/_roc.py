"""Operating points of classifiers, and the area under them."""

import numpy as np

CORNERS = [[0.0, 0.0], [1.0, 1.0]]


def with_corners(points):
    """Return the points, (0, 0) and (1, 1), by false positive rate and then by true positive rate.

    Parameters
    ----------
    points : array-like of shape (n_points, 2)
        (false positive rate, true positive rate), each between 0 and 1.
    """
    points = np.vstack([np.reshape(points, (-1, 2)), CORNERS])
    return points[np.lexsort((points[:, 1], points[:, 0]))]


def area(points):
    """Return the area under the line through the points and both corners, by the trapezoidal rule."""
    x, y = with_corners(points).T
    return float((np.diff(x) * (y[1:] + y[:-1]) / 2).sum())


def convex_hull(points):
    """Return the upper convex hull of the points and both corners, from (0, 0) to (1, 1).

    What lies below it is never the best choice, whatever the costs (F. Provost and T. Fawcett (2001). Robust
    classification for imprecise environments. Machine Learning 42, 203-231).
    """
    hull = []
    for point in with_corners(points):
        while len(hull) > 1 and _turn(hull[-2], hull[-1], point) >= 0:
            hull.pop()
        hull.append(point)
    return np.array(hull)


def _turn(a, b, c):
    """Return twice the area of a triangle, positive if b lies below the line from a to c."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
