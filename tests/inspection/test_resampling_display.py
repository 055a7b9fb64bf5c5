import matplotlib as mpl
import numpy as np
import pytest
from matplotlib import pyplot
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from skseq import SMOTE
from skseq.inspection import ResamplingDisplay

RNG = np.random.RandomState(0)
X = RNG.standard_normal((50, 4))
y = np.repeat(["common", "rare", "rarest"], [30, 12, 8])
SAMPLER = SMOTE(random_state=0)


@pytest.fixture(autouse=True)
def _no_window():
    mpl.use("agg")
    yield
    pyplot.close("all")


def drawn(axes):
    """Return the label and the points of each group of rows in ``axes``."""
    return [(group.get_label(), np.asarray(group.get_offsets())) for group in axes.collections]


def test_before_has_the_original_rows_and_after_the_new_ones_too():
    display = ResamplingDisplay.from_sampler(SAMPLER, X[:, :2], y)
    resampled, labels = SAMPLER.fit_resample(X[:, :2], y)
    before, after = display.axes_
    assert [label for label, _ in drawn(before)] == ["common (30)", "rare (12)", "rarest (8)"]
    assert [label for label, _ in drawn(after)[3:]] == ["rare (18)", "rarest (22)"]
    for name, (_, points) in zip(["common", "rare", "rarest"], drawn(before)):
        np.testing.assert_array_equal(points, X[y == name, :2])
    for name, (_, points) in zip(["rare", "rarest"], drawn(after)[3:]):
        np.testing.assert_array_equal(points, resampled[50:][labels[50:] == name])
    assert (before.get_title(), after.get_title()) == ("before: 50 rows", "after: 90 rows")
    assert display.figure_ is before.figure
    display.figure_.canvas.draw()


def test_the_sampler_is_left_alone():
    sampler = SMOTE(random_state=0)
    ResamplingDisplay.from_sampler(sampler, X, y)
    assert not hasattr(sampler, "parents_")


def test_lines_join_children_to_both_parents():
    display = ResamplingDisplay.from_sampler(SAMPLER, X[:, :2], y)
    sampler = SMOTE(random_state=0)
    resampled, _ = sampler.fit_resample(X[:, :2], y)
    path = display.lines_.get_xydata().reshape(40, 2, 3, 2)
    assert np.isnan(path[:, :, 2]).all()
    for child, (i, j) in enumerate(sampler.parents_):
        np.testing.assert_array_equal(path[child, 0, :2], [X[i, :2], resampled[50 + child]])
        np.testing.assert_array_equal(path[child, 1, :2], [X[j, :2], resampled[50 + child]])
    assert display.lines_.get_label() == "from parent to child"


def test_new_rows_have_another_marker_and_the_colour_of_their_class():
    display = ResamplingDisplay.from_sampler(SAMPLER, X, y)
    groups = display.axes_[1].collections
    colors = {group.get_label().split()[0]: tuple(group.get_facecolor()[0]) for group in groups[:3]}
    assert len(set(colors.values())) == 3
    for group in groups[3:]:
        assert tuple(group.get_edgecolor()[0]) == colors[group.get_label().split()[0]]
        assert len(group.get_paths()[0].vertices) != len(groups[0].get_paths()[0].vertices)


def test_the_number_of_lines_is_limited():
    display = ResamplingDisplay.from_sampler(SAMPLER, X, y, max_lines=7)
    assert len(display.lines_.get_xydata()) == 7 * 2 * 3
    assert display.lines_.get_label() == "from parent to child (7 of 40)"
    assert ResamplingDisplay.from_sampler(SAMPLER, X, y, max_lines=0).lines_ is None


def test_principal_components_of_the_standardised_original_rows():
    scaled = X * [1, 10, 100, 1000] + 5
    display = ResamplingDisplay.from_sampler(SAMPLER, scaled, y)
    originals = display.points[:50]
    standardised = (scaled - scaled.mean(axis=0)) / scaled.std(axis=0)
    values, vectors = np.linalg.eigh(np.cov(standardised.T))
    expected = standardised @ vectors[:, [-1, -2]]
    np.testing.assert_allclose(np.abs(originals), np.abs(expected), atol=1e-12)
    shares = 100 * values[::-1] / values.sum()
    assert display.axis_names == [f"principal component {i} ({shares[i - 1]:.0f} % of the variance)" for i in (1, 2)]
    assert display.axes_[0].get_xlabel() == display.axis_names[0]
    # A child between its parents stays there: the projection is linear.
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(scaled, y)
    i, j = sampler.parents_.T
    gaps = sampler.gaps_[:, None]
    np.testing.assert_allclose(display.points[50:], gaps * originals[i] + (1 - gaps) * originals[j])


