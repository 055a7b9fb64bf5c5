import pickle
import re
import warnings
from collections import Counter

import imblearn.pipeline
import numpy as np
import pytest
import sklearn
import sklearn.pipeline
from imblearn.base import BaseSampler
from imblearn.over_sampling import SMOTE as ImblearnSMOTE
from imblearn.under_sampling import RandomUnderSampler
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin, clone
from sklearn.cluster import DBSCAN, KMeans
from sklearn.datasets import make_classification
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.neighbors import KernelDensity
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, StandardScaler
from sklearn.utils import estimator_html_repr
from sklearn.utils.estimator_checks import check_estimator
from sklearn.utils.validation import check_array, check_consistent_length, column_or_1d

from skseq.compose import EachStep, MinimumCostClassifier, ResampledClassifier
from skseq.over_sampling import SMOTE
from skseq.pipeline import Pipeline, make_pipeline

X, y = make_classification(200, 6, n_informative=4, weights=[0.85], random_state=0)
WEIGHTS = np.linspace(0.5, 2.0, len(X))


class RepeatRows(BaseEstimator):
    """Repeats the rows of each class until it has ``times`` the rows of the largest."""

    def __init__(self, times=1):
        self.times = times

    def fit(self, X, y, row_weight=None):
        raise AssertionError("a pipeline calls fit_resample")

    def fit_resample(self, X, y, row_weight=None):
        X = check_array(X, accept_sparse="csr", ensure_all_finite=False, dtype=None)
        y = column_or_1d(y, warn=True)
        check_consistent_length(X, y)
        self.row_weight_ = row_weight
        self.n_rows_ = X.shape[0]
        labels, counts = np.unique(y, return_counts=True)
        rows = np.concatenate([np.resize(np.flatnonzero(y == c), self.times * counts.max()) for c in labels])
        return X[rows], y[rows]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        return tags


class NoTraceSampler:
    """A sampler in the least sense: no parameters, no attributes, no fit."""

    def fit_resample(self, X, y):
        return X[::2], y[::2]


@pytest.fixture
def routing():
    with sklearn.config_context(enable_metadata_routing=True):
        yield


def smote():
    return ImblearnSMOTE(random_state=0)


def under():
    return RandomUnderSampler(random_state=0, sampling_strategy=0.5)


STEPS = {
    "first": lambda: [("smote", smote()), ("scale", StandardScaler()), ("lr", LogisticRegression())],
    "middle": lambda: [("scale", StandardScaler()), ("smote", smote()), ("pca", PCA(3)), ("lr", LogisticRegression())],
    "before last": lambda: [
        ("scale", StandardScaler()),
        ("pca", PCA(3)),
        ("under", under()),
        ("lr", LogisticRegression()),
    ],
    "two": lambda: [
        ("under", under()),
        ("scale", StandardScaler()),
        ("smote", smote()),
        ("lr", LogisticRegression()),
    ],
    "side by side": lambda: [("under", under()), ("smote", smote()), ("lr", LogisticRegression())],
    "passthrough": lambda: [
        ("scale", "passthrough"),
        ("smote", smote()),
        ("none", None),
        ("lr", LogisticRegression()),
    ],
    "no sampler": lambda: [("scale", StandardScaler()), ("lr", LogisticRegression())],
}


@pytest.mark.parametrize("memory", [False, True])
@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
def test_predicts_what_imbalanced_learn_predicts(steps, memory, tmp_path):
    ours = Pipeline(steps(), memory=str(tmp_path) if memory else None).fit(X, y)
    theirs = imblearn.pipeline.Pipeline(steps()).fit(X, y)
    for method in ("predict", "predict_proba", "predict_log_proba", "decision_function"):
        np.testing.assert_array_equal(getattr(ours, method)(X), getattr(theirs, method)(X))
    assert ours.score(X, y) == theirs.score(X, y)
    np.testing.assert_array_equal(ours.classes_, [0, 1])


