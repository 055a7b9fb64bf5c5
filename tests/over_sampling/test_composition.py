"""SMOTE among other people's tools: pipelines, searches and imbalanced-learn's own checks."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from skseq.over_sampling import ADASYN, SMOTE, BorderlineSMOTE, RandomOverSampler

Y = np.repeat([0, 1], [90, 30])
X = np.random.RandomState(0).randn(120, 3) + Y[:, np.newaxis]


@pytest.fixture
def imblearn_pipeline():
    return pytest.importorskip("imblearn.pipeline")


def test_imbalanced_learns_pipeline(imblearn_pipeline):
    model = imblearn_pipeline.make_pipeline(StandardScaler(), SMOTE(random_state=0), LogisticRegression())
    model.fit(X, Y)
    scaler = StandardScaler().fit(X)
    resampled = SMOTE(random_state=0).fit_resample(scaler.transform(X), Y)
    alone = LogisticRegression().fit(*resampled)
    np.testing.assert_allclose(model.predict_proba(X), alone.predict_proba(scaler.transform(X)))


def test_imbalanced_learns_pipeline_in_a_search(imblearn_pipeline):
    model = imblearn_pipeline.Pipeline([("smote", SMOTE(random_state=0)), ("model", LogisticRegression())])
    search = GridSearchCV(model, {"smote__k_neighbors": [1, 3], "smote__gap": ["row", "feature"]}, n_jobs=2)
    search.fit(X, Y)
    assert search.cv_results_["mean_test_score"].shape == (4,)


@pytest.mark.parametrize("build", [make_pipeline, lambda *steps: Pipeline(list(zip("abc", steps)))])
def test_scikit_learns_pipeline_refuses_it(build):
    with pytest.raises(TypeError, match="SMOTE"):
        build(StandardScaler(), SMOTE(), LogisticRegression()).fit(X, Y)


@pytest.mark.parametrize(
    "check",
    [
        "target_type",
        "samplers_one_label",
        "samplers_fit",
        "samplers_fit_resample",
        "samplers_sampling_strategy_fit_resample",
        "samplers_sparse",
        "samplers_pandas",
        "samplers_pandas_sparse",
        "samplers_list",
        "samplers_preserve_dtype",
    ],
)
@pytest.mark.parametrize("sampler", [SMOTE, BorderlineSMOTE, ADASYN, RandomOverSampler])
def test_imbalanced_learns_checks(check, sampler):
    checks = pytest.importorskip("imblearn.utils.estimator_checks")
    getattr(checks, f"check_{check}")(sampler.__name__, sampler(random_state=0))


def test_import_is_light():
    code = (
        "import sys, sklearn.base, sklearn.utils.validation; before = set(sys.modules);"
        "import skseq.over_sampling; print({name.split('.')[0] for name in set(sys.modules) - before});"
        "print('sklearn.neighbors' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    new, neighbors = run.stdout.splitlines()
    assert eval(new) <= {"skseq", "sklearn", "scipy", "numpy", "joblib"} | set(sys.stdlib_module_names)
    assert neighbors == "False"
