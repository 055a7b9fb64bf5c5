"""Layers put together. Nothing here knows of scikit-learn."""

from ._recurrent import RecurrentNetwork
from ._transformer import TransformerNetwork

__all__ = ["RecurrentNetwork", "TransformerNetwork"]
