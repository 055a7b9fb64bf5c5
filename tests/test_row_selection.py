"""Rows of any container."""

from array import array

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from skseq._row_selection import take_rows

ROWS = np.array([2, 0])


def test_arrays_and_lists():
    np.testing.assert_array_equal(take_rows(np.arange(8).reshape(4, 2), ROWS), [[4, 5], [0, 1]])
    np.testing.assert_array_equal(take_rows(csr_matrix(np.eye(3)), ROWS).toarray(), np.eye(3)[ROWS])
    assert take_rows([[1], [2, 3], [4]], ROWS) == [[4], [1]]
    assert take_rows(("a", "b", "c"), ROWS) == ["c", "a"]
    np.testing.assert_array_equal(take_rows(array("d", [1, 2, 3]), ROWS), [3, 1])


@pytest.mark.parametrize("value", [None, 2.0])
def test_one_value_for_all_rows(value):
    assert take_rows(value, ROWS) is value


def test_frames_by_position():
    pd = pytest.importorskip("pandas")
    table = pd.DataFrame({"a": [1, 2, 3]}, index=[7, 8, 9])
    assert take_rows(table, ROWS)["a"].tolist() == [3, 1]
    assert take_rows(table["a"], ROWS).tolist() == [3, 1]


def test_polars_and_arrow():
    pl, pa = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    assert take_rows(pl.DataFrame({"a": [1, 2, 3]}), ROWS)["a"].to_list() == [3, 1]
    assert take_rows(pl.Series([1, 2, 3]), ROWS).to_list() == [3, 1]
    assert take_rows(pa.table({"a": [1, 2, 3]}), ROWS)["a"].to_pylist() == [3, 1]
    assert take_rows(pa.array([1, 2, 3]), ROWS).to_pylist() == [3, 1]
