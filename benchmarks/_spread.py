"""Lengths far apart: what a fit on them is compared with, for the five recurrent estimators."""

import numpy as np

FEATURES, UNITS = 4, 64


def log_normal(n, mean, seed=0):
    """Return n lengths whose logarithms are normal with deviation 1, of mean ``mean``."""
    drawn = np.random.RandomState(seed).lognormal(size=n)
    return np.maximum(1, np.round(drawn * mean / drawn.mean())).astype(int)


def cases(smoke=False):
    """Return {case: (lengths, lengths to compare with)}."""
    if smoke:
        return {"50 steps beside 15 of 3": ([50] + [3] * 15, [50, 3])}
    drawn = log_normal(200, 60)
    return {
        "5,000 steps beside 150 of 3; alone": ([5000] + [3] * 150, [5000, 3]),
        "50,000 steps beside 40 of 3; alone": ([50_000] + [3] * 40, [50_000, 3]),
        "200 log-normal lengths, mean 60; equal lengths": (drawn.tolist(), [60] * 200),
    }


def make_estimator(name, max_iter=1):
    """Return an estimator that takes all its sequences as one batch."""
    import skseq

    return getattr(skseq, name)(UNITS, batch_size=1000, max_iter=max_iter, random_state=0)


def make_data(name, lengths):
    """Return the arguments of fit: measurements or texts of these lengths, and what is to be learnt of them.

    The targets of RNNTranslator are the first ten tokens of their sources.
    """
    rng = np.random.RandomState(0)
    if name in ("RNNGenerator", "RNNTranslator"):
        texts = ["".join(rng.choice(list("abcd"), steps)) for steps in lengths]
        return (texts,) if name == "RNNGenerator" else (texts, [text[:10] for text in texts])
    X = [rng.standard_normal((steps, FEATURES)).astype(np.float32) for steps in lengths]
    if name == "RNNTagger":
        return X, [(x[:, 0] > 0).astype(int) for x in X]
    if name == "RNNRegressor":
        return X, np.array([float(x[-1, 0]) for x in X])
    return X, np.arange(len(X)) % 2


#: How each estimator is asked for predictions; the last two predict in other ways than from sequences to numbers.
CALLS = {
    "RNNClassifier": {"fit": None, "predict_proba": lambda model, X, *_: model.predict_proba(X)},
    "RNNRegressor": {"fit": None, "predict": lambda model, X, *_: model.predict(X)},
    "RNNTagger": {"fit": None, "predict_proba": lambda model, X, *_: model.predict_proba(X)},
    "RNNGenerator": {"fit": None, "score": lambda model, X, *_: model.score(X)},
    "RNNTranslator": {"fit": None},
}
