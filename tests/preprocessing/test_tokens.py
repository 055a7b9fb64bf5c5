import pytest

from skseq.preprocessing._tokens import UNKNOWN, Kmers, Words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The boy sees, the dog hears.", ["The", "boy", "sees", ",", "the", "dog", "hears", "."]),
        ("state-of-the-art -- don't 'tis", ["state-of-the-art", "-", "-", "don't", "'", "tis"]),
        ("don\u2019t 3.14 snake_case", ["don\u2019t", "3", ".", "14", "snake_case"]),
        ("cafe\u0301 नमस्ते שָׁלוֹם", ["cafe\u0301", "नमस्ते", "שָׁלוֹם"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        (" \t\n", []),
        ("", []),
    ],
)
def test_words(text, words):
    assert Words().split(text) == words


@pytest.mark.parametrize(
    ("k", "text", "pieces"),
    [
        (1, "abc", ["a", "b", "c"]),
        (3, "ACGTA", ["ACG", "CGT", "GTA"]),
        (3, "ACG", ["ACG"]),
        (3, "AC", ["AC"]),
        (3, "", []),
        (1, "", []),
    ],
)
def test_kmers_split_and_join(k, text, pieces):
    assert Kmers(k).split(text) == pieces
    if pieces:
        assert Kmers(k).join(pieces) == text


@pytest.mark.parametrize(
    ("k", "pieces", "text"),
    [
        (1, ["a", UNKNOWN, "c"], f"a{UNKNOWN}c"),
        (3, [UNKNOWN], UNKNOWN * 3),
        (3, ["ACG", UNKNOWN, "GTA"], "ACGTA"),
        (3, ["ACG", UNKNOWN, UNKNOWN, UNKNOWN, "TTT"], f"ACG{UNKNOWN}TTT"),
        (3, ["ACG", UNKNOWN, UNKNOWN, "TTT"], "ACGTTT"),
        (3, [UNKNOWN, "CGT", UNKNOWN], f"{UNKNOWN}CGT{UNKNOWN}"),
    ],
)
def test_kmers_join_around_unknown_ones(k, pieces, text):
    assert Kmers(k).join(pieces) == text


@pytest.mark.parametrize("pieces", [["ACG", "GTA"], ["ACG", UNKNOWN, "TTT"], ["ACG", "CG"], ["AC", "CGT"]])
def test_kmers_that_do_not_overlap_are_refused(pieces):
    with pytest.raises(ValueError, match=r"at step \d does not continue"):
        Kmers(3).join(pieces)
