"""Code on the pages: public names and examples become links, and examples with a prompt are coloured as Python."""

import re

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.transforms import SphinxTransform
from sphinx.transforms.post_transforms import SphinxPostTransform

from . import gallery


def target_of(text, names, examples):
    """Return (domain, type, target) of a piece of code, or None."""
    call = re.fullmatch(r"(?:skseq\.)?(\w+)(?:\(.*\))?", text, re.DOTALL)
    if call and call[1] in names:
        return "py", "obj", names[call[1]]
    if text == "examples/":
        return "std", "doc", "/auto_examples/index"
    script = re.fullmatch(r"(?:examples/)?(plot_\w+)\.py", text)
    if script and script[1] in examples:
        return "std", "doc", f"/auto_examples/{examples[script[1]]}/{script[1]}"
    return None


def connect(app, names, folder):
    """Add the links. ``names`` maps public names to dotted ones; ``folder`` has the examples."""
    examples = {path.stem: gallery.section_of(path) for path in folder.glob("plot_*.py")}

    class CodeLinks(SphinxPostTransform):
        default_priority = 5  # before references are resolved

        def run(self, **kwargs):
            for literal in list(self.document.findall(nodes.literal)):
                inside = literal.parent
                while inside is not None and not isinstance(inside, (nodes.title, nodes.reference, pending_xref)):
                    inside = inside.parent
                found = target_of(literal.astext(), names, examples)
                if inside is not None or found is None or literal.get("classes"):
                    continue
                domain, kind, target = found
                link = pending_xref(
                    "", refdomain=domain, reftype=kind, reftarget=target, refexplicit=True, refwarn=True
                )
                link["refdoc"] = self.env.docname
                literal.replace_self(link)
                link += literal

    class Prompts(SphinxTransform):
        default_priority = 200  # before the language is settled

        def apply(self, **kwargs):
            for block in self.document.findall(nodes.literal_block):
                block["language"] = "pycon" if block.astext().startswith(">>>") else block.get("language", "none")

    app.add_transform(Prompts)
    app.add_post_transform(CodeLinks)