def test_skseq_smote_in_a_pipeline_resamples_only_while_fitting():
    pipeline = make_pipeline(StandardScaler(), SMOTE(random_state=3), LogisticRegression()).fit(X, y)
    scaler = StandardScaler().fit(X)
    X_res, y_res = SMOTE(random_state=3).fit_resample(scaler.transform(X), y)
    expected = LogisticRegression().fit(X_res, y_res)
    np.testing.assert_array_equal(pipeline.predict_proba(X), expected.predict_proba(scaler.transform(X)))
    assert pipeline.named_steps["smote"].parents_.shape[1] == 2
    assert len(pipeline.predict(X[:7])) == 7


def test_a_sampler_switched_off_is_a_stock_pipeline():
    stock = sklearn.pipeline.make_pipeline(StandardScaler(), LogisticRegression()).fit(X, y)
    for off in ("passthrough", None):
        pipeline = make_pipeline(StandardScaler(), SMOTE(), LogisticRegression()).set_params(smote=off)
        np.testing.assert_array_equal(pipeline.fit(X, y).predict_proba(X), stock.predict_proba(X))


def test_transformers_inside_are_fitted_on_resampled_rows_and_applied_to_all():
    inner = make_pipeline(StandardScaler(), under(), PCA(2))
    flat = Pipeline([("scale", StandardScaler()), ("under", under()), ("pca", PCA(2))])
    expected = flat.fit(X, y).transform(X)
    assert expected.shape == (len(X), 2)
    np.testing.assert_array_equal(inner.fit_transform(X, y), expected)
    nested = make_pipeline(inner, LogisticRegression()).fit(X, y)
    np.testing.assert_array_equal(nested[0].transform(X), expected)
    np.testing.assert_array_equal(nested.predict(X), LogisticRegression().fit(expected, y).predict(expected))
    inside_stock = sklearn.pipeline.make_pipeline(clone(inner), LogisticRegression()).fit(X, y)
    np.testing.assert_array_equal(inside_stock.predict(X), nested.predict(X))


def test_fit_transform_is_fit_then_transform():
    for last in (PCA(2), "passthrough", None, FunctionTransformer()):
        pipeline = Pipeline([("scale", StandardScaler()), ("smote", SMOTE(random_state=0)), ("last", last)])
        once = clone(pipeline).fit_transform(X, y)
        np.testing.assert_array_equal(once, pipeline.fit(X, y).transform(X))
        assert len(once) == len(X)


def test_fit_predict_is_fit_then_predict():
    pipeline = make_pipeline(under(), KMeans(3, n_init=1, random_state=0))
    labels = clone(pipeline).fit_predict(X, y)
    np.testing.assert_array_equal(labels, pipeline.fit(X, y).predict(X))
    assert not hasattr(make_pipeline(under(), LogisticRegression()), "fit_predict")
    # A clusterer without predict has labels for the resampled rows only.
    assert not hasattr(make_pipeline(under(), DBSCAN()), "fit_predict")
    assert set(make_pipeline(StandardScaler(), DBSCAN(1.5)).fit_predict(X)) == {-1, 0}
    assert not hasattr(make_pipeline(under(), LogisticRegression()), "fit_transform")


def test_every_other_method_leaves_samplers_out():
    pipeline = make_pipeline(under(), StandardScaler(), KernelDensity()).fit(X, y)
    assert pipeline.score_samples(X).shape == (len(X),)
    scaled = make_pipeline(under(), StandardScaler(), MinMaxScaler()).fit(X, y)
    np.testing.assert_allclose(scaled.inverse_transform(scaled.transform(X)), X)
    for name in ("predict", "predict_proba", "decision_function", "score_samples", "fit_resample"):
        assert not hasattr(scaled, name), name
    with pytest.raises(AttributeError, match="predict"):
        scaled.predict(X)


def test_a_pipeline_that_ends_in_a_sampler_is_a_sampler():
    pipeline = make_pipeline(StandardScaler(), under(), SMOTE(random_state=0))
    X_res, y_res = pipeline.fit_resample(X, y)
    expected = under().fit_resample(StandardScaler().fit_transform(X), y)
    expected = SMOTE(random_state=0).fit_resample(*expected)
    np.testing.assert_array_equal(X_res, expected[0])
    np.testing.assert_array_equal(y_res, expected[1])
    for name in ("transform", "fit_transform", "predict", "score"):
        assert not hasattr(pipeline, name), name
    fitted = clone(pipeline).fit(X, y)
    assert fitted[-1].sampling_strategy_ == pipeline[-1].sampling_strategy_
    np.testing.assert_array_equal(fitted.get_feature_names_out(), [f"x{i}" for i in range(6)])


