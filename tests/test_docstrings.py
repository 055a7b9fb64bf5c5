"""Docstrings of public names are complete numpydoc."""

import inspect
import re

import pytest
from numpydoc.validate import validate
from public_names import public_methods, public_objects

#: What is not asked for: the style of the first line (GL01, GL03), extended summaries (ES01), "See Also" everywhere
#: (SA01, SA04), descriptions that end in a period or begin with a capital (PR08, PR09, RT03, RT04, RT05), an example
#: for every method (EX01), and a summary as an infinitive or on one line (SS03, SS05, SS06).
IGNORED = {"GL01", "GL02", "GL03", "ES01", "SA01", "SA04", "PR08", "PR09", "RT02", "RT03", "RT04", "RT05", "EX01"}
IGNORED |= {"SS03", "SS05", "SS06", "YD01"}

#: Methods that take X and answer in one line say what they return there; the class tells the forms of X.
SHORT = {"PR01", "PR07", "RT01"}


def problems(name, ignored=IGNORED):
    return [f"{code}: {text}" for code, text in validate(name)["errors"] if code not in ignored]


@pytest.mark.parametrize(("name", "thing"), public_objects(), ids=lambda value: value if isinstance(value, str) else "")
def test_public_name(name, thing):
    assert problems(name) == []
    assert ">>>" in inspect.getdoc(thing), f"{name} has no example"


METHODS = [
    (f"{name}.{method}", function)
    for name, thing in public_objects()
    if inspect.isclass(thing)
    for method, function in public_methods(thing)
]


@pytest.mark.parametrize("name", [name for name, _ in METHODS])
def test_public_method(name):
    assert problems(name, IGNORED | SHORT) == []


@pytest.mark.parametrize(("name", "thing"), public_objects(), ids=lambda value: value if isinstance(value, str) else "")
def test_every_constructor_parameter_is_documented(name, thing):
    documented = inspect.getdoc(thing)
    for parameter in inspect.signature(thing).parameters:
        assert re.search(rf"^\*{{0,2}}{parameter} : ", documented, re.MULTILINE), f"{name}: {parameter}"
