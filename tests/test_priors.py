import numpy as np
import pytest
from scipy.special import expit, softmax
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression

from skseq import SMOTE, CostSensitiveLogisticRegression, RNNClassifier
from skseq._priors import correct_prior_logits, correct_priors
from skseq.compose import ResampledClassifier
from skseq.over_sampling import RandomOverSampler

PRIOR, EFFECTIVE = [0.9, 0.09, 0.01], [0.2, 0.3, 0.5]


def random_proba(n=50, n_classes=3, dtype=np.float64):
    return np.random.RandomState(0).dirichlet(np.ones(n_classes), size=n).astype(dtype)


def test_by_hand():
    # 0.5 * 0.9/0.5 = 0.9 and 0.5 * 0.1/0.5 = 0.1; 0.9 * 0.2 = 0.18 against 0.1 * 1.8 = 0.18
    np.testing.assert_allclose(correct_priors(np.array([[0.5, 0.5]]), [0.9, 0.1], [0.5, 0.5]), [[0.9, 0.1]])
    np.testing.assert_allclose(correct_priors(np.array([[0.1, 0.9]]), [0.9, 0.1], [0.5, 0.5]), [[0.5, 0.5]])


def test_recovers_the_posterior_of_the_other_prior():
    likelihood = np.random.RandomState(1).rand(20, 3)
    at = {name: likelihood * prior for name, prior in (("prior", PRIOR), ("effective", EFFECTIVE))}
    posterior = {name: joint / joint.sum(axis=1, keepdims=True) for name, joint in at.items()}
    np.testing.assert_allclose(correct_priors(posterior["effective"], PRIOR, EFFECTIVE), posterior["prior"])


def test_only_proportions_count():
    proba = random_proba()
    expected = correct_priors(proba, PRIOR, EFFECTIVE)
    np.testing.assert_allclose(correct_priors(proba, np.multiply(PRIOR, 7), np.multiply(EFFECTIVE, 1e9)), expected)
    np.testing.assert_allclose(correct_priors(proba, PRIOR, PRIOR), proba)


def test_undoes_itself():
    proba = random_proba()
    there = correct_priors(proba, PRIOR, EFFECTIVE)
    assert np.abs(there - proba).max() > 0.1
    np.testing.assert_allclose(correct_priors(there, EFFECTIVE, PRIOR), proba)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_keeps_dtype_zeros_and_sums(dtype):
    proba = np.array([[0.0, 1.0, 0.0], [0.25, 0.0, 0.75]], dtype=dtype)
    proba.flags.writeable = False
    out = correct_priors(proba, PRIOR, EFFECTIVE)
    assert out.dtype == dtype
    np.testing.assert_array_equal(out == 0, proba == 0)
    assert out[0, 1] == 1
    np.testing.assert_allclose(out.sum(axis=1), 1, rtol=1e-6)
    logits = np.log(random_proba(dtype=dtype))
    assert correct_prior_logits(logits, PRIOR, EFFECTIVE).dtype == dtype


def test_extreme_priors_give_no_nan():
    proba = np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    out = correct_priors(proba, [1e-300, 1e300], [1e300, 1e-300])
    np.testing.assert_allclose(out, [[1, 0], [0, 1], [0, 1]], atol=1e-12)


def test_logits_agree_with_probabilities():
    logits = np.random.RandomState(2).randn(30, 3)
    expected = correct_priors(softmax(logits, axis=1), PRIOR, EFFECTIVE)
    np.testing.assert_allclose(softmax(correct_prior_logits(logits, PRIOR, EFFECTIVE), axis=1), expected)


def test_log_odds_agree_with_probabilities():
    log_odds = np.random.RandomState(3).randn(30)
    proba = np.column_stack([expit(-log_odds), expit(log_odds)])
    expected = correct_priors(proba, [0.99, 0.01], [0.4, 0.6])
    np.testing.assert_allclose(expit(correct_prior_logits(log_odds, [0.99, 0.01], [0.4, 0.6])), expected[:, 1])


def test_log_zero_stays():
    out = correct_prior_logits(np.array([[-np.inf, 0.0]]), [0.9, 0.1], [0.5, 0.5])
    assert out[0, 0] == -np.inf
    assert np.isfinite(out[0, 1])


