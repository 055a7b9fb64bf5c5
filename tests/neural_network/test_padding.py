"""What one long sequence beside many short ones costs: hardly more memory than the long one alone."""

import gc
import tracemalloc

import numpy as np
import pytest

from skseq import RNNClassifier, RNNGenerator, RNNRegressor, RNNTagger, RNNTranslator
from skseq.inspection import gradient_flow, step_importance
from skseq.training import _micro_batches

LONG, SHORT, N_SHORT = 500, 2, 30
SETTINGS = {"hidden_layer_sizes": 8, "max_iter": 1, "batch_size": 200, "random_state": 0}


@pytest.fixture(autouse=True)
def cut_small(monkeypatch):
    """Cut batches of any size: these hold few steps, for a quick test."""
    monkeypatch.setattr(_micro_batches, "WHOLE_COLUMNS", 1)


def measurements(lengths):
    return [np.random.RandomState(i).standard_normal((steps, 2)).astype(np.float32) for i, steps in enumerate(lengths)]


def texts(lengths):
    return [("ab" * steps)[:steps] for steps in lengths]


def classes(lengths):
    return np.arange(len(lengths)) % 2


def short(sequences):
    return [sequence[:SHORT] for sequence in sequences]


#: Estimators, and the data they are fitted on for some lengths.
ESTIMATORS = {
    "RNNClassifier": (RNNClassifier(**SETTINGS), lambda n: (measurements(n), classes(n))),
    "max pooling": (RNNClassifier(**SETTINGS, pooling="max"), lambda n: (measurements(n), classes(n))),
    "two layers, two directions": (
        RNNClassifier(**SETTINGS | {"hidden_layer_sizes": (4, 4)}, bidirectional=True),
        lambda n: (measurements(n), classes(n)),
    ),
    "RNNRegressor": (RNNRegressor(**SETTINGS), lambda n: (measurements(n), classes(n) + 0.5)),
    "RNNTagger": (RNNTagger(**SETTINGS), lambda n: (measurements(n), [np.arange(steps) % 2 for steps in n])),
    "RNNGenerator": (RNNGenerator(**SETTINGS), lambda n: (texts(n),)),
    "RNNTranslator, long source": (RNNTranslator(**SETTINGS), lambda n: (texts(n), short(texts(n)))),
    "RNNTranslator, long target": (RNNTranslator(**SETTINGS), lambda n: (short(texts(n)), texts(n))),
}


def peak_of(function):
    """Return the most bytes that ``function()`` holds at once, of those that Python knows of: NumPy's arrays too."""
    gc.collect()
    tracemalloc.start()
    try:
        function()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize(("estimator", "make"), list(ESTIMATORS.values()), ids=list(ESTIMATORS))
def test_fit_holds_what_the_valid_steps_need(estimator, make):
    alone, beside = make([LONG, SHORT]), make([LONG] + [SHORT] * N_SHORT)
    estimator.fit(*make([SHORT] * 4))  # what a first call loads
    peaks = [peak_of(lambda data=data: estimator.fit(*data)) for data in (alone, beside)]
    assert peaks[1] < 1.3 * peaks[0]


def probabilities(model, X, y):
    model.predict_proba(X)


def importance(model, X, y):
    step_importance(model, X, n_points=1)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("call", [probabilities, gradient_flow, importance])
def test_reading_holds_what_the_valid_steps_need(call):
    y = classes(range(N_SHORT + 1))
    data = [measurements(lengths) for lengths in ([LONG], [LONG] + [SHORT] * N_SHORT)]
    model = RNNClassifier(**SETTINGS).fit(data[1], y)
    call(model, data[1][1:], y[1:])
    peaks = [peak_of(lambda X=X: call(model, X, y[: len(X)])) for X in data]
    assert peaks[1] < 1.3 * peaks[0]
