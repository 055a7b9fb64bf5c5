"""The code in the guides does what they say."""

import doctest
import re
from pathlib import Path

import matplotlib.pyplot as plt
import pytest

DOCS = Path(__file__).parents[1] / "docs"


#: Pages that have code to run, in docs/ and in folders in which pages are written by hand.
PAGES = sorted(
    str(page.relative_to(DOCS))
    for page in [*DOCS.glob("*.md"), *DOCS.glob("tutorial/*.md")]
    if ">>> " in page.read_text(encoding="utf-8")
)


#: Pages that fit networks with the defaults.
LONG = ("from_torch.md", "start.md", "tutorial/composing.md")


@pytest.mark.parametrize("name", PAGES)
def test_code_stands_apart_from_formulas(name):
    """Two indented blocks with nothing but empty lines between them are one block, without colours."""
    blocks = re.findall(r"(?:^(?: {4}.*)?\n)+", (DOCS / name).read_text(encoding="utf-8"), re.MULTILINE)
    mixed = [block for block in blocks if ">>> " in block and not block.lstrip().startswith(">>> ")]
    assert not mixed


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name in LONG)) for name in PAGES])
def test_guide(name):
    if name == "conformal.md":
        pytest.importorskip("crepes")  # of the extra "test"
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    failed, attempted = doctest.testfile(str(DOCS / name), module_relative=False, optionflags=options)
    plt.close("all")
    assert attempted
    assert not failed
