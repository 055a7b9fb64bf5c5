"""Reference pages for every public name, written from ``__all__`` so that none can be forgotten."""

from importlib import import_module

#: For authors of estimators: in no ``__all__``, and documented all the same.
FOR_AUTHORS = {
    "skseq.estimator_checks": ["check_sequence_estimator", "sequence_checks"],
    "skseq.sequences": ["read_sequences", "Sequences"],
}


def page(module, names):
    """Return the page of one module: what it says of itself, and a table of its names, each with a page."""
    summary = import_module(module).__doc__.strip().splitlines()[0]
    rows = "\n".join(f"   {name}" for name in names)
    return (
        f"{module}\n{'=' * len(module)}\n\n.. module:: {module}\n\n{summary}\n\n.. currentmodule:: {module}\n\n"
        f".. autosummary::\n   :toctree: .\n\n{rows}\n"
    )


def write(folder, modules):
    """Write a page for each module, from which autosummary makes one for each name; return the pages' names."""
    contents = {module: list(import_module(module).__all__) for module in modules}
    for module, names in FOR_AUTHORS.items():
        contents[module] = contents.get(module, []) + names
    folder.mkdir(exist_ok=True)
    for module, names in contents.items():
        file, text = folder / f"{module}.rst", page(module, names)
        if not file.exists() or file.read_text() != text:  # an unchanged file is not read again
            file.write_text(text)
    return [f"{folder.name}/{module}" for module in contents]
