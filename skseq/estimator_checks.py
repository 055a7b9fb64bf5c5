"""Checks for sequence estimators, on ragged lists and 3-D arrays.

scikit-learn's ``check_estimator`` only gives two-dimensional X. The checks here are for everything else that an
estimator of sequences promises; they hold for skseq's own and are meant for yours as well.

    from skseq.estimator_checks import check_sequence_estimator
    check_sequence_estimator(RNNClassifier(max_iter=5, random_state=0))
"""

import io
import pickle

import joblib
import numpy as np
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.base import clone, is_classifier
from sklearn.model_selection import GridSearchCV
from sklearn.utils.validation import has_fit_parameter

#: Methods whose results are compared, where the estimator has them.
METHODS = ("predict", "predict_proba", "decision_function", "transform")

#: Tolerance of the comparisons, in float64.
CLOSE = {"rtol": 1e-7, "atol": 1e-9}


def check_sequence_estimator(estimator):
    """Run every check on ``estimator``; see :func:`sequence_checks`.

    Parameters
    ----------
    estimator : estimator
        Fitted as it is, so give it few epochs and a ``random_state``.

    Raises
    ------
    AssertionError
        If a check fails.
    """
    for check in sequence_checks():
        check(estimator)


def sequence_checks():
    """Return all checks, functions of an estimator, for parametrised tests."""
    return [
        check_batch_invariance,
        check_order_invariance,
        check_padding_invariance,
        check_array_equals_list,
        check_weights_equal_duplication,
        check_zero_weight_equals_removal,
        check_clone_and_refit,
        check_refit_on_other_shape,
        check_pickle_round_trip,
        check_input_unchanged,
        check_float32,
        check_bad_sequences,
        check_failed_fit_changes_nothing,
        check_grid_search,
    ]


def make_sequences(estimator, n=24, seed=0, ragged=True, steps=None):
    """Return sequences and targets that ``estimator`` can learn, token ids if it embeds them.

    Parameters
    ----------
    estimator : estimator
    n : int, default=24
    seed : int, default=0
    ragged : bool, default=True
        Whether lengths differ, from 1 to 9 steps.
    steps : int, optional
        Steps of all sequences where they do not differ, 6 by default.

    Returns
    -------
    X : list of ndarray
    y : ndarray of shape (n,)
        For estimators with a true attribute ``targets_each_step``, an array of n arrays, one label for each step; with
        ``targets_any_length``, an array of n arrays of token ids, of other lengths than those of X.
    """
    rng = np.random.RandomState(seed)
    lengths = rng.randint(1, 10, size=n) if ragged else np.full(n, steps or 6)
    y = np.arange(n) % 3
    if estimator.get_params().get("embedding_dim") is not None:
        X = [rng.randint(0, 5, size=length) for length in lengths]
        for x in X[::4]:
            x[0] = 5  # so that the largest id is in every part of the data
    else:
        X = [rng.standard_normal((length, 2)) + label for length, label in zip(lengths, y)]
    names = np.array(["a", "b", "c"])
    if getattr(estimator, "targets_each_step", False):
        labels = np.empty(n, dtype=object)
        for i, (x, label) in enumerate(zip(X, y)):
            labels[i] = names[(label + np.arange(len(x))) % 3]
        return X, labels
    if getattr(estimator, "targets_any_length", False):
        targets = np.empty(n, dtype=object)
        for i, x in enumerate(X):
            targets[i] = x[::-2] + 10
        return X, targets
    return X, (names[y] if is_classifier(estimator) else y.astype(float))


def _results(estimator, X):
    return {method: getattr(estimator, method)(X) for method in METHODS if hasattr(estimator, method)}


def _laid_out(values):
    """Return what belongs to steps as one array, one sequence after another."""
    return np.concatenate(list(values)) if values.dtype == object else values


def _assert_same(actual, expected, message, exact=False):
    actual = {method: _laid_out(values) for method, values in actual.items()}
    for method, values in expected.items():
        values = _laid_out(values)
        if exact or values.dtype.kind not in "f":
            assert_array_equal(actual[method], values, err_msg=f"{method}: {message}")
        else:
            assert_allclose(actual[method], values, err_msg=f"{method}: {message}", **CLOSE)


