"""Formulas as MathML, which browsers draw themselves: no script has to be fetched."""

import re

from docutils import nodes
from docutils.utils.math import latex2mathml

#: docutils puts the index of a letter with an accent below it, as if it were a limit.
ACCENT_AND_INDEX = re.compile(r'<munderover>(<mi>\w+</mi>)(<m\w+>.*?</m\w+>)(<mo stretchy="false">.</mo>)</munderover>')


def to_mathml(latex, display):
    """Return a formula as an HTML element."""
    root = latex2mathml.math(display=display)
    latex2mathml.parse_latex_math(root, latex)
    return ACCENT_AND_INDEX.sub(r"<msub><mover>\1\3</mover>\2</msub>", root.toxml())


def visit_inline(translator, node):
    """Write a formula in a line."""
    translator.body.append(to_mathml(node.astext(), "inline"))
    raise nodes.SkipNode


def visit_block(translator, node):
    """Write a formula that stands alone."""
    translator.body.append(f'<div class="math">{to_mathml(node.astext(), "block")}</div>')
    raise nodes.SkipNode


def connect(app):
    """Add the renderer "mathml"."""
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
