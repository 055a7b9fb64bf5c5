"""TrainingHistoryDisplay: which panels there are, what they show and what they mark."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from numpy.testing import assert_array_equal
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression

from skseq import RNNClassifier, make_pipeline
from skseq.inspection import TrainingHistoryDisplay

X = np.random.RandomState(0).standard_normal((40, 4, 2))
y = (X[:, -1, 0] > 0).astype(int)
PLAIN = RNNClassifier(4, max_iter=5, random_state=0).fit(X, y)
STOPPED = RNNClassifier(4, max_iter=5, early_stopping=True, max_grad_norm=None, random_state=0).fit(X, y)


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def labels_of(ax):
    return [] if ax.get_legend() is None else [text.get_text() for text in ax.get_legend().get_texts()]


def test_the_curves_are_those_of_the_history():
    display = TrainingHistoryDisplay.from_estimator(STOPPED)
    assert [ax.get_ylabel() for ax in display.axes_] == [
        "mean loss, in its own units",
        "score on the part held out",
        "norm of the gradient, before clipping",
        "share of steps clipped",
    ]
    for column, line in display.lines_.items():
        assert_array_equal(line.get_xdata(), [1, 2, 3, 4, 5])
        assert_array_equal(line.get_ydata(), STOPPED.history_[column])
    assert all(ax.get_xlabel() == "epoch" for ax in display.axes_)
    assert display.figure_ is display.axes_[0].figure
    assert labels_of(display.axes_[0]) == ["training", "held out", "best epoch"]
    assert display.axes_[0].lines[-1].get_xdata()[0] == STOPPED.best_iteration_
    assert labels_of(display.axes_[2]) == []
    assert display.axes_[2].get_yscale() == "log"


def test_without_a_part_held_out():
    display = TrainingHistoryDisplay.from_estimator(PLAIN)
    assert list(display.lines_) == ["loss", "grad_norm", "clipped"]
    assert labels_of(display.axes_[0]) == []
    assert labels_of(display.axes_[1]) == ["clipped to"]
    assert display.axes_[1].lines[-1].get_ydata()[0] == 1.0


def test_panels_of_choice():
    display = TrainingHistoryDisplay.from_estimator(PLAIN, panels=["rate", "seconds"])
    assert list(display.lines_) == ["learning_rate", "seconds"]
    _, ax = plt.subplots()
    one = TrainingHistoryDisplay.from_estimator(PLAIN, panels="loss", ax=ax, line_kw={"color": "red"})
    assert one.axes_[0] is ax
    assert one.lines_["loss"].get_color() == "red"
    with pytest.raises(ValueError, match="There is no panel 'score' in this history; there are: loss, gradient"):
        display.plot(panels=["score"])
    with pytest.raises(ValueError, match="ax has 1 Axes, but there are 3 panels"):
        display.plot(ax=ax)
    with pytest.raises(ValueError, match="ax must be a matplotlib Axes"):
        display.plot(ax=["nothing"], panels="loss")


def test_one_epoch_is_seen():
    model = RNNClassifier(4, max_iter=1, random_state=0).fit(X, y)
    assert TrainingHistoryDisplay.from_estimator(model).lines_["loss"].get_marker() == "."


def test_epochs_with_and_without_a_part_held_out():
    model = RNNClassifier(4, max_iter=3, warm_start=True, early_stopping=True, random_state=0).fit(X, y)
    model.set_params(early_stopping=False).fit(X, y)
    losses = TrainingHistoryDisplay.from_estimator(model).lines_["validation_loss"].get_ydata()
    assert_array_equal(np.isnan(losses), [False] * 3 + [True] * 3)


def test_estimators():
    pipeline = make_pipeline(RNNClassifier(4, max_iter=2)).fit(X, y)
    assert list(TrainingHistoryDisplay.from_estimator(pipeline).history) == list(PLAIN.history_)
    with pytest.raises(NotFittedError):
        TrainingHistoryDisplay.from_estimator(RNNClassifier())
    with pytest.raises(TypeError, match="has no network"):
        TrainingHistoryDisplay.from_estimator(LogisticRegression())