def check_batch_invariance(estimator):
    """A sequence has the same result alone as among others."""
    X, y = make_sequences(estimator)
    model = clone(estimator).fit(X, y)
    together = _results(model, X)
    for i, x in enumerate(X):
        expected = {method: values[i : i + 1] for method, values in together.items()}
        _assert_same(_results(model, [x]), expected, f"X[{i}] alone differs from X[{i}] among others")


def check_order_invariance(estimator):
    """Results are permuted when X is."""
    X, y = make_sequences(estimator)
    model = clone(estimator).fit(X, y)
    order = np.random.RandomState(1).permutation(len(X))
    expected = {method: values[order] for method, values in _results(model, X).items()}
    _assert_same(_results(model, [X[i] for i in order]), expected, "the order of X matters")


def check_padding_invariance(estimator):
    """A result does not change when a much longer sequence joins the batch."""
    X, y = make_sequences(estimator)
    model = clone(estimator).fit(X, y)
    long = np.concatenate(X * 5)
    expected = _results(model, X)
    among = {method: values[:-1] for method, values in _results(model, [*X, long]).items()}
    _assert_same(among, expected, "padding to a longer sequence matters")


def check_array_equals_list(estimator):
    """An array (n, steps, features) gives the same model as the list of its rows."""
    X, y = make_sequences(estimator, ragged=False)
    array = np.stack(X)
    by_list = clone(estimator).fit(X, y)
    by_array = clone(estimator).fit(array, y)
    of_list = _results(by_list, X)
    if getattr(estimator, "targets_each_step", False):
        of_list = {method: np.stack(list(values)) for method, values in of_list.items()}
    _assert_same(_results(by_array, array), of_list, "array and list differ", exact=True)


def _check_weighted(estimator, counts, message):
    if not has_fit_parameter(estimator, "sample_weight"):
        return
    X, y = make_sequences(estimator)
    rows = np.repeat(np.arange(len(X)), counts)
    repeated = clone(estimator).fit([X[i] for i in rows], y[rows])
    weighted = clone(estimator).fit(X, y, sample_weight=counts)
    _assert_same(_results(weighted, X), _results(repeated, X), message)


def check_weights_equal_duplication(estimator):
    """A weight of two equals a sequence given twice."""
    counts = np.random.RandomState(2).randint(1, 4, size=24)
    _check_weighted(estimator, counts, "sample_weight differs from repetition")


def check_zero_weight_equals_removal(estimator):
    """A weight of zero equals a sequence left out."""
    counts = np.random.RandomState(3).randint(0, 2, size=24)
    _check_weighted(estimator, counts, "a sample_weight of zero differs from removal")


def check_clone_and_refit(estimator):
    """A clone, and a second fit, give the same model to the last bit."""
    X, y = make_sequences(estimator)
    first = clone(estimator).fit(X, y)
    expected = _results(first, X)
    _assert_same(_results(clone(first).fit(X, y), X), expected, "a clone differs", exact=True)
    if not first.get_params().get("warm_start"):
        _assert_same(_results(first.fit(X, y), X), expected, "a second fit differs", exact=True)


def check_refit_on_other_shape(estimator):
    """A fit forgets the data of the fit before, whatever their shape."""
    if estimator.get_params().get("warm_start"):
        return
    X, y = make_sequences(estimator)
    other, other_y = make_sequences(estimator, n=30, ragged=False, steps=4)
    if other[0].ndim == 2:
        other = np.concatenate([other, other], axis=2)
    refitted = clone(estimator).fit(other, other_y).fit(X, y)
    _assert_same(_results(refitted, X), _results(clone(estimator).fit(X, y), X), "an earlier fit matters", exact=True)


def check_pickle_round_trip(estimator):
    """Pickle and joblib give the same model back."""
    X, y = make_sequences(estimator)
    model = clone(estimator).fit(X, y)
    expected = _results(model, X)
    _assert_same(_results(pickle.loads(pickle.dumps(model)), X), expected, "pickle changes it", exact=True)
    buffer = io.BytesIO()
    joblib.dump(model, buffer)
    buffer.seek(0)
    _assert_same(_results(joblib.load(buffer), X), expected, "joblib changes it", exact=True)


