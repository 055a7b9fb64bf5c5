"""Forms of X and y that people hold, each with the right result or an error that names the cure."""

from decimal import Decimal

import imblearn.over_sampling
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.multioutput import MultiOutputClassifier
from sklearn.preprocessing import FunctionTransformer

from skseq.compose import EnsembleClassifier, MinimumCostClassifier, ResampledClassifier
from skseq.neural_network import RNNClassifier
from skseq.over_sampling import ADASYN, SMOTE, SMOTENC, BorderlineSMOTE, RandomOverSampler
from skseq.pipeline import make_pipeline
from skseq.preprocessing import TokenEncoder
from skseq.under_sampling import RandomUnderSampler

Y = np.repeat([0, 1], [8, 4])
EVEN = np.arange(12) % 2
TABLE = np.random.RandomState(0).randn(12, 2)


def ragged(features=2):
    rng = np.random.RandomState(0)
    shape = () if features is None else (features,)
    return [rng.randn(2 + i % 3, *shape) for i in range(12)]


def interpolating(**params):
    return [sampler(k_neighbors=2, random_state=0, **params) for sampler in (SMOTE, BorderlineSMOTE, ADASYN)]


@pytest.mark.parametrize("sampler", interpolating(gap="feature"))
@pytest.mark.parametrize("X", [ragged(), ragged(None), TABLE, sparse.csr_array(TABLE), TABLE.reshape(12, 1, 2)])
def test_a_gap_for_each_feature_and_nothing_to_add(sampler, X):
    X_res, y_res = sampler.fit_resample(X, EVEN)
    assert len(y_res) == 12
    assert all(np.array_equal(a, b) for a, b in zip(ragged(), X_res)) or not isinstance(X, list) or X[0].ndim == 1


@pytest.mark.parametrize("sampler", interpolating())
@pytest.mark.parametrize("dtype", [">f4", "<f4", ">f8"])
@pytest.mark.parametrize("form", [lambda X: X, lambda X: X.reshape(12, 2, 1), list])
def test_byte_order_changes_no_precision(sampler, dtype, form):
    native = np.dtype(dtype).newbyteorder("=")
    X_res, _ = sampler.fit_resample(form(TABLE.astype(dtype)), Y)
    expected, _ = sampler.fit_resample(form(TABLE.astype(native)), Y)
    for one, other in zip(X_res, expected):
        assert one.dtype == native
        np.testing.assert_array_equal(one, other)


def test_auto_finds_categories_of_arrow_dictionaries_and_bytes():
    for kind, value in ((pa.dictionary(pa.int32(), pa.string()), "x"), (pa.binary(), b"x")):
        column = pd.array([value] * 12, dtype=pd.ArrowDtype(kind))
        frame = pd.DataFrame({"number": TABLE[:, 0], "category": column})
        X_res, _ = SMOTENC("auto", k_neighbors=2, random_state=0).fit_resample(frame, Y)
        assert X_res.dtypes.tolist() == frame.dtypes.tolist()
        assert len(X_res) == 16
    frame = pl.DataFrame({"number": TABLE[:, 0], "category": [b"x", b"y"] * 6})
    assert SMOTENC("auto", k_neighbors=2).fit_resample(frame, Y)[0].schema == frame.schema


def test_auto_without_categories_lists_the_dtypes():
    frame = pd.DataFrame({"number": TABLE[:, 0], "day": pd.date_range("2020", periods=12)})
    with pytest.raises(ValueError, match=r"'number' \(float64\), 'day' \(datetime64.*Name the categorical ones"):
        SMOTENC("auto").fit_resample(frame, Y)


def test_categories_that_arrow_cannot_compare():
    column = pd.array([[1]] * 12, dtype=pd.ArrowDtype(pa.list_(pa.int64())))
    with pytest.raises(TypeError, match="Column 'c' of X is categorical and holds values that cannot be compared"):
        SMOTENC([1]).fit_resample(pd.DataFrame({"a": TABLE[:, 0], "c": column}), Y)


@pytest.mark.parametrize("sampler", interpolating())
def test_decimals_stay_decimals(sampler):
    prices = [Decimal(f"{i}.25") for i in range(11)] + [Decimal("99999999.75")]
    arrow = pd.DataFrame({"a": TABLE[:, 0], "p": pd.array(prices, dtype=pd.ArrowDtype(pa.decimal128(10, 2)))})
    polars = pl.DataFrame({"a": TABLE[:, 0], "p": prices})
    floats, _ = sampler.fit_resample(np.c_[TABLE[:, 0], np.array(prices, dtype=float)], Y)
    for frame in (arrow, polars):
        X_res, _ = sampler.fit_resample(frame, Y)
        assert list(X_res.dtypes) == list(frame.dtypes)
        assert list(X_res["p"])[:12] == prices
        np.testing.assert_allclose(np.array(list(X_res["p"]), dtype=float), floats[:, 1], rtol=1e-12, atol=0.0051)


