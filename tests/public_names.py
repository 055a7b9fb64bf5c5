"""The public names of skseq, found from its modules' ``__all__``."""

from importlib import import_module

#: Modules whose ``__all__`` is public.
MODULES = (
    "skseq.compose",
    "skseq.datasets",
    "skseq.exceptions",
    "skseq.export",
    "skseq.inspection",
    "skseq.linear_model",
    "skseq.metrics",
    "skseq.model_selection",
    "skseq.neural_network",
    "skseq.over_sampling",
    "skseq.pipeline",
    "skseq.preprocessing",
    "skseq.sequences",
    "skseq.under_sampling",
)


def public_objects():
    """Return a list of (dotted name, object)."""
    return [
        (f"{module}.{name}", getattr(import_module(module), name))
        for module in MODULES
        for name in import_module(module).__all__
    ]


def public_methods(cls):
    """Return the (name, function) pairs of the public methods that ``cls`` itself or a base in skseq defines."""
    found = {}
    for base in reversed(cls.__mro__):
        if base.__module__.startswith("skseq"):
            for name, value in vars(base).items():
                value = getattr(value, "__func__", value)
                if not name.startswith("_") and callable(value):
                    found[name] = value
    return sorted(found.items())
