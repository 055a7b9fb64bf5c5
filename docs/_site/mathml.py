"""Formulas as MathML, which browsers draw themselves: no script has to be fetched."""

from docutils import nodes
from docutils.utils.math import latex2mathml


def to_mathml(latex, display):
    """Return a formula as an HTML element."""
    root = latex2mathml.math(display=display)
    latex2mathml.parse_latex_math(root, latex)
    return root.toxml()


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
