"""The site: the Markdown pages, a reference made from the public names, and the examples as a gallery.

``make docs`` builds it. Nothing is fetched.
"""

import os
import sys
from pathlib import Path

DOCS = Path(__file__).parent
ROOT = DOCS.parent
sys.path[:0] = [str(DOCS), str(ROOT), str(ROOT / "tests")]
# Examples are executed one at a time, with warnings as a user sees them.
os.environ.setdefault("MPLBACKEND", "Agg")

from _site import code_links, contents, docstrings, gallery, mathml, reference  # noqa: E402
from public_names import MODULES, public_objects  # noqa: E402

import skseq  # noqa: E402

project = "skseq"
author = "The skseq developers"
copyright = author
version = release = skseq.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx_gallery.gen_gallery",
    "sphinx_copybutton",
]
exclude_patterns = ["_build", "_static", "_templates", "sg_execution_times.rst", "**/sg_execution_times.rst"]
templates_path = ["_templates"]
suppress_warnings = [
    "config.cache"
]  # the gallery's settings hold functions, which Sphinx cannot compare between builds

# Markdown pages are read on their own, too: plain links between files, anchors as in Markdown viewers.
myst_heading_anchors = 3

# The reference: what is written about the parameters stands in the docstring of the class.
autosummary_generate = True
autodoc_member_order = "bysource"
numpydoc_show_class_members = False
toc_object_entries_show_parents = "hide"
smartquotes = False  # "gru" is a value
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(numpy|scipy|sklearn|matplotlib|pandas|polars|joblib)\..*")]

sphinx_gallery_conf = {
    "examples_dirs": gallery.copy(ROOT / "examples", DOCS / "_build" / "examples"),
    "gallery_dirs": "auto_examples",
    "filename_pattern": "/plot_",
    "backreferences_dir": "reference/backreferences",
    "doc_module": ("skseq",),
    "reference_url": {"skseq": None},
    "subsection_order": [f"_build/examples/{folder}" for folder in gallery.SECTIONS],
    "within_subsection_order": "_site.gallery.Order",
    "download_all_examples": False,
    "capture_repr": (),
    "show_memory": False,
    "show_signature": False,
    "remove_config_comments": True,
    "abort_on_example_error": True,
    "thumbnail_size": (480, 300),
}

# Examples and pages that show the prompt are copied without it.
copybutton_prompt_text = r">>> |\.\.\. "
copybutton_prompt_is_regexp = True

html_math_renderer = "mathml"
html_theme = "pydata_sphinx_theme"
html_title = "skseq"
html_static_path = ["_static"]
html_sidebars = {page: [] for page in contents.without_sidebar() if page != "api"}
html_css_files = ["skseq.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": "skseq"},
    "navbar_end": ["theme-switcher"],
    "show_toc_level": 2,
    "secondary_sidebar_items": {"**": ["page-toc"], **{page: [] for page in contents.without_toc()}},
    "navigation_with_keys": False,
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def setup(app):
    """Connect what is the site's own."""
    docstrings.connect(app)
    contents.connect(app, reference.write(DOCS / "reference", MODULES))
    mathml.connect(app)
    code_links.connect(app, {name.rpartition(".")[2]: name for name, _ in public_objects()}, ROOT / "examples")
