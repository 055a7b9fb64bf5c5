"""CostSensitiveLogisticRegression against the fastest solver of scikit-learn's LogisticRegression, at equal objective.

    python benchmarks/logistic.py [--threads 1 2] [--quick]

Every solver of scikit-learn is run with tolerances from 1e-1 down to 1e-8, until its objective is within 1e-6 of
ours at tol=1e-9 (relative); the fastest that gets there is the peer, run in turn with ours at its defaults, whose gap
is shown too. Classes are balanced by weights, rare classes have about 5 % of the rows, C is 1. Validation of the data
is part of both times.
"""

from time import perf_counter
from warnings import catch_warnings, simplefilter

import numpy as np
from _grid import blas_threads, geometric_mean, paired
from _options import read_options
from _results import write_rows
from scipy.sparse import csr_array
from scipy.special import logsumexp
from sklearn.linear_model import LogisticRegression

from skseq.linear_model import CostSensitiveLogisticRegression

#: (rows, columns, classes, non-zeros of a row or None)
SHAPES = [
    (60_000, 20, 2, None),
    (1_000_000, 10, 2, None),
    (8_000, 400, 2, None),
    (30_000, 20, 5, None),
    (30_000, 20, 10, None),
    (20_000, 50_000, 2, 100),
]
SMOKE_SHAPES = [(200, 4, 2, None), (200, 4, 3, None), (100, 50, 2, 5)]
HEADER = ["rows", "columns", "classes", "kind", "threads", "solver", "iterations", "gap"]
HEADER += ["peer_solver", "peer_tol", "peer_gap", "skseq_s", "peer_s", "ratio"]
GAP = 1e-6
DENSE_SOLVERS = ("newton-cholesky", "lbfgs", "newton-cg", "sag", "saga")
SPARSE_SOLVERS = ("lbfgs", "newton-cg", "sag", "saga")


def make_table(n, d, n_classes, nonzeros, dtype, seed=0):
    """Return X and y: correlated normal columns, or rows of a few positive values as of words in texts."""
    rng = np.random.default_rng(seed)
    if nonzeros is None:
        X = rng.standard_normal((n, d))
        X += rng.standard_normal((n, 1))  # every two columns have a correlation of 1/2
        coef = rng.standard_normal((n_classes, d)) * 3 / d**0.5
        logits = X @ coef.T
    else:
        popularity = 1.0 / np.arange(10, d + 10)
        columns = rng.choice(d, size=(n, nonzeros), p=popularity / popularity.sum())
        values = rng.exponential(size=(n, nonzeros))
        values /= np.linalg.norm(values, axis=1, keepdims=True)
        starts = np.arange(n + 1, dtype=np.int32) * nonzeros  # scikit-learn's solvers take no 64-bit indices
        X = csr_array((values.ravel(), columns.ravel().astype(np.int32), starts), shape=(n, d))
        X.sum_duplicates()
        logits = np.asarray(X @ (rng.standard_normal((n_classes, d)).T * 3))
    logits += rng.gumbel(size=logits.shape)
    logits -= np.quantile(logits - logits[:, :1], 0.95, axis=0)  # about one row in twenty of each class but the first
    return X.astype(dtype), logits.argmax(axis=1)


def objective(model, X, y, C=1.0):
    """Return the objective that both minimise, in float64."""
    codes = np.searchsorted(model.classes_, y)
    weights = len(y) / (len(model.classes_) * np.bincount(codes))
    logits = X.astype(np.float64) @ model.coef_.T.astype(np.float64) + model.intercept_
    if logits.shape[1] == 1:
        logits = np.column_stack([np.zeros(len(y)), logits])
    losses = logsumexp(logits, axis=1) - logits[np.arange(len(y)), codes]
    return C * float(weights[codes] @ losses) + 0.5 * float(np.vdot(model.coef_, model.coef_))


def peer(solver, tol):
    """Return scikit-learn's estimator."""
    epochs = 1_000 if solver.startswith("sag") else 10_000
    return LogisticRegression(class_weight="balanced", solver=solver, tol=tol, max_iter=epochs)


def fastest(X, y, best):
    """Return (solver, tol, gap) of the fastest run of scikit-learn whose objective is good enough.

    Tolerances fall until it is. A solver is given up when it takes longer than the fastest so far.
    """
    found, limit = None, np.inf
    for solver in DENSE_SOLVERS if isinstance(X, np.ndarray) else SPARSE_SOLVERS:
        for tol in 10.0 ** -np.arange(1, 9):
            begin = perf_counter()
            model = peer(solver, tol).fit(X, y)
            seconds = perf_counter() - begin
            if seconds > limit:
                break
            gap = objective(model, X, y) / best - 1
            if gap <= GAP:
                found, limit = (solver, float(tol), gap), seconds
                break
    return found


def measure(shape, dtype, threads, options):
    """Return a row of the table."""
    n, d, n_classes, nonzeros = shape
    X, y = make_table(n, d, n_classes, nonzeros, dtype)
    with blas_threads(threads), catch_warnings():
        simplefilter("ignore")
        best = objective(CostSensitiveLogisticRegression(tol=1e-9).fit(X, y), X, y)
        ours = CostSensitiveLogisticRegression().fit(X, y)
        solver, tol, gap = fastest(X, y, best)
        figures = paired(
            lambda: CostSensitiveLogisticRegression().fit(X, y),
            lambda: peer(solver, tol).fit(X, y),
            options.rounds,
            options.seconds,
        )
    kind = f"{'dense' if nonzeros is None else 'CSR'} {np.dtype(dtype).name}"
    own = (ours.solver_, int(ours.n_iter_[0]), objective(ours, X, y) / best - 1)
    return (n, d, n_classes, kind, threads, *own, solver, tol, gap, *figures)


def main():
    """Print and write the table."""
    options = read_options(__doc__, threads=(1, 2), cells=None)
    rows = []
    for threads in options.threads:
        for shape in SMOKE_SHAPES if options.smoke else SHAPES:
            for dtype in (np.float64, np.float32):
                rows.append(measure(shape, dtype, threads, options))
                print(
                    "  ".join(f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in rows[-1]), flush=True
                )
        for kind in ("dense", "CSR"):
            ratios = [row[-1] for row in rows if row[3].startswith(kind) and row[4] == threads]
            print(f"{kind}, threads {threads}: geometric mean of ratios {geometric_mean(ratios):.2f}", flush=True)
    write_rows(options.results, "logistic", HEADER, rows)


if __name__ == "__main__":
    main()
