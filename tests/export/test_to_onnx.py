"""Exported graphs answer as the models do: in onnxruntime, on batches of other sizes and lengths than at export."""

from itertools import product

import numpy as np
import onnxruntime
import pytest
from sklearn.exceptions import NotFittedError
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.preprocessing import MinMaxScaler, QuantileTransformer, StandardScaler

from skseq import CostSensitiveLogisticRegression, RNNClassifier, RNNRegressor, RNNTagger, TransformerClassifier
from skseq.compose import EachStep, MinimumCostClassifier, ResampledClassifier
from skseq.export import to_onnx
from skseq.over_sampling import SMOTE, RandomOverSampler
from skseq.pipeline import make_pipeline
from skseq.preprocessing import ForwardFillImputer, TokenEncoder

RNG = np.random.RandomState(0)
X = [RNG.standard_normal((steps, 3)).astype(np.float32) for steps in RNG.randint(1, 9, 30)]
MISSING = [np.where(RNG.uniform(size=x.shape) < 0.3, np.float32(np.nan), x) for x in X]
IDS = [RNG.randint(0, 7, steps) for steps in RNG.randint(1, 9, 30)]
Y = np.array(["a", "b", "c"])[np.arange(30) % 3]
RARE = np.array(["common", "rare"])[(np.arange(30) % 5 == 0).astype(int)]
TABLE = RNG.standard_normal((40, 12)).astype(np.float32)


def run(model, sequences, padding):
    """Return the outputs of the exported graph for sequences, padded to two steps more than the longest."""
    lengths = np.array([len(x) for x in sequences])
    padded = np.full((len(sequences), lengths.max() + 2, *sequences[0].shape[1:]), padding, dtype=sequences[0].dtype)
    for row, x in zip(padded, sequences):
        row[: len(x)] = x
    return session(model).run(None, {"X": padded, "lengths": lengths})


def session(model):
    return onnxruntime.InferenceSession(to_onnx(model).SerializeToString(), providers=["CPUExecutionProvider"])


def assert_exported(model, sequences, padding=np.nan):
    for some in (sequences, sequences[:3], sequences[5:6]):
        labels, probabilities = run(model, some, padding)
        np.testing.assert_allclose(probabilities, model.predict_proba(some), atol=1e-5)
        assert labels.tolist() == model.predict(some).tolist()


CELLS = list(product(["rnn", "lstm", "gru"], [False, True], ["last", "mean", "max"], [(5,), (4, 6)]))


@pytest.mark.parametrize(("cell", "bidirectional", "pooling", "units"), CELLS)
def test_recurrent_classifiers(cell, bidirectional, pooling, units):
    settings = {"cell": cell, "bidirectional": bidirectional, "pooling": pooling, "max_iter": 2, "random_state": 0}
    assert_exported(RNNClassifier(units, **settings).fit(X, Y), X)
    embedded = RNNClassifier(units, embedding_dim=4, class_weight="balanced", prior_correction=True, **settings)
    assert_exported(embedded.fit(IDS, RARE), IDS, padding=-1)


def test_rectified_units():
    model = RNNClassifier(5, cell="rnn", activation="relu", recurrent_init="identity", max_iter=2, random_state=0)
    assert_exported(model.fit(X, Y), X, padding=np.inf)


@pytest.mark.parametrize("positions", ["sinusoidal", "learned"])
@pytest.mark.parametrize("pooling", ["mean", "token"])
@pytest.mark.parametrize("embedding_dim", [None, 4, 8])
def test_transformers(positions, pooling, embedding_dim):
    settings = {"positions": positions, "pooling": pooling, "embedding_dim": embedding_dim}
    model = TransformerClassifier(2, width=8, n_heads=2, max_iter=2, random_state=0, **settings)
    sequences = X if embedding_dim is None else IDS
    assert_exported(model.fit(sequences, Y), sequences, padding=np.nan if embedding_dim is None else 99)


def test_an_odd_width_of_sinusoids():
    assert_exported(TransformerClassifier(1, width=7, n_heads=1, max_iter=2, random_state=0).fit(X, Y), X)


@pytest.mark.parametrize("scale", [1.0, 1e6])
def test_regressors(scale):
    y = np.arange(30) * scale + 7
    for targets in (y, np.c_[y, -y], y[:, None]):
        model = RNNRegressor(5, max_iter=2, random_state=0).fit(X, targets)
        (prediction,) = run(model, X, np.nan)
        assert prediction.shape == targets.shape
        np.testing.assert_allclose(prediction, model.predict(X), rtol=1e-5, atol=1e-5 * scale)


@pytest.mark.parametrize("bidirectional", [False, True])
def test_taggers_answer_at_every_step(bidirectional):
    labels = [np.array(["in", "out"])[np.arange(len(x)) % 2] for x in X]
    model = RNNTagger(5, bidirectional=bidirectional, max_iter=2, random_state=0).fit(X, labels)
    codes, probabilities = run(model, X, np.nan)
    for x, row, expected in zip(X, probabilities, model.predict_proba(X)):
        np.testing.assert_allclose(row[: len(x)], expected, atol=1e-5)
    assert all(row[: len(x)].tolist() == own.tolist() for x, row, own in zip(X, codes, model.predict(X)))


