import pickle

import numpy as np
import pytest
import sklearn
from imblearn.over_sampling import RandomOverSampler
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.calibration import CalibratedClassifierCV
from sklearn.datasets import make_classification
from sklearn.ensemble import BaggingClassifier
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline as make_stock_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import estimator_checks_generator

from skseq.compose import EachStep, ResampledClassifier
from skseq.over_sampling import SMOTE
from skseq.pipeline import make_pipeline

X, y = make_classification(300, 5, n_informative=4, n_redundant=0, weights=[0.85], random_state=0)
X3, y3 = make_classification(300, 5, n_informative=4, n_redundant=0, n_classes=3, weights=[0.7, 0.2], random_state=0)

CHECKED = [
    ResampledClassifier(LogisticRegression(), SMOTE(random_state=0)),
    ResampledClassifier(LogisticRegression(), RandomOverSampler(random_state=0), prior_correction=True),
    ResampledClassifier(KNeighborsClassifier(), "passthrough", prior_correction=True),
    ResampledClassifier(LinearSVC(), SMOTE(random_state=0, k_neighbors=2)),
]


# A list, since parametrize_with_checks of the oldest scikit-learn gives pytest a generator, which it deprecates.
@pytest.mark.filterwarnings("ignore:Class .* has .* rows, fewer than k_neighbors:UserWarning")
@pytest.mark.parametrize(
    ("estimator", "check"),
    [
        pytest.param(estimator, check, id=f"{estimator!r}-{check.func.__name__}")
        for classifier in CHECKED
        for estimator, check in estimator_checks_generator(classifier)
    ],
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def resampled(labels_of=LogisticRegression, data=(X, y)):
    return labels_of().fit(*SMOTE(random_state=0).fit_resample(*data))


def test_is_the_estimator_on_resampled_rows():
    classifier = ResampledClassifier(LogisticRegression(), SMOTE(random_state=0)).fit(X, y)
    expected = resampled()
    for method in ("predict", "predict_proba", "predict_log_proba", "decision_function"):
        np.testing.assert_array_equal(getattr(classifier, method)(X), getattr(expected, method)(X))
    assert classifier.score(X, y) == expected.score(X, y)
    assert classifier.sampler_.parents_.shape[1] == 2
    assert classifier.n_features_in_ == 5
    np.testing.assert_array_equal(classifier.classes_, [0, 1])
    np.testing.assert_allclose(classifier.prior_, np.bincount(y) / len(y))
    np.testing.assert_array_equal(classifier.effective_prior_, [0.5, 0.5])


@pytest.mark.parametrize("sampler", [None, "passthrough"])
@pytest.mark.parametrize("prior_correction", [False, True])
def test_without_a_sampler_it_is_the_estimator(sampler, prior_correction):
    weights = np.linspace(1, 2, len(y))
    classifier = ResampledClassifier(LogisticRegression(), sampler, prior_correction=prior_correction)
    classifier.fit(X, y, sample_weight=weights)
    expected = LogisticRegression().fit(X, y, sample_weight=weights)
    np.testing.assert_allclose(classifier.predict_proba(X), expected.predict_proba(X), rtol=1e-12)
    np.testing.assert_array_equal(classifier.predict(X), expected.predict(X))
    assert classifier.sampler_ is None


@pytest.mark.parametrize("data", [(X, y), (X3, y3)], ids=["two classes", "three classes"])
def test_prior_correction_by_hand(data):
    classifier = ResampledClassifier(LogisticRegression(), SMOTE(random_state=0), prior_correction=True).fit(*data)
    inner = resampled(data=data).predict_proba(data[0])
    prior = np.bincount(data[1]) / len(data[1])
    expected = inner * prior / (1 / len(prior))
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(classifier.predict_proba(data[0]), expected)
    np.testing.assert_allclose(classifier.predict_log_proba(data[0]), np.log(expected))
    np.testing.assert_array_equal(classifier.predict(data[0]), expected.argmax(axis=1))
    decision = classifier.decision_function(data[0])
    if len(prior) == 2:
        np.testing.assert_allclose(decision, np.log(expected[:, 1] / expected[:, 0]))
    else:
        np.testing.assert_allclose(decision, np.log(expected))
    assert abs(classifier.predict_proba(data[0])[:, 1].mean() - prior[1]) < 0.03
    assert abs(inner[:, 1].mean() - prior[1]) > 0.05


def test_prior_correction_keeps_zeros_and_float32():
    tree = ResampledClassifier(
        DecisionTreeClassifier(max_depth=3, random_state=0), RandomOverSampler(random_state=0), prior_correction=True
    ).fit(X, y)
    inner = tree.estimator_.predict_proba(X)
    assert (inner == 0).any()
    np.testing.assert_array_equal(tree.predict_proba(X) == 0, inner == 0)
    assert not hasattr(tree, "decision_function")

    class Single(LogisticRegression):
        def predict_proba(self, X):
            return super().predict_proba(X).astype(np.float32)

    single = ResampledClassifier(Single(), SMOTE(random_state=0), prior_correction=True).fit(X, y)
    assert single.predict_proba(X).dtype == np.float32


class OnlyProba(ClassifierMixin, BaseEstimator):
    def fit(self, X, y):
        self.inner_ = LogisticRegression().fit(X, y)
        self.classes_ = self.inner_.classes_
        return self

    def predict(self, X):
        return self.inner_.predict(X)

    def predict_proba(self, X):
        return self.inner_.predict_proba(X)

    def decision_function(self, X):
        return np.full(len(X), np.nan)


def test_corrected_decision_from_probabilities_alone():
    ours = ResampledClassifier(OnlyProba(), SMOTE(random_state=0), prior_correction=True).fit(X, y)
    full = ResampledClassifier(LogisticRegression(), SMOTE(random_state=0), prior_correction=True).fit(X, y)
    np.testing.assert_allclose(ours.decision_function(X), full.decision_function(X))
    assert not hasattr(ours, "predict_log_proba")


def test_methods_are_those_of_the_estimator():
    svc = ResampledClassifier(LinearSVC(), SMOTE())
    assert hasattr(svc, "decision_function")
    for name in ("predict_proba", "predict_log_proba"):
        assert not hasattr(svc, name)
        assert not hasattr(svc.fit(X, y), name)
    assert not hasattr(ResampledClassifier(KNeighborsClassifier(), SMOTE()), "decision_function")
    assert not hasattr(ResampledClassifier(LinearSVC(), SMOTE(), prior_correction=True), "decision_function")


@pytest.mark.parametrize(
    ("estimator", "correction", "message"),
    [
        (StandardScaler(), False, "predict.*such as LogisticRegression"),
        (SMOTE(), False, "predict.*such as LogisticRegression"),
        (LogisticRegression, False, "class"),
        (LinearSVC(), True, "predict_proba.*or set prior_correction=False"),
    ],
)
def test_an_estimator_that_cannot_predict_is_refused_before_the_fit(estimator, correction, message):
    with pytest.raises(TypeError, match=message):
        ResampledClassifier(estimator, SMOTE(), prior_correction=correction).fit(X, y)


def test_labels_may_be_strings_and_columns():
    names = np.array(["common", "rare"])[y]
    classifier = ResampledClassifier(LogisticRegression(), SMOTE(random_state=0), prior_correction=True)
    expected = clone(classifier).fit(X, y).predict(X)
    np.testing.assert_array_equal(classifier.fit(X, names).predict(X), np.array(["common", "rare"])[expected])
    np.testing.assert_array_equal(classifier.fit(X, names.tolist()).classes_, ["common", "rare"])
    with pytest.warns(sklearn.exceptions.DataConversionWarning):
        classifier.fit(X, y[:, np.newaxis])
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(X, columns=list("abcde"))
    classifier.fit(frame, pd.Series(names, index=np.arange(len(y))[::-1]))
    np.testing.assert_array_equal(classifier.feature_names_in_, list("abcde"))
    with pytest.raises(ValueError, match="feature names"):
        classifier.predict(frame.rename(columns={"a": "z"}))


def last_states(X):
    return np.array([np.asarray(sequence)[-1] for sequence in X])


@pytest.mark.parametrize("ragged", [False, True])
@pytest.mark.parametrize("prior_correction", [False, True])
def test_sequences_pass_through(ragged, prior_correction):
    rng = np.random.RandomState(0)
    lengths = rng.randint(3, 7, size=60) if ragged else np.full(60, 5)
    labels = (np.arange(60) % 6 == 0).astype(int)
    sequences = [rng.randn(n, 2) + label for n, label in zip(lengths, labels)]
    sequences = sequences if ragged else np.array(sequences)
    model = make_stock_pipeline(FunctionTransformer(last_states), LogisticRegression())
    classifier = ResampledClassifier(model, SMOTE(random_state=0), prior_correction=prior_correction)
    pipeline = make_stock_pipeline(EachStep(StandardScaler()), classifier).fit(sequences, labels)
    assert pipeline.predict_proba(sequences).shape == (60, 2)
    assert pipeline.score(sequences, labels) > 0.5
    assert pipeline[-1].sampler_.sampling_strategy_ == {1: 40}


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_inside_stock_tools(n_jobs):
    classifier = ResampledClassifier(LogisticRegression(), SMOTE(random_state=0))
    pipeline = make_stock_pipeline(StandardScaler(), classifier)
    grid = {
        "resampledclassifier__sampler": ["passthrough", SMOTE(random_state=0), RandomOverSampler(random_state=0)],
        "resampledclassifier__estimator__C": [0.1, 1.0],
    }
    search = GridSearchCV(pipeline, grid, cv=2, n_jobs=n_jobs, scoring="balanced_accuracy").fit(X, y)
    assert search.best_params_["resampledclassifier__sampler"] != "passthrough"
    nested = GridSearchCV(classifier, {"sampler__k_neighbors": [2, 3]}, cv=2, n_jobs=n_jobs, scoring="roc_auc")
    assert np.isfinite(nested.fit(X, y).best_score_)
    calibrated = CalibratedClassifierCV(classifier, cv=2, n_jobs=n_jobs).fit(X, y)
    assert abs(calibrated.predict_proba(X)[:, 1].mean() - y.mean()) < 0.05
    BaggingClassifier(classifier, n_estimators=2, n_jobs=n_jobs, random_state=0).fit(X, y).predict(X)


def test_a_pipeline_of_samplers_is_a_sampler():
    both = make_pipeline(RandomOverSampler(random_state=0, sampling_strategy=0.5), SMOTE(random_state=0))
    classifier = ResampledClassifier(LogisticRegression(), both, prior_correction=True).fit(X, y)
    np.testing.assert_array_equal(classifier.effective_prior_, [0.5, 0.5])
    with pytest.raises(TypeError, match=r"sampler is a pipeline that resamples and transforms: .*'standardscaler'"):
        ResampledClassifier(LogisticRegression(), make_pipeline(StandardScaler(), SMOTE())).fit(X, y)


def test_sample_weight_needs_the_rows_that_came():
    classifier = ResampledClassifier(LogisticRegression(), SMOTE())
    with pytest.raises(ValueError, match=r"sample_weight was given to the estimator, but the sampler resamples"):
        classifier.fit(X, y, sample_weight=np.ones(len(y)))
    assert not hasattr(classifier, "classes_")
    classifier.fit(X, y, sample_weight=None)
    pipeline = make_stock_pipeline(StandardScaler(), clone(classifier))
    with pytest.raises(ValueError, match="no longer match the rows"):
        pipeline.fit(X, y, resampledclassifier__sample_weight=np.ones(len(y)))


class Weighted(BaseEstimator):
    def fit(self, X, y, row_weight=None):
        return self

    def fit_resample(self, X, y, row_weight=None):
        self.row_weight_ = row_weight
        return X, y


@pytest.fixture
def routing():
    with sklearn.config_context(enable_metadata_routing=True):
        yield


@pytest.mark.usefixtures("routing")
def test_routed_metadata():
    weights = np.linspace(1, 2, len(y))
    classifier = ResampledClassifier(
        LogisticRegression().set_fit_request(sample_weight="w"), Weighted().set_fit_request(row_weight=True)
    )
    classifier.fit(X, y, row_weight=weights)
    assert classifier.sampler_.row_weight_ is weights
    with pytest.raises(ValueError, match="the sampler resamples before it"):
        classifier.fit(X, y, w=weights)
    with pytest.raises(TypeError, match="unexpected argument"):
        classifier.fit(X, y, nonsense=weights)
    weighted = clone(classifier).set_params(sampler=None).fit(X, y, w=weights)
    expected = LogisticRegression().fit(X, y, sample_weight=weights)
    np.testing.assert_array_equal(weighted.predict_proba(X), expected.predict_proba(X))
    stock = make_stock_pipeline(StandardScaler(), clone(classifier)).fit(X, y, row_weight=weights)
    assert stock[-1].sampler_.row_weight_ is weights


@pytest.mark.usefixtures("routing")
def test_routed_metadata_of_a_pipeline_of_samplers():
    weights = np.linspace(1, 2, len(y))
    samplers = make_pipeline(Weighted().set_fit_request(row_weight="w"), RandomOverSampler(random_state=0))
    classifier = ResampledClassifier(LogisticRegression(), samplers).fit(X, y, w=weights)
    assert classifier.sampler_[0].row_weight_ is weights


class Inventing(Weighted):
    def fit_resample(self, X, y):
        return X, np.r_[y[:-10], np.full(10, 7)]


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"estimator": LogisticRegression}, TypeError, "estimator is the class LogisticRegression"),
        ({"estimator": None}, TypeError, "estimator is None, which has no fit and no predict"),
        ({"estimator": StandardScaler()}, TypeError, r"estimator is StandardScaler\(\), which has no predict"),
        ({"estimator": LinearRegression()}, TypeError, r"LinearRegression\(\), which has no classes_ after fit"),
        (
            {"estimator": LinearSVC(), "prior_correction": True},
            TypeError,
            r"LinearSVC\(\), which has no predict_proba. Give .* or set prior_correction=False",
        ),
        ({"sampler": SMOTE}, TypeError, "sampler is the class SMOTE"),
        ({"sampler": StandardScaler()}, TypeError, r"sampler is StandardScaler\(\), which has no fit_resample"),
        ({"sampler": "smote"}, TypeError, "sampler is 'smote', which has no fit_resample"),
        ({"prior_correction": "yes"}, TypeError, "prior_correction must be True or False"),
        ({"sampler": Inventing(), "prior_correction": True}, ValueError, "prior must be positive"),
    ],
)
def test_wrong_parameters(parameters, error, message):
    classifier = ResampledClassifier(LogisticRegression(), SMOTE()).set_params(**parameters)
    with pytest.raises(error, match=message):
        classifier.fit(X, y)
    assert not [name for name in vars(classifier) if name.endswith("_")]


