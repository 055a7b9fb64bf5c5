from collections import Counter

import numpy as np
import pytest

from skseq.datasets import load_japanese_vowels

TEST_COUNTS = dict(zip(range(1, 10), (31, 35, 88, 44, 29, 24, 40, 50, 29)))


def test_shape_of_the_collection():
    vowels = load_japanese_vowels()
    lengths = [len(x) for x in vowels.data]
    assert len(vowels.data) == 640
    assert (min(lengths), max(lengths), sum(lengths)) == (7, 29, 9961)
    assert all(x.shape[1] == 12 and x.dtype == np.float64 and np.isfinite(x).all() for x in vowels.data)
    assert vowels.feature_names == [f"lpc{i}" for i in range(1, 13)]
    assert len(vowels.target_names) == 9
    assert vowels.target.dtype == np.int64


def test_official_split():
    train = load_japanese_vowels(subset="train")
    test = load_japanese_vowels(subset="test")
    assert Counter(train.target.tolist()) == dict.fromkeys(range(1, 10), 30)
    assert Counter(test.target.tolist()) == TEST_COUNTS
    assert set(train.split) == {"train"}
    assert set(test.split) == {"test"}
    both = load_japanese_vowels()
    in_train = both.split == "train"
    assert (both.target[in_train] == train.target).all()
    assert all(np.array_equal(a, b) for a, b in zip(both.data, train.data + test.data))


def test_first_step_is_the_one_published():
    x = load_japanese_vowels().data[0]
    assert x.shape == (20, 12)
    np.testing.assert_array_equal(x[0, :3], [1.860936, -0.207383, 0.261557])


def test_an_utterance_does_not_hold_the_others_in_memory():
    assert all(x.base is None for x in load_japanese_vowels().data)


@pytest.mark.parametrize("subset", ["all", "test"])
def test_long_frame_holds_the_same_numbers(subset):
    arrays = load_japanese_vowels(subset=subset)
    frames = load_japanese_vowels(subset=subset, as_frame=True)
    columns = ["sequence", "split", "speaker", "step", *arrays.feature_names]
    assert list(frames.frame.columns) == columns
    assert frames.data.index.names == ["sequence", "step"]
    groups = [group.to_numpy() for _, group in frames.data.groupby(level="sequence")]
    assert all(np.array_equal(a, b) for a, b in zip(groups, arrays.data, strict=True))
    np.testing.assert_array_equal(frames.target, arrays.target)
    assert (frames.target.loc[frames.frame["sequence"]].to_numpy() == frames.frame["speaker"]).all()


def test_unknown_subset():
    with pytest.raises(ValueError, match=r"subset='valid'.*'all', 'train', 'test'"):
        load_japanese_vowels(subset="valid")
