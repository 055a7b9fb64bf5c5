"""Warnings that point at the user's line, however many calls of pipelines and searches lie between."""

import os
import sys
import warnings

import joblib
import sklearn

#: Files in these folders are passed over.
_LIBRARIES = tuple(
    os.path.dirname(os.path.abspath(file)) + os.sep for file in (__file__, sklearn.__file__, joblib.__file__)
)


def warn_user(message, category=UserWarning):
    """Issue a warning at the innermost line outside of skseq, scikit-learn and joblib.

    Where there is no such line, as in a worker process, it points at the outermost one.

    Parameters
    ----------
    message : str
    category : type of Warning, default=UserWarning
    """
    frame, level = sys._getframe(1), 2
    while frame.f_back is not None and os.path.abspath(frame.f_code.co_filename).startswith(_LIBRARIES):
        frame, level = frame.f_back, level + 1
    warnings.warn(message, category, stacklevel=level)
