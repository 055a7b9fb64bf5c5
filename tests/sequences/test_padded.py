"""Padded arrays to sequences."""

import numpy as np
import pytest

from skseq.neural_network import RNNClassifier
from skseq.sequences import from_padded

PADDED = np.array([[[1, 2], [3, np.nan], [5, 6]], [[7, 8], [np.nan, np.nan], [np.nan, np.nan]]])


def test_steps_at_the_end_in_which_every_feature_is_nan_are_cut():
    X = from_padded(PADDED)
    assert [x.shape for x in X] == [(3, 2), (1, 2)]
    np.testing.assert_array_equal(X[0], PADDED[0])  # a NaN inside stays
    assert all(np.shares_memory(x, PADDED) for x in X)


def test_channels_first():
    X = from_padded(PADDED.swapaxes(1, 2), channels_first=True)
    np.testing.assert_array_equal(X[0], PADDED[0])
    assert [x.shape for x in X] == [(3, 2), (1, 2)]


def test_two_dimensions_are_one_feature():
    X = from_padded([[1, 2, np.nan], [3, np.nan, np.nan]])
    assert [x.tolist() for x in X] == [[1, 2], [3]]


def test_nan_at_the_beginning_stays():
    [x] = from_padded([[[np.nan], [1.0], [np.nan]]])
    np.testing.assert_array_equal(x, [[np.nan], [1]])


@pytest.mark.parametrize("lengths", [[1, 2], np.array([1, 2]), (1.0, 2.0)], ids=["list", "array", "floats"])
def test_lengths(lengths):
    padded = np.array([[4, -1, -1], [5, 6, -1]])
    X = from_padded(padded, lengths=lengths)
    assert [x.tolist() for x in X] == [[4], [5, 6]]
    assert X[0].dtype == padded.dtype
    RNNClassifier(2, max_iter=1, embedding_dim=2).fit(X, [0, 1])


def test_integers_without_lengths_are_whole():
    assert [x.tolist() for x in from_padded([[1, 2], [3, 4]])] == [[1, 2], [3, 4]]


def test_masks_are_padding():
    masked = np.ma.masked_invalid(PADDED)
    assert [x.shape for x in from_padded(masked)] == [(3, 2), (1, 2)]
    assert [x.shape for x in from_padded(np.ma.array([[1, 2], [3, 4]], mask=[[0, 0], [0, 1]]))] == [(2,), (1,)]


@pytest.mark.parametrize(
    ("array", "arguments", "error", "message"),
    [
        (np.ones(3), {}, ValueError, r"shape \(3,\), expected \(n, steps, features\) or \(n, steps\)"),
        (np.ones((2, 3)), {"channels_first": True}, ValueError, r"expected \(n, features, steps\)"),
        (np.ones((0, 3, 2)), {}, ValueError, "it is empty"),
        ([np.ones((3, 2)), np.ones((2, 2))], {}, ValueError, "different shapes.*padded to one length"),
        (np.full((2, 3), np.nan), {}, ValueError, r"array\[0\] holds NaN only.*2 of 2 sequences"),
        (np.ones((2, 3)), {"lengths": [1]}, ValueError, r"lengths has shape \(1,\), expected \(2,\)"),
        (np.ones((2, 3)), {"lengths": [1, 4]}, ValueError, r"lengths\[1\] is 4, but array\[1\] has 3 steps"),
        (np.ones((2, 3)), {"lengths": [0, 1]}, ValueError, r"lengths\[0\] is 0"),
        (np.ones((2, 3)), {"lengths": [1.5, 1]}, ValueError, "integers are needed"),
        (np.ones((2, 3)), {"lengths": [np.nan, 1]}, ValueError, "integers are needed"),
        (np.array([["a"]]), {}, TypeError, "numbers are needed"),
        (np.array([["a"]], dtype=object), {}, TypeError, "dtype object"),
    ],
)
def test_errors(array, arguments, error, message):
    with pytest.raises(error, match=message):
        from_padded(array, **arguments)