def check_input_unchanged(estimator):
    """X is read, never written: read-only memory works, and the values stay."""
    X, y = make_sequences(estimator)
    copies = [x.copy() for x in X]
    for x in X:
        x.setflags(write=False)
    y.setflags(write=False)
    _results(clone(estimator).fit(X, y), X)
    for x, copy in zip(X, copies):
        assert_array_equal(x, copy, err_msg="X was changed")


def check_float32(estimator):
    """float32 sequences are computed with and answered in float32."""
    X, y = make_sequences(estimator)
    if X[0].ndim == 1:
        return
    X = [x.astype(np.float32) for x in X]
    for method, values in _results(clone(estimator).fit(X, y), X).items():
        values = _laid_out(values)
        if method != "predict":
            assert values.dtype == np.float32, f"{method} of float32 sequences is {values.dtype}"


def _assert_raises(errors, part, call, message):
    try:
        call()
    except errors as error:
        said = str(error)
    else:
        raise AssertionError(f"{message}: no error was raised")
    assert part in said, f"{message}: the error does not say {part!r}: {said}"


def check_bad_sequences(estimator):
    """Bad sequences are refused with an error that names X and the sequence."""
    X, y = make_sequences(estimator)
    model = clone(estimator).fit(X, y)
    empty = X[:3] + [X[3][:0]] + X[4:]
    text = X[:3] + [np.full(len(X[3]), "text")] + X[4:]
    for fitted, call in ((True, model.predict), (False, lambda X: clone(estimator).fit(X, y))):
        where = "predict" if fitted else "fit"
        _assert_raises(ValueError, "X[3]", lambda: call(empty), f"{where} on an empty sequence")  # noqa: B023
        _assert_raises((TypeError, ValueError), "X[3]", lambda: call(text), f"{where} on text")  # noqa: B023
        _assert_raises(ValueError, "X", lambda: call([]), f"{where} on an empty list")  # noqa: B023
        if X[0].ndim == 1:
            continue
        for value, word in ((np.nan, "NaN"), (np.inf, "inf")):
            bad = [x.copy() for x in X]
            bad[3][-1, 1] = value
            _assert_raises(ValueError, word, lambda: call(bad), f"{where} on {word}")  # noqa: B023
            _assert_raises(ValueError, "X[3]", lambda: call(bad), f"{where} on {word}")  # noqa: B023
        wide = X[:3] + [np.concatenate([X[3], X[3]], axis=1)] + X[4:]
        _assert_raises(ValueError, "X[3]", lambda: call(wide), f"{where} on other features")  # noqa: B023


def _fingerprints(model):
    return {name: joblib.hash(value) for name, value in vars(model).items()}


def check_failed_fit_changes_nothing(estimator):
    """A fit that raises leaves a fitted estimator as it was."""
    X, y = make_sequences(estimator)
    model = clone(estimator).fit(X, y)
    expected, attributes = _results(model, X), _fingerprints(model)
    _assert_raises(ValueError, "y", lambda: model.fit(X, y[:-1]), "fit on y of another length")
    after = _fingerprints(model)
    changed = sorted(name for name in attributes | after if attributes.get(name) != after.get(name))
    assert not changed, f"a failed fit changed {', '.join(changed)}"
    _assert_same(_results(model, X), expected, "a failed fit changed the model", exact=True)


def check_grid_search(estimator):
    """GridSearchCV with two processes finds what one process finds, after two epochs or iterations."""
    X, y = make_sequences(estimator, n=30)
    parameters = estimator.get_params()
    parameter = {"random_state": [0, 1]} if "random_state" in parameters else {}
    if "max_iter" in parameters:
        parameter["max_iter"] = [2]
    scores = [
        GridSearchCV(clone(estimator), parameter, cv=3, n_jobs=n_jobs, error_score="raise").fit(X, y).cv_results_
        for n_jobs in (1, 2)
    ]
    assert_allclose(scores[0]["mean_test_score"], scores[1]["mean_test_score"], err_msg="n_jobs matters")
