import numpy as np
import pandas
import polars
import pyarrow
import pytest

from skseq.preprocessing._texts import read_texts

TEXTS = ["Anna", "Otto", "Zoë"]


@pytest.mark.parametrize(
    "X",
    [
        TEXTS,
        tuple(TEXTS),
        iter(TEXTS),
        np.array(TEXTS),
        np.array(TEXTS, dtype=object),
        np.array(TEXTS, dtype=np.dtypes.StringDType()),
        pandas.Series(TEXTS, index=[5, 2, 9]),
        pandas.Series(TEXTS, dtype="string"),
        pandas.Series(TEXTS, dtype="category"),
        polars.Series(TEXTS),
    ],
    ids=lambda X: f"{type(X).__module__}.{type(X).__name__}",
)
def test_every_container_of_texts(X):
    assert read_texts(X) == TEXTS


@pytest.mark.parametrize(
    ("X", "error", "message"),
    [
        ("Anna", TypeError, r"single text 'Anna'. .* \[text\]"),
        (b"Anna", TypeError, "single text b'Anna'"),
        ("x" * 100, TypeError, r"single text 'x{37}'\.\.\."),
        (None, TypeError, "of type NoneType"),
        (3, TypeError, "of type int"),
        ({"Anna", "Otto"}, TypeError, "of type set, but texts in an order"),
        ({"Anna": 1}, TypeError, "of type dict"),
        ([], ValueError, "X is empty: 0 texts"),
        (np.array([["Anna"], ["Otto"]]), TypeError, r"shape \(2, 1\).*one column"),
        (np.array("Anna"), TypeError, r"shape \(\)"),
        (pandas.DataFrame({"name": TEXTS}), TypeError, r"shape \(3, 1\).*one column"),
        (polars.DataFrame({"name": TEXTS}), TypeError, r"shape \(3, 1\).*one column"),
        (["Anna", None], TypeError, r"X\[1\] is None of type NoneType.*Leave missing"),
        (pandas.Series(["Anna", None, "Otto"], dtype="string"), TypeError, r"X\[1\] is <NA>"),
        (["Anna", float("nan")], TypeError, r"X\[1\] is nan of type float"),
        ([1, 2], TypeError, r"X\[0\] is 1 of type int.*str\("),
        ([b"Anna"], TypeError, r"X\[0\] is b'Anna' of type bytes.*decode"),
        ([["the", "boy"]], TypeError, r"X\[0\] is \['the', 'boy'\] of type list.* Set level='word'"),
        ([np.array(["the", "boy"])], TypeError, "of type ndarray.* Set level='word'"),
    ],
)
def test_what_is_not_texts_is_named(X, error, message):
    with pytest.raises(error, match=message):
        read_texts(X)


WORDS = [["U.S.", "is", "C++"], ["a"]]


@pytest.mark.parametrize(
    "X",
    [
        WORDS,
        tuple(map(tuple, WORDS)),
        [np.array(words) for words in WORDS],
        [np.array(words, dtype=object) for words in WORDS],
        [np.array(words, dtype=np.dtypes.StringDType()) for words in WORDS],
        [pandas.Series(words, index=range(7, 7 + len(words))) for words in WORDS],
        pandas.Series(WORDS, index=[4, 2]),
        polars.Series(WORDS),
        pyarrow.array(WORDS),
        pyarrow.chunked_array([WORDS[:1], WORDS[1:]]),
        pandas.Series(WORDS, dtype=pandas.ArrowDtype(pyarrow.list_(pyarrow.string()))),
    ],
    ids=lambda X: f"{type(X).__module__}.{type(X).__name__}",
)
def test_every_container_of_words(X):
    read = read_texts(X, "word")
    assert read == WORDS
    assert {type(word) for words in read for word in words} == {str}


def test_texts_and_words_may_stand_side_by_side():
    assert read_texts(["a b", ["a", "b"]], "word") == ["a b", ["a", "b"]]


@pytest.mark.parametrize("dtype", [np.uint8, np.int32, np.int64, object])
def test_ids(dtype):
    assert read_texts([np.array([5, 200], dtype), [7]], "id") == [[5, 200], [7]]
    assert read_texts(np.array([[5, 20], [7, 7]], dtype), "id") == [[5, 20], [7, 7]]
    assert read_texts(polars.Series([[5, 20], [7]]), "id") == [[5, 20], [7]]
    assert read_texts([[2**63 - 1]], "id") == [[2**63 - 1]]


@pytest.mark.parametrize(
    ("X", "level", "error", "message"),
    [
        ([["a", None]], "word", TypeError, r"X\[0\] holds None of type NoneType at step 1.*Leave missing words out"),
        ([["a"], [3]], "word", TypeError, r"X\[1\] holds 3 of type int at step 0.*level='id'"),
        ([["a", ""]], "word", ValueError, r"X\[0\] holds an empty word at step 1"),
        ([["a"], []], "word", ValueError, r"X\[1\] is empty"),
        ([["a"], None], "word", TypeError, r"X\[1\] is None .*a text \(str\) or a list of words"),
        ([[["a"]]], "word", TypeError, r"X\[0\] holds \['a'\] of type list at step 0"),
        (np.array([["a"]]), "word", TypeError, "one column"),
        (["ab"], "id", TypeError, r"X\[0\] is 'ab' of type str, but a 1-D array of integers is needed"),
        ([3, 4], "id", TypeError, r"X\[0\] is 3 of type int"),
        ([[0.5]], "id", TypeError, r"X\[0\] holds 0.5 of type float at step 0"),
        ([[True]], "id", TypeError, "holds True of type bool"),
        ([["a"]], "id", TypeError, "level='word'"),
        ([[3, -1]], "id", ValueError, r"X\[0\] holds the id -1 at step 1.*Cut padding off"),
        ([[2**63]], "id", ValueError, r"below 2\*\*63"),
        (pandas.DataFrame({"id": [1]}), "id", TypeError, "one column"),
    ],
)
def test_what_is_not_words_or_ids_is_named(X, level, error, message):
    with pytest.raises(error, match=message):
        read_texts(X, level)
