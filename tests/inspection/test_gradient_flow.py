"""gradient_flow and its display, on networks whose gradients are known to vanish, explode or stay level."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.preprocessing import StandardScaler

from skseq import RNNClassifier, RNNRegressor, make_pipeline
from skseq.compose import EachStep, MinimumCostClassifier
from skseq.datasets import make_adding_problem
from skseq.inspection import GradientFlowDisplay, gradient_flow
from skseq.neural_network import RNNGenerator, RNNTagger, RNNTranslator, TransformerClassifier
from skseq.over_sampling import RandomOverSampler

X, y = make_adding_problem(20, n_steps=60, random_state=0)
LABELS = (y > np.median(y)).astype(int)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def factor(estimator, scale=1.0, targets=y):
    """Return the mean factor by which a step back changes the norm, without the first steps."""
    norms = gradient_flow(estimator, X, targets, recurrent_scale=scale).norms["layer_0"]
    return (norms[55] / norms[10]) ** (1 / 45)


def test_it_vanishes_with_a_small_matrix_and_explodes_with_a_large_one():
    vanilla = RNNRegressor(32, cell="rnn", random_state=0)
    assert_allclose(factor(vanilla, 0.5), 0.5, rtol=0.1)
    assert factor(vanilla) > 0.9
    assert factor(vanilla, 1.5) > 1.02


def test_it_stays_level_with_identity_and_relu_and_with_gates():
    irnn = RNNRegressor(32, cell="rnn", activation="relu", recurrent_init="identity", random_state=0)
    assert_allclose(factor(irnn), 1, rtol=0.02)
    assert factor(RNNRegressor(32, cell="lstm", random_state=0)) > 0.93
    plain = RNNRegressor(32, cell="rnn", activation="relu", recurrent_init="glorot", random_state=0)
    assert factor(plain) < 0.8


def test_an_unfitted_network_is_taken_as_its_training_would_begin():
    model = RNNRegressor(8, cell="lstm", alpha=0.1, early_stopping=True, random_state=0)
    flow = gradient_flow(model, X, y)
    assert not hasattr(model, "n_iter_")
    model.set_params(max_iter=1, learning_rate_init=1e-30, early_stopping=False).fit(X, y)
    assert_allclose(gradient_flow(model, X, y).norms["layer_0"], flow.norms["layer_0"], rtol=1e-6)


def test_spectra():
    model = RNNClassifier((6, 5), cell="rnn", max_iter=2, random_state=0).fit(X, LABELS)
    flow = gradient_flow(model, X, LABELS, recurrent_scale=2)
    assert list(flow.norms) == list(flow.singular_values) == list(flow.spectral_radius) == ["layer_0", "layer_1"]
    for layer, units in (("layer_0", 6), ("layer_1", 5)):
        weights = model.weights_[f"{layer}.recurrent_weights"]
        assert_allclose(flow.singular_values[layer], 2 * np.linalg.svd(weights)[1])
        assert_allclose(flow.spectral_radius[layer], 2 * abs(np.linalg.eig(weights)[0]).max())
        assert flow.singular_values[layer].shape == (units,)


def test_spectra_of_gates():
    model = RNNClassifier(6, bidirectional=True, max_iter=2, random_state=0).fit(X, LABELS)
    flow = gradient_flow(model, X, LABELS)
    assert list(flow.norms) == ["layer_0.forward", "layer_0.backward"]
    assert list(flow.spectral_radius)[:3] == [f"layer_0.forward.{gate}" for gate in ("candidate", "reset", "update")]
    update = model.weights_["layer_0.backward.recurrent_weights"][:, 12:]
    assert_allclose(flow.singular_values["layer_0.backward.update"], np.linalg.svd(update)[1])


def test_the_estimator_stays_as_it_is():
    model = RNNClassifier(6, max_iter=2, random_state=0).fit(X, LABELS)
    before = model.predict_proba(X)
    gradient_flow(model, X, LABELS, recurrent_scale=3)
    assert_array_equal(model.predict_proba(X), before)


def test_every_form_of_targets():
    words = np.array(["low", "high"])[LABELS]
    for model, targets in [
        (RNNClassifier(4, max_iter=2, random_state=0), words),
        (RNNRegressor(4, max_iter=2, random_state=0), np.c_[y, -y]),
        (RNNTagger(4, max_iter=2, random_state=0), [(x[:, 0] > 0).astype(int) for x in X]),
    ]:
        unfitted, fitted = gradient_flow(model, X, targets), gradient_flow(model.fit(X, targets), X, targets)
        assert unfitted.norms["layer_0"].shape == fitted.norms["layer_0"].shape == (max(map(len, X)),)
        assert (fitted.norms["layer_0"] > 0).all()


def test_tokens():
    ids = [np.arange(5) % 3, np.array([2, 0])]
    model = RNNClassifier(4, embedding_dim=2, max_iter=2, random_state=0).fit(ids, [0, 1])
    assert gradient_flow(model, ids, [0, 1]).norms["layer_0"].shape == (5,)


def test_a_language_model():
    words = ["abcab", "bca", "c"]
    unfitted = RNNGenerator(4, max_iter=2, random_state=0)
    assert (gradient_flow(unfitted, words, None).norms["layer_0"] > 0).all()
    vectors = np.eye(3)
    model = RNNGenerator(4, max_iter=2, random_state=0).fit(vectors, words)
    assert gradient_flow(model, vectors, words).norms["layer_0"].shape == (6,)  # with the begin


@pytest.mark.parametrize(
    "model",
    [
        TransformerClassifier(width=4, n_heads=2, max_iter=1).fit(X, LABELS),
        RNNTranslator(4, max_iter=1).fit(["ab", "ba"], ["b", "a"]),
    ],
    ids=lambda model: type(model).__name__,
)
def test_networks_that_are_no_recurrence(model):
    given = (X, LABELS) if isinstance(model, TransformerClassifier) else (["ab"], ["b"])
    with pytest.raises(TypeError, match=f"The gradients of {type(model).__name__} do not flow back"):
        gradient_flow(model, *given)


def test_networks_inside_other_estimators():
    network = RNNClassifier(4, max_iter=2, random_state=0)
    pipeline = make_pipeline(EachStep(StandardScaler()), RandomOverSampler(random_state=0), network).fit(X, LABELS)
    expected = gradient_flow(network, EachStep(StandardScaler()).fit_transform(X), LABELS).norms["layer_0"]
    assert_array_equal(gradient_flow(pipeline, X, LABELS).norms["layer_0"], expected)
    search = GridSearchCV(make_pipeline(RNNClassifier(4, max_iter=2)), {"rnnclassifier__alpha": [0]}, cv=2)
    assert "layer_0" in gradient_flow(search.fit(X, LABELS), X, LABELS).norms
    decide = MinimumCostClassifier(RNNClassifier(4, max_iter=2)).fit(X, LABELS)
    assert "layer_0" in gradient_flow(decide, X, LABELS).norms


@pytest.mark.parametrize(
    ("estimator", "message"),
    [
        (LogisticRegression(), "LogisticRegression has no network for sequences inside"),
        (make_pipeline(StandardScaler()), "not fitted"),
        (MinimumCostClassifier(RNNClassifier()), "MinimumCostClassifier has no network for sequences inside"),
        (None, "NoneType has no network"),
    ],
    ids=str,
)
def test_what_has_no_network_is_refused(estimator, message):
    with pytest.raises((TypeError, ValueError), match=message):
        gradient_flow(estimator, X, LABELS)


def test_wrong_arguments():
    model = RNNClassifier(4, max_iter=2, random_state=0).fit(X, LABELS)
    with pytest.raises(ValueError, match="recurrent_scale"):
        gradient_flow(model, X, LABELS, recurrent_scale=-1)
    with pytest.raises(ValueError, match=r"y has the classes \[7\]"):
        gradient_flow(model, X, np.full(20, 7))
    with pytest.raises(ValueError, match="y has 3 labels"):
        gradient_flow(model, X, [0, 1, 0])
    regressor = RNNRegressor(4, max_iter=2, random_state=0).fit(X, y)
    with pytest.raises(ValueError, match="y has shape"):
        gradient_flow(regressor, X, np.c_[y, y])


def test_overflowing_states_are_an_error():
    model = RNNClassifier(4, cell="rnn", activation="relu", max_iter=2, random_state=0)
    with pytest.raises(ValueError, match="states overflow"):
        gradient_flow(model, X, LABELS, recurrent_scale=1e20)


def test_the_display_draws_every_layer():
    model = RNNClassifier((6, 5), cell="rnn", bidirectional=True, max_iter=2, random_state=0).fit(X, LABELS)
    display = GradientFlowDisplay.from_estimator(model, X, LABELS)
    flow = gradient_flow(model, X, LABELS)
    assert list(display.lines_) == list(flow.norms)
    for layer, line in display.lines_.items():
        assert_array_equal(line.get_ydata(), flow.norms[layer])
    assert display.ax_.get_yscale() == "log"
    assert display.figure_ is display.ax_.figure
    label = display.lines_["layer_1.forward"].get_label()
    assert label == f"RNNClassifier, layer_1.forward (spectral radius {flow.spectral_radius['layer_1.forward']:.2f})"
    assert "steps back" in display.ax_.get_xlabel()
    assert "loss by unit of a hidden state" in display.ax_.get_ylabel()


def test_lines_share_axes_in_colours_of_their_own():
    _, ax = plt.subplots()
    for k in range(9):
        display = GradientFlowDisplay({"layer_0": [1, 0.5]}, estimator_name=str(k)).plot(ax=ax)
    assert display.ax_ is ax
    assert len({(line.get_color(), line.get_linestyle()) for line in ax.lines}) == 9
    assert [text.get_text() for text in ax.get_legend().get_texts()] == list("012345678")


def test_relative_norms_begin_at_one_and_zeros_are_gaps():
    display = GradientFlowDisplay({"layer_0": [2.0, 1.0, 0.0], "layer_1": [0.0, 0.0, 0.0]}).plot(relative=True)
    assert_array_equal(display.lines_["layer_0"].get_ydata(), [1, 0.5, np.nan])
    assert_array_equal(display.lines_["layer_1"].get_ydata(), [np.nan] * 3)
    assert display.lines_["layer_0"].get_label() == "layer_0"
    assert "times that of the last step" in display.ax_.get_ylabel()
    display.plot(line_kw={"color": "red"})
    assert display.lines_["layer_0"].get_color() == "red"


def test_axes_that_are_none():
    with pytest.raises(ValueError, match="ax must be a matplotlib Axes"):
        GradientFlowDisplay({"layer_0": [1.0]}).plot(ax=[1])