@pytest.mark.parametrize(
    ("rows", "labels", "message"),
    [
        (X, None, "requires y"),
        (X, y[:-1], "inconsistent numbers of samples"),
        (X, np.where(y, np.nan, 0.0), "NaN"),
        (X, np.linspace(0, 1, len(y)), "continuous"),
        (X, np.zeros(len(y)), "class"),
        (np.where(X > 2, np.nan, X), y, "NaN"),
        (X[:0], y[:0], "0"),
    ],
)
@pytest.mark.parametrize("sampler", [None, SMOTE()])
def test_wrong_data(rows, labels, message, sampler):
    with pytest.raises(ValueError, match=message):
        ResampledClassifier(LogisticRegression(), sampler).fit(rows, labels)
    with pytest.raises(TypeError, match="X must hold rows, got int"):
        ResampledClassifier(LogisticRegression(), sampler).fit(3, y)


def test_a_failed_fit_changes_nothing():
    classifier = ResampledClassifier(LogisticRegression(), SMOTE(random_state=0)).fit(X, y)
    before = dict(vars(classifier))
    with pytest.raises(ValueError, match="class"):
        classifier.fit(X[:, :2], np.zeros(len(y)))
    assert vars(classifier) == before
    classifier.fit(X[:, :2], y)
    assert classifier.n_features_in_ == 2


