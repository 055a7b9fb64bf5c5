"""Texts split into tokens and put together again."""

import re
import sys
import unicodedata
from functools import cache

import numpy as np

#: The token that stands for every unknown one: the replacement character of Unicode, which means just that. No word
#: and no k-mer of two letters or more can be equal to it.
UNKNOWN = "\ufffd"


class Kmers:
    """Overlapping pieces of ``k`` characters; with ``k=1`` the characters.

    A text of fewer than ``k`` characters is one token, the text itself.
    """

    reads, unknown = "text", UNKNOWN

    def __init__(self, k):
        self.k = k

    def split(self, text):
        """Return the pieces of ``text`` that begin at each character, in order."""
        return [text[i : i + self.k] for i in range(max(len(text) - self.k, 0) + 1)] if text else []

    def join(self, tokens):
        """Return the text whose pieces are ``tokens``; what only unknown pieces cover stays unknown."""
        if len(tokens) == 1 and tokens[0] != UNKNOWN:
            return tokens[0]
        characters = [UNKNOWN] * (len(tokens) + self.k - 1)
        covered = 0  # characters before this place are set by a piece
        for start, token in enumerate(tokens):
            if token == UNKNOWN:
                continue
            overlap = max(covered - start, 0)
            if len(token) != self.k or "".join(characters[start:covered]) != token[:overlap]:
                raise ValueError(f"the {self.k}-mer {token!r} at step {start} does not continue the text before it")
            characters[start : start + self.k] = token
            covered = start + self.k
        return "".join(characters)


class Words:
    """Words and punctuation marks."""

    reads, unknown = "word", UNKNOWN

    def split(self, text):
        """Return the words of ``text`` in order."""
        return word_pattern().findall(text)

    def join(self, tokens):
        """Return the words with blanks between them."""
        return " ".join(tokens)


class Ids:
    """Integers, none of them negative."""

    reads, unknown = "id", -1

    def join(self, tokens):
        """Return an array of the ids."""
        return np.array(tokens, dtype=np.int64)


@cache
def word_pattern():
    r"""Return the pattern of a word; every other visible character is a token of its own.

    The ``\w`` of Python leaves out combining marks, and so would cut words of Hindi, Thai or pointed Hebrew, and Latin
    letters with separate accents. They and the two joiners of Persian and Indic scripts are added.
    """
    marks = (c for c in map(chr, range(0x300, sys.maxunicode + 1)) if unicodedata.category(c)[0] == "M")
    letter = rf"[\w\u200c\u200d{''.join(marks)}]"
    return re.compile(rf"{letter}+(?:['\u2019-]{letter}+)*|\S")
