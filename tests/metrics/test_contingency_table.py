import pickle

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_score, recall_score

from skseq.metrics import ContingencyTable, contingency_table


@pytest.fixture
def labels():
    rng = np.random.default_rng(0)
    names = np.array(["a", "b", "rare"])
    y_true = names[rng.choice(3, 200, p=[0.6, 0.35, 0.05])]
    y_pred = np.where(rng.random(200) < 0.7, y_true, names[rng.integers(0, 3, 200)])
    return y_true, y_pred


def test_counts_by_hand():
    table = contingency_table(["x", "x", "y", "y", "y"], ["x", "y", "y", "y", "x"])
    np.testing.assert_array_equal(table.counts, [[1, 1], [1, 2]])
    np.testing.assert_allclose(table.rates, [[1 / 2, 1 / 2], [1 / 3, 2 / 3]])
    np.testing.assert_array_equal(table.true_totals, [2, 3])
    np.testing.assert_array_equal(table.predicted_totals, [2, 3])
    assert table.total == 5
    assert table.labels.tolist() == ["x", "y"]


def test_agrees_with_scikit_learn(labels):
    table = contingency_table(*labels)
    np.testing.assert_array_equal(table.counts, confusion_matrix(*labels))
    np.testing.assert_allclose(table.rates, confusion_matrix(*labels, normalize="true"))
    np.testing.assert_allclose(np.diag(table.rates), recall_score(*labels, average=None))
    np.testing.assert_allclose(np.diag(table.counts) / table.predicted_totals, precision_score(*labels, average=None))


def test_weights_add_up(labels):
    weights = np.random.default_rng(1).random(200)
    table = contingency_table(*labels, sample_weight=weights)
    assert table.counts.dtype == np.float64
    assert table.total == pytest.approx(weights.sum())
    np.testing.assert_allclose(table.counts, confusion_matrix(*labels, sample_weight=weights))


def test_labels_order_and_select(labels):
    everything = contingency_table(*labels).counts
    ordered = contingency_table(*labels, labels=["rare", "b", "a"])
    np.testing.assert_array_equal(ordered.counts, everything[::-1, ::-1])
    two = contingency_table(*labels, labels=["rare", "a"])
    np.testing.assert_array_equal(two.counts, everything[np.ix_([2, 0], [2, 0])])


def test_classes_that_do_not_occur():
    table = contingency_table([0, 0, 1], [0, 1, 1], labels=[0, 1, 2])
    np.testing.assert_array_equal(table.rates[2], 0.0)
    assert np.isfinite(table.rates).all()
    assert str(table).splitlines()[3].split() == ["2", "0", "0", "0", "0", "-"]
    # A class that was only predicted leaves an empty table of its own.
    assert contingency_table([0, 0], [0, 1], labels=[1]).counts.tolist() == [[0]]
    assert contingency_table([3, 3], [3, 3]).counts.tolist() == [[2]]


def test_numpy_sees_the_counts():
    table = contingency_table([0, 1, 1], [0, 1, 0])
    assert np.asarray(table) is table.counts
    assert np.asarray(table, dtype=np.float32).dtype == np.float32
    copy = np.array(table)
    copy[0, 0] = 99
    assert table.counts[0, 0] == 1


def test_text_is_aligned_and_complete():
    table = contingency_table(["rare"] * 3 + ["other"] * 97, ["rare"] * 2 + ["other"] * 98, labels=["rare", "other"])
    lines = str(table).splitlines()
    assert repr(table) == str(table)
    assert lines[0].split() == ["true", "\\", "predicted", "rare", "other", "total", "recall"]
    assert lines[1].split() == ["rare", "2", "1", "3", "66.7", "%"]
    assert lines[2].split() == ["other", "0", "97", "97", "100.0", "%"]
    assert lines[3].split() == ["total", "2", "98", "100"]
    assert lines[4].split() == ["precision", "100.0", "%", "99.0", "%"]
    assert len(lines[1]) == len(lines[2]) == len(lines[0])
    assert lines[1].index("1") == lines[2].index("97") + 1  # counts end under each other


def test_html_escapes_names_and_shows_all():
    html = contingency_table(["<b>", "c", "c"], ["c", "c", "c"])._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<b>" not in html
    assert html.count("<tr>") == html.count("</tr>") == 5
    assert html.count("<td") == 2 * 4 + 2 * 4  # two classes, then totals and precision; two sums at the right
    assert "<th>total</th><td>0</td><td>3</td><td>3</td><td></td>" in html
    assert "<th>precision</th><td>-</td><td>66.7 %</td>" in html
    assert "<td>2</td><td>100.0 %</td></tr>" in html  # total and recall of class c


def test_html_shades_are_opaque_and_their_text_stands_out():
    html = contingency_table(["a"] * 10 + ["b"] * 10, ["a"] * 8 + ["b"] * 12)._repr_html_()
    assert "background: rgb(57, 116, 176); color: white" in html  # 80 %
    assert "background: rgb(206, 220, 235); color: black" in html  # 20 %
    assert "rgba" not in html


def test_pickle(labels):
    table = contingency_table(*labels)
    again = pickle.loads(pickle.dumps(table))
    np.testing.assert_array_equal(again.counts, table.counts)
    assert str(again) == str(table)


def test_an_empty_weighted_table_holds_weights():
    table = contingency_table(["a", "a"], ["b", "b"], labels=["b"], sample_weight=[0.5, 0.5])
    assert table.counts.dtype == np.float64


@pytest.mark.parametrize(
    ("counts", "labels"),
    [
        ([[1, 2, 3], [1, 2, 3]], ["a", "b"]),
        ([[1, 2], [1, 2]], ["a", "b", "c"]),
        ([["a", 2], [1, 2]], ["a", "b"]),
        ([[1, -2], [1, 2]], ["a", "b"]),
        ([[1, np.nan], [1, 2]], ["a", "b"]),
        (3, ["a"]),
    ],
)
def test_counts_that_are_no_table(counts, labels):
    with pytest.raises(ValueError, match=r"counts must be numbers of zero or more of shape .* Use contingency_table"):
        ContingencyTable(counts, labels)
