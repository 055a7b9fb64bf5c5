"""A few cases of the fuzzer for each public name, and the judgements of its oracle."""

import _fuzz_oracle
import fuzz
import numpy as np
import pytest
from _fuzz_oracle import Violation, check_error, check_finite, check_same, check_warnings
from public_names import public_objects
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

from skseq import SMOTE
from skseq.metrics import contingency_table

TARGETS = fuzz.targets_of()


def test_every_public_name_is_fuzzed():
    public = {name.rpartition(".")[2] for name, _ in public_objects()}
    assert public - set(TARGETS) == {"GradientWarning"}


@pytest.mark.parametrize("name", TARGETS)
def test_a_documented_error_or_a_finite_and_invariant_result(name):
    for number in range(4):
        result = fuzz.run(name, number, 0, TARGETS[name])
        assert result.outcome != "violation", f"python tools/fuzz.py {name} --case {number}: {result.text}"


def test_cases_are_repeatable_and_end_in_results_and_errors():
    outcomes = [[fuzz.run("SMOTE", number, seed, TARGETS["SMOTE"]) for number in range(12)] for seed in (0, 0, 1)]
    texts = [[(result.outcome, result.text, result.notes) for result in results] for results in outcomes]
    assert texts[0] == texts[1] != texts[2]
    assert {result.outcome for result in outcomes[0]} == {"result", "error"}


def test_a_violation_is_found():
    def accident(case):
        return [][0]

    result = fuzz.run("accident", 0, 0, accident)
    assert (result.outcome, result.text) == ("violation", "IndexError: list index out of range")


def raised(call):
    with pytest.raises(Exception) as caught:
        call()
    return caught.value


@pytest.mark.parametrize(
    "call",
    [
        lambda: SMOTE(k_neighbors=0).fit_resample(np.ones((4, 2)), [0, 0, 0, 1]),
        lambda: contingency_table([0, 1], [0]),
        lambda: LogisticRegression().predict([[1]]),
        lambda: LogisticRegression().fit([["text"]], [0]),
    ],
)
def test_errors_raised_on_purpose(call):
    check_error(raised(call), {"k_neighbors"})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: {}["X"], "KeyError"),
        (lambda: np.ones(3) + np.ones(2), "by accident at .*test_fuzz"),
        (lambda: float("X"), "by accident at .*test_fuzz"),
    ],
)
def test_errors_raised_by_accident(call, message):
    with pytest.raises(Violation, match=message):
        check_error(raised(call), set())


def test_an_error_that_names_no_parameter(monkeypatch):
    error = raised(lambda: SMOTE(gap="wide").fit_resample(np.ones((4, 2)), [0, 0, 0, 1]))
    check_error(error, {"gap"})
    monkeypatch.setattr(_fuzz_oracle, "ARGUMENTS", set())
    with pytest.raises(Violation, match="names no parameter: gap='wide'"):
        check_error(error, {"kind"})


def test_an_error_before_fit_names_the_cure():
    from skseq import RNNClassifier

    error = raised(lambda: RNNClassifier().predict([[1.0]]))
    assert isinstance(error, NotFittedError)
    check_error(error, set())


def test_numbers_that_are_not_finite_are_found_at_any_depth():
    check_finite("predict", [np.ones(2), {"a": 1.0, "b": ["text"]}, None])
    for value in (np.nan, [1.0, np.inf], {"a": np.array([np.nan])}, np.array([np.ones(2), [np.inf]], dtype=object)):
        with pytest.raises(Violation, match="predict gives values that are not finite"):
            check_finite("predict", value)


def test_results_are_compared_by_value():
    check_same("differs", [np.ones(2), np.zeros(1)], np.array([1.0, 1.0, 0.0]))
    check_same("differs", np.array([1.0, 1e-7]), np.array([1.0, 0.0]), tolerance=1e-6)
    for found, expected in (([1.0, 2.0], [1.0]), ([1.0], [2.0]), (["a"], ["b"]), ([1.0, 1e-3], [1.0, 0.0])):
        with pytest.raises(Violation, match="differs"):
            check_same("differs", found, expected, tolerance=1e-6)


def test_warnings_of_numpy_are_violations():
    with pytest.warns(RuntimeWarning) as caught:
        np.log(np.zeros(1))
    with pytest.raises(Violation, match=r"RuntimeWarning at .*test_fuzz.*divide by zero"):
        check_warnings(caught)
