"""The promises that hold for all input: a documented error, or a finite and invariant result."""

import ast
import linecache
import re
from functools import cache
from pathlib import Path

import numpy as np
from scipy import sparse

import skseq

PACKAGE = Path(skseq.__file__).parent
#: Words of which an error names at least one: what was wrong is an argument, or what was done before.
ARGUMENTS = {"X", "y", "y_true", "y_pred", "sample_weight", "fit", "fitted", "sequence", "sequences", "Pipeline"}


class Violation(Exception):
    """A promise that a public name breaks."""


def check_error(error, names):
    """Raise a Violation unless an error is one that a user can act on.

    It is a ValueError or TypeError that skseq raises on purpose and that names what is wrong, or one of scikit-learn,
    whose checks of X and y are its own.

    Parameters
    ----------
    error : Exception
    names : set of str
        Names of the parameters of what was called.
    """
    if not isinstance(error, (ValueError, TypeError)):
        raise Violation(f"{type(error).__name__}: {error}") from error
    frame = error.__traceback__
    while frame.tb_next:
        frame = frame.tb_next
    path = frame.tb_frame.f_code.co_filename
    if is_scikit_learns(path) or re.search("missing .* required|unexpected keyword", str(error)):
        return
    if not Path(path).is_relative_to(PACKAGE) or not is_raised(path, frame.tb_lineno):
        raise Violation(f"raised by accident at {path}:{frame.tb_lineno}: {error}") from error
    words = set(re.findall(r"\w+", str(error)))
    if not words & (names | ARGUMENTS):
        raise Violation(f"names no parameter: {error}") from error


@cache
def raised_lines(path):
    """Return the numbers of the lines of a file that belong to a raise statement."""
    tree = ast.parse("".join(linecache.getlines(path)))
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise)
        for line in range(node.lineno, node.end_lineno + 1)
    }


def is_scikit_learns(path):
    """Return whether a file belongs to scikit-learn."""
    return "sklearn" in Path(path).parts


def is_raised(path, line):
    """Return whether a line is part of a raise statement."""
    return line in raised_lines(path)


def check_warnings(caught):
    """Raise a Violation for warnings of NumPy and Python, unless scikit-learn's own code causes them."""
    for warning in caught:
        accidental = (RuntimeWarning, DeprecationWarning, FutureWarning, ResourceWarning, np.exceptions.ComplexWarning)
        if issubclass(warning.category, accidental) and not is_scikit_learns(warning.filename):
            place = f"{warning.filename}:{warning.lineno}"
            raise Violation(f"{warning.category.__name__} at {place}: {warning.message}")


def check_finite(name, value):
    """Raise a Violation if numbers anywhere in a value are not finite."""
    if sparse.issparse(value):
        value = value.data
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.dtype == object):
        for each in value:
            check_finite(name, each)
    elif isinstance(value, (float, np.ndarray, np.number)):
        array = np.asarray(value)
        if array.dtype.kind in "fc" and not np.isfinite(array).all():
            raise Violation(f"{name} gives values that are not finite")


def flat(value):
    """Return all numbers or labels of a value as one array."""
    if sparse.issparse(value):
        return value.toarray().ravel()
    if isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.dtype == object):
        parts = [flat(each) for each in value]
        return np.concatenate(parts) if parts else np.zeros(0)
    return np.asarray(value).ravel()


def check_same(message, found, expected, tolerance=0.0):
    """Raise a Violation unless two results are equal, numbers within a relative ``tolerance`` of the largest."""
    found, expected = flat(found), flat(expected)
    if found.shape != expected.shape:
        raise Violation(f"{message}: shapes {found.shape} and {expected.shape}")
    if expected.dtype.kind == "f" and tolerance and found.size:
        largest = np.nan_to_num(np.abs(expected), posinf=0).max()
        same = np.allclose(found, expected, rtol=0, atol=tolerance * max(1.0, largest), equal_nan=True)
    else:
        same = np.array_equal(found, expected, equal_nan=expected.dtype.kind == "f")
    if not same:
        raise Violation(message)
