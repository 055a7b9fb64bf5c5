import pickle

import numpy as np
import pytest
import sklearn
from scipy.sparse import csr_array
from sklearn.base import BaseEstimator, clone
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import NeighborhoodComponentsAnalysis
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    KBinsDiscretizer,
    MinMaxScaler,
    PolynomialFeatures,
    StandardScaler,
)
from sklearn.utils import get_tags
from sklearn.utils.estimator_checks import estimator_checks_generator

from skseq.compose import EachStep

CHECKED = [
    EachStep(StandardScaler()),
    EachStep(SimpleImputer(add_indicator=True)),
    EachStep(PCA()),
    EachStep(PolynomialFeatures()),
    EachStep(make_pipeline(MinMaxScaler(), PolynomialFeatures())),
]


# A list, since parametrize_with_checks of the oldest scikit-learn gives pytest a generator, which it deprecates.
@pytest.mark.parametrize(
    ("estimator", "check"),
    [
        pytest.param(estimator, check, id=f"{estimator!r}-{check.func.__name__}")
        for transformer in CHECKED
        for estimator, check in estimator_checks_generator(transformer)
    ],
)
def test_scikit_learn_checks(estimator, check):
    check(estimator)


def make_sequences(dtype=np.float64, n=12, features=3, seed=0):
    rng = np.random.RandomState(seed)
    return [rng.randn(steps, features).astype(dtype) * 5 + 3 for steps in rng.randint(1, 8, size=n)]


def make_array(dtype=np.float64):
    return (np.random.RandomState(0).randn(12, 4, 3) * 5 + 3).astype(dtype)