def test_a_pipeline_of_samplers_can_be_a_step():
    both = make_pipeline(under(), SMOTE(random_state=0))
    nested = make_pipeline(StandardScaler(), both, LogisticRegression()).fit(X, y)
    flat = make_pipeline(StandardScaler(), under(), SMOTE(random_state=0), LogisticRegression()).fit(X, y)
    np.testing.assert_array_equal(nested.predict_proba(X), flat.predict_proba(X))


def test_a_nested_sampler_that_also_transforms_is_refused():
    both = make_pipeline(StandardScaler(), SMOTE())
    with pytest.raises(TypeError, match=r"'pipeline' is a pipeline .* 'standardscaler' .*not at predict"):
        make_pipeline(both, LogisticRegression()).fit(X, y)


class Both(NoTraceSampler):
    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return X


def test_a_sampler_that_also_transforms_is_refused():
    for steps in ((Both(), LogisticRegression()), (StandardScaler(), Both())):
        with pytest.raises(TypeError, match=r"step 'both' \(Both\) has both fit_resample and transform"):
            make_pipeline(*steps).fit(X, y)


@pytest.mark.parametrize(
    ("steps", "error", "message"),
    [
        ([("a", RandomUnderSampler), ("b", LogisticRegression())], TypeError, "'a' is the class RandomUnderSampler"),
        ([("a", SMOTE()), ("b", LogisticRegression)], TypeError, "'b' is <class .* must be an estimator with fit"),
        ([("a", SMOTE()), ("b", 3)], TypeError, "'b' is 3 .*estimator with fit"),
        ([("a", SMOTE()), ("b", KMeans), ("c", KMeans())], TypeError, "'b' is .*sampler"),
        ([("s", SMOTE()), ("b", LogisticRegression()), ("c", LogisticRegression())], TypeError, "'b' is .*sampler"),
        ([("a", SMOTE()), ("a", LogisticRegression())], ValueError, "not unique"),
        ([("a__b", SMOTE()), ("c", LogisticRegression())], ValueError, "must not contain __"),
        ([("steps", SMOTE()), ("c", LogisticRegression())], ValueError, "conflict"),
    ],
)
def test_wrong_steps(steps, error, message):
    with pytest.raises(error, match=message):
        Pipeline(steps).fit(X, y)


def test_wrong_parameters():
    steps = [("smote", SMOTE()), ("lr", LogisticRegression())]
    with pytest.raises(TypeError, match="verbose must be True or False"):
        Pipeline(steps, verbose="yes").fit(X, y)
    with pytest.raises(ValueError, match="memory"):
        Pipeline(steps, memory=3).fit(X, y)
    with pytest.raises(ValueError, match="requires y"):
        Pipeline(steps).fit(X)
    for nonsense in ("steps", [1, 2], []):
        pipeline = Pipeline(nonsense)
        assert not hasattr(pipeline, "predict")
        assert not hasattr(pipeline, "fit_resample")
        with pytest.raises((ValueError, TypeError)):
            pipeline.fit(X, y)


def test_a_sampler_must_return_a_pair():
    class Triple(NoTraceSampler):
        def fit_resample(self, X, y):
            return X, y, np.arange(len(X))

    with pytest.raises(TypeError, match=r"Triple.fit_resample must return the pair \(X, y\), .* 3 values"):
        make_pipeline(Triple(), LogisticRegression()).fit(X, y)


def test_predict_before_fit():
    pipeline = make_pipeline(StandardScaler(), SMOTE(), LogisticRegression())
    with pytest.raises(NotFittedError):
        pipeline.predict(X)
    assert not hasattr(pipeline, "n_features_in_")
    assert not hasattr(pipeline, "classes_")