def frame(module):
    return module.DataFrame({"age": X[:, 0], "pay": X[:, 1]})


@pytest.mark.parametrize("module", ["pandas", "polars"])
def test_two_columns_of_a_frame_have_their_names(module):
    module = pytest.importorskip(module)
    display = ResamplingDisplay.from_sampler(SAMPLER, frame(module), module.Series(y))
    assert display.axis_names == ["age", "pay"]
    np.testing.assert_array_equal(display.points[:50], X[:, :2])


@pytest.mark.parametrize("module", ["pandas", "polars"])
def test_columns_that_are_no_numbers_are_left_out(module):
    module = pytest.importorskip(module)
    mixed = module.DataFrame({"age": X[:, 0], "town": ["a", "b"] * 25, "pay": X[:, 1], "member": [True, False] * 25})
    display = ResamplingDisplay.from_resampled(mixed, y, [[0, 1]])
    assert display.axis_names == ["age", "pay"]
    np.testing.assert_array_equal(display.points, X[:, :2])
    objects = X[:, :3].astype(object)
    objects[:, 1] = "a"
    display = ResamplingDisplay.from_resampled(objects, y, [[0, 1]])
    assert display.axis_names == ["column 0", "column 2"]
    with pytest.raises(TypeError, match=r"no column of numbers to draw. Pass projection="):
        ResamplingDisplay.from_resampled(module.DataFrame({"town": ["a", "b"] * 25}), y, [[0, 1]])


def test_equal_and_ragged_sequences_and_sparse_rows_equal_flat_rows():
    expected = ResamplingDisplay.from_sampler(SAMPLER, X, y).points
    steps = X.reshape(50, 2, 2)
    np.testing.assert_allclose(ResamplingDisplay.from_sampler(SAMPLER, steps, y).points, expected)
    np.testing.assert_allclose(ResamplingDisplay.from_sampler(SAMPLER, list(steps), y).points, expected)
    np.testing.assert_allclose(ResamplingDisplay.from_sampler(SAMPLER, sparse.coo_array(X), y).points, expected)


def test_ragged_sequences_are_brought_to_one_length():
    ragged = [np.linspace(start, start + 1, steps) for start, steps in zip(range(50), [3, 5] * 25)]
    display = ResamplingDisplay.from_sampler(SAMPLER, ragged, y)
    # Lines of one slope at other heights differ in one component, whatever their lengths.
    assert display.axis_names[0] == "principal component 1 (100 % of the variance)"
    np.testing.assert_allclose(np.abs(np.diff(display.points[:50, 0])).std(), 0, atol=1e-12)


def test_one_column_is_drawn_against_the_class():
    display = ResamplingDisplay.from_sampler(SAMPLER, X[:, :1], y)
    assert display.axis_names == ["column 0", "class, in sorted order"]
    np.testing.assert_array_equal(display.points[:50], np.column_stack([X[:, 0], np.repeat([0, 1, 2], [30, 12, 8])]))


@pytest.mark.parametrize("container", [np.asarray, sparse.csr_array])
def test_extreme_columns(container):
    expected = ResamplingDisplay.from_sampler(SAMPLER, X, y).points
    for rows in (X * 1e200, X * 1e-90, np.column_stack([X, np.ones(50), np.zeros(50)])):
        points = ResamplingDisplay.from_sampler(SAMPLER, container(rows), y).points
        np.testing.assert_allclose(points[:50], expected[:50])
    assert ResamplingDisplay.from_sampler(SAMPLER, container(np.ones((50, 4))), y).axis_names[0] == "column 0"


class Halves:
    """A transformer that is fitted on what it is told to expect."""

    seen = []

    def get_params(self, deep=True):
        return {}

    def fit(self, X, y=None):
        self.seen.append(len(X))
        return self

    def transform(self, X):
        return X[:, 2:] / 2


def test_projection_of_ones_own_is_fitted_on_the_original_rows():
    display = ResamplingDisplay.from_sampler(SAMPLER, X, y, projection=Halves())
    assert Halves.seen == [50]
    np.testing.assert_array_equal(display.points[:50], X[:, 2:] / 2)
    assert display.axis_names == ["projected column 0", "projected column 1"]


class FirstAgain:
    """An over-sampler of another package: it does not say where rows come from."""

    def get_params(self, deep=True):
        return {}

    def fit_resample(self, X, y):
        return np.r_[X, X[-3:]], np.r_[y, y[-3:]]


def test_without_parents_no_lines_are_drawn():
    display = ResamplingDisplay.from_sampler(FirstAgain(), X, y)
    assert display.lines_ is None
    assert [label for label, _ in drawn(display.axes_[1])[3:]] == ["rarest (3)"]
    assert len(display.axes_[1].get_legend().get_texts()) == 1