@pytest.mark.parametrize("add_indicator", [False, True])
@pytest.mark.parametrize("add_elapsed", [False, True])
@pytest.mark.parametrize("initial_strategy", ["mean", "zero"])
def test_forward_filled_gaps(add_indicator, add_elapsed, initial_strategy):
    imputer = ForwardFillImputer(
        add_indicator=add_indicator, add_elapsed=add_elapsed, initial_strategy=initial_strategy
    )
    model = make_pipeline(imputer, EachStep(StandardScaler()), RNNClassifier(4, max_iter=2, random_state=0))
    assert_exported(model.fit(MISSING, Y), MISSING)


def test_time_stamps_become_differences():
    stamped = [np.c_[RNG.uniform(0.1, 2, len(x)).cumsum(), x].astype(np.float32) for x in MISSING]
    imputer = ForwardFillImputer(time=0, add_indicator=True)
    model = make_pipeline(imputer, EachStep(MinMaxScaler(clip=True)), RNNClassifier(4, max_iter=2, random_state=0))
    assert_exported(model.fit(stamped, Y), stamped)


def test_imputed_steps_after_a_sampler():
    network = TransformerClassifier(1, width=8, n_heads=2, max_iter=2, random_state=0)
    before = [EachStep(SimpleImputer(add_indicator=True)), EachStep(StandardScaler()), SMOTE(random_state=0)]
    assert_exported(make_pipeline(*before, network).fit(MISSING, RARE), MISSING)


def test_a_column_without_values_is_dropped():
    sequences = [np.c_[x, np.full(len(x), np.nan, np.float32)] for x in MISSING]
    model = make_pipeline(EachStep(SimpleImputer()), RNNClassifier(4, max_iter=2, random_state=0))
    with pytest.warns(UserWarning, match="Skipping features"):
        model.fit(sequences, Y)
    with pytest.warns(UserWarning, match="Skipping features"):
        assert_exported(model, sequences)


def test_costs_around_corrected_resampling():
    network = RNNClassifier(4, max_iter=2, random_state=0)
    resampled = ResampledClassifier(network, RandomOverSampler(random_state=0), prior_correction=True)
    model = MinimumCostClassifier(make_pipeline(EachStep(StandardScaler()), resampled), [[0, 1], [10, 0]])
    assert_exported(model.fit(X, RARE), X)


def test_the_best_estimator_of_a_search():
    search = GridSearchCV(RNNClassifier(max_iter=1, random_state=0), {"hidden_layer_sizes": [3, 4]}, cv=2)
    assert_exported(search.fit(X, Y), X)


@pytest.mark.parametrize(
    "classes", [np.array([False, True]), np.array([3, 7]), np.array([1.0, 2.0]), np.array(["b", "a"])], ids=str
)
@pytest.mark.parametrize("prior_correction", [False, True])
def test_linear_models_and_their_labels(classes, prior_correction):
    y = classes[(TABLE[:, 0] > 0.8).astype(int)]
    linear = CostSensitiveLogisticRegression(prior_correction=prior_correction)
    for model in (linear, make_pipeline(SimpleImputer(), StandardScaler(), linear)):
        assert_table_exported(model.fit(TABLE, y))


def test_linear_models_of_three_classes():
    assert_table_exported(CostSensitiveLogisticRegression(prior_correction=True).fit(TABLE, np.arange(40) % 3))


@pytest.mark.parametrize("features_per_step", [1, 3])
def test_networks_on_tables(features_per_step):
    network = RNNClassifier(4, features_per_step=features_per_step, max_iter=2, random_state=0)
    scaler = EachStep(StandardScaler(), features_per_step=features_per_step)
    y = np.arange(40) % 2
    for before in ([], [StandardScaler()], [scaler]):
        assert_table_exported(make_pipeline(*before, network).fit(TABLE, y))
    imputer = ForwardFillImputer(features_per_step=3, add_indicator=True)
    wide = RNNClassifier(4, features_per_step=6, max_iter=2, random_state=0)
    table = np.where(RNG.uniform(size=TABLE.shape) < 0.2, np.float32(np.nan), TABLE)
    assert_table_exported(make_pipeline(imputer, wide).fit(table, y), table)


def assert_table_exported(model, table=TABLE):
    for some in (table, table[:1]):
        labels, probabilities = session(model).run(None, {"X": some})
        np.testing.assert_allclose(probabilities, model.predict_proba(some), atol=1e-5)
        assert labels.tolist() == model.predict(some).tolist()


def test_what_cannot_be_exported_is_named():
    network = RNNClassifier(3, max_iter=1, random_state=0)
    with pytest.raises(NotFittedError):
        to_onnx(network)
    with pytest.raises(TypeError, match="LogisticRegression cannot be exported"):
        to_onnx(LogisticRegression().fit(TABLE, np.arange(40) % 2))
    quantiles = EachStep(QuantileTransformer(n_quantiles=5))
    with pytest.raises(TypeError, match=r"step 'eachstep' \(QuantileTransformer\) cannot be exported"):
        to_onnx(make_pipeline(quantiles, network).fit(X, Y))
    texts = make_pipeline(TokenEncoder(), RNNClassifier(3, embedding_dim=2, max_iter=1))
    with pytest.raises(TypeError, match="makes token ids, which cannot be exported"):
        to_onnx(texts.fit(["ab", "ba"] * 5, [0, 1] * 5))
    imputer = EachStep(SimpleImputer(missing_values=0.0))
    with pytest.raises(TypeError, match=r"imputes missing_values=0\.0"):
        to_onnx(make_pipeline(imputer, network).fit(X, Y))