def test_a_failed_fit_keeps_the_steps():
    pipeline = make_pipeline(StandardScaler(), SMOTE(k_neighbors=0), LogisticRegression())
    steps = pipeline.steps
    with pytest.raises(ValueError, match="k_neighbors"):
        pipeline.fit(X, y)
    assert pipeline.steps is steps


CALLS = Counter()


class CountingScaler(StandardScaler):
    def fit(self, X, y=None, sample_weight=None):
        CALLS["scaler"] += 1
        return super().fit(X, y, sample_weight)


class CountingSampler(RepeatRows):
    def fit_resample(self, X, y, row_weight=None):
        CALLS["sampler"] += 1
        return super().fit_resample(X, y, row_weight)


def test_memory_keeps_transformers_and_samplers(tmp_path):
    CALLS.clear()
    pipeline = Pipeline(
        [("scale", CountingScaler()), ("repeat", CountingSampler()), ("lr", LogisticRegression())],
        memory=str(tmp_path),
    )
    scaler, sampler, _ = (step for _, step in pipeline.steps)
    first = pipeline.fit(X, y).predict_proba(X)
    assert CALLS == {"scaler": 1, "sampler": 1}
    assert not hasattr(scaler, "mean_")
    assert not hasattr(sampler, "n_rows_")
    assert pipeline["repeat"].n_rows_ == len(X)
    second = clone(pipeline).set_params(lr__C=10.0).fit(X, y).set_params(lr__C=1.0).fit(X, y)
    assert CALLS == {"scaler": 1, "sampler": 1}
    np.testing.assert_array_equal(second.predict_proba(X), first)
    assert second["repeat"].n_rows_ == len(X)
    pipeline.set_params(repeat__times=2).fit(X, y)
    assert CALLS == {"scaler": 1, "sampler": 2}
    pipeline.fit(X, 1 - y)  # other labels, other rows
    assert CALLS == {"scaler": 2, "sampler": 3}


def test_without_memory_the_steps_themselves_are_fitted():
    pipeline = make_pipeline(StandardScaler(), SMOTE(random_state=0), LogisticRegression())
    steps = [step for _, step in pipeline.steps]
    pipeline.fit(X, y)
    assert all(a is b for (_, a), b in zip(pipeline.steps, steps))


def test_access_slices_clone_pickle_repr():
    pipeline = make_pipeline(StandardScaler(), SMOTE(random_state=0), LogisticRegression()).fit(X, y)
    assert len(pipeline) == 3
    assert pipeline[1] is pipeline["smote"] is pipeline.named_steps.smote
    assert isinstance(pipeline[:-1], Pipeline)
    assert hasattr(pipeline[:-1], "fit_resample")
    np.testing.assert_array_equal(pipeline[:1].transform(X), pipeline[0].transform(X))
    assert pipeline.get_params()["smote__k_neighbors"] == 5
    copy = pickle.loads(pickle.dumps(pipeline))
    np.testing.assert_array_equal(copy.predict_proba(X), pipeline.predict_proba(X))
    again = clone(pipeline).fit(X, y)
    np.testing.assert_array_equal(again.predict_proba(X), pipeline.predict_proba(X))
    assert "SMOTE" in estimator_html_repr(pipeline)
    assert "SMOTE" in repr(pipeline)


def test_feature_names():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(X, columns=list("abcdef"))
    pipeline = make_pipeline(SMOTE(), StandardScaler(), PCA(2), SMOTE(), LogisticRegression()).fit(frame, y)
    assert pipeline.n_features_in_ == 6
    np.testing.assert_array_equal(pipeline.feature_names_in_, list("abcdef"))
    np.testing.assert_array_equal(pipeline[:-1].get_feature_names_out(), ["pca0", "pca1"])
    np.testing.assert_array_equal(pipeline[:2].get_feature_names_out(), list("abcdef"))
    with pytest.raises(AttributeError, match="get_feature_names_out"):
        pipeline.get_feature_names_out()


def test_a_sampler_that_knows_nothing_of_the_columns():
    pipeline = make_pipeline(NoTraceSampler(), StandardScaler(), LogisticRegression())
    assert not hasattr(pipeline, "n_features_in_")
    pipeline.fit(X, y)
    assert pipeline.n_features_in_ == 6
    assert pipeline[1].n_samples_seen_ == 100
    last = make_pipeline(StandardScaler(), NoTraceSampler(), "passthrough").fit(X, y)
    assert last.transform(X).shape == X.shape  # is fitted, though the sampler leaves no trace


