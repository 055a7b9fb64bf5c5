"""The examples, copied into sections for the gallery."""

import re
from shutil import rmtree

#: Folder: title, introduction, and the examples in it, in the order of the gallery. Examples that are not named here
#: stand at the end of the first section.
SECTIONS = {
    "sequences": (
        "Sequences",
        "Networks for speech, texts, pictures and numbers, and a look inside.",
        [
            "shapes",
            "long_table",
            "padded_arrays",
            "uneven_times",
            "digits",
            "long_gaps",
            "gradient_flow",
            "attention",
            "adding_problem",
            "tokens",
            "step_importance",
            "who_speaks",
            "next_word",
            "spelled_digits",
            "dates",
            "spelling_to_sound",
            "serving",
        ],
    ),
    "rare_classes": (
        "Rare classes",
        "Weights, synthetic rows and costs: what each does to decisions and to probabilities.",
        [
            "rare_speaker",
            "fraud",
            "faults",
            "grid_search",
            "base_rate",
            "samplers",
            "smote_children",
            "mixed_columns",
            "lineage",
        ],
    ),
}
ORDER = [f"plot_{name}.py" for _, _, names in SECTIONS.values() for name in names]

#: How every example ends. On the site the picture stands on the page, and no path of the machine that built it.
SAVED = re.compile(r"(\w+) = Path.*\nfigure\.savefig\(\1, .*\)\nprint\(.*Picture: \{\1\}.*\)\n$")


#: A new section of an example. A figure may be drawn over several; without the line, Sphinx-Gallery would show and
#: close what there is of it after the first.
SECTION = re.compile(r"\n+# %%\n")
DEFER = "# sphinx_gallery_defer_figures"


class Order:
    """Sort key of the examples of a section."""

    def __init__(self, folder):
        pass

    def __repr__(self):
        return "<Order>"

    def __call__(self, filename):
        """Return the place of an example."""
        return (ORDER.index(filename) if filename in ORDER else len(ORDER), filename)


def section_of(example):
    """Return the folder in which the gallery has an example."""
    named = [folder for folder, (_, _, names) in SECTIONS.items() if example.stem.removeprefix("plot_") in names]
    return (named or list(SECTIONS))[0]


def shown(example):
    """Return the text of an example that shows its picture where the script saves it."""
    text, saved = SAVED.subn("plt.show()\n", example.read_text())
    if not saved:
        raise ValueError(f"{example.name} must end by saving its figure and printing the path, as the others do")
    if not re.search(r"\bPath[(.]", text):
        text = text.replace("from pathlib import Path\n", "")
    return SECTION.sub(f"\n{DEFER}\n\n# %%\n", text)


def copy(source, target):
    """Copy the examples of ``source`` into sections in ``target``, and return it."""
    rmtree(target, ignore_errors=True)
    for folder, (title, introduction, _) in SECTIONS.items():
        (target / folder).mkdir(parents=True)
        (target / folder / "GALLERY_HEADER.rst").write_text(f"{title}\n{'-' * len(title)}\n\n{introduction}\n")
    (target / "GALLERY_HEADER.rst").write_text(
        "Examples\n========\n\nEach is a script that runs in less than a minute and ends in a picture.\n"
    )
    for example in sorted(source.glob("plot_*.py")):
        (target / section_of(example) / example.name).write_text(shown(example))
    return str(target)
