from collections import Counter

import numpy as np
import pytest

from skseq.datasets import load_splice_junctions


def test_shape_of_the_collection():
    junctions = load_splice_junctions()
    assert junctions.data.shape == (3190,)
    assert {len(window) for window in junctions.data} == {60}
    assert set("".join(junctions.data)) == set("ACGTDNRS")
    assert Counter(junctions.target.tolist()) == {"EI": 767, "IE": 768, "N": 1655}
    assert len(set(junctions.data.tolist())) == 3190 - 185


def test_donors_begin_with_gt_and_acceptors_end_with_ag():
    # The rule of molecular biology: introns begin with GT and end with AG.
    data, target = load_splice_junctions(return_X_y=True)
    after = np.array([window[30:32] for window in data])
    before = np.array([window[28:30] for window in data])
    assert (after[target == "EI"] == "GT").mean() > 0.98
    assert (before[target == "IE"] == "AG").mean() > 0.98
    assert (after[target == "N"] == "GT").mean() < 0.1


def test_ids_spell_the_strings():
    strings = load_splice_junctions()
    ids = load_splice_junctions(encoding="ids")
    assert ids.data.shape == (3190, 60)
    assert ids.data.dtype == np.intp
    assert sorted(ids.vocabulary[4:]) == ["A", "C", "G", "T"]
    letters = np.array(ids.vocabulary)[ids.data]
    assert ["".join(row) for row in letters] == strings.data.tolist()
    assert len(ids.feature_names) == 60
    assert ids.feature_names[29:31] == ["-1", "+1"]


def test_frames():
    strings = load_splice_junctions(as_frame=True)
    assert list(strings.frame.columns) == ["sequence", "junction"]
    assert strings.data.tolist() == load_splice_junctions().data.tolist()
    ids = load_splice_junctions(encoding="ids", as_frame=True)
    assert ids.data.shape == (3190, 60)
    assert ids.frame.shape == (3190, 61)
    assert "junction" not in ids.data
    np.testing.assert_array_equal(ids.data, load_splice_junctions(encoding="ids").data)


def test_changing_the_vocabulary_changes_no_later_call():
    load_splice_junctions().vocabulary.clear()
    assert len(load_splice_junctions().vocabulary) == 8


def test_unknown_encoding():
    with pytest.raises(ValueError, match=r"encoding='one-hot'.*'string', 'ids'"):
        load_splice_junctions(encoding="one-hot")
