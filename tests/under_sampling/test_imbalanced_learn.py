"""Samplers of imbalanced-learn in the places for ours: on tables they work, sequences they refuse, as the docs tell."""

import numpy as np
import pytest
from samplers import make_rows
from sklearn.linear_model import LogisticRegression

from skseq import make_pipeline
from skseq.compose import EnsembleClassifier, ResampledClassifier

combine = pytest.importorskip("imblearn.combine")
over_sampling = pytest.importorskip("imblearn.over_sampling")
under_sampling = pytest.importorskip("imblearn.under_sampling")

X, Y = make_rows((60, 20))
SAMPLERS = [
    getattr(module, name)()
    for module in (under_sampling, over_sampling, combine)
    for name in module.__all__
    if name not in ("SMOTENC", "SMOTEN", "KMeansSMOTE")  # for other data, or needs clusters that these rows lack
]


def name_of(sampler):
    return f"{type(sampler).__module__.split('.')[1]}.{type(sampler).__name__}"


@pytest.mark.parametrize("sampler", SAMPLERS, ids=name_of)
def test_tables(sampler):
    seeds = {"random_state": 0} if "random_state" in sampler.get_params() else {}
    sampler = sampler.set_params(**seeds)
    X_res, y_res = sampler.fit_resample(X, Y)
    expected = LogisticRegression().fit(X_res, y_res).predict_proba(X)
    pipeline = make_pipeline(sampler, LogisticRegression()).fit(X, Y)
    np.testing.assert_allclose(pipeline.predict_proba(X), expected)
    corrected = ResampledClassifier(LogisticRegression(), sampler, prior_correction=True).fit(X, Y)
    np.testing.assert_allclose(corrected.effective_prior_, np.bincount(y_res) / len(y_res))
    np.testing.assert_allclose(corrected.prior_, [0.75, 0.25])
    ensemble = EnsembleClassifier(LogisticRegression(), 2, sampler=sampler, prior_correction=True, random_state=0)
    assert np.isfinite(ensemble.fit(X, Y).predict_proba(X)).all()


@pytest.mark.parametrize("sampler", SAMPLERS, ids=name_of)
def test_sequences_are_refused(sampler):
    with pytest.raises(ValueError):
        sampler.fit_resample(X[:, :, np.newaxis], Y)
    with pytest.raises(ValueError):
        sampler.fit_resample([row[: 2 + i % 2, np.newaxis] for i, row in enumerate(X)], Y)
