"""Layers put together. Nothing here knows of scikit-learn."""

from ._recurrent import RecurrentNetwork

__all__ = ["RecurrentNetwork"]