@pytest.mark.parametrize("container", ["pandas", "polars"])
def test_set_output(container):
    module = pytest.importorskip(container)
    pipeline = make_pipeline(StandardScaler(), SMOTE(random_state=0), PCA(2), LogisticRegression())
    pipeline.set_output(transform=container).fit(X, y)
    transformer = Pipeline(pipeline.steps[:-1])
    assert isinstance(transformer.transform(X), module.DataFrame)
    expected = make_pipeline(StandardScaler(), SMOTE(random_state=0), PCA(2), LogisticRegression()).fit(X, y)
    np.testing.assert_array_equal(pipeline.predict(X), expected.predict(X))
    if container == "pandas":  # older scikit-learn does not read names from the newest polars
        assert list(pipeline[2].feature_names_in_) == [f"x{i}" for i in range(6)]
        assert list(pipeline[3].feature_names_in_) == ["pca0", "pca1"]
    alone = make_pipeline(StandardScaler(), SMOTE(random_state=0)).set_output(transform=container)
    assert isinstance(alone.fit_resample(X, y)[0], module.DataFrame)


def test_parameters_of_steps_without_routing():
    pipeline = make_pipeline(StandardScaler(), RepeatRows(), LogisticRegression())
    pipeline.fit(X, y, standardscaler__sample_weight=WEIGHTS, repeatrows__row_weight=WEIGHTS)
    np.testing.assert_array_equal(pipeline[0].mean_, StandardScaler().fit(X, sample_weight=WEIGHTS).mean_)
    assert pipeline[1].row_weight_ is WEIGHTS
    with pytest.raises(ValueError, match=r"does not accept the sample_weight parameter.*stepname__parameter"):
        pipeline.fit(X, y, sample_weight=WEIGHTS)
    with pytest.raises(ValueError, match=r"does not accept the lr__sample_weight .*\['standardscaler', "):
        pipeline.fit(X, y, lr__sample_weight=WEIGHTS)
    transformer = make_pipeline(StandardScaler(), RepeatRows(), PCA(2))
    transformer.fit_transform(X, y, standardscaler__sample_weight=WEIGHTS)
    np.testing.assert_array_equal(transformer[0].mean_, pipeline[0].mean_)


@pytest.mark.parametrize(
    "steps",
    [
        [("sampler", SMOTE()), ("lr", LogisticRegression())],
        [("sampler", SMOTE()), ("scale", StandardScaler()), ("lr", LogisticRegression())],
        [("sampler", SMOTE()), ("last", sklearn.pipeline.Pipeline([("lr", LogisticRegression())]))],
    ],
)
def test_sample_weight_after_a_sampler_is_refused(steps):
    name = steps[1][0]
    parameter = "lr__sample_weight" if name == "last" else "sample_weight"
    pipeline = Pipeline(steps)
    with pytest.raises(ValueError, match=f"'{name}', but the step 'sampler' resamples before it.*class_weight"):
        pipeline.fit(X, y, **{f"{name}__{parameter}": WEIGHTS})
    pipeline.fit(X, y, **{f"{name}__{parameter}": None})
    pipeline.set_params(sampler="passthrough").fit(X, y, **{f"{name}__{parameter}": WEIGHTS})


@pytest.mark.usefixtures("routing")
def test_routed_sample_weight_after_a_sampler_is_refused():
    scaler = StandardScaler().set_fit_request(sample_weight=True)
    pipeline = make_pipeline(scaler, SMOTE(), LogisticRegression().set_fit_request(sample_weight="w"))
    with pytest.raises(ValueError, match=r"sample_weight was given to the step 'logisticregression', but"):
        pipeline.fit(X, y, sample_weight=WEIGHTS, w=WEIGHTS)
    pipeline.fit(X, y, sample_weight=WEIGHTS)
    np.testing.assert_array_equal(pipeline[0].mean_, StandardScaler().fit(X, sample_weight=WEIGHTS).mean_)