def test_x_is_left_alone():
    frozen = X.copy()
    frozen.flags.writeable = False
    classifier = ResampledClassifier(LogisticRegression(), SMOTE(random_state=0)).fit(frozen, y)
    np.testing.assert_array_equal(classifier.predict(frozen), classifier.predict(X))
    assert not hasattr(classifier.sampler, "parents_")
    assert not hasattr(classifier.estimator, "coef_")


def test_pickle_clone_and_not_fitted():
    classifier = ResampledClassifier(LogisticRegression(), SMOTE(random_state=0), prior_correction=True)
    with pytest.raises(NotFittedError):
        classifier.predict(X)
    with pytest.raises(NotFittedError):
        classifier.predict_proba(X)
    classifier.fit(X, y)
    copy = pickle.loads(pickle.dumps(classifier))
    np.testing.assert_array_equal(copy.predict_proba(X), classifier.predict_proba(X))
    np.testing.assert_array_equal(clone(classifier).fit(X, y).predict(X), classifier.predict(X))


def test_tags_are_those_of_both():
    tags = get_tags(ResampledClassifier(LogisticRegression(), SMOTE()))
    assert tags.estimator_type == "classifier"
    assert tags.input_tags.sparse
    assert not tags.input_tags.allow_nan
    assert not get_tags(ResampledClassifier(GaussianNB(), SMOTE())).input_tags.sparse
    assert not get_tags(ResampledClassifier(None, None)).input_tags.sparse