def test_copies_have_one_parent():
    display = ResamplingDisplay.from_resampled(np.r_[X, X[:2]], np.r_[y, y[:2]], [[0], [1]])
    assert len(display.lines_.get_xydata()) == 2 * 3


def test_nothing_new():
    balanced = np.arange(50) % 2
    display = ResamplingDisplay.from_sampler(SAMPLER, X, balanced)
    assert display.lines_ is None
    assert display.axes_[1].get_title() == "after: 50 rows"


def test_more_classes_than_colours():
    many = np.arange(50) % 12
    display = ResamplingDisplay.from_sampler(SMOTE(k_neighbors=3, random_state=0), X, many)
    assert len({tuple(group.get_facecolor()[0]) for group in display.axes_[0].collections}) == 12


def test_axes_and_styles():
    figure, axes = pyplot.subplots(2, 1)
    display = ResamplingDisplay.from_sampler(SAMPLER, X, y, ax=axes, new_kw={"marker": "^"}, line_kw={"color": "red"})
    assert display.figure_ is figure
    assert list(display.axes_) == list(axes)
    assert display.lines_.get_color() == "red"
    again = display.plot(original_kw={"s": 99})
    assert again is display
    assert display.axes_[0].collections[0].get_sizes() == [99]


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"sampler": None}, TypeError, "sampler is None, which has no fit_resample"),
        ({"sampler": SMOTE}, TypeError, "sampler is the class SMOTE"),
        ({"sampler": LogisticRegression()}, TypeError, "has no fit_resample"),
        ({"y": None}, ValueError, "requires y"),
        ({"y": y[1:]}, ValueError, "inconsistent numbers of samples"),
        ({"projection": "pca"}, TypeError, r"projection is 'pca', which has no fit and no transform"),
        ({"max_lines": -1}, ValueError, "max_lines == -1, must be >= 0"),
        ({"ax": 3}, ValueError, r"ax must be two matplotlib Axes, .* got 3"),
    ],
)
def test_errors(arguments, error, message):
    with pytest.raises(error, match=message):
        ResamplingDisplay.from_sampler(**{"sampler": SAMPLER, "X": X, "y": y, **arguments})


class HalfOfThem(FirstAgain):
    def fit_resample(self, X, y):
        return X[::2], y[::2]


def test_rows_that_are_removed_cannot_be_drawn():
    with pytest.raises(ValueError, match=r"HalfOfThem turned 50 rows into 25.*Give an over-sampler"):
        ResamplingDisplay.from_sampler(HalfOfThem(), X, y)


@pytest.mark.parametrize(
    ("rows", "labels", "parents", "message"),
    [
        (X, y, [[0, 60]], "1 of 50 rows are new.*all parents among these"),
        (X, y, [[0, -1]], "1 of 50 rows are new"),
        (X, y, np.zeros((48, 2), dtype=int), "48 of 50 rows are new.*three or more rows must be original"),
        (X, y, [0, 1], r"shape \(2,\).*parents_ of a fitted sampler"),
        (X, y, [[0.0, 1.0]], "dtype float64"),
        (X, y, None, "dtype object"),
        (X, y[:-2], [[0, 1]], "inconsistent numbers of samples"),
        (np.where(X > 1, np.nan, X), y, [[0, 1]], "X cannot be drawn. .*NaN.* Pass projection="),
        (["text"] * 50, y, [[0, 1]], "X cannot be drawn. .*text.* Pass projection="),
    ],
)
def test_errors_of_resampled_data(rows, labels, parents, message):
    with pytest.raises((ValueError, TypeError), match=message):
        ResamplingDisplay.from_resampled(rows, labels, parents)


def test_projection_that_gives_no_points():
    class Words(Halves):
        def transform(self, X):
            return np.full((len(X), 2), "a")

    with pytest.raises(ValueError, match=r"must turn X into columns of finite numbers, .*dtype <U1"):
        ResamplingDisplay.from_sampler(SAMPLER, X, y, projection=Words())


def test_points_that_are_not_in_a_plane():
    with pytest.raises(ValueError, match=r"points must be of shape \(n, 2\).*got points of shape \(50, 4\)"):
        ResamplingDisplay(X, y, [[0, 1]]).plot()


def test_without_matplotlib_names_the_extra(monkeypatch):
    def no_matplotlib(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("skseq._optional.import_module", no_matplotlib)
    with pytest.raises(ImportError, match=r"ResamplingDisplay needs matplotlib.*skseq\[plot\]"):
        ResamplingDisplay.from_sampler(SAMPLER, X, y)
