"""Docstrings of public names are proper reStructuredText, so that the reference builds without warnings."""

import inspect
import sys
from pathlib import Path

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.parsers.rst import Directive, directives, roles
from public_names import public_methods, public_objects

#: Roles and directives of Sphinx that docstrings may use.
ROLES = ["attr", "class", "data", "exc", "func", "meth", "mod", "obj", "ref"]


class SeeAlso(Directive):
    """A stand-in for that of Sphinx."""

    has_content = True

    def run(self):
        block = nodes.container()
        self.state.nested_parse(self.content, self.content_offset, block)
        return [block]


@pytest.fixture(scope="module")
def complaints():
    """Return a function that gives what docutils complains about in a docstring, as numpydoc rewrites it."""
    patch = pytest.MonkeyPatch()
    patch.syspath_prepend(Path(__file__).parents[1] / "docs")
    patch.setattr(sys, "dont_write_bytecode", True)
    patch.setattr(roles, "_roles", {**roles._roles, **dict.fromkeys(ROLES, roles.code_role)})
    patch.setattr(directives, "_directives", {**directives._directives, "seealso": SeeAlso, "only": SeeAlso})
    from _site.docstrings import escape
    from numpydoc.docscrape_sphinx import get_doc_object

    def find(thing):
        lines = str(get_doc_object(thing, config={"show_class_members": False})).splitlines()
        escape(None, "", "", thing, None, lines)
        settings = {"report_level": 5, "halt_level": 6, "_disable_config": True}
        tree = publish_doctree("\n".join(lines), settings_overrides=settings)
        messages = [*tree.parse_messages, *tree.transform_messages, *tree.findall(nodes.system_message)]
        return [message.astext() for message in messages if message["level"] >= 2]

    yield find
    patch.undo()


THINGS = public_objects() + [
    (f"{name}.{method}", function)
    for name, thing in public_objects()
    if inspect.isclass(thing)
    for method, function in public_methods(thing)
]


@pytest.mark.parametrize(("name", "thing"), THINGS, ids=[name for name, _ in THINGS])
def test_docstring(complaints, name, thing):
    assert complaints(thing) == []


def test_faults_are_found(complaints):
    def function():
        """Do nothing.

        Returns
        -------
        length : int
            Of |y|, or of n_features_in_, as the case may be.
        """

    assert len(complaints(function)) == 2
