from collections import Counter

import numpy as np
import pytest

from skseq.datasets import load_first_names


def test_shape_of_the_collection():
    names = load_first_names()
    assert names.data.shape == names.target.shape == names.percent.shape == (5494,)
    assert Counter(names.target.tolist()) == {"female": 4275, "male": 1219}
    lengths = [len(name) for name in names.data]
    assert (min(lengths), max(lengths)) == (2, 11)
    assert sum(count == 2 for count in Counter(names.data.tolist()).values()) == 331


def test_percent_is_the_share_within_each_sex():
    names = load_first_names()
    for sex, first in (("female", "Mary"), ("male", "James")):
        rows = names.target == sex
        assert names.data[rows][0] == first
        assert (np.diff(names.percent[rows]) <= 0).all()
        assert names.percent[rows].sum() == pytest.approx(90, abs=0.1)
    assert names.percent.min() == 0.001


def test_ids_spell_the_names_in_lower_case():
    strings = load_first_names()
    ids = load_first_names(encoding="ids")
    assert isinstance(ids.data, list)
    assert all(x.dtype == np.intp and x.flags.writeable for x in ids.data)
    spelled = ["".join(ids.vocabulary[i] for i in x) for x in ids.data]
    assert spelled == [name.lower() for name in strings.data.tolist()]
    assert (ids.target == strings.target).all()


def test_frame():
    names = load_first_names(as_frame=True)
    assert list(names.frame.columns) == ["name", "sex", "percent"]
    assert names.data.tolist() == load_first_names().data.tolist()
    assert names.target.name == "sex"
    assert names.percent.sum() == pytest.approx(load_first_names().percent.sum())


def test_ids_do_not_fit_a_frame():
    with pytest.raises(ValueError, match=r"as_frame=True.*encoding='ids'"):
        load_first_names(encoding="ids", as_frame=True)


def test_unknown_encoding():
    with pytest.raises(ValueError, match=r"encoding=None.*'string', 'ids'"):
        load_first_names(encoding=None)