@pytest.mark.usefixtures("routing")
def test_routed_metadata_is_what_imbalanced_learn_routes():
    def steps():
        return [
            ("scale", StandardScaler().set_fit_request(sample_weight=True)),
            ("under", under()),
            ("lr", LogisticRegression().set_fit_request(sample_weight=False).set_score_request(sample_weight=True)),
        ]

    ours = Pipeline(steps()).fit(X, y, sample_weight=WEIGHTS)
    theirs = imblearn.pipeline.Pipeline(steps()).fit(X, y, sample_weight=WEIGHTS)
    np.testing.assert_array_equal(ours.predict_proba(X), theirs.predict_proba(X))
    score = ours.score(X, y, sample_weight=WEIGHTS)
    assert score == theirs.score(X, y, sample_weight=WEIGHTS)
    assert score != ours.score(X, y)
    with pytest.raises(TypeError, match="unexpected argument"):
        ours.fit(X, y, nonsense=WEIGHTS)
    with pytest.raises(sklearn.exceptions.UnsetMetadataPassedError):
        make_pipeline(StandardScaler(), SMOTE(), LogisticRegression()).fit(X, y, sample_weight=WEIGHTS)


@pytest.mark.usefixtures("routing")
def test_routed_metadata_reaches_samplers_and_nested_pipelines():
    sampler = RepeatRows().set_fit_request(row_weight=True)
    scaler = StandardScaler().set_fit_request(sample_weight=True)
    inner = make_pipeline(scaler, sampler, PCA(2))
    outer = make_pipeline(inner, RepeatRows().set_fit_request(row_weight="other"), KMeans(2))
    weights = {"row_weight": WEIGHTS, "other": WEIGHTS * 2, "sample_weight": WEIGHTS * 3}
    outer[2].set_fit_request(sample_weight=False)
    outer.fit(X, y, **weights)
    assert outer[0][1].row_weight_ is weights["row_weight"]
    assert outer[1].row_weight_ is weights["other"]
    np.testing.assert_allclose(outer[0][0].mean_, StandardScaler().fit(X, sample_weight=WEIGHTS).mean_)
    sampler_last = make_pipeline(StandardScaler(), sampler)
    sampler_last.fit_resample(X, y, row_weight=WEIGHTS)
    assert sampler_last[1].row_weight_ is WEIGHTS


class ShiftTransformer(BaseEstimator):
    """A transformer with metadata at transform, and without fit_transform."""

    def fit(self, X, y=None):
        self.fitted_ = True
        return self

    def transform(self, X, shift=0.0):
        return X + shift


@pytest.mark.usefixtures("routing")
def test_routed_metadata_of_transform():
    shift = ShiftTransformer().set_transform_request(shift=True)
    pipeline = make_pipeline(shift, under(), StandardScaler())
    once = clone(pipeline).fit_transform(X, y, shift=5.0)
    pipeline.fit(X, y, shift=5.0)
    np.testing.assert_array_equal(once, pipeline.transform(X, shift=5.0))
    assert pipeline[2].mean_.min() > 3
    classifier = make_pipeline(clone(shift), under(), LogisticRegression()).fit(X, y, shift=5.0)
    assert (classifier.predict_proba(X) != classifier.predict_proba(X, shift=5.0)).any()


class ShiftMixin(TransformerMixin, ShiftTransformer):
    """The same with fit_transform, so that fit alone does not consume the metadata."""


@pytest.mark.usefixtures("routing")
def test_routed_metadata_that_only_transform_wants():
    last = ShiftMixin().set_transform_request(shift=True)
    pipeline = make_pipeline(StandardScaler(), under(), last)
    once = pipeline.fit_transform(X, y, shift=5.0)
    np.testing.assert_array_equal(once, StandardScaler().fit_transform(X) + 5.0)


class NeedsValidation(ClassifierMixin, BaseEstimator):
    def fit(self, X, y, X_val=None, y_val=None):
        self.classes_ = np.unique(y)
        self.X_val_, self.y_val_ = X_val, y_val
        return self

    def predict(self, X):
        return np.full(len(X), self.classes_[0])


