"""Data sets to try things on: three that come with the package, and generators of known difficulty."""

from ._adding_problem import make_adding_problem
from ._copy_memory import make_copy_memory
from ._elman_sentences import elman_grammar_entropy, make_elman_sentences
from ._first_names import load_first_names
from ._japanese_vowels import load_japanese_vowels
from ._splice_junctions import load_splice_junctions
from ._temporal_order import make_temporal_order

__all__ = [
    "elman_grammar_entropy",
    "load_first_names",
    "load_japanese_vowels",
    "load_splice_junctions",
    "make_adding_problem",
    "make_copy_memory",
    "make_elman_sentences",
    "make_temporal_order",
]
