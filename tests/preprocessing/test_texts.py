import numpy as np
import pandas
import polars
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
        ([["the", "boy"]], TypeError, r"of type list.*' '\.join"),
    ],
)
def test_what_is_not_texts_is_named(X, error, message):
    with pytest.raises(error, match=message):
        read_texts(X)
