"""The door of the samplers: every accepted form of X becomes rows that can be interpolated, once.

Each kind of rows offers the same: ``len``, ``points`` (what distances are computed on), ``draw_gaps`` and
``with_children`` (the result, in the container that came). None of them knows of classes.
"""

import numpy as np
from scipy import sparse
from sklearn.utils.validation import validate_data

from skseq._token_ids import refuse_interpolated_ids
from skseq.sequences import as_frames, is_frame, library_of, recognise, sequences_in_cells

from ._checks import (
    TAKERS,
    check_exact_integers,
    check_magnitude,
    check_object_columns,
    is_kept,
    refuse_booleans,
    refuse_column,
    refuse_shape,
    refuse_single_column,
)
from ._frames import read_frame
from ._rows import DenseRows, SparseRows, TableRows
from ._sequence_rows import read_sequence_rows


def read_rows(estimator, X):
    """Validate X for ``estimator``, which learns ``n_features_in_`` and a data frame's ``feature_names_in_``.

    Parameters
    ----------
    estimator : estimator
    X : array-like, sparse matrix or array, pandas or polars DataFrame, or sequences

    Returns
    -------
    DenseRows, TableRows, SparseRows, RaggedRows, PandasRows or PolarsRows

    Raises
    ------
    ValueError, TypeError
        If X is empty, of a wrong shape, not finite, or holds anything that cannot be interpolated.
    """
    if sparse.issparse(X):
        return _read_sparse(estimator, X)
    name = type(estimator).__name__
    refuse_shape(X, name)
    refuse_interpolated_ids(X, name)
    # A frame may hold a sequence in each cell.
    rows = None if sequences_in_cells(X) is not None else read_frame(estimator, X)
    if rows is not None:
        return rows
    refuse_texts(X)
    items, form, names = recognise(X, name)
    if form == "sequences":
        if names is not None and is_frame(X):  # the columns of cells have names, which a list of arrays would lose
            X = items = as_frames(items, names, library_of(X))
        return read_sequence_rows(estimator, X, items)
    refuse_single_column(X)
    X_checked = validate_data(estimator, X, dtype=None, ensure_all_finite=False)
    values = to_numbers(X_checked, [f"column {column} of X" for column in range(X_checked.shape[1])])
    check_magnitude(values, _locate_in_table)
    return TableRows(values, X) if isinstance(X, (list, tuple)) else DenseRows(values)


def refuse_texts(X):
    """Raise if each row is a text, before :func:`recognise` gives advice on networks."""
    single = isinstance(X, (list, tuple)) or len(getattr(X, "shape", ())) == 1
    if single and isinstance(next(iter(X), None), str):
        refuse_column("X", "texts")


def to_numbers(X, names):
    """Return the array X (n, columns) as it is if it holds float32, float64 or integers, else in float64.

    ``names`` is what errors call its columns.
    """
    if is_kept(X.dtype):
        return X.astype(X.dtype.newbyteorder("="), copy=False)
    if X.dtype.kind == "b":
        refuse_booleans("X")
    if X.dtype.kind in "iu":
        check_exact_integers(X.min(), X.max(), "X")
        return X.astype(X.dtype.newbyteorder("="), copy=False)
    if X.dtype.kind == "O":
        check_object_columns(X, names)
    elif X.dtype.kind != "f":
        refuse_column("X", "strings" if X.dtype.kind in "US" else f"values of dtype {X.dtype}")
    try:
        with np.errstate(over="ignore"):
            return X.astype(np.float64)
    except OverflowError as error:
        raise ValueError(f"X holds a number beyond float64: {error}. Scale its column, or drop it; {TAKERS}") from error
    except (TypeError, ValueError) as error:
        raise TypeError(
            f"X of dtype {X.dtype} holds objects that are not numbers: {error}. Encode them as "
            "numbers, or drop their columns."
        ) from error


def _locate_in_table(bad):
    row, column = np.unravel_index(np.argmax(bad), bad.shape)
    return f"column {column} at row {row}"


def _read_sparse(estimator, X):
    csr = validate_data(estimator, X, accept_sparse="csr", dtype=None, ensure_all_finite=False)
    if csr.dtype.kind == "b":
        refuse_booleans("X")
    if csr.dtype.kind in "iu":
        check_exact_integers(csr.data.min(initial=0), csr.data.max(initial=0), "X")
    elif not is_kept(csr.dtype):
        csr = csr.astype(np.float64)

    def locate(bad):
        stored = np.argmax(bad)
        row = np.searchsorted(csr.indptr, stored, side="right") - 1
        return f"column {csr.indices[stored]} at row {row}"

    check_magnitude(csr.data, locate)
    return SparseRows(csr, X.format)
