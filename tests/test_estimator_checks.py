"""The public checks pass an estimator that keeps every promise, and each check notices one that is broken."""

import os

import numpy as np
import pytest
from sklearn.base import BaseEstimator, RegressorMixin, clone

from skseq import RNNClassifier, estimator_checks
from skseq.estimator_checks import check_sequence_estimator, make_sequences, sequence_checks


class MeanOfSteps(RegressorMixin, BaseEstimator):
    """Ridge regression on the mean of the steps of each sequence."""

    def __init__(self, alpha=0.1):
        self.alpha = alpha

    def fit(self, X, y, sample_weight=None):
        X = self.read(X, X[0].shape[-1] if len(X) else None)
        if len(y) != len(X):
            raise ValueError(f"y has {len(y)} values for {len(X)} sequences")
        weights = np.ones(len(X)) if sample_weight is None else np.asarray(sample_weight, float)
        features = self.features(X).astype(float)
        gram = (features.T * weights) @ features + self.alpha * np.eye(features.shape[1])
        self.coef_ = np.linalg.solve(gram, (features.T * weights) @ y)
        return self

    def transform(self, X):
        return self.features(self.read(X, len(self.coef_)))

    def predict(self, X):
        return self.transform(X) @ self.coef_

    def features(self, X):
        return np.stack([x.mean(axis=0) for x in X])

    def read(self, X, width):
        if not len(X):
            raise ValueError("X is empty")
        for i, x in enumerate(X):
            if not len(x) or x.dtype.kind != "f" or x.shape[1] != width:
                raise ValueError(f"X[{i}] is {x!r}, expected (steps, {width}) numbers")
            if np.isnan(x).any():
                raise ValueError(f"X[{i}] contains NaN")
            if np.isinf(x).any():
                raise ValueError(f"X[{i}] contains inf")
        return X


class CentresTheBatch(MeanOfSteps):
    def features(self, X):
        features = super().features(X)
        return features - features.mean(axis=0)


class AddsUpTheRows(MeanOfSteps):
    def predict(self, X):
        return np.cumsum(super().predict(X))


class CountsThePadding(MeanOfSteps):
    def features(self, X):
        return np.stack([x.sum(axis=0) for x in X]) / max(map(len, X))


class TreatsArraysOtherwise(MeanOfSteps):
    def predict(self, X):
        return super().predict(X) + isinstance(X, np.ndarray)


class IgnoresWeights(MeanOfSteps):
    def fit(self, X, y, sample_weight=None):
        return super().fit(X, y)


class KeepsRowsWithoutWeight(MeanOfSteps):
    def fit(self, X, y, sample_weight=None):
        return super().fit(X, y, None if sample_weight is None else np.maximum(sample_weight, 0.01))


class DrawsAtRandom(MeanOfSteps):
    def fit(self, X, y, sample_weight=None):
        super().fit(X, y, sample_weight)
        self.coef_ += np.random.default_rng().random()
        return self


class RemembersTheFitBefore(MeanOfSteps):
    def fit(self, X, y, sample_weight=None):
        before = getattr(self, "coef_", np.zeros(1))
        super().fit(X, y, sample_weight)
        self.coef_ += before.sum()
        return self


class LosesDigitsInPickles(MeanOfSteps):
    def __getstate__(self):
        state = super().__getstate__()
        return {name: np.round(value, 3) if name == "coef_" else value for name, value in state.items()}


class WritesIntoX(MeanOfSteps):
    def features(self, X):
        X[0].setflags(write=True)
        X[0] += 1
        return super().features(X)


class AnswersInDouble(MeanOfSteps):
    def features(self, X):
        return super().features(X).astype(float)


class TakesNaN(MeanOfSteps):
    def read(self, X, width):
        return super().read([np.nan_to_num(x, posinf=np.inf) if x.dtype.kind == "f" else x for x in X], width)


class DoesNotNameTheSequence(MeanOfSteps):
    def read(self, X, width):
        try:
            return super().read(X, width)
        except ValueError:
            raise ValueError("X is wrong") from None


class ChangesBeforeItChecks(MeanOfSteps):
    def fit(self, X, y, sample_weight=None):
        self.n_samples_ = len(y)
        return super().fit(X, y, sample_weight)


