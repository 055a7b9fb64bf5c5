"""Reading the files that come with the package."""

import csv
import gzip
from importlib.resources import files
from io import TextIOWrapper


def read_columns(file_name):
    """Return the columns of a bundled CSV file as a dict from column name to a tuple of strings."""
    with (
        files("skseq.datasets").joinpath("data", file_name).open("rb") as packed,
        gzip.open(packed) as unpacked,
        TextIOWrapper(unpacked, encoding="ascii", newline="") as text,
    ):
        header, *rows = csv.reader(text)
    return dict(zip(header, zip(*rows)))