TRANSFORMERS = [
    StandardScaler(),
    MinMaxScaler(),
    PCA(2),
    PolynomialFeatures(2),
    SimpleImputer(add_indicator=True),
    make_pipeline(StandardScaler(), PCA(2)),
]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("transformer", TRANSFORMERS)
def test_each_form_is_the_transformer_on_all_steps(transformer, dtype):
    X = make_array(dtype)
    table = X.reshape(-1, 3)
    expected = clone(transformer).fit(table).transform(table).reshape(12, 4, -1)
    array = EachStep(transformer).fit(X)
    np.testing.assert_array_equal(array.transform(X), expected)
    np.testing.assert_array_equal(EachStep(transformer).fit_transform(X), expected)
    assert array.transform(X).dtype == dtype
    assert array.n_features_in_ == 3
    ragged = EachStep(transformer).fit_transform(list(X))
    assert isinstance(ragged, list)
    np.testing.assert_array_equal(np.array(ragged), expected)
    columns = EachStep(transformer, features_per_step=3).fit(X.reshape(12, 12))
    np.testing.assert_array_equal(columns.transform(X.reshape(12, 12)), expected.reshape(12, -1))
    assert columns.n_features_in_ == 12


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_ragged_sequences_keep_their_lengths(dtype):
    X = make_sequences(dtype)
    out = EachStep(StandardScaler()).fit_transform(X)
    assert [a.shape for a in out] == [a.shape for a in X]
    assert all(a.dtype == dtype for a in out)
    np.testing.assert_allclose(np.concatenate(out).mean(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose(np.concatenate(out).std(axis=0), 1, rtol=1e-5)
    objects = np.empty(len(X), dtype=object)
    objects[:] = X
    for form in (tuple(X), objects, [a.tolist() for a in X]):
        np.testing.assert_allclose(
            np.concatenate(EachStep(StandardScaler()).fit_transform(form)), np.concatenate(out), rtol=1e-5
        )


def test_a_step_does_not_depend_on_its_neighbours():
    X = make_sequences()
    each = EachStep(make_pipeline(StandardScaler(), PolynomialFeatures())).fit(X)
    whole = each.transform(X)
    for i, sequence in enumerate(X):
        np.testing.assert_array_equal(each.transform([sequence])[0], whole[i])
        np.testing.assert_array_equal(each.transform([sequence[::-1]])[0], whole[i][::-1])


def test_sequences_of_single_numbers():
    out = EachStep(StandardScaler()).fit_transform([np.array([0.0, 2.0]), np.array([0.0, 2.0, 0.0, 2.0])])
    assert [a.tolist() for a in out] == [[[-1.0], [1.0]], [[-1.0], [1.0], [-1.0], [1.0]]]


def test_missing_values_are_the_transformers_business():
    X = make_sequences()
    X[2][0, 1] = np.nan
    out = EachStep(SimpleImputer(add_indicator=True)).fit_transform(X)
    assert {a.shape[1] for a in out} == {4}
    table = np.concatenate(X)
    assert out[2][0, 1] == np.nanmean(table[:, 1])
    assert out[2][0, 3] == 1
    assert sum(a[:, 3].sum() for a in out) == 1
    with pytest.raises(ValueError, match="NaN"):
        EachStep(PCA()).fit(X)
    assert np.isnan(EachStep(StandardScaler()).fit_transform(X)[2][0, 1])


@pytest.mark.parametrize(
    "transformer", [StandardScaler(), MinMaxScaler(), PCA(3), make_pipeline(StandardScaler(), PCA(3))]
)
def test_inverse_transform(transformer):
    ragged, array = make_sequences(), make_array()
    each = EachStep(transformer).fit(ragged)
    for back, sequence in zip(each.inverse_transform(each.transform(ragged)), ragged):
        np.testing.assert_allclose(back, sequence)
    each = EachStep(transformer).fit(array)
    np.testing.assert_allclose(each.inverse_transform(each.transform(array)), array)
    rows = array.reshape(12, 12)
    each = EachStep(transformer, features_per_step=3).fit(rows)
    np.testing.assert_allclose(each.inverse_transform(each.transform(rows)), rows)


def test_inverse_transform_of_fewer_features():
    rows = make_array(np.float32).reshape(12, 12)
    each = EachStep(PCA(2), features_per_step=3).fit(rows)
    short = each.transform(rows)
    assert short.shape == (12, 8)
    back = each.inverse_transform(short)
    assert back.shape == (12, 12)
    expected = each.transformer_.inverse_transform(each.transformer_.transform(rows.reshape(-1, 3)))
    np.testing.assert_allclose(back.reshape(-1, 3), expected, rtol=1e-5)
    with pytest.raises(ValueError, match=r"X has 7 columns, but this EachStep was fitted on 4 steps: .* multiple of 4"):
        each.inverse_transform(short[:, :7])
    with pytest.raises(ValueError, match="fitted on an array or DataFrame"):
        each.inverse_transform(make_array())
    with pytest.raises(ValueError):
        EachStep(PCA(2)).fit(make_array()).inverse_transform(make_array())
    assert not hasattr(EachStep(PolynomialFeatures()), "inverse_transform")
    with pytest.raises(NotFittedError, match="This EachStep instance is not fitted yet"):
        EachStep(PCA(2)).inverse_transform(make_array())


def test_names_of_columns():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(make_array().reshape(12, 12)[:, :6], columns=[f"{c}{t}" for t in range(3) for c in "ab"])
    scaler = EachStep(StandardScaler(), features_per_step=2).fit(frame)
    np.testing.assert_array_equal(scaler.feature_names_in_, frame.columns)
    np.testing.assert_array_equal(scaler.get_feature_names_out(), frame.columns)
    squares = EachStep(PolynomialFeatures(include_bias=False, interaction_only=True), features_per_step=2)
    squares.set_output(transform="pandas")
    out = squares.fit_transform(frame)
    assert list(out.columns) == ["a0", "b0", "a0 b0", "a1", "b1", "a1 b1", "a2", "b2", "a2 b2"]
    np.testing.assert_allclose(out["a1 b1"], frame["a1"] * frame["b1"])
    pca = EachStep(PCA(1), features_per_step=2).fit(frame)
    np.testing.assert_array_equal(pca.get_feature_names_out(), ["step0_pca0", "step1_pca0", "step2_pca0"])
    with pytest.raises(ValueError, match="feature names"):
        scaler.transform(frame.rename(columns={"a0": "z"}))


@pytest.mark.parametrize("container", ["pandas", "polars"])
def test_set_output_leaves_sequences_alone(container):
    module = pytest.importorskip(container)
    X = make_sequences()
    with sklearn.config_context(transform_output=container):
        each = EachStep(make_pipeline(StandardScaler(), PCA(1)))
        assert isinstance(each.fit_transform(X)[0], np.ndarray)
        assert isinstance(each.fit_transform(make_array()), np.ndarray)
        assert isinstance(each.fit_transform(make_array()[:, :, 0]), module.DataFrame)
        assert not hasattr(each.fit(X), "get_feature_names_out")
    frame = module.DataFrame(make_array()[:, 0], schema=["a", "b", "c"]) if container == "polars" else None
    if frame is not None:
        np.testing.assert_allclose(EachStep(StandardScaler()).fit_transform(frame).mean(), 0, atol=1e-12)


def test_sparse_results_become_dense():
    bins = EachStep(KBinsDiscretizer(3, encode="onehot", strategy="uniform"))
    out = bins.fit_transform(make_sequences())
    assert isinstance(out[0], np.ndarray)
    assert {a.shape[1] for a in out} == {9}
    assert all((a.sum(axis=1) == 3).all() for a in out)


def test_labels_are_repeated_for_transformers_that_need_them():
    X = make_sequences(n=40)
    labels = np.array(["a", "b"])[np.arange(40) % 2]
    for sequence, label in zip(X, labels):
        sequence[:, 1] += 10 * (label == "b")
    each = EachStep(SelectKBest(k=1)).fit(X, labels)
    expected = SelectKBest(k=1).fit(np.concatenate(X), np.repeat(labels, [len(a) for a in X]))
    np.testing.assert_array_equal(each.transformer_.scores_, expected.scores_)
    np.testing.assert_array_equal(each.transform(X)[0], X[0][:, [1]])
    with pytest.raises(ValueError, match="requires y"):
        each.fit(X)
    each.fit(X, [np.repeat(label, len(a)) for a, label in zip(X, labels)])  # labels of steps
    np.testing.assert_array_equal(each.transformer_.scores_, expected.scores_)
    with pytest.raises(ValueError, match="not one target for each step"):
        each.fit(X, [["a"] * 10, ["a", "b"], *labels[2:]])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        each.fit(X, labels[:-1])
    EachStep(StandardScaler()).fit(X, np.zeros((40, 2)))  # two outputs


def test_sample_weight_is_repeated_for_each_step():
    X = make_sequences()
    weights = np.arange(1.0, 13.0)
    doubled = EachStep(StandardScaler()).fit([a for a, w in zip(X, weights) for _ in range(int(w))])
    weighted = EachStep(StandardScaler()).fit(X, sample_weight=weights)
    np.testing.assert_allclose(weighted.transformer_.mean_, doubled.transformer_.mean_)
    np.testing.assert_allclose(weighted.transformer_.var_, doubled.transformer_.var_)
    stock = make_pipeline(EachStep(StandardScaler()), FunctionTransformer()).fit(X, eachstep__sample_weight=weights)
    np.testing.assert_array_equal(stock[0].transformer_.mean_, weighted.transformer_.mean_)
    EachStep(PCA()).fit(X, sample_weight=None)
    for wrong, message in ((weights[:-1], "sample_weight"), (-weights, "Negative"), (weights * 0, "zero")):
        with pytest.raises(ValueError, match=message):
            EachStep(StandardScaler()).fit(X, sample_weight=wrong)
    with pytest.raises(TypeError, match="sample_weight"):
        EachStep(PCA()).fit(X, sample_weight=weights)


def test_routed_metadata():
    X = make_sequences()
    weights = np.arange(1.0, 13.0)
    expected = EachStep(StandardScaler()).fit(X, sample_weight=weights).transformer_.mean_
    with sklearn.config_context(enable_metadata_routing=True):
        each = EachStep(StandardScaler().set_fit_request(sample_weight="w"))
        np.testing.assert_array_equal(each.fit(X, w=weights).transformer_.mean_, expected)
        each = clone(each)
        each.fit_transform(X, w=weights)
        np.testing.assert_array_equal(each.transformer_.mean_, expected)
        stock = make_pipeline(clone(each), FunctionTransformer()).fit(X, w=weights)
        np.testing.assert_array_equal(stock[0].transformer_.mean_, expected)
        with pytest.raises(TypeError, match="unexpected argument"):
            each.fit(X, nonsense=1)


class DropsSteps(BaseEstimator):
    def fit(self, X, y=None):
        return self

    def transform(self, X):
        return X[1:]


class Flattens(DropsSteps):
    def transform(self, X):
        return X.ravel()


@pytest.mark.parametrize(
    ("parameters", "error", "message"),
    [
        ({"transformer": StandardScaler}, TypeError, "transformer is the class StandardScaler"),
        ({"transformer": None}, TypeError, "transformer is None, which has no fit and no transform"),
        ({"transformer": LogisticRegression()}, TypeError, r"LogisticRegression\(\), which has no transform. Give"),
        ({"features_per_step": 0}, ValueError, "features_per_step == 0"),
        ({"features_per_step": 1.5}, TypeError, "features_per_step"),
        ({"features_per_step": True}, TypeError, "features_per_step"),
    ],
)
def test_wrong_parameters(parameters, error, message):
    each = EachStep(StandardScaler()).set_params(**parameters)
    with pytest.raises(error, match=message):
        each.fit(make_array())
    assert not [name for name in vars(each) if name.endswith("_")]


def test_one_row_for_each_step():
    for transformer in (DropsSteps(), Flattens()):
        with pytest.raises(ValueError, match=r"transform must return one row for each step: expected \(48, features\)"):
            EachStep(transformer).fit_transform(make_array())


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ([], ValueError, "empty list"),
        ([np.zeros((3, 2)), np.zeros((0, 2))], ValueError, r"X\[1\] is an empty sequence"),
        ([np.zeros((3, 2)), np.zeros((2, 3))], ValueError, r"X\[0\] has 2, X\[1\] has 3"),
        ([np.zeros((3, 2)), np.full((2, 2), np.inf)], ValueError, r"infinity: X\[1\] at step 0"),
        (
            [np.array(["a", "b"]), np.array(["c"])],
            ValueError,
            r"X holds text, which StandardScaler cannot read.*OneHot",
        ),
        (
            ["ab", "c"],
            ValueError,
            r"X\[0\] is the text 'ab', but EachStep reads sequences of steps. Give each sequence",
        ),
        ([["a", "b"], []], ValueError, r"X\[1\] is an empty sequence"),
        ([["a", "b"], 3], TypeError, r"X\[1\] is 3 of type int"),
        ([[["a", 1], ["b", 2]], [["a"]]], ValueError, r"X\[0\] has 2, X\[1\] has 1"),
        ([[["a", 1], ["b"]]], ValueError, r"X\[0\] is a list whose steps differ"),
        ([[{"a": 1}], [{"a": 1}, "b"]], TypeError, r"X\[1\] holds 'b' beside dicts"),
        (np.zeros((4, 0, 2)), ValueError, "empty"),
        (np.zeros((2, 2, 2, 2)), ValueError, "dim"),
        (csr_array(np.eye(3)), TypeError, "Sparse"),
        (np.zeros((3, 5)), ValueError, "not a multiple of features_per_step=2"),
    ],
)
def test_wrong_data(X, error, message):
    with pytest.raises(error, match=message):
        EachStep(StandardScaler(), features_per_step=2).fit(X)


