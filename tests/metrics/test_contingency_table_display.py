import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot
from sklearn.dummy import DummyClassifier

from skseq.metrics import ContingencyTableDisplay, contingency_table
from skseq.metrics._contingency_table_display import _contrast

Y_TRUE = ["rare"] * 4 + ["other"] * 96
Y_PRED = ["rare"] * 3 + ["other"] * 91 + ["rare"] * 6


@pytest.fixture(autouse=True)
def _no_window():
    mpl.use("agg")
    yield
    pyplot.close("all")


def words(display):
    return [[text.get_text() for text in row] for row in display.text_]


def test_shades_are_rates_and_text_is_counts_and_rates():
    display = ContingencyTableDisplay.from_predictions(Y_TRUE, Y_PRED, labels=["rare", "other"])
    np.testing.assert_allclose(display.im_.get_array(), [[0.75, 0.25], [6 / 96, 90 / 96]])
    assert display.im_.get_clim() == (0.0, 1.0)
    assert words(display) == [["3\n75.0 %", "1\n25.0 %"], ["6\n6.2 %", "90\n93.8 %"]]
    assert [label.get_text() for label in display.ax_.get_xticklabels()] == ["rare", "other"]
    assert [label.get_text() for label in display.ax_.get_yticklabels()] == ["rare (4)", "other (96)"]
    assert (display.ax_.get_xlabel(), display.ax_.get_ylabel()) == ("predicted", "true (rows)")
    assert display.figure_ is display.ax_.figure
    display.figure_.canvas.draw()


@pytest.mark.parametrize("cmap", ["Blues", "viridis", "Greys", "magma_r"])
@pytest.mark.parametrize("top", [0.5, 1.0])
def test_text_can_be_read_on_its_shade(cmap, top):
    def luminance(color):
        parts = np.array(mpl.colors.to_rgb(color))
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return linear @ [0.2126, 0.7152, 0.0722]

    n = 20
    y_true, y_pred = np.repeat(np.arange(n), n), np.concatenate([np.repeat([0, 1], [k, n - k]) for k in range(n)])
    display = ContingencyTableDisplay.from_predictions(y_true, y_pred, cmap=cmap, im_kw={"vmax": top})
    for i, j in np.ndindex(n, 2):
        shade = display.im_.cmap(display.im_.norm(display.table.rates[i, j]))
        dark, light = sorted([luminance(shade), luminance(display.text_[i, j].get_color())])
        assert (light + 0.05) / (dark + 0.05) > 2.8


@pytest.mark.parametrize(
    ("name", "ratio"), [("white", 21.0), ("red", 5.252), ("lime", 15.304), ("blue", 2.444), ("black", 1.0)]
)
def test_contrast_to_black_is_that_of_the_guidelines(name, ratio):
    color, black = mpl.colors.to_rgba(name), mpl.colors.to_rgba("black")
    assert _contrast(color, black) == pytest.approx(ratio)
    assert _contrast(black, color) == pytest.approx(ratio)


def test_from_estimator_predicts():
    X = np.zeros((100, 1))
    model = DummyClassifier(strategy="constant", constant="other").fit(X, Y_TRUE)
    display = ContingencyTableDisplay.from_estimator(model, X, Y_TRUE, labels=["rare", "other"], values="counts")
    np.testing.assert_array_equal(display.table.counts, [[0, 4], [0, 96]])
    assert words(display) == [["0", "4"], ["0", "96"]]


def test_options():
    _, (left, right) = pyplot.subplots(1, 2)
    table = contingency_table(Y_TRUE, Y_PRED)
    display = ContingencyTableDisplay(table)
    assert display.plot(ax=left, values="rates", cmap="Greens", title="weights", colorbar=True) is display
    assert display.ax_ is left
    assert left.get_title() == "weights"
    assert display.im_.cmap.name == "Greens"
    assert words(display)[0][0] == "93.8 %"
    assert len(display.figure_.axes) == 3  # the scale has its own
    display.plot(ax=right, values=None, im_kw={"vmax": 0.5}, text_kw={"color": "red"})
    assert display.text_ is None
    assert display.im_.get_clim() == (0.0, 0.5)
    display.plot(ax=right, text_kw={"color": "red"})
    assert display.text_[0, 0].get_color() == "red"


def test_weights():
    weights = np.full(100, 0.5)
    display = ContingencyTableDisplay.from_predictions(Y_TRUE, Y_PRED, sample_weight=weights, values="counts")
    assert words(display) == [["45", "3"], ["0.5", "1.5"]]


def test_errors():
    table = contingency_table(Y_TRUE, Y_PRED)
    with pytest.raises(ValueError, match=r"values='all'.*'both', 'counts', 'rates', None"):
        ContingencyTableDisplay(table).plot(values="all")
    with pytest.raises(TypeError, match="table must be what contingency_table returns, got ndarray"):
        ContingencyTableDisplay(table.counts).plot()


def test_without_matplotlib_names_the_extra(monkeypatch):
    def no_matplotlib(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("skseq._optional.import_module", no_matplotlib)
    with pytest.raises(ImportError, match=r"ContingencyTableDisplay needs matplotlib.*skseq\[plot\]"):
        ContingencyTableDisplay.from_predictions(Y_TRUE, Y_PRED)


def test_import_alone_loads_no_matplotlib():
    code = "import sys, skseq.metrics; print('matplotlib' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert printed.split() == ["False"]