def test_missing_decimals_are_named():
    prices = [Decimal("1.5")] * 11 + [None]
    for frame in (
        pl.DataFrame({"p": prices}),
        pd.DataFrame({"p": pd.array(prices, dtype=pd.ArrowDtype(pa.decimal128(10, 2)))}),
    ):
        with pytest.raises(ValueError, match="Input X contains NaN: column 'p' of X at row 11"):
            SMOTE().fit_resample(frame, Y)


@pytest.mark.parametrize(
    "sampler", [*interpolating(), SMOTENC([1], k_neighbors=2)], ids=lambda sampler: type(sampler).__name__
)
def test_masks_are_not_lost(sampler):
    masked = np.ma.masked_greater(TABLE, 1)
    with pytest.raises(ValueError, match="X is a masked array with"):
        sampler.fit_resample(masked, Y)
    with pytest.raises(ValueError, match=r"X\[\d+\] is a masked array with"):
        sampler.fit_resample(list(masked), Y)
    with pytest.raises(ValueError, match="y is a masked array with"):
        sampler.fit_resample(TABLE, np.ma.masked_equal(Y, 1))


def test_copies_keep_their_masks():
    masked = np.ma.masked_greater(TABLE, 0.5)
    sampler = RandomOverSampler(random_state=0)
    X_res, _ = sampler.fit_resample(masked, Y)
    np.testing.assert_array_equal(X_res.mask[12:], masked.mask[sampler.parents_[:, 0]])


def test_cells_that_hold_sequences():
    lists = [x[:, 0].tolist() for x in ragged()]
    expected, _ = SMOTE(k_neighbors=2, random_state=0).fit_resample([np.array(x) for x in lists], Y)
    for X in (
        pl.Series(lists),
        pl.DataFrame({"x": lists}),
        pd.Series(lists),
        pd.DataFrame({"x": lists}),
        pd.Series(lists, dtype=pd.ArrowDtype(pa.list_(pa.float64()))),
    ):
        X_res, _ = SMOTE(k_neighbors=2, random_state=0).fit_resample(X, Y)
        for one, other in zip(X_res, expected):
            np.testing.assert_allclose(np.ravel(one), other)


@pytest.mark.parametrize("long", [pl.Series([list(range(2000))] * 12), np.arange(12.0), pl.Series(["a"] * 12)])
def test_errors_do_not_print_the_data(long):
    for sampler in (SMOTENC([0]), SMOTE(k_neighbors=2)):
        if isinstance(sampler, SMOTE) and isinstance(long, pl.Series) and long.dtype != pl.String:
            continue  # it takes them
        with pytest.raises((TypeError, ValueError)) as caught:
            sampler.fit_resample(long, Y)
        assert len(str(caught.value)) < 400


def test_lists_of_frames_come_back_as_frames():
    arrays = ragged()
    sampler = SMOTE(k_neighbors=2, random_state=0)
    expected, _ = sampler.fit_resample(arrays, Y)
    for frames in (
        [pd.DataFrame(x, columns=["a", "b"]) for x in arrays],
        [pl.DataFrame(x, schema=["a", "b"]) for x in arrays],
        [pa.table({"a": x[:, 0], "b": x[:, 1]}) for x in arrays],
    ):
        X_res, _ = sampler.fit_resample(frames, Y)
        assert sampler.feature_names_in_.tolist() == ["a", "b"]
        assert all(given is kept for given, kept in zip(frames, X_res))
        for child, other in zip(X_res[12:], expected[12:]):
            assert type(child) is type(frames[0])
            np.testing.assert_allclose(np.column_stack([np.asarray(child[name]) for name in "ab"]), other)


def test_children_of_frames_keep_their_dtypes():
    frames = [pd.DataFrame({"a": x[:, 0].astype(np.float32), "n": np.arange(len(x))}) for x in ragged()]
    child = SMOTE(k_neighbors=2).fit_resample(frames, Y)[0][-1]
    assert child.dtypes.tolist() == [np.float32, np.int64]
    child = SMOTE(k_neighbors=2).fit_resample([pl.from_pandas(x) for x in frames], Y)[0][-1]
    assert child.dtypes == [pl.Float32, pl.Int64]


