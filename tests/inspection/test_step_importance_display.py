"""StepImportanceDisplay: means by step, names, shades and bars."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from skseq import RNNClassifier, RNNRegressor
from skseq.inspection import StepImportanceDisplay, step_importance

RNG = np.random.RandomState(0)
X = [RNG.standard_normal((steps, 2)) for steps in RNG.randint(2, 7, size=20)]
LABELS = np.array(["falls", "rises"])[[int(x[-1, 0] > 0) for x in X]]
SETTINGS = {"max_iter": 10, "learning_rate_init": 0.02, "random_state": 0}
MODEL = RNNClassifier(4, **SETTINGS).fit(X, LABELS)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


@pytest.mark.parametrize("align", ["start", "end"])
def test_means_are_over_the_sequences_that_have_the_step(align):
    display = StepImportanceDisplay.from_estimator(MODEL, X, target="rises", align=align)
    contributions = step_importance(MODEL, X, target="rises").contributions
    longest = max(map(len, X))
    assert display.contributions.shape == (2, longest)
    for step in range(longest):
        place = step if align == "start" else step - longest
        own = [x[place] for x in contributions if len(x) > (step if align == "start" else -1 - place)]
        assert_allclose(display.contributions[:, step], np.mean(own, axis=0))
    assert_array_equal(display.im_.get_array(), display.contributions)
    left, right = display.ax_.get_xlim()
    assert (left, right) == ((-0.5, longest - 0.5) if align == "start" else (-longest - 0.5, -0.5))
    assert display.ax_.get_xlabel() == ("step" if align == "start" else "step, counted from the end")


def test_what_is_written():
    display = StepImportanceDisplay.from_estimator(MODEL, X, target="rises", row_names=["signal", "noise"])
    assert [label.get_text() for label in display.ax_.get_yticklabels()] == ["signal", "noise"]
    assert display.response == "probability of rises"
    colorbar = display.figure_.axes[1]
    assert colorbar.get_ylabel() == "contribution to the\nprobability of rises"
    assert display.im_.norm.vmin == -display.im_.norm.vmax == -np.abs(display.contributions).max()
    assert display.bars_ is None
    unnamed = StepImportanceDisplay.from_estimator(MODEL, X, response="log_odds", colorbar=False)
    assert [label.get_text() for label in unnamed.ax_.get_yticklabels()] == ["feature 0", "feature 1"]
    assert unnamed.response == "log-odds of the class"
    assert len(unnamed.figure_.axes) == 1


def test_one_feature_is_drawn_as_bars():
    single = [x[:, :1] for x in X]
    model = RNNRegressor(4, **SETTINGS).fit(single, [x.sum() for x in single])
    _, ax = plt.subplots()
    display = StepImportanceDisplay.from_estimator(model, [single[0]], ax=ax, step_names=list("abcdefgh")[: len(X[0])])
    assert display.ax_ is ax
    assert display.im_ is None
    heights = [bar.get_height() for bar in display.bars_]
    assert_allclose(heights, step_importance(model, [single[0]]).contributions[0][:, 0])
    colors = {bar.get_facecolor() for bar in display.bars_}
    assert len(colors) == len(np.unique(np.sign(heights)))
    assert ax.get_ylabel() == "contribution to the\nprediction, in units of y"
    assert [label.get_text() for label in ax.get_xticklabels()] == list("abcdefgh")[: len(X[0])]


def test_tokens_have_a_row_each():
    ids = RNG.randint(1, 4, size=(20, 5))
    model = RNNClassifier(4, embedding_dim=2, **SETTINGS).fit(ids, ids[:, 0] == 3)
    display = StepImportanceDisplay.from_estimator(model, ids, target=True, row_names=["-", "A", "B", "C"])
    contributions = step_importance(model, ids, target=True).contributions
    expected = [np.where(ids == token, contributions, 0).mean(axis=0) for token in (1, 2, 3)]
    assert_allclose(display.contributions, expected)
    assert display.row_names == ["A", "B", "C"]
    assert StepImportanceDisplay.from_estimator(model, ids).row_names == ["1", "2", "3"]
    with pytest.raises(ValueError, match="row_names has 3 names, but X holds the token id 3"):
        StepImportanceDisplay.from_estimator(model, ids, row_names=["-", "A", "B"])


def test_of_many_tokens_there_is_one_row():
    ids = np.arange(40).reshape(10, 4)
    model = RNNClassifier(4, embedding_dim=2, **SETTINGS).fit(ids, np.arange(10) % 2)
    display = StepImportanceDisplay.from_estimator(model, ids, target=1)
    assert_allclose(display.contributions, [step_importance(model, ids, target=1).contributions.mean(axis=0)])
    assert display.bars_ is not None


def test_styles():
    display = StepImportanceDisplay([[1.0, -2.0], [0.0, 0.5]])
    assert display.plot(cmap="RdBu", im_kw={"vmax": 9}).im_.norm.vmax == 9
    assert StepImportanceDisplay([[1.0]]).plot(bar_kw={"width": 0.1}).bars_[0].get_width() == 0.1
    assert StepImportanceDisplay([[0.0], [0.0]]).plot().im_.norm.vmax == 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: StepImportanceDisplay([1.0, 2.0]).plot(), "contributions must be of shape"),
        (lambda: StepImportanceDisplay([[1.0, 2.0]], ["a", "b"]).plot(), "row_names has 2 names, but there are 1"),
        (lambda: StepImportanceDisplay([[1.0, 2.0]]).plot(step_names="abc"), "step_names has 3 names"),
        (lambda: StepImportanceDisplay([[1.0, 2.0]]).plot(ax=[]), "ax must be a matplotlib Axes"),
        (lambda: StepImportanceDisplay.from_estimator(MODEL, X, align="left"), "align='left' is not an option"),
    ],
)
def test_wrong_arguments(make, message):
    with pytest.raises(ValueError, match=message):
        make()
