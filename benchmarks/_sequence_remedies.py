"""Remedies for a rare class of sequences, and how well each works on one split of the data."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from skseq import RNNClassifier
from skseq.compose import EachStep, EnsembleClassifier, ResampledClassifier
from skseq.metrics import expected_cost
from skseq.neural_network import TransformerClassifier
from skseq.over_sampling import SMOTE, RandomOverSampler
from skseq.training import SoftmaxCrossEntropy
from skseq.under_sampling import RandomUnderSampler

PLAIN, WEIGHTS, OVER, SYNTHETIC, UNDER = "nothing", "class weights", "random over-sampling", "SMOTE", "under-sampling"
ENSEMBLE, UNDER_ENSEMBLE = "ensemble of 4", "ensemble of 4 under-samples"
ADJUSTED, BASELINE = "logit-adjusted loss", "logistic regression on summaries"
REMEDIES = (PLAIN, WEIGHTS, OVER, SYNTHETIC, UNDER, ENSEMBLE, UNDER_ENSEMBLE, ADJUSTED)
NETWORKS = {"GRU": RNNClassifier, "Transformer": TransformerClassifier}
MEASURES = ("auc", "average_precision", "log_loss_raw", "log_loss", "cost_raw", "cost")
#: Networks of an ensemble.
MEMBERS = 4


class _AdjustedCrossEntropy(SoftmaxCrossEntropy):
    """The cross-entropy of logits plus the logarithms of the class frequencies."""

    def __init__(self, log_priors):
        self.log_priors = log_priors[:, None]

    def value_and_gradient(self, outputs, *others):
        return super().value_and_gradient(outputs + self.log_priors.astype(outputs.dtype), *others)


class _Adjusted:
    """A network whose logits are adjusted by the class frequencies while it trains (Menon et al. 2021, tau = 1).

    The network's own outputs then score the classes as if they were balanced.
    """

    def fit(self, X, y, **given):
        self._log_priors = np.log(np.bincount(y) / len(y))
        return super().fit(X, y, **given)

    def _loss(self):
        return _AdjustedCrossEntropy(self._log_priors)


ADJUSTED_NETWORKS = {name: type(f"Adjusted{name}", (_Adjusted, network), {}) for name, network in NETWORKS.items()}


def front(tokens):
    """Return the transformers before a network."""
    return [] if tokens else [EachStep(StandardScaler())]


def make_model(network, remedy, tokens, y, seed):
    """Return an unfitted model without a correction for the base rate.

    Parameters
    ----------
    network : str
        A key of :data:`NETWORKS`.
    remedy : str
        One of :data:`REMEDIES`.
    tokens : bool
        Whether the sequences are token ids.
    y : ndarray of shape (n,)
        The classes of the training part; 1 is rare.
    seed : int
    """
    settings = {"embedding_dim": 16} if tokens else {}
    plain = NETWORKS[network](random_state=seed, **settings)
    rare = int(y.sum())
    neighbors = min(5, rare - 1)
    models = {
        PLAIN: lambda: plain,
        WEIGHTS: lambda: plain.set_params(class_weight="balanced"),
        OVER: lambda: ResampledClassifier(plain, RandomOverSampler(random_state=seed)),
        SYNTHETIC: lambda: ResampledClassifier(plain, SMOTE(k_neighbors=neighbors, random_state=seed)),
        UNDER: lambda: ResampledClassifier(plain, RandomUnderSampler(random_state=seed)),
        ENSEMBLE: lambda: EnsembleClassifier(plain, MEMBERS, random_state=seed),
        UNDER_ENSEMBLE: lambda: EnsembleClassifier(plain, MEMBERS, sampler=RandomUnderSampler(), random_state=seed),
        ADJUSTED: lambda: ADJUSTED_NETWORKS[network](random_state=seed, **settings),
    }
    return make_pipeline(*front(tokens), models[remedy]())


def summaries(X):
    """Return mean, deviation, minimum, maximum and last step of each feature, (n, 5 * features)."""
    return np.array([np.concatenate([x.mean(0), x.std(0), x.min(0), x.max(0), x[-1]]) for x in X])


def token_summaries(X):
    """Return the number of times that each of 32 token ids occurs in the first and the second half, (n, 64)."""
    halves = [half for x in X for half in (x[: len(x) // 2], x[len(x) // 2 :])]
    counts = np.array([np.bincount(half, minlength=32)[:32] for half in halves])
    return counts.reshape(len(X), -1)


def baseline(tokens):
    """Return logistic regression on summaries of each sequence, unfitted."""
    summary = FunctionTransformer(token_summaries if tokens else summaries)
    return make_pipeline(summary, StandardScaler(), LogisticRegression(max_iter=1000))


def probabilities(model, remedy, X, y):
    """Return the probabilities (n, 2) of a fitted model as it was trained, and those for the base rate of ``y``.

    Parameters
    ----------
    model : Pipeline
    remedy : str
    X : list of ndarray
    y : ndarray of shape (n,)
        The classes of the training part.
    """
    raw = model.predict_proba(X)
    if remedy in (PLAIN, ENSEMBLE, BASELINE):
        return raw, raw
    if remedy == ADJUSTED:
        weighted = raw * np.bincount(y)
        return raw, weighted / weighted.sum(axis=1, keepdims=True)
    model[-1].set_params(prior_correction=True)
    return raw, model.predict_proba(X)


def measure(raw, calibrated, y, ratio):
    """Return the measures of :data:`MEASURES` on test sequences.

    Parameters
    ----------
    raw, calibrated : ndarray of shape (n, 2)
        Probabilities as the model was trained, and those for the base rate of the training part.
    y : ndarray of shape (n,)
    ratio : float
        Cost of a miss; a false alarm costs one. Costs are divided by that of the better constant decision.
    """
    costs = np.array([[0.0, 1.0], [ratio, 0.0]])
    constant = min(expected_cost(y, np.full(len(y), label), costs) for label in (0, 1))
    decided = expected_cost(y, (calibrated @ costs).argmin(axis=1), costs)
    return (
        roc_auc_score(y, calibrated[:, 1]),
        average_precision_score(y, calibrated[:, 1]),
        log_loss(y, raw),
        log_loss(y, calibrated),
        expected_cost(y, raw.argmax(axis=1), costs) / constant,
        decided / constant,
    )


def cross_validated(task, network, remedy, folds):
    """Return the means of the measures over folds, (rows of the training part, rows of the test) each."""
    found = []
    for seed, (train, test) in enumerate(folds):
        X, y = [task.X[row] for row in train], task.y[train]
        if remedy == BASELINE:
            model = baseline(task.tokens)
        else:
            model = make_model(network, remedy, task.tokens, y, seed)
        model.fit(X, y)
        ratio = (len(y) - y.sum()) / y.sum()
        both = probabilities(model, remedy, [task.X[row] for row in test], y)
        found.append(measure(*both, task.y[test], ratio))
    return tuple(float(mean) for mean in np.mean(found, axis=0))
