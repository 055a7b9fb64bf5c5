"""Packages that are used where they are installed, and imported only then."""

from importlib import import_module


def import_optional(name, needed_for, cure):
    """Return the module ``name``.

    Parameters
    ----------
    name : str
        Such as "matplotlib.pyplot".
    needed_for : str
        What asks for it, such as "as_frame=True".
    cure : str
        What to do without it: a sentence.

    Raises
    ------
    ImportError
        If it is not installed, with the cure.
    """
    try:
        return import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise ImportError(f"{needed_for} needs {package}, which is not installed. {cure}") from error


def import_pandas(needed_for, otherwise):
    """Return pandas, or raise an ImportError that says to install it or to pass ``otherwise``."""
    return import_optional("pandas", needed_for, f"Run 'pip install pandas', or pass {otherwise}.")


def import_pyplot(needed_for):
    """Return matplotlib.pyplot, or raise an ImportError that names the extra to install."""
    return import_optional("matplotlib.pyplot", needed_for, "Run 'pip install \"skseq[plot]\"'.")
