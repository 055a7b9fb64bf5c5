"""GridSearchCV over RNNClassifier with n_jobs=2 against n_jobs=1.

    python benchmarks/grid_search.py [--cells rnn gru lstm] [--quick]

Four learning rates in three folds, so twelve fits; epochs are chosen so that a fit takes about half a second, and
``refit=False``, since the refit is one fit whatever ``n_jobs`` is. With one job the BLAS may use every core; with two,
joblib gives each worker its share. The worker processes are started and have imported skseq before the clock starts:
that takes a second or two, once a session.
"""

from time import perf_counter

from _grid import make_data, paired
from _options import read_options
from _results import write_rows
from joblib import Parallel, delayed
from sklearn.model_selection import GridSearchCV

from skseq import RNNClassifier

#: (batch, steps, features, units) of eight batches.
SHAPES = [(32, 50, 4, 16), (64, 100, 16, 64)]
RATES = [0.002, 0.005, 0.01, 0.02]
SECONDS_A_FIT = 0.5
HEADER = [
    *("cell", "batch", "steps", "features", "units", "epochs", "fits"),
    *("one_job_s", "two_jobs_s", "speed_up"),
]


def settle_epochs(model, X, y, seconds):
    """Return how many epochs take about so many seconds."""
    model.set_params(max_iter=1).fit(X, y)
    start = perf_counter()
    model.fit(X, y)
    return max(1, round(seconds / (perf_counter() - start)))


def measure(cell, shape, seconds, pairs):
    """Return (epochs, seconds with one job, with two, their ratio)."""
    batch, steps, features, units = shape
    X, y = make_data(8 * batch, steps, features)
    model = RNNClassifier(units, cell=cell, batch_size=batch, random_state=0)
    model.set_params(max_iter=settle_epochs(model, X, y, seconds))

    def search(n_jobs):
        GridSearchCV(model, {"learning_rate_init": RATES}, cv=3, refit=False, n_jobs=n_jobs).fit(X, y)

    return model.max_iter, *paired(lambda: search(1), lambda: search(2), pairs, 0.0)


def main():
    """Print and write the table."""
    options = read_options(__doc__)
    Parallel(n_jobs=2)(delayed(abs)(number) for number in (-1, -2))
    seconds, pairs = (0.0, 1) if options.smoke else (0.2, 2) if options.quick else (SECONDS_A_FIT, 3)
    rows = []
    for cell in options.cells:
        for shape in [(8, 6, 3, 4)] if options.smoke else SHAPES:
            epochs, one, two, speed_up = measure(cell, shape, seconds, pairs)
            rows.append((cell, *shape, epochs, 3 * len(RATES), one, two, speed_up))
            print(
                f"{cell:4} {shape!s:20} {epochs:3} epochs  one job {one:6.2f} s  two jobs {two:6.2f} s  "
                f"{speed_up:.2f} times faster",
                flush=True,
            )
    write_rows(options.results, "grid_search", HEADER, rows)


if __name__ == "__main__":
    main()