def test_names_pass_a_sampler_in_a_pipeline():
    frames = [pd.DataFrame(x, columns=["a", "b"]) for x in ragged()]
    model = make_pipeline(SMOTE(k_neighbors=2), RNNClassifier(2, max_iter=1, batch_size=16)).fit(frames, Y)
    model.predict(frames)
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict([x[["b", "a"]] for x in frames])


@pytest.mark.parametrize("sampler", [SMOTE(), SMOTENC([0])])
def test_images_are_reshaped(sampler):
    with pytest.raises(ValueError, match=r"dim 4, while dim <= 3.*X.reshape\(len\(X\), -1\)"):
        sampler.fit_resample(np.ones((12, 2, 2, 3)), Y)
    with pytest.raises(ValueError, match=r"X\[0\] has shape \(2, 2, 3\).*x.reshape\(len\(x\), -1\)"):
        sampler.fit_resample(list(np.ones((12, 2, 2, 3))), Y)


def test_several_labels_for_each_row():
    labels = np.c_[Y, Y]
    with pytest.raises(ValueError, match=r"y has shape \(12, 2\).*MultiOutputClassifier\(make_pipeline\(SMOTE\(\)"):
        SMOTE().fit_resample(TABLE, labels)
    with pytest.raises(ValueError, match=r"Turn one-hot columns into labels with np.asarray\(y\).argmax\(axis=1\)"):
        SMOTE().fit_resample(TABLE, pd.DataFrame(np.c_[Y, 1 - Y]))
    model = MultiOutputClassifier(make_pipeline(SMOTE(k_neighbors=2), LogisticRegression())).fit(TABLE, labels)
    assert model.predict(TABLE).shape == (12, 2)


def test_numbers_beyond_float64():
    with pytest.raises(ValueError, match="X holds a number beyond float64"):
        SMOTE().fit_resample([[10**400, 1.0]] * 12, Y)


TEXTS = [f"{'rare' if label else 'usual'} words {i}" for i, label in enumerate(Y)]


@pytest.mark.parametrize("sampler", interpolating())
def test_token_ids_are_not_interpolated(sampler):
    ids = TokenEncoder().fit_transform(TEXTS)
    with pytest.raises(ValueError, match=r"token ids of a TokenEncoder, between which.*RandomOverSampler"):
        sampler.fit_resample(ids, Y)
    with pytest.warns(UserWarning, match=r"X is a list of integers, between which.*If they are token ids"):
        sampler.fit_resample([np.asarray(x) for x in ids], Y)
    sampler.fit_resample([np.asarray(x, dtype=float) for x in ids], Y)


def test_samplers_of_any_rows_leave_ids_known_as_ids():
    ids = TokenEncoder().fit_transform(TEXTS)
    for sampler in (RandomOverSampler(), RandomUnderSampler()):
        X_res, _ = sampler.fit_resample(ids, Y)
        with pytest.raises(ValueError, match="X holds token ids of a TokenEncoder"):
            RNNClassifier(2, max_iter=1).fit(X_res, sampler.fit_resample(ids, Y)[1])


NETWORK = RNNClassifier(2, embedding_dim=2, max_iter=1, batch_size=16)


@pytest.mark.parametrize(
    "model",
    [
        make_pipeline(SMOTE(), NETWORK),
        make_pipeline(TokenEncoder(), SMOTE(), "passthrough", RandomOverSampler(), NETWORK),
        make_pipeline(imblearn.over_sampling.SMOTE(), NETWORK),
        make_pipeline(imblearn.over_sampling.ADASYN(), MinimumCostClassifier(NETWORK)),
        ResampledClassifier(NETWORK, BorderlineSMOTE()),
        ResampledClassifier(make_pipeline(NETWORK), make_pipeline(RandomOverSampler(), SMOTE())),
        EnsembleClassifier(NETWORK, 2, sampler=SMOTE()),
    ],
)
def test_no_interpolation_before_an_embedding(model):
    ids = np.tile(np.arange(12), (3, 1)).T
    with pytest.raises(ValueError, match=r"makes up rows between others.*embedding_dim=2 reads token ids"):
        model.fit(ids, Y)


def test_a_transformer_may_make_ids_of_what_was_interpolated():
    bins = FunctionTransformer(lambda X: (X > 0).astype(int))
    make_pipeline(SMOTE(k_neighbors=2), bins, NETWORK).fit(TABLE, Y)
    make_pipeline(RandomOverSampler(), NETWORK).fit(np.tile(np.arange(12), (3, 1)).T, Y)