def test_a_single_value_is_refused():
    for X in (np.array(1.0), np.array("text")):
        with pytest.raises((TypeError, ValueError), match=r"X|scalar array"):
            EachStep(StandardScaler()).fit(X)


def test_transform_takes_what_fit_took():
    each = EachStep(StandardScaler())
    with pytest.raises(NotFittedError):
        each.transform(make_array())
    each.fit(make_sequences())
    with pytest.raises(ValueError, match="but EachStep is expecting 3 features a step"):
        each.transform([np.zeros((2, 4))])
    with pytest.raises(ValueError, match=r"fitted on an array \(n, steps, features\) or a list"):
        each.transform(np.zeros((2, 3)))
    before = dict(vars(each))
    with pytest.raises(ValueError, match="empty"):
        each.fit([])
    assert vars(each) == before
    each.fit(np.zeros((4, 6)))
    assert each.n_features_in_ == 6


def test_x_is_left_alone():
    X = make_array()
    before = X.copy()
    X.flags.writeable = False
    out = EachStep(make_pipeline(StandardScaler(), MinMaxScaler())).fit_transform(X)
    np.testing.assert_array_equal(X, before)
    assert not np.shares_memory(out, X)
    ragged = make_sequences()
    copies = [a.copy() for a in ragged]
    for a in ragged:
        a.flags.writeable = False
    EachStep(StandardScaler(copy=False)).fit_transform(ragged)
    for a, b in zip(ragged, copies):
        np.testing.assert_array_equal(a, b)


def test_pickle_clone_grid_search_and_tags():
    X = make_sequences(n=30)
    labels = np.arange(30) % 2
    each = EachStep(make_pipeline(SimpleImputer(), StandardScaler())).fit(X)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(each)).transform(X)[3], each.transform(X)[3])
    np.testing.assert_array_equal(clone(each).fit(X).transform(X)[3], each.transform(X)[3])
    model = make_pipeline(EachStep(PCA()), FunctionTransformer(last_states), LogisticRegression())
    grid = {"eachstep__transformer__n_components": [1, 2], "logisticregression__C": [1.0, 2.0]}
    search = GridSearchCV(model, grid, cv=2, n_jobs=2).fit(X, labels)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    tags = get_tags(EachStep(StandardScaler()))
    assert tags.input_tags.three_d_array
    assert tags.input_tags.allow_nan
    assert not tags.input_tags.sparse
    assert tags.transformer_tags.preserves_dtype == ["float64", "float32"]
    assert not get_tags(EachStep(PCA())).input_tags.allow_nan
    assert get_tags(EachStep(NeighborhoodComponentsAnalysis())).target_tags.required


def last_states(X):
    return np.array([sequence[-1] for sequence in X])
