import numpy as np
import pytest

from skseq.datasets import load_first_names, load_japanese_vowels, load_splice_junctions

LOADERS = [load_japanese_vowels, load_splice_junctions, load_first_names]


@pytest.mark.parametrize("load", LOADERS)
def test_bunch_tells_source_and_licence(load):
    bunch = load()
    assert bunch.frame is None
    assert "Source:" in bunch.DESCR
    assert "CC BY 4.0" in bunch.DESCR or "public domain" in bunch.DESCR


@pytest.mark.parametrize("load", LOADERS)
def test_return_X_y_is_the_data_and_target_of_the_bunch(load):
    bunch = load()
    X, y = load(return_X_y=True)
    assert len(X) == len(y) == len(bunch.data)
    assert (y == bunch.target).all()
    assert all(np.array_equal(a, b) for a, b in zip(X, bunch.data))


@pytest.mark.parametrize("load", LOADERS)
def test_each_call_gives_its_own_memory(load):
    first = load()
    first.target[0] = first.target[-1]
    assert load().target[0] != first.target[0]


@pytest.mark.parametrize("load", LOADERS)
def test_frame_without_pandas_says_what_to_do(load, monkeypatch):
    def no_pandas(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("skseq._optional.import_module", no_pandas)
    with pytest.raises(ImportError, match=r"pip install pandas.*as_frame=False"):
        load(as_frame=True)


@pytest.mark.parametrize("load", LOADERS)
@pytest.mark.parametrize("name", ["return_X_y", "as_frame"])
def test_switches_are_booleans(load, name):
    with pytest.raises(TypeError, match=name):
        load(**{name: "yes"})