@pytest.mark.usefixtures("routing")
def test_transform_input_is_transformed_and_never_resampled():
    last = NeedsValidation().set_fit_request(X_val=True, y_val=True)
    steps = [("scale", StandardScaler()), ("under", under()), ("pca", PCA(3)), ("last", last)]
    pipeline = Pipeline(steps, transform_input=["X_val"]).fit(X, y, X_val=X[:50], y_val=y[:50])
    before = sklearn.pipeline.make_pipeline(pipeline["scale"], pipeline["pca"])
    np.testing.assert_array_equal(pipeline["last"].X_val_, before.transform(X[:50]))
    np.testing.assert_array_equal(pipeline["last"].y_val_, y[:50])
    pipeline.fit(X, y, X_val=(X[:50], X[50:]), y_val=y[:50])
    assert [len(part) for part in pipeline["last"].X_val_] == [50, 150]


def test_transform_input_needs_routing():
    with pytest.raises(ValueError, match="transform_input"):
        Pipeline([("s", SMOTE()), ("lr", LogisticRegression())], transform_input=["X_val"]).fit(X, y)


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_grid_search_over_sampler_and_estimator(n_jobs):
    pipeline = make_pipeline(StandardScaler(), SMOTE(random_state=0), LogisticRegression())
    grid = {"smote": ["passthrough", SMOTE(random_state=0, k_neighbors=3)], "logisticregression__C": [0.1, 1.0]}
    search = GridSearchCV(pipeline, grid, cv=2, n_jobs=n_jobs, scoring="balanced_accuracy").fit(X, y)
    assert len(search.cv_results_["params"]) == 4
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    grid = {"smote__k_neighbors": [2, 4], "smote__gap": ["row", "feature"]}
    best = GridSearchCV(pipeline, grid, cv=2, n_jobs=n_jobs).fit(X, y).best_estimator_
    assert best["smote"].parents_.shape[1] == 2


def last_states(X):
    return np.array([np.asarray(sequence)[-1] for sequence in X])


@pytest.mark.parametrize("ragged", [False, True])
def test_sequences_pass_through(ragged):
    rng = np.random.RandomState(0)
    lengths = rng.randint(3, 7, size=60) if ragged else np.full(60, 5)
    labels = (np.arange(60) % 6 == 0).astype(int)
    sequences = [rng.randn(n, 2) + label for n, label in zip(lengths, labels)]
    sequences = sequences if ragged else np.array(sequences)
    pipeline = make_pipeline(
        EachStep(StandardScaler()),
        SMOTE(random_state=0),
        FunctionTransformer(last_states),
        LogisticRegression(),
    )
    pipeline.fit(sequences, labels)
    assert pipeline["smote"].sampling_strategy_ == {1: 40}
    assert pipeline.predict(sequences).shape == (60,)
    assert pipeline.n_features_in_ == 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        scores = cross_val_score(pipeline, sequences, labels, cv=3)
    assert scores.min() > 0.4


def test_verbose_prints_what_scikit_learn_prints(capsys):
    steps = [("scale", StandardScaler()), ("pca", PCA()), ("lr", LogisticRegression())]
    sklearn.pipeline.Pipeline(steps, verbose=True).fit(X, y)
    expected = re.sub(r"[\d.]+s", "s", capsys.readouterr().out)
    Pipeline([steps[0], ("pca", SMOTE(random_state=0)), steps[2]], verbose=True).fit(X, y)
    assert re.sub(r"[\d.]+s", "s", capsys.readouterr().out) == expected
    Pipeline([steps[0], ("pca", SMOTE(random_state=0)), steps[2]]).fit(X, y)
    assert capsys.readouterr().out == ""


def checks_not_passed(estimator):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = check_estimator(estimator, on_skip=None, on_fail=None)
    assert len(results) > 30
    return {result["check_name"] for result in results if result["status"] != "passed"}


@pytest.mark.parametrize(
    ("first", "sampler", "last"),
    [
        (StandardScaler(), None, LogisticRegression()),
        (StandardScaler(), SMOTE(random_state=0), LogisticRegression()),
        ("passthrough", RepeatRows(), LogisticRegression()),
        (StandardScaler(), RepeatRows(), PCA()),
    ],
)
def test_scikit_learn_checks_fail_only_where_its_own_pipeline_fails(first, sampler, last):
    allowed = checks_not_passed(sklearn.pipeline.Pipeline([("first", first), ("last", last)]))
    samplers = [] if sampler is None else [("sampler", sampler)]
    assert checks_not_passed(Pipeline([("first", first), *samplers, ("last", last)])) <= allowed


