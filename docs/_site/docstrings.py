"""Docstrings of classes as they are written."""

import re
from inspect import isclass

from numpydoc.docscrape_sphinx import SphinxDocString


def skip_member(app, what, name, thing, skip, options):
    """Leave out what scikit-learn documents, and properties, which the docstring of the class lists."""
    if isinstance(thing, property) or (name.startswith("set_") and name.endswith("_request")):
        return True
    home = getattr(getattr(thing, "__func__", thing), "__module__", None)
    return skip or (callable(thing) and not isclass(thing) and not str(home).startswith("skseq"))


def escape(app, what, name, thing, options, lines):
    """Keep names such as n_features_in_ in the type of a parameter from being read as links.

    And the initial of an author, at the beginning of a reference, from being read as the letter of a list.
    """
    for row, line in enumerate(lines):
        lines[row] = line = re.sub(r"^(\s*\.\. \[\w+-?\d*\] \w)\. ", r"\1\\. ", line)
        if re.match(r"\s+(\*\*|:obj:).+ : ", line):
            lines[row] = re.sub(r"(?<=\w)_(?=[ ,)])", r"\\_", line)


def connect(app):
    """Connect both to what numpydoc has made of a docstring."""
    # numpydoc would replace what the class says of an attribute by the first line of the property behind it.
    process = SphinxDocString._process_param
    SphinxDocString._process_param = lambda self, name, text, as_property: process(self, name, text, False)
    app.connect("autodoc-skip-member", skip_member)
    app.connect("autodoc-process-docstring", escape, priority=900)
