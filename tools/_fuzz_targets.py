"""How the fuzzer calls each kind of public name, and what must hold of its results."""

import inspect
import pickle

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from _fuzz_data import corrupt, draw_labels, draw_sequences, draw_step_labels, draw_weights
from _fuzz_oracle import Violation, check_finite, check_same, flat
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, f1_score
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.tree import DecisionTreeClassifier

from skseq.compose import EachStep
from skseq.neural_network import RNNClassifier
from skseq.over_sampling import SMOTE, RandomOverSampler
from skseq.pipeline import make_pipeline

#: Values of parameters, by name; those that an estimator lacks an entry for stay at their defaults or are spoilt.
VALUES = {
    "C": [1.0, 1e-6, 1e6, np.inf],
    "activation": ["tanh", "relu"],
    "add_elapsed": [True, False],
    "add_indicator": [True, False],
    "allocation": ["random", "even"],
    "alpha": [0.0, 0.1],
    "attention": [True, False],
    "batch_size": ["auto", 1, 5, 1000],
    "beam_width": [1, 3],
    "bidirectional": [True, False],
    "bptt_steps": [None, 1, 3],
    "cell": ["rnn", "lstm", "gru"],
    "class_weight": [None, "balanced", {0: 1.0, 1: 2.0}],
    "dropout": [0.0, 0.3],
    "early_stopping": [True, False],
    "embedding_dim": [None, 2],
    "features_per_step": [1, 2],
    "fit_intercept": [True, False],
    "gap": ["row", "feature"],
    "hidden_layer_sizes": [2, (3,), [2, 2]],
    "initial_strategy": ["mean", "zero"],
    "k": [1, 2, 9],
    "k_neighbors": [1, 2, 50],
    "kind": ["borderline-1", "borderline-2"],
    "learning_rate": ["constant", "cosine", "plateau"],
    "learning_rate_init": [0.01, 1e-9, 10.0],
    "level": ["char", "word", "kmer"],
    "loss": ["squared_error", "absolute_error", "huber"],
    "lowercase": [True, False],
    "m_neighbors": [1, 3, 50],
    "max_grad_norm": [None, 1.0],
    "max_iter": [1, 3],
    "memory_steps": ["auto", None, 4],
    "min_frequency": [1, 2],
    "n_heads": [1, 2],
    "n_iter_no_change": [1, 5],
    "n_layers": [1, 2],
    "pooling": ["last", "mean", "max", "token"],
    "positions": ["sinusoidal", "learned"],
    "prior_correction": [True, False],
    "random_state": [0, 7],
    "recurrent_init": ["orthogonal", "identity", "glorot"],
    "sampling_strategy": ["auto", "minority", "all", "not majority", 0.9, {1: 30}],
    "shuffle": [True, False],
    "solver": ["auto", "adam", "sgd", "rmsprop", "lbfgs", "newton-cholesky", "newton-cg"],
    "validation_fraction": [0.1, 0.5],
    "warm_start": [True, False],
    "width": [2, 4],
}
#: What no parameter, or nearly none, may be.
WRONG = [
    None,
    -1,
    0,
    1,
    0.5,
    2.5,
    np.nan,
    np.inf,
    True,
    "nonsense",
    [],
    {},
    (2,),
    object(),
    np.float32(0.25),
    np.int64(2),
]
#: Starting points that keep each case short, and what has no default.
SMALL = {
    "categorical_features": [0],
    "cost_matrix": [[0, 1], [5, 0]],
    "embedding_dim": 2,
    "hidden_layer_sizes": 3,
    "max_iter": 2,
    "n_heads": 2,
    "random_state": 0,
    "width": 4,
}
#: Parameters that are left alone: these print or start threads.
FIXED = ("self", "verbose", "n_jobs")
VARIADIC = (inspect.Parameter.VAR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
INNER = [
    LogisticRegression(),
    DecisionTreeClassifier(random_state=0),
    RNNClassifier(2, max_iter=2, random_state=0),
    StandardScaler(),
]
SAMPLERS = [SMOTE(random_state=0), RandomOverSampler(random_state=0), None, "passthrough", LogisticRegression()]
TRANSFORMERS = [StandardScaler(), MinMaxScaler(), "passthrough", LogisticRegression()]
#: Estimators of tokens need an embedding in any case; of others it makes the data tokens.
TOKENS_ALWAYS = ("RNNGenerator", "RNNTranslator")


class Case:
    """One call of the fuzzer, drawn at random, with notes of what was drawn.

    Attributes
    ----------
    names : set of str
        Parameters that an error may name.
    notes : list of str
    """

    def __init__(self, rng):
        self.rng, self.names, self.notes = rng, set(), []

    def one_of(self, values):
        return values[self.rng.integers(len(values))]

    def chance(self, probability):
        return self.rng.random() < probability

    def arguments(self, function, known, spoil=0.15):
        """Return keyword arguments of a function: required and known ones, and now and then others or wrong ones."""
        parameters = inspect.signature(function).parameters
        self.names |= set(parameters)
        drawn = {}
        for name, parameter in parameters.items():
            required = parameter.default is inspect.Parameter.empty
            if parameter.kind in VARIADIC or name in FIXED:
                continue
            if name in known:
                drawn[name] = known[name]
            elif name in VALUES and self.chance(0.3):
                drawn[name] = self.one_of(VALUES[name])
            elif required or name in SMALL:
                drawn[name] = SMALL[name] if name in SMALL else self.one_of(WRONG)
        named = [name for name, parameter in parameters.items() if parameter.kind not in VARIADIC and name not in FIXED]
        if named and self.chance(spoil):
            name = self.one_of(named)
            drawn[name] = self.one_of(WRONG)
        self.notes.append(", ".join(f"{name}={str(value)[:60]!r}" for name, value in drawn.items()))
        return drawn

    def perhaps_corrupt(self, what, values, probability=0.4):
        if not self.chance(probability):
            return values
        name, values = corrupt(values, self.rng)
        self.notes.append(f"{what}: {name}")
        return values


def draw_estimator(case, cls):
    """Return an estimator with parameters drawn at random."""
    known = {
        "estimator": case.one_of(INNER),
        "sampler": case.one_of(SAMPLERS),
        "transformer": case.one_of(TRANSFORMERS),
        "steps": [("scale", EachStep(StandardScaler())), ("model", RNNClassifier(2, max_iter=2, random_state=0))],
    }
    wanted = inspect.signature(cls).parameters
    estimator = cls(**case.arguments(cls, {name: value for name, value in known.items() if name in wanted}))
    case.names |= set(estimator.get_params())
    return estimator


def draw_training_data(case, estimator):
    """Return X and y that suit an estimator, before anything is corrupted."""
    rng, n, name = case.rng, 24, type(estimator).__name__
    tokens = name in TOKENS_ALWAYS or getattr(estimator, "embedding_dim", None) is not None
    tables = name in ("CostSensitiveLogisticRegression", "SMOTENC")
    forms = ["ids", "id array"] if tokens else ["columns"] if tables else ["ragged", "array", "columns"]
    if name in ("TokenEncoder", "RNNTranslator"):
        forms = ["texts"]
    X = draw_sequences(rng, n, str(case.one_of(forms)))
    y = draw_labels(rng, n)
    if name == "RNNRegressor":
        y = rng.standard_normal(n if case.chance(0.7) else (n, 2))
    elif name == "RNNTranslator":
        y = draw_sequences(rng, n, "texts")
    elif name == "RNNTagger":
        y = draw_step_labels(rng, X)
    elif name == "RNNGenerator" and case.chance(0.5):
        y = None
    return X, y


def fuzz_estimator(case, cls):
    """Fit an estimator, and compare what it gives for X, for X reversed, after pickling and after another fit."""
    estimator = draw_estimator(case, cls)
    X, y = draw_training_data(case, estimator)
    clean = X
    X, y = case.perhaps_corrupt("X", X), case.perhaps_corrupt("y", y, 0.25)
    weights = {}
    if "sample_weight" in inspect.signature(estimator.fit).parameters and case.chance(0.3):
        weights = {"sample_weight": draw_weights(case.rng, 24)}
        case.notes.append(f"sample_weight={str(weights['sample_weight'])[:60]}")
    before = pickle.dumps((X, y)) if not inspect.isgenerator(X) and not inspect.isgenerator(y) else None
    if hasattr(estimator, "fit_resample"):
        check_resampled(estimator, X, y)
    else:
        estimator.fit(X, y, **weights)
        check_fitted(case, estimator, clean if case.chance(0.3) or before is None else X, X, y, weights)
    if before is not None and pickle.dumps((X, y)) != before:
        raise Violation("X or y was changed")


def check_fitted(case, estimator, X, fitted_on, y, weights):
    """Check what a fitted estimator gives for X."""
    methods = [
        name for name in ("predict", "predict_proba", "decision_function", "transform") if hasattr(estimator, name)
    ]
    results = {name: getattr(estimator, name)(X) for name in methods}
    for name, result in results.items():
        if len(result) != len(X):
            raise Violation(f"{name} gives {len(result)} results for {len(X)} rows")
        # Zero probabilities have infinite logits, and a gap that was never filled has no value.
        if name != "decision_function" and not (name == "transform" and _passes_nan(estimator)):
            check_finite(name, result)
    if "predict_proba" in results:
        sums = [np.sum(each, axis=-1) for each in results["predict_proba"]]
        check_same("probabilities do not add up to one", sums, [np.ones_like(each) for each in sums], 1e-5)
    copied = pickle.loads(pickle.dumps(estimator))
    for name, result in results.items():
        check_same(f"{name} changes from call to call", getattr(estimator, name)(X), result)
        check_same(f"a pickle changes {name}", getattr(copied, name)(X), result)
        if isinstance(X, (np.ndarray, list)):
            backwards = getattr(estimator, name)(X[::-1])
            if flat(result).dtype.kind == "f":
                check_same(f"{name} depends on the order of rows", list(backwards)[::-1], list(result), 1e-4)
    params = estimator.get_params()
    if case.chance(0.3) and not params.get("warm_start") and isinstance(params.get("random_state", 0), int):
        again = clone(estimator).fit(fitted_on, y, **weights)
        for name, result in results.items():
            check_same(f"a second fit changes {name}", getattr(again, name)(X), result)


def _passes_nan(estimator):
    return type(estimator).__name__ == "EachStep"


def check_resampled(sampler, X, y):
    """Resample, and check that the rows given come first and every new one has parents of its class."""
    X_res, y_res = sampler.fit_resample(X, y)
    n = X.shape[0] if hasattr(X, "shape") else len(X)
    total = X_res.shape[0] if hasattr(X_res, "shape") else len(X_res)
    removes = "under_sampling" in type(sampler).__module__
    if total != len(y_res) or (total > n if removes else total < n):
        raise Violation(f"{n} rows became {total} rows and {len(y_res)} labels")
    if not hasattr(X_res, "columns"):
        check_finite("fit_resample", X_res)
    if hasattr(sampler, "parents_") and not removes:
        parents = sampler.parents_
        if len(parents) != total - n or (parents.size and not 0 <= parents.min() <= parents.max() < n):
            raise Violation("parents_ do not name a row of X for each new row")
        labels = np.asarray(y_res).reshape(total, -1)
        if parents.size and (labels[parents] != labels[n:, np.newaxis]).any() and type(sampler).__name__ == "SMOTE":
            raise Violation("a parent is of another class")
    again = clone(sampler).fit_resample(X, y)[0]
    if isinstance(X_res, np.ndarray) and isinstance(sampler.get_params()["random_state"], int):
        check_same("a second fit_resample differs", again, X_res)


def draw_model(case):
    """Return a small fitted model and its data, recurrent or not."""
    X, y = draw_sequences(case.rng, 20, "ragged"), np.arange(20) % 2
    model = RNNClassifier(3, max_iter=2, random_state=0)
    if case.chance(0.3):
        model = make_pipeline(EachStep(StandardScaler()), model)
    return (model.fit(X, y) if case.chance(0.9) else model), X, y


def fuzz_display(case, cls):
    """Draw a display from an estimator, predictions or rows."""
    model, X, y = draw_model(case)
    if cls.__name__ == "ResamplingDisplay":
        X = case.perhaps_corrupt("X", draw_sequences(case.rng, 20, "columns"))
        sampler = SMOTE(random_state=0, k_neighbors=2)
        cls.from_sampler(sampler, X, case.perhaps_corrupt("y", np.repeat([0, 1], [14, 6])))
    elif cls.__name__ == "TrainingHistoryDisplay":
        cls.from_estimator(model)
    else:
        cls.from_estimator(model, case.perhaps_corrupt("X", X), *_y_if_taken(cls.from_estimator, case, y))
    plt.close("all")


def _y_if_taken(function, case, y):
    return [case.perhaps_corrupt("y", y)] if "y" in inspect.signature(function).parameters else []


def fuzz_function(case, function):
    """Call a function with arguments chosen by their names."""
    rng, n = case.rng, 20
    model, X, y = draw_model(case)
    labels = draw_labels(rng, n)
    table = pd.DataFrame({"key": np.repeat(np.arange(5), 4), "time": np.tile(np.arange(4), 5), "value": rng.random(20)})
    k = len(np.unique(labels))
    known = {
        "X": X,
        "array": rng.standard_normal((5, 4, 2)),
        "baseline": case.one_of(["zero", "mean"]),
        "cv": case.one_of([None, 2, 3]),
        "by": case.one_of(["key", ["key"], "absent"]),
        "cost_matrix": 1.0 - np.eye(k),
        "counts": rng.integers(0, 9, (k, k)),
        "estimator": case.one_of([model, LogisticRegression(), model]),
        "keys": np.arange(n),
        "labels": np.unique(labels) if function.__name__ == "ContingencyTable" else None,
        "metric": case.one_of([accuracy_score, f1_score, "accuracy", None]),
        "model": model,
        "n_rows": case.one_of([n, 3, -1]),
        "n_samples": case.one_of([1, 7]),
        "n_steps": case.one_of([2, 50, 1]),
        "positive": case.one_of([labels[0], 1, True]),
        "tolerance": case.one_of([0, 1]),
        "parents": rng.integers(0, n, (6, 2)),
        "relative_clause_probability": case.one_of([0.0, 0.25, 0.7]),
        "sort": case.one_of([None, "time"]),
        "table": table,
        "values": X,
        "y": None if function.__name__ == "from_long" else y,
        "y_pred": rng.permutation(labels),
        "y_true": labels,
    }
    if case.chance(0.2):
        known["sample_weight"] = draw_weights(rng, n)
    wanted = inspect.signature(function).parameters
    known = {name: value for name, value in known.items() if name in wanted}
    spoilt = ("X", "array", "cost_matrix", "counts", "keys", "parents", "table", "values", "y", "y_pred", "y_true")
    for name in known:
        if name in spoilt and known[name] is not None:
            known[name] = case.perhaps_corrupt(name, known[name], 0.3)
    if function.__name__ == "make_pipeline":
        result = function(*[case.one_of([StandardScaler(), SMOTE(), model, None, "passthrough", 3]) for _ in range(2)])
    else:
        result = function(**case.arguments(function, known))
    if function.__name__ not in ("from_padded", "from_long", "to_long", "step_importance"):
        check_finite(function.__name__, result)


def kind_of(public):
    """Return the function that fuzzes a public object, or None for warnings."""
    if not inspect.isclass(public):
        return fuzz_function
    if issubclass(public, BaseException):
        return None
    if public.__name__.endswith("Display"):
        return fuzz_display
    return fuzz_estimator if hasattr(public, "fit") or hasattr(public, "fit_resample") else fuzz_function