class CostlySampler(BaseSampler):
    _sampling_type = "bypass"
    _parameter_constraints = {}

    def fit_resample(self, X, y, costs=None):
        self.costs_ = costs
        return X, y

    def _fit_resample(self, X, y):
        raise AssertionError


@pytest.mark.usefixtures("routing")
@pytest.mark.parametrize("alias", [True, "prices"])
def test_metadata_that_a_sampler_requests_for_fit_resample(alias):
    costs, name = np.arange(len(y)), "costs" if alias is True else alias
    sampler = CostlySampler().set_fit_resample_request(costs=alias)
    pipeline = make_pipeline(StandardScaler(), sampler, LogisticRegression()).fit(X, y, **{name: costs})
    assert pipeline[1].costs_ is costs
    resampled = ResampledClassifier(LogisticRegression(), sampler).fit(X, y, **{name: costs})
    assert resampled.sampler_.costs_ is costs
    ends_in_sampler = make_pipeline(StandardScaler(), sampler)
    ends_in_sampler.fit_resample(X, y, **{name: costs})
    assert ends_in_sampler[1].costs_ is costs
    with pytest.raises(TypeError, match="unexpected argument"):
        make_pipeline(CostlySampler().set_fit_resample_request(costs=False), LogisticRegression()).fit(
            X, y, costs=costs
        )
    with pytest.raises(sklearn.exceptions.UnsetMetadataPassedError, match="costs"):
        make_pipeline(CostlySampler(), LogisticRegression()).fit(X, y, costs=costs)


@pytest.mark.parametrize("sampler", ["passthrough", SMOTE(random_state=0)])
@pytest.mark.parametrize("method", ["fit", "fit_transform", "fit_predict"])
def test_a_failed_refit_leaves_every_step_as_it_was(sampler, method):
    last = {"fit": LogisticRegression(), "fit_transform": PCA(), "fit_predict": KMeans(2, n_init=1)}[method]
    inner = make_pipeline(MinMaxScaler(), FunctionTransformer())
    pipeline = make_pipeline(StandardScaler(), inner, sampler, last).fit(X, y)
    parts = [pipeline, pipeline[0], inner[0], pipeline[-1], *([] if sampler == "passthrough" else [sampler])]
    before = [dict(vars(part)) for part in parts]

    def fails(*args, **kwargs):
        raise KeyboardInterrupt

    pipeline[-1].fit = pipeline[-1].fit_transform = pipeline[-1].fit_predict = fails
    with pytest.raises(KeyboardInterrupt):
        getattr(pipeline, method)(X + 7, y)
    for name in ("fit", "fit_transform", "fit_predict"):
        delattr(pipeline[-1], name)
    assert [dict(vars(part)) for part in parts] == before


def test_a_failed_fit_leaves_unfitted_steps_unfitted():
    pipeline = make_pipeline(StandardScaler(), SMOTE(), LogisticRegression(C=-1.0))
    with pytest.raises(ValueError, match="C"):
        pipeline.fit(X, y)
    with pytest.raises(NotFittedError):
        pipeline[0].transform(X)
    with pytest.raises(ValueError, match="C"):
        make_pipeline(StandardScaler(), LogisticRegression(C=-1.0)).fit(X, y)


def test_costs_after_a_sampler_are_noticed():
    decide = MinimumCostClassifier(LogisticRegression(), [[0, 1], [10, 0]])
    with pytest.warns(UserWarning, match=r"'minimumcostclassifier' decides by costs .* that 'smote' has resampled"):
        make_pipeline(StandardScaler(), SMOTE(random_state=0), decide).fit(X, y)
    make_pipeline(StandardScaler(), decide).fit(X, y)
    make_pipeline(SMOTE(random_state=0), clone(decide).set_params(cost_matrix=None)).fit(X, y)
