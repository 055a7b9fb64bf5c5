"""The order of the pages.

Pages are Markdown files that are read on their own, too, where a table of contents in Sphinx's syntax would be noise.
So it stands here and is appended to a page when Sphinx reads it.
"""

from .gallery import SECTIONS

#: Page: the pages under it. The first five of the index stand in the bar at the top, the others in its menu.
CONTENTS = {
    "index": [
        "start",
        "tutorial/index",
        "user_guide",
        "auto_examples/index",
        "api",
        "faq",
        "benchmarks",
        "engine",
        "evidence",
        "published",
        "defaults",
        "changelog",
    ],
    "tutorial/index": [
        "tutorial/sequences",
        "tutorial/rnn_by_hand",
        "tutorial/backpropagation",
        "tutorial/three_tricks",
        "tutorial/gates",
        "tutorial/attention",
        "tutorial/accuracy_trap",
        "tutorial/class_weights",
        "tutorial/smote",
        "tutorial/composing",
    ],
    "user_guide": [
        "shapes",
        "which_tool",
        "rare_classes",
        "costs",
        "conformal",
        "scaling",
        "serving",
        "from_imbalanced_learn",
        "from_torch",
        "from_keras",
        "from_aeon",
    ],
}


def append(app, page, source):
    """Append the contents of a page to its source."""
    if CONTENTS.get(page):
        source[0] += "\n```{toctree}\n:hidden:\n\n" + "\n".join(f"/{name}" for name in CONTENTS[page]) + "\n```\n"


def without_sidebar():
    """Return the pages that have none beside them under their entry in the bar, for which a sidebar would be empty."""
    return [page for page in CONTENTS["index"] if not CONTENTS.get(page) and not page.endswith("/index")]


def without_toc():
    """Return the pages that have no list of their sections beside them: code has the room."""
    examples = [f"auto_examples/{folder}/plot_{name}" for folder, (_, _, names) in SECTIONS.items() for name in names]
    return ["index", *CONTENTS["tutorial/index"], *examples]


def connect(app, reference):
    """Have Sphinx call :func:`append`; the API page has the pages of ``reference`` under it."""
    CONTENTS["api"] = reference
    app.add_config_value("site_contents", CONTENTS, "env")  # pages are read again when it changes
    app.connect("source-read", append)
