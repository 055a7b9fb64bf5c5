"""The code in the guides does what they say."""

import doctest
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

DOCS = Path(__file__).parents[1] / "docs"


@pytest.mark.parametrize("name", ["rare_classes.md", "user_guide.md"])
def test_guide(name):
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    failed, attempted = doctest.testfile(str(DOCS / name), module_relative=False, optionflags=options)
    plt.close("all")
    assert attempted
    assert not failed
