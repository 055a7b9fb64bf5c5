"""The site: every public name has its page, an example and a guide that mention it, and every page its place."""

import re
import sys
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
from public_names import MODULES, public_objects

DOCS = Path(__file__).parents[1] / "docs"
EXAMPLES = sorted(DOCS.parent.glob("examples/plot_*.py"))
#: Pages that list names or results, and explain none.
LISTS = {"api.md", "changelog.md", "benchmarks.md", "evidence.md", "published.md", "index.md"}
PAGES = [*DOCS.glob("*.md"), *DOCS.glob("tutorial/*.md")]
GUIDES = [page for page in PAGES if page.name not in LISTS]
#: Types of results and of warnings, which users do not make.
RESULTS = {"skseq.metrics.ContingencyTable", "skseq.metrics.EventReport", "skseq.exceptions.GradientWarning"}


@pytest.fixture
def site(monkeypatch):
    """Return a function that imports a part of the site's own code, none of which needs Sphinx."""
    monkeypatch.syspath_prepend(DOCS)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    return lambda name: import_module(f"_site.{name}")


def mentions(name, pages):
    return any(re.search(rf"\b{name}\b", page.read_text(encoding="utf-8")) for page in pages)


def test_every_public_name_has_a_page(site, tmp_path):
    pages = site("reference").write(tmp_path / "reference", MODULES)
    for dotted, _ in public_objects():
        module, _, name = dotted.rpartition(".")
        assert f"reference/{module}" in pages
        text = (tmp_path / "reference" / f"{module}.rst").read_text()
        assert re.search(rf"^   {name}$", text.partition(":toctree: .")[2], re.MULTILINE), dotted


@pytest.mark.parametrize("dotted", [dotted for dotted, _ in public_objects() if dotted not in RESULTS])
def test_every_public_name_is_in_an_example_and_in_a_guide(dotted):
    name = dotted.rpartition(".")[2]
    assert mentions(name, EXAMPLES), f"no example uses {name}"
    assert mentions(name, GUIDES), f"no guide mentions {name}"


def test_a_forgotten_name_is_noticed():
    assert not mentions("RNNClassifierr", EXAMPLES)
    assert not mentions("RNNClass", GUIDES)


def test_every_page_has_its_place(site):
    contents = site("contents").CONTENTS
    placed = [page for pages in contents.values() for page in pages]
    written = {str(page.relative_to(DOCS).with_suffix("")) for page in PAGES}
    assert len(placed) == len(set(placed))
    assert written - {"index"} == set(placed) - {"auto_examples/index"}


def test_examples_are_copied_into_the_gallery(site, tmp_path):
    gallery = site("gallery")
    gallery.copy(DOCS.parent / "examples", tmp_path / "gallery")
    copies = sorted(tmp_path.glob("gallery/*/plot_*.py"))
    assert sorted(copy.name for copy in copies) == [example.name for example in EXAMPLES]
    assert len(copies) >= 12
    for copy in copies:
        assert copy.read_text().endswith("plt.show()\n")
        assert "Picture:" not in copy.read_text()
        # One picture at the end, whole, and not what there is of it after each section.
        assert copy.read_text().count(gallery.DEFER) == copy.read_text().count("\n# %%\n")
    for _, _, names in gallery.SECTIONS.values():
        assert {f"plot_{name}.py" for name in names} <= {example.name for example in EXAMPLES}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.stem)
def test_titles_of_examples_are_as_long_as_their_lines(example):
    lines = example.read_text().splitlines()
    assert len(lines[1]) == len(lines[3]) >= len(lines[2]), lines[2]
    for above, line in pairwise(lines):
        if re.fullmatch("# -+", line):
            assert len(line) >= len(above), above


def test_examples_that_end_otherwise_are_refused(site, tmp_path):
    odd = tmp_path / "plot_odd.py"
    odd.write_text("figure.savefig('odd.png')\n")
    with pytest.raises(ValueError, match=r"plot_odd.py must end by saving its figure"):
        site("gallery").shown(odd)


def test_names_and_examples_become_links(site):
    pytest.importorskip("sphinx")
    target_of = site("code_links").target_of
    names = {"SMOTE": "skseq.over_sampling.SMOTE"}
    assert target_of("SMOTE", names, {}) == ("py", "obj", "skseq.over_sampling.SMOTE")
    assert target_of("skseq.SMOTE(k_neighbors=3)", names, {})[2] == "skseq.over_sampling.SMOTE"
    assert target_of("make_pipeline(SMOTE())", names, {}) is None
    assert target_of("examples/plot_x.py", names, {"plot_x": "sequences"})[2] == "/auto_examples/sequences/plot_x"
    assert target_of("examples/", names, {}) == ("std", "doc", "/auto_examples/index")
    assert target_of("plot_y.py", names, {"plot_x": "sequences"}) is None