class ForgetsBeforeItChecks(MeanOfSteps):
    def fit(self, X, y, sample_weight=None):
        if hasattr(self, "coef_"):
            self.coef_ = np.zeros(2)
        return super().fit(X, y, sample_weight)


class FailsToCheckY(MeanOfSteps):
    def fit(self, X, y, sample_weight=None):
        n = min(len(X), len(y))
        return super().fit(X[:n], y[:n], None if sample_weight is None else sample_weight[:n])


class DependsOnTheProcess(MeanOfSteps):
    def fit(self, X, y, sample_weight=None):
        super().fit(X, y, sample_weight)
        self.coef_ += os.getpid() % 1000
        return self


BROKEN = [
    (CentresTheBatch, "check_batch_invariance"),
    (AddsUpTheRows, "check_order_invariance"),
    (CountsThePadding, "check_padding_invariance"),
    (TreatsArraysOtherwise, "check_array_equals_list"),
    (IgnoresWeights, "check_weights_equal_duplication"),
    (KeepsRowsWithoutWeight, "check_zero_weight_equals_removal"),
    (DrawsAtRandom, "check_clone_and_refit"),
    (RemembersTheFitBefore, "check_refit_on_other_shape"),
    (LosesDigitsInPickles, "check_pickle_round_trip"),
    (WritesIntoX, "check_input_unchanged"),
    (AnswersInDouble, "check_float32"),
    (TakesNaN, "check_bad_sequences"),
    (DoesNotNameTheSequence, "check_bad_sequences"),
    (ChangesBeforeItChecks, "check_failed_fit_changes_nothing"),
    (ForgetsBeforeItChecks, "check_failed_fit_changes_nothing"),
    (FailsToCheckY, "check_failed_fit_changes_nothing"),
    (DependsOnTheProcess, "check_grid_search"),
]


def test_an_estimator_that_keeps_every_promise_passes():
    check_sequence_estimator(MeanOfSteps())


def test_every_check_is_known_to_fail():
    assert {name for _, name in BROKEN} == {check.__name__ for check in sequence_checks()}


@pytest.mark.parametrize(("estimator", "name"), BROKEN, ids=[f"{cls.__name__}-{name}" for cls, name in BROKEN])
def test_a_broken_promise_is_noticed(estimator, name):
    with pytest.raises(AssertionError):
        getattr(estimator_checks, name)(estimator())


def test_all_checks_are_run_on_the_estimator_and_the_first_failure_is_raised(monkeypatch):
    model, seen = MeanOfSteps(), []

    def failing(estimator):
        seen.append(("failing", estimator))
        raise AssertionError("the second check")

    checks = [lambda estimator: seen.append(("first", estimator)), failing, lambda estimator: seen.append("third")]
    monkeypatch.setattr(estimator_checks, "sequence_checks", lambda: checks)
    with pytest.raises(AssertionError, match="the second check"):
        check_sequence_estimator(model)
    assert seen == [("first", model), ("failing", model)]
    assert not hasattr(model, "coef_")


def test_warm_starts_may_remember_but_without_them_nothing_does():
    class Warm(RemembersTheFitBefore):
        def __init__(self, alpha=0.1, warm_start=True):
            super().__init__(alpha)
            self.warm_start = warm_start

    estimator_checks.check_refit_on_other_shape(Warm())
    estimator_checks.check_clone_and_refit(Warm())
    for check in (estimator_checks.check_refit_on_other_shape, estimator_checks.check_clone_and_refit):
        with pytest.raises(AssertionError):
            check(Warm(warm_start=False))


def test_sequences_are_those_that_the_estimator_learns():
    X, y = make_sequences(MeanOfSteps(), n=30)
    assert {len(x) for x in X} == set(range(1, 10))
    assert y.dtype == float
    X, _ = make_sequences(MeanOfSteps(), n=5, ragged=False, steps=4)
    assert {x.shape for x in X} == {(4, 2)}
    X, y = make_sequences(RNNClassifier(embedding_dim=3))
    assert {x.dtype.kind for x in X} == {"i"}
    assert max(x.max() for x in X) == 5
    assert set(y) == {"a", "b", "c"}
    same = make_sequences(clone(MeanOfSteps()))[0]
    assert all((one == other).all() for one, other in zip(same, make_sequences(MeanOfSteps())[0]))