@pytest.mark.parametrize("function", [correct_priors, correct_prior_logits])
@pytest.mark.parametrize(
    ("prior", "effective", "message"),
    [
        ([0.5, 0.5, 0.0], EFFECTIVE, r"prior must be positive .*\[0.5, 0.5, 0.0\].*prior_correction=False"),
        (PRIOR, [1, 0, 1], "effective_prior must be positive"),
        (PRIOR, [1, np.nan, 1], "effective_prior must be positive and finite"),
        (PRIOR, [1, np.inf, 1], "effective_prior must be positive and finite"),
        (PRIOR, [1, -1, 1], "effective_prior must be positive"),
        ([0.5, 0.5], EFFECTIVE, r"prior has shape \(2,\), expected \(3,\)"),
    ],
)
def test_impossible_priors(function, prior, effective, message):
    with pytest.raises(ValueError, match=message):
        function(random_proba(), prior, effective)


def draw(n, base_rates, seed):
    """Return n rows of two Gaussian columns, shifted by class, and their classes at exact base rates."""
    labels = np.repeat(np.arange(len(base_rates)), (n * np.array(base_rates)).round().astype(int))
    return np.random.RandomState(seed).standard_normal((n, 2)) + 1.2 * labels[:, None], labels


WEIGHTED = CostSensitiveLogisticRegression(prior_correction=True)
RESAMPLED = ResampledClassifier(LogisticRegression(), RandomOverSampler(random_state=0), prior_correction=True)
SYNTHETIC = ResampledClassifier(LogisticRegression(), SMOTE(random_state=0), prior_correction=True)


@pytest.mark.parametrize("base_rates", [(0.95, 0.05), (0.99, 0.01), (0.9, 0.08, 0.02)], ids=str)
@pytest.mark.parametrize("model", [WEIGHTED, RESAMPLED, SYNTHETIC], ids=["weights", "copies", "SMOTE"])
def test_mean_probability_is_the_base_rate(model, base_rates):
    X, y = draw(10_000, base_rates, seed=0)
    X_new, _ = draw(10_000, base_rates, seed=1)
    model = clone(model).fit(X, y)
    np.testing.assert_allclose(model.predict_proba(X_new).mean(axis=0), base_rates, atol=0.003)
    as_trained = model.set_params(prior_correction=False).fit(X, y).predict_proba(X_new).mean(axis=0)
    assert as_trained[-1] > 2 * base_rates[-1]  # there was something to correct


@pytest.mark.parametrize("class_weight", ["balanced", {0: 1, 1: 30}], ids=str)
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_mean_probability_of_a_network_is_the_base_rate(cell, class_weight):
    def sequences(seed):
        rows, labels = draw(4_000, (0.95, 0.05), seed)
        noise = np.random.RandomState(seed + 10).standard_normal((4_000, 6, 2))
        return (rows[:, None] + noise).astype(np.float32), labels

    # A rate that falls to zero: after steps at a constant rate, the bias is not at its optimum.
    settings = {"learning_rate": "cosine", "max_iter": 15, "random_state": 0}
    model = RNNClassifier(4, cell=cell, class_weight=class_weight, prior_correction=True, **settings)
    model.fit(*sequences(0))
    X_new, _ = sequences(1)
    assert abs(model.predict_proba(X_new)[:, 1].mean() - 0.05) < 0.01
    assert model.set_params(prior_correction=False).predict_proba(X_new)[:, 1].mean() > 0.15


@pytest.mark.parametrize(
    "model",
    [
        RNNClassifier(3, max_iter=2, class_weight="balanced", random_state=0),
        ResampledClassifier(LogisticRegression(), SMOTE(random_state=0)),
    ],
    ids=lambda model: type(model).__name__,
)
def test_the_correction_can_be_set_after_fit(model):
    rng = np.random.RandomState(0)
    X, y = rng.standard_normal((60, 3)), (np.arange(60) % 5 == 0).astype(int)
    expected = clone(model).set_params(prior_correction=True).fit(X, y).predict_proba(X)
    model = clone(model).fit(X, y)
    assert (model.predict_proba(X) != expected).any()
    np.testing.assert_array_equal(model.set_params(prior_correction=True).predict_proba(X), expected)


def test_the_correction_of_the_linear_model_stands_in_its_intercept():
    rng = np.random.RandomState(0)
    X, y = rng.standard_normal((60, 3)), (np.arange(60) % 5 == 0).astype(int)
    model = CostSensitiveLogisticRegression().fit(X, y)
    expected = model.predict_proba(X)
    np.testing.assert_array_equal(model.set_params(prior_correction=True).predict_proba(X), expected)
    corrected = model.fit(X, y).predict_proba(X)
    np.testing.assert_allclose(corrected, correct_priors(expected, [0.8, 0.2], [0.5, 0.5]), rtol=1e-6)
