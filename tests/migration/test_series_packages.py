"""The page for users of other packages, on their own containers, which all hold the same (make test-migration)."""

import numpy as np
import pytest

from skseq import RNNClassifier
from skseq.sequences import from_long, from_padded

LENGTHS = [7, 4, 9, 9, 5]
SEQUENCES = [np.random.RandomState(steps + i).standard_normal((steps, 2)) for i, steps in enumerate(LENGTHS)]
EQUAL = [x[:4] for x in SEQUENCES]
LABELS = np.array(["a", "b", "a", "b", "a"])

pytestmark = pytest.mark.filterwarnings("ignore")  # those of the packages


def assert_same(X, sequences):
    """X is read as ``sequences``: the same network comes out, and takes them."""
    settings = {"max_iter": 2, "random_state": 0}
    expected = RNNClassifier(4, **settings).fit(sequences, LABELS).predict_proba(sequences)
    np.testing.assert_allclose(RNNClassifier(4, **settings).fit(X, LABELS).predict_proba(X), expected, rtol=1e-5)


def test_aeon():
    aeon = pytest.importorskip("aeon.testing.data_generation")
    cube, y = aeon.make_example_3d_numpy(n_cases=6, n_channels=3, n_timepoints=8, random_state=0)
    X = from_padded(cube, channels_first=True)
    np.testing.assert_array_equal(np.stack(X), cube.swapaxes(1, 2))
    RNNClassifier(4, max_iter=1).fit(X, y)
    unequal, y = aeon.make_example_3d_numpy_list(n_cases=6, n_channels=2, random_state=0)
    X = [x.T for x in unequal]
    assert {x.shape[1] for x in X} == {2}
    RNNClassifier(4, max_iter=1).fit(X, y)


def test_aeon_converts_to_what_the_page_says():
    pytest.importorskip("aeon")
    from aeon.datasets import load_basic_motions, load_japanese_vowels, load_unit_test

    cube, y = load_basic_motions(split="train")
    assert cube.shape == (40, 6, 100)
    assert from_padded(cube, channels_first=True)[0].shape == (100, 6)
    unequal, _ = load_japanese_vowels(split="train")
    assert {x.T.shape[1] for x in unequal} == {12}
    one, y = load_unit_test(split="train")
    X = from_padded(one, channels_first=True)
    assert RNNClassifier(4, max_iter=1, random_state=0).fit(X, y).classes_.tolist() == ["1", "2"]


def test_tslearn():
    utils = pytest.importorskip("tslearn.utils")
    dataset = utils.to_time_series_dataset(SEQUENCES)
    assert dataset.shape == (5, 9, 2)
    X = from_padded(dataset)
    assert [len(x) for x in X] == LENGTHS
    assert_same(X, SEQUENCES)


@pytest.mark.parametrize(
    ("container", "sequences"),
    [("numpy3D", EQUAL), ("df-list", SEQUENCES), ("nested_univ", SEQUENCES), ("pd-multiindex", SEQUENCES)],
)
def test_sktime(container, sequences):
    datatypes = pytest.importorskip("sktime.datatypes")
    pd = pytest.importorskip("pandas")
    frames = [pd.DataFrame(x, columns=["a", "b"]) for x in sequences]
    panel = datatypes.convert_to(frames, container)
    if container == "numpy3D":
        assert panel.shape == (5, 2, 4)
        panel = from_padded(panel, channels_first=True)
    if container == "pd-multiindex":
        by, sort = panel.index.names
        panel, _, keys = from_long(panel, by=by, sort=sort)
        assert len(keys) == 5
    assert_same(panel, sequences)
